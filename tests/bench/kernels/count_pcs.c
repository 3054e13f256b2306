/* Plugin of QEMU 7.2: how often each instruction below 1 MiB runs between two addresses, for estimating cycles.
 * Arguments: begin=, end= (hexadecimal addresses) and out= (a file). Writes "row" and then "address count" lines for
 * each stretch. Debian ships no qemu-plugin.h, so what is used of version 1 of the interface is declared here.
 *
 * SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define API __attribute__((visibility("default")))
enum { ADD_U64 = 0, NO_REGISTERS = 0, PLACES = 1 << 19 /* halfwords */ };

typedef struct qemu_plugin_tb block_t;
typedef struct qemu_plugin_insn instruction_t;
void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id, void (*called)(uint64_t id, block_t *block));
void qemu_plugin_register_vcpu_insn_exec_cb(instruction_t *at, void (*called)(unsigned cpu, void *data), int flags,
                                            void *data);
void qemu_plugin_register_vcpu_insn_exec_inline(instruction_t *at, int operation, void *counter, uint64_t amount);
size_t qemu_plugin_tb_n_insns(const block_t *block);
instruction_t *qemu_plugin_tb_get_insn(const block_t *block, size_t index);
uint64_t qemu_plugin_insn_vaddr(const instruction_t *instruction);

API int qemu_plugin_version = 1;
static uint64_t counts[PLACES], begin_address, end_address;
static FILE *out;

static void on_begin(unsigned cpu, void *data)
{
    (void)cpu, (void)data;
    memset(counts, 0, sizeof counts);
}

static void on_end(unsigned cpu, void *data)
{
    (void)cpu, (void)data;
    fprintf(out, "row\n");
    for (uint32_t i = 0; i < PLACES; ++i)
        if (counts[i]) fprintf(out, "%x %llu\n", 2 * i, (unsigned long long)counts[i]);
    fflush(out);
}

static void on_translated(uint64_t id, block_t *block)
{
    (void)id;
    for (size_t i = 0; i < qemu_plugin_tb_n_insns(block); ++i) {
        instruction_t *const at = qemu_plugin_tb_get_insn(block, i);
        const uint64_t address = qemu_plugin_insn_vaddr(at);
        if (address == end_address) qemu_plugin_register_vcpu_insn_exec_cb(at, on_end, NO_REGISTERS, NULL);
        if (address / 2 < PLACES)
            qemu_plugin_register_vcpu_insn_exec_inline(at, ADD_U64, &counts[address / 2], 1);
        if (address == begin_address) qemu_plugin_register_vcpu_insn_exec_cb(at, on_begin, NO_REGISTERS, NULL);
    }
}

API int qemu_plugin_install(uint64_t id, const void *info, int argc, char **argv)
{
    (void)info;
    for (int i = 0; i < argc; ++i) {
        if (!strncmp(argv[i], "begin=", 6)) begin_address = strtoull(argv[i] + 6, NULL, 16);
        if (!strncmp(argv[i], "end=", 4)) end_address = strtoull(argv[i] + 4, NULL, 16);
        if (!strncmp(argv[i], "out=", 4)) out = fopen(argv[i] + 4, "w");
    }
    if (!out) return 1;
    qemu_plugin_register_vcpu_tb_trans_cb(id, on_translated);
    return 0;
}
