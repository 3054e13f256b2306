#include "core/atomdb/atom_table.h"

#include <algorithm>
#include <bit>

namespace atomnet
{

namespace
{

constexpr double leastSpread = 0.01;

double medianOf(std::vector<double> &values)
{
    const auto middle = values.begin() + qsizetype(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

/// One bit per activation; keys from outside with others share the last one.
quint32 actBit(KeyAct act)
{
    return 1U << std::min<unsigned>(unsigned(act), 31U);
}

} // namespace

AtomTable::AtomTable(RunCondition condition, SampleUnit unit, std::vector<Row> rows)
    : m_condition(std::move(condition)), m_unit(unit), m_rows(std::move(rows))
{
    // At most half full: a search ends after one or two slots.
    const std::size_t slots = std::bit_ceil(std::max<std::size_t>(m_rows.size() * 2, 16));
    m_slots.resize(slots);
    m_mask = slots - 1;
    std::array<std::vector<double>, atomKindCount> spreads;
    std::vector<double> all;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const Row &row = m_rows[i];
        m_samples += row.stats.count;
        m_acts |= actBit(row.key.act);
        const quint64 hash = hashOf(row.key);
        quint64 at = hash & m_mask;
        while (m_slots[at].row != 0)
            at = (at + 1) & m_mask;
        m_slots[at] = {quint32(hash >> 32), quint32(i + 1)};
        if (row.stats.count < 2 || row.stats.median <= 0) continue;
        const double spread = double(row.stats.high - row.stats.low) / 2 / double(row.stats.median);
        all.push_back(spread);
        const std::size_t kind = std::size_t(row.key.kind);
        if (kind < spreads.size()) spreads[kind].push_back(spread);
    }
    const double general = all.empty() ? leastSpread : std::max(leastSpread, medianOf(all));
    for (std::size_t kind = 0; kind < spreads.size(); ++kind)
        m_spread[kind] =
            spreads[kind].empty() ? general : std::max(leastSpread, medianOf(spreads[kind]));
}

const AtomStats *AtomTable::find(const AtomKey &key) const noexcept
{
    if ((m_acts & actBit(key.act)) != 0)
        if (const AtomStats *exact = lookUp(key)) return exact;
    if (key.act == KeyAct::Unknown || (m_acts & actBit(KeyAct::Unknown)) == 0) return nullptr;
    AtomKey anyAct = key;
    anyAct.act = KeyAct::Unknown;
    return lookUp(anyAct);
}

const AtomStats *AtomTable::lookUp(const AtomKey &key) const noexcept
{
    const quint64 hash = hashOf(key);
    const quint32 tag = quint32(hash >> 32);
    for (quint64 at = hash & m_mask;; at = (at + 1) & m_mask) {
        const Slot slot = m_slots[at];
        if (slot.row == 0) return nullptr;
        if (slot.tag == tag && m_rows[slot.row - 1].key == key) return &m_rows[slot.row - 1].stats;
    }
}

double AtomTable::spread(AtomKind kind) const
{
    const std::size_t index = std::size_t(kind);
    return index < m_spread.size() ? std::max(leastSpread, m_spread[index]) : leastSpread;
}

} // namespace atomnet
