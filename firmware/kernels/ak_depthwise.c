/* SPDX-License-Identifier: MIT */
#include "ak_depthwise.h"

#include "ak_requant.h"
#ifdef AK_DSP
#include "ak_depthwise_dsp.h"
#define RARE __attribute__((cold, noinline)) /* small rather than fast: the loops in ak_depthwise_dsp.h take over */
#else
#define RARE
#endif

enum { GROUP = 4 }; /* channels that are worked on together */

static int32_t out_side(int32_t in, int32_t kernel, int32_t stride)
{
    return (in + 2 * (kernel / 2) - kernel) / stride + 1;
}

static int32_t padded_width(const ak_depthwise_t *p) { return p->in_w + 2 * (p->kernel / 2); }

static ak_status_t check(const ak_depthwise_t *p)
{
    if (p->in_h < 1 || p->in_w < 1 || p->channels < 1) return AK_ERROR_SHAPE;
    if (p->kernel < 1 || p->kernel > 7 || p->kernel % 2 == 0) return AK_ERROR_SHAPE;
    if (p->stride < 1 || p->stride > 4) return AK_ERROR_SHAPE;
    return p->packing == AK_PACKING_DEPTHWISE ? AK_OK : AK_ERROR_PACKING;
}

size_t ak_depthwise_s8_scratch_bytes(const ak_depthwise_t *p)
{
    return (size_t)(p->kernel + 1) * (size_t)padded_width(p) * GROUP * sizeof(int16_t);
}

int32_t ak_depthwise_s8_max_offset(const ak_depthwise_t *p)
{
    (void)p;
    return AK_IN_PLACE_ONLY;
}

/* Copies input row `row` (or padding, outside the map) of `count` channels into its place of the ring:
 * [k + 1 rows][channel][padded width]. */
static RARE void fill_row(const ak_depthwise_t *p, const int8_t *in, int16_t *ring, int32_t row, int32_t count)
{
    const int32_t pad = p->kernel / 2, width = padded_width(p), rows = p->kernel + 1;
    int16_t *to = ring + ((row + pad) % rows) * width * GROUP;
    for (int32_t c = 0; c < count; ++c, to += width) {
        const int8_t *from = in + (ptrdiff_t)row * p->in_w * p->channels + c;
        for (int32_t x = 0; x < width; ++x) {
            const int32_t column = x - pad;
            const int inside = row >= 0 && row < p->in_h && column >= 0 && column < p->in_w;
            to[x] = inside ? from[(ptrdiff_t)column * p->channels] : p->in_zero_point;
        }
    }
}

static RARE void portable(const ak_depthwise_t *p, const int8_t *in, int8_t *out, int16_t *ring)
{
    const int32_t k = p->kernel, stride = p->stride, pad = k / 2, width = padded_width(p), rows = k + 1;
    const int32_t out_h = out_side(p->in_h, k, stride), out_w = out_side(p->in_w, k, stride);
    /* All memory that a group writes is its own channels', and of those only rows that it has read before: the output
     * may lie on the input. */
    for (int32_t first = 0; first < p->channels; first += GROUP) {
        const int32_t count = p->channels - first < GROUP ? p->channels - first : GROUP;
        int32_t filled = -pad; /* next input row that the ring lacks */
        for (int32_t y = 0; y < out_h; ++y) {
            for (; filled <= y * stride - pad + k - 1; ++filled) fill_row(p, in + first, ring, filled, count);
            for (int32_t c = 0; c < count; ++c) {
                const int8_t *taps = p->weights + (ptrdiff_t)(first + c) * k * k;
                int8_t *to = out + (ptrdiff_t)y * out_w * p->channels + first + c;
                for (int32_t x = 0; x < out_w; ++x, to += p->channels) {
                    int32_t acc = 0;
                    for (int32_t ky = 0; ky < k; ++ky) {
                        const int16_t *row = ring + ((y * stride + ky) % rows) * width * GROUP + c * width + x * stride;
                        for (int32_t kx = 0; kx < k; ++kx) acc += row[kx] * taps[ky * k + kx];
                    }
                    *to = ak_output(&p->out, first + c, acc);
                }
            }
        }
    }
}

ak_status_t ak_depthwise_s8(const ak_depthwise_t *p, const int8_t *in, int8_t *out, void *scratch)
{
    if (!p || !in || !out || !scratch || !p->weights || !p->out.bias || !p->out.multiplier) return AK_ERROR_NULL;
    const ak_status_t status = check(p);
    if (status != AK_OK) return status;
    if ((uintptr_t)scratch % 4 != 0) return AK_ERROR_ALIGN;
#ifdef AK_DSP
    if (has_fast_path(p)) {
        depthwise_fast(p, in, out, scratch, ak_depthwise_s8_scratch_bytes(p));
        return AK_OK;
    }
#endif
    portable(p, in, out, scratch);
    return AK_OK;
}
