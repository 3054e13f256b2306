#pragma once

#include "core/base/result.h"
#include "core/model/board.h"
#include "core/model/runtime.h"

namespace atomnet
{

/// What a design is analysed for.
struct Target {
    Board board;
    Runtime runtime = Runtime::AtomNet1;
    qint64 reserveSramBytes = 0;  ///< kept free for the user's application
    qint64 reserveFlashBytes = 0;
    bool operator==(const Target &) const = default;
};

/// Usage when a reserve is below 0 or above the board's limit.
[[nodiscard]] Result<> validate(const Target &target);

} // namespace atomnet
