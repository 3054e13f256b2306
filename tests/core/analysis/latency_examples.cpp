#include "latency_examples.h"

#include <QRandomGenerator>
#include <QSet>

#include <cmath>

namespace atomnet
{

AtomKey pointwise(int side, int inC, int outC)
{
    AtomKey key;
    key.kind = AtomKind::Pointwise;
    key.inH = key.inW = key.outH = key.outW = side;
    key.inC = inC;
    key.outC = outC;
    return key;
}

double simpleLaw(const AtomKey &key)
{
    return 1800 + 30.0 * key.outH * key.outW * key.outC + 2.0 * double(macsOf(key));
}

AtomTable pointwiseTable(int count, quint32 seed, const std::function<double(const AtomKey &)> &law)
{
    QRandomGenerator random(seed);
    QSet<AtomKey> seen;
    std::vector<AtomTable::Row> rows;
    while (int(rows.size()) < count) {
        const AtomKey key =
            pointwise(1 + int(random.bounded(60)), 8 * (1 + int(random.bounded(50))),
                      8 * (1 + int(random.bounded(50))));
        if (seen.contains(key)) continue;
        seen.insert(key);
        AtomStats stats;
        stats.median = stats.low = stats.high = std::llround(law(key));
        stats.count = 1;
        rows.push_back({key, stats});
    }
    RunCondition condition;
    condition.board = QStringLiteral("board");
    condition.runtime = QStringLiteral("runtime");
    condition.clockHz = 400'000'000;
    return AtomTable(condition, SampleUnit::Nanoseconds, std::move(rows));
}

} // namespace atomnet
