#include "tests/widgets/canvas/canvas_fixture.h"
#include "tests/widgets/document/small_network.h"

#include <QApplication>
#include <QTest>

using namespace atomnet;

// Cards and stages dragged with the mouse; drops from the palette are in tst_palette.cpp.
class TestCanvasDrag : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m = std::make_unique<CanvasFixture>(smallNetwork()); }
    void cleanup()
    {
        QVERIFY(!m->document.previewing()); // no drag may leave one behind
        QVERIFY(m->view->canvas().mark().line().isNull());
        QVERIFY(!m->view->canvas().ghost().isVisible());
        m.reset();
    }
    void aCardMovesWithinItsStage()
    {
        const BlockId first = m->id(1, 0), second = m->id(1, 1);
        m->drag(m->card(1, 0), m->gap(1, 2));
        QCOMPARE(m->id(1, 0), second);
        QCOMPARE(m->id(1, 1), first);
        QCOMPARE(m->steps(), 1);
        QCOMPARE(m->selected(), std::vector{first});
    }
    void aCardMovesToAnotherStage()
    {
        const BlockId block = m->id(1, 1);
        m->drag(m->card(1, 1), m->gap(0, 0));
        QCOMPARE(m->id(0, 0), block);
        QCOMPARE(m->stage(0).size(), std::size_t(2));
        QCOMPARE(m->stage(1).size(), std::size_t(1));
        QCOMPARE(m->steps(), 1);
    }
    void undoAndRedoOfADrag()
    {
        const Network before = m->network();
        m->drag(m->card(1, 1), m->gap(0, 0));
        const Network after = m->network();
        m->document.undoStack().undo();
        QCOMPARE(m->network(), before);
        QVERIFY(m->view->canvas().card(m->id(1, 1))->scenePos() ==
                m->view->canvas().layout().stages[1].cards[1].topLeft());
        m->document.undoStack().redo();
        QCOMPARE(m->network(), after);
    }
    void aDropBesideTheStagesMakesAStageInOneStep()
    {
        const BlockId block = m->id(1, 1);
        m->drag(m->card(1, 1), m->betweenStages(2));
        QCOMPARE(m->network().stages.size(), std::size_t(3));
        QCOMPARE(m->id(2, 0), block);
        QCOMPARE(m->steps(), 1);
        m->document.undoStack().undo();
        QCOMPARE(m->network().stages.size(), std::size_t(2));
    }
    void ctrlCopies()
    {
        const BlockId block = m->id(1, 1);
        m->drag(m->card(1, 1), m->gap(1, 0), Qt::ControlModifier);
        QCOMPARE(m->stage(1).size(), std::size_t(3));
        QCOMPARE(m->stage(1)[0].out, 16);
        QCOMPARE(m->id(1, 2), block);
        QCOMPARE(m->selected(), std::vector{m->id(1, 0)}); // the copy
        QCOMPARE(m->steps(), 1);
    }
    void severalCardsMoveTogether()
    {
        const std::vector both{m->id(1, 0), m->id(1, 1)};
        m->document.selection().setBlocks(both);
        m->drag(m->card(1, 1), m->gap(0, 0));
        QCOMPARE(m->stage(0).size(), std::size_t(3));
        QCOMPARE(m->id(0, 0), both[0]);
        QCOMPARE(m->id(0, 1), both[1]);
        QCOMPARE(m->selected(), both);
        QCOMPARE(m->steps(), 1);
    }
    void theOutcomeIsPreviewedAndTheCardsStay()
    {
        const BlockId block = m->id(1, 1);
        const Network before = m->network();
        const CardItem *card = m->view->canvas().card(block);
        const QPointF place = card->scenePos();
        m->press(m->card(1, 1));
        m->moveTo(m->card(1, 1) + QPoint(0, 30));
        m->moveTo(m->gap(0, 0));
        QVERIFY(m->document.previewing());
        QCOMPARE(m->document.shown().stages[0].blocks[0].id, block);
        QCOMPARE(m->network(), before);
        QCOMPARE(card->scenePos(), place); // else the drop places would run away
        QVERIFY(card->opacity() < 1);
        QVERIFY(!m->view->canvas().mark().line().isNull());
        QVERIFY(m->view->canvas().ghost().isVisible());

        auto report = std::make_shared<Report>(), baseline = std::make_shared<Report>();
        report->sram.value = 12 * 1024;
        m->view->setReport(report, baseline);
        QVERIFY(m->view->canvas().ghost().note().contains(QStringLiteral("+12.0 KiB")));
        m->release(m->gap(0, 0));
        QCOMPARE(m->id(0, 0), block);
        QCOMPARE(card->opacity(), 1.0);
    }
    void escapeGivesUp()
    {
        const Network before = m->network();
        m->press(m->card(1, 1));
        m->moveTo(m->card(1, 1) + QPoint(0, 30));
        m->moveTo(m->gap(0, 0));
        QVERIFY(m->document.previewing());
        QTest::keyClick(m->view.get(), Qt::Key_Escape);
        QVERIFY(!m->document.previewing());
        QCOMPARE(m->document.shown(), before);
        m->moveTo(m->gap(0, 0)); // the button is still down
        m->release(m->gap(0, 0));
        QCOMPARE(m->network(), before);
        QCOMPARE(m->steps(), 0);
    }
    void outsideTheCanvasNothingHappens()
    {
        const Network before = m->network();
        m->press(m->card(1, 1));
        m->moveTo(m->gap(0, 0));
        QVERIFY(m->document.previewing());
        m->moveTo(QPoint(-50, 50));
        QVERIFY(!m->document.previewing());
        m->release(QPoint(-50, 50));
        QCOMPARE(m->network(), before);
    }
    void theInputRefusesAndSaysWhy()
    {
        const Network before = m->network();
        const QPoint input = m->at(m->view->canvas().layout().input.center());
        m->press(m->card(1, 1));
        m->moveTo(m->gap(0, 0));
        m->messages->clear();
        m->moveTo(input);
        QVERIFY(!m->document.previewing());
        QVERIFY(m->view->canvas().ghost().refused());
        QCOMPARE(m->messages->size(), 1);
        QVERIFY(!m->messages->at(0)[0].toString().isEmpty());
        m->release(input);
        QCOMPARE(m->network(), before);
        QCOMPARE(m->steps(), 0);
    }
    void aDropWhereItCameFromMakesNoStep()
    {
        m->drag(m->card(1, 1), m->card(1, 1) + QPoint(30, 20));
        QCOMPARE(m->steps(), 0);
    }
    void aHeaderDragsItsStage()
    {
        const StageId stem = m->network().stages[0].id;
        const QPoint behind =
            m->at(m->view->canvas().layout().stages[1].frame.center()) + QPoint(9, 0);
        m->drag(m->header(0), behind);
        QCOMPARE(m->network().stages[1].id, stem);
        QCOMPARE(m->steps(), 1);
    }
    void aSmallTremorIsAClick()
    {
        m->press(m->card(1, 1));
        m->moveTo(m->card(1, 1) + QPoint(1, 1));
        m->release(m->card(1, 1) + QPoint(1, 1));
        QCOMPARE(m->steps(), 0);
        QCOMPARE(m->selected(), std::vector{m->id(1, 1)});
    }

private:
    std::unique_ptr<CanvasFixture> m;
};

QTEST_MAIN(TestCanvasDrag)
#include "tst_canvas_drag.moc"
