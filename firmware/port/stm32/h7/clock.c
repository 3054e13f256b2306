/* Clocks of the H743: external oscillator, LDO at scale 1, PLL1 for the core, PLL3 for USB.
 *
 * SPDX-License-Identifier: MIT */
#include "board.h"
#include "firmware/port/stm32/chip.h"
#include "firmware/port/stm32/h7/rcc.h"
#include "firmware/port/stm32/reg.h"

static uint32_t divider_word(const clock_pll_t *pll)
{
    return (pll->n - 1u) | (pll->p ? pll->p - 1u : 1u) << 9 | (pll->q ? pll->q - 1u : 1u) << 16 |
           1u << 24;
}

static int speed_up(const clock_plan_t *plan)
{
    /* The supply must be said once after power-on, before the voltage may change; it is then
     * locked. */
    reg_change(PWR_CR3, PWR_CR3_SUPPLY, PWR_CR3_LDOEN);
    if (!reg_wait(PWR_CSR1, PWR_CSR1_ACTVOSRDY, PWR_CSR1_ACTVOSRDY)) return 0;
    reg_change(PWR_D3CR, 0, PWR_D3CR_VOS);
    if (!reg_wait(PWR_D3CR, PWR_D3CR_VOSRDY, PWR_D3CR_VOSRDY)) return 0;

    reg_change(RCC_CR, RCC_CR_HSEBYP, plan->bypass ? RCC_CR_HSEBYP : 0);
    reg_change(RCC_CR, 0, RCC_CR_HSEON);
    if (!reg_wait(RCC_CR, RCC_CR_HSERDY, RCC_CR_HSERDY)) return 0;

    /* Both PLLs take 2 MHz and run their wide VCO (192 to 836 MHz); only the outputs in use are on.
     */
    reg_change(RCC_PLLCKSELR, 0x03F003F3u,
               RCC_PLLCKSELR_HSE | (uint32_t)plan->core.m << 4 | (uint32_t)plan->usb.m << 20);
    reg_change(RCC_PLLCFGR, 0x01FF0FFFu,
               RCC_PLLCFGR_DIVP1EN | RCC_PLLCFGR_DIVQ3EN | RCC_PLLCFGR_RGE_2_TO_4 << 2 |
                   RCC_PLLCFGR_RGE_2_TO_4 << 10);
    reg_write(RCC_PLL1DIVR, divider_word(&plan->core));
    reg_change(RCC_CR, 0, RCC_CR_PLL1ON);
    if (!reg_wait(RCC_CR, RCC_CR_PLL1RDY, RCC_CR_PLL1RDY)) return 0;

    if (!flash_set_wait_states(plan->wait_states)) return 0;
    const uint32_t apb1 = clock_apb_code(plan->apb1), apb2 = clock_apb_code(plan->apb2);
    /* HPRE's codes are APB's and one bit more: 8 is a half. */
    const uint32_t ahb = plan->ahb > 1 ? clock_apb_code(plan->ahb) + 4u : 0;
    reg_change(RCC_D1CFGR, 0xF7Fu, apb1 << 4 | ahb);
    reg_change(RCC_D2CFGR, 0x770u, apb2 << 8 | apb1 << 4);
    reg_change(RCC_D3CFGR, 0x70u, apb1 << 4);
    reg_change(RCC_CFGR, RCC_CFGR_SW, RCC_CFGR_SW_PLL1);
    return reg_wait(RCC_CFGR, RCC_CFGR_SWS, RCC_CFGR_SWS_PLL1);
}

static uint32_t usb_clock(const clock_plan_t *plan)
{
    reg_write(RCC_PLL3DIVR, divider_word(&plan->usb));
    reg_change(RCC_CR, 0, RCC_CR_PLL3ON);
    if (!reg_wait(RCC_CR, RCC_CR_PLL3RDY, RCC_CR_PLL3RDY)) return 0;
    reg_change(RCC_D2CCIP2R, 3u << 20, RCC_USB_PLL3Q);
    return clock_usb_hz(plan);
}

clock_state_t clock_start(const clock_plan_t *plan)
{
    if (speed_up(plan)) {
        clock_state_t state = clock_reached(plan);
        state.usb_hz = usb_clock(plan);
        return state;
    }
    /* Back to what reset gives: HSI, no divider, and Flash as reset has it. */
    reg_change(RCC_CFGR, RCC_CFGR_SW, 0);
    reg_wait(RCC_CFGR, RCC_CFGR_SWS, 0);
    reg_change(RCC_D1CFGR, 0xF7Fu, 0);
    reg_change(RCC_D2CFGR, 0x770u, 0);
    reg_change(RCC_D3CFGR, 0x70u, 0);
    reg_change(RCC_CR, RCC_CR_PLL1ON | RCC_CR_HSEON, 0);
    flash_set_wait_states(1); /* 64 MHz below scale 1 */
    clock_state_t state = clock_internal(CHIP_INTERNAL_HZ);
    state.wait_states = 1;
    return state;
}

int chip_usb_power(void)
{
    reg_change(PWR_CR3, 0, PWR_CR3_USB33DEN);
    if (!reg_wait(PWR_CR3, PWR_CR3_USB33RDY, PWR_CR3_USB33RDY)) return 0;
    reg_change(RCC_AHB1ENR, RCC_AHB1_USB_OTG_FS_ULPI, RCC_AHB1_USB_OTG_FS);
    /* There is no ULPI PHY: with its clock enabled in sleep the core stops when the processor does.
     */
    reg_change(RCC_AHB1LPENR, RCC_AHB1_USB_OTG_FS_ULPI, RCC_AHB1_USB_OTG_FS);
    reg_settle(RCC_AHB1ENR);
    return 1;
}

void chip_memory_on(void)
{
    reg_change(RCC_AHB2ENR, 0, BIT(29)); /* SRAM1 of domain 2: DMA1 does not reach DTCM */
    reg_settle(RCC_AHB2ENR);
    /* Revisions before V may read AXI SRAM wrongly unless its port issues one read at a time
     * (errata ES0392). */
    if (reg_read(CHIP_DBGMCU) >> 16 < 0x2000u) reg_change(AXI_TARG7_FN_MOD, 0, 1);
}
