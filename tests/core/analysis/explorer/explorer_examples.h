#pragma once

#include "core/analysis/explorer/explorer_table.h"

#include <memory>
#include <vector>

// Small tables to explore.
namespace atomnet::test
{

inline AtomKey pointwiseKey(int side, int in, int out, KeyAct act = KeyAct::Unknown)
{
    AtomKey key;
    key.kind = AtomKind::Pointwise;
    key.inH = key.inW = key.outH = key.outW = side;
    key.inC = in;
    key.outC = out;
    key.act = act;
    return key;
}

inline AtomKey depthwiseKey(int side, int channels, int kernel = 3, KeyAct act = KeyAct::Unknown)
{
    AtomKey key = pointwiseKey(side, channels, channels, act);
    key.kind = AtomKind::Depthwise;
    key.groups = channels;
    key.inH = key.inW = side + kernel - 1; // padded, as x-cube-ai-7.2 has it
    key.kernelH = key.kernelW = quint16(kernel);
    return key;
}

inline AtomStats statsOf(qint64 median, quint32 count = 1)
{
    return {median, median - median / 50, median + median / 50, count};
}

inline std::shared_ptr<const AtomTable>
tableOf(std::vector<AtomTable::Row> rows, const QString &board = QStringLiteral("stm32h743"),
        const QString &runtime = QStringLiteral("x-cube-ai-7.2"),
        SampleUnit unit = SampleUnit::Nanoseconds)
{
    RunCondition condition;
    condition.board = board;
    condition.runtime = runtime;
    condition.clockHz = 400'000'000;
    return std::make_shared<const AtomTable>(condition, unit, std::move(rows));
}

/// Pointwise and depthwise operators of several sizes.
inline std::shared_ptr<const AtomTable> exampleTable()
{
    std::vector<AtomTable::Row> rows;
    for (const int side : {5, 10, 20})
        for (const int channels : {16, 32, 64}) {
            rows.push_back({pointwiseKey(side, channels, 2 * channels),
                            statsOf(qint64(side) * side * channels * 500, 3)});
            rows.push_back(
                {depthwiseKey(side, channels), statsOf(qint64(side) * side * channels * 110)});
        }
    return tableOf(std::move(rows));
}

} // namespace atomnet::test
