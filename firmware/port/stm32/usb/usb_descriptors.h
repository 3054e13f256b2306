/* What the device tells a host about itself: one configuration with one vendor interface of two
 * bulk endpoints, and Microsoft's OS 2.0 descriptors, by which Windows binds WinUSB without a
 * driver. All are written at run time from constants of the protocol, so that nothing is said
 * twice.
 *
 * SPDX-License-Identifier: MIT */
#ifndef USB_DESCRIPTORS_H
#define USB_DESCRIPTORS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    USB_MAX_DESCRIPTOR = 256,
    USB_MAX_BOARD_CHARS = 16,
    USB_CONFIGURATION = 1, /**< its number */
    USB_MS_VENDOR_CODE =
        0x20,              /**< request that Windows fetches the OS 2.0 set with, as the BOS says */
    USB_MS_OS_20_INDEX = 7 /**< wIndex of that request */
};

/** The descriptor that GET_DESCRIPTOR's wValue names: device, configuration, string or BOS. Writes
 * at most USB_MAX_DESCRIPTOR bytes and returns how many; 0 when there is none such. */
size_t usb_descriptor(uint16_t value, const char *board, const uint8_t *unique_id, uint8_t *to);

/** Microsoft's OS 2.0 descriptor set: WINUSB, and the GUID that the host's software finds the
 * interface by. */
size_t usb_ms_os_20_set(uint8_t *to);

#ifdef __cplusplus
}
#endif
#endif
