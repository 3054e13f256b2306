/* SPDX-License-Identifier: MIT */
#include "ak_table.h"

ak_status_t ak_table_s8(const int8_t table[256], const int8_t *in, int8_t *out, int32_t count)
{
    if (!table || !in || !out) return AK_ERROR_NULL;
    if (count < 1) return AK_ERROR_SHAPE;
    for (int32_t i = 0; i < count; ++i) out[i] = table[in[i] + 128];
    return AK_OK;
}
