#include "tests/widgets/document/small_network.h"
#include "widgets/document/document.h"

#include "core/model/design_file.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace atomnet;

class TestDocument : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_document = std::make_unique<Document>();
        m_document->setNew(smallNetwork());
        m_block = m_document->network().stages[1].blocks[0].id;
    }
    void anEditIsOneStepAndCanBeUndone()
    {
        const Network before = m_document->network();
        QSignalSpy changed(m_document.get(), &Document::networkChanged);
        QVERIFY(m_document->edit(widthEdit(m_block, 24), QStringLiteral("Widen")));
        QCOMPARE(width(), 24);
        QCOMPARE(m_document->undoStack().count(), 1);
        QCOMPARE(m_document->undoStack().undoText(), QStringLiteral("Widen"));
        QCOMPARE(changed.size(), 1);
        m_document->undoStack().undo();
        QCOMPARE(m_document->network(), before);
        m_document->undoStack().redo();
        QCOMPARE(width(), 24);
        QCOMPARE(changed.size(), 3);
    }
    void editsOfOneGestureJoin()
    {
        const int gesture = m_document->newGesture();
        for (const int out : {16, 24, 32})
            QVERIFY(m_document->edit(widthEdit(m_block, out), QStringLiteral("Drag"), gesture));
        QCOMPARE(m_document->undoStack().count(), 1);
        QVERIFY(m_document->edit(widthEdit(m_block, 40), QStringLiteral("Drag"),
                                 m_document->newGesture()));
        QVERIFY(m_document->edit(widthEdit(m_block, 48), QStringLiteral("Set")));
        QVERIFY(m_document->edit(widthEdit(m_block, 56), QStringLiteral("Set")));
        QCOMPARE(m_document->undoStack().count(), 4);
        m_document->undoStack().setIndex(1);
        QCOMPARE(width(), 32);
        m_document->undoStack().undo();
        QCOMPARE(width(), 8);
    }
    void aGestureThatComesBackLeavesNoStep()
    {
        const int gesture = m_document->newGesture();
        QVERIFY(m_document->edit(widthEdit(m_block, 16), QStringLiteral("Drag"), gesture));
        QVERIFY(m_document->edit(widthEdit(m_block, 8), QStringLiteral("Drag"), gesture));
        QCOMPARE(m_document->undoStack().count(), 0);
        QVERIFY(!m_document->isModified());
        QCOMPARE(width(), 8);
    }
    void anEditThatChangesNothingMakesNoStep()
    {
        QVERIFY(m_document->edit(widthEdit(m_block, 8), QStringLiteral("Same")));
        QCOMPARE(m_document->undoStack().count(), 0);
    }
    void aRefusedEditChangesNothingAndSaysWhy()
    {
        const Network before = m_document->network();
        QSignalSpy failed(m_document.get(), &Document::failed);
        const auto result = m_document->edit(widthEdit(m_block, -1), QStringLiteral("Bad"));
        QVERIFY(!result);
        QCOMPARE(failed.size(), 1);
        QCOMPARE(failed[0][0].toString(), result.error().message());
        QCOMPARE(m_document->network(), before);
        QCOMPARE(m_document->undoStack().count(), 0);
    }
    void severalEditsAreOneStepOrNone()
    {
        QVERIFY(m_document->editAll({widthEdit(m_block, 16), SetName{QStringLiteral("two")}},
                                    QStringLiteral("Both")));
        QCOMPARE(m_document->undoStack().count(), 1);
        QVERIFY(!m_document->editAll({widthEdit(m_block, 24), widthEdit(BlockId{999}, 8)},
                                     QStringLiteral("Half")));
        QCOMPARE(width(), 16);
        QCOMPARE(m_document->undoStack().count(), 1);
    }
    void aPreviewIsShownButNotMade()
    {
        QSignalSpy changed(m_document.get(), &Document::networkChanged);
        QVERIFY(m_document->preview(widthEdit(m_block, 64)));
        QVERIFY(m_document->previewing());
        QCOMPARE(blockById(m_document->shown(), m_block)->out, 64);
        QCOMPARE(width(), 8);
        QVERIFY(!m_document->isModified());
        QVERIFY(m_document->preview(widthEdit(m_block, 64))); // the same again tells nobody
        QCOMPARE(changed.size(), 1);
        m_document->endPreview();
        QCOMPARE(m_document->shown(), m_document->network());
        QCOMPARE(changed.size(), 2);
        m_document->endPreview();
        QCOMPARE(changed.size(), 2);
    }
    void anEditEndsThePreview()
    {
        QVERIFY(m_document->preview(widthEdit(m_block, 64)));
        QVERIFY(m_document->edit(widthEdit(m_block, 16), QStringLiteral("Widen")));
        QVERIFY(!m_document->previewing());
        QCOMPARE(width(), 16);
        QVERIFY(m_document->preview(widthEdit(m_block, 64)));
        QVERIFY(!m_document->edit(widthEdit(m_block, -1), QStringLiteral("Bad")));
        QVERIFY(!m_document->previewing());
        QVERIFY(m_document->preview(widthEdit(m_block, 64)));
        m_document->undoStack().undo();
        QVERIFY(!m_document->previewing());
        QCOMPARE(width(), 8);
    }
    void aRefusedPreviewLeavesTheFormerOne()
    {
        QVERIFY(m_document->preview(widthEdit(m_block, 64)));
        QSignalSpy failed(m_document.get(), &Document::failed);
        QVERIFY(!m_document->preview(widthEdit(m_block, -1)));
        QVERIFY(failed.isEmpty());
        QCOMPARE(blockById(m_document->shown(), m_block)->out, 64);
    }
    void savingAndOpeningKeepTheDesign()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("net.atomnet"));
        QVERIFY(m_document->edit(widthEdit(m_block, 16), QStringLiteral("Widen")));
        QVERIFY(m_document->isModified());
        QSignalSpy file(m_document.get(), &Document::fileChanged);
        QVERIFY(m_document->saveAs(path));
        QVERIFY(!file.isEmpty());
        QVERIFY(!m_document->isModified());
        QCOMPARE(m_document->path(), path);
        QCOMPARE(m_document->displayName(), QStringLiteral("net.atomnet"));

        QVERIFY(m_document->edit(widthEdit(m_block, 24), QStringLiteral("Widen")));
        QVERIFY(m_document->isModified());
        m_document->undoStack().undo();
        QVERIFY(!m_document->isModified());
        m_document->undoStack().redo();
        QVERIFY(m_document->save());

        Document other;
        const auto notes = other.open(path);
        QVERIFY(notes);
        QVERIFY(notes->isEmpty());
        QVERIFY(sameDesign(other.network(), m_document->network()));
        QVERIFY(!other.isModified());
        QVERIFY(!other.undoStack().canUndo());
    }
    void aFailedOpenLeavesThePresentDesign()
    {
        const Network before = m_document->network();
        QVERIFY(m_document->edit(widthEdit(m_block, 16), QStringLiteral("Widen")));
        QVERIFY(!m_document->open(QStringLiteral("/nonexistent/net.atomnet")));
        QCOMPARE(width(), 16);
        QVERIFY(m_document->undoStack().canUndo());
        QVERIFY(m_document->path().isEmpty());
    }
    void savingWithoutAFileOrToAnImpossiblePlaceFails()
    {
        QVERIFY(m_document->edit(widthEdit(m_block, 16), QStringLiteral("Widen")));
        QCOMPARE(m_document->save().error().code, ErrorCode::Usage);
        QVERIFY(!m_document->saveAs(QStringLiteral("/nonexistent/folder/net.atomnet")));
        QVERIFY(m_document->isModified());
        QVERIFY(m_document->path().isEmpty());
    }
    void recoveredWorkIsUnsaved()
    {
        m_document->setRecovered(smallNetwork(), QStringLiteral("/some/net.atomnet"));
        QVERIFY(m_document->isModified());
        QCOMPARE(m_document->path(), QStringLiteral("/some/net.atomnet"));
        QVERIFY(!m_document->undoStack().canUndo());
        m_document->setNew(smallNetwork());
        QVERIFY(!m_document->isModified());
    }
    void theSelectionLosesWhatAnEditRemoves()
    {
        const BlockId other = m_document->network().stages[1].blocks[1].id;
        m_document->selection().setBlocks({m_block, other});
        QVERIFY(m_document->edit(RemoveBlocks{{m_block}}, QStringLiteral("Delete")));
        QCOMPARE(m_document->selection().blocks(), std::vector{other});
    }
    void aTargetIsCheckedAndAnnounced()
    {
        QSignalSpy changed(m_document.get(), &Document::targetChanged);
        Target target = m_document->target();
        target.runtime =
            target.runtime == Runtime::AtomNet1 ? Runtime::XCubeAi72 : Runtime::AtomNet1;
        QVERIFY(m_document->setTarget(target));
        QVERIFY(m_document->setTarget(target));
        QCOMPARE(changed.size(), 1);
        target.reserveSramBytes = -1;
        QCOMPARE(m_document->setTarget(target).error().code, ErrorCode::Usage);
        QCOMPARE(changed.size(), 1);
    }
    void aNameChangeReachesTheTitle()
    {
        QSignalSpy file(m_document.get(), &Document::fileChanged);
        QVERIFY(m_document->edit(SetName{QStringLiteral("renamed")}, QStringLiteral("Rename")));
        QVERIFY(!file.isEmpty());
        QCOMPARE(m_document->displayName(), QStringLiteral("renamed"));
    }

private:
    [[nodiscard]] int width() const { return blockById(m_document->network(), m_block)->out; }
    std::unique_ptr<Document> m_document;
    BlockId m_block;
};

QTEST_GUILESS_MAIN(TestDocument)
#include "tst_document.moc"
