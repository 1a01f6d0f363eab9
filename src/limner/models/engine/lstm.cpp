// A whole sequence through an LSTM or layer-normalised LSTM, for some of a batch's drawings, on one core.
//
// Arrays are time-major: (T, B, ...). The drawings come sorted, the longest first, so that those still going
// on are always the first ones; what lies behind a drawing's end is neither computed nor written.

#include <cstring>
#include <vector>

#include "cell.h"
#include "gemm.h"

using namespace limner;

struct Lstm {
    int64_t batch, inputs, size;   // B, X, H
    const float* x;                // (T, B, X)
    const float* constant;         // (B, 4 H), added to the sums at every point
    const float* panels;           // forwards: packed [w_xh; w_hh]; backwards: packed w_hh transposed
    const uint8_t* keep;           // (T, B, H) or null
    float keep_scale;
    Norm norm;
    float *h, *c;                  // (T + 1, B, H), the state before the first point first
    float* gates;                  // (T, B, 4 H)
    float* scales;                 // (T, B, 4)
    // backwards only
    const float* dh;               // (T, B, H)
    float *dh_first, *dc_first;    // (B, H)
    float* dconstant;              // (B, 4 H)
    NormGradient dnorm;            // of this core
};

extern "C" void lstm_forward(const Lstm* s, const int64_t* rows, const int64_t* lengths, int64_t n) {
    const int64_t B = s->batch, X = s->inputs, H = s->size, depth = X + H;
    std::vector<float> left(n * depth), sums(n * 4 * H);
    int64_t m = n;
    for (int64_t t = 0; (m = going_on(lengths, m, t)) > 0; ++t) {
        pack_rows(left.data(), m, depth, 0, X, s->x + t * B * X, X, rows);
        pack_rows(left.data(), m, depth, X, H, s->h + t * B * H, H, rows);
        for (int64_t r = 0; r < m; ++r) std::memcpy(&sums[r * 4 * H], s->constant + rows[r] * 4 * H, 16 * H);
        multiply(m, {left.data(), depth, 0, depth}, s->panels, 4 * H, sums.data(), 4 * H, true);
        for (int64_t r = 0; r < m; ++r) {
            const int64_t at = t * B + rows[r], next = at + B;
            cell_forward(H, &sums[r * 4 * H], s->norm, s->keep ? s->keep + at * H : nullptr, s->keep_scale,
                         s->c + at * H, s->gates + at * 4 * H, s->scales + at * 4, s->c + next * H, s->h + next * H);
        }
    }
}

extern "C" void lstm_backward(const Lstm* s, const int64_t* rows, const int64_t* lengths, int64_t n) {
    const int64_t B = s->batch, H = s->size;
    std::vector<float> left(n * 4 * H), dh(n * H), dc(n * H), room(6 * H);
    std::vector<float> dconstant(n * 4 * H);
    for (int64_t t = n ? lengths[0] : 0; t-- > 0;) {
        const int64_t m = going_on(lengths, n, t);
        for (int64_t r = 0; r < m; ++r) {
            const int64_t at = t * B + rows[r], next = at + B;
            float *g = &dh[r * H], *gates = s->gates + at * 4 * H, *total = &dconstant[r * 4 * H];
            add_to(g, s->dh + at * H, H);
            cell_backward(H, g, &dc[r * H], s->norm, s->dnorm, s->keep ? s->keep + at * H : nullptr, s->keep_scale,
                          s->c + at * H, s->c + next * H, gates, s->scales + at * 4, room.data());
            add_to(total, gates, 4 * H);
        }
        pack_rows(left.data(), m, 4 * H, 0, 4 * H, s->gates + t * B * 4 * H, 4 * H, rows);
        multiply(m, {left.data(), 4 * H, 0, 4 * H}, s->panels, H, dh.data(), H, false);
    }
    for (int64_t r = 0; r < n; ++r) {
        std::memcpy(s->dh_first + rows[r] * H, &dh[r * H], 4 * H);
        std::memcpy(s->dc_first + rows[r] * H, &dc[r * H], 4 * H);
        std::memcpy(s->dconstant + rows[r] * 4 * H, &dconstant[r * 4 * H], 16 * H);
    }
}
