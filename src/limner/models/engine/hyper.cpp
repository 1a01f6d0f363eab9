// A whole sequence through a HyperLSTM, for some of a batch's drawings, on one core; arrays as in lstm.cpp.
//
// Of eight factors (alpha) the first four scale the products of the gates with x, the others those with h;
// four shifts (beta) follow them. All twelve come from embeddings of the small cell's output.

#include <cstring>
#include <vector>

#include "cell.h"
#include "gemm.h"

using namespace limner;

struct Hyper {
    int64_t batch, inputs, size, small, embedding;      // B, X, H, K, E
    const float* x;                                     // (T, B, X)
    const float *constant, *small_constant;             // (B, 4 H), (B, 4 K): the part of products that stays
    const float *bias, *embed_bias;                     // (4 H), (12 E)
    // packed; backwards all transposed, and panels_small without its rows for x
    const float *panels_small, *panels_x, *panels_h, *panels_embed, *panels_out;
    const uint8_t* keep;                                // (T, B, H) or null
    float keep_scale;
    Norm norm, small_norm;
    float *h, *c, *small_h, *small_c;                   // (T + 1, B, H or K)
    float *from_x, *from_h, *gates, *small_gates;       // (T, B, 4 H), the last (T, B, 4 K)
    float *factors, *embedded;                          // (T, B, 8 H), (T, B, 12 E)
    float *scales, *small_scales;                       // (T, B, 4)
    // backwards only
    const float* dh;                                    // (T, B, H)
    float *dh_first, *dc_first, *dsmall_h_first, *dsmall_c_first;
    float *dconstant, *dsmall_constant;                 // (B, 4 H), (B, 4 K)
    float* dembedded;                                   // (T, B, 12 E)
    NormGradient dnorm, dsmall_norm;                    // of this core, like those of the biases
    float *dbias, *dembed_bias;
};

static void copy(float* to, const float* from, int64_t count) { std::memcpy(to, from, 4 * count); }

extern "C" void hyper_forward(const Hyper* s, const int64_t* rows, const int64_t* lengths, int64_t n) {
    const int64_t B = s->batch, X = s->inputs, H = s->size, K = s->small, E = s->embedding, depth = X + H + K;
    std::vector<float> left(n * depth), small_left(n * K), embedded_left(n * 12 * E);
    std::vector<float> small_sums(n * 4 * K), from_x(n * 4 * H), from_h(n * 4 * H), embedded(n * 12 * E);
    std::vector<float> factors(n * 12 * H), sums(4 * H);
    int64_t m = n;
    for (int64_t t = 0; (m = going_on(lengths, m, t)) > 0; ++t) {
        pack_rows(left.data(), m, depth, 0, X, s->x + t * B * X, X, rows);
        pack_rows(left.data(), m, depth, X, H, s->h + t * B * H, H, rows);
        pack_rows(left.data(), m, depth, X + H, K, s->small_h + t * B * K, K, rows);
        for (int64_t r = 0; r < m; ++r) {
            copy(&small_sums[r * 4 * K], s->small_constant + rows[r] * 4 * K, 4 * K);
            copy(&from_x[r * 4 * H], s->constant + rows[r] * 4 * H, 4 * H);
            copy(&embedded[r * 12 * E], s->embed_bias, 12 * E);
        }
        multiply(m, {left.data(), depth, 0, depth}, s->panels_small, 4 * K, small_sums.data(), 4 * K, true);
        multiply(m, {left.data(), depth, 0, X}, s->panels_x, 4 * H, from_x.data(), 4 * H, true);
        multiply(m, {left.data(), depth, X, H}, s->panels_h, 4 * H, from_h.data(), 4 * H, false);
        for (int64_t r = 0; r < m; ++r) {
            const int64_t at = t * B + rows[r], next = at + B;
            cell_forward(K, &small_sums[r * 4 * K], s->small_norm, nullptr, 1, s->small_c + at * K,
                         s->small_gates + at * 4 * K, s->small_scales + at * 4, s->small_c + next * K,
                         s->small_h + next * K);
        }
        pack_rows(small_left.data(), m, K, 0, K, s->small_h + (t + 1) * B * K, K, rows);
        multiply(m, {small_left.data(), K, 0, K}, s->panels_embed, 12 * E, embedded.data(), 12 * E, true);
        pack_rows(embedded_left.data(), m, 12 * E, 0, 12 * E, embedded.data(), 12 * E, nullptr);
        for (int64_t k = 0; k < 12; ++k)
            multiply(m, {embedded_left.data(), 12 * E, k * E, E}, s->panels_out + k * E * H, H, &factors[k * H], 12 * H,
                     false);
        for (int64_t r = 0; r < m; ++r) {
            const int64_t at = t * B + rows[r], next = at + B;
            const float *px = &from_x[r * 4 * H], *ph = &from_h[r * 4 * H], *alpha = &factors[r * 12 * H];
            for (int64_t k = 0; k < 4 * H; k += W)
                store(&sums[k], load(px + k) * load(alpha + k) + load(ph + k) * load(alpha + 4 * H + k) +
                                    load(alpha + 8 * H + k) + load(s->bias + k));
            copy(s->from_x + at * 4 * H, px, 4 * H);
            copy(s->from_h + at * 4 * H, ph, 4 * H);
            copy(s->factors + at * 8 * H, alpha, 8 * H);
            copy(s->embedded + at * 12 * E, &embedded[r * 12 * E], 12 * E);
            cell_forward(H, sums.data(), s->norm, s->keep ? s->keep + at * H : nullptr, s->keep_scale, s->c + at * H,
                         s->gates + at * 4 * H, s->scales + at * 4, s->c + next * H, s->h + next * H);
        }
    }
}

extern "C" void hyper_backward(const Hyper* s, const int64_t* rows, const int64_t* lengths, int64_t n) {
    const int64_t B = s->batch, H = s->size, K = s->small, E = s->embedding, both = H + K;
    std::vector<float> dfactors_left(n * 12 * H), dembedded_left(n * 12 * E), dsmall_left(n * 4 * K), dh_left(n * 4 * H);
    std::vector<float> carry(n * both), dembedded(n * 12 * E), dc(n * H), dsmall_c(n * K), room(6 * (H > K ? H : K));
    std::vector<float> dconstant(n * 4 * H), dsmall_constant(n * 4 * K);
    for (int64_t t = n ? lengths[0] : 0; t-- > 0;) {
        const int64_t m = going_on(lengths, n, t);
        for (int64_t r = 0; r < m; ++r) {
            const int64_t at = t * B + rows[r], next = at + B;
            float *gates = s->gates + at * 4 * H, *px = s->from_x + at * 4 * H, *ph = s->from_h + at * 4 * H;
            float* alpha = s->factors + at * 8 * H;
            add_to(&carry[r * both], s->dh + at * H, H);
            cell_backward(H, &carry[r * both], &dc[r * H], s->norm, s->dnorm, s->keep ? s->keep + at * H : nullptr,
                          s->keep_scale, s->c + at * H, s->c + next * H, gates, s->scales + at * 4, room.data());
            for (int64_t k = 0; k < 4 * H; k += W) {
                const vec d = load(gates + k), x = load(px + k), h = load(ph + k);
                store(px + k, d * load(alpha + k));
                store(ph + k, d * load(alpha + 4 * H + k));
                store(alpha + k, d * x);
                store(alpha + 4 * H + k, d * h);
            }
            add_to(s->dbias, gates, 4 * H);
            add_to(&dconstant[r * 4 * H], px, 4 * H);
        }
        pack_rows(dfactors_left.data(), m, 12 * H, 0, 8 * H, s->factors + t * B * 8 * H, 8 * H, rows);
        pack_rows(dfactors_left.data(), m, 12 * H, 8 * H, 4 * H, s->gates + t * B * 4 * H, 4 * H, rows);
        for (int64_t k = 0; k < 12; ++k)
            multiply(m, {dfactors_left.data(), 12 * H, k * H, H}, s->panels_out + k * H * E, E, &dembedded[k * E], 12 * E,
                     false);
        pack_rows(dembedded_left.data(), m, 12 * E, 0, 12 * E, dembedded.data(), 12 * E, nullptr);
        multiply(m, {dembedded_left.data(), 12 * E, 0, 12 * E}, s->panels_embed, K, &carry[H], both, true);
        for (int64_t r = 0; r < m; ++r) {
            const int64_t at = t * B + rows[r], next = at + B;
            float* gates = s->small_gates + at * 4 * K;
            cell_backward(K, &carry[r * both + H], &dsmall_c[r * K], s->small_norm, s->dsmall_norm, nullptr, 1,
                          s->small_c + at * K, s->small_c + next * K, gates, s->small_scales + at * 4, room.data());
            add_to(&dsmall_constant[r * 4 * K], gates, 4 * K);
            add_to(s->dembed_bias, &dembedded[r * 12 * E], 12 * E);
            copy(s->dembedded + at * 12 * E, &dembedded[r * 12 * E], 12 * E);
        }
        pack_rows(dsmall_left.data(), m, 4 * K, 0, 4 * K, s->small_gates + t * B * 4 * K, 4 * K, rows);
        multiply(m, {dsmall_left.data(), 4 * K, 0, 4 * K}, s->panels_small, both, carry.data(), both, false);
        pack_rows(dh_left.data(), m, 4 * H, 0, 4 * H, s->from_h + t * B * 4 * H, 4 * H, rows);
        multiply(m, {dh_left.data(), 4 * H, 0, 4 * H}, s->panels_h, H, carry.data(), both, true);
    }
    for (int64_t r = 0; r < n; ++r) {
        copy(s->dh_first + rows[r] * H, &carry[r * both], H);
        copy(s->dc_first + rows[r] * H, &dc[r * H], H);
        copy(s->dsmall_h_first + rows[r] * K, &carry[r * both + H], K);
        copy(s->dsmall_c_first + rows[r] * K, &dsmall_c[r * K], K);
        copy(s->dconstant + rows[r] * 4 * H, &dconstant[r * 4 * H], 4 * H);
        copy(s->dsmall_constant + rows[r] * 4 * K, &dsmall_constant[r * 4 * K], 4 * K);
    }
}
