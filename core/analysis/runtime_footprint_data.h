#pragma once

// Written by tests/firmware/cproject/measure_footprint.py: do not edit. The larger one of
// Cortex-M4 and M7, arm-none-eabi-gcc (15:12.2.rel1-1) 12.2.1 20221205.

namespace atomnet::footprint
{

/// Code that several kinds of calls may share.
struct Piece {
    unsigned users; ///< bits: conv, depthwise, pointwise, pair, dense, add, mul, mean, softmax
    int bytes;
};
inline constexpr Piece pieces[] = {
    {0x001, 2024}, {0x002, 6384}, {0x004, 240}, {0x008, 332}, {0x010, 140},
    {0x01d, 2648}, {0x020, 392},  {0x040, 428}, {0x080, 640}, {0x100, 352},
};
/// Start-up, vectors, run and the smallest main.
inline constexpr int baseCode = 360;
inline constexpr int runStack = 48;
/// Below run, by kind in the order of the bits.
inline constexpr int stack[] = {324, 900, 260, 348, 244, 68, 68, 96, 48};

} // namespace atomnet::footprint
