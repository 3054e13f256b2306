#include "core/search/searcher_private.h"

#include <algorithm>
#include <map>

namespace atomnet
{

namespace
{

/// Least and largest sums on the way to one shape.
struct Span {
    PartFigures least, most;
};

void include(Searcher::Range &range, bool first, qint64 least, qint64 most)
{
    range.least = first ? least : std::min(range.least, least);
    range.most = first ? most : std::max(range.most, most);
}

PartFigures lesser(PartFigures a, const PartFigures &b)
{
    a.macs = std::min(a.macs, b.macs);
    a.latency = std::min(a.latency, b.latency);
    a.flash = std::min(a.flash, b.flash);
    a.sram = std::min(a.sram, b.sram);
    return a;
}

PartFigures greater(PartFigures a, const PartFigures &b)
{
    a.macs = std::max(a.macs, b.macs);
    a.latency = std::max(a.latency, b.latency);
    a.flash = std::max(a.flash, b.flash);
    a.sram = std::max(a.sram, b.sram);
    return a;
}

using Spans = std::map<std::pair<quint32, quint16>, Span>; ///< by shape and kernels

} // namespace

Searcher::Ranges Searcher::ranges() const
{
    const SpaceTables &tables = d->tables;
    Spans spans;
    for (quint32 input = 0; input < tables.stages.front().size(); ++input)
        spans[{input, quint16(0)}] = {};
    for (std::size_t s = 0; s <= tables.stages.size(); ++s) {
        const auto &shapes = s == tables.stages.size() ? tables.heads : tables.stages[s];
        Spans next;
        for (const auto &[state, span] : spans) {
            for (const TableRow &row : shapes[state.first].rows) {
                Span longer = span;
                longer.least.add(row.figures);
                longer.most.add(row.figures);
                const quint16 kernels = quint16(state.second | row.figures.kernels);
                const auto [known, fresh] = next.emplace(std::pair(row.next, kernels), longer);
                if (fresh) continue;
                known->second = {lesser(known->second.least, longer.least),
                                 greater(known->second.most, longer.most)};
            }
        }
        spans = std::move(next);
    }
    Ranges ranges;
    bool first = true;
    for (auto &[state, span] : spans) {
        span.least.kernels = span.most.kernels = state.second;
        include(ranges.macs, first, span.least.macs, span.most.macs);
        include(ranges.latency, first, span.least.latency, span.most.latency);
        include(ranges.sramBytes, first, tables.sramOf(span.least), tables.sramOf(span.most));
        include(ranges.flashBytes, first, tables.flashOf(span.least), tables.flashOf(span.most));
        first = false;
    }
    return ranges;
}

std::vector<AtomKey> unmeasuredOperators(const Report &report)
{
    std::vector<AtomKey> keys;
    for (const Layer &layer : report.layers)
        if (layer.latency.source != Source::Measured &&
            std::find(keys.begin(), keys.end(), layer.atom.key) == keys.end())
            keys.push_back(layer.atom.key);
    return keys;
}

} // namespace atomnet
