#include "app/window/board_work.h"
#include "app/window/explorer_work.h"
#include "app/window/first_hints.h"
#include "app/window/guidelines_work.h"
#include "app/window/headline_bar.h"
#include "app/window/help_panel.h"
#include "app/window/int8_panel.h"
#include "app/window/int8_work.h"
#include "app/window/lint_work.h"
#include "app/window/main_window.h"
#include "app/window/search_work.h"
#include "app/window/window_settings.h"
#include "widgets/canvas/canvas_view.h"
#include "widgets/canvas/palette.h"
#include "widgets/common/message_bar.h"
#include "widgets/common/progress_strip.h"
#include "widgets/dashboards/dashboard.h"
#include "widgets/dashboards/guidelines/guidelines_view.h"
#include "widgets/dashboards/measured_view.h"
#include "widgets/dashboards/search/search_panel.h"
#include "widgets/dashboards/sqnr_dashboard.h"
#include "widgets/inspectors/atomdb_panel.h"
#include "widgets/inspectors/block_inspector.h"
#include "widgets/inspectors/board_panel.h"
#include "widgets/inspectors/layers_table.h"

#include <QDockWidget>
#include <QGuiApplication>
#include <QLabel>
#include <QScreen>
#include <QStatusBar>
#include <QVBoxLayout>

// The parts of the window and where they stand.
namespace atomnet
{

namespace
{
constexpr int stateVersion = 4; ///< raise when docks are added or renamed
constexpr char geometryKey[] = "window/geometry", stateKey[] = "window/state";
} // namespace

void MainWindow::makeCentre()
{
    auto *centre = new QWidget(this);
    auto *column = new QVBoxLayout(centre);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_messages = new MessageBar(centre);
    m_hints = new FirstHints(centre);
    m_canvas = new CanvasView(m_document, centre);
    m_canvas->setObjectName(QStringLiteral("canvas"));
    m_canvas->setAccessibleName(QStringLiteral("Canvas"));
    m_progress = new ProgressStrip(centre);
    column->addWidget(m_messages);
    column->addWidget(m_hints);
    column->addWidget(m_canvas, 1);
    column->addWidget(m_progress);
    setCentralWidget(centre);
}

QDockWidget *MainWindow::addDock(const QString &id, const QString &title, QWidget *content,
                                 Qt::DockWidgetArea area)
{
    content->setObjectName(id);
    auto *dock = new QDockWidget(title, this);
    dock->setObjectName(id + QStringLiteral("Dock"));
    dock->setWidget(content);
    addDockWidget(area, dock);
    return dock;
}

void MainWindow::makeDocks()
{
    setDockOptions(QMainWindow::AnimatedDocks | QMainWindow::AllowNestedDocks |
                   QMainWindow::AllowTabbedDocks);
    setTabPosition(Qt::BottomDockWidgetArea, QTabWidget::North);
    // Palette and inspector reach down to the charts, which take the window's whole width.
    setCorner(Qt::BottomLeftCorner, Qt::BottomDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::BottomDockWidgetArea);

    m_dashboards = makeDashboards(m_document, this);
    for (Dashboard *dashboard : m_dashboards)
        m_numberedDocks.push_back(
            addDock(dashboard->id(), dashboard->title(), dashboard, Qt::BottomDockWidgetArea));
    m_layers = new LayersTable(m_document, this);
    m_numberedDocks.push_back(addDock(QStringLiteral("layers"), QStringLiteral("Layers table"),
                                      m_layers, Qt::BottomDockWidgetArea));
    m_atomDb = new AtomDbPanel(this);
    m_explorer = new ExplorerWork(m_document, m_database, m_atomDb, this);
    m_numberedDocks.push_back(addDock(QStringLiteral("atomdb"), QStringLiteral("AtomDB"),
                                      m_explorer->tabs(), Qt::BottomDockWidgetArea));
    connect(m_explorer, &ExplorerWork::told, this,
            [this](const QString &sentence) { say(Severity::Info, sentence); });
    connect(m_explorer, &ExplorerWork::failed, this,
            [this](const QString &sentence) { say(Severity::Error, sentence); });
    m_int8 = new Int8Panel(m_document, this);
    m_int8Dock = addDock(QStringLiteral("int8"), QStringLiteral("Quantisation"), m_int8,
                         Qt::BottomDockWidgetArea);
    m_numberedDocks.push_back(m_int8Dock);
    m_board = new BoardPanel(this);
    m_boardDock = addDock(QStringLiteral("board"), QStringLiteral("Board"), m_board,
                          Qt::BottomDockWidgetArea);
    m_numberedDocks.push_back(m_boardDock);
    m_measured = new MeasuredView(m_document, this);
    m_dashboards.push_back(m_measured);
    m_numberedDocks.push_back(addDock(m_measured->id(), QStringLiteral("Measured"), m_measured,
                                      Qt::BottomDockWidgetArea));
    m_search = new SearchPanel(m_document, this);
    m_searchDock = addDock(QStringLiteral("search"), QStringLiteral("Search"), m_search,
                           Qt::BottomDockWidgetArea);
    m_numberedDocks.push_back(m_searchDock);
    m_guidelines = new GuidelinesView(this);
    m_guidelinesDock = addDock(QStringLiteral("guidelines"), QStringLiteral("Guidelines"),
                               m_guidelines, Qt::BottomDockWidgetArea);
    m_numberedDocks.push_back(m_guidelinesDock);
    for (QDockWidget *dock : m_numberedDocks) {
        if (dock != m_numberedDocks.front()) tabifyDockWidget(m_numberedDocks.front(), dock);
        // The tab is title enough; a dock that was dragged out needs its own title bar.
        const auto showTitle = [dock](bool floating) {
            QWidget *before = dock->titleBarWidget();
            dock->setTitleBarWidget(floating ? nullptr : new QWidget(dock));
            if (before) before->deleteLater(); // the drag that floats the dock may still be in it
        };
        showTitle(false);
        connect(dock, &QDockWidget::topLevelChanged, dock, showTitle);
    }

    m_palette = new PaletteWidget(m_document, this);
    m_paletteDock = addDock(QStringLiteral("palette"), QStringLiteral("Palette"), m_palette,
                            Qt::LeftDockWidgetArea);
    m_inspector = new BlockInspector(m_document, this);
    m_inspectorDock = addDock(QStringLiteral("inspector"), QStringLiteral("Inspector"), m_inspector,
                              Qt::RightDockWidgetArea);
    m_help = new HelpPanel(this);
    m_helpDock =
        addDock(QStringLiteral("help"), QStringLiteral("Help"), m_help, Qt::RightDockWidgetArea);
    tabifyDockWidget(m_inspectorDock, m_helpDock);
    m_helpDock->hide();
}

void MainWindow::showDock(QDockWidget *dock)
{
    dock->show();
    dock->raise();
    dock->widget()->setFocus(Qt::ShortcutFocusReason);
}

void MainWindow::connectInt8()
{
    m_int8Work = new Int8Work(m_document, *m_int8, *m_progress, this);
    const auto tell = [this](Severity severity) {
        return [this, severity](const QString &sentence, const QString &folder) {
            m_openFolderAction->setData(folder);
            say(severity, sentence, folder.isEmpty() ? nullptr : m_openFolderAction);
        };
    };
    connect(m_int8Work, &Int8Work::done, this, tell(Severity::Info));
    connect(m_int8Work, &Int8Work::warned, this, tell(Severity::Warning));
    connect(m_int8Work, &Int8Work::failed, this,
            [this](const QString &sentence) { say(Severity::Error, sentence); });
    connect(&m_runner, &AnalysisRunner::reportReady, this,
            [this](const ReportPtr &report) { m_int8->sqnr().setReport(report); });
}

void MainWindow::connectBoard(DeviceAccess access)
{
    m_boardWork = new BoardWork(m_document, m_runner, m_database, *m_board, *m_measured, this,
                                std::move(access));
    connect(m_boardWork, &BoardWork::told, this, &MainWindow::say);
    connect(m_boardWork, &BoardWork::status, this, [this](const QString &text) {
        m_statusBoard->setText(text);
        m_statusBoard->setVisible(!text.isEmpty());
    });
    connect(m_boardWork, &BoardWork::measuredSome, this,
            [this] { m_hints->done(FirstHints::Hint::Measure); });
    connect(m_boardWork, &BoardWork::plugChanged, this, [this](bool plugged) {
        findChild<QAction *>(QStringLiteral("plugAction"))
            ->setText(plugged ? QStringLiteral("&Unplug the Virtual Board")
                              : QStringLiteral("&Plug In the Virtual Board"));
    });
    connect(m_boardDock, &QDockWidget::visibilityChanged, m_board, [this](bool visible) {
        if (visible) Q_EMIT m_board->shown();
    });
    connect(m_board, &BoardPanel::attentionWanted, this, [this] { showDock(m_boardDock); });
    connect(m_hints, &FirstHints::measureRequested, this, [this] {
        showDock(m_boardDock);
        m_boardWork->preselect();
    });
}

void MainWindow::connectSearch()
{
    m_searchWork = new SearchWork(m_document, m_runner, *m_boardWork, *m_search, this);
    connect(m_searchWork, &SearchWork::told, this,
            [this](Severity severity, const QString &sentence) { say(severity, sentence); });
    connect(m_searchDock, &QDockWidget::visibilityChanged, m_search, [this](bool visible) {
        if (visible) m_search->lookAgain();
    });
}

void MainWindow::connectLint()
{
    m_lintWork = new LintWork(m_document, m_runner, *m_canvas, *m_inspector, this);
    connect(m_lintWork, &LintWork::said, this,
            [this](const QString &sentence) { statusBar()->showMessage(sentence, 8000); });
    connect(m_lintWork, &LintWork::inspectorWanted, this, [this] {
        m_inspectorDock->show();
        m_inspectorDock->raise();
    });
    connect(m_headline, &HeadlineBar::peakRequested, m_lintWork, &LintWork::explainPeak);
    m_guidelinesWork = new GuidelinesWork(m_document, m_runner, *m_guidelines, this);
    connect(m_guidelinesDock, &QDockWidget::visibilityChanged, m_guidelinesWork,
            &GuidelinesWork::setShown);
}

void MainWindow::makeStatusBar()
{
    const auto add = [this](const QString &name, bool permanent) {
        auto *label = new QLabel(this);
        label->setAccessibleName(name);
        label->setContentsMargins(6, 0, 6, 0);
        if (permanent)
            statusBar()->addPermanentWidget(label);
        else
            statusBar()->addWidget(label);
        return label;
    };
    m_statusTarget = add(QStringLiteral("Board and runtime"), false);
    m_statusBoard = add(QStringLiteral("Board at work"), true);
    m_statusBoard->hide();
    m_statusSources = add(QStringLiteral("Sources of the latencies"), true);
    m_statusDb = add(QStringLiteral("Samples in AtomDB"), true);
    m_statusFile = add(QStringLiteral("File state"), true);
    statusBar()->setSizeGripEnabled(false);
}

void MainWindow::defaultLayout()
{
    if (!m_defaultState.isEmpty()) restoreState(m_defaultState, stateVersion);
    m_numberedDocks.front()->raise();
    // The charts get about a third of the height, the sides what their content needs.
    const int side = std::max(180, width() / 9);
    resizeDocks({m_paletteDock, m_inspectorDock}, {side, std::max(300, width() / 6)},
                Qt::Horizontal);
    resizeDocks({m_numberedDocks.front()}, {std::max(250, height() / 3)}, Qt::Vertical);
}

void MainWindow::restoreWindow()
{
    m_defaultState = saveState(stateVersion);
    const auto settings = windowSettings();
    const bool known = restoreGeometry(settings->value(geometryKey).toByteArray());
    if (!known) {
        const QScreen *screen = QGuiApplication::primaryScreen();
        const QSize room = screen ? screen->availableSize() : QSize(1280, 800);
        resize(room.boundedTo({1600, 1000}));
    }
    if (!known || !restoreState(settings->value(stateKey).toByteArray(), stateVersion))
        defaultLayout();

    Target target = m_document.target();
    if (const auto board = boardById(settings->value("target/board").toString()))
        target.board = *board;
    if (const auto runtime = runtimeById(settings->value("target/runtime").toString()))
        target.runtime = *runtime;
    target.reserveSramBytes = settings->value("target/reserveSram").toLongLong();
    target.reserveFlashBytes = settings->value("target/reserveFlash").toLongLong();
    // A settings file edited by hand may ask for the impossible: then the default stays.
    static_cast<void>(m_document.setTarget(target).has_value());
}

void MainWindow::storeWindow()
{
    const auto settings = windowSettings();
    settings->setValue(geometryKey, saveGeometry());
    settings->setValue(stateKey, saveState(stateVersion));
    const Target &target = m_document.target();
    settings->setValue("target/board", target.board.id);
    settings->setValue("target/runtime", runtimeId(target.runtime));
    settings->setValue("target/reserveSram", target.reserveSramBytes);
    settings->setValue("target/reserveFlash", target.reserveFlashBytes);
    settings->setValue("lastFile", m_document.path());
    m_searchWork->remember();
    m_explorer->store();
}

} // namespace atomnet
