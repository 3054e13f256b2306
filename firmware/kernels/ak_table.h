/* SPDX-License-Identifier: MIT */
#ifndef AK_TABLE_H
#define AK_TABLE_H

#include "ak_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** out[i] = table[in[i] + 128]; out == in is the usual case. */
ak_status_t ak_table_s8(const int8_t table[256], const int8_t *in, int8_t *out, int32_t count);

#ifdef __cplusplus
}
#endif
#endif
