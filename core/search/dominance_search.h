#pragma once

#include "core/base/run_control.h"
#include "core/search/prepared_query.h"

// The dynamic program over stages: all partial networks that end in one shape compete, and those
// that others dominate are forgotten.
namespace atomnet
{

/// Most labels that are kept at one time, all together: below 1 GB with room to grow.
inline constexpr qint64 mostLabels = 6'000'000;

struct FoundLabels {
    /// Whole networks, best first: score with all that a network adds besides its parts, and SRAM
    /// and Flash in full.
    std::vector<Label> best;
    qint64 nodes = 0; ///< partial networks looked at
};

/// How much is tried before the exact search; changes the time that it takes, never its answer.
struct SearchEffort {
    /// Partial networks that the first narrow search keeps of each state, besides as many as are
    /// wanted. Those after it keep eight times as many each, the last one all.
    int firstBeam = 6;
    qint64 manyNodes = 200'000; ///< a narrow search that looks at more asks for endings
    double firstTried = 1e6;    ///< endings looked at the first time, ten times as many the next
};

/// The best `keep` networks of the query, exactly. BadInput when more than mostLabels partial
/// networks would have to be kept, Cancelled.
[[nodiscard]] Result<FoundLabels> searchLabels(const PreparedQuery &query,
                                               const RunControl &control,
                                               const SearchEffort &effort = {});

} // namespace atomnet
