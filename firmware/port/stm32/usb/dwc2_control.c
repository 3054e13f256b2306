/* Endpoint 0: requests of the host.
 *
 * SPDX-License-Identifier: MIT */
#include "firmware/port/stm32/usb/dwc2_internal.h"
#include "firmware/port/stm32/usb/usb_descriptors.h"
#include "firmware/protocol/ap_protocol.h"

#include <string.h>

enum {
    GET_STATUS = 0,
    CLEAR_FEATURE = 1,
    SET_FEATURE = 3,
    SET_ADDRESS = 5,
    GET_DESCRIPTOR = 6,
    GET_CONFIGURATION = 8,
    SET_CONFIGURATION = 9,
    GET_INTERFACE = 10,
    SET_INTERFACE = 11
};
enum {
    TO_HOST = 0x80,
    CLASS_OR_VENDOR = 0x60,
    VENDOR = 0x40,
    TO_DEVICE = 0,
    TO_INTERFACE = 1,
    TO_ENDPOINT = 2
};

typedef enum { IDLE, DATA_IN, DATA_OUT, STATUS_IN, STATUS_OUT } stage_t;

typedef struct {
    uint8_t type, request;
    uint16_t value, index, length;
} setup_t;

static struct {
    uint32_t arriving[2]; /* the last SETUP seen */
    setup_t setup;        /* the last one that is over */
    uint8_t ready;        /* ... and was not acted on yet */
    uint8_t stage, configuration;
    uint8_t packet_arrived, packet_short;
    uint8_t ends_short; /* a packet of less than 64 bytes must end the data */
    uint16_t sent, count;
    uint8_t data[USB_MAX_DESCRIPTOR];
} control;

void dwc2_control_init(void)
{
    memset(&control, 0, sizeof control);
}

/* A SETUP that is met together with the reset came behind it: nothing is served for as long as an
 * operator runs. */
void dwc2_control_reset(void)
{
    control.stage = IDLE;
    control.configuration = 0;
    control.packet_arrived = 0;
}

void dwc2_control_setup_arrived(void)
{
    control.arriving[0] = dwc2_get(DFIFO);
    control.arriving[1] = dwc2_get(DFIFO);
    control.ready = 0; /* the host has given up what came before */
}

void dwc2_control_setup_done(void)
{
    const uint32_t *words = control.arriving;
    control.setup =
        (setup_t){(uint8_t)words[0], (uint8_t)(words[0] >> 8), (uint16_t)(words[0] >> 16),
                  (uint16_t)words[1], (uint16_t)(words[1] >> 16)};
    control.ready = 1;
}

/* Three in a row are as many as a host may send. */
void dwc2_control_expect_setups(void)
{
    if (dwc2_get(DOEPCTL(0)) & EPCTL_EPENA) return; /* its size may not be written now */
    dwc2_put(DOEPTSIZ(0), EPTSIZ_STUPCNT | EPTSIZ_PKTCNT(1) | USB_PACKET);
}

static void expect_out(stage_t stage)
{
    control.stage = (uint8_t)stage;
    control.packet_arrived = 0;
    dwc2_put(DOEPTSIZ(0), EPTSIZ_STUPCNT | EPTSIZ_PKTCNT(1) | USB_PACKET);
    dwc2_set_bits(DOEPCTL(0), EPCTL_EPENA | EPCTL_CNAK);
}

static void send_next(void)
{
    const uint32_t left = (uint32_t)(control.count - control.sent),
                   now = left < USB_PACKET ? left : USB_PACKET;
    dwc2_in_start(0, now);
    dwc2_fifo_put(0, control.data + control.sent, now);
    control.sent = (uint16_t)(control.sent + now);
    if (now < USB_PACKET) control.ends_short = 0;
}

/* Sends `count` bytes of control.data, or as many as the host wants. */
static int reply(size_t count)
{
    const uint16_t wanted = control.setup.length;
    control.ends_short = count < wanted; /* else the host knows the end from the length */
    control.count = (uint16_t)(count < wanted ? count : wanted);
    control.sent = 0;
    expect_out(DATA_IN); /* the host may end the data early by its status stage */
    send_next();
    return 1;
}

static int accept(void)
{
    control.stage = STATUS_IN;
    dwc2_in_start(0, 0);
    return 1;
}

static int reply_16(unsigned value)
{
    control.data[0] = (uint8_t)value;
    control.data[1] = (uint8_t)(value >> 8);
    return reply(2);
}

static int reply_8(unsigned value)
{
    control.data[0] = (uint8_t)value;
    return reply(1);
}

static int reply_descriptor(void)
{
    const size_t count = usb_descriptor(control.setup.value, dwc2_config->board,
                                        dwc2_config->unique_id, control.data);
    return count ? reply(count) : 0;
}

static int set_configuration(void)
{
    if (control.setup.value > USB_CONFIGURATION) return 0;
    control.configuration = (uint8_t)control.setup.value;
    if (control.configuration) {
        dwc2_bulk_open();
    } else {
        dwc2_bulk_close();
    }
    return accept();
}

static int to_device(void)
{
    const setup_t *s = &control.setup;
    if (s->type & TO_HOST) {
        if (s->request == GET_DESCRIPTOR) return reply_descriptor();
        if (s->request == GET_CONFIGURATION) return reply_8(control.configuration);
        return s->request == GET_STATUS ? reply_16(0)
                                        : 0; /* powered by the bus, does not wake hosts */
    }
    if (s->length != 0) return 0;
    if (s->request == SET_ADDRESS && s->value < 128) {
        /* This core takes it before the status stage, and still answers that stage at the old
         * address. */
        dwc2_put(DCFG, (dwc2_get(DCFG) & ~DCFG_DAD) | (uint32_t)s->value << 4);
        return accept();
    }
    return s->request == SET_CONFIGURATION ? set_configuration() : 0;
}

static int to_interface(void)
{
    const setup_t *s = &control.setup;
    if (!control.configuration || s->index != 0) return 0;
    if (s->type & TO_HOST) {
        if (s->request == GET_INTERFACE) return reply_8(0);
        return s->request == GET_STATUS ? reply_16(0) : 0;
    }
    if (s->length != 0 || s->request != SET_INTERFACE || s->value != 0) return 0;
    dwc2_bulk_open();
    return accept();
}

static int to_endpoint(void)
{
    const setup_t *s = &control.setup;
    const int is_zero = (s->index & 0x7F) == 0;
    const uint32_t is_in = s->index & 0x80;
    if (!is_zero && (!control.configuration ||
                     (s->index != AP_USB_ENDPOINT_IN && s->index != AP_USB_ENDPOINT_OUT))) {
        return 0;
    }
    if (s->type & TO_HOST) {
        return s->request == GET_STATUS ? reply_16(!is_zero && dwc2_bulk_halted(is_in)) : 0;
    }
    const int is_feature = s->request == SET_FEATURE || s->request == CLEAR_FEATURE;
    if (s->length != 0 || !is_feature || s->value != 0) return 0; /* 0: ENDPOINT_HALT */
    if (is_zero) return s->request == CLEAR_FEATURE ? accept() : 0;
    dwc2_bulk_halt(is_in, s->request == SET_FEATURE);
    return accept();
}

static int vendor(void)
{
    const setup_t *s = &control.setup;
    if (s->type == (TO_HOST | VENDOR) && s->request == USB_MS_VENDOR_CODE &&
        s->index == USB_MS_OS_20_INDEX) {
        return reply(usb_ms_os_20_set(control.data));
    }
    if (s->type != VENDOR || !dwc2_config->vendor_out || s->length > sizeof control.data) return 0;
    control.count = 0;
    if (s->length != 0) {
        expect_out(DATA_OUT);
        return 1;
    }
    return dwc2_config->vendor_out(s->request, s->value, control.data, 0) ? accept() : 0;
}

static void refuse(void)
{
    control.stage = IDLE;
    dwc2_set_bits(DIEPCTL(0), EPCTL_STALL); /* the next SETUP clears both */
    dwc2_set_bits(DOEPCTL(0), EPCTL_STALL);
}

static void act_on_setup(void)
{
    int done = 0;
    control.ready = 0;
    dwc2_in_abort(0);
    dwc2_control_expect_setups();
    if (control.setup.type & CLASS_OR_VENDOR) {
        done = vendor();
    } else if ((control.setup.type & 31) == TO_DEVICE) {
        done = to_device();
    } else if ((control.setup.type & 31) == TO_INTERFACE) {
        done = to_interface();
    } else if ((control.setup.type & 31) == TO_ENDPOINT) {
        done = to_endpoint();
    }
    if (!done) refuse();
}

void dwc2_control_data(uint32_t count)
{
    control.packet_arrived = 1;
    control.packet_short = count < USB_PACKET;
    if (control.stage != DATA_OUT) {
        dwc2_fifo_get(NULL, 0, count);
        return;
    }
    dwc2_fifo_get(control.data + control.count, (uint32_t)(control.setup.length - control.count),
                  count);
    control.count = (uint16_t)(control.count + count);
}

static void data_out_ended(void)
{
    const setup_t *s = &control.setup;
    if (control.count < s->length && !control.packet_short) {
        expect_out(DATA_OUT);
        return;
    }
    if (control.count != s->length ||
        !dwc2_config->vendor_out(s->request, s->value, control.data, s->length)) {
        refuse();
        return;
    }
    accept();
}

/* Core 3.10a (CID 0x2000) also says "transfer done" within each setup stage and when a status stage
 * begins: only a packet makes it true. */
void dwc2_control_out_event(uint32_t events)
{
    if (control.ready) {
        if (events & EPINT_STUP) act_on_setup();
        return;
    }
    if (!(events & EPINT_XFRC) || !control.packet_arrived) return;
    control.packet_arrived = 0;
    if (control.stage == DATA_OUT) {
        data_out_ended();
    } else if (control.stage == DATA_IN) { /* the host has heard enough */
        dwc2_in_abort(0);
        control.stage = IDLE;
    } else if (control.stage == STATUS_OUT) {
        control.stage = IDLE;
    }
}

void dwc2_control_in_event(uint32_t events)
{
    if (!(events & EPINT_XFRC) || control.ready) return;
    if (control.stage == DATA_IN) {
        if (control.sent < control.count || control.ends_short) {
            send_next();
        } else {
            control.stage = STATUS_OUT; /* its packet is expected since the beginning */
        }
    } else if (control.stage == STATUS_IN) {
        control.stage = IDLE;
    }
}
