/* SPDX-License-Identifier: MIT */
#include "ak_conv2d.h"

#include "ak_dsp.h"
#include "ak_tile.h"

static int32_t out_side(int32_t in, int32_t kernel, int32_t stride)
{
    return (in + 2 * (kernel / 2) - kernel) / stride + 1;
}

static int32_t window_bytes(const ak_conv2d_t *p) { return p->kernel * p->kernel * p->in_c; }

static ak_status_t check(const ak_conv2d_t *p)
{
    if (p->in_h < 1 || p->in_w < 1 || p->in_c < 1 || p->out_c < 1) return AK_ERROR_SHAPE;
    if (p->kernel < 1 || p->kernel > 7 || p->kernel % 2 == 0) return AK_ERROR_SHAPE;
    if (p->stride < 1 || p->stride > 4) return AK_ERROR_SHAPE;
    const int64_t most = AK_MOST_ELEMENTS, pixels = (int64_t)p->in_h * p->in_w; /* never fewer than the output's */
    if (pixels > most / p->in_c || pixels > most / p->out_c || p->in_c > most / 49) return AK_ERROR_SHAPE;
    return AK_OK;
}

/* int16 columns of 4 windows, and in front of them the 4 windows as bytes. */
size_t ak_conv2d_s8_scratch_bytes(const ak_conv2d_t *p)
{
    return ak_columns_bytes(window_bytes(p)) + (size_t)4 * (size_t)ak_padded_channels(window_bytes(p));
}

/* First input element that the window of an output row and column reads. */
static int64_t first_read(const ak_conv2d_t *p, int32_t row, int32_t column)
{
    const int32_t top = row * p->stride - p->kernel / 2, left = column * p->stride - p->kernel / 2;
    return ((int64_t)(top > 0 ? top : 0) * p->in_w + (left > 0 ? left : 0)) * p->in_c;
}

int32_t ak_conv2d_s8_max_offset(const ak_conv2d_t *p)
{
    const int32_t out_h = out_side(p->in_h, p->kernel, p->stride), out_w = out_side(p->in_w, p->kernel, p->stride);
    /* Where the tensors no longer touch; then, from the last row back: what is still read behind a tile is not to be
     * overwritten by it. Within a row, windows begin at the left edge up to column `edge` and then move on evenly, so
     * that the first tile, the last one and those on both sides of `edge` decide. */
    const int32_t edge = p->kernel / 2 / p->stride;
    int64_t offset = (int64_t)p->in_h * p->in_w * p->in_c, unread = offset;
    for (int32_t row = out_h - 1; row >= 0; --row) {
        const int32_t begin = row * out_w, end = begin + out_w;
        const int32_t tiles[4] = {(begin + 3) & ~3, (end - 1) & ~3, (begin + edge) & ~3, ((begin + edge) & ~3) + 4};
        for (int32_t n = 0; n < 4; ++n) {
            const int32_t i = tiles[n];
            if (i < begin || i >= end || i == 0) continue;
            const int64_t first = first_read(p, row, i - begin), kept = first < unread ? first : unread;
            if (kept - (int64_t)i * p->out_c < offset) offset = kept - (int64_t)i * p->out_c;
        }
        const int64_t first = first_read(p, row, 0);
        if (first < unread) unread = first;
    }
    return (int32_t)(offset & ~(int64_t)3);
}

/* As memset and memcpy, without a call: the runs are a few bytes long. */
AK_INLINE int8_t *fill(int8_t *to, int8_t value, int32_t count)
{
    for (; count > 0; --count) *to++ = value;
    return to;
}

AK_INLINE int8_t *copy(int8_t *to, const int8_t *from, int32_t count)
{
    for (; count > 0; --count) *to++ = *from++;
    return to;
}

/* Windows, [k][k][in_c], of `count` outputs beside each other that lie inside the input: from the first one's first
 * byte on, to places `step` bytes apart. */
static void copy_windows(const ak_conv2d_t *p, const int8_t *from, int32_t count, int8_t *to, int32_t step)
{
    const int32_t k = p->kernel, run = k * p->in_c;
    const ptrdiff_t line = (ptrdiff_t)p->in_w * p->in_c, move = (ptrdiff_t)p->stride * p->in_c;
#ifdef AK_DSP
    if (run >= 4) { /* words; the last one of a row overlaps the one in front of it */
        const int32_t in_loop = run < 8 ? 4 : (run - 1) & ~3;
        for (; count > 0; --count, from += move, to += step) {
            const int8_t *source = from;
            int8_t *target = to;
            int32_t left, rows = k;
            uint32_t word;
            __asm volatile("1: mov %[left], %[most]\n"
                           "2: ldr %[word], [%[from]], #4\n"
                           "subs %[left], %[left], #4\n"
                           "str %[word], [%[to]], #4\n"
                           "bgt 2b\n"
                           "ldr %[word], [%[from], %[left]]\n"
                           "add %[to], %[to], %[left]\n"
                           "str %[word], [%[to]], #4\n"
                           "add %[from], %[from], %[on]\n"
                           "subs %[rows], %[rows], #1\n"
                           "bne 1b\n"
                           : [to] "+&r"(target), [from] "+&r"(source), [left] "=&r"(left), [rows] "+&r"(rows),
                             [word] "=&r"(word)
                           : [most] "r"(run - 4), [on] "r"(line - in_loop)
                           : "memory", "cc");
        }
        return;
    }
#endif
    for (; count > 0; --count, from += move, to += step)
        for (int32_t y = 0; y < k; ++y) copy(to + y * run, from + y * line, run);
}

/* The window of any output, with the zero point where it hangs over the edges. */
static void gather(const ak_conv2d_t *p, const int8_t *in, int32_t row, int32_t column, int8_t *to)
{
    const int32_t k = p->kernel, top = row * p->stride - k / 2, left = column * p->stride - k / 2;
    const ptrdiff_t line = (ptrdiff_t)p->in_w * p->in_c;
    const int32_t first = left > 0 ? left : 0, behind = left + k < p->in_w ? left + k : p->in_w;
    const int32_t before = (first - left) * p->in_c, inside = (behind - first) * p->in_c,
                  after = (left + k - behind) * p->in_c;
    const int8_t *from = in + top * line + (ptrdiff_t)first * p->in_c;
    if (top >= 0 && top + k <= p->in_h && before + after == 0) {
        copy_windows(p, from, 1, to, 0);
        return;
    }
    for (int32_t y = top; y < top + k; ++y, from += line) {
        const int there = y >= 0 && y < p->in_h;
        to = fill(to, p->in_zero_point, there ? before : before + inside + after);
        if (!there) continue;
        to = copy(to, from, inside);
        to = fill(to, p->in_zero_point, after);
    }
}

ak_status_t ak_conv2d_s8(const ak_conv2d_t *p, const int8_t *in, int8_t *out, void *scratch)
{
    if (!p || !in || !out || !scratch) return AK_ERROR_NULL;
    if (((uintptr_t)in | (uintptr_t)out | (uintptr_t)scratch) % 4) return AK_ERROR_ALIGN;
    ak_dense_t d;
    ak_status_t status = check(p);
    if (status == AK_OK) status = ak_dense_init(&d, p->weights, &p->out, window_bytes(p), p->out_c, p->packing);
    if (status != AK_OK) return status;
    const int32_t out_w = out_side(p->in_w, p->kernel, p->stride), step = ak_padded_channels(d.in_c);
    int8_t *const windows = scratch;
    int16_t *const columns = (int16_t *)(void *)(windows + (ptrdiff_t)4 * step);
    /* What lies behind a window is multiplied with 0. */
    for (int32_t i = 0; i < 4 * step; ++i) windows[i] = 0;
    int32_t row = 0, column = 0;
    for (int32_t left = out_side(p->in_h, p->kernel, p->stride) * out_w; left > 0; left -= 4) {
        const int32_t pixels = left < 4 ? left : 4;
        const int32_t top = row * p->stride - p->kernel / 2, first = column * p->stride - p->kernel / 2;
        if (column + 4 <= out_w && top >= 0 && first >= 0 && top + p->kernel <= p->in_h &&
            first + 3 * p->stride + p->kernel <= p->in_w) {
            copy_windows(p, in + ((ptrdiff_t)top * p->in_w + first) * p->in_c, 4, windows, step);
            column += 4;
        } else {
            for (int32_t i = 0; i < pixels; ++i, ++column) {
                if (column == out_w) {
                    column = 0;
                    ++row;
                }
                gather(p, in, row, column, windows + (ptrdiff_t)i * step);
            }
        }
        if (column == out_w) {
            column = 0;
            ++row;
        }
        ak_tile_expand(windows, step, pixels, step, columns);
        ak_tile_run(&d, columns, pixels, 0, out);
        out += (ptrdiff_t)4 * p->out_c;
    }
    return AK_OK;
}
