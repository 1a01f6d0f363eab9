// Products that stand beside the recurrence: packing of weights, and the gradients of weights.

#include <algorithm>
#include <vector>

#include "gemm.h"

using namespace limner;

extern "C" int64_t panel_width() { return NR; }

extern "C" void pack_weights(float* to, int64_t depth, int64_t n, const float* from, int64_t row, int64_t column) {
    pack_panels(to, depth, n, from, row, column);
}

// C (m x n, row stride ldc) += the sum of a[k] b[k]^T over the given rows k of a (lda) and b (ldb); n counts
// whole panels. Runs on one core: several take a share of the columns each.
extern "C" void add_outer_products(const float* a, int64_t lda, int64_t m, const float* b, int64_t ldb, int64_t n,
                                   float* c, int64_t ldc, const int64_t* rows, int64_t count) {
    const Blocks blocks(m);
    std::vector<float> left(DEPTH * m), right(DEPTH * NR);
    for (int64_t begin = 0; begin < count; begin += DEPTH) {
        const int64_t depth = std::min(DEPTH, count - begin);
        float* to = left.data();
        for (int64_t block = 0; block < blocks.count; ++block)
            for (int64_t k = 0; k < depth; ++k)
                to = std::copy_n(a + rows[begin + k] * lda + blocks.first(block), blocks.rows(block), to);
        for (int64_t p = 0; p < n; p += NR) {
            for (int64_t k = 0; k < depth; ++k)
                std::copy_n(b + rows[begin + k] * ldb + p, int64_t{NR}, &right[k * NR]);
            for (int64_t block = 0; block < blocks.count; ++block) {
                const int64_t first = blocks.first(block);
                TILES[blocks.rows(block)](depth, &left[first * depth], right.data(), c + first * ldc + p, ldc, true);
            }
        }
    }
}
