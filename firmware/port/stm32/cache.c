/* SPDX-License-Identifier: MIT */
#include "firmware/port/stm32/cache.h"

#include "board.h"
#include "firmware/port/stm32/cortex.h"
#include "firmware/port/stm32/reg.h"
#include "firmware/protocol/ap_protocol.h"

#if CHIP_L1_CACHES
enum { LINE = 32 };

/* Every set and way of the data cache. The stack must not be in cached memory while the cache is
 * off and dirty: both boards have it in DTCM. */
static void each_line(uint32_t operation)
{
    reg_write(SCB_CSSELR, 0);
    cortex_barrier();
    const uint32_t size = reg_read(SCB_CCSIDR);
    const uint32_t sets = (size >> 13 & 0x7FFFu) + 1u, ways = (size >> 3 & 0x3FFu) + 1u;
    for (uint32_t set = 0; set < sets; ++set)
        for (uint32_t way = 0; way < ways; ++way)
            reg_write(operation, way << 30 | set << 5); /* four ways of 32-byte lines */
    cortex_barrier();
}

uint32_t cache_supported(void)
{
    return AP_COND_ICACHE | AP_COND_DCACHE;
}

uint32_t cache_conditions(void)
{
    const uint32_t now = reg_read(SCB_CCR);
    return (now & SCB_CCR_IC ? AP_COND_ICACHE : 0) | (now & SCB_CCR_DC ? AP_COND_DCACHE : 0);
}

void cache_set_conditions(uint32_t conditions)
{
    const int data = (conditions & AP_COND_DCACHE) != 0,
              had = (cache_conditions() & AP_COND_DCACHE) != 0;
    cortex_barrier();
    if (data && !had) {
        each_line(SCB_DCISW); /* undefined after reset */
        reg_change(SCB_CCR, 0, SCB_CCR_DC);
    } else if (!data && had) {
        reg_change(SCB_CCR, SCB_CCR_DC, 0);
        cortex_barrier();
        each_line(SCB_DCCISW);
    }
    reg_change(SCB_CCR, SCB_CCR_IC, 0);
    cortex_barrier();
    reg_write(SCB_ICIALLU, 0);
    cortex_barrier();
    if (conditions & AP_COND_ICACHE) reg_change(SCB_CCR, 0, SCB_CCR_IC);
    cortex_barrier();
}

void cache_clean(void)
{
    if (!(reg_read(SCB_CCR) & SCB_CCR_DC)) return;
    cortex_barrier();
    each_line(SCB_DCCISW);
}

void cache_drop(const void *from, size_t count)
{
    const uint32_t end = (uint32_t)(uintptr_t)from + (uint32_t)count;
    cortex_barrier();
    for (uint32_t line = (uint32_t)(uintptr_t)from & ~(LINE - 1u); line < end; line += LINE)
        reg_write(SCB_DCIMVAC, line);
    cortex_barrier();
}

void cache_fence_external_memory(void)
{
    /* One region over all 4 GiB without its eighths 0, 1, 2 and 7: 0x60000000 to 0xDFFFFFFF, no
     * access, no execution. Everything else keeps its default. */
    reg_write(MPU_CTRL, 0);
    reg_write(MPU_RNR, 0);
    reg_write(MPU_RBAR, 0);
    reg_write(MPU_RASR, BIT(28) | 0x87u << 8 | 31u << 1 | 1u);
    reg_write(MPU_CTRL, BIT(2) | BIT(0));
    cortex_barrier();
}
#else
uint32_t cache_supported(void)
{
    return 0;
}

uint32_t cache_conditions(void)
{
    return 0;
}

void cache_set_conditions(uint32_t conditions)
{
    (void)conditions;
}

void cache_clean(void) {}

void cache_drop(const void *from, size_t count)
{
    (void)from;
    (void)count;
}

void cache_fence_external_memory(void) {}
#endif
