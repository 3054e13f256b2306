/* Clocks of the F4 and F7: external oscillator, PLL, regulator, overdrive (F7), Flash, then the
 * switch. The order is the reference manuals': power before speed, wait states before speed.
 *
 * SPDX-License-Identifier: MIT */
#include "board.h"
#include "firmware/port/stm32/chip.h"
#include "firmware/port/stm32/f47/rcc.h"
#include "firmware/port/stm32/reg.h"

/* F4 and F7 want P as 0, 1, 2, 3 for 2, 4, 6, 8. */
static uint32_t pll_word(const clock_pll_t *pll)
{
    return pll->m | (uint32_t)pll->n << 6 | (pll->p / 2u - 1u) << 16 | (uint32_t)pll->q << 24;
}

static int speed_up(const clock_plan_t *plan)
{
    reg_change(RCC_CR, RCC_CR_HSEBYP, plan->bypass ? RCC_CR_HSEBYP : 0);
    reg_change(RCC_CR, 0, RCC_CR_HSEON);
    if (!reg_wait(RCC_CR, RCC_CR_HSERDY, RCC_CR_HSERDY)) return 0;

    reg_change(RCC_APB1ENR, 0, BIT(28)); /* PWR */
    reg_settle(RCC_APB1ENR);
    reg_change(PWR_CR, 0, PWR_CR_VOS_SCALE1);
    reg_change(RCC_PLLCFGR, 0x0F437FFFu, pll_word(&plan->core) | RCC_PLLCFGR_HSE);
    reg_change(RCC_CR, 0, RCC_CR_PLLON);
    if (!reg_wait(RCC_CR, RCC_CR_PLLRDY, RCC_CR_PLLRDY)) return 0;
    if (CHIP_OVERDRIVE) {
        reg_change(PWR_CR, 0, PWR_CR_ODEN);
        if (!reg_wait(PWR_CSR, PWR_CSR_ODRDY, PWR_CSR_ODRDY)) return 0;
        reg_change(PWR_CR, 0, PWR_CR_ODSWEN);
        if (!reg_wait(PWR_CSR, PWR_CSR_ODSWRDY, PWR_CSR_ODSWRDY)) return 0;
    }
    if (!reg_wait(PWR_CSR, PWR_CSR_VOSRDY, PWR_CSR_VOSRDY)) return 0;

    if (!flash_set_wait_states(plan->wait_states)) return 0;
    reg_change(RCC_CFGR, RCC_CFGR_PRESCALERS,
               clock_apb_code(plan->apb1) << 10 | clock_apb_code(plan->apb2) << 13);
    reg_change(RCC_CFGR, RCC_CFGR_SW, RCC_CFGR_SW_PLL);
    return reg_wait(RCC_CFGR, RCC_CFGR_SWS, RCC_CFGR_SWS_PLL);
}

static uint32_t usb_clock(const clock_plan_t *plan)
{
    const clock_pll_t *usb = &plan->usb;
    if (usb->n) { /* PLLI2S, whose P the F412 has not and whose R must be at least 2 */
        reg_write(RCC_PLLI2SCFGR,
                  usb->m | (uint32_t)usb->n << 6 | (uint32_t)usb->q << 24 | 2u << 28);
        reg_change(RCC_CR, 0, RCC_CR_PLLI2SON);
        if (!reg_wait(RCC_CR, RCC_CR_PLLI2SRDY, RCC_CR_PLLI2SRDY)) return 0;
    }
    reg_change(RCC_DCKCFGR2, RCC_DCKCFGR2_CK48MSEL, usb->n ? RCC_DCKCFGR2_CK48MSEL : 0);
    return clock_usb_hz(plan);
}

clock_state_t clock_start(const clock_plan_t *plan)
{
    if (speed_up(plan)) {
        clock_state_t state = clock_reached(plan);
        state.usb_hz = usb_clock(plan);
        return state;
    }
    /* Back to what reset gives: HSI, no divider. Its ready flag needs no waiting for: it never
     * stopped. */
    reg_change(RCC_CFGR, RCC_CFGR_SW | RCC_CFGR_PRESCALERS, 0);
    reg_wait(RCC_CFGR, RCC_CFGR_SWS, 0);
    reg_change(RCC_CR, RCC_CR_PLLON | RCC_CR_HSEON, 0);
    flash_set_wait_states(0);
    return clock_internal(CHIP_INTERNAL_HZ);
}

int chip_usb_power(void)
{
    reg_change(RCC_AHB2ENR, 0, BIT(7)); /* OTG_FS */
    reg_settle(RCC_AHB2ENR);
    return 1;
}

void chip_memory_on(void) {} /* all of it is on */
