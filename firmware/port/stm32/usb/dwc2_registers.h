/* The DWC2 core's registers in device mode, as far as the driver needs them. Names and bits: ST's
 * reference manuals (RM0402 for the F412, RM0385 for the F746, RM0433 for the H743; chapter "USB
 * on-the-go").
 *
 * SPDX-License-Identifier: MIT */
#ifndef DWC2_REGISTERS_H
#define DWC2_REGISTERS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Every access goes through these two. Tests put a model of the core behind them. */
#ifdef DWC2_MODEL
uint32_t dwc2_model_get(uint32_t offset);
void dwc2_model_put(uint32_t offset, uint32_t value);
static inline uint32_t dwc2_get(uint32_t offset)
{
    return dwc2_model_get(offset);
}
static inline void dwc2_put(uint32_t offset, uint32_t value)
{
    dwc2_model_put(offset, value);
}
#else
extern uintptr_t dwc2_base;
static inline uint32_t dwc2_get(uint32_t offset)
{
    return *(volatile uint32_t *)(dwc2_base + offset);
}
static inline void dwc2_put(uint32_t offset, uint32_t value)
{
    *(volatile uint32_t *)(dwc2_base + offset) = value;
}
#endif

enum {
    GOTGCTL = 0x000,
    GAHBCFG = 0x008,
    GUSBCFG = 0x00C,
    GRSTCTL = 0x010,
    GINTSTS = 0x014,
    GINTMSK = 0x018,
    GRXSTSP = 0x020,
    GRXFSIZ = 0x024,
    DIEPTXF0 = 0x028,
    GCCFG = 0x038,
    CID = 0x03C,
    DIEPTXF1 = 0x104,
    DCFG = 0x800,
    DCTL = 0x804,
    DSTS = 0x808,
    DIEPMSK = 0x810,
    DOEPMSK = 0x814,
    DAINT = 0x818,
    DAINTMSK = 0x81C,
    PCGCCTL = 0xE00,
    DFIFO = 0x1000, /* of endpoint 0; 0x1000 further for each next one */
};

/* Of endpoint n */
#define DIEPCTL(n) (0x900u + 0x20u * (n))
#define DIEPINT(n) (0x908u + 0x20u * (n))
#define DIEPTSIZ(n) (0x910u + 0x20u * (n))
#define DOEPCTL(n) (0xB00u + 0x20u * (n))
#define DOEPINT(n) (0xB08u + 0x20u * (n))
#define DOEPTSIZ(n) (0xB10u + 0x20u * (n))

#define GOTGCTL_BVALOEN (1u << 6)
#define GOTGCTL_BVALOVAL (1u << 7)
#define GAHBCFG_GINT 1u
#define GUSBCFG_PHYSEL (1u << 6)
#define GUSBCFG_TRDT (15u << 10)
#define GUSBCFG_TRDT_FAST_BUS (6u << 10) /* the AHB runs at 32 MHz or more */
#define GUSBCFG_FDMOD (1u << 30)
#define GRSTCTL_CSRST 1u
#define GRSTCTL_RXFFLSH (1u << 4)
#define GRSTCTL_TXFFLSH (1u << 5)
#define GRSTCTL_TXFNUM(n) ((uint32_t)(n) << 6)
#define GRSTCTL_AHBIDL (1u << 31)
#define GINT_CMOD 1u /* host mode */
#define GINT_RXFLVL (1u << 4)
#define GINT_USBSUSP (1u << 11)
#define GINT_USBRST (1u << 12)
#define GINT_IEPINT (1u << 18)
#define GINT_OEPINT (1u << 19)
#define GINT_WKUINT (1u << 31)
#define GCCFG_PWRDWN (1u << 16)     /* the transceiver is on */
#define GCCFG_NOVBUSSENS (1u << 21) /* cores before 0x2000 */
#define GCCFG_VBDEN (1u << 21)      /* cores from 0x2000 on: the opposite */
#define DCFG_DSPD_FULL 3u
#define DCFG_NZLSOHSK (1u << 2) /* STALL a status stage that carries data */
#define DCFG_DAD (127u << 4)
#define DCTL_SDIS 2u
#define DSTS_SUSPSTS 1u

#define EPCTL_MPSIZ 0x7FFu
#define EPCTL_USBAEP (1u << 15)
#define EPCTL_NAKSTS (1u << 17)
#define EPCTL_BULK (2u << 18)
#define EPCTL_STALL (1u << 21)
#define EPCTL_TXFNUM(n) ((uint32_t)(n) << 22)
#define EPCTL_CNAK (1u << 26)
#define EPCTL_SNAK (1u << 27)
#define EPCTL_SD0PID (1u << 28)
#define EPCTL_EPDIS (1u << 30)
#define EPCTL_EPENA (1u << 31)

#define EPINT_XFRC 1u
#define EPINT_EPDISD 2u
#define EPINT_STUP 8u          /* OUT 0: the setup stage is over */
#define EPINT_INEPNE (1u << 6) /* IN: the NAK that was asked for is in force */

#define EPTSIZ_PKTCNT(n) ((uint32_t)(n) << 19)
#define EPTSIZ_PKTCNT_OF(value) ((value) >> 19 & 0x3FFu)
#define EPTSIZ_STUPCNT (3u << 29)

#define GRXSTS_EP(status) ((status)&15u)
#define GRXSTS_BYTES(status) ((status) >> 4 & 0x7FFu)
#define GRXSTS_KIND(status) ((status) >> 17 & 15u)
enum { RX_OUT = 2, RX_OUT_DONE = 3, RX_SETUP_DONE = 4, RX_SETUP = 6 };

#ifdef __cplusplus
}
#endif
#endif
