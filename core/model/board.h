#pragma once

#include "core/base/result.h"
#include "core/model/runtime.h"

#include <QString>

#include <optional>
#include <vector>

namespace atomnet
{

/// A microcontroller board as a target: one resources/boards/<id>.json each.
struct Board {
    QString id;   ///< "stm32h743"
    QString name; ///< "STM32H743"
    QString core; ///< "Cortex-M7"
    qint64 sramBytes = 0;
    qint64 flashBytes = 0;
    qint64 clockHz = 0;     ///< 0 on virtual boards: they count instructions, they have no clock
    bool isVirtual = false; ///< runs in an emulator; no limit lights
    bool stackApart = false; ///< our runtime's stack lies in memory beside sramBytes (DTCM)

    bool operator==(const Board &) const = default;
};

/// All boards that ship, in the order of resources/boards/index.json.
[[nodiscard]] const std::vector<Board> &boards();
/// The board with this id; Usage with the list of known ids otherwise.
[[nodiscard]] Result<Board> boardById(const QString &id);

} // namespace atomnet
