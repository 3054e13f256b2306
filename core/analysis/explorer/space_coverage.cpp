#include "core/analysis/explorer/space_coverage.h"

#include <QSet>

namespace atomnet
{

SpaceCoverage coverageOf(const QString &space, const std::vector<AtomKey> &operators,
                         const AtomTable &table)
{
    SpaceCoverage coverage;
    coverage.space = space;
    QSet<AtomKey> seen;
    seen.reserve(qsizetype(operators.size()));
    for (const AtomKey &key : operators) {
        if (seen.contains(key)) continue;
        seen.insert(key);
        if (!table.find(key)) coverage.gaps.push_back(key);
    }
    coverage.operators = seen.size();
    return coverage;
}

} // namespace atomnet
