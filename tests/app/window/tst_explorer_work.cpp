#include "app/window/explorer_work.h"
#include "app/window/main_window.h"
#include "core/lowering/lower.h"
#include "tests/app/window/private_folders.h"
#include "widgets/dashboards/explorer/explorer_panel.h"
#include "widgets/dashboards/explorer/plot_view.h"

#include <QAction>
#include <QDockWidget>
#include <QTest>

using namespace atomnet;

/// The Explorer in the window: it follows the window's AtomDB and knows its design.
class TestExplorerWork : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_folders = std::make_unique<PrivateFolders>();
        auto db = AtomDb::open(path());
        QVERIFY(db);
        m_db = std::make_unique<AtomDb>(std::move(*db));
        open();
    }
    void cleanup()
    {
        m_window.reset();
        m_db.reset();
        m_folders.reset();
    }
    void anEmptyAtomDbSaysWhatToDoAndFollowsWhatComes()
    {
        explorer().setOwnWindow(false); // raises the dock
        QTRY_VERIFY(plot().model()->message.contains(QStringLiteral("import")));
        const Network network = m_window->document().network();
        const qsizetype keys = measure(network);
        m_window->database().refresh();
        QTRY_COMPARE(qsizetype(plot().model()->points.points().size()), keys);
    }
    void operatorsAreSelectedInTheDesign()
    {
        const Network network = m_window->document().network();
        const auto graph = lower(network, Runtime::XCubeAi72);
        QVERIFY(graph);
        for (const Atom &atom : graph->atoms) {
            if (atom.key.kind != AtomKind::Depthwise) continue;
            AtomKey key = atom.key;
            key.act = KeyAct::Unknown; // as imported rows are
            QVERIFY(explorer().selectInDesign(key) >= 1);
            QVERIFY(m_window->document().selection().contains(atom.blockId));
        }
        AtomKey none;
        none.inC = 4095;
        QCOMPARE(explorer().selectInDesign(none), 0);
    }
    void itHasAWindowOfItsOwn()
    {
        auto *dock = qobject_cast<QDockWidget *>(explorer().tabs()->parentWidget());
        QVERIFY(dock);
        explorer().setOwnWindow(true);
        QVERIFY(dock->isFloating());
        QVERIFY(explorer().panel().isVisible());
        explorer().setOwnWindow(false);
        QVERIFY(!dock->isFloating());
    }
    void whatWasChosenIsThereInTheNextRun()
    {
        measure(m_window->document().network());
        explorer().setOwnWindow(false);
        m_window->database().refresh();
        QTRY_VERIFY(!plot().model()->points.isEmpty());
        ExplorerChoice choice = explorer().panel().controls().choice();
        choice.query.view = ExplorerView::HeatMap;
        choice.query.filter.kernel = {3, 3};
        explorer().panel().controls().setChoice(choice);
        m_window->close();
        m_window.reset();
        open();
        QCOMPARE(explorer().tabs()->currentIndex(), 1);
        const ExplorerQuery &query = explorer().panel().controls().choice().query;
        QVERIFY(query.view == ExplorerView::HeatMap);
        QCOMPARE(query.filter.kernel, (FieldRange{3, 3}));
    }

private:
    [[nodiscard]] QString path() const { return m_folders->file(QStringLiteral("atomdb.sqlite")); }
    [[nodiscard]] ExplorerWork &explorer() const { return *m_window->explorer(); }
    [[nodiscard]] PlotView &plot() const { return explorer().panel().plot(); }
    void open()
    {
        m_window = std::make_unique<MainWindow>(path());
        m_window->setAsk([](const QString &) { return QMessageBox::Discard; });
        m_window->resize(1280, 800);
        m_window->start();
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }
    /// A sample of every operator with MACs, as x-cube-ai-7.2 runs it; returns how many there are.
    qsizetype measure(const Network &network)
    {
        QSet<AtomKey> keys;
        std::vector<Sample> samples;
        const auto graph = lower(network, Runtime::XCubeAi72);
        for (const Atom &atom : graph->atoms) {
            if (macsOf(atom.key) + elementwiseMacsOf(atom.key) == 0 || keys.contains(atom.key))
                continue;
            keys.insert(atom.key);
            samples.push_back(
                {atom.key, 1'000 + macsOf(atom.key) / 100, SampleUnit::Nanoseconds, {}, {}, {}});
        }
        if (!m_db->addSamples(AtomDb::xCubeAiH743(), QStringLiteral("test"), samples)) return -1;
        return keys.size();
    }

    std::unique_ptr<PrivateFolders> m_folders;
    std::unique_ptr<AtomDb> m_db;
    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(TestExplorerWork)
#include "tst_explorer_work.moc"
