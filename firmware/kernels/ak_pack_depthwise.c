/* SPDX-License-Identifier: MIT */
#include "ak_pack.h"

#include <string.h>

size_t ak_pack_depthwise_bytes(int32_t kernel, int32_t channels)
{
    return (size_t)(kernel * kernel) * (size_t)ak_padded_channels(channels);
}

/* Groups of 4 channels behind each other; in a group the k*k taps of its first channel, then those of the second ... */
ak_status_t ak_pack_depthwise(ak_packing_t packing, int32_t kernel, int32_t channels, const int8_t *weights,
                              int32_t *bias, int8_t *packed)
{
    if (!weights || !bias || !packed) return AK_ERROR_NULL;
    if (kernel < 1 || kernel > 7 || kernel % 2 == 0 || channels < 1) return AK_ERROR_SHAPE;
    if (packing != AK_PACKING_DEPTHWISE) return AK_ERROR_PACKING;
    const size_t used = (size_t)(kernel * kernel) * (size_t)channels;
    memcpy(packed, weights, used);
    memset(packed + used, 0, ak_pack_depthwise_bytes(kernel, channels) - used);
    return AK_OK;
}
