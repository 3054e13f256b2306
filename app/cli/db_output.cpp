#include "app/cli/db_output.h"

#include "core/base/format.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace atomnet
{

QString unitText(SampleUnit unit)
{
    return unit == SampleUnit::Nanoseconds ? QStringLiteral("ns") : QStringLiteral("instructions");
}

QString conditionText(const RunCondition &condition)
{
    QStringList parts{condition.board, condition.runtime};
    if (condition.clockHz > 0) parts << QStringLiteral("%1 MHz").arg(condition.clockHz / 1'000'000);
    if (!condition.caches.isEmpty()) parts << QStringLiteral("caches ") + condition.caches;
    for (const QString &part : {condition.compiler, condition.flags, condition.kernelVersion}) {
        if (!part.isEmpty()) parts << part;
    }
    return parts.join(QStringLiteral(", "));
}

QJsonObject conditionJson(const RunCondition &condition)
{
    return {{QStringLiteral("board"), condition.board},
            {QStringLiteral("runtime"), condition.runtime},
            {QStringLiteral("clock_hz"), condition.clockHz},
            {QStringLiteral("caches"), condition.caches},
            {QStringLiteral("compiler"), condition.compiler},
            {QStringLiteral("flags"), condition.flags},
            {QStringLiteral("kernel_version"), condition.kernelVersion}};
}

namespace
{

constexpr int rangesInText = 8; ///< of line numbers, for each reason; the JSON lists all

QString toText(const QJsonObject &object)
{
    return QString::fromUtf8(QJsonDocument(object).toJson());
}

QJsonObject toJson(const AtomStats &stats)
{
    return {{QStringLiteral("median"), stats.median},
            {QStringLiteral("low"), stats.low},
            {QStringLiteral("high"), stats.high},
            {QStringLiteral("samples"), qint64(stats.count)}};
}

QString modelsText(int fitted)
{
    return fitted > 0 ? QStringLiteral("latency models fitted anew: %1\n").arg(fitted) : QString();
}

QString interval(const AtomStats &stats)
{
    return QStringLiteral("%1 to %2 (%3 samples)").arg(stats.low).arg(stats.high).arg(stats.count);
}

} // namespace

QString importText(const std::vector<ImportReport> &reports, int modelsFitted)
{
    QString result;
    for (const ImportReport &report : reports) {
        // File names are joined, not substituted: they may hold a per cent sign.
        result +=
            report.file + QStringLiteral(": %1 lines, %2 samples (%3 new, %4 already there)\n")
                              .arg(report.lines)
                              .arg(report.used)
                              .arg(report.added)
                              .arg(report.present);
        result +=
            QStringLiteral("  %1 operators, %2 of them with several samples; %3 lines repaired, "
                           "%4 skipped, %5 rejected\n")
                .arg(report.keys)
                .arg(report.repeatedKeys)
                .arg(report.repaired)
                .arg(report.skipped)
                .arg(report.rejected);
        for (const ImportReport::Reason &reason : report.reasons(rangesInText))
            result += QStringLiteral("  %1 %2  %3: lines %4\n")
                          .arg(toString(reason.action), -8)
                          .arg(reason.count, 6)
                          .arg(reason.reason, reason.lines);
    }
    return result + modelsText(modelsFitted);
}

QString importJson(const QString &dbPath, const std::vector<ImportReport> &reports,
                   int modelsFitted)
{
    QJsonArray files;
    for (const ImportReport &report : reports) {
        QJsonArray reasons;
        for (const ImportReport::Reason &reason : report.reasons())
            reasons.append(QJsonObject{{QStringLiteral("action"), toString(reason.action)},
                                       {QStringLiteral("reason"), reason.reason},
                                       {QStringLiteral("count"), reason.count},
                                       {QStringLiteral("lines"), reason.lines}});
        files.append(QJsonObject{{QStringLiteral("file"), report.file},
                                 {QStringLiteral("lines"), report.lines},
                                 {QStringLiteral("used"), report.used},
                                 {QStringLiteral("added"), report.added},
                                 {QStringLiteral("present"), report.present},
                                 {QStringLiteral("repaired"), report.repaired},
                                 {QStringLiteral("skipped"), report.skipped},
                                 {QStringLiteral("rejected"), report.rejected},
                                 {QStringLiteral("merged"), report.merged},
                                 {QStringLiteral("keys"), report.keys},
                                 {QStringLiteral("repeated_keys"), report.repeatedKeys},
                                 {QStringLiteral("reasons"), reasons}});
    }
    return toText({{QStringLiteral("db"), dbPath},
                   {QStringLiteral("models_fitted"), modelsFitted},
                   {QStringLiteral("files"), files}});
}

QString infoText(const DbInfo &info)
{
    QString result = info.path + QStringLiteral(": schema %1, %2\n%3 samples of %4 operators\n")
                                     .arg(info.schemaVersion)
                                     .arg(formatKib(info.fileBytes))
                                     .arg(info.samples)
                                     .arg(info.keys);
    for (const ConditionInfo &condition : info.conditions) {
        result += QStringLiteral("\n%1: %2 samples of %3 operators, in %4\n")
                      .arg(conditionText(condition.condition))
                      .arg(condition.samples)
                      .arg(condition.keys)
                      .arg(unitText(condition.unit));
        for (const DbInfo::KindCount &kind : info.kinds) {
            if (kind.condition != condition.id) continue;
            result += QStringLiteral("  %1 %2 samples of %3 operators\n")
                          .arg(toString(kind.kind), -16)
                          .arg(kind.samples, 7)
                          .arg(kind.keys, 6);
        }
    }
    if (!info.sources.empty()) result += QStringLiteral("\nSources:\n");
    for (const SourceInfo &source : info.sources)
        result += QStringLiteral("  %1  %2 samples  %3\n")
                      .arg(source.addedAt)
                      .arg(source.samples, 7)
                      .arg(source.name);
    return result;
}

QString infoJson(const DbInfo &info)
{
    QJsonArray conditions;
    for (const ConditionInfo &condition : info.conditions) {
        QJsonArray kinds;
        for (const DbInfo::KindCount &kind : info.kinds) {
            if (kind.condition != condition.id) continue;
            kinds.append(QJsonObject{{QStringLiteral("kind"), toString(kind.kind)},
                                     {QStringLiteral("keys"), kind.keys},
                                     {QStringLiteral("samples"), kind.samples}});
        }
        QJsonObject object = conditionJson(condition.condition);
        object.insert(QStringLiteral("unit"), unitText(condition.unit));
        object.insert(QStringLiteral("keys"), condition.keys);
        object.insert(QStringLiteral("samples"), condition.samples);
        object.insert(QStringLiteral("kinds"), kinds);
        conditions.append(object);
    }
    QJsonArray sources;
    for (const SourceInfo &source : info.sources)
        sources.append(QJsonObject{{QStringLiteral("name"), source.name},
                                   {QStringLiteral("sha256"), source.sha256},
                                   {QStringLiteral("added_at"), source.addedAt},
                                   {QStringLiteral("samples"), source.samples}});
    return toText({{QStringLiteral("db"), info.path},
                   {QStringLiteral("schema_version"), info.schemaVersion},
                   {QStringLiteral("file_bytes"), info.fileBytes},
                   {QStringLiteral("samples"), info.samples},
                   {QStringLiteral("keys"), info.keys},
                   {QStringLiteral("conditions"), conditions},
                   {QStringLiteral("sources"), sources}});
}

QString exportText(const QString &file, qint64 samples)
{
    return file + QStringLiteral(": %1 samples written\n").arg(samples);
}

QString exportJson(const QString &file, qint64 samples)
{
    return toText({{QStringLiteral("file"), file}, {QStringLiteral("samples"), samples}});
}

QString mergeText(const MergeReport &report, int modelsFitted)
{
    QString result = QStringLiteral("%1 samples added, %2 were already there, %3 conflicts\n")
                         .arg(report.added)
                         .arg(report.present)
                         .arg(report.conflicts.size());
    if (report.networks > 0)
        result += QStringLiteral("%1 latencies of whole networks added\n").arg(report.networks);
    for (const MergeReport::Conflict &conflict : report.conflicts)
        result += QStringLiteral("  %1 (%2): ours %3, theirs %4\n")
                      .arg(describe(conflict.key), conditionText(conflict.condition),
                           interval(conflict.ours), interval(conflict.theirs));
    return result + modelsText(modelsFitted);
}

QString mergeJson(const MergeReport &report, int modelsFitted)
{
    QJsonArray conflicts;
    for (const MergeReport::Conflict &conflict : report.conflicts)
        conflicts.append(
            QJsonObject{{QStringLiteral("condition"), conditionJson(conflict.condition)},
                        {QStringLiteral("operator"), describe(conflict.key)},
                        {QStringLiteral("ours"), toJson(conflict.ours)},
                        {QStringLiteral("theirs"), toJson(conflict.theirs)}});
    return toText({{QStringLiteral("added"), report.added},
                   {QStringLiteral("present"), report.present},
                   {QStringLiteral("networks"), report.networks},
                   {QStringLiteral("models_fitted"), modelsFitted},
                   {QStringLiteral("conflicts"), conflicts}});
}

QString fitText(const LatencyModel &model)
{
    QString result =
        QStringLiteral("Latency model for %1, %2, fitted on %3; cross-validated errors:\n")
            .arg(model.board, model.runtime, model.fittedOn);
    for (const KindModel &kind : model.kinds) {
        result += QStringLiteral("  %1 ").arg(toString(kind.kind), -16);
        if (kind.derivedFrom)
            result += QStringLiteral("concluded from %1").arg(toString(*kind.derivedFrom));
        else
            result += QStringLiteral("%1 operators, mean %2 %, median %3 %")
                          .arg(kind.keys, 6)
                          .arg(kind.cvMeanError * 100, 0, 'f', 1)
                          .arg(kind.cvMedianError * 100, 0, 'f', 1);
        result += QStringLiteral(", %1 % within %2 %\n")
                      .arg(model.unit == SampleUnit::Instructions ? 95 : 90)
                      .arg(kind.halfWidth90 * 100, 0, 'f', 1);
    }
    for (const KernelRatio &ratio : model.kernelRatios)
        result += QStringLiteral("  %1 kernel %2: %3 +- %4 times the nearest measured one, learned "
                                 "from whole networks\n")
                      .arg(toString(ratio.kind))
                      .arg(ratio.kernel)
                      .arg(ratio.ratio, 0, 'f', 2)
                      .arg(ratio.standardError, 0, 'f', 2);
    return result;
}

QString fitJson(const LatencyModel &model)
{
    QJsonArray kinds;
    for (const KindModel &kind : model.kinds)
        kinds.append(QJsonObject{
            {QStringLiteral("kind"), toString(kind.kind)},
            {QStringLiteral("keys"), kind.keys},
            {QStringLiteral("cv_mean_error"), kind.cvMeanError},
            {QStringLiteral("cv_median_error"), kind.cvMedianError},
            {QStringLiteral("half_width_90"), kind.halfWidth90},
            {QStringLiteral("derived_from"),
             kind.derivedFrom ? QJsonValue(toString(*kind.derivedFrom)) : QJsonValue()}});
    return toText({{QStringLiteral("board"), model.board},
                   {QStringLiteral("runtime"), model.runtime},
                   {QStringLiteral("kinds"), kinds}});
}

} // namespace atomnet
