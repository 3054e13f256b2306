#include "tests/widgets/canvas/canvas_fixture.h"
#include "tests/widgets/document/small_network.h"

#include "core/model/presets.h"

#include <QContextMenuEvent>
#include <QMenu>
#include <QScrollBar>
#include <QTest>
#include <QWheelEvent>

using namespace atomnet;

// Clicking, hovering, zooming, menus.
class TestCanvasView : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m = std::make_unique<CanvasFixture>(smallNetwork()); }
    void cleanup() { m.reset(); }

    void clicksSelect()
    {
        m->click(m->card(1, 1));
        QCOMPARE(m->selected(), std::vector{m->id(1, 1)});
        m->click(m->card(1, 0), Qt::ControlModifier);
        QCOMPARE(m->selected().size(), std::size_t(2));
        m->click(m->card(1, 0), Qt::ControlModifier);
        QCOMPARE(m->selected(), std::vector{m->id(1, 1)});
        m->click(m->card(0, 0), Qt::ShiftModifier); // all in between
        QCOMPARE(m->selected().size(), std::size_t(3));
        m->click(m->card(1, 0)); // narrows to one
        QCOMPARE(m->selected(), std::vector{m->id(1, 0)});
        m->click(m->header(1));
        QCOMPARE(m->document.selection().stage(), m->network().stages[1].id);
        m->click(m->at(m->view->canvas().layout().head.center()));
        QVERIFY(m->document.selection().headSelected());
        m->click(m->at(m->view->canvas().layout().input.center()));
        QVERIFY(m->document.selection().inputSelected());
        m->click(m->at(m->view->canvas().layout().bounds.bottomLeft() + QPointF(2, 10)));
        QVERIFY(m->document.selection().isEmpty());
    }
    void theSelectionOfOthersIsShown()
    {
        m->document.selection().selectLayer(4, m->id(1, 1)); // a chart's bar
        QVERIFY(m->view->canvas().card(m->id(1, 1))->isMarked());
        QVERIFY(m->view->accessibleDescription().contains(QStringLiteral("SEP, 16 channels")));
    }
    void aRubberBandSelectsWhatItTouches()
    {
        const CanvasLayout &layout = m->view->canvas().layout();
        const QPointF from(layout.stages[1].frame.left() - 3, layout.bounds.bottom() + 5);
        const QPointF to = layout.stages[1].cards[0].center();
        m->drag(m->at(from), m->at(to));
        QCOMPARE(m->selected(), (std::vector{m->id(1, 0), m->id(1, 1)}));
        QCOMPARE(m->steps(), 0);
        // With Ctrl it adds.
        m->click(m->card(0, 0));
        m->drag(m->at(from), m->at(layout.stages[1].cards[1].center()), Qt::ControlModifier);
        QCOMPARE(m->selected(), (std::vector{m->id(0, 0), m->id(1, 1)}));
    }
    void hoveringIsShared()
    {
        QTest::mouseMove(m->view->viewport(), m->card(1, 1));
        QTRY_COMPARE(m->document.selection().hoveredBlock(), m->id(1, 1));
        QEvent leave(QEvent::Leave);
        QApplication::sendEvent(m->view->viewport(), &leave);
        QVERIFY(!m->document.selection().hoveredBlock());
    }
    void doubleClicksOpenAndRename()
    {
        QSignalSpy open(m->view.get(), &CanvasView::openRequested);
        QTest::mouseDClick(m->view->viewport(), Qt::LeftButton, {}, m->card(1, 1));
        QCOMPARE(open.size(), 1);
        QCOMPARE(m->selected(), std::vector{m->id(1, 1)});
        QTest::mouseDClick(m->view->viewport(), Qt::LeftButton, {}, m->header(1));
        auto *editor = m->view->findChild<QWidget *>(QStringLiteral("stageName"));
        QVERIFY(editor);
        QTest::keyClicks(editor, QStringLiteral("tail"));
        m->click(m->card(1, 1)); // clicking elsewhere takes the name
        QCOMPARE(m->network().stages[1].name, QStringLiteral("tail"));
        QCOMPARE(open.size(), 1);
    }
    void thePlusAddsAStage()
    {
        m->click(m->at(m->view->canvas().layout().addStage.center()));
        QCOMPARE(m->network().stages.size(), std::size_t(3));
        QCOMPARE(m->steps(), 1);
    }
    void ctrlWheelZoomsAroundThePointer()
    {
        QSignalSpy zoomed(m->view.get(), &CanvasView::zoomChanged);
        m->view->resize(300, 200); // smaller than the scene, so that it can scroll
        const QPoint pointer(150, 100);
        m->view->centerOn(m->view->canvas().layout().bounds.center());
        const QPointF fixed = m->view->mapToScene(pointer);
        wheel(pointer, 120, Qt::ControlModifier);
        QVERIFY(m->view->zoom() > 1.1);
        QCOMPARE(zoomed.last()[0].toDouble(), m->view->zoom());
        const QPointF now = m->view->mapToScene(pointer);
        QVERIFY(QLineF(fixed, now).length() < 2);
        for (int i = 0; i < 60; ++i)
            wheel(pointer, -120, Qt::ControlModifier);
        QVERIFY(m->view->zoom() >= 0.09);
        for (int i = 0; i < 120; ++i)
            wheel(pointer, 120, Qt::ControlModifier);
        QVERIFY(m->view->zoom() <= 4.01);
    }
    void fitShowsEverythingAndStaysFitted()
    {
        m->document.setNew(presets()[0].network); // another design is fitted by itself
        for (const QSize size : {QSize(840, 400), QSize(1000, 600), QSize(2200, 900)}) {
            m->view->resize(size);
            const QRectF seen = m->view->mapToScene(m->view->viewport()->rect()).boundingRect();
            QVERIFY(seen.adjusted(-1, -1, 1, 1).contains(m->view->canvas().layout().bounds));
            QVERIFY(m->view->zoom() <= 1.5);
        }
        m->view->zoomReset();
        m->view->resize(700, 400);
        QCOMPARE(m->view->zoom(), 1.0); // the user's zoom is not taken away
    }
    void middleAndSpaceDragsPan()
    {
        m->view->resize(300, 200);
        m->view->horizontalScrollBar()->setValue(50);
        const int before = m->view->horizontalScrollBar()->value();
        m->press(QPoint(150, 100), {}, Qt::MiddleButton);
        m->moveTo(QPoint(120, 100));
        m->release(QPoint(120, 100), {}, Qt::MiddleButton);
        QCOMPARE(m->view->horizontalScrollBar()->value(), before + 30);
        QTest::keyPress(m->view.get(), Qt::Key_Space);
        m->drag(QPoint(120, 100), QPoint(150, 100));
        QTest::keyRelease(m->view.get(), Qt::Key_Space);
        QCOMPARE(m->view->horizontalScrollBar()->value(), before);
        QCOMPARE(m->steps(), 0);
        QVERIFY(m->document.selection().isEmpty());
    }
    void theMenuOfABlockChangesIt()
    {
        QMenu *menu = openMenu(m->card(1, 0));
        QVERIFY(menu);
        QCOMPARE(m->selected(), std::vector{m->id(1, 0)});
        trigger(*menu, {QStringLiteral("Type"), QStringLiteral("MBConv")});
        QVERIFY(m->stage(1)[0].type == BlockType::MbConv);
        trigger(*openMenu(m->card(1, 0)), {QStringLiteral("Stride"), QStringLiteral("2")});
        QCOMPARE(m->stage(1)[0].stride, 2);
        trigger(*openMenu(m->card(1, 0)),
                {QStringLiteral("Insert before"), QStringLiteral("Conv")});
        QVERIFY(m->stage(1)[0].type == BlockType::Conv);
        trigger(*openMenu(m->card(1, 2)), {QStringLiteral("Split into own stage")});
        QCOMPARE(m->network().stages.size(), std::size_t(3));
        trigger(*openMenu(m->card(1, 0)), {QStringLiteral("Delete\tDel")});
        QCOMPARE(m->stage(1).size(), std::size_t(1));
        QCOMPARE(m->steps(), 5);
    }
    void theMenuOfAStageAndOfTheGround()
    {
        const StageId stem = m->network().stages[0].id;
        trigger(*openMenu(m->header(0)), {QStringLiteral("Move stage right")});
        QCOMPARE(m->network().stages[1].id, stem);
        trigger(*openMenu(m->header(1)), {QStringLiteral("Delete stage")});
        QCOMPARE(m->network().stages.size(), std::size_t(1));
        const QPoint ground =
            m->at(m->view->canvas().layout().bounds.bottomLeft() + QPointF(2, 10));
        trigger(*openMenu(ground), {QStringLiteral("Add stage")});
        QCOMPARE(m->network().stages.size(), std::size_t(2));
    }
    void theMenuKeyOpensItAtTheSelection()
    {
        m->document.selection().setBlocks({m->id(1, 0)});
        QContextMenuEvent event(QContextMenuEvent::Keyboard, QPoint(1, 1), QPoint(1, 1));
        QApplication::sendEvent(m->view.get(), &event);
        auto *menu = m->view->findChild<QMenu *>();
        QVERIFY(menu && find(*menu, QStringLiteral("Split into own stage")));
        menu->close();
        delete menu;
        QTest::keyClick(m->view.get(), Qt::Key_Insert);
        menu = m->view->findChild<QMenu *>();
        QVERIFY(menu && find(*menu, QStringLiteral("Insert after")));
        menu->close();
    }
    void aSelectionFromElsewhereIsScrolledTo()
    {
        m->view->resize(200, 300);
        m->view->horizontalScrollBar()->setValue(0);
        const auto seen = [this] { return m->view->viewport()->rect().contains(m->card(1, 1)); };
        QVERIFY(!seen());
        m->document.selection().selectLayer(3, m->id(1, 1));
        QVERIFY(seen());
    }
    void theEmptyCanvasPaintsItsHint()
    {
        m->document.setNew({});
        const QImage empty = m->view->viewport()->grab().toImage();
        m->view->canvas().setFrozen(false);
        m->view->insertBlock(BlockType::Conv);
        QCOMPARE(m->network().stages.size(), std::size_t(1));
        m->document.undoStack().undo();
        QCOMPARE(m->network().stages.size(), std::size_t(0));
        QCOMPARE(m->view->viewport()->grab().toImage(), empty);
        // The hint stands in the lower third, where nothing else is.
        const QRect lower(0, empty.height() * 2 / 3, empty.width(), empty.height() / 3);
        const QRgb ground = empty.pixel(lower.center().x(), empty.height() - 2);
        bool any = false;
        for (int y = lower.top(); y < lower.bottom() && !any; ++y) {
            for (int x = lower.left(); x < lower.right() && !any; ++x)
                any = empty.pixel(x, y) != ground;
        }
        QVERIFY(any);
    }

private:
    void wheel(QPoint at, int delta, Qt::KeyboardModifiers modifiers)
    {
        QWheelEvent event(at, m->view->viewport()->mapToGlobal(at), {}, {0, delta}, Qt::NoButton,
                          modifiers, Qt::NoScrollPhase, false);
        QApplication::sendEvent(m->view->viewport(), &event);
    }
    QMenu *openMenu(QPoint at)
    {
        QContextMenuEvent event(QContextMenuEvent::Mouse, at, m->view->viewport()->mapToGlobal(at));
        QApplication::sendEvent(m->view->viewport(), &event);
        const auto menus = m->view->findChildren<QMenu *>(QString(), Qt::FindDirectChildrenOnly);
        return menus.isEmpty() ? nullptr : menus.last();
    }
    static QAction *find(const QMenu &menu, const QString &text)
    {
        for (QAction *action : menu.actions()) {
            if (action->text() == text) return action;
        }
        return nullptr;
    }
    /// Chooses an entry by its path and closes the menu.
    void trigger(QMenu &top, const QStringList &path)
    {
        QMenu *menu = &top;
        for (const QString &text : path) {
            QAction *action = find(*menu, text);
            QVERIFY2(action, qPrintable(text));
            if (action->menu()) {
                menu = action->menu();
            } else {
                action->trigger();
            }
        }
        top.close();
        delete &top;
    }
    std::unique_ptr<CanvasFixture> m;
};

QTEST_MAIN(TestCanvasView)
#include "tst_canvas_view.moc"
