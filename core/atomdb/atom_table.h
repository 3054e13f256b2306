#pragma once

#include "core/lowering/atom_key.h"

#include <QString>

#include <array>
#include <optional>
#include <vector>

namespace atomnet
{

/// Run condition of samples: what besides the operator itself decides its latency.
struct RunCondition {
    QString board = QString();   ///< board id
    QString runtime = QString(); ///< runtime id
    qint64 clockHz = 0;          ///< 0 on virtual boards
    QString caches = QString();  ///< e.g. "I+D", "off"; empty when not recorded
    QString compiler = QString();
    QString flags = QString();
    QString kernelVersion = QString();
    bool operator==(const RunCondition &) const = default;
};

enum class SampleUnit : quint8 { Nanoseconds = 0, Instructions = 1 };

/// Samples of one key under one condition. Values in the table's unit.
struct AtomStats {
    qint64 median = 0;
    qint64 low = 0;  ///< 5 % quantile when count >= 4, else minimum
    qint64 high = 0; ///< 95 % quantile when count >= 4, else maximum
    quint32 count = 0;
    bool operator==(const AtomStats &) const = default;
};

/// Immutable snapshot of AtomDB for one run condition: an open-addressing hash table, safe to share
/// between threads. At least 10 million look-ups a second.
class AtomTable
{
public:
    AtomTable() = default;
    struct Row {
        AtomKey key;
        AtomStats stats;
    };
    AtomTable(RunCondition condition, SampleUnit unit, std::vector<Row> rows);

    /// The samples of this key: exact activation first, then rows of unknown activation, never
    /// another one.
    [[nodiscard]] const AtomStats *find(const AtomKey &key) const noexcept;
    /// The samples of this key with this very activation.
    [[nodiscard]] const AtomStats *findExact(const AtomKey &key) const noexcept
    {
        return m_rows.empty() ? nullptr : lookUp(key);
    }

    [[nodiscard]] const std::vector<Row> &rows() const { return m_rows; }
    [[nodiscard]] bool isEmpty() const { return m_rows.empty(); }
    [[nodiscard]] qint64 sampleCount() const { return m_samples; }
    [[nodiscard]] const RunCondition &condition() const { return m_condition; }
    [[nodiscard]] SampleUnit unit() const { return m_unit; }
    /// Typical spread between samples of this kind, as a share of the median: the median over its
    /// keys with several samples of (high - low) / 2 / median; used for keys with one sample. For a
    /// kind without any such key, the median over those of all kinds. At least 0.01.
    [[nodiscard]] double spread(AtomKind kind) const;

private:
    [[nodiscard]] const AtomStats *lookUp(const AtomKey &key) const noexcept;

    RunCondition m_condition;
    SampleUnit m_unit = SampleUnit::Nanoseconds;
    std::vector<Row> m_rows;
    struct Slot {
        quint32 tag = 0; ///< upper half of the key's hash: spares most looks at the row
        quint32 row = 0; ///< row index + 1, 0 is empty
    };
    std::vector<Slot> m_slots; ///< size is a power of two
    quint64 m_mask = 0;
    quint32 m_acts = 0; ///< activations that occur: others are not looked for
    qint64 m_samples = 0;
    std::array<double, atomKindCount> m_spread{};
};

} // namespace atomnet
