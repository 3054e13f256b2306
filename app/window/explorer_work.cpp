#include "app/window/explorer_work.h"

#include "app/window/window_settings.h"
#include "core/lowering/lower.h"
#include "widgets/dashboards/explorer/explorer_panel.h"
#include "widgets/inspectors/atomdb_panel.h"

#include <QDockWidget>
#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QJsonDocument>

namespace atomnet
{

namespace
{

constexpr char stateKey[] = "explorer/state", tabKey[] = "explorer/tab";

/// As an imported row has it, which does not say its activation.
AtomKey withoutAct(AtomKey key)
{
    key.act = KeyAct::Unknown;
    return key;
}

} // namespace

ExplorerWork::ExplorerWork(Document &document, AtomDbService &database, AtomDbPanel *contents,
                           QWidget *window)
    : QObject(window)
    , m_document(document)
    , m_tabs(new QTabWidget(window))
    , m_panel(new ExplorerPanel(window))
    , m_window(window)
{
    m_tabs->setDocumentMode(true);
    m_tabs->setTabPosition(QTabWidget::West);
    m_tabs->addTab(contents, tr("Contents"));
    m_tabs->addTab(m_panel, tr("Explore"));
    m_tabs->setTabToolTip(0, tr("What AtomDB holds; import, export and merge"));
    m_tabs->setTabToolTip(1, tr("Look at the samples: scatter, heat map, roofline, coverage, "
                                "predictions, comparisons"));
    m_panel->installEventFilter(this);
    connectDatabase(database);
    connect(m_panel, &ExplorerPanel::requestChanged, this, &ExplorerWork::request);
    connect(m_panel, &ExplorerPanel::samplesWanted, &m_service, &ExplorerService::askSamples);
    connect(m_panel, &ExplorerPanel::exportWanted, this, &ExplorerWork::askExport);
    connect(m_panel, &ExplorerPanel::windowWanted, this,
            [this] { setOwnWindow(dock() && !dock()->isFloating()); });
    connect(m_panel, &ExplorerPanel::selectInDesignWanted, this, [this](const AtomKey &key) {
        const int layers = selectInDesign(key);
        Q_EMIT told(layers == 1
                        ? tr("Selected the one layer with this operator.")
                        : tr("Selected the blocks of %1 layers with this operator.").arg(layers));
    });
    connect(&m_document, &Document::networkChanged, this, [this] {
        m_designStale = true;
        if (m_panel->isVisible()) showDesign();
    });

    const auto settings = windowSettings();
    const QByteArray state = settings->value(stateKey).toByteArray();
    if (!state.isEmpty()) m_panel->restore(QJsonDocument::fromJson(state).object());
    m_tabs->setCurrentIndex(settings->value(tabKey).toInt() == 1 ? 1 : 0);
}

void ExplorerWork::connectDatabase(AtomDbService &database)
{
    connect(&database, &AtomDbService::infoReady, this, [this](const DbInfo &info) {
        m_path = info.path;
        m_stale = true;
        if (m_panel->isVisible()) follow();
    });
    connect(&database, &AtomDbService::failed, this, [this](const Error &error) {
        if (m_path.isEmpty()) m_panel->setFailure(error.message());
    });
    connect(&m_service, &ExplorerService::contentsReady, this,
            [this](const std::vector<ConditionInfo> &conditions) {
                const Target &target = m_document.target();
                m_panel->prefer(target.board.id, runtimeId(target.runtime));
                m_panel->setConditions(conditions);
            });
    connect(&m_service, &ExplorerService::snapshotReady, m_panel, &ExplorerPanel::setSnapshot);
    connect(&m_service, &ExplorerService::samplesReady, m_panel, &ExplorerPanel::setSamples);
    connect(&m_service, &ExplorerService::failed, m_panel,
            [this](const Error &error) { m_panel->setFailure(error.message()); });
}

void ExplorerWork::follow()
{
    if (m_path.isEmpty() || !m_stale) return;
    m_stale = false;
    if (m_opened == m_path) {
        m_service.refresh();
    } else {
        m_opened = m_path;
        m_service.open(m_path);
    }
}

void ExplorerWork::request()
{
    const ExplorerRequest request = m_panel->request();
    if (request.first != 0 && !m_opened.isEmpty()) m_service.ask(request);
}

void ExplorerWork::showDesign()
{
    if (!m_designStale) return;
    m_designStale = false;
    QSet<AtomKey> keys;
    for (const Runtime runtime : allRuntimes)
        if (const auto graph = lower(m_document.shown(), runtime))
            for (const Atom &atom : graph->atoms) {
                keys.insert(atom.key);
                keys.insert(withoutAct(atom.key));
            }
    m_panel->setDesignKeys(keys);
}

int ExplorerWork::selectInDesign(const AtomKey &key)
{
    int layers = 0;
    std::vector<BlockId> blocks;
    bool head = false;
    for (const Runtime runtime : allRuntimes) {
        const auto graph = lower(m_document.shown(), runtime);
        if (!graph || layers > 0) continue;
        for (const Atom &atom : graph->atoms) {
            if (atom.key != key && withoutAct(atom.key) != key) continue;
            ++layers;
            if (atom.block < 0)
                head = true;
            else if (std::find(blocks.begin(), blocks.end(), atom.blockId) == blocks.end())
                blocks.push_back(atom.blockId);
        }
    }
    if (!blocks.empty())
        m_document.selection().setBlocks(blocks);
    else if (head)
        m_document.selection().selectHead();
    return layers;
}

void ExplorerWork::showExplorer()
{
    m_tabs->setCurrentWidget(m_panel);
}

void ExplorerWork::showContents()
{
    m_tabs->setCurrentIndex(0);
}

QDockWidget *ExplorerWork::dock() const
{
    return qobject_cast<QDockWidget *>(m_tabs->parentWidget());
}

void ExplorerWork::setOwnWindow(bool own)
{
    QDockWidget *dock = this->dock();
    if (!dock) return;
    dock->show();
    showExplorer();
    if (dock->isFloating() != own) {
        dock->setFloating(own);
        if (own) {
            dock->resize(m_window->size() * 3 / 4);
            dock->move(m_window->geometry().center() - dock->rect().center());
        }
    }
    dock->raise();
    m_panel->setFocus(Qt::ShortcutFocusReason);
}

void ExplorerWork::askExport()
{
    const QString path = QFileDialog::getSaveFileName(
        m_window, tr("Export what the Explorer shows"), QStringLiteral("atomdb-explorer.png"),
        tr("PNG image (*.png);;SVG drawing (*.svg);;Table (*.csv)"));
    if (path.isEmpty()) return;
    if (const Result<> written = m_panel->exportTo(path); written)
        Q_EMIT told(tr("Wrote %1.").arg(QFileInfo(path).fileName()));
    else
        Q_EMIT failed(written.error().message());
}

bool ExplorerWork::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_panel && event->type() == QEvent::Show) {
        follow();
        showDesign();
    }
    return QObject::eventFilter(watched, event);
}

void ExplorerWork::store() const
{
    const auto settings = windowSettings();
    settings->setValue(stateKey, QJsonDocument(m_panel->state()).toJson(QJsonDocument::Compact));
    settings->setValue(tabKey, m_tabs->currentIndex());
}

} // namespace atomnet
