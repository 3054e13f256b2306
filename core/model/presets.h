#pragma once

#include "core/model/network.h"

#include <optional>
#include <vector>

namespace atomnet
{

/// What the paper (Table 3 and readme) reports of a network on the STM32H743 with X-CUBE-AI 7.2.
/// Its KB are taken as 1000 bytes.
struct ReportedFigures {
    std::optional<qint64> macs; ///< multiply-accumulates, elementwise work included
    qint64 sramBytes = 0;
    qint64 flashBytes = 0;
    std::optional<qint64> latencyNs;
};

struct Preset {
    QString id; ///< file name without suffix: "atomnet-256kb"
    Network network;
    ReportedFigures reported;
};

/// The eight published AtomNets, from resources/examples, in the order 256KB, 256KB-Max, 320KB,
/// 512KB, 512KB-Large, 512KB-Max, 10FPS, 5FPS.
[[nodiscard]] const std::vector<Preset> &presets();
/// The preset with this id, or null.
[[nodiscard]] const Preset *presetById(const QString &id);

} // namespace atomnet
