#include "widgets/document/atomdb_worker.h"

#include <QFileInfo>

namespace atomnet
{
namespace
{
constexpr qint64 reportEveryMs = 50; // a progress bar needs no more
constexpr qint64 etaAfterMs = 300;   // before that an estimate jumps about
constexpr double etaAfterShare = 0.01;
} // namespace

void AtomDbWorker::open(const QString &path)
{
    m_db.reset();
    auto db = AtomDb::open(path);
    if (!db) {
        Q_EMIT failed(db.error());
        return;
    }
    m_db = std::move(*db);
    const auto info = m_db->info();
    if (info) {
        Q_EMIT infoReady(*info);
    } else {
        Q_EMIT failed(info.error());
    }
}

void AtomDbWorker::loadTable(const QString &board, const QString &runtime)
{
    m_board = board;
    m_runtime = runtime;
    if (!isOpen()) return;
    auto table = m_db->table(board, runtime);
    if (table) {
        Q_EMIT tableReady(std::make_shared<const AtomTable>(*std::move(table)));
    } else {
        Q_EMIT failed(table.error());
    }
}

void AtomDbWorker::importCsv(const QStringList &files, const CancelFlag &cancel)
{
    if (!isOpen()) return;
    m_started.start();
    // Shares by size: of two files one may be a thousand times the other.
    qint64 bytes = 0, done = 0;
    for (const QString &file : files)
        bytes += QFileInfo(file).size() + 1;
    std::vector<ImportReport> reports;
    std::optional<Error> error;
    for (const QString &file : files) {
        const qint64 next = done + QFileInfo(file).size() + 1;
        const QString what = tr("Importing %1").arg(QFileInfo(file).fileName());
        auto imported = m_db->importCsv(
            file, AtomDb::xCubeAiH743(),
            control(what, cancel, double(done) / double(bytes), double(next) / double(bytes)));
        if (!imported) {
            error = imported.error();
            break;
        }
        reports.push_back(*std::move(imported));
        done = next;
    }
    if (!reports.empty()) {
        refresh();
        Q_EMIT importFinished(reports);
    }
    if (error) Q_EMIT failed(*error);
}

void AtomDbWorker::exportCsv(const QString &file, const CancelFlag &cancel)
{
    if (!isOpen()) return;
    m_started.start();
    const QString what = tr("Exporting to %1").arg(QFileInfo(file).fileName());
    const auto samples = m_db->exportCsv(file, control(what, cancel, 0, 1));
    if (samples) {
        Q_EMIT exportFinished(file, *samples);
    } else {
        Q_EMIT failed(samples.error());
    }
}

void AtomDbWorker::merge(const QString &otherDb, const CancelFlag &cancel)
{
    if (!isOpen()) return;
    m_started.start();
    const QString what = tr("Merging %1").arg(QFileInfo(otherDb).fileName());
    const auto merged = m_db->merge(otherDb, control(what, cancel, 0, 1));
    if (!merged) {
        Q_EMIT failed(merged.error());
        return;
    }
    refresh();
    Q_EMIT mergeFinished(*merged);
}

RunControl AtomDbWorker::control(const QString &what, const CancelFlag &cancel, double from,
                                 double to)
{
    report(what, from);
    RunControl control;
    control.isCancelled = [cancel] { return cancel->load(); };
    control.reportProgress = [this, what, from, to](double share) {
        if (m_lastReport.elapsed() >= reportEveryMs) report(what, from + share * (to - from));
    };
    return control;
}

void AtomDbWorker::report(const QString &what, double share)
{
    m_lastReport.start();
    const qint64 elapsed = m_started.elapsed();
    double eta = -1;
    if (elapsed >= etaAfterMs && share >= etaAfterShare)
        eta = double(elapsed) / 1000 / share * (1 - share);
    Q_EMIT progress(what, share, eta);
}

bool AtomDbWorker::isOpen()
{
    if (m_db) return true;
    Q_EMIT failed(Error{ErrorCode::Io, tr("no AtomDB is open; open or create one first"), {}});
    return false;
}

void AtomDbWorker::refresh()
{
    if (const auto info = m_db->info()) Q_EMIT infoReady(*info);
    if (!m_board.isEmpty()) loadTable(m_board, m_runtime);
}

} // namespace atomnet
