#pragma once

#include "core/analysis/analyze.h"

namespace atomnet
{

/// A block alone on a map, with the head behind it.
struct BlockAlone {
    qint64 sramBytes = 0;      ///< its largest layer
    qint64 flashBytes = 0;     ///< its constants
    qint64 flashWithHead = 0;  ///< and the head's
    qint64 macs = 0;           ///< convolutions and fully connected
    qint64 latency = 0;        ///< ns or instructions
    qint64 measured = 0;       ///< of the latency
    bool missing = false;      ///< an operator's latency is not known
    std::vector<Layer> layers; ///< its own
};
/// None when such a block may not be.
[[nodiscard]] std::optional<BlockAlone> analyzeAlone(Analyzer &analyzer, const Block &block,
                                                     Shape in, int classes = 1000);

} // namespace atomnet
