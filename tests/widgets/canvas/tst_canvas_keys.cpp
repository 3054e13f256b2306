#include "tests/widgets/canvas/canvas_fixture.h"
#include "tests/widgets/document/small_network.h"

#include <QTest>

using namespace atomnet;

// The canvas without a mouse.
class TestCanvasKeys : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m = std::make_unique<CanvasFixture>(smallNetwork()); }
    void cleanup() { m.reset(); }

    void arrowsMoveTheSelection()
    {
        key(Qt::Key_Down);
        QCOMPARE(m->selected(), std::vector{m->id(0, 0)});
        key(Qt::Key_Right);
        QCOMPARE(m->selected(), std::vector{m->id(1, 0)});
        key(Qt::Key_Down);
        QCOMPARE(m->selected(), std::vector{m->id(1, 1)});
        key(Qt::Key_Right);
        QVERIFY(m->document.selection().headSelected());
        key(Qt::Key_Left);
        key(Qt::Key_Up);
        QCOMPARE(m->document.selection().stage(), m->network().stages[1].id);
        key(Qt::Key_Left);
        key(Qt::Key_Left);
        QVERIFY(m->document.selection().inputSelected());
    }
    void shiftExtendsFromWhereItBegan()
    {
        key(Qt::Key_Down);
        key(Qt::Key_Right, Qt::ShiftModifier);
        QCOMPARE(m->selected().size(), std::size_t(2));
        key(Qt::Key_Down, Qt::ShiftModifier);
        QCOMPARE(m->selected().size(), std::size_t(3));
        key(Qt::Key_Up, Qt::ShiftModifier);
        QCOMPARE(m->selected().size(), std::size_t(2));
        key(Qt::Key_Down);
        QCOMPARE(m->selected(), std::vector{m->id(1, 1)});
    }
    void altMovesBlocksAndStages()
    {
        const BlockId block = m->id(1, 1);
        select(1, 1);
        key(Qt::Key_Up, Qt::AltModifier);
        QCOMPARE(m->id(1, 0), block);
        key(Qt::Key_Left, Qt::AltModifier);
        QCOMPARE(m->id(0, 0), block);
        QCOMPARE(m->steps(), 2);
        const StageId stage = m->network().stages[0].id;
        m->document.selection().selectStage(stage);
        key(Qt::Key_Right, Qt::AltModifier);
        QCOMPARE(m->network().stages[1].id, stage);
    }
    void widthByPlusAndMinus()
    {
        select(1, 0);
        key(Qt::Key_Plus);
        QCOMPARE(m->stage(1)[0].out, 16);
        key(Qt::Key_Plus, Qt::ShiftModifier); // where + needs Shift
        QCOMPARE(m->stage(1)[0].out, 24);
        key(Qt::Key_Minus);
        QCOMPARE(m->stage(1)[0].out, 16);
        key(Qt::Key_Plus, Qt::KeypadModifier);
        QCOMPARE(m->stage(1)[0].out, 24);
        QCOMPARE(m->steps(), 4);
    }
    void kernelByDigit_data()
    {
        QTest::addColumn<int>("size");
        for (const int size : {1, 5, 7})
            QTest::addRow("%d", size) << size;
    }
    void kernelByDigit()
    {
        QFETCH(int, size);
        select(1, 0);
        key(Qt::Key(Qt::Key_0 + size));
        QCOMPARE(m->stage(1)[0].kernel, size);
        QCOMPARE(m->stage(1)[1].kernel, 3);
        m->document.undoStack().undo();
        QCOMPARE(m->stage(1)[0].kernel, 3);
    }
    void lettersChangeTheBlock()
    {
        select(1, 0);
        key(Qt::Key_S);
        QVERIFY(m->stage(1)[0].se.has_value());
        key(Qt::Key_S);
        QVERIFY(!m->stage(1)[0].se.has_value());
        key(Qt::Key_E);
        QVERIFY(m->messages->last()[0].toString().contains(QStringLiteral("expansion")));
        key(Qt::Key_D);
        QCOMPARE(m->stage(1).size(), std::size_t(3));
        key(Qt::Key_D, Qt::ControlModifier);
        QCOMPARE(m->stage(1).size(), std::size_t(4));
        key(Qt::Key_Delete);
        QCOMPARE(m->stage(1).size(), std::size_t(3));
    }
    void theClipboardByKeys()
    {
        select(0, 0);
        key(Qt::Key_C, Qt::ControlModifier);
        select(1, 1);
        key(Qt::Key_V, Qt::ControlModifier);
        QVERIFY(m->stage(1)[2].type == BlockType::Conv);
        key(Qt::Key_X, Qt::ControlModifier);
        QCOMPARE(m->stage(1).size(), std::size_t(2));
        key(Qt::Key_A, Qt::ControlModifier);
        QCOMPARE(m->selected().size(), std::size_t(3));
        key(Qt::Key_Escape);
        QVERIFY(m->document.selection().isEmpty());
    }
    void enterOpensAndF2Renames()
    {
        QSignalSpy open(m->view.get(), &CanvasView::openRequested);
        select(1, 0);
        key(Qt::Key_Return);
        QCOMPARE(open.size(), 1);
        m->document.selection().selectStage(m->network().stages[1].id);
        key(Qt::Key_F2);
        auto *editor = m->view->findChild<QWidget *>(QStringLiteral("stageName"));
        QVERIFY(editor);
        QTest::keyClicks(editor, QStringLiteral("body"));
        QTest::keyClick(editor, Qt::Key_Return);
        QCOMPARE(m->network().stages[1].name, QStringLiteral("body"));
        QCOMPARE(m->steps(), 1);
    }
    void escapeLeavesTheNameAsItWas()
    {
        m->view->renameStage(m->network().stages[1].id);
        auto *editor = m->view->findChild<QWidget *>(QStringLiteral("stageName"));
        QTest::keyClicks(editor, QStringLiteral("body"));
        QTest::keyClick(editor, Qt::Key_Escape);
        QCOMPARE(m->network().stages[1].name, QStringLiteral("s1"));
        QCOMPARE(m->steps(), 0);
    }
    void fAndCtrlZoom()
    {
        key(Qt::Key_Plus, Qt::ControlModifier);
        QVERIFY(m->view->zoom() > 1.1);
        key(Qt::Key_Minus, Qt::ControlModifier);
        QCOMPARE(m->view->zoom(), 1.0);
        m->view->resize(250, 600);
        key(Qt::Key_F);
        QVERIFY(m->view->zoom() < 1);
        QCOMPARE(m->steps(), 0);
    }
    void foreignKeysAreLeftToTheWindow()
    {
        QKeyEvent event(QEvent::KeyPress, Qt::Key_K, Qt::ControlModifier);
        QApplication::sendEvent(m->view.get(), &event);
        QVERIFY(!event.isAccepted());
    }

private:
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::keyClick(m->view.get(), key, modifiers);
    }
    void select(std::size_t s, std::size_t b) { m->document.selection().setBlocks({m->id(s, b)}); }
    std::unique_ptr<CanvasFixture> m;
};

QTEST_MAIN(TestCanvasKeys)
#include "tst_canvas_keys.moc"
