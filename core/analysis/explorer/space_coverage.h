#pragma once

#include "core/analysis/explorer/explorer_filter.h"

// What of a search space AtomDB holds, and what it lacks.
namespace atomnet
{

struct SpaceCoverage {
    QString space;             ///< its name
    std::vector<AtomKey> gaps; ///< operators of it that AtomDB lacks
    qint64 operators = 0;      ///< distinct ones of the space
    [[nodiscard]] qint64 measured() const { return operators - qint64(gaps.size()); }
};
/// An operator is there when AtomTable::find gives samples for it. Keys that repeat count once.
[[nodiscard]] SpaceCoverage coverageOf(const QString &space, const std::vector<AtomKey> &operators,
                                       const AtomTable &table);

} // namespace atomnet
