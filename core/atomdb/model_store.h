#pragma once

#include "core/atomdb/atom_db.h"
#include "core/atomdb/sql_connection.h"

// Models and whole networks' latencies in the tables and out of them. A file of version 1 that is
// only read has neither table: it holds none of both.
namespace atomnet
{

[[nodiscard]] Result<> writeModel(const SqlConnection &connection, qint64 conditionId,
                                  const StoredModel &model);
[[nodiscard]] Result<std::optional<StoredModel>> readModel(const SqlConnection &connection,
                                                           qint64 conditionId);

/// Returns whether it was new. BadInput for a value that no network can have.
[[nodiscard]] Result<bool> writeNetwork(const SqlConnection &connection,
                                        const RunCondition &condition, SampleUnit unit,
                                        const NetworkSample &sample);
/// In the order in which they came.
[[nodiscard]] Result<std::vector<NetworkSample>> readNetworks(const SqlConnection &connection,
                                                              qint64 conditionId);
/// Takes over the networks of `theirs` that `ours` lacks, all or none; returns how many.
[[nodiscard]] Result<qint64> copyNetworks(const SqlConnection &ours, const SqlConnection &theirs);

} // namespace atomnet
