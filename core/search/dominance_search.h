#pragma once

#include "core/base/run_control.h"
#include "core/search/prepared_query.h"

// The dynamic program over stages: all partial networks that end in one shape compete, and those
// that others dominate are forgotten.
namespace atomnet
{

/// Most labels that are kept at one time, all together: below 1 GB.
inline constexpr qint64 mostLabels = 12'000'000;

struct FoundLabels {
    /// Whole networks, best first: score with all that a network adds besides its parts, and SRAM
    /// and Flash in full.
    std::vector<Label> best;
    qint64 nodes = 0; ///< partial networks looked at
};

/// The best `keep` networks of the query, exactly. BadInput when more than mostLabels partial
/// networks would have to be kept, Cancelled.
[[nodiscard]] Result<FoundLabels> searchLabels(const PreparedQuery &query,
                                               const RunControl &control);

} // namespace atomnet
