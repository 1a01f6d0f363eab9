// Vectors of floats, as wide as the machine's, and the functions that recurrent cells need of them.

#pragma once
#include <cstdint>

namespace limner {

#if defined(__AVX512F__)
constexpr int W = 16;  // floats in a vector
#elif defined(__AVX__)
constexpr int W = 8;
#else
constexpr int W = 4;
#endif

typedef float vec __attribute__((vector_size(4 * W)));
typedef int32_t ivec __attribute__((vector_size(4 * W)));
typedef float loose_vec __attribute__((vector_size(4 * W), aligned(4), may_alias));

inline vec load(const float* at) { return *reinterpret_cast<const loose_vec*>(at); }
inline void store(float* at, vec v) { *reinterpret_cast<loose_vec*>(at) = v; }
inline vec splat(float s) { return s - vec{}; }

inline float sum(vec v) {
    float total = 0;
    for (int k = 0; k < W; ++k) total += v[k];
    return total;
}

// exp by its Taylor series on [-ln 2 / 2, ln 2 / 2], scaled by a power of two; off by less than 3e-7 of its value.
inline vec exp(vec x) {
    const vec low = splat(-87.0f), high = splat(88.0f), shift = splat(12582912.0f);  // 1.5 * 2^23 rounds
    x = x < low ? low : x;
    x = x > high ? high : x;
    const vec shifted = x * 1.44269504f + shift;
    const vec n = shifted - shift;
    const vec r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
    vec p = splat(1.0f / 5040);
    p = p * r + 1.0f / 720;
    p = p * r + 1.0f / 120;
    p = p * r + 1.0f / 24;
    p = p * r + 1.0f / 6;
    p = p * r + 0.5f;
    p = p * r + 1.0f;
    p = p * r + 1.0f;
    const ivec power = (reinterpret_cast<ivec>(shifted) - 0x4B400000 + 127) << 23;
    return p * reinterpret_cast<vec>(power);
}

inline vec sigmoid(vec x) { return 1.0f / (1.0f + exp(-x)); }
inline vec tanh(vec x) { return 2.0f * sigmoid(2.0f * x) - 1.0f; }

}  // namespace limner
