/* Executed instructions of kernels, one printed row each: "name unit count instructions limit_percent".
 * A file per family; a new one adds its function to main.c.
 *
 * SPDX-License-Identifier: MIT */
#ifndef ROWS_H
#define ROWS_H

#include "firmware/kernels/ak_types.h"

/* Memory until the row is printed, filled with random numbers; which ones, the program's argument decides. */
void *row_memory(size_t bytes);

/* Output parameters as real layers have them: multipliers of 31 bits, a shift, no table. */
ak_output_t row_output(int32_t channels);

void row_begin(void); /* starts counting */
uint32_t row_end(void);

/* `count` units of work; `limit_percent` of an instruction per unit are allowed, 0: no limit. Frees the memory. */
void row_print(const char *name, const char *unit, uint32_t count, uint32_t instructions, uint32_t limit_percent);

void dense_rows(void);
void other_rows(void);

#endif
