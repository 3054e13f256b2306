#include "core/atomdb/merge.h"

#include "core/atomdb/model_store.h"
#include "core/atomdb/sample_store.h"

#include <algorithm>

namespace atomnet
{

namespace
{

struct Interval {
    double low = 0, high = 0;
};

Interval measuredInterval(const AtomTable &table, const AtomTable::Row &row)
{
    const double least = table.unit() == SampleUnit::Nanoseconds ? 1000 : 1;
    const double share = row.stats.count == 1 ? table.spread(row.key.kind) : 0.01;
    const double median = double(row.stats.median);
    const double reach = std::max(least, median * share);
    return {std::min(double(row.stats.low), median - reach),
            std::max(double(row.stats.high), median + reach)};
}

bool meet(Interval a, Interval b)
{
    return a.low <= b.high && b.low <= a.high;
}

/// Keys of one condition on which the two disagree.
Result<> findConflicts(const SqlConnection &ours, const ConditionInfo &our,
                       const SqlConnection &theirs, const ConditionInfo &their,
                       std::vector<MergeReport::Conflict> &conflicts)
{
    Result<std::vector<AtomTable::Row>> ourRows = readRows(ours, our.id);
    if (!ourRows) return tl::make_unexpected(ourRows.error());
    Result<std::vector<AtomTable::Row>> theirRows = readRows(theirs, their.id);
    if (!theirRows) return tl::make_unexpected(theirRows.error());
    const AtomTable ourTable(our.condition, our.unit, std::move(*ourRows));
    const AtomTable theirTable(their.condition, their.unit, std::move(*theirRows));
    for (const AtomTable::Row &row : theirTable.rows()) {
        const AtomStats *stats = ourTable.findExact(row.key);
        if (!stats) continue;
        if (!meet(measuredInterval(ourTable, {row.key, *stats}), measuredInterval(theirTable, row)))
            conflicts.push_back({our.condition, row.key, *stats, row.stats});
    }
    return {};
}

} // namespace

Result<MergeReport> mergeDatabases(const SqlConnection &ours, const SqlConnection &theirs,
                                   const RunControl &control)
{
    const Result<std::vector<ConditionInfo>> ourConditions = readConditions(ours);
    if (!ourConditions) return tl::make_unexpected(ourConditions.error());
    const Result<std::vector<ConditionInfo>> theirConditions = readConditions(theirs);
    if (!theirConditions) return tl::make_unexpected(theirConditions.error());
    MergeReport report;
    for (const ConditionInfo &their : *theirConditions) {
        const auto our = std::find_if(
            ourConditions->begin(), ourConditions->end(), [&](const ConditionInfo &info) {
                return info.condition == their.condition && info.unit == their.unit;
            });
        if (our == ourConditions->end()) continue;
        if (Result<> found = findConflicts(ours, *our, theirs, their, report.conflicts); !found)
            return tl::make_unexpected(found.error());
    }
    const Result<std::vector<SampleBatch>> batches = readBatches(theirs, control);
    if (!batches) return tl::make_unexpected(batches.error());
    const Result<StoreCounts> counts = storeBatches(ours, *batches, {}, control);
    if (!counts) return tl::make_unexpected(counts.error());
    report.added = counts->added;
    report.present = counts->present;
    const Result<qint64> networks = copyNetworks(ours, theirs);
    if (!networks) return tl::make_unexpected(networks.error());
    report.networks = *networks;
    return report;
}

} // namespace atomnet
