#pragma once

#include "core/search/labels.h"
#include "core/search/tables.h"

#include <optional>

// A query against the tables: the rows that it allows, and what can still be reached behind each
// shape.
namespace atomnet
{

/// An objective with whole weights, so that sums are exact. Its doubles' ratios are kept exactly
/// where they fit 126 bits beside the largest figures, else to that precision.
struct WholeObjective {
    ExactScore macs = 0, latency = 0, sram = 0, flash = 0, params = 0;
    [[nodiscard]] ExactScore additive(const PartFigures &f) const
    {
        return macs * f.macs + latency * f.latency + params * f.params + flash * f.flash;
    }
};
/// `most`: bounds of each figure over the space.
[[nodiscard]] WholeObjective wholeObjective(const Objective &objective, const PartFigures &most);

struct QueryRow {
    ExactScore score = 0;
    double worth = 0; ///< the score, roughly
    qint64 latency = 0, flash = 0, sram = 0;
    quint32 option = 0, next = 0;
    int depth = 0;
    quint16 kernels = 0;
};

/// What the rest of a network needs at least, behind one shape.
struct Rest {
    bool possible = false;
    qint64 leastLatency = 0, leastFlash = 0;
    ExactScore mostScore = 0;
    int mostDepth = 0;
};

struct PreparedQuery {
    const SpaceTables *tables = nullptr;
    SearchLimits limits;
    WholeObjective weights;
    Dimensions dimensions;
    int minDepth = 0;
    int keep = 1;
    bool front = false; ///< the front of MACs, latency, SRAM and Flash instead of the best
    std::optional<qint64> sramBeside; ///< only networks with this much beside their parts' SRAM
    std::vector<std::vector<std::vector<QueryRow>>> rows; ///< by stage (heads last) and shape
    std::vector<std::vector<Rest>> rests;                 ///< the same

    /// The limits as far as they can ever bind for partial networks.
    qint64 mostLatency = 0, mostFlash = 0;
};

/// Usage for what cannot be asked: bounds below 0, a top of less than 1 or more than mostTop, more
/// SRAM as an aim where the tables bound it from below only.
[[nodiscard]] Result<> checkQuery(const SearchQuery &query, const SpaceTables &tables);
inline constexpr int mostTop = 1000;

[[nodiscard]] PreparedQuery prepare(const SpaceTables &tables, const SearchQuery &query,
                                    std::optional<qint64> sramBeside, bool front);
/// Each figure's largest value over the space, or a bound above it.
[[nodiscard]] PartFigures mostFigures(const SpaceTables &tables);
/// What networks of the space may have beside their parts' SRAM, ascending.
[[nodiscard]] std::vector<qint64> sramBesideLevels(const SpaceTables &tables);

} // namespace atomnet
