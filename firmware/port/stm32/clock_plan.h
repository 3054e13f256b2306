/* A board's clocks as numbers, so that tests can check them against the data sheets' limits.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CLOCK_PLAN_H
#define CLOCK_PLAN_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Frequency out of a PLL's divider P or Q: source / m * n / p. */
typedef struct {
    uint16_t m, n, p, q; /**< n 0: not used; p, q 0: that output is not used */
} clock_pll_t;

typedef struct {
    uint32_t source_hz;  /**< the external oscillator (HSE) */
    uint8_t bypass;      /**< 1: a clock signal comes in (from the ST-LINK), no crystal */
    clock_pll_t core;    /**< its P is the core's clock */
    clock_pll_t usb;     /**< its Q is USB's 48 MHz; n 0: the core PLL's Q is */
    uint8_t ahb;         /**< core to bus matrix: 1 on F4 and F7, 2 on H7 */
    uint8_t apb1, apb2;  /**< bus matrix to peripherals; the H7's APB3 and APB4 are as APB1 */
    uint8_t wait_states; /**< of the Flash at that speed: fewer are refused */
} clock_plan_t;

/** What was reached. */
typedef struct {
    uint32_t core_hz, apb1_hz, apb2_hz;
    uint32_t usb_hz;     /**< 48 MHz, or 0 when USB has no clock */
    uint8_t wait_states; /**< the fewest allowed */
    uint8_t external; /**< 0: the external oscillator or a PLL failed, and the internal one runs */
} clock_state_t;

static inline uint32_t clock_vco_hz(const clock_plan_t *plan, const clock_pll_t *pll)
{
    return plan->source_hz / pll->m * pll->n;
}
static inline uint32_t clock_core_hz(const clock_plan_t *plan)
{
    return clock_vco_hz(plan, &plan->core) / plan->core.p;
}
static inline uint32_t clock_usb_hz(const clock_plan_t *plan)
{
    const clock_pll_t *pll = plan->usb.n ? &plan->usb : &plan->core;
    return clock_vco_hz(plan, pll) / pll->q;
}
/** The clock state when all of the plan came true but USB's clock, which is found out later. */
static inline clock_state_t clock_reached(const clock_plan_t *plan)
{
    const uint32_t core = clock_core_hz(plan), bus = core / plan->ahb;
    const clock_state_t state = {core, bus / plan->apb1, bus / plan->apb2, 0, plan->wait_states, 1};
    return state;
}
/** ... and when none did: the internal oscillator with the dividers of reset. */
static inline clock_state_t clock_internal(uint32_t hz)
{
    const clock_state_t state = {hz, hz, hz, 0, 0, 0};
    return state;
}

/** Codes of a bus divider (1, 2, 4, 8, 16) in RCC's 3-bit fields: 0, 4, 5, 6, 7. */
static inline uint32_t clock_apb_code(uint8_t divider)
{
    uint32_t code = 3;
    while (divider > 1) {
        divider = (uint8_t)(divider / 2u);
        ++code;
    }
    return code == 3 ? 0 : code;
}

/** Each family has one: from the state after reset to the plan, or back to the internal oscillator.
 */
clock_state_t clock_start(const clock_plan_t *plan);

#ifdef __cplusplus
}
#endif
#endif
