#include "tests/widgets/canvas/canvas_fixture.h"
#include "tests/widgets/document/small_network.h"

#include "core/model/design_file.h"

#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QMenu>
#include <QTemporaryDir>
#include <QTest>
#include <QToolTip>

using namespace atomnet;

// Padlocks by mouse, key and menu.
class TestCanvasLocks : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m = std::make_unique<CanvasFixture>(smallNetwork()); }
    void cleanup() { m.reset(); }

    void aClickTogglesOneUndoStep()
    {
        const QPoint lock = cardLock(1, 0);
        QTest::mouseMove(m->view->viewport(), m->card(1, 0));
        QTRY_VERIFY(m->view->canvas().card(m->id(1, 0))->showsLock());
        m->click(lock);
        QVERIFY(m->stage(1)[0].locked);
        QVERIFY(m->view->canvas().card(m->id(1, 0))->content().locked);
        QCOMPARE(m->steps(), 1);
        QVERIFY(m->selected().empty()); // it is no selecting
        QVERIFY(!m->stage(1)[1].locked);
        m->click(lock);
        QVERIFY(!m->stage(1)[0].locked);
        QCOMPARE(m->steps(), 2);
        m->document.undoStack().undo();
        QVERIFY(m->stage(1)[0].locked);
        m->document.undoStack().undo();
        QVERIFY(!m->stage(1)[0].locked);
        QVERIFY(!m->document.isModified());
    }
    void anOpenPadlockUnderNoPointerIsNotThere()
    {
        m->click(cardLock(1, 0)); // for example by touch
        QVERIFY(!m->stage(1)[0].locked);
        QCOMPARE(m->steps(), 0);
    }
    void stagesAndTheInputHaveOne()
    {
        QTest::mouseMove(m->view->viewport(), m->header(1) - QPoint(20, 0));
        LaneItem *lane = m->view->canvas().lane(m->network().stages[1].id);
        QTRY_VERIFY(lane->showsLock());
        m->click(headerLock(1));
        QVERIFY(m->network().stages[1].locked);
        QVERIFY(!m->document.selection().stage());
        QTest::mouseMove(m->view->viewport(), m->card(1, 1));
        QTRY_COMPARE(m->document.selection().hoveredBlock(), m->id(1, 1));
        QVERIFY(lane->showsLock()); // closed ones stay
        m->click(headerLock(1));
        QVERIFY(!m->network().stages[1].locked);
        QVERIFY(!lane->showsLock());

        const QRectF input = m->view->canvas().layout().input;
        QTest::mouseMove(m->view->viewport(), m->at(input.center()));
        QTRY_VERIFY(m->view->canvas().inputCard().showsLock());
        m->click(m->at(lockRect(input, m->view->canvas().layout().metrics).center()));
        QVERIFY(m->network().inputLocked);
        QVERIFY(!m->document.selection().inputSelected());
        QCOMPARE(m->steps(), 3);
    }
    void theHeadHasNone()
    {
        QTest::mouseMove(m->view->viewport(), m->at(m->view->canvas().layout().head.center()));
        QVERIFY(!m->view->canvas().headCard().showsLock());
        m->document.selection().selectHead();
        key(Qt::Key_L);
        QCOMPARE(m->steps(), 0);
        QVERIFY(m->messages->last()[0].toString().contains(QStringLiteral("no padlock")));
    }
    void draggingAPadlockMovesNothing()
    {
        QTest::mouseMove(m->view->viewport(), m->card(1, 0));
        QTRY_VERIFY(m->view->canvas().card(m->id(1, 0))->showsLock());
        m->drag(cardLock(1, 0), m->gap(0, 0));
        QCOMPARE(m->steps(), 0);
        QCOMPARE(m->stage(1).size(), std::size_t(2));
    }
    void theKeyTogglesTheSelection()
    {
        m->document.selection().setBlocks({m->id(1, 0), m->id(1, 1)});
        (void)m->document.edit(SetLocked{true, {}, {m->id(1, 0)}}, {});
        key(Qt::Key_L); // not all are closed: closes all
        QVERIFY(m->stage(1)[0].locked && m->stage(1)[1].locked);
        QCOMPARE(m->document.undoStack().undoText(), QStringLiteral("Lock 2 blocks"));
        key(Qt::Key_L);
        QVERIFY(!m->stage(1)[0].locked && !m->stage(1)[1].locked);
        QCOMPARE(m->document.undoStack().undoText(), QStringLiteral("Unlock 2 blocks"));
        m->document.selection().selectStage(m->network().stages[0].id);
        key(Qt::Key_L);
        QVERIFY(m->network().stages[0].locked);
        QVERIFY(m->view->accessibleDescription().contains(QStringLiteral("locked")));
        m->document.selection().selectInput();
        key(Qt::Key_L);
        QVERIFY(m->network().inputLocked);
        QVERIFY(m->view->accessibleDescription().contains(QStringLiteral("locked")));
        QCOMPARE(m->steps(), 5);
        m->document.selection().clear();
        key(Qt::Key_L);
        QCOMPARE(m->steps(), 5);
        QVERIFY(!m->messages->last()[0].toString().isEmpty());
    }
    void theMenuTogglesToo()
    {
        menuEntry(m->card(1, 1))->trigger();
        QVERIFY(m->stage(1)[1].locked);
        QVERIFY(menuEntry(m->card(1, 1))->isChecked());
        menuEntry(m->header(0))->trigger();
        QVERIFY(m->network().stages[0].locked);
        menuEntry(m->at(m->view->canvas().layout().input.center()))->trigger();
        QVERIFY(m->network().inputLocked);
    }
    void toolTipsSayWhatItIsFor()
    {
        (void)m->document.edit(SetLocked{true, {}, {m->id(1, 0)}}, {});
        const auto lockOf = [this] {
            const CanvasLayout &layout = m->view->canvas().layout();
            return lockRect(layout.stages[1].cards[0], layout.metrics).center();
        };
        QVERIFY(m->view->canvas().toolTipAt(lockOf()).startsWith(
            QStringLiteral("Locked: searches keep it")));
        QVERIFY(m->view->canvas()
                    .toolTipAt(m->view->canvas().layout().stages[1].cards[0].center())
                    .contains(QStringLiteral("locked")));
    }
    void copiesAreOpen()
    {
        (void)m->document.edit(SetLocked{true, {}, {m->id(1, 0)}}, {});
        m->document.selection().setBlocks({m->id(1, 0)});
        key(Qt::Key_D);
        QVERIFY(m->stage(1)[0].locked && !m->stage(1)[1].locked);
        m->document.selection().setBlocks({m->id(1, 0)});
        key(Qt::Key_C, Qt::ControlModifier);
        key(Qt::Key_V, Qt::ControlModifier);
        QVERIFY(!m->stage(1)[1].locked);
        m->drag(m->card(1, 0), m->gap(0, 0), Qt::ControlModifier);
        QVERIFY(!m->stage(0)[0].locked);
        m->document.selection().clear();
        m->drag(m->card(1, 0), m->gap(0, 0)); // moved, not copied
        QVERIFY(m->stage(0)[0].locked);
    }
    void padlocksAreSavedWithTheDesign()
    {
        m->document.selection().setBlocks({m->id(1, 1)});
        key(Qt::Key_L);
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("locked.atomnet"));
        QVERIFY(m->document.saveAs(path));
        m->document.setNew(smallNetwork());
        QVERIFY(!m->view->canvas().card(m->id(1, 1))->content().locked);
        QVERIFY(m->document.open(path));
        QVERIFY(m->stage(1)[1].locked);
        QVERIFY(m->view->canvas().card(m->id(1, 1))->content().locked);
    }

private:
    QPoint cardLock(std::size_t s, std::size_t b) const
    {
        const CanvasLayout &layout = m->view->canvas().layout();
        return m->at(lockRect(layout.stages[s].cards[b], layout.metrics).center());
    }
    QPoint headerLock(std::size_t s) const
    {
        const CanvasLayout &layout = m->view->canvas().layout();
        return m->at(headerLockRect(layout.stages[s].header, layout.metrics).center());
    }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::keyClick(m->view.get(), key, modifiers);
    }
    QAction *menuEntry(QPoint at)
    {
        delete m_menu;
        QContextMenuEvent event(QContextMenuEvent::Mouse, at, m->view->viewport()->mapToGlobal(at));
        QApplication::sendEvent(m->view->viewport(), &event);
        m_menu = m->view->findChildren<QMenu *>(Qt::FindDirectChildrenOnly).last();
        for (QAction *action : m_menu->actions())
            if (action->text().startsWith(QStringLiteral("Keep in searches"))) return action;
        return nullptr;
    }
    QPointer<QMenu> m_menu;
    std::unique_ptr<CanvasFixture> m;
};

QTEST_MAIN(TestCanvasLocks)
#include "tst_canvas_locks.moc"
