// One point of an LSTM, with or without layer normalisation, for one drawing; forwards and backwards.
//
// Gates stand in the order i, j, f, o, each `size` wide. What forwards leaves in `gates` is what backwards
// reads there: the activations of a plain cell, the normalised sums of a normalised one. Backwards puts the
// gradient of the sums in their place.

#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>

#include "vector.h"

namespace limner {

constexpr float FORGET_BIAS = 1.0f, EPSILON = 1e-3f;

// Scale and shift of four gates and of c; all null in a plain cell.
struct Norm {
    const float *gamma, *beta, *gamma_c, *beta_c;
};

// Gradients of the same, added to.
struct NormGradient {
    float *gamma, *beta, *gamma_c, *beta_c;
};

// Dropout of the candidate: which units are kept, and what they are multiplied by.
inline vec keep_factors(const uint8_t* keep, float scale) {
    typedef uint8_t flags __attribute__((vector_size(W)));
    flags kept;
    std::memcpy(&kept, keep, W);
    return __builtin_convertvector(kept, vec) * scale;
}

struct Moments {
    float mean, scale;  // scale = 1 / sqrt(variance + epsilon)
};

inline Moments moments(const float* x, int64_t size) {
    vec total{}, squares{};
    for (int64_t k = 0; k < size; k += W) total += load(x + k);
    const float mean = sum(total) / size;
    for (int64_t k = 0; k < size; k += W) {
        const vec d = load(x + k) - mean;
        squares += d * d;
    }
    return {mean, 1.0f / std::sqrt(sum(squares) / size + EPSILON)};
}

// Turns the gradient of normalised values into that of the values: scale (g - mean(g) - x mean(g x)).
inline void through_norm(float* g, const float* x, int64_t size, float scale) {
    vec total{}, along{};
    for (int64_t k = 0; k < size; k += W) {
        total += load(g + k);
        along += load(g + k) * load(x + k);
    }
    const float mean = sum(total) / size, slope = sum(along) / size;
    for (int64_t k = 0; k < size; k += W)
        store(g + k, scale * (load(g + k) - mean - load(x + k) * slope));
}

inline vec gate(const float* gates, const Norm& norm, int64_t k) {
    return norm.gamma ? load(gates + k) * load(norm.gamma + k) + load(norm.beta + k) : load(gates + k);
}

// sums (4 size) -> gates (4 size), c, h; `scales` (4) keeps the gates' scales of a normalised cell.
inline void cell_forward(int64_t size, const float* sums, const Norm& norm, const uint8_t* keep, float keep_scale,
                         const float* c_before, float* gates, float* scales, float* c, float* h) {
    if (norm.gamma)
        for (int g = 0; g < 4; ++g) {
            const Moments m = moments(sums + g * size, size);
            scales[g] = m.scale;
            for (int64_t k = g * size; k < (g + 1) * size; k += W)
                store(gates + k, (load(sums + k) - m.mean) * m.scale);
        }
    const float* from = norm.gamma ? gates : sums;
    for (int64_t k = 0; k < size; k += W) {
        const vec i = sigmoid(gate(from, norm, k));
        const vec j = tanh(gate(from, norm, k + size));
        const vec f = sigmoid(gate(from, norm, k + 2 * size) + FORGET_BIAS);
        const vec o = sigmoid(gate(from, norm, k + 3 * size));
        const vec kept = keep ? j * keep_factors(keep + k, keep_scale) : j;
        const vec now = load(c_before + k) * f + i * kept;
        store(c + k, now);
        store(h + k, norm.gamma ? o : tanh(now) * o);  // a normalised cell waits for the moments of c
        if (norm.gamma) continue;
        store(gates + k, i);
        store(gates + k + size, j);
        store(gates + k + 2 * size, f);
        store(gates + k + 3 * size, o);
    }
    if (!norm.gamma) return;
    const Moments m = moments(c, size);
    for (int64_t k = 0; k < size; k += W) {
        const vec normal = (load(c + k) - m.mean) * m.scale;
        store(h + k, load(h + k) * tanh(normal * load(norm.gamma_c + k) + load(norm.beta_c + k)));
    }
}

// dh (read), dc (read, becomes that of the point before), gates (become the gradients of the sums).
// `room` holds 6 size floats.
inline void cell_backward(int64_t size, const float* dh, float* dc, const Norm& norm, const NormGradient& grad,
                          const uint8_t* keep, float keep_scale, const float* c_before, const float* c, float* gates,
                          const float* scales, float* room) {
    float *normal = room, *through = room + size, *grads = room + 2 * size;
    const Moments m = norm.gamma ? moments(c, size) : Moments{0, 1};
    if (norm.gamma) {
        for (int64_t k = 0; k < size; k += W) {
            const vec x = (load(c + k) - m.mean) * m.scale;
            const vec u = tanh(x * load(norm.gamma_c + k) + load(norm.beta_c + k));
            const vec o = sigmoid(gate(gates, norm, k + 3 * size));
            const vec du = load(dh + k) * o * (1.0f - u * u);
            store(normal + k, x);
            store(through + k, du * load(norm.gamma_c + k));
            store(grads + k + 3 * size, load(dh + k) * u * o * (1.0f - o));
            store(grad.gamma_c + k, load(grad.gamma_c + k) + du * x);
            store(grad.beta_c + k, load(grad.beta_c + k) + du);
        }
        through_norm(through, normal, size, m.scale);
    }
    for (int64_t k = 0; k < size; k += W) {
        vec i = load(gates + k), j = load(gates + k + size), f = load(gates + k + 2 * size), o = load(gates + k + 3 * size);
        vec d = load(dc + k);
        if (norm.gamma) {
            i = sigmoid(gate(gates, norm, k));
            j = tanh(gate(gates, norm, k + size));
            f = sigmoid(gate(gates, norm, k + 2 * size) + FORGET_BIAS);
            d += load(through + k);
        } else {
            const vec u = tanh(load(c + k));
            d += load(dh + k) * o * (1.0f - u * u);
            store(grads + k + 3 * size, load(dh + k) * u * o * (1.0f - o));
        }
        const vec factor = keep ? keep_factors(keep + k, keep_scale) : splat(1.0f);
        store(grads + k, d * j * factor * i * (1.0f - i));
        store(grads + k + size, d * i * factor * (1.0f - j * j));
        store(grads + k + 2 * size, d * load(c_before + k) * f * (1.0f - f));
        store(dc + k, d * f);
    }
    if (norm.gamma)
        for (int g = 0; g < 4; ++g) {
            for (int64_t k = g * size; k < (g + 1) * size; k += W) {
                const vec d = load(grads + k), x = load(gates + k);
                store(grad.gamma + k, load(grad.gamma + k) + d * x);
                store(grad.beta + k, load(grad.beta + k) + d);
                store(grads + k, d * load(norm.gamma + k));
            }
            through_norm(grads + g * size, gates + g * size, size, scales[g]);
        }
    for (int64_t k = 0; k < 4 * size; k += W) store(gates + k, load(grads + k));
}

// How many of n drawings, the longest first, have a point at t.
inline int64_t going_on(const int64_t* lengths, int64_t n, int64_t t) {
    while (n && lengths[n - 1] <= t) --n;
    return n;
}

inline void add_to(float* total, const float* part, int64_t size) {
    for (int64_t k = 0; k < size; k += W) store(total + k, load(total + k) + load(part + k));
}

}  // namespace limner
