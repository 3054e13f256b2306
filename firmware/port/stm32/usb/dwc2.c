/* The core and its events.
 *
 * SPDX-License-Identifier: MIT */
#include "firmware/port/stm32/usb/dwc2_internal.h"

#include <string.h>

/* Register reads to wait for the core at most: far beyond the 25 ms that device mode may take to
 * begin, and beyond the some microseconds of what is waited for while the bus runs. */
enum { LONG = 4000000, SHORT = 20000 };

const dwc2_config_t *dwc2_config;
#ifndef DWC2_MODEL
uintptr_t dwc2_base;
#endif
static _Atomic uint8_t suspended;

static int wait_for(uint32_t offset, uint32_t mask, uint32_t value, uint32_t patience)
{
    for (uint32_t i = 0; i < patience; i++) {
        if ((dwc2_get(offset) & mask) == value) return 1;
    }
    return 0;
}

uint32_t dwc2_tx1_words(void)
{
    const uint32_t left = dwc2_config->fifo_words - RX_FIFO_WORDS - TX0_FIFO_WORDS;
    return left < MAX_TX1_FIFO_WORDS ? left : MAX_TX1_FIFO_WORDS;
}

static void flush(uint32_t what)
{
    wait_for(GRSTCTL, GRSTCTL_AHBIDL, GRSTCTL_AHBIDL, SHORT);
    dwc2_put(GRSTCTL, what);
    wait_for(GRSTCTL, GRSTCTL_RXFFLSH | GRSTCTL_TXFFLSH, 0, SHORT);
}

int dwc2_init(const dwc2_config_t *config)
{
    dwc2_config = config;
#ifndef DWC2_MODEL
    dwc2_base = config->base;
#endif
    suspended = 0;
    dwc2_bulk_init();
    dwc2_control_init();

    dwc2_set_bits(GUSBCFG, GUSBCFG_PHYSEL); /* before the reset, which takes it over */
    if (!wait_for(GRSTCTL, GRSTCTL_AHBIDL, GRSTCTL_AHBIDL, LONG)) return -1;
    dwc2_set_bits(GRSTCTL, GRSTCTL_CSRST);
    if (!wait_for(GRSTCTL, GRSTCTL_CSRST, 0, LONG)) return -1;
    dwc2_set_bits(DCTL, DCTL_SDIS); /* not on the bus before all is set */
    dwc2_put(PCGCCTL, 0);

    const uint32_t usb = dwc2_get(GUSBCFG) & ~GUSBCFG_TRDT;
    dwc2_put(GUSBCFG, usb | GUSBCFG_PHYSEL | GUSBCFG_TRDT_FAST_BUS | GUSBCFG_FDMOD);
    if (!wait_for(GINTSTS, GINT_CMOD, 0, LONG)) return -1;

    /* The VBUS pin may serve another purpose (on the F746G-DISCO it is the virtual COM port's TX):
     * the session counts as valid always. The bit for it changed its meaning with core 0x2000. */
    if (dwc2_get(CID) >= 0x2000) {
        dwc2_set_bits(GOTGCTL, GOTGCTL_BVALOEN | GOTGCTL_BVALOVAL);
        dwc2_put(GCCFG, (dwc2_get(GCCFG) & ~GCCFG_VBDEN) | GCCFG_PWRDWN);
    } else {
        dwc2_set_bits(GCCFG, GCCFG_NOVBUSSENS | GCCFG_PWRDWN);
    }
    dwc2_set_bits(DCFG, DCFG_DSPD_FULL | DCFG_NZLSOHSK);

    /* Receive FIFO first, then one transmit FIFO for each IN endpoint. */
    const uint32_t tx1_start = RX_FIFO_WORDS + TX0_FIFO_WORDS;
    dwc2_put(GRXFSIZ, RX_FIFO_WORDS);
    dwc2_put(DIEPTXF0, (uint32_t)TX0_FIFO_WORDS << 16 | RX_FIFO_WORDS);
    dwc2_put(DIEPTXF1, dwc2_tx1_words() << 16 | tx1_start);
    flush(GRSTCTL_TXFFLSH | GRSTCTL_TXFNUM(16)); /* 16: all of them */
    flush(GRSTCTL_RXFFLSH);

    dwc2_control_expect_setups();
    dwc2_put(DOEPMSK, EPINT_XFRC | EPINT_STUP);
    dwc2_put(DIEPMSK, EPINT_XFRC);
    dwc2_put(DAINTMSK, 1u | 2u | 1u << 16 | 2u << 16);
    dwc2_put(GINTSTS, ~0u);
    dwc2_put(GINTMSK,
             GINT_USBRST | GINT_USBSUSP | GINT_WKUINT | GINT_RXFLVL | GINT_IEPINT | GINT_OEPINT);
    if (config->interrupts) dwc2_set_bits(GAHBCFG, GAHBCFG_GINT);
    dwc2_put(DCTL, dwc2_get(DCTL) & ~DCTL_SDIS);
    return 0;
}

void dwc2_stop(void)
{
    dwc2_set_bits(DCTL, DCTL_SDIS);
    dwc2_put(GINTMSK, 0);
    dwc2_bulk_close();
}

int dwc2_connected(void)
{
    return !suspended && dwc2_bulk_is_open();
}

void dwc2_in_start(uint32_t endpoint, uint32_t count)
{
    const uint32_t packets = count ? (count + USB_PACKET - 1) / USB_PACKET : 1;
    dwc2_put(DIEPTSIZ(endpoint), EPTSIZ_PKTCNT(packets) | count);
    dwc2_set_bits(DIEPCTL(endpoint), EPCTL_EPENA | EPCTL_CNAK);
}

void dwc2_fifo_put(uint32_t endpoint, const uint8_t *bytes, uint32_t count)
{
    for (uint32_t i = 0; i < count; i += 4) {
        uint32_t word = 0;
        memcpy(&word, bytes + i, count - i < 4 ? count - i : 4);
        dwc2_put(DFIFO * (endpoint + 1), word);
    }
}

void dwc2_fifo_get(uint8_t *to, uint32_t room, uint32_t count)
{
    for (uint32_t i = 0; i < count; i += 4) {
        const uint32_t word = dwc2_get(DFIFO);
        uint32_t take = count - i < 4 ? count - i : 4;
        if (i >= room) continue;
        if (take > room - i) take = room - i;
        memcpy(to + i, &word, take);
    }
}

void dwc2_in_abort(uint32_t endpoint)
{
    const uint32_t control = dwc2_get(DIEPCTL(endpoint));
    if (!(control & EPCTL_EPENA)) return;
    dwc2_put(DIEPINT(endpoint), EPINT_INEPNE | EPINT_EPDISD);
    dwc2_put(DIEPCTL(endpoint), control | EPCTL_SNAK);
    if (!(control & EPCTL_NAKSTS)) wait_for(DIEPINT(endpoint), EPINT_INEPNE, EPINT_INEPNE, SHORT);
    /* What it has sent by now it has sent; the host sees nothing but NAK from here on. */
    if (dwc2_get(DIEPCTL(endpoint)) & EPCTL_EPENA) {
        dwc2_set_bits(DIEPCTL(endpoint), EPCTL_SNAK | EPCTL_EPDIS);
        wait_for(DIEPINT(endpoint), EPINT_EPDISD, EPINT_EPDISD, SHORT);
    }
    dwc2_put(DIEPINT(endpoint), EPINT_XFRC | EPINT_INEPNE | EPINT_EPDISD);
    flush(GRSTCTL_TXFFLSH | GRSTCTL_TXFNUM(endpoint));
}

static void bus_reset(void)
{
    suspended = 0;
    dwc2_put(DCFG, dwc2_get(DCFG) & ~DCFG_DAD);
    dwc2_bulk_close();
    dwc2_control_reset();
    dwc2_in_abort(0);
    dwc2_set_bits(DOEPCTL(0), EPCTL_SNAK);
    dwc2_control_expect_setups();
}

/* One entry of the receive FIFO. Between a packet and the entry that ends its transfer the endpoint
 * is left alone: cores 0x1200 lose four bytes when NAK is cleared there, and later ones do not end
 * a transfer whose size is written there. */
static void receive(void)
{
    const uint32_t status = dwc2_get(GRXSTSP);
    const uint32_t endpoint = GRXSTS_EP(status);
    suspended = 0; /* whoever sends is awake, whether resuming was noticed or not */
    switch (GRXSTS_KIND(status)) {
    case RX_SETUP:
        dwc2_control_setup_arrived();
        break;
    case RX_SETUP_DONE:
        dwc2_control_setup_done();
        break;
    case RX_OUT:
        if (endpoint == 0) {
            dwc2_control_data(GRXSTS_BYTES(status));
        } else {
            dwc2_bulk_data(GRXSTS_BYTES(status));
        }
        break;
    default: /* reading it was all there is to do: the core now sets the endpoint's event */
        break;
    }
}

void dwc2_poll(void)
{
    uint32_t pending;
    while ((pending = dwc2_get(GINTSTS) & dwc2_get(GINTMSK)) != 0) {
        /* All that has been received first: a new SETUP ends whatever else was going on. */
        if (pending & GINT_RXFLVL) {
            receive();
            continue;
        }
        dwc2_put(GINTSTS, pending & (GINT_USBRST | GINT_USBSUSP | GINT_WKUINT));
        if (pending & (GINT_USBSUSP | GINT_WKUINT)) { /* how it is now, not what came first */
            suspended = (dwc2_get(DSTS) & DSTS_SUSPSTS) != 0;
        }
        if (pending & GINT_USBRST) bus_reset();
        const uint32_t endpoints = dwc2_get(DAINT);
        for (uint32_t endpoint = 0; endpoint < 2; endpoint++) {
            if (endpoints >> 16 & 1u << endpoint) {
                const uint32_t events = dwc2_get(DOEPINT(endpoint));
                dwc2_put(DOEPINT(endpoint), events);
                (endpoint ? dwc2_bulk_out_event : dwc2_control_out_event)(events);
            }
            if (endpoints & 1u << endpoint) {
                const uint32_t events = dwc2_get(DIEPINT(endpoint)) & EPINT_XFRC;
                dwc2_put(DIEPINT(endpoint), events);
                (endpoint ? dwc2_bulk_in_event : dwc2_control_in_event)(events);
            }
        }
    }
    dwc2_bulk_start();
}
