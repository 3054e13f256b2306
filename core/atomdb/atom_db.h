#pragma once

#include "core/atomdb/atom_table.h"
#include "core/atomdb/import_report.h"
#include "core/atomdb/sample_batch.h"
#include "core/base/result.h"
#include "core/base/run_control.h"

#include <memory>

// The store of measured operators: SQLite through Qt Sql (WAL, foreign keys, one transaction per
// import). All SQL of the project is in this folder. An AtomDb belongs to the thread that opened
// it.
namespace atomnet
{

/// One new sample. Nanoseconds or instructions, by unit.
struct Sample {
    AtomKey key;
    qint64 value = 0;
    SampleUnit unit = SampleUnit::Nanoseconds;
    std::optional<qint64> cycles;
    std::optional<qint64> flashBytes, sramBytes; ///< as the source reports them
};

struct ConditionInfo {
    qint64 id = 0;
    RunCondition condition;
    SampleUnit unit = SampleUnit::Nanoseconds;
    qint64 keys = 0, samples = 0;
};

struct SourceInfo {
    QString name; ///< file name or device
    QString sha256;
    QString addedAt; ///< ISO 8601, UTC
    qint64 samples = 0;
};

struct DbInfo {
    QString path;
    int schemaVersion = 0;
    qint64 fileBytes = 0;
    qint64 samples = 0, keys = 0;
    std::vector<ConditionInfo> conditions;
    std::vector<SourceInfo> sources;
    struct KindCount {
        qint64 condition = 0;
        AtomKind kind = AtomKind::Conv;
        qint64 keys = 0, samples = 0;
    };
    std::vector<KindCount> kinds;
};

/// Samples of one key, for tool tips and the explorer.
struct KeySamples {
    AtomStats stats;
    std::vector<qint64> values; ///< ascending
};

struct MergeReport {
    qint64 added = 0, present = 0; ///< samples
    qint64 networks = 0;           ///< whole networks' latencies that were added
    struct Conflict { ///< a key that both databases hold under one condition with intervals that do
                      ///< not meet
        RunCondition condition;
        AtomKey key;
        AtomStats ours, theirs;
    };
    std::vector<Conflict> conflicts;
};

/// A whole network's latency as AtomDB keeps it.
struct NetworkSample {
    QString name;
    QByteArray design; ///< an .atomnet file
    qint64 value = 0;  ///< in the condition's unit
};

/// A model that was fitted on the samples of one condition.
struct StoredModel {
    QString fingerprint; ///< of the data it was fitted on
    QByteArray json;     ///< writeLatencyModel()
};

class AtomDb
{
public:
    enum class Mode : quint8 { ReadWrite, ReadOnly };
    static constexpr int schemaVersion = 2;

    /// Opens, or creates (ReadWrite) with its folders. Migrates older schemas after a backup beside
    /// the file. Errors: NewerFile; Io when locked, not writable or not openable; BadInput when it
    /// is damaged or not an AtomDB.
    [[nodiscard]] static Result<AtomDb> open(const QString &path, Mode mode = Mode::ReadWrite);
    /// The user's own AtomDB: <XDG data folder>/atomnet-designer/atomdb.sqlite.
    [[nodiscard]] static QString defaultPath();

    AtomDb(AtomDb &&) noexcept;
    AtomDb &operator=(AtomDb &&) noexcept;
    ~AtomDb();

    /// Imports one of the authors' CSV files (operators or SE modules: told apart by the header) or
    /// our own export. Samples of the authors' files get `condition` (xCubeAiH743() by default).
    /// One transaction: all or nothing; importing the same file again changes nothing.
    [[nodiscard]] Result<ImportReport> importCsv(const QString &path, const RunCondition &condition,
                                                 const RunControl &control = {});
    /// The condition of the public AtomDB: STM32H743 at 400 MHz, X-CUBE-AI 7.2; caches and compiler
    /// not recorded.
    [[nodiscard]] static RunCondition xCubeAiH743();

    /// Adds samples at once, aggregates included; returns how many were new. As everywhere, a
    /// sample that is there already (condition, key, value, nth occurrence) is not added again,
    /// unless they were just measured: then equal values are further occurrences. BadInput when one
    /// is impossible: then none is added.
    [[nodiscard]] Result<qint64> addSamples(const RunCondition &condition, const QString &source,
                                            const std::vector<Sample> &samples,
                                            Occurrences occurrences = Occurrences::MayBeKnown);

    /// All samples as CSV in our own format (described at csv_export.h), sorted; importing it gives
    /// an equal database, but for models and whole networks' latencies: those are not samples of
    /// operators.
    [[nodiscard]] Result<qint64> exportCsv(const QString &path,
                                           const RunControl &control = {}) const;
    /// Takes over what another AtomDB holds and this one lacks: samples and whole networks'
    /// latencies. Models stay where they are: they are of other data.
    [[nodiscard]] Result<MergeReport> merge(const QString &otherPath,
                                            const RunControl &control = {});

    /// Takes over the AtomDB that ships (shipped_atomdb.h), once for each version of it: afterwards
    /// its fingerprint stands among the sources, and nothing is read again. Returns how many
    /// samples were new. All or nothing.
    [[nodiscard]] Result<qint64> takeOverShipped(const QString &path,
                                                 const RunControl &control = {});
    /// Imports an export of ours as what ships: with its fingerprint. BadInput when a line of it
    /// cannot be used.
    [[nodiscard]] Result<qint64> importShipped(const QString &csvPath);

    [[nodiscard]] Result<DbInfo> info() const;
    [[nodiscard]] Result<std::vector<ConditionInfo>> conditions() const;
    /// Snapshot of one condition.
    [[nodiscard]] Result<AtomTable> table(qint64 conditionId) const;
    /// Snapshot for a board and a runtime: of its conditions the one with most samples, those of
    /// `kernelVersion` before others; an empty table when none.
    [[nodiscard]] Result<AtomTable> table(const QString &board, const QString &runtime,
                                          const QString &kernelVersion = {}) const;
    /// The samples that AtomTable::find would give for this key: of this activation, else of
    /// unknown activation.
    [[nodiscard]] Result<KeySamples> samples(qint64 conditionId, const AtomKey &key) const;

    /// Keeps the model of this condition, instead of an earlier one; an empty json removes it.
    [[nodiscard]] Result<> storeModel(qint64 conditionId, const StoredModel &model);
    [[nodiscard]] Result<std::optional<StoredModel>> storedModel(qint64 conditionId) const;
    /// Equal (condition, design, value) are kept once. BadInput for an impossible value.
    [[nodiscard]] Result<> addNetworkSample(const RunCondition &condition, SampleUnit unit,
                                            const NetworkSample &sample);
    [[nodiscard]] Result<std::vector<NetworkSample>> networkSamples(qint64 conditionId) const;

private:
    struct Private;
    explicit AtomDb(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace atomnet
