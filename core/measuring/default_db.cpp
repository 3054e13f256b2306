#include "core/measuring/default_db.h"

#include "core/measuring/space_operators.h"

#include <QRandomGenerator>
#include <QTemporaryDir>

#include <algorithm>
#include <cmath>

namespace atomnet
{

namespace
{

Result<Session> openedSession(const DeviceAddress &device)
{
    LinkResult<Session> session = Session::open(makeLink(device));
    if (!session) return tl::make_unexpected(toError(session.error(), toString(device)));
    return *std::move(session);
}

Result<AtomDb> temporaryDb(const QTemporaryDir &folder, const QString &name)
{
    if (!folder.isValid())
        return fail(ErrorCode::Io,
                    QStringLiteral("no temporary folder can be made (%1); check the free space")
                        .arg(folder.errorString()));
    return AtomDb::open(folder.filePath(name));
}

MeasurePlan planOf(const std::vector<AtomKey> &keys)
{
    MeasurePlan plan;
    plan.name = QStringLiteral("AtomDB that ships");
    for (const AtomKey &key : keys)
        plan.items.push_back({key, ownPlace(key), 0, {}});
    return sorted(std::move(plan));
}

/// Measures all of it, or fails with the first operator that could not be measured.
Result<MeasureSummary> measureAll(Session &session, const MeasurePlan &plan, AtomDb &db,
                                  const MeasureListener &listener, const RunControl &control)
{
    QString lost;
    MeasureListener watching = listener;
    watching.finished = [&](const MeasureOutcome &outcome) {
        if (listener.finished) listener.finished(outcome);
        using What = MeasureOutcome::What;
        if (lost.isEmpty() && (outcome.what == What::DoesNotFit || outcome.what == What::Failed))
            lost = QStringLiteral("%1: %2").arg(describe(plan.items[std::size_t(outcome.item)].key),
                                                outcome.reason);
    };
    auto summary = measure(session, plan, db, {}, watching, control);
    if (summary && !lost.isEmpty())
        return fail(ErrorCode::Device,
                    QStringLiteral("%1 of %2 operators could not be measured; the first: %3")
                        .arg(summary->doesNotFit + summary->failed)
                        .arg(plan.items.size())
                        .arg(lost),
                    session.link().name());
    return summary;
}

/// What differs, for people: "kernel 1-0000abcd instead of 1-0000ef01".
QString conditionDifference(const RunCondition &file, const RunCondition &device)
{
    QStringList parts;
    const auto compare = [&parts](const QString &what, const QString &in, const QString &now) {
        if (in != now) parts << QStringLiteral("%1 \"%2\" instead of \"%3\"").arg(what, in, now);
    };
    compare(QStringLiteral("kernels"), file.kernelVersion, device.kernelVersion);
    compare(QStringLiteral("compiler"), file.compiler, device.compiler);
    compare(QStringLiteral("flags"), file.flags, device.flags);
    compare(QStringLiteral("caches"), file.caches, device.caches);
    compare(QStringLiteral("clock"), QString::number(file.clockHz),
            QString::number(device.clockHz));
    return parts.join(QStringLiteral(", "));
}

/// The file's samples that were measured as the device measures.
Result<AtomTable> rowsOf(const AtomDb &db, const QString &csvFile, const RunCondition &condition)
{
    const auto all = db.conditions();
    if (!all) return tl::make_unexpected(all.error());
    const ConditionInfo *another = nullptr;
    for (const ConditionInfo &info : *all) {
        if (info.condition == condition) return db.table(info.id);
        if (info.condition.board == condition.board && info.condition.runtime == condition.runtime)
            another = &info;
    }
    return fail(ErrorCode::BadInput,
                another
                    ? QStringLiteral("its samples of %1 have %2; measure them anew with "
                                     "atomnet-designer db rebuild")
                          .arg(condition.board, conditionDifference(another->condition, condition))
                    : QStringLiteral("it holds no samples of %1").arg(condition.board),
                csvFile);
}

/// `count` of the table's operators, drawn without putting back.
std::vector<AtomKey> drawn(const AtomTable &table, int count, quint32 seed)
{
    std::vector<AtomKey> keys;
    for (const AtomTable::Row &row : table.rows())
        keys.push_back(row.key);
    std::sort(keys.begin(), keys.end(), keyLess);
    QRandomGenerator random(seed);
    const std::size_t wanted = std::min(keys.size(), std::size_t(std::max(count, 0)));
    for (std::size_t i = 0; i < wanted; ++i)
        std::swap(keys[i], keys[i + random.bounded(quint32(keys.size() - i))]);
    keys.resize(wanted);
    return keys;
}

} // namespace

Result<std::vector<MeasureSummary>>
measureToCsv(const std::vector<AtomKey> &keys, const std::vector<DeviceAddress> &devices,
             const QString &csvFile, const MeasureListener &listener, const RunControl &control)
{
    const QTemporaryDir folder;
    auto db = temporaryDb(folder, QStringLiteral("measured.sqlite"));
    if (!db) return tl::make_unexpected(db.error());
    const MeasurePlan plan = planOf(keys);
    std::vector<MeasureSummary> summaries;
    for (const DeviceAddress &device : devices) {
        auto session = openedSession(device);
        if (!session) return tl::make_unexpected(session.error());
        if (listener.note) listener.note(session->info().summary());
        auto summary = measureAll(*session, plan, *db, listener, control);
        if (!summary) return tl::make_unexpected(summary.error());
        summaries.push_back(*std::move(summary));
    }
    const auto written = db->exportCsv(csvFile, control);
    if (!written) return tl::make_unexpected(written.error());
    return summaries;
}

Result<std::vector<MeasureSummary>> rebuildDefaultDb(const std::vector<DeviceAddress> &devices,
                                                     const QString &csvFile,
                                                     const MeasureListener &listener,
                                                     const RunControl &control)
{
    return measureToCsv(shippedOperators(), devices, csvFile, listener, control);
}

Result<RowCheck> checkDefaultDb(const QString &csvFile, const DeviceAddress &device, int rows,
                                quint32 seed, const MeasureListener &listener, double tolerance,
                                const RunControl &control)
{
    const QTemporaryDir folder;
    auto stored = temporaryDb(folder, QStringLiteral("stored.sqlite"));
    if (!stored) return tl::make_unexpected(stored.error());
    const auto imported = stored->importCsv(csvFile, AtomDb::xCubeAiH743(), control);
    if (!imported) return tl::make_unexpected(imported.error());
    auto session = openedSession(device);
    if (!session) return tl::make_unexpected(session.error());
    const RunCondition condition = session->info().condition();
    const auto table = rowsOf(*stored, csvFile, condition);
    if (!table) return tl::make_unexpected(table.error());

    auto measured = temporaryDb(folder, QStringLiteral("measured.sqlite"));
    if (!measured) return tl::make_unexpected(measured.error());
    const std::vector<AtomKey> keys = drawn(*table, rows, seed);
    const auto summary = measureAll(*session, planOf(keys), *measured, listener, control);
    if (!summary) return tl::make_unexpected(summary.error());
    const auto now = measured->table(condition.board, condition.runtime, condition.kernelVersion);
    if (!now) return tl::make_unexpected(now.error());

    RowCheck check{condition.board, int(keys.size()), {}};
    const double share = table->unit() == SampleUnit::Instructions ? 0 : tolerance;
    for (const AtomKey &key : keys) {
        const AtomStats *before = table->findExact(key), *after = now->findExact(key);
        Q_ASSERT(before && after);
        if (std::abs(double(after->median - before->median)) > share * double(before->median))
            check.differences.push_back({key, before->median, after->median});
    }
    return check;
}

} // namespace atomnet
