#pragma once

#include "core/atomdb/atom_table.h"

#include <QHash>
#include <QString>

#include <optional>
#include <vector>

namespace atomnet
{

/// Largest value of a sample (about eleven days in nanoseconds); keeps all sums of samples inside
/// 64 bits.
inline constexpr qint64 maxSampleValue = 1'000'000'000'000'000;

/// Where samples come from.
struct SampleOrigin {
    QString name;   ///< file name or device
    QString sha256; ///< of the file; empty when unknown
    bool operator==(const SampleOrigin &) const = default;
};

/// Whether samples may be ones that the database holds already.
enum class Occurrences : quint8 {
    MayBeKnown, ///< as in files: the nth sample of a value is the database's nth
    AllNew,     ///< just measured: an equal value was measured once more
};

/// Samples of one run condition, in memory, before they go to the database. Keys are held once.
class SampleBatch
{
public:
    struct Entry {
        quint32 key = 0;    ///< index into keys()
        quint32 origin = 0; ///< index into origins
        qint64 value = 0;   ///< nanoseconds or instructions, 1 to maxSampleValue
        std::optional<qint64> cycles = {}, flashBytes = {}, sramBytes = {};
    };

    /// What the batch was measured under; without one, who imports the batch says it.
    std::optional<RunCondition> condition;
    SampleUnit unit = SampleUnit::Nanoseconds;
    std::vector<SampleOrigin> origins;
    Occurrences occurrences = Occurrences::MayBeKnown;

    /// True when no earlier sample of the batch has this key.
    bool add(const AtomKey &key, Entry entry);
    [[nodiscard]] const std::vector<AtomKey> &keys() const { return m_keys; }
    [[nodiscard]] const std::vector<Entry> &entries() const { return m_entries; }
    /// How many keys have more than one sample.
    [[nodiscard]] qint64 repeatedKeys() const;

private:
    QHash<AtomKey, quint32> m_index;
    std::vector<AtomKey> m_keys;
    std::vector<Entry> m_entries;
};

/// True when a key can stand in AtomDB: known enumerators, every size at least 1 and within bounds
/// that keep all products inside 64 bits or saturated.
[[nodiscard]] bool isStorable(const AtomKey &key);

/// Median, low and high of ascending values: see AtomStats. Even counts take the mean of the middle
/// two, quantiles are interpolated; both rounded down. Nothing to summarise gives zeros.
[[nodiscard]] AtomStats summarise(const std::vector<qint64> &ascending);

} // namespace atomnet
