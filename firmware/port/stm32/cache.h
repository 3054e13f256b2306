/* The core's own caches (M7); on cores without them nothing is supported and nothing is done.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CACHE_H
#define CACHE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** AP_COND_ICACHE, AP_COND_DCACHE. */
uint32_t cache_supported(void);
uint32_t cache_conditions(void);
void cache_set_conditions(uint32_t conditions);

/** Writes back and drops all that the data cache holds. */
void cache_clean(void);
/** Drops what the data cache holds of these bytes, which DMA has written and the core never does.
 */
void cache_drop(const void *from, size_t count);

/** No access, not even a speculative one, to external memory that these boards have not set up
 * (AN4838). */
void cache_fence_external_memory(void);

#ifdef __cplusplus
}
#endif
#endif
