#pragma once

#include "core/atomdb/atom_db.h"
#include "widgets/document/analysis_runner.h"
#include "widgets/document/atomdb_service.h"
#include "widgets/document/device_service.h"
#include "widgets/document/document.h"

#include <QMainWindow>
#include <QMessageBox>

#include <functional>
#include <vector>

class QActionGroup;
class QDockWidget;
class QLabel;

namespace atomnet
{

class AtomDbPanel;
class BoardPanel;
class BoardWork;
class BlockInspector;
class CanvasView;
class CommandPalette;
class Dashboard;
class ExplorerWork;
class FirstHints;
class GuidelinesView;
class GuidelinesWork;
class HeadlineBar;
class HelpPanel;
class Int8Panel;
class Int8Work;
class LayersTable;
class LintWork;
class MeasuredView;
class MessageBar;
class PaletteWidget;
class ProgressStrip;
class RecentFiles;
class Recovery;
class SearchPanel;
class SearchWork;
class TargetBar;
enum class Severity : quint8;

/// The designer's window: it makes the parts, connects them, and answers the menus. What the parts
/// show all comes from one Document and one Report.
class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    explicit MainWindow(const QString &dbPath = AtomDb::defaultPath(),
                        DeviceAccess boards = DeviceAccess::real());
    ~MainWindow() override;

    /// Opens what the command line named; else the design of last time; else AtomNet-256KB. Then
    /// offers work that an earlier run left unsaved.
    void start(const QStringList &files = {});

    /// Each reports failure in the message bar and returns whether it was done.
    bool openFile(const QString &path);
    bool saveTo(const QString &path);
    bool exportTable(const QString &path);
    bool exportChartTo(int chart, const QString &path);
    void importCsv(const QStringList &files);
    void newDesign();
    void openPreset(const QString &id);

    /// How the question about unsaved changes is asked; a message box unless set otherwise.
    using Ask = std::function<QMessageBox::StandardButton(const QString &question)>;
    void setAsk(Ask ask) { m_ask = std::move(ask); }

    [[nodiscard]] Document &document() { return m_document; }
    [[nodiscard]] AnalysisRunner &runner() { return m_runner; }
    [[nodiscard]] AtomDbService &database() { return m_database; }
    [[nodiscard]] const std::vector<Dashboard *> &dashboards() const { return m_dashboards; }
    [[nodiscard]] HeadlineBar *headline() const { return m_headline; }
    [[nodiscard]] MessageBar *messages() const { return m_messages; }
    [[nodiscard]] LayersTable *layersTable() const { return m_layers; }
    [[nodiscard]] CanvasView *canvas() const { return m_canvas; }
    [[nodiscard]] CommandPalette *commandPalette() const { return m_commandPalette; }
    [[nodiscard]] Recovery *recovery() const { return m_recovery; }
    [[nodiscard]] Int8Panel *int8Panel() const { return m_int8; }
    [[nodiscard]] Int8Work *int8Work() const { return m_int8Work; }
    [[nodiscard]] BoardPanel *boardPanel() const { return m_board; }
    [[nodiscard]] BoardWork *boardWork() const { return m_boardWork; }
    [[nodiscard]] LintWork *lintWork() const { return m_lintWork; }
    [[nodiscard]] BlockInspector *inspector() const { return m_inspector; }
    [[nodiscard]] ExplorerWork *explorer() const { return m_explorer; }
    [[nodiscard]] SearchPanel *searchPanel() const { return m_search; }
    [[nodiscard]] QString statusText() const; ///< all parts of the status bar

protected:
    void closeEvent(QCloseEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    struct ActionSpec;
    // docks.cpp: the parts and where they stand
    void makeCentre();
    void makeDocks();
    QDockWidget *addDock(const QString &id, const QString &title, QWidget *content,
                         Qt::DockWidgetArea area);
    void showDock(QDockWidget *dock);
    void makeStatusBar();
    void connectInt8();
    void connectBoard(DeviceAccess access);
    void connectLint();
    void connectSearch();
    void defaultLayout();
    void restoreWindow();
    void storeWindow();
    // actions.cpp: menus, toolbar, keys
    void makeActions();
    void makeFileMenu();
    void makeEditMenu();
    void makeViewMenu();
    void makeDesignMenu();
    void makeAdviceCommands(QMenu *menu);
    void makeBoardMenu();
    void makeMeasuringCommands(QMenu *menu);
    void makeHelpMenu();
    void makeToolBar();
    QAction *addCommand(QMenu *menu, const ActionSpec &spec, std::function<void()> run);
    [[nodiscard]] QList<QAction *> commands() const;
    // database.cpp: AtomDB and what the analysis knows from it
    void connectDatabase();
    void openDatabase(const QString &path);
    void loadTable();
    void targetChanged();
    // main_window.cpp: what happens
    void connectParts();
    void showReport(const ReportPtr &report, const ReportPtr &baseline);
    void showStatus();
    void showFileState();
    void say(Severity severity, const QString &sentence, QAction *action = nullptr);
    bool maySave();
    bool save();
    bool saveAs();
    void open();
    void offerRecovery();
    void showHelp();

    Document m_document;
    AnalysisRunner m_runner;
    AtomDbService m_database;
    std::shared_ptr<const AtomTable> m_table;
    DbInfo m_dbInfo;
    Target m_knownTarget; ///< whose table and model the analysis uses
    Ask m_ask;

    HeadlineBar *m_headline = nullptr;
    MessageBar *m_messages = nullptr;
    FirstHints *m_hints = nullptr;
    CanvasView *m_canvas = nullptr;
    ProgressStrip *m_progress = nullptr;
    PaletteWidget *m_palette = nullptr;
    BlockInspector *m_inspector = nullptr;
    std::vector<Dashboard *> m_dashboards;
    LayersTable *m_layers = nullptr;
    AtomDbPanel *m_atomDb = nullptr;
    ExplorerWork *m_explorer = nullptr;
    Int8Panel *m_int8 = nullptr;
    Int8Work *m_int8Work = nullptr;
    BoardPanel *m_board = nullptr;
    BoardWork *m_boardWork = nullptr;
    MeasuredView *m_measured = nullptr;
    GuidelinesView *m_guidelines = nullptr;
    GuidelinesWork *m_guidelinesWork = nullptr;
    LintWork *m_lintWork = nullptr;
    SearchPanel *m_search = nullptr;
    SearchWork *m_searchWork = nullptr;
    HelpPanel *m_help = nullptr;
    TargetBar *m_target = nullptr;
    CommandPalette *m_commandPalette = nullptr;
    RecentFiles *m_recent = nullptr;
    Recovery *m_recovery = nullptr;

    std::vector<QDockWidget *> m_numberedDocks; ///< Ctrl+1 and so on
    QDockWidget *m_inspectorDock = nullptr, *m_helpDock = nullptr, *m_paletteDock = nullptr,
                *m_int8Dock = nullptr, *m_boardDock = nullptr, *m_guidelinesDock = nullptr, *m_searchDock = nullptr;
    QLabel *m_statusTarget = nullptr, *m_statusSources = nullptr, *m_statusDb = nullptr,
           *m_statusFile = nullptr, *m_statusBoard = nullptr;
    QAction *m_restoreAction = nullptr, *m_discardAction = nullptr, *m_saveAction = nullptr,
            *m_openFolderAction = nullptr;
    QList<QAction *> m_blockActions; ///< need a selection of blocks
    QByteArray m_defaultState;
    bool m_refusalShown =
        false; ///< the message bar says why an edit was refused; the next change clears it
    bool m_analysisFailed = false;
    bool m_databaseOpen = false;
    bool m_offerShown = false,
         m_offerCovered = false; ///< the message bar offers unsaved work, or will again
};

} // namespace atomnet
