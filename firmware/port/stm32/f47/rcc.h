/* Reset and clock control of the F4 and F7 (RM0402, RM0385), as far as it is used here.
 *
 * SPDX-License-Identifier: MIT */
#ifndef F47_RCC_H
#define F47_RCC_H

#define RCC 0x40023800u
#define RCC_CR (RCC + 0x00u)
#define RCC_PLLCFGR (RCC + 0x04u)
#define RCC_CFGR (RCC + 0x08u)
#define RCC_AHB1ENR (RCC + 0x30u)
#define RCC_AHB2ENR (RCC + 0x34u)
#define RCC_APB1ENR (RCC + 0x40u)
#define RCC_APB2ENR (RCC + 0x44u)
#define RCC_CSR (RCC + 0x74u)
#define RCC_PLLI2SCFGR (RCC + 0x84u)
#define RCC_DCKCFGR2 (RCC + 0x94u)

#define RCC_CR_HSION (1u << 0)
#define RCC_CR_HSIRDY (1u << 1)
#define RCC_CR_HSEON (1u << 16)
#define RCC_CR_HSERDY (1u << 17)
#define RCC_CR_HSEBYP (1u << 18)
#define RCC_CR_PLLON (1u << 24)
#define RCC_CR_PLLRDY (1u << 25)
#define RCC_CR_PLLI2SON (1u << 26)
#define RCC_CR_PLLI2SRDY (1u << 27)
#define RCC_PLLCFGR_HSE (1u << 22)
#define RCC_CFGR_SW 3u
#define RCC_CFGR_SW_PLL 2u
#define RCC_CFGR_SWS 0xCu
#define RCC_CFGR_SWS_PLL 8u
#define RCC_CFGR_PRESCALERS 0xFCF0u /* HPRE, PPRE1, PPRE2 */
#define RCC_DCKCFGR2_CK48MSEL (1u << 27)

#define PWR_CR 0x40007000u
#define PWR_CSR 0x40007004u
#define PWR_CR_VOS_SCALE1 (3u << 14)
#define PWR_CR_ODEN (1u << 16) /* F7 */
#define PWR_CR_ODSWEN (1u << 17)
#define PWR_CSR_VOSRDY (1u << 14)
#define PWR_CSR_ODRDY (1u << 16)
#define PWR_CSR_ODSWRDY (1u << 17)

#define FLASH_ACR 0x40023C00u
#define FLASH_ACR_LATENCY 15u

#define DBGMCU_APB1_FZ 0xE0042008u

#endif
