/* The matrix product of ak_tile.h for cores with the DSP extension. Internal; ak_tile_portable.h says in C what it does.
 *
 * Whole loops in assembly, because 4 pixels by 2 channels need all 14 registers; the rest lies in an ak_run_t on the
 * stack. The inner loops are unrolled 4 groups deep and entered in their middle, through TBH, when the number of groups
 * is no multiple of 4.
 *
 * SPDX-License-Identifier: MIT */
#ifndef AK_TILE_DSP_H
#define AK_TILE_DSP_H

#include "ak_dsp.h"
#include "ak_tile.h"

/* All of these have to be at fixed distances from the stack pointer, so what uses them is inlined. */
#define AK_RUN_OPERANDS                                                                                                \
    "+m"(*run)                                                                                                         \
        : [bias] "m"(run->bias), [columns] "m"(run->columns), [shift] "m"(run->shift), [to] "m"(run->to),              \
          [row1] "m"(run->row1), [special] "m"(run->special), [table] "m"(run->table), [weights] "m"(run->weights),    \
          [pair_bytes] "m"(run->pair_bytes), [end] "m"(end)                                                            \
        : "memory", "cc", "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "lr"

/* Plain loops from label 10, hi/lo ones from 20; by groups % 4. */
#define AK_JUMP_INTO_LOOP(entry)                                                                                       \
    "tbh [pc, " entry ", lsl #1]\n"                                                                                    \
    "9: .short (10f - 9b) / 2, (13f - 9b) / 2, (12f - 9b) / 2, (11f - 9b) / 2\n"                                       \
    ".short (20f - 9b) / 2, (23f - 9b) / 2, (22f - 9b) / 2, (21f - 9b) / 2\n"
#define AK_UNROLLED(label, group)                                                                                      \
    label "0:\n" group label "1:\n" group label "2:\n" group label "3:\n" group
#define AK_FOR_EACH(registers, operation) ".irp c, " registers "\n" operation "\n .endr\n"

/* 4 pixels, half a group: 16 products. r0-r3: sums of channel 0, r8-r11: of channel 1, r12: weights, lr: columns.
 * r6 and r7: two weights each of channel 0 and 1; with hi/lo r7 stays as loaded. */
#define AK_LOAD_4X2 "ldr r7, [r12], #4\n ldrd r4, r5, [lr], #8\n sxtb16 r6, r7\n"
#define AK_PRODUCTS_4X2                                                                                                \
    "smlad r0, r4, r6, r0\n smlad r8, r4, r7, r8\n smlad r1, r5, r6, r1\n smlad r9, r5, r7, r9\n"                      \
    "ldrd r4, r5, [lr], #8\n"                                                                                          \
    "smlad r2, r4, r6, r2\n smlad r10, r4, r7, r10\n smlad r3, r5, r6, r3\n smlad r11, r5, r7, r11\n"
#define AK_PLAIN_4X2 AK_LOAD_4X2 "sxtb16 r7, r7, ror #8\n" AK_PRODUCTS_4X2
#define AK_HILO_4X2 AK_LOAD_4X2 AK_PRODUCTS_4X2
#define AK_ALL_8 "r0,r1,r2,r3,r8,r9,r10,r11"

/* A pair of channels after the other. */
AK_INLINE void ak_run_4x2(ak_run_t *run, const int16_t *end)
{
    __asm volatile(
        "ldr r12, %[weights]\n"
        "5:\n"
        "ldr r4, %[bias]\n ldrd r0, r8, [r4], #8\n ldrd lr, r7, %[columns]\n str r4, %[bias]\n"
        "mov r1, r0\n mov r9, r8\n mov r2, r0\n mov r10, r8\n mov r3, r0\n mov r11, r8\n"
        AK_JUMP_INTO_LOOP("r7")
        AK_UNROLLED("1", AK_PLAIN_4X2 AK_PLAIN_4X2)
        "ldr r4, %[end]\n cmp lr, r4\n bne 10b\n b 30f\n"
        AK_UNROLLED("2", AK_HILO_4X2 AK_HILO_4X2)
        "ldr r4, %[end]\n cmp lr, r4\n bne 20b\n"
        "sub r8, r8, r0\n sub r9, r9, r1\n sub r10, r10, r2\n sub r11, r11, r3\n"
        AK_FOR_EACH("r8,r9,r10,r11", "asr \\c, \\c, #8")
        "30:\n" /* requantise */
        "ldrd r6, r7, %[shift]\n"
        AK_FOR_EACH(AK_ALL_8, "lsl \\c, \\c, r6")
        "ldrd r4, r5, %[bias]\n add r4, r4, r5\n ldrd r4, r5, [r4, #-8]\n"
        AK_FOR_EACH("r0,r1,r2,r3", "smmlar \\c, \\c, r4, r7")
        AK_FOR_EACH("r8,r9,r10,r11", "smmlar \\c, \\c, r5, r7")
        AK_FOR_EACH(AK_ALL_8, "ssat \\c, #8, \\c")
        "ldrd r4, r5, %[special]\n cbnz r4, 50f\n"
        "40:\n" /* bytes; an odd last channel has no second one */
        "ldrd lr, r4, %[to]\n ldrd r6, r7, %[row1]\n"
        "strb r1, [lr, r6]\n strb r2, [lr, r7]\n strb r3, [lr, r5]\n strb r0, [lr], #1\n"
        "subs r4, r4, #2\n bmi 70f\n"
        "strb r9, [lr, r6]\n strb r10, [lr, r7]\n strb r11, [lr, r5]\n strb r8, [lr], #1\n"
        "strd lr, r4, %[to]\n bne 5b\n b 70f\n"
        "50:\n"
        "ldrd r4, r6, %[table]\n cbz r4, 51f\n"
        AK_FOR_EACH(AK_ALL_8, "ldrsb \\c, [r4, \\c]")
        "51: cmp r6, #0\n beq 40b\n"
        "ldrd lr, r4, %[to]\n" /* columns: k0 and k2 beside each other, then k1 and k3 */
        "strh r0, [lr]\n strh r1, [lr, #4]\n strh r2, [lr, #8]\n strh r3, [lr, #12]\n"
        "strh r8, [lr, #16]\n strh r9, [lr, #20]\n strh r10, [lr, #24]\n strh r11, [lr, #28]\n"
        "tst lr, #2\n ite eq\n addeq lr, lr, #2\n addne lr, lr, #30\n"
        "subs r4, r4, #2\n strd lr, r4, %[to]\n bgt 5b\n"
        "70:\n"
        : AK_RUN_OPERANDS);
}

/* 1 pixel, a group of 2 channels: 8 products. r4, r5: the inputs. */
#define AK_PLAIN_1X2(weights, c0, c1)                                                                                  \
    "ldrd r6, r7, [" weights "], #8\n"                                                                                 \
    "sxtb16 r8, r6\n sxtb16 r6, r6, ror #8\n"                                                                          \
    "smlad " c0 ", r4, r8, " c0 "\n smlad " c1 ", r4, r6, " c1 "\n"                                                    \
    "sxtb16 r8, r7\n sxtb16 r7, r7, ror #8\n"                                                                          \
    "smlad " c0 ", r5, r8, " c0 "\n smlad " c1 ", r5, r7, " c1 "\n"
#define AK_HILO_1X2(weights, c0, c1)                                                                                   \
    "ldrd r6, r7, [" weights "], #8\n"                                                                                 \
    "sxtb16 r8, r6\n smlad " c0 ", r4, r8, " c0 "\n smlad " c1 ", r4, r6, " c1 "\n"                                    \
    "sxtb16 r8, r7\n smlad " c0 ", r5, r8, " c0 "\n smlad " c1 ", r5, r7, " c1 "\n"
#define AK_GROUP_1X4(two) "ldrd r4, r5, [lr], #8\n" two("r9", "r0", "r1") two("r10", "r2", "r3")

/* Two pairs of channels at a time; where there is only one left, it stands in for the other. */
AK_INLINE void ak_run_1x4(ak_run_t *run, const int16_t *end)
{
    __asm volatile(
        "ldr r10, %[weights]\n ldr r11, %[pair_bytes]\n ldr r12, %[end]\n"
        "5:\n"
        "ldr r4, %[bias]\n ldmia r4!, {r0-r3}\n ldrd lr, r8, %[columns]\n str r4, %[bias]\n"
        "mov r9, r10\n add r10, r10, r11\n"
        AK_JUMP_INTO_LOOP("r8")
        AK_UNROLLED("1", AK_GROUP_1X4(AK_PLAIN_1X2))
        "cmp lr, r12\n bne 10b\n b 30f\n"
        AK_UNROLLED("2", AK_GROUP_1X4(AK_HILO_1X2))
        "cmp lr, r12\n bne 20b\n"
        "sub r1, r1, r0\n sub r3, r3, r2\n asr r1, r1, #8\n asr r3, r3, #8\n"
        "30:\n" /* requantise */
        "ldrd r6, r7, %[shift]\n"
        AK_FOR_EACH("r0,r1,r2,r3", "lsl \\c, \\c, r6")
        "ldrd r4, r5, %[bias]\n add r4, r4, r5\n ldmdb r4, {r4, r5, r6, r8}\n"
        "smmlar r0, r0, r4, r7\n smmlar r1, r1, r5, r7\n smmlar r2, r2, r6, r7\n smmlar r3, r3, r8, r7\n"
        AK_FOR_EACH("r0,r1,r2,r3", "ssat \\c, #8, \\c")
        "ldr r4, %[special]\n cbnz r4, 50f\n"
        "40:\n"
        "ldrd lr, r4, %[to]\n cmp r4, #4\n blt 60f\n"
        "strb r1, [lr, #1]\n strb r2, [lr, #2]\n strb r3, [lr, #3]\n strb r0, [lr], #4\n"
        "41:\n"
        "subs r4, r4, #4\n strd lr, r4, %[to]\n ble 70f\n"
        "cmp r4, #2\n it le\n movle r11, #0\n b 5b\n"
        "50:\n"
        "ldrd r4, r6, %[table]\n cbz r4, 51f\n"
        AK_FOR_EACH("r0,r1,r2,r3", "ldrsb \\c, [r4, \\c]")
        "51: cmp r6, #0\n beq 40b\n"
        "ldrd lr, r4, %[to]\n" /* columns: k0 and k2, k1 and k3 */
        "pkhbt r0, r0, r2, lsl #16\n pkhbt r1, r1, r3, lsl #16\n strd r0, r1, [lr], #8\n b 41b\n"
        "60:\n" /* the last 1 to 3 channels */
        "strb r0, [lr]\n cmp r4, #2\n blt 70f\n strb r1, [lr, #1]\n beq 70f\n strb r2, [lr, #2]\n"
        "70:\n"
        : AK_RUN_OPERANDS);
}

/* Once for all tiles. */
static void ak_run_init(ak_dense_t *d)
{
    const ak_output_t *const out = d->out;
    const uint32_t groups = (uint32_t)ak_padded_channels(d->in_c) / 4;
    ak_run_t *const run = &d->run;
    run->bias = out->bias;
    run->to_multiplier = (int32_t)((uintptr_t)out->multiplier - (uintptr_t)out->bias);
    run->entry = (groups & 3) + (d->packing == AK_PACKING_HILO_4X2 ? 4 : 0);
    run->shift = out->shift;
    run->zero_point = out->zero_point;
    run->left = d->out_c;
    run->row1 = d->out_c;
    run->row2 = 2 * d->out_c;
    run->row3 = 3 * d->out_c;
    run->table = out->table ? out->table + 128 : NULL;
    run->weights = d->weights;
    run->pair_bytes = 8 * groups;
}

#ifndef __clang__ /* no register is left for a frame pointer, whatever the rest is built with */
__attribute__((optimize("O2", "omit-frame-pointer")))
#endif
void ak_tile_run(const ak_dense_t *d, const int16_t *columns, int32_t pixels, uint32_t to_columns, void *to)
{
    ak_run_t run = d->run;
    run.columns = columns;
    run.to = to;
    run.special = (uint32_t)(uintptr_t)run.table | to_columns;
    run.to_columns = to_columns;
    if (pixels == 1) {
        if (run.left <= 2) run.pair_bytes = 0;
        ak_run_1x4(&run, columns + d->run.pair_bytes / 2);
    } else {
        /* A pixel that is not there repeats the one in front of it, outputs as well. */
        if (pixels == 2) run.row2 = run.row1;
        if (pixels != 4) run.row3 = run.row2;
        ak_run_4x2(&run, columns + 2 * run.pair_bytes);
        if (to_columns && ((d->out_c - 1) & 3) < 2) /* k2 and k3 of the last group, which no pair has written */
            for (int32_t i = 1; i < 16; i += 2) ((int16_t *)to)[(d->out_c - 1) / 4 * 16 + i] = 0;
    }
}

#endif
