#include "app/window/main_window.h"
#include "core/analysis/knowledge.h"
#include "widgets/common/message_bar.h"
#include "widgets/common/progress_strip.h"
#include "widgets/inspectors/atomdb_panel.h"
#include "widgets/inspectors/figures_text.h"

#include <QFileDialog>

#include <utility>

// AtomDB in the window: its dock, its messages, and what the analysis knows from it.
namespace atomnet
{

void MainWindow::connectDatabase()
{
    connect(&m_database, &AtomDbService::tableReady, this,
            [this](const std::shared_ptr<const AtomTable> &table,
                   const std::shared_ptr<const AtomTable> &instructions,
                   const std::shared_ptr<const LatencyModel> &model,
                   const std::shared_ptr<const LatencyModel> &instructionModel) {
                const Target &target = m_document.target();
                const bool ofTarget = !table || table->isEmpty() ||
                                      (table->condition().board == target.board.id &&
                                       table->condition().runtime == runtimeId(target.runtime));
                if (!ofTarget) return; // asked before the target changed; the right one follows
                m_table = table;
                m_runner.setKnowledge({m_table, model, instructions, instructionModel});
            });
    connect(&m_database, &AtomDbService::infoReady, this, [this](const DbInfo &info) {
        m_dbInfo = info;
        m_atomDb->setInfo(info);
        if (!std::exchange(m_databaseOpen, true)) loadTable();
        showStatus();
    });
    connect(&m_database, &AtomDbService::importFinished, this,
            [this](const std::vector<ImportReport> &reports) {
                m_atomDb->setImportReports(reports);
                qint64 added = 0, used = 0, left = 0;
                for (const ImportReport &report : reports) {
                    added += report.added;
                    used += report.used;
                    left += report.skipped + report.rejected;
                }
                QString text =
                    QStringLiteral("Imported %1 (%2 in the file).")
                        .arg(counted(added, QStringLiteral("new sample")), grouped(used));
                if (left > 0)
                    text += QStringLiteral(" %1 not used; AtomDB's dock says why.")
                                .arg(counted(left, QStringLiteral("line")));
                say(Severity::Info, text);
            });
    connect(&m_database, &AtomDbService::exportFinished, this,
            [this](const QString &file, qint64 samples) {
                say(Severity::Info, QStringLiteral("Wrote %1 to %2.")
                                        .arg(counted(samples, QStringLiteral("sample")), file));
            });
    connect(&m_database, &AtomDbService::mergeFinished, this, [this](const MergeReport &report) {
        m_atomDb->setMergeReport(report);
        say(Severity::Info,
            QStringLiteral("Merged %1; %2 disagree.")
                .arg(counted(report.added, QStringLiteral("new sample")),
                     counted(qint64(report.conflicts.size()), QStringLiteral("operator"))));
    });
    connect(&m_database, &AtomDbService::progress, this,
            [this](const QString &what, double share, double eta) {
                m_progress->setProgress(what, share, eta);
                m_atomDb->setBusy(true);
            });
    connect(&m_database, &AtomDbService::finished, this, [this] {
        m_progress->finish();
        m_atomDb->setBusy(false);
    });
    connect(&m_database, &AtomDbService::failed, this,
            [this](const Error &error) { say(Severity::Error, error.message()); });
    connect(m_progress, &ProgressStrip::cancelRequested, &m_database, &AtomDbService::cancel);

    connect(m_atomDb, &AtomDbPanel::importRequested, this, [this] {
        const QStringList files =
            QFileDialog::getOpenFileNames(this, QStringLiteral("Import measurements"), {},
                                          QStringLiteral("CSV (*.csv);;All files (*)"));
        if (!files.isEmpty()) importCsv(files);
    });
    connect(m_atomDb, &AtomDbPanel::exportRequested, this, [this] {
        const QString file = QFileDialog::getSaveFileName(this, QStringLiteral("Export AtomDB"),
                                                          QStringLiteral("atomdb.csv"),
                                                          QStringLiteral("CSV (*.csv)"));
        if (!file.isEmpty()) m_database.exportCsv(file);
    });
    const QString databases = QStringLiteral("AtomDB (*.sqlite *.db);;All files (*)");
    connect(m_atomDb, &AtomDbPanel::mergeRequested, this, [this, databases] {
        const QString file = QFileDialog::getOpenFileName(
            this, QStringLiteral("Merge another AtomDB"), {}, databases);
        if (!file.isEmpty()) m_database.merge(file);
    });
    connect(m_atomDb, &AtomDbPanel::openRequested, this, [this, databases] {
        const QString file = QFileDialog::getOpenFileName(
            this, QStringLiteral("Open another AtomDB"), {}, databases);
        if (!file.isEmpty()) openDatabase(file);
    });
}

void MainWindow::openDatabase(const QString &path)
{
    m_databaseOpen = false; // its table is asked for once it has opened
    m_database.open(path);
}

void MainWindow::loadTable()
{
    const Target &target = m_document.target();
    m_database.loadTable(target.board.id, runtimeId(target.runtime));
}

void MainWindow::targetChanged()
{
    const Target &target = m_document.target();
    if (target.board.id != m_knownTarget.board.id || target.runtime != m_knownTarget.runtime) {
        // Samples of another board or runtime say nothing here; until the table comes, only the
        // model counts.
        m_table.reset();
        m_runner.setKnowledge(shippedKnowledge(target.board, target.runtime));
        if (m_databaseOpen) loadTable();
    }
    m_knownTarget = target;
    showStatus();
}

} // namespace atomnet
