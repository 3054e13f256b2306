/* Seeded one-operator cases that run alike on the host and on boards: each gives a CRC of what the kernel wrote.
 * A file per family of kernels; a new one adds its table to `families` in vectors.c.
 *
 * SPDX-License-Identifier: MIT */
#ifndef VECTORS_H
#define VECTORS_H

#include "firmware/kernels/ak_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Integers only: the same numbers on every machine. */
typedef struct {
    uint32_t state; /* not 0 */
} random_t;
int32_t random_between(random_t *random, int32_t low, int32_t high); /* both included */
int32_t random_size(random_t *random, int32_t most);                 /* small ones mostly, 1 often */
void random_fill(random_t *random, int8_t *to, size_t count, int32_t low, int32_t high);

/* Memory of one case, 4-byte aligned, guards around it; all freed before the next case. */
void *vectors_memory(size_t bytes);

/* Of the memory and its guards, so that bytes written outside show. */
uint32_t vectors_crc(const void *memory, size_t bytes);

/* Bias, multipliers, zero point, shift and perhaps a table for outputs whose sums stay within +-most: ones that
 * use the range of int8, with some clamping. */
ak_output_t random_output(random_t *random, int32_t channels, int32_t most);

typedef struct {
    const char *name;
    uint32_t (*run)(random_t *random);
} vectors_family_t;
extern const vectors_family_t vectors_dense[]; /* ends with a null name, as every table */
extern const vectors_family_t vectors_other[];

/* Runs `cases` cases of each family; `line` gets "family case crc\n". */
void vectors_run(int32_t cases, void (*line)(const char *text));

#ifdef __cplusplus
}
#endif
#endif
