#include "widgets/document/atomdb_worker.h"

#include "core/analysis/knowledge.h"
#include "core/analysis/prediction/refit.h"
#include "core/atomdb/shipped_atomdb.h"

#include <QFileInfo>

#include <algorithm>
#include <utility>

namespace atomnet
{
namespace
{
constexpr qint64 reportEveryMs = 50; // a progress bar needs no more
constexpr qint64 etaAfterMs = 300;   // before that an estimate jumps about
constexpr double etaAfterShare = 0.01;

/// Empty for ids that nobody knows.
QString countingBoardOf(const QString &board, const QString &runtime)
{
    const auto knownBoard = boardById(board);
    const auto knownRuntime = runtimeById(runtime);
    return knownBoard && knownRuntime ? instructionsBoard(*knownBoard, *knownRuntime) : QString();
}
} // namespace

void AtomDbWorker::open(const QString &path)
{
    m_db.reset();
    m_modelsChosen = false;
    auto db = openAtomDb(path);
    if (!db) {
        Q_EMIT failed(db.error());
        db = AtomDb::open(path); // perhaps only what ships cannot be read
        if (!db) return;
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
    if (m_board != board || m_runtime != runtime) m_modelsChosen = false;
    m_board = board;
    m_runtime = runtime;
    if (!isOpen()) return;
    auto table = read(board);
    if (!table) {
        Q_EMIT failed(table.error());
        return;
    }
    std::shared_ptr<const AtomTable> instructions;
    if (const QString counting = countingBoardOf(board, runtime); !counting.isEmpty()) {
        auto counted = read(counting);
        if (!counted) {
            Q_EMIT failed(counted.error());
            return;
        }
        instructions = std::make_shared<const AtomTable>(*std::move(counted));
    }
    if (!std::exchange(m_modelsChosen, true)) {
        m_due.clear();
        m_model = modelOf(*table, board);
        m_instructionModel =
            instructions ? modelOf(*instructions, countingBoardOf(board, runtime)) : nullptr;
        if (!m_due.empty()) Q_EMIT modelsDue();
    }
    Q_EMIT tableReady(std::make_shared<const AtomTable>(*std::move(table)), instructions, m_model,
                      m_instructionModel);
}

std::shared_ptr<const LatencyModel> AtomDbWorker::modelOf(const AtomTable &table,
                                                          const QString &board)
{
    const auto choice = modelFor(*m_db, table, board, m_runtime);
    if (!choice) {
        Q_EMIT failed(choice.error());
        return shippedLatencyModel(board, m_runtime);
    }
    if (choice->due) m_due.push_back(choice->condition);
    return choice->model;
}

void AtomDbWorker::refit(const CancelFlag &cancel)
{
    if (!m_db || m_due.empty()) return;
    m_started.start();
    const std::vector<qint64> due = std::exchange(m_due, {});
    bool fitted = false;
    for (std::size_t i = 0; i < due.size(); ++i) {
        const double from = double(i) / double(due.size());
        const double to = double(i + 1) / double(due.size());
        const auto done = refreshModel(*m_db, due[i],
                                       control(tr("Fitting the latency models"), cancel, from, to));
        if (done) {
            fitted = fitted || *done;
            continue;
        }
        // The samples are there, and the model before this one as well.
        if (done.error().code == ErrorCode::Cancelled) break;
        if (done.error().code != ErrorCode::BadInput) Q_EMIT failed(done.error());
    }
    if (!fitted) return;
    m_modelsChosen = false;
    loadTable(m_board, m_runtime);
}

void AtomDbWorker::prefer(const RunCondition &condition)
{
    std::erase_if(m_preferred, [&](const RunCondition &other) {
        return other.board == condition.board && other.runtime == condition.runtime;
    });
    m_preferred.push_back(condition);
}

Result<AtomTable> AtomDbWorker::read(const QString &board) const
{
    const auto runtime = runtimeById(m_runtime);
    const QString kernels = runtime ? kernelVersion(*runtime) : QString();
    if (m_preferred.empty()) return m_db->table(board, m_runtime, kernels);
    const auto conditions = m_db->conditions();
    if (!conditions) return tl::make_unexpected(conditions.error());
    for (const ConditionInfo &info : *conditions)
        if (info.condition.board == board && info.condition.runtime == m_runtime &&
            info.samples > 0 &&
            std::find(m_preferred.begin(), m_preferred.end(), info.condition) != m_preferred.end())
            return m_db->table(info.id);
    return m_db->table(board, m_runtime, kernels);
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
    if (!m_db) return;
    m_modelsChosen = false;
    if (const auto info = m_db->info()) Q_EMIT infoReady(*info);
    if (!m_board.isEmpty()) loadTable(m_board, m_runtime);
}

} // namespace atomnet
