#include "app/window/main_window.h"

#include "app/window/command_palette.h"
#include "app/window/export_chart.h"
#include "app/window/first_hints.h"
#include "app/window/guidelines_work.h"
#include "app/window/headline_bar.h"
#include "app/window/help_panel.h"
#include "app/window/lint_work.h"
#include "app/window/recent_files.h"
#include "app/window/recovery.h"
#include "app/window/window_settings.h"
#include "core/base/format.h"
#include "core/model/presets.h"
#include "widgets/canvas/canvas_view.h"
#include "widgets/canvas/palette.h"
#include "widgets/common/icons.h"
#include "widgets/common/message_bar.h"
#include "widgets/common/progress_strip.h"
#include "widgets/common/theme.h"
#include "widgets/dashboards/dashboard.h"
#include "widgets/inspectors/atomdb_panel.h"
#include "widgets/inspectors/block_inspector.h"
#include "widgets/inspectors/figures_text.h"
#include "widgets/inspectors/layers_table.h"
#include "widgets/inspectors/target_bar.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFileDialog>
#include <QLabel>
#include <QMimeData>
#include <QStatusBar>

#include <utility>

namespace atomnet
{

namespace
{

const char *const firstPreset = "atomnet-256kb";

/// The local files of a drop that this window can take.
QStringList droppedFiles(const QMimeData *mime, const QString &suffix)
{
    QStringList files;
    const QList<QUrl> urls = mime->urls();
    for (const QUrl &url : urls)
        if (url.isLocalFile() && url.toLocalFile().endsWith(suffix, Qt::CaseInsensitive))
            files << url.toLocalFile();
    return files;
}

} // namespace

MainWindow::MainWindow(const QString &dbPath, DeviceAccess boards) : m_runner(m_document)
{
    setObjectName(QStringLiteral("mainWindow"));
    setWindowIcon(icon(QStringLiteral("app")));
    setAcceptDrops(true);
    ThemeManager::instance().setMode(ThemeMode(windowSettings()->value("theme", 0).toInt() % 3));
    m_ask = [this](const QString &question) {
        return QMessageBox::question(this, QStringLiteral("AtomNet Designer"), question,
                                     QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel,
                                     QMessageBox::Save);
    };
    m_recovery = new Recovery(m_document, this);
    makeCentre();
    makeDocks();
    makeStatusBar();
    makeActions();
    m_commandPalette = new CommandPalette(this);
    restoreWindow();
    connectParts();
    connectDatabase();
    connectInt8();
    targetChanged();
    openDatabase(dbPath);
    connectBoard(std::move(boards));
    connectLint();
    connectSearch();
    showFileState();
    showStatus();
}

MainWindow::~MainWindow()
{
    // Docks tell when they are hidden, and who hears it asks the document and the report: they are
    // still there now, but no longer when QWidget would close the window.
    hide();
    delete m_guidelinesWork;
    delete m_lintWork;
    delete m_inspector; // may still have to end a preview
}

void MainWindow::connectParts()
{
    connect(&m_runner, &AnalysisRunner::reportReady, this, &MainWindow::showReport);
    connect(&m_runner, &AnalysisRunner::failed, this, [this](const Error &error) {
        for (Dashboard *dashboard : m_dashboards)
            dashboard->setDimmed(true, error.message());
        m_canvas->setDimmed(true);
        m_headline->setDimmed(true);
        say(Severity::Warning, error.message());
        m_analysisFailed = true;
    });
    connect(&m_document, &Document::failed, this, [this](const QString &sentence) {
        say(Severity::Warning, sentence);
        m_refusalShown = true;
    });
    connect(&m_document, &Document::networkChanged, this, [this] {
        if (m_refusalShown) m_messages->clear();
        m_refusalShown = false;
    });
    connect(&m_document, &Document::fileChanged, this, &MainWindow::showFileState);
    connect(&m_document, &Document::targetChanged, this, [this] {
        m_hints->done(FirstHints::Hint::ChooseBoard);
        targetChanged();
    });
    connect(&m_document.undoStack(), &QUndoStack::indexChanged, this, [this](int index) {
        if (index > 0) m_hints->done(FirstHints::Hint::DragBlock);
    });
    const auto selectionChanged = [this] {
        for (QAction *action : m_blockActions)
            action->setEnabled(!m_document.selection().blocks().empty());
    };
    connect(&m_document.selection(), &Selection::changed, this, selectionChanged);
    selectionChanged();

    connect(m_canvas, &CanvasView::message, this,
            [this](const QString &sentence) { statusBar()->showMessage(sentence, 8000); });
    connect(m_canvas, &CanvasView::openRequested, this, [this] { showDock(m_inspectorDock); });
    connect(m_palette, &PaletteWidget::blockRequested, m_canvas, &CanvasView::insertBlock);
    connect(m_palette, &PaletteWidget::presetRequested, m_canvas, &CanvasView::usePreset);
    connect(m_recovery, &Recovery::changed, this, &MainWindow::offerRecovery);
    connect(&m_recovery->autosave(), &Autosave::failed, this,
            [this](const QString &sentence) { say(Severity::Warning, sentence); });
    connect(m_messages, &MessageBar::cleared, this, [this] {
        m_offerShown = false;
        if (std::exchange(m_offerCovered, false))
            QMetaObject::invokeMethod(this, &MainWindow::offerRecovery, Qt::QueuedConnection);
    });
    offerRecovery();
}

void MainWindow::showReport(const ReportPtr &report, const ReportPtr &baseline)
{
    for (Dashboard *dashboard : m_dashboards) {
        dashboard->setDimmed(false);
        dashboard->setReport(report, baseline);
    }
    m_canvas->setDimmed(false);
    m_canvas->setReport(report, baseline);
    m_headline->setDimmed(false);
    m_headline->setReport(report, baseline);
    m_inspector->setReport(report);
    m_layers->setReport(report);
    if (m_analysisFailed) m_messages->clear();
    m_analysisFailed = false;
    showStatus();
}

void MainWindow::showStatus()
{
    const Target &target = m_document.target();
    const ReportPtr report = m_runner.report();
    QStringList parts{target.board.name, displayName(target.runtime)};
    const qint64 clock = report && report->clockHz > 0 ? report->clockHz : target.board.clockHz;
    if (clock > 0) parts << QStringLiteral("%1 MHz").arg(clock / 1'000'000);
    m_statusTarget->setText(parts.join(QStringLiteral(" \u00b7 ")));
    m_statusTarget->setToolTip(describe(target.board));
    const QString sources = report ? sourceCounts(*report) : QString();
    m_statusSources->setText(sources.section(QLatin1Char('\n'), 0, 0));
    m_statusSources->setToolTip(QStringLiteral("Layers by where their latency comes from\n") +
                                sources);
    m_statusDb->setText(
        m_dbInfo.samples > 0
            ? QStringLiteral("AtomDB %1").arg(counted(m_dbInfo.samples, QStringLiteral("sample")))
            : QStringLiteral("AtomDB is empty"));
    m_statusDb->setToolTip(m_dbInfo.path);
}

void MainWindow::showFileState()
{
    const bool modified = m_document.isModified();
    setWindowTitle(QStringLiteral("%1[*] \u2013 AtomNet Designer").arg(m_document.displayName()));
    setWindowModified(modified);
    m_statusFile->setText(modified                      ? QStringLiteral("unsaved changes")
                          : m_document.path().isEmpty() ? QStringLiteral("not saved yet")
                                                        : QStringLiteral("saved"));
    m_saveAction->setEnabled(modified || m_document.path().isEmpty());
}

QString MainWindow::statusText() const
{
    QStringList parts;
    for (const QLabel *label : {m_statusTarget, m_statusSources, m_statusDb, m_statusFile})
        parts << label->text();
    return parts.join(QStringLiteral(" | "));
}

void MainWindow::say(Severity severity, const QString &sentence, QAction *action)
{
    m_refusalShown = false;
    m_analysisFailed = false;
    // An offer to restore work must not be lost under another message: it returns after it.
    if (m_offerShown && action != m_restoreAction) m_offerCovered = true;
    m_offerShown = action && action == m_restoreAction;
    m_messages->show(severity, sentence, action);
}

void MainWindow::start(const QStringList &files)
{
    const QString last = windowSettings()->value("lastFile").toString();
    bool opened = false;
    if (!files.isEmpty())
        opened = openFile(files.first());
    else if (!last.isEmpty() && QFileInfo::exists(last))
        opened = openFile(last);
    if (!opened) {
        if (const Preset *preset = presetById(QString::fromLatin1(firstPreset)))
            m_document.setNew(preset->network);
    }
    m_canvas->fit();
    m_canvas->setFocus();
    m_recovery->look();
}

bool MainWindow::openFile(const QString &path)
{
    const auto notes = m_document.open(path);
    if (!notes) {
        say(Severity::Error, notes.error().message());
        m_recent->remove(path);
        return false;
    }
    m_recent->add(path);
    windowSettings()->setValue("lastFile", m_document.path());
    m_canvas->fit();
    if (!notes->isEmpty())
        say(Severity::Info, notes->size() == 1 ? notes->first()
                                               : QStringLiteral("%1 (and %2 more kept as they are)")
                                                     .arg(notes->first())
                                                     .arg(notes->size() - 1));
    else if (!m_offerShown)
        m_messages->clear();
    return true;
}

void MainWindow::openPreset(const QString &id)
{
    const Preset *preset = presetById(id);
    if (!preset) return;
    m_document.setNew(preset->network);
    m_canvas->fit();
}

void MainWindow::newDesign()
{
    Network network;
    network.name = QStringLiteral("Untitled");
    Stage stage;
    stage.name = QStringLiteral("s1");
    Block stem = defaultBlock(BlockType::Conv);
    stem.stride = 2;
    stage.blocks.push_back(stem);
    network.stages.push_back(stage);
    m_document.setNew(network);
    m_canvas->fit();
}

bool MainWindow::saveTo(const QString &path)
{
    if (const auto saved = m_document.saveAs(path); !saved) {
        say(Severity::Error, saved.error().message());
        return false;
    }
    m_recent->add(path);
    windowSettings()->setValue("lastFile", m_document.path());
    statusBar()->showMessage(QStringLiteral("Saved %1").arg(path), 4000);
    return true;
}

bool MainWindow::save()
{
    return m_document.path().isEmpty() ? saveAs() : saveTo(m_document.path());
}

bool MainWindow::saveAs()
{
    QString suggested = m_document.path();
    if (suggested.isEmpty())
        suggested =
            m_document.displayName().simplified().replace(u' ', u'-') + QStringLiteral(".atomnet");
    QString path = QFileDialog::getSaveFileName(this, QStringLiteral("Save the design"), suggested,
                                                QStringLiteral("AtomNet design (*.atomnet)"));
    if (path.isEmpty()) return false;
    if (QFileInfo(path).suffix().isEmpty()) path += QStringLiteral(".atomnet");
    return saveTo(path);
}

void MainWindow::open()
{
    if (!maySave()) return;
    const QString path = QFileDialog::getOpenFileName(
        this, QStringLiteral("Open a design"), QFileInfo(m_document.path()).path(),
        QStringLiteral("AtomNet design (*.atomnet);;All files (*)"));
    if (!path.isEmpty()) openFile(path);
}

bool MainWindow::maySave()
{
    if (!m_document.isModified()) return true;
    switch (m_ask(QStringLiteral("Save the changes to %1?").arg(m_document.displayName()))) {
    case QMessageBox::Save:
        return save();
    case QMessageBox::Discard:
        return true;
    default:
        return false;
    }
}

bool MainWindow::exportTable(const QString &path)
{
    if (const auto done = m_layers->exportCsv(path); !done) {
        say(Severity::Error, done.error().message());
        return false;
    }
    say(Severity::Info, QStringLiteral("Wrote the layers table to %1.").arg(path));
    return true;
}

bool MainWindow::exportChartTo(int chart, const QString &path)
{
    Dashboard &dashboard = *m_dashboards[std::size_t(chart)];
    if (const auto done = exportChart(dashboard, path); !done) {
        say(Severity::Error, done.error().message());
        return false;
    }
    say(Severity::Info, QStringLiteral("Wrote %1 to %2.").arg(dashboard.title(), path));
    return true;
}

void MainWindow::importCsv(const QStringList &files)
{
    m_atomDb->setBusy(true);
    m_database.importCsv(files);
}

void MainWindow::offerRecovery()
{
    m_restoreAction->setVisible(m_recovery->hasWork());
    m_discardAction->setVisible(m_recovery->hasWork());
    if (m_recovery->hasWork()) say(Severity::Warning, m_recovery->sentence(), m_restoreAction);
}

void MainWindow::showHelp()
{
    m_help->showFor(QApplication::focusWidget());
    m_helpDock->show();
    m_helpDock->raise();
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (!maySave()) return event->ignore();
    storeWindow();
    event->accept();
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    if (!droppedFiles(event->mimeData(), QStringLiteral(".atomnet")).isEmpty() ||
        !droppedFiles(event->mimeData(), QStringLiteral(".csv")).isEmpty())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent *event)
{
    const QStringList designs = droppedFiles(event->mimeData(), QStringLiteral(".atomnet"));
    const QStringList tables = droppedFiles(event->mimeData(), QStringLiteral(".csv"));
    event->acceptProposedAction();
    if (!tables.isEmpty()) importCsv(tables);
    if (!designs.isEmpty() && maySave()) openFile(designs.first());
}

void MainWindow::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    if (m_commandPalette) m_commandPalette->hide();
}

} // namespace atomnet
