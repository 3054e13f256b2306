#include "core/analysis/explorer/explorer_filter.h"

namespace atomnet
{

void ExplorerFilter::setKind(AtomKind kind, bool on)
{
    const quint32 bit = 1U << int(kind);
    kinds = on ? kinds | bit : kinds & ~bit;
}

void ExplorerFilter::setAct(KeyAct act, bool on)
{
    const quint32 bit = 1U << actBit(act);
    acts = on ? acts | bit : acts & ~bit;
}

bool ExplorerFilter::holdsKey(const AtomKey &key) const
{
    return hasKind(key.kind) && hasAct(key.act) && kernel.holds(key.kernelH) &&
           stride.holds(key.strideH) && inChannels.holds(key.inC) && outChannels.holds(key.outC) &&
           mapSize.holds(key.outH);
}

bool ExplorerFilter::holds(const AtomTable::Row &row) const
{
    return holdsKey(row.key) && samples.holds(int(std::min<quint32>(
                                    row.stats.count, quint32(std::numeric_limits<int>::max()))));
}

RowMask filterRows(const ExplorerTable &table, const ExplorerFilter &filter)
{
    RowMask mask;
    const std::vector<AtomTable::Row> &rows = table.table().rows();
    if (filter == ExplorerFilter{}) {
        mask.shown.assign(rows.size(), 1);
        mask.count = quint32(rows.size());
        return mask;
    }
    mask.shown.resize(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        mask.shown[i] = filter.holds(rows[i]);
        mask.count += mask.shown[i];
    }
    return mask;
}

} // namespace atomnet
