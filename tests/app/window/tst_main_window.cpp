#include "app/window/command_palette.h"
#include "app/window/headline_bar.h"
#include "app/window/help_panel.h"
#include "app/window/main_window.h"
#include "core/model/presets.h"
#include "tests/app/window/private_folders.h"
#include "widgets/canvas/canvas_mime.h"
#include "widgets/canvas/canvas_scene.h"
#include "widgets/canvas/canvas_view.h"
#include "widgets/common/theme.h"
#include "widgets/dashboards/bar_dashboard.h"
#include "widgets/dashboards/layer_chart.h"
#include "widgets/inspectors/layers_model.h"
#include "widgets/inspectors/layers_table.h"

#include <QApplication>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QDragMoveEvent>
#include <QDropEvent>
#include <QLineEdit>
#include <QMimeData>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>
#include <QTest>

using namespace atomnet;

/// The window as a person uses it: mouse and keys in, figures out.
class TestMainWindow : public QObject
{
    Q_OBJECT

    std::unique_ptr<PrivateFolders> m_folders;
    std::unique_ptr<MainWindow> m_window;

    Document &document() const { return m_window->document(); }
    QString headline(const char *cell) const
    {
        return m_window->headline()->text(QString::fromLatin1(cell));
    }
    /// The report of the design as it is now.
    ReportPtr settledReport() const
    {
        const auto fresh = [this] {
            const ReportPtr report = m_window->runner().report();
            if (!report || report->target.board.id != document().target().board.id) return false;
            const auto expected =
                analyze(document().shown(), document().target(), m_window->runner().knowledge());
            return expected && *report == *expected;
        };
        return QTest::qWaitFor(fresh, 10000) ? m_window->runner().report() : ReportPtr();
    }
    QSpinBox *widthBox() const
    {
        const QList<QSpinBox *> boxes = m_window->findChildren<QSpinBox *>();
        for (QSpinBox *box : boxes)
            if (box->accessibleName() == QStringLiteral("Width in channels")) return box;
        return nullptr;
    }
    BlockId blockAt(int stage, int index) const
    {
        return document().network().stages[std::size_t(stage)].blocks[std::size_t(index)].id;
    }
    QPoint onViewport(QPointF scenePoint) const
    {
        return m_window->canvas()->mapFromScene(scenePoint);
    }

private Q_SLOTS:
    void init()
    {
        m_folders = std::make_unique<PrivateFolders>();
        m_window = std::make_unique<MainWindow>(m_folders->file(QStringLiteral("atomdb.sqlite")));
        m_window->setAsk([](const QString &) { return QMessageBox::Discard; });
        m_window->resize(1280, 800);
        m_window->start();
        m_window->show();
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        QVERIFY(settledReport());
    }
    void cleanup()
    {
        m_window.reset();
        m_folders.reset();
    }

    void theFirstRunOpensAtomNet256KB()
    {
        QCOMPARE(document().network().name,
                 presetById(QStringLiteral("atomnet-256kb"))->network.name);
        QVERIFY(!document().isModified());
        QVERIFY(headline("headlineSram").contains(QStringLiteral("/ 512.0 KiB")));
        QVERIFY(m_window->statusText().contains(QStringLiteral("AtomDB is empty")));
        QVERIFY(m_window->statusText().contains(QStringLiteral("0 measured")));
    }

    void aWidthTypedInTheInspectorMovesHeadlineAndCharts()
    {
        const ReportPtr before = m_window->runner().report();
        const QString flashBefore = headline("headlineFlash");
        document().selection().setBlocks({blockAt(4, 0)});
        QSpinBox *width = widthBox();
        QVERIFY(width && width->isVisible());
        width->setFocus();
        width->selectAll();
        QTest::keyClicks(width, QStringLiteral("120"));
        QTest::keyClick(width, Qt::Key_Return);
        const ReportPtr after = settledReport();
        QVERIFY(after);
        QVERIFY(after->flash.value > before->flash.value);
        QVERIFY(headline("headlineFlash") != flashBefore);
        auto *chart = qobject_cast<BarDashboard *>(m_window->dashboards().front());
        QVERIFY(chart);
        QCOMPARE(chart->report(), after);

        QTest::keyClick(m_window.get(), Qt::Key_Z, Qt::ControlModifier);
        const ReportPtr undone = settledReport();
        QVERIFY(undone);
        QCOMPARE(undone->flash.value, before->flash.value);
        QCOMPARE(headline("headlineFlash"), flashBefore);
        QTest::keyClick(m_window.get(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(settledReport());
        QCOMPARE(m_window->runner().report()->flash.value, after->flash.value);
    }

    void aBlockDraggedFromThePaletteShowsItsCostBeforeTheDrop()
    {
        QWidget *viewport = m_window->canvas()->viewport();
        const CanvasLayout &layout = m_window->canvas()->canvas().layout();
        const QRectF card = layout.stages[2].cards.back();
        const QPoint place = onViewport(card.center() + QPointF(0, card.height() * 0.45));
        const std::size_t before = document().network().stages[2].blocks.size();
        const std::unique_ptr<QMimeData> mime(newBlockMime(BlockType::MbConv));

        QDragEnterEvent enter(place, Qt::CopyAction, mime.get(), Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(viewport, &enter);
        QVERIFY(enter.isAccepted());
        QDragMoveEvent move(place, Qt::CopyAction, mime.get(), Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(viewport, &move);
        QVERIFY(document().previewing());
        QVERIFY(settledReport());
        QVERIFY2(headline("headlineFlash").contains(u'+'), qPrintable(headline("headlineFlash")));
        QCOMPARE(document().network().stages[2].blocks.size(), before); // not yet made

        QDropEvent drop(place, Qt::CopyAction, mime.get(), Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(viewport, &drop);
        QVERIFY(settledReport());
        QCOMPARE(document().network().stages[2].blocks.size(), before + 1);
        QCOMPARE(document().undoStack().index(), 1);
        QTRY_VERIFY(!headline("headlineFlash").contains(u'+'));
        document().undoStack().undo();
        QCOMPARE(document().network().stages[2].blocks.size(), before);
    }

    void tableCanvasAndChartsShareTheSelection()
    {
        QTest::keyClick(m_window.get(), Qt::Key_5, Qt::ControlModifier);
        QTableView *view = m_window->layersTable()->view();
        QTRY_VERIFY(view->isVisible());
        const QModelIndex row = view->model()->index(6, LayersModel::Name);
        view->scrollTo(row);
        QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, view->visualRect(row).center());
        const Layer layer = m_window->runner().report()->layers[6];
        QCOMPARE(document().selection().layer(), std::optional<int>(6));
        QVERIFY(document().selection().contains(layer.atom.blockId));

        // The chart as well, both ways.
        QTest::keyClick(m_window.get(), Qt::Key_1, Qt::ControlModifier);
        auto *chart = m_window->dashboards().front()->findChild<LayerChart *>();
        QVERIFY(chart);
        QTRY_VERIFY(chart->isVisible());
        const auto clickBar = [chart](int bar) {
            const PlotMap map = chart->map();
            const QPointF point(map.centre(bar), map.area.center().y());
            QTest::mouseClick(chart->viewport(), Qt::LeftButton, {}, point.toPoint());
        };
        clickBar(9);
        QCOMPARE(document().selection().layer(), std::optional<int>(9));
        QVERIFY(
            document().selection().contains(m_window->runner().report()->layers[9].atom.blockId));
        QCOMPARE(view->selectionModel()->selectedRows().size(), 1);
        QCOMPARE(view->selectionModel()->selectedRows().first().data().toInt(), 10);

        // And back: a click on a card selects the rows of its block.
        const QRectF card = m_window->canvas()->canvas().layout().stages[1].cards[0];
        QTest::mouseClick(m_window->canvas()->viewport(), Qt::LeftButton, {},
                          onViewport(card.center()));
        QVERIFY(document().selection().contains(blockAt(1, 0)));
        const QModelIndexList rows = view->selectionModel()->selectedRows();
        QVERIFY(!rows.isEmpty());
        for (const QModelIndex &selected : rows) {
            const int index = selected.data().toInt() - 1;
            QCOMPARE(m_window->runner().report()->layers[std::size_t(index)].atom.blockId,
                     blockAt(1, 0));
        }
    }

    void anotherBoardHasOtherLimits()
    {
        auto *board = m_window->findChild<QComboBox *>(QStringLiteral("boardChooser"));
        QVERIFY(board);
        board->setFocus();
        const int wanted = board->findData(QStringLiteral("stm32f412"));
        while (board->currentIndex() != wanted)
            QTest::keyClick(board, board->currentIndex() < wanted ? Qt::Key_Down : Qt::Key_Up);
        QVERIFY(settledReport());
        QVERIFY2(headline("headlineSram").contains(QStringLiteral("/ 256.0 KiB")),
                 qPrintable(headline("headlineSram")));
        QVERIFY(m_window->statusText().contains(document().target().board.name));
        auto *reserve = m_window->findChild<QSpinBox *>(QStringLiteral("reserveSRAM"));
        QVERIFY(reserve);
        reserve->setValue(56);
        QVERIFY(settledReport());
        QVERIFY(headline("headlineSram").contains(QStringLiteral("/ 200.0 KiB")));
    }

    void ctrlKFindsAndRunsACommand()
    {
        CommandPalette *palette = m_window->commandPalette();
        QTest::keyClick(m_window.get(), Qt::Key_K, Qt::ControlModifier);
        QVERIFY(palette->isVisible());
        auto *search = palette->findChild<QLineEdit *>();
        QTest::keyClicks(search, QStringLiteral("insert mbconv"));
        QVERIFY(!palette->shownCommands().isEmpty());
        QCOMPARE(palette->shownCommands().first(), QStringLiteral("Design: Insert MBConv"));
        QTest::keyClick(search, Qt::Key_Return);
        QVERIFY(!palette->isVisible());
        QCOMPARE(document().undoStack().index(), 1);
    }

    void everyMenuCommandIsInThePalette()
    {
        QTest::keyClick(m_window.get(), Qt::Key_K, Qt::ControlModifier);
        const QString all = m_window->commandPalette()->shownCommands().join(u'\n');
        for (const char *name :
             {"File: New", "File: Open", "Presets: AtomNet-512KB", "Edit: Paste", "Theme: Dark",
              "View: Reset Layout", "Board: AtomNet 1", "Board: Import Measurements",
              "Help: Help on This", "View: Layers table"})
            QVERIFY2(all.contains(QString::fromLatin1(name)), name);
    }

    void theThemeSwitchesEverywhereAndBack()
    {
        const auto run = [this](const QString &command) {
            QTest::keyClick(m_window.get(), Qt::Key_K, Qt::ControlModifier);
            auto *search = m_window->commandPalette()->findChild<QLineEdit *>();
            QTest::keyClicks(search, command);
            QTest::keyClick(search, Qt::Key_Return);
            QCoreApplication::processEvents();
        };
        run(QStringLiteral("Theme: Dark"));
        QVERIFY(ThemeManager::instance().theme().dark);
        const QImage dark = m_window->grab().toImage();
        run(QStringLiteral("Theme: Light"));
        QVERIFY(!ThemeManager::instance().theme().dark);
        const QImage light = m_window->grab().toImage();
        const QPoint corner(light.width() / 2, light.height() - 6); // the status bar
        QVERIFY(qGray(light.pixel(corner)) > qGray(dark.pixel(corner)) + 60);
        ThemeManager::instance().setMode(ThemeMode::System);
    }

    void f1HelpsWithWhatHasTheFocus()
    {
        QTest::keyClick(m_window.get(), Qt::Key_5, Qt::ControlModifier);
        QTRY_VERIFY(m_window->layersTable()->view()->isVisible());
        m_window->layersTable()->view()->setFocus();
        QTest::keyClick(m_window.get(), Qt::Key_F1);
        auto *help = m_window->findChild<HelpPanel *>();
        QTRY_VERIFY(help && help->isVisible());
        QCOMPARE(help->topic(), QStringLiteral("Layers table"));
        m_window->canvas()->setFocus();
        QTest::keyClick(m_window.get(), Qt::Key_F1);
        QCOMPARE(help->topic(), QStringLiteral("Canvas"));
    }

    void anEmptyDesignDimsTheChartsAndSaysWhatToDo()
    {
        Network empty;
        empty.name = QStringLiteral("empty");
        empty.stages = {Stage{{}, QStringLiteral("s1"), {}, {}}};
        document().setNew(empty);
        QTRY_VERIFY(m_window->dashboards().front()->isDimmed());
        QVERIFY(m_window->canvas()->isVisible());
        m_window->openPreset(QStringLiteral("atomnet-320kb"));
        QVERIFY(settledReport());
        QVERIFY(!m_window->dashboards().front()->isDimmed());
    }
};

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
