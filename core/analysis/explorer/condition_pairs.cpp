#include "core/analysis/explorer/condition_pairs.h"

#include <QHash>

#include <algorithm>
#include <tuple>

namespace atomnet
{

namespace
{

constexpr std::size_t askEvery = 4096;

/// Rows of a table by shape.
class ShapeIndex
{
public:
    ShapeIndex(const AtomTable &table, const RunControl &control) : m_rows(table.rows())
    {
        m_by.reserve(qsizetype(m_rows.size()));
        for (std::size_t i = 0; i < m_rows.size(); ++i) {
            if (i % askEvery == 0 && control.cancelled()) return;
            m_by.insert(shapeOnly(m_rows[i].key), quint32(i));
        }
    }
    [[nodiscard]] std::optional<quint32> find(const AtomKey &key) const
    {
        std::optional<quint32> best;
        const auto rank = [&](quint32 row) {
            const AtomTable::Row &r = m_rows[row];
            const int act = r.key.act == key.act ? 2 : r.key.act == KeyAct::None ? 1 : 0;
            return std::tuple(act, r.stats.median, ~row); // one answer, whatever the hash's order
        };
        const auto [from, to] = m_by.equal_range(shapeOnly(key));
        for (auto it = from; it != to; ++it)
            if (!best || rank(*it) > rank(*best)) best = *it;
        return best;
    }

private:
    const std::vector<AtomTable::Row> &m_rows;
    QMultiHash<AtomKey, quint32> m_by;
};

} // namespace

AtomKey shapeOnly(const AtomKey &key)
{
    AtomKey shape = key;
    shape.inH += key.padT + key.padB;
    shape.inW += key.padL + key.padR;
    shape.padT = shape.padL = shape.padB = shape.padR = 0;
    shape.variant = 0;
    shape.act = KeyAct::Unknown;
    shape.weights = WeightPlace::Flash;
    return shape;
}

ConditionPairs pairConditions(const AtomTable &first, const AtomTable &second,
                              const RunControl &control)
{
    ConditionPairs result;
    const std::vector<AtomTable::Row> &rows = first.rows();
    QHash<AtomKey, quint32> keys;
    keys.reserve(qsizetype(second.rows().size()));
    for (std::size_t i = 0; i < second.rows().size(); ++i) {
        if (i % askEvery == 0 && control.cancelled()) return {};
        keys.insert(second.rows()[i].key, quint32(i));
    }
    std::optional<ShapeIndex> shapes; // only when some key finds none
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i % askEvery == 0 && control.cancelled()) return {};
        const AtomKey &key = rows[i].key;
        if (const auto same = keys.constFind(key); same != keys.constEnd()) {
            result.pairs.push_back({quint32(i), *same, true});
            ++result.exact;
            continue;
        }
        if (!shapes) shapes.emplace(second, control);
        if (const auto row = shapes->find(key)) result.pairs.push_back({quint32(i), *row, false});
    }
    return control.cancelled() ? ConditionPairs{} : result;
}

} // namespace atomnet
