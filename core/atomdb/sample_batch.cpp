#include "core/atomdb/sample_batch.h"

#include <algorithm>

namespace atomnet
{

namespace
{

/// Value at `percent` of the way from the first to the last.
qint64 quantile(const std::vector<qint64> &ascending, qint64 percent)
{
    const qint64 place = percent * qint64(ascending.size() - 1);
    const std::size_t below = std::size_t(place / 100);
    const qint64 rest = place % 100;
    const qint64 low = ascending[below];
    if (rest == 0) return low;
    return low + (ascending[below + 1] - low) * rest / 100;
}

} // namespace

bool SampleBatch::add(const AtomKey &key, Entry entry)
{
    const qsizetype known = m_index.size();
    const auto place = m_index.constFind(key);
    entry.key = place != m_index.constEnd() ? *place : quint32(known);
    if (place == m_index.constEnd()) {
        m_index.insert(key, entry.key);
        m_keys.push_back(key);
    }
    m_entries.push_back(entry);
    return m_index.size() != known;
}

qint64 SampleBatch::repeatedKeys() const
{
    std::vector<quint32> counts(m_keys.size(), 0);
    for (const Entry &entry : m_entries)
        ++counts[entry.key];
    return std::count_if(counts.begin(), counts.end(), [](quint32 count) { return count > 1; });
}

bool isStorable(const AtomKey &key)
{
    const auto within = [](qint64 value, qint64 low, qint64 high) {
        return value >= low && value <= high;
    };
    constexpr qint64 maxKeySide = 65535, maxKeyChannels = 1 << 20, maxKeyKernel = 255;
    for (const qint32 side : {key.inH, key.inW, key.outH, key.outW})
        if (!within(side, 1, maxKeySide)) return false;
    for (const qint32 channels : {key.inC, key.outC, key.groups})
        if (!within(channels, 1, maxKeyChannels)) return false;
    for (const quint16 kernel : {key.kernelH, key.kernelW, key.dilation})
        if (!within(kernel, 1, maxKeyKernel)) return false;
    const int kind = int(key.kind), act = int(key.act);
    return within(key.squeeze, 0, maxKeyChannels) && key.strideH >= 1 && key.strideW >= 1 &&
           within(kind, 1, atomKindCount - 1) &&
           (within(act, 0, int(KeyAct::HSigmoid)) || key.act == KeyAct::Unknown) &&
           key.type == DataType::Int8 && int(key.weights) <= int(WeightPlace::Ram);
}

AtomStats summarise(const std::vector<qint64> &ascending)
{
    if (ascending.empty()) return {};
    AtomStats stats;
    stats.count = quint32(ascending.size());
    stats.median = quantile(ascending, 50);
    const bool few = ascending.size() < 4;
    stats.low = few ? ascending.front() : quantile(ascending, 5);
    stats.high = few ? ascending.back() : quantile(ascending, 95);
    return stats;
}

} // namespace atomnet
