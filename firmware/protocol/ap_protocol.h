/* What host and profiling firmware say to each other. Byte layouts: README.md.
 *
 * One request is outstanding at a time; its reply has the same type and sequence number and a status. Hosts ignore replies
 * of other sequence numbers (a request they gave up). Decoders check every field and refuse what is impossible; a later
 * minor version may append fields, which earlier decoders ignore.
 *
 * SPDX-License-Identifier: MIT */
#ifndef AP_PROTOCOL_H
#define AP_PROTOCOL_H

#include "firmware/protocol/ap_frame.h"

#ifdef __cplusplus
extern "C" {
#endif

#define AP_PROTOCOL_MAJOR 1 /**< must be equal on both sides */
#define AP_PROTOCOL_MINOR 0
#define AP_FIRMWARE_VERSION 1 /**< raised with every change of the firmware's behaviour */

/** pid.codes' id for tests, until there is one of our own. */
#define AP_USB_VENDOR 0x1209u
#define AP_USB_PRODUCT 0x0001u
#define AP_USB_INTERFACE_GUID "{5B1B7A5C-3D57-4C2B-9E0A-6A0B6D2F7E41}" /**< Windows finds us by it */
#define AP_USB_ENDPOINT_OUT 0x01u
#define AP_USB_ENDPOINT_IN 0x81u
#define AP_SERIAL_BAUD 2000000u /**< of the ST-LINK's virtual COM port */

typedef enum {
    AP_MSG_HELLO = 1,
    AP_MSG_SELF_TEST = 2,
    AP_MSG_CONDITIONS = 3,
    AP_MSG_RUN_OPERATOR = 4,
    AP_MSG_NETWORK_BEGIN = 5,
    AP_MSG_NETWORK_STEP = 6,
    AP_MSG_NETWORK_RUN = 7,
    AP_MSG_VALIDATE = 8,   /**< runs the model that is linked in on what was written to its input */
    AP_MSG_READ = 9,
    AP_MSG_WRITE = 10,
    AP_MSG_CRC = 11,       /**< of a region */
    AP_MSG_ABORT = 12,     /**< ends a run between two repetitions; also answered when nothing runs */
    AP_MSG_RESET = 13,
    AP_MSG_BOOTLOADER = 14 /**< into the ROM's DFU */
} ap_message_t;

typedef enum {
    AP_OK = 0,
    AP_UNKNOWN_MESSAGE = 1,
    AP_BAD_LENGTH = 2,
    AP_BAD_FIELD = 3,       /**< reply: u16 index of the field in its table in README.md */
    AP_WRONG_VERSION = 4,   /**< reply: a whole hello, so that the host can say which */
    AP_DOES_NOT_FIT = 5,    /**< arena, window, channels or steps beyond the hello's limits */
    AP_KERNEL_REFUSED = 6,  /**< reply: u16 ak_status_t */
    AP_FAULT = 7,           /**< reply: ap_fault_t; the firmware goes on */
    AP_ABORTED = 8,
    AP_NO_MODEL = 9,
    AP_NOT_READY = 10,      /**< network run before all of its steps came */
    AP_UNSUPPORTED = 11     /**< a condition or message that this board has not */
} ap_status_t;

/* Run conditions; hello says which a board has. */
#define AP_COND_ICACHE 1u
#define AP_COND_DCACHE 2u
#define AP_COND_PREFETCH 4u
#define AP_COND_ART 8u /**< the Flash accelerator's own caches (F4, F7) */
#define AP_COND_ALL 15u
#define AP_WAIT_STATES_DEFAULT 255u

#define AP_FLAG_VIRTUAL 1u    /**< counts instructions, not cycles; clock 0 */
#define AP_FLAG_MODEL 2u      /**< an exported network is linked in */
#define AP_FLAG_BOOTLOADER 4u /**< AP_MSG_BOOTLOADER works */
#define AP_FLAG_RESTARTED 8u  /**< first hello since the firmware started */
#define AP_FLAG_WATCHDOG 16u  /**< ... and the watchdog was why */
#define AP_FLAG_USB 32u       /**< this hello came over the board's own connector */
#define AP_FLAG_ALL 63u

enum { AP_BOARD_CHARS = 16, AP_COMPILER_CHARS = 48, AP_FLAGS_CHARS = 160, AP_UNIQUE_BYTES = 12 };

typedef struct {
    uint16_t major, minor;
} ap_hello_request_t;

typedef struct {
    uint16_t major, minor;
    uint32_t firmware_version;
    uint32_t kernel_version;  /**< AK_KERNEL_VERSION */
    uint32_t kernel_hash;     /**< first 32 bits of the SHA-256 over the kernels' sources and flags (firmware/kernels/CMakeLists.txt) */
    uint32_t clock_hz;        /**< of the core; 0 on virtual boards */
    uint32_t flags;           /**< AP_FLAG_* */
    uint32_t conditions_supported, conditions; /**< AP_COND_* */
    uint32_t wait_states;     /**< of the Flash, now */
    uint32_t arena_bytes;     /**< RAM for tensors and scratch */
    uint32_t window_bytes;    /**< Flash that weights are read from: from the pattern to the end of Flash */
    uint32_t pattern_bytes;   /**< of it, written with the image (ap_pattern.h); behind it Flash should be erased */
    uint32_t image_crc;       /**< CRC-32 of the image that was flashed */
    uint32_t max_channels;
    uint16_t max_payload, max_steps, max_repetitions, chip_id; /**< chip_id: DBGMCU's, 0 when there is none */
    uint32_t model_crc, model_input_bytes, model_output_bytes; /**< 0 without AP_FLAG_MODEL */
    uint8_t unique_id[AP_UNIQUE_BYTES];
    uint8_t core;                      /**< 4 or 7 */
    char board[AP_BOARD_CHARS];        /**< board id, NUL padded and ended, as the other texts */
    char compiler[AP_COMPILER_CHARS];  /**< "arm-none-eabi-gcc 12.2.1" */
    char compiler_flags[AP_FLAGS_CHARS];
} ap_hello_t;

/** Failed parts of a self-test; 0 is good. */
#define AP_SELF_IMAGE 1u   /**< the image in Flash has not the CRC that it was built with */
#define AP_SELF_ARENA 2u   /**< a byte of the arena did not keep its value */
#define AP_SELF_COUNTER 4u /**< the cycle counter stands still */
#define AP_SELF_STACK 8u   /**< the stack's paint is gone at its limit */
typedef struct {
    uint32_t failed;
    uint32_t counter_step; /**< counted over a loop of 1,000 additions */
} ap_self_test_t;

typedef struct {
    uint32_t conditions;
    uint32_t wait_states; /**< request: AP_WAIT_STATES_DEFAULT for those of the clock; fewer are refused */
    uint32_t clock_hz;    /**< reply only */
} ap_conditions_t;

/** Kinds carry AtomDB's numbers (AtomKind in core/lowering/atom_key.h). */
typedef enum {
    AP_OP_CONV = 1,
    AP_OP_DEPTHWISE = 2,
    AP_OP_POINTWISE = 3,
    AP_OP_POINTWISE_PAIR = 4,
    AP_OP_ADD = 6,
    AP_OP_SCALE = 8, /**< ak_mul_s8: a tensor times a factor per channel */
    AP_OP_MEAN = 10,
    AP_OP_FULLY_CONNECTED = 11
} ap_op_t;

/** One call of a kernel. Offsets into the arena are multiples of 4; unused fields are 0. Biases and multipliers come from
 *  the constants in the image (ap_pattern.h), weights from the window. */
typedef struct {
    uint8_t kind;                  /**< ap_op_t */
    uint8_t act;                   /**< AtomDB's KeyAct; 3 hswish and 4 hard-sigmoid use a table */
    uint8_t kernel, stride;
    uint8_t packing, packing2;     /**< ak_packing_t; the second of a pair's project */
    uint8_t shift, shift2;         /**< ak_output_t's; of add, mean and scale: theirs */
    int8_t in_zero_point, in2_zero_point, out_zero_point, mid_zero_point;
    uint16_t in_h, in_w, in_c, out_c, mid_c;
    uint16_t weight_place;         /**< 0 Flash; 1: copied to RAM behind `weights_ram` first */
    uint32_t in_offset, in2_offset, out_offset, scratch_offset;
    uint32_t scratch_bytes;        /**< as planned; must equal what the kernel asks for */
    uint32_t weights_offset, weights2_offset; /**< into the window */
    uint32_t weights_ram;          /**< offset into the arena */
    uint32_t seed;                 /**< of the inputs: ap_fill() */
} ap_operator_t;

typedef struct {
    ap_operator_t op;
    uint16_t repetitions; /**< 1 to the hello's limit */
} ap_run_operator_t;

/** Cycles, or instructions on virtual boards; what measuring itself costs is taken off. */
typedef struct {
    uint32_t repetitions;
    uint32_t first, min, median, max;
    uint32_t output_crc;    /**< of the output of the first repetition, on seeded inputs */
    uint32_t stack_bytes;   /**< deepest below the call */
    uint32_t scratch_bytes; /**< of the planned scratch, up to the last byte that was written */
} ap_result_t;

typedef struct {
    uint32_t arena_bytes;
    uint32_t input_offset, input_bytes, output_offset, output_bytes;
    uint32_t seed; /**< of the input; the steps' own seeds are not used */
    uint16_t steps;
} ap_network_begin_t;

typedef struct {
    uint16_t index; /**< 0, 1, 2, ... in order */
    ap_operator_t op;
} ap_network_step_t;

typedef struct {
    uint16_t repetitions;
} ap_network_run_t;

typedef enum {
    AP_REGION_WINDOW = 1,      /**< Flash, read only */
    AP_REGION_MODEL_INPUT = 2, /**< write only */
    AP_REGION_MODEL_OUTPUT = 3,
    AP_REGION_STEP_CYCLES = 4  /**< u32 of each step of the last network run */
} ap_region_t;

typedef struct {
    uint8_t region;
    uint32_t offset, count;
} ap_range_t; /**< read (count at most max_payload), and CRC */

typedef struct {
    uint8_t region;
    uint32_t offset;
    const uint8_t *bytes; /**< decoded: into the payload */
    uint32_t count;
} ap_write_t;

typedef struct {
    uint32_t pc, lr, sp, cfsr, hfsr, mmfar, bfar;
} ap_fault_t;

/* Encoders return the bytes written (at most AP_MAX_PAYLOAD). Decoders return AP_OK, AP_BAD_LENGTH, or AP_BAD_FIELD with
 * the field's index in *field. What depends on a board's limits is checked by the firmware. */
#define AP_CODEC(name)                                                                                                 \
    size_t ap_encode_##name(const ap_##name##_t *from, uint8_t *to);                                                   \
    ap_status_t ap_decode_##name(const uint8_t *from, size_t count, ap_##name##_t *to, uint16_t *field);
AP_CODEC(hello_request)
AP_CODEC(hello)
AP_CODEC(self_test)
AP_CODEC(conditions)
AP_CODEC(run_operator)
AP_CODEC(result)
AP_CODEC(network_begin)
AP_CODEC(network_step)
AP_CODEC(network_run)
AP_CODEC(range)
AP_CODEC(write)
AP_CODEC(fault)
#undef AP_CODEC

#ifdef __cplusplus
}
#endif
#endif
