#pragma once

#include "core/analysis/arena_problem.h"

#include <optional>

// Two ways to solve an ArenaProblem, both deterministic.
namespace atomnet
{

/// Offsets whose arena is small: several orders of placing, each buffer at its lowest free offset,
/// then orders changed where the arena ends. Stops at the lower bound. `fixed`: by buffer, an
/// offset that stays, or -1; empty: none.
[[nodiscard]] std::vector<qint64> placeByOrders(const ArenaProblem &problem,
                                                const std::vector<qint64> &fixed = {});

/// What an exhaustive search found.
struct ArenaSearch {
    std::optional<std::vector<qint64>> offsets; ///< of an arena of at most the bytes asked for
    bool complete = true; ///< without offsets: there are none; false: gave up before knowing
};
/// Offsets whose arena has at most `arenaBytes`, or that there are none. Looks at no more than
/// `mostNodes` partial placements; at worst exponential in the number of buffers.
[[nodiscard]] ArenaSearch searchArena(const ArenaProblem &problem, qint64 arenaBytes,
                                      qint64 mostNodes);

} // namespace atomnet
