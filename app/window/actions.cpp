#include "app/window/board_work.h"
#include "app/window/command_palette.h"
#include "app/window/explorer_work.h"
#include "app/window/export_chart.h"
#include "app/window/headline_bar.h"
#include "app/window/help_panel.h"
#include "app/window/int8_work.h"
#include "app/window/lint_work.h"
#include "app/window/main_window.h"
#include "app/window/recent_files.h"
#include "app/window/recovery.h"
#include "app/window/window_settings.h"
#include "core/model/presets.h"
#include "widgets/canvas/canvas_view.h"
#include "widgets/common/icons.h"
#include "widgets/common/theme.h"
#include "widgets/dashboards/dashboard.h"
#include "widgets/dashboards/search/search_panel.h"
#include "widgets/inspectors/atomdb_panel.h"
#include "widgets/inspectors/board_panel.h"
#include "widgets/inspectors/target_bar.h"

#include <QActionGroup>
#include <QDesktopServices>
#include <QDockWidget>
#include <QFileDialog>
#include <QMenuBar>
#include <QToolBar>
#include <QToolButton>
#include <QUrl>

// Menus, toolbar and keys. Every command is an action, so that Ctrl+K finds it.
namespace atomnet
{

struct MainWindow::ActionSpec {
    QString text;
    QString icon = QString();
    QKeySequence keys = QKeySequence();
};

QAction *MainWindow::addCommand(QMenu *menu, const ActionSpec &spec, std::function<void()> run)
{
    auto *action = new QAction(spec.text, this);
    if (!spec.icon.isEmpty()) action->setIcon(icon(spec.icon));
    action->setShortcut(spec.keys);
    QString place = menu->title();
    action->setProperty("place", place.remove(u'&'));
    menu->addAction(action);
    connect(action, &QAction::triggered, this, std::move(run));
    return action;
}

QList<QAction *> MainWindow::commands() const
{
    QList<QAction *> found;
    const QList<QAction *> all = findChildren<QAction *>();
    for (QAction *action : all)
        if (action->property("place").isValid() && action->isVisible()) found << action;
    return found;
}

void MainWindow::makeActions()
{
    makeFileMenu();
    makeEditMenu();
    makeViewMenu();
    makeDesignMenu();
    makeBoardMenu();
    makeHelpMenu();
    makeToolBar();
}

void MainWindow::makeFileMenu()
{
    QMenu *menu = menuBar()->addMenu(QStringLiteral("&File"));
    addCommand(menu, {QStringLiteral("&New"), QStringLiteral("new"), QKeySequence::New}, [this] {
        if (maySave()) newDesign();
    });
    addCommand(menu, {QStringLiteral("&Open\u2026"), QStringLiteral("open"), QKeySequence::Open},
               [this] { open(); });
    m_recent = new RecentFiles(menu);
    menu->addMenu(m_recent);
    connect(m_recent, &RecentFiles::chosen, this, [this](const QString &path) {
        if (maySave()) openFile(path);
    });
    QMenu *presetMenu = menu->addMenu(icon(QStringLiteral("preset")), QStringLiteral("&Presets"));
    for (const Preset &preset : presets())
        addCommand(presetMenu, {preset.network.name}, [this, id = preset.id] {
            if (maySave()) openPreset(id);
        });
    menu->addSeparator();
    m_saveAction =
        addCommand(menu, {QStringLiteral("&Save"), QStringLiteral("save"), QKeySequence::Save},
                   [this] { save(); });
    addCommand(menu,
               {QStringLiteral("Save &As\u2026"), QStringLiteral("save-as"),
                QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S)},
               [this] { saveAs(); });
    menu->addSeparator();
    addCommand(menu,
               {QStringLiteral("&Export Network\u2026"), QStringLiteral("export"),
                QKeySequence(Qt::CTRL | Qt::Key_E)},
               [this] { m_int8Work->askExport(); });
    m_openFolderAction = new QAction(QStringLiteral("Open Folder"), this);
    connect(m_openFolderAction, &QAction::triggered, this, [this] {
        QDesktopServices::openUrl(QUrl::fromLocalFile(m_openFolderAction->data().toString()));
    });
    QMenu *charts = menu->addMenu(icon(QStringLiteral("image")), QStringLiteral("Export &Chart"));
    for (int i = 0; i < int(m_dashboards.size()); ++i)
        addCommand(charts, {m_dashboards[std::size_t(i)]->title() + QChar(0x2026)}, [this, i] {
            const QString path =
                askChartFile(*m_dashboards[std::size_t(i)], m_document.displayName(), this);
            if (!path.isEmpty()) exportChartTo(i, path);
        });
    addCommand(menu, {QStringLiteral("Export &Table as CSV\u2026"), QStringLiteral("export")},
               [this] {
                   const QString path = QFileDialog::getSaveFileName(
                       this, QStringLiteral("Export the layers table"),
                       QFileInfo(m_document.displayName()).completeBaseName() +
                           QStringLiteral("-layers.csv"),
                       QStringLiteral("CSV (*.csv)"));
                   if (!path.isEmpty()) exportTable(path);
               });
    menu->addSeparator();
    m_restoreAction = addCommand(menu, {QStringLiteral("&Restore Unsaved Work")}, [this] {
        if (maySave()) m_recovery->restore();
    });
    m_discardAction = addCommand(menu, {QStringLiteral("&Discard Unsaved Work Found")}, [this] {
        if (m_ask(QStringLiteral("%1 Delete it?").arg(m_recovery->sentence())) ==
            QMessageBox::Discard)
            m_recovery->discard();
    });
    addCommand(menu, {QStringLiteral("&Quit"), {}, QKeySequence::Quit}, [this] { close(); });
}

void MainWindow::makeEditMenu()
{
    QMenu *menu = menuBar()->addMenu(QStringLiteral("&Edit"));
    QUndoStack &stack = m_document.undoStack();
    QAction *undo = stack.createUndoAction(this, QStringLiteral("&Undo"));
    undo->setShortcut(QKeySequence::Undo);
    undo->setIcon(icon(QStringLiteral("undo")));
    undo->setObjectName(QStringLiteral("undoAction"));
    QAction *redo = stack.createRedoAction(this, QStringLiteral("&Redo"));
    redo->setShortcuts(
        {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z), QKeySequence(Qt::CTRL | Qt::Key_Y)});
    redo->setIcon(icon(QStringLiteral("redo")));
    redo->setObjectName(QStringLiteral("redoAction"));
    for (QAction *action : {undo, redo}) {
        action->setProperty("place", QStringLiteral("Edit"));
        menu->addAction(action);
    }
    menu->addSeparator();
    const auto onBlocks = [&](const ActionSpec &spec, void (CanvasView::*run)()) {
        m_blockActions << addCommand(menu, spec, [this, run] { (m_canvas->*run)(); });
    };
    onBlocks({QStringLiteral("Cu&t"), QStringLiteral("cut"), QKeySequence::Cut}, &CanvasView::cut);
    onBlocks({QStringLiteral("&Copy"), QStringLiteral("copy"), QKeySequence::Copy},
             &CanvasView::copy);
    addCommand(menu, {QStringLiteral("&Paste"), QStringLiteral("paste"), QKeySequence::Paste},
               [this] { m_canvas->paste(); });
    onBlocks({QStringLiteral("D&uplicate"), QStringLiteral("duplicate"),
              QKeySequence(Qt::CTRL | Qt::Key_D)},
             &CanvasView::duplicate);
    onBlocks({QStringLiteral("&Delete"), QStringLiteral("delete"), QKeySequence::Delete},
             &CanvasView::removeSelected);
    menu->addSeparator();
    addCommand(menu, {QStringLiteral("Select &All"), {}, QKeySequence::SelectAll},
               [this] { m_canvas->selectAll(); });
    addCommand(menu, {QStringLiteral("&Keep in Searches (Padlock)"), QStringLiteral("lock")},
               [this] { m_canvas->toggleLocks(); })
        ->setToolTip(QStringLiteral("Locks or unlocks what is selected; L on the canvas"));
}

void MainWindow::makeViewMenu()
{
    QMenu *menu = menuBar()->addMenu(QStringLiteral("&View"));
    addCommand(menu,
               {QStringLiteral("&Search Commands\u2026"), QStringLiteral("command"),
                QKeySequence(Qt::CTRL | Qt::Key_K)},
               [this] { m_commandPalette->open(commands()); });
    menu->addSeparator();
    for (int i = 0; i < int(m_numberedDocks.size()); ++i) {
        QDockWidget *dock = m_numberedDocks[std::size_t(i)];
        const QKeySequence keys =
            i < 9 ? QKeySequence(int(Qt::CTRL) | (int(Qt::Key_1) + i)) : QKeySequence();
        addCommand(menu, {dock->windowTitle(), {}, keys}, [this, dock] { showDock(dock); });
    }
    addCommand(menu,
               {QStringLiteral("&Explorer of AtomDB"),
                QStringLiteral("database"),
                QKeySequence(int(Qt::CTRL) | int(Qt::SHIFT) | int(Qt::Key_X))},
               [this] {
                   m_explorer->showExplorer();
                   showDock(qobject_cast<QDockWidget *>(m_explorer->tabs()->parentWidget()));
               });
    addCommand(menu, {QStringLiteral("Open the Explorer in Its Own &Window")},
               [this] { m_explorer->setOwnWindow(true); });
    addCommand(menu,
               {QStringLiteral("Palette"),
                {},
                QKeySequence(int(Qt::CTRL) | int(Qt::SHIFT) | int(Qt::Key_P))},
               [this] { showDock(m_paletteDock); });
    addCommand(menu,
               {QStringLiteral("Inspector"),
                {},
                QKeySequence(int(Qt::CTRL) | int(Qt::SHIFT) | int(Qt::Key_I))},
               [this] { showDock(m_inspectorDock); });
    addCommand(menu, {QStringLiteral("Canvas"), {}, QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C)},
               [this] { m_canvas->setFocus(Qt::ShortcutFocusReason); });
    menu->addSeparator();
    addCommand(menu, {QStringLiteral("Zoom &In"), QStringLiteral("zoom-in"), QKeySequence::ZoomIn},
               [this] { m_canvas->zoomIn(); });
    addCommand(menu,
               {QStringLiteral("Zoom &Out"), QStringLiteral("zoom-out"), QKeySequence::ZoomOut},
               [this] { m_canvas->zoomOut(); });
    addCommand(menu, {QStringLiteral("Zoom to 100 %")}, [this] { m_canvas->zoomReset(); });
    addCommand(menu,
               {QStringLiteral("&Fit Design"), QStringLiteral("zoom-fit"),
                QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_F)},
               [this] { m_canvas->fit(); });
    menu->addSeparator();
    QMenu *themes = menu->addMenu(icon(QStringLiteral("theme")), QStringLiteral("&Theme"));
    auto *group = new QActionGroup(this);
    const std::pair<ThemeMode, QString> modes[] = {{ThemeMode::System, QStringLiteral("&System")},
                                                   {ThemeMode::Light, QStringLiteral("&Light")},
                                                   {ThemeMode::Dark, QStringLiteral("&Dark")}};
    for (const auto &[mode, text] : modes) {
        QAction *action = addCommand(themes, {text}, [mode = mode] {
            ThemeManager::instance().setMode(mode);
            windowSettings()->setValue("theme", int(mode));
        });
        action->setCheckable(true);
        action->setChecked(ThemeManager::instance().mode() == mode);
        group->addAction(action);
    }
    addCommand(menu, {QStringLiteral("&Reset Layout"), QStringLiteral("layout")},
               [this] { defaultLayout(); });
}

void MainWindow::makeDesignMenu()
{
    QMenu *menu = menuBar()->addMenu(QStringLiteral("&Design"));
    for (BlockType type : {BlockType::Conv, BlockType::Sep, BlockType::ConvNext, BlockType::MbConv})
        addCommand(menu,
                   {QStringLiteral("Insert %1").arg(displayName(type)),
                    QStringLiteral("block-") + toString(type)},
                   [this, type] { m_canvas->insertBlock(type); });
    addCommand(menu, {QStringLiteral("Add &Stage"), QStringLiteral("stage")},
               [this] { m_canvas->addStage(); });
    menu->addSeparator();
    makeAdviceCommands(menu);
    menu->addSeparator();
    addCommand(
        menu,
        {QStringLiteral("&Search"), QStringLiteral("search"), QKeySequence(Qt::CTRL | Qt::Key_0)},
        [this] { showDock(m_searchDock); });
    addCommand(menu, {QStringLiteral("Find the &Best Network"), QStringLiteral("search")}, [this] {
        showDock(m_searchDock);
        m_search->search();
    });
    addCommand(menu, {QStringLiteral("&Open the Search Result on the Canvas")},
               [this] { m_search->openOnCanvas(); });
    addCommand(menu, {QStringLiteral("&Measure What the Search Result Estimates")},
               [this] { m_search->measureEstimated(); });
    menu->addSeparator();
    addCommand(menu, {QStringLiteral("&Quantise\u2026"), QStringLiteral("measure")}, [this] {
        showDock(m_int8Dock);
        m_int8Work->askQuantise();
    });
    addCommand(menu, {QStringLiteral("E&valuate\u2026"), QStringLiteral("check")}, [this] {
        showDock(m_int8Dock);
        m_int8Work->askEvaluate();
    });
    menu->addSeparator();
    addCommand(menu, {QStringLiteral("Edit &Input"), QStringLiteral("input")}, [this] {
        m_document.selection().selectInput();
        showDock(m_inspectorDock);
    });
    addCommand(menu, {QStringLiteral("Edit &Head"), QStringLiteral("block-head")}, [this] {
        m_document.selection().selectHead();
        showDock(m_inspectorDock);
    });
}

void MainWindow::makeAdviceCommands(QMenu *menu)
{
    addCommand(menu, {QStringLiteral("&Next Finding"), {}, QKeySequence(Qt::Key_F8)},
               [this] { m_lintWork->step(1); });
    addCommand(menu,
               {QStringLiteral("&Previous Finding"), {}, QKeySequence(Qt::SHIFT | Qt::Key_F8)},
               [this] { m_lintWork->step(-1); });
    addCommand(menu,
               {QStringLiteral("Apply the &First Quick Fix"),
                QStringLiteral("check"),
                QKeySequence(Qt::ALT | Qt::Key_Return)},
               [this] { m_lintWork->applyFirstFix(); });
    addCommand(menu, {QStringLiteral("Why This SRAM Pea&k?"), QStringLiteral("sram")},
               [this] { m_lintWork->explainPeak(); });
}

void MainWindow::makeBoardMenu()
{
    QMenu *menu = menuBar()->addMenu(QStringLiteral("&Board"));
    auto *boardGroup = new QActionGroup(this);
    for (const Board &board : boards()) {
        QAction *action =
            addCommand(menu, {QStringLiteral("%1  (%2)").arg(board.name, describe(board))},
                       [this, id = board.id] { m_target->chooseBoard(id); });
        action->setCheckable(true);
        action->setData(board.id);
        boardGroup->addAction(action);
    }
    menu->addSeparator();
    auto *runtimeGroup = new QActionGroup(this);
    for (Runtime runtime : allRuntimes) {
        QAction *action = addCommand(menu, {displayName(runtime)},
                                     [this, runtime] { m_target->chooseRuntime(runtime); });
        action->setCheckable(true);
        action->setData(int(runtime));
        runtimeGroup->addAction(action);
    }
    const auto check = [this, boardGroup, runtimeGroup] {
        const Target &target = m_document.target();
        const QList<QAction *> boardActions = boardGroup->actions();
        for (QAction *action : boardActions)
            action->setChecked(action->data().toString() == target.board.id);
        const QList<QAction *> runtimeActions = runtimeGroup->actions();
        for (QAction *action : runtimeActions)
            action->setChecked(action->data().toInt() == int(target.runtime));
    };
    check();
    connect(&m_document, &Document::targetChanged, this, check);
    menu->addSeparator();
    makeMeasuringCommands(menu);
    menu->addSeparator();
    addCommand(menu, {QStringLiteral("&Import Measurements\u2026"), QStringLiteral("import")},
               [this] { Q_EMIT m_atomDb->importRequested(); });
    addCommand(menu, {QStringLiteral("&Export AtomDB\u2026"), QStringLiteral("export")},
               [this] { Q_EMIT m_atomDb->exportRequested(); });
    addCommand(menu, {QStringLiteral("&Merge Another AtomDB\u2026"), QStringLiteral("database")},
               [this] { Q_EMIT m_atomDb->mergeRequested(); });
    addCommand(menu, {QStringLiteral("&Open Other AtomDB\u2026")},
               [this] { Q_EMIT m_atomDb->openRequested(); });
}

void MainWindow::makeMeasuringCommands(QMenu *menu)
{
    addCommand(menu,
               {QStringLiteral("&Measure Missing Operators"), QStringLiteral("measure"),
                QKeySequence(Qt::CTRL | Qt::Key_M)},
               [this] { m_boardWork->measure(false); });
    addCommand(menu,
               {QStringLiteral("Measure &Whole Design"),
                {},
                QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_M)},
               [this] { m_boardWork->measure(true); });
    addCommand(menu, {QStringLiteral("Run Whole &Network")},
               [this] { m_boardWork->measureNetwork(); });
    addCommand(menu, {QStringLiteral("&Validate on Board\u2026"), QStringLiteral("check")},
               [this] { m_boardWork->askValidate(); });
    addCommand(menu, {QStringLiteral("&Flash Firmware\u2026"), QStringLiteral("flash")},
               [this] { m_boardWork->askFlash(); });
    addCommand(menu, {QStringLiteral("Why Does It Not &Connect?"), QStringLiteral("help")},
               [this] { m_boardWork->examine(); });
    addCommand(menu, {QStringLiteral("&Pause or Resume Measuring")},
               [this] { m_boardWork->setPaused(m_board->phase() != BoardPhase::Paused); });
    addCommand(menu, {QStringLiteral("&Stop"), {}, QKeySequence(Qt::CTRL | Qt::Key_Period)},
               [this] { m_boardWork->stop(); });
    QAction *plug = addCommand(menu, {QStringLiteral("&Unplug the Virtual Board")}, [this] {
        m_boardWork->setPlugged(!m_boardWork->service().plugged());
    });
    plug->setObjectName(QStringLiteral("plugAction"));
    plug->setToolTip(QStringLiteral("To see what happens when a board is unplugged"));
}

void MainWindow::makeHelpMenu()
{
    QMenu *menu = menuBar()->addMenu(QStringLiteral("&Help"));
    addCommand(
        menu, {QStringLiteral("&Help on This"), QStringLiteral("help"), QKeySequence::HelpContents},
        [this] { showHelp(); });
    addCommand(menu, {QStringLiteral("&About"), QStringLiteral("info")}, [this] {
        m_help->showAbout();
        m_helpDock->show();
        m_helpDock->raise();
    });
}

void MainWindow::makeToolBar()
{
    auto *bar = new QToolBar(QStringLiteral("Main toolbar"), this);
    bar->setObjectName(QStringLiteral("mainToolBar"));
    bar->setMovable(false);
    bar->setIconSize({18, 18});
    addToolBar(bar);
    for (const char *name : {"undoAction", "redoAction"})
        bar->addAction(findChild<QAction *>(name));
    bar->addSeparator();
    m_target = new TargetBar(m_document, bar);
    m_target->setObjectName(QStringLiteral("target"));
    bar->addWidget(m_target);
    auto *space = new QWidget(bar);
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(space);
    auto *search = new QToolButton(bar);
    search->setText(QStringLiteral("Search commands  Ctrl+K"));
    search->setIcon(icon(QStringLiteral("search")));
    search->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    search->setAccessibleName(QStringLiteral("Search commands"));
    search->setFocusPolicy(Qt::TabFocus);
    connect(search, &QToolButton::clicked, this, [this] { m_commandPalette->open(commands()); });
    bar->addWidget(search);

    // The totals take the whole width below, as a row of their own.
    addToolBarBreak();
    auto *totals = new QToolBar(QStringLiteral("Totals"), this);
    totals->setObjectName(QStringLiteral("totalsToolBar"));
    totals->setMovable(false);
    m_headline = new HeadlineBar(totals);
    m_headline->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    totals->addWidget(m_headline);
    addToolBar(totals);
}

} // namespace atomnet
