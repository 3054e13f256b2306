#pragma once

#include "core/analysis/explorer/explorer_table.h"

#include <limits>

// Which operators the Explorer shows.
namespace atomnet
{

/// Both ends belong to it.
struct FieldRange {
    int low = 0, high = std::numeric_limits<int>::max();
    bool operator==(const FieldRange &) const = default;
    [[nodiscard]] bool holds(int value) const { return value >= low && value <= high; }
    [[nodiscard]] bool isOpen() const { return *this == FieldRange{}; }
};

/// A row is shown when all of it holds. As it is made, everything is.
struct ExplorerFilter {
    quint32 kinds = ~0U; ///< bit of each AtomKind
    quint32 acts = ~0U;  ///< bit of each KeyAct, bit 31 for unknown
    FieldRange kernel, stride, inChannels, outChannels;
    FieldRange mapSize; ///< height of the output map
    FieldRange samples;
    bool operator==(const ExplorerFilter &) const = default;

    [[nodiscard]] bool hasKind(AtomKind kind) const { return kinds >> int(kind) & 1U; }
    void setKind(AtomKind kind, bool on);
    [[nodiscard]] bool hasAct(KeyAct act) const { return acts >> actBit(act) & 1U; }
    void setAct(KeyAct act, bool on);

    /// What of it a key without samples can fail: all but `samples`.
    [[nodiscard]] bool holdsKey(const AtomKey &key) const;
    [[nodiscard]] bool holds(const AtomTable::Row &row) const;

private:
    [[nodiscard]] static int actBit(KeyAct act) { return act == KeyAct::Unknown ? 31 : int(act); }
};

/// 1 for each row that is shown, else 0.
struct RowMask {
    std::vector<quint8> shown;
    quint32 count = 0;
};
[[nodiscard]] RowMask filterRows(const ExplorerTable &table, const ExplorerFilter &filter);

} // namespace atomnet
