/* SPDX-License-Identifier: MIT */
#include "firmware/port/stm32/conditions.h"

#include "firmware/port/stm32/cache.h"
#include "firmware/port/stm32/chip.h"

enum { MOST_WAIT_STATES = 15 };

uint32_t conditions_supported(void)
{
    return cache_supported() | flash_supported();
}

uint32_t conditions_now(void)
{
    return cache_conditions() | flash_conditions();
}

ap_status_t conditions_set(uint32_t conditions, uint32_t wait_states, uint32_t fewest)
{
    if (wait_states == AP_WAIT_STATES_DEFAULT) wait_states = fewest;
    if (conditions & ~conditions_supported()) return AP_UNSUPPORTED;
    if (wait_states < fewest || wait_states > MOST_WAIT_STATES) return AP_UNSUPPORTED;
    cache_set_conditions(conditions);
    flash_set_conditions(conditions);
    if (!flash_set_wait_states(wait_states)) return AP_UNSUPPORTED;
    return conditions_now() == conditions ? AP_OK : AP_UNSUPPORTED;
}
