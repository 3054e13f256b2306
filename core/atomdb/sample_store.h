#pragma once

#include "core/atomdb/atom_db.h"
#include "core/atomdb/sample_batch.h"
#include "core/atomdb/sql_connection.h"

#include <array>
#include <span>

// Samples into the tables and out of them. The callers know files and reports; here is only what
// AtomDB holds.
namespace atomnet
{

struct StoreCounts {
    qint64 added = 0, present = 0;
};

/// Adds what the database lacks, aggregates included, in one transaction: all or nothing. A sample
/// is there already when the database holds as many of its condition, key and value as the batch
/// does, save in a batch that is all new. Batches without a condition get `fallback`. With `once`,
/// that origin is written among the sources beside those of the samples; when it stands there
/// already, nothing is stored.
[[nodiscard]] Result<StoreCounts> storeBatches(const SqlConnection &connection,
                                               std::span<const SampleBatch> batches,
                                               const RunCondition &fallback,
                                               const RunControl &control,
                                               const SampleOrigin *once = nullptr);

/// The condition's id; it is added when the database lacks it.
[[nodiscard]] Result<qint64> findOrAddCondition(const SqlConnection &connection,
                                                const RunCondition &condition, SampleUnit unit);

/// The name that versions of the AtomDB that ships stand under among the sources.
inline constexpr auto shippedSourceName = "AtomDB that ships with the designer";
[[nodiscard]] Result<bool> hasOrigin(const SqlConnection &connection, const SampleOrigin &origin);
/// The version of a shipped AtomDB; BadInput when it is none.
[[nodiscard]] Result<SampleOrigin> shippedVersion(const SqlConnection &connection);

/// Everything, one batch per condition, as storeBatches() takes it.
[[nodiscard]] Result<std::vector<SampleBatch>> readBatches(const SqlConnection &connection,
                                                           const RunControl &control);

/// All conditions with their counts, by id.
[[nodiscard]] Result<std::vector<ConditionInfo>> readConditions(const SqlConnection &connection);
/// Keys and aggregates of one condition.
[[nodiscard]] Result<std::vector<AtomTable::Row>> readRows(const SqlConnection &connection,
                                                           qint64 conditionId);
/// Statement for findKey().
[[nodiscard]] Result<QSqlQuery> prepareFindKey(const SqlConnection &connection);
/// Id of this very key; 0 when there is none.
[[nodiscard]] Result<qint64> findKey(const SqlConnection &connection, QSqlQuery &query,
                                     const AtomKey &key);

/// The fields of a key in the order of keyColumns().
[[nodiscard]] std::array<qint64, 22> keyValues(const AtomKey &key);
/// A key from columns `first` and on of the row the query is at; nothing when they do not describe
/// one.
[[nodiscard]] std::optional<AtomKey> keyFrom(const QSqlQuery &query, int first);

/// Text as SQLite takes it: a null QString would become NULL.
[[nodiscard]] QVariant sqlText(const QString &text);

} // namespace atomnet
