/* Registers of the Cortex-M4 and M7 themselves (Arm DDI 0403).
 *
 * SPDX-License-Identifier: MIT */
#ifndef CORTEX_H
#define CORTEX_H

#define DWT_CTRL 0xE0001000u
#define DWT_CYCCNT 0xE0001004u
#define DWT_LAR 0xE0001FB0u /* M7: locked until the key is written */
#define DWT_LAR_KEY 0xC5ACCE55u

#define SCB_VTOR 0xE000ED08u
#define SCB_AIRCR 0xE000ED0Cu
#define SCB_AIRCR_RESET 0x05FA0004u
#define SCB_CCR 0xE000ED14u
#define SCB_CCR_DC (1u << 16)
#define SCB_CCR_IC (1u << 17)
#define SCB_CCSIDR 0xE000ED80u
#define SCB_CSSELR 0xE000ED84u
#define SCB_CPACR 0xE000ED88u
#define SCB_DEMCR 0xE000EDFCu
#define SCB_DEMCR_TRCENA (1u << 24)
#define SCB_ICIALLU 0xE000EF50u
#define SCB_DCIMVAC 0xE000EF5Cu
#define SCB_DCISW 0xE000EF60u
#define SCB_DCCISW 0xE000EF74u

#define MPU_CTRL 0xE000ED94u
#define MPU_RNR 0xE000ED98u
#define MPU_RBAR 0xE000ED9Cu
#define MPU_RASR 0xE000EDA0u

#ifdef AP_REGISTER_MODEL
static inline void cortex_barrier(void) {}
static inline void cortex_irq_off(void) {}
static inline void cortex_irq_on(void) {}
#else
static inline void cortex_barrier(void)
{
    __asm volatile("dsb\n isb" ::: "memory");
}
static inline void cortex_irq_off(void)
{
    __asm volatile("cpsid i" ::: "memory");
}
static inline void cortex_irq_on(void)
{
    __asm volatile("cpsie i" ::: "memory");
}
#endif

#endif
