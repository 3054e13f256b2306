/* SPDX-License-Identifier: MIT */
#include "firmware/port/stm32/usb/usb_descriptors.h"

#include <string.h>

#include "firmware/protocol/ap_protocol.h"

enum { DEVICE = 1, CONFIGURATION = 2, STRING = 3, INTERFACE = 4, ENDPOINT = 5, BOS = 15 };
enum { MANUFACTURER = 1, PRODUCT = 2, SERIAL = 3 };
enum { LANGUAGE = 0x0409, PACKET_BYTES = 64, HALF_MILLIAMPERES_50 = 50 };

#define BYTES_OF_16(value) (uint8_t)((value)&0xFF), (uint8_t)((value) >> 8)

/* USB 2.01: the lowest version whose hosts ask for a BOS. */
static const uint8_t device[] = {18,
                                 DEVICE,
                                 BYTES_OF_16(0x0201),
                                 0,
                                 0,
                                 0,
                                 PACKET_BYTES,
                                 BYTES_OF_16(AP_USB_VENDOR),
                                 BYTES_OF_16(AP_USB_PRODUCT),
                                 BYTES_OF_16(0x0100),
                                 MANUFACTURER,
                                 PRODUCT,
                                 SERIAL,
                                 1};

static const uint8_t configuration[] = {9,
                                        CONFIGURATION,
                                        BYTES_OF_16(32),
                                        1,
                                        USB_CONFIGURATION,
                                        0,
                                        0x80,
                                        HALF_MILLIAMPERES_50, /* powered by the bus */
                                        9,
                                        INTERFACE,
                                        0,
                                        0,
                                        2,
                                        0xFF,
                                        0,
                                        0,
                                        0,
                                        7,
                                        ENDPOINT,
                                        AP_USB_ENDPOINT_OUT,
                                        2,
                                        BYTES_OF_16(PACKET_BYTES),
                                        0,
                                        7,
                                        ENDPOINT,
                                        AP_USB_ENDPOINT_IN,
                                        2,
                                        BYTES_OF_16(PACKET_BYTES),
                                        0};

/* The set: header, compatible id, registry property (all from "Microsoft OS 2.0 Descriptors
 * Specification"). */
#define PROPERTY "DeviceInterfaceGUIDs"
enum {
    SET_HEADER = 0,
    COMPATIBLE_ID = 3,
    REGISTRY_PROPERTY = 4,
    REG_MULTI_SZ = 7,
    HEADER_BYTES = 10,
    COMPATIBLE_BYTES = 20,
    NAME_BYTES = 2 * sizeof PROPERTY,                    /* UTF-16 with its NUL */
    DATA_BYTES = 2 * (sizeof AP_USB_INTERFACE_GUID + 1), /* the list's NUL, too */
    PROPERTY_BYTES = 10 + NAME_BYTES + DATA_BYTES,
    SET_BYTES = HEADER_BYTES + COMPATIBLE_BYTES + PROPERTY_BYTES
};
#define WINDOWS_8_1 0x00, 0x00, 0x03, 0x06

static const uint8_t bos[] = {5,
                              BOS,
                              BYTES_OF_16(33),
                              1,
                              28,
                              16,
                              5,
                              0, /* a platform's capability: MS_OS_20_PLATFORM_CAPABILITY_ID */
                              0xDF,
                              0x60,
                              0xDD,
                              0xD8,
                              0x89,
                              0x45,
                              0xC7,
                              0x4C,
                              0x9C,
                              0xD2,
                              0x65,
                              0x9D,
                              0x9E,
                              0x64,
                              0x8A,
                              0x9F,
                              WINDOWS_8_1,
                              BYTES_OF_16(SET_BYTES),
                              USB_MS_VENDOR_CODE,
                              0};

static const uint8_t set_begin[] = {BYTES_OF_16(HEADER_BYTES),
                                    BYTES_OF_16(SET_HEADER),
                                    WINDOWS_8_1,
                                    BYTES_OF_16(SET_BYTES),
                                    BYTES_OF_16(COMPATIBLE_BYTES),
                                    BYTES_OF_16(COMPATIBLE_ID),
                                    'W',
                                    'I',
                                    'N',
                                    'U',
                                    'S',
                                    'B',
                                    0,
                                    0,
                                    0,
                                    0,
                                    0,
                                    0,
                                    0,
                                    0,
                                    0,
                                    0,
                                    BYTES_OF_16(PROPERTY_BYTES),
                                    BYTES_OF_16(REGISTRY_PROPERTY),
                                    BYTES_OF_16(REG_MULTI_SZ),
                                    BYTES_OF_16(NAME_BYTES)};

static uint8_t *put_bytes(uint8_t *to, const uint8_t *bytes, size_t count)
{
    memcpy(to, bytes, count);
    return to + count;
}

static uint8_t *put_utf16(uint8_t *to, const char *text, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        *to++ = (uint8_t)text[i];
        *to++ = 0;
    }
    return to;
}

size_t usb_ms_os_20_set(uint8_t *to)
{
    uint8_t *end = put_bytes(to, set_begin, sizeof set_begin);
    end = put_utf16(end, PROPERTY, sizeof PROPERTY);
    *end++ = DATA_BYTES;
    *end++ = 0;
    end = put_utf16(end, AP_USB_INTERFACE_GUID, sizeof AP_USB_INTERFACE_GUID);
    *end++ = 0;
    *end++ = 0;
    return (size_t)(end - to);
}

static size_t string(uint8_t index, const char *board, const uint8_t *unique_id, uint8_t *to)
{
    static const char manufacturer[] = "AtomNet Designer", product[] = "AtomNet profiler ",
                      hex[] = "0123456789ABCDEF";
    uint8_t *end = to + 2;
    switch (index) {
    case 0:
        *end++ = LANGUAGE & 0xFF;
        *end++ = LANGUAGE >> 8;
        break;
    case MANUFACTURER:
        end = put_utf16(end, manufacturer, sizeof manufacturer - 1);
        break;
    case PRODUCT: {
        size_t count = strlen(board);
        if (count > USB_MAX_BOARD_CHARS) count = USB_MAX_BOARD_CHARS;
        end = put_utf16(end, product, sizeof product - 1);
        end = put_utf16(end, board, count);
        break;
    }
    case SERIAL:
        for (size_t i = 0; i < AP_UNIQUE_BYTES; i++) {
            const char digits[2] = {hex[unique_id[i] >> 4], hex[unique_id[i] & 15]};
            end = put_utf16(end, digits, 2);
        }
        break;
    default:
        return 0;
    }
    to[0] = (uint8_t)(end - to);
    to[1] = STRING;
    return to[0];
}

size_t usb_descriptor(uint16_t value, const char *board, const uint8_t *unique_id, uint8_t *to)
{
    const uint8_t index = (uint8_t)(value & 0xFF);
    const unsigned type = value >> 8;
    if (type == STRING) return string(index, board, unique_id, to);
    if (index != 0) return 0;
    if (type == DEVICE) return (size_t)(put_bytes(to, device, sizeof device) - to);
    if (type == CONFIGURATION)
        return (size_t)(put_bytes(to, configuration, sizeof configuration) - to);
    if (type == BOS) return (size_t)(put_bytes(to, bos, sizeof bos) - to);
    return 0;
}
