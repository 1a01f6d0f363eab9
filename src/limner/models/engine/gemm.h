// Matrix products on one core, for operands that are packed once and used at every point of a sequence.
//
// The left operand is cut into blocks of up to MR rows, the right one into panels of NR columns; one tile of
// MR x NR sums stays in registers while it runs along the inner dimension.

#pragma once
#include <cstdint>
#include <vector>

#include "vector.h"

namespace limner {

constexpr int NR = 2 * W;
#if defined(__AVX512F__)
constexpr int MR = 14;  // 28 of 32 registers hold sums
#elif defined(__aarch64__)
constexpr int MR = 12;
#else
constexpr int MR = 6;
#endif
constexpr int64_t DEPTH = 256;  // points that a weight gradient takes at a time

// How m rows are shared out among blocks of nearly equal height.
struct Blocks {
    int64_t count, height, taller;
    explicit Blocks(int64_t m) : count((m + MR - 1) / MR), height(count ? m / count : 0), taller(count ? m % count : 0) {}
    int64_t rows(int64_t b) const { return height + (b < taller); }
    int64_t first(int64_t b) const { return b * height + (b < taller ? b : taller); }
};

// C (R x NR) = or += a (depth x R) transposed times b (depth x NR).
template <int R>
void tile(int64_t depth, const float* a, const float* b, float* c, int64_t stride, bool add) {
    vec sums[R][2];
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) {
        sums[r][0] = add ? load(c + r * stride) : vec{};
        sums[r][1] = add ? load(c + r * stride + W) : vec{};
    }
    for (int64_t k = 0; k < depth; ++k, a += R, b += NR) {
        const vec left = load(b), right = load(b + W);
#pragma GCC unroll 16
        for (int r = 0; r < R; ++r) {
            const vec factor = splat(a[r]);
            sums[r][0] += factor * left;
            sums[r][1] += factor * right;
        }
    }
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) {
        store(c + r * stride, sums[r][0]);
        store(c + r * stride + W, sums[r][1]);
    }
}

using Tile = void (*)(int64_t, const float*, const float*, float*, int64_t, bool);
constexpr Tile TILES[] = {
    nullptr,  tile<1>,  tile<2>,  tile<3>,  tile<4>,  tile<5>,  tile<6>,  tile<7>,
    tile<8>,  tile<9>,  tile<10>, tile<11>, tile<12>, tile<13>, tile<14>,
};

// Packs columns of m scattered rows behind the first `column` columns of a left operand of `depth` columns.
inline void pack_rows(float* to, int64_t m, int64_t depth, int64_t column, int64_t width, const float* from,
                      int64_t stride, const int64_t* rows) {
    const Blocks blocks(m);
    for (int64_t b = 0; b < blocks.count; ++b) {
        const int64_t height = blocks.rows(b), first = blocks.first(b);
        float* block = to + first * depth + column * height;
        for (int64_t r = 0; r < height; ++r) {
            const float* row = from + (rows ? rows[first + r] : first + r) * stride;
            for (int64_t k = 0; k < width; ++k) block[k * height + r] = row[k];
        }
    }
}

// Packs a right operand (depth x n) with the given strides into panels; missing columns are zeros.
inline void pack_panels(float* to, int64_t depth, int64_t n, const float* from, int64_t row, int64_t column) {
    for (int64_t p = 0; p < n; p += NR)
        for (int64_t k = 0; k < depth; ++k)
            for (int64_t j = 0; j < NR; ++j) *to++ = p + j < n ? from[k * row + (p + j) * column] : 0.0f;
}

// A left operand: packed rows of `total` columns, of which a product takes `depth` from `column` on.
struct Left {
    const float* packed;
    int64_t total, column, depth;
};

// C (m x n) = or += packed rows times packed panels; C has room for whole panels.
inline void multiply(int64_t m, const Left& a, const float* panels, int64_t n, float* c, int64_t stride, bool add) {
    const Blocks blocks(m);
    for (int64_t p = 0; p < n; p += NR, panels += a.depth * NR)
        for (int64_t b = 0; b < blocks.count; ++b) {
            const int64_t first = blocks.first(b), height = blocks.rows(b);
            const float* block = a.packed + first * a.total + a.column * height;
            TILES[height](a.depth, block, panels, c + first * stride + p, stride, add);
        }
}

}  // namespace limner
