#pragma once

#include "core/analysis/report.h"

#include <QList>

namespace atomnet
{

/// One tensor's life as a rectangle: layers across, arena offsets (or a lane) upwards.
struct ArenaBar {
    int life = 0;            ///< index into Report::tensors
    int first = 0, last = 0; ///< layers, inclusive
    double from = 0,
           to = 0; ///< KiB in the arena, or lane number and lane number plus its share of the lane
    bool atPeak = false;
    bool held = false;      ///< lives beyond the layer behind its producer
    bool overInput = false; ///< lies over an input of its producer, which dies there
    bool operator==(const ArenaBar &) const = default;
};

/// The arena over the run of the network. With offsets it is a memory map, without (the runtime
/// does not say where tensors lie) each tensor has a lane, its height its share of the largest
/// tensor.
struct ArenaMap {
    bool hasOffsets = false;
    double top = 0; ///< KiB, or the number of lanes
    int layers = 0;
    int peakLayer = -1;
    QList<ArenaBar> bars;
    bool operator==(const ArenaMap &) const = default;
};

[[nodiscard]] ArenaMap toArenaMap(const Report &report);
/// The bar that covers this layer and value; -1: none. Index into bars. Where an output lies over
/// its input it is the output's.
[[nodiscard]] int barAt(const ArenaMap &map, int layer, double value);

} // namespace atomnet
