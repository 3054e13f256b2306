/* The pair of bulk endpoints and its two rings.
 *
 * SPDX-License-Identifier: MIT */
#include "firmware/port/stm32/usb/dwc2_internal.h"

#include <stdatomic.h>
#include <string.h>

enum { RING = 2048, MAX_OUT_PACKETS = 8, EP = 1 };

/* One side writes `head`, the other `tail`; both count on, and their difference is what lies
 * between them. */
typedef struct {
    uint8_t bytes[RING];
    _Atomic uint32_t head, tail;
} ring_t;

static ring_t to_host, from_host;
static struct {
    _Atomic uint32_t stale; /* what from_host got before this came of a session that is over */
    _Atomic uint8_t open;
    _Atomic uint8_t
        ends_full; /* the host got full packets alone: an empty one must tell it that this is all */
    uint8_t halted_in, halted_out;
    uint8_t in_busy, out_busy;
    uint16_t sending; /* bytes of the IN transfer that runs */
} bulk;

static uint32_t used(const ring_t *ring)
{
    return atomic_load_explicit(&ring->head, memory_order_acquire) -
           atomic_load_explicit(&ring->tail, memory_order_acquire);
}

static void add_to(_Atomic uint32_t *end, uint32_t count)
{
    const uint32_t now = atomic_load_explicit(end, memory_order_relaxed);
    atomic_store_explicit(end, now + count, memory_order_release);
}

static void copy_in(ring_t *ring, const uint8_t *from, uint32_t count)
{
    if (count == 0) return; /* `from` may be NULL then */
    const uint32_t at = ring->head % RING, to_end = RING - at,
                   first = count < to_end ? count : to_end;
    memcpy(ring->bytes + at, from, first);
    memcpy(ring->bytes, from + first, count - first);
}

static void copy_out(const ring_t *ring, uint32_t skip, uint8_t *to, uint32_t count)
{
    if (count == 0) return;
    const uint32_t at = (ring->tail + skip) % RING, to_end = RING - at,
                   first = count < to_end ? count : to_end;
    memcpy(to, ring->bytes + at, first);
    memcpy(to + first, ring->bytes, count - first);
}

size_t dwc2_read(uint8_t *to, size_t room)
{
    const uint32_t old = bulk.stale - from_host.tail;
    if (old <= used(&from_host)) add_to(&from_host.tail, old);
    const uint32_t there = used(&from_host), count = room < there ? (uint32_t)room : there;
    copy_out(&from_host, 0, to, count);
    add_to(&from_host.tail, count);
    return count;
}

size_t dwc2_write(const uint8_t *bytes, size_t count)
{
    if (!dwc2_connected()) return 0;
    const uint32_t room = RING - used(&to_host), take = count < room ? (uint32_t)count : room;
    copy_in(&to_host, bytes, take);
    add_to(&to_host.head, take);
    return take;
}

int dwc2_written(void)
{
    return !bulk.open || (used(&to_host) == 0 && !bulk.ends_full);
}
int dwc2_bulk_is_open(void)
{
    return bulk.open;
}
int dwc2_bulk_halted(uint32_t is_in)
{
    return is_in ? bulk.halted_in : bulk.halted_out;
}

static void forget(void)
{
    bulk.stale = from_host.head;
    add_to(&to_host.tail, used(&to_host));
    bulk.ends_full = 0;
}

void dwc2_bulk_init(void)
{
    memset(&bulk, 0, sizeof bulk);
    forget();
}

static void was_sent(uint32_t count)
{
    add_to(&to_host.tail, count);
    bulk.ends_full = count != 0 && count % USB_PACKET == 0;
}

/* Stops an IN transfer; what the host has fetched of it counts as sent, the rest stays in the ring.
 */
static void take_back(void)
{
    if (!bulk.in_busy) return;
    dwc2_in_abort(EP);
    const uint32_t left = EPTSIZ_PKTCNT_OF(dwc2_get(DIEPTSIZ(EP)));
    const uint32_t packets = (bulk.sending + USB_PACKET - 1u) / USB_PACKET;
    if (left == 0) {
        was_sent(bulk.sending);
    } else if (left < packets) {
        was_sent((packets - left) * USB_PACKET);
    }
    bulk.in_busy = 0;
}

void dwc2_bulk_close(void)
{
    take_back();
    forget();
    bulk.open = bulk.halted_in = bulk.halted_out = 0;
    dwc2_put(DIEPCTL(EP), dwc2_get(DIEPCTL(EP)) & ~(EPCTL_USBAEP | EPCTL_STALL));
    dwc2_put(DOEPCTL(EP), (dwc2_get(DOEPCTL(EP)) & ~(EPCTL_USBAEP | EPCTL_STALL)) | EPCTL_SNAK);
}

void dwc2_bulk_open(void)
{
    const uint32_t common = USB_PACKET | EPCTL_USBAEP | EPCTL_BULK | EPCTL_SD0PID;
    dwc2_bulk_close();
    dwc2_set_bits(DIEPCTL(EP), common | EPCTL_TXFNUM(EP));
    dwc2_set_bits(DOEPCTL(EP), common);
    /* A transfer that was set up before cannot be taken back: it goes on, into the room that it had
     * been given. */
    bulk.out_busy = (dwc2_get(DOEPCTL(EP)) & EPCTL_EPENA) != 0;
    if (bulk.out_busy) dwc2_set_bits(DOEPCTL(EP), EPCTL_CNAK);
    bulk.open = 1;
}

void dwc2_bulk_halt(uint32_t is_in, int on)
{
    const uint32_t control = is_in ? DIEPCTL(EP) : DOEPCTL(EP);
    if (is_in) {
        take_back();
        bulk.halted_in = on != 0;
    } else {
        bulk.halted_out = on != 0;
    }
    if (on) {
        dwc2_set_bits(control, EPCTL_STALL);
    } else {
        dwc2_put(control, (dwc2_get(control) & ~EPCTL_STALL) | EPCTL_SD0PID);
    }
}

/* A packet finds its room: no more were asked for than there was room for. */
void dwc2_bulk_data(uint32_t count)
{
    uint8_t packet[USB_PACKET];
    dwc2_fifo_get(packet, sizeof packet, count);
    if (count > sizeof packet) count = sizeof packet;
    copy_in(&from_host, packet, count);
    add_to(&from_host.head, count);
}

void dwc2_bulk_out_event(uint32_t events)
{
    if (events & EPINT_XFRC) bulk.out_busy = 0;
}

void dwc2_bulk_in_event(uint32_t events)
{
    if (!(events & EPINT_XFRC) || !bulk.in_busy) return;
    bulk.in_busy = 0;
    was_sent(bulk.sending);
}

static void start_out(void)
{
    uint32_t packets = (RING - used(&from_host)) / USB_PACKET;
    if (packets > MAX_OUT_PACKETS) packets = MAX_OUT_PACKETS;
    if (packets == 0) return; /* the host meets NAK until there is room */
    dwc2_put(DOEPTSIZ(EP), EPTSIZ_PKTCNT(packets) | packets * USB_PACKET);
    dwc2_set_bits(DOEPCTL(EP), EPCTL_EPENA | EPCTL_CNAK);
    bulk.out_busy = 1;
}

static void start_in(void)
{
    const uint32_t there = used(&to_host);
    if (there == 0 && !bulk.ends_full) return;
    const uint32_t most =
        dwc2_tx1_words() / (USB_PACKET / 4) * USB_PACKET; /* whole packets, at once in the FIFO */
    const uint32_t count = there < most ? there : most;
    bulk.sending = (uint16_t)count;
    bulk.in_busy = 1;
    dwc2_in_start(EP, count);
    for (uint32_t at = 0; at < count; at += USB_PACKET) {
        uint8_t packet[USB_PACKET];
        const uint32_t size = count - at < USB_PACKET ? count - at : USB_PACKET;
        copy_out(&to_host, at, packet, size);
        dwc2_fifo_put(EP, packet, size);
    }
}

void dwc2_bulk_start(void)
{
    if (!bulk.open) return;
    if (!bulk.out_busy && !bulk.halted_out) start_out();
    if (!bulk.in_busy && !bulk.halted_in) start_in();
}
