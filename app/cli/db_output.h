#pragma once

#include "core/analysis/latency_model.h"
#include "core/atomdb/atom_db.h"

#include <QJsonObject>
#include <QString>

#include <vector>

// What the db commands print, for people and for machines. Each ends with a line feed.
namespace atomnet
{

[[nodiscard]] QString importText(const std::vector<ImportReport> &reports, int modelsFitted);
[[nodiscard]] QString importJson(const QString &dbPath, const std::vector<ImportReport> &reports,
                                 int modelsFitted);
[[nodiscard]] QString infoText(const DbInfo &info);
[[nodiscard]] QString infoJson(const DbInfo &info);
[[nodiscard]] QString exportText(const QString &file, qint64 samples);
[[nodiscard]] QString exportJson(const QString &file, qint64 samples);
[[nodiscard]] QString mergeText(const MergeReport &report, int modelsFitted);
[[nodiscard]] QString mergeJson(const MergeReport &report, int modelsFitted);
/// The error of each kind's model, not the model itself.
[[nodiscard]] QString fitText(const LatencyModel &model);
[[nodiscard]] QString fitJson(const LatencyModel &model);

/// A run condition as other commands tell it too.
[[nodiscard]] QString conditionText(const RunCondition &condition);
[[nodiscard]] QJsonObject conditionJson(const RunCondition &condition);
/// "ns" or "instructions".
[[nodiscard]] QString unitText(SampleUnit unit);

} // namespace atomnet
