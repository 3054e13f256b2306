# SPDX-License-Identifier: MIT
# Compiler flags for boards, in one place: tests, benchmarks and exported projects all read this file, so that what was
# measured is what ships. One set() a line; tests/firmware/qemu/rig.py reads it too.
# Loops stay loops: no calls of memcpy and memset that would pull in the C library.
set(AK_FLAGS -std=c11 -O2 -ffunction-sections -fdata-sections -fno-tree-loop-distribute-patterns)
set(AK_FLAGS_M4 -mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16)
set(AK_FLAGS_M7 -mcpu=cortex-m7 -mthumb -mfloat-abi=hard -mfpu=fpv5-d16)
set(AK_LINK_FLAGS -nostartfiles --specs=nano.specs -Wl,--gc-sections)
