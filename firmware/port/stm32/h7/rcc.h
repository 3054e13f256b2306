/* Reset, clock and power control of the H743 (RM0433), as far as it is used here.
 *
 * SPDX-License-Identifier: MIT */
#ifndef H7_RCC_H
#define H7_RCC_H

#define RCC 0x58024400u
#define RCC_CR (RCC + 0x00u)
#define RCC_CFGR (RCC + 0x10u)
#define RCC_D1CFGR (RCC + 0x18u)
#define RCC_D2CFGR (RCC + 0x1Cu)
#define RCC_D3CFGR (RCC + 0x20u)
#define RCC_PLLCKSELR (RCC + 0x28u)
#define RCC_PLLCFGR (RCC + 0x2Cu)
#define RCC_PLL1DIVR (RCC + 0x30u)
#define RCC_PLL3DIVR (RCC + 0x40u)
#define RCC_D2CCIP2R (RCC + 0x54u)
#define RCC_RSR (RCC + 0xD0u)
#define RCC_AHB1ENR (RCC + 0xD8u)
#define RCC_AHB2ENR (RCC + 0xDCu)
#define RCC_AHB4ENR (RCC + 0xE0u)
#define RCC_APB1LENR (RCC + 0xE8u)
#define RCC_APB2ENR (RCC + 0xF0u)
#define RCC_AHB1LPENR (RCC + 0x100u)

#define RCC_CR_HSEON (1u << 16)
#define RCC_CR_HSERDY (1u << 17)
#define RCC_CR_HSEBYP (1u << 18)
#define RCC_CR_PLL1ON (1u << 24)
#define RCC_CR_PLL1RDY (1u << 25)
#define RCC_CR_PLL3ON (1u << 28)
#define RCC_CR_PLL3RDY (1u << 29)
#define RCC_CFGR_SW 7u
#define RCC_CFGR_SW_PLL1 3u
#define RCC_CFGR_SWS (7u << 3)
#define RCC_CFGR_SWS_PLL1 (3u << 3)
#define RCC_PLLCKSELR_HSE 2u
#define RCC_PLLCFGR_DIVP1EN (1u << 16)
#define RCC_PLLCFGR_DIVQ3EN (1u << 23)
#define RCC_PLLCFGR_RGE_2_TO_4 1u /* MHz into a PLL */
#define RCC_USB_PLL3Q (2u << 20)
#define RCC_AHB1_USB_OTG_FS (1u << 27)
#define RCC_AHB1_USB_OTG_FS_ULPI (1u << 28)

#define PWR 0x58024800u
#define PWR_CSR1 (PWR + 0x04u)
#define PWR_CR3 (PWR + 0x0Cu)
#define PWR_D3CR (PWR + 0x18u)
#define PWR_CSR1_ACTVOSRDY (1u << 13)
#define PWR_CR3_SUPPLY 7u /* BYPASS, LDOEN, SCUEN */
#define PWR_CR3_LDOEN 2u
#define PWR_CR3_USB33DEN (1u << 24)
#define PWR_CR3_USB33RDY (1u << 26)
#define PWR_D3CR_VOSRDY (1u << 13)
#define PWR_D3CR_VOS (3u << 14) /* both bits: scale 1 */

#define FLASH_ACR 0x52002000u
#define FLASH_ACR_LATENCY 15u
#define FLASH_ACR_WRHIGHFREQ (3u << 4)

#define AXI_TARG7_FN_MOD 0x51008108u

#endif
