#include "tests/widgets/document/small_network.h"
#include "widgets/canvas/canvas_commands.h"

#include "core/model/presets.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QSignalSpy>
#include <QTest>

#include <set>

using namespace atomnet;

class TestCanvasCommands : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_document = std::make_unique<Document>();
        m_document->setNew(smallNetwork());
        m_commands = std::make_unique<CanvasCommands>(*m_document, nullptr);
        m_messages = std::make_unique<QSignalSpy>(m_commands.get(), &CanvasCommands::message);
    }
    void cleanup()
    {
        QCOMPARE(m_document->previewing(), false);
        m_messages.reset();
        m_commands.reset();
        m_document.reset();
    }
    void copyAndPasteGoBehindTheSelection()
    {
        select({id(0, 0)});
        m_commands->copy();
        select({id(1, 0)});
        m_commands->paste();
        QCOMPARE(stage(1).size(), std::size_t(3));
        QVERIFY(stage(1)[1].type == BlockType::Conv);
        QCOMPARE(selected(), std::vector{id(1, 1)}); // what was pasted
        QCOMPARE(steps(), 1);
        m_commands->paste();
        QVERIFY(stage(1)[2].type == BlockType::Conv);
    }
    void cutCanBePastedAgain()
    {
        const Network before = network();
        select({id(1, 0), id(1, 1)});
        m_commands->cut();
        QVERIFY(stage(1).empty());
        m_document->selection().selectStage(network().stages[1].id);
        m_commands->paste();
        QVERIFY(sameDesign(network(), before));
        QCOMPARE(steps(), 2);
    }
    void pastingRubbishSaysWhy()
    {
        QGuiApplication::clipboard()->setText(QStringLiteral("hello"));
        const Network before = network();
        m_commands->paste();
        QCOMPARE(network(), before);
        QCOMPARE(m_messages->size(), 1);
        QVERIFY(m_messages->at(0)[0].toString().contains(QStringLiteral("clipboard")));
    }
    void duplicateKeepsTheOrder()
    {
        select({id(1, 1), id(1, 0)});
        m_commands->duplicate();
        const auto &blocks = stage(1);
        QCOMPARE(blocks.size(), std::size_t(4));
        QCOMPARE(blocks[2].out, 8);
        QCOMPARE(blocks[3].out, 16);
        QCOMPARE(selected().size(), std::size_t(2));
    }
    void deletingSelectsTheNextBlock()
    {
        const BlockId next = id(1, 1);
        select({id(1, 0)});
        m_commands->removeSelected();
        QCOMPARE(selected(), std::vector{next});
        m_commands->removeSelected();
        QVERIFY(selected().empty());
        m_commands->removeSelected();
        QCOMPARE(m_messages->size(), 1); // nothing to delete: it says so
        QCOMPARE(steps(), 2);
    }
    void aSelectedStageIsDeletedWhole()
    {
        m_document->selection().selectStage(network().stages[1].id);
        m_commands->removeSelected();
        QCOMPARE(network().stages.size(), std::size_t(1));
    }
    void eachBlockWidensFromItsOwnWidth()
    {
        select({id(1, 0), id(1, 1)});
        m_commands->widen(1, false);
        QCOMPARE(stage(1)[0].out, 16);
        QCOMPARE(stage(1)[1].out, 24);
        m_commands->widen(1, true); // the key is held: the same step
        m_commands->widen(1, true);
        QCOMPARE(stage(1)[0].out, 32);
        QCOMPARE(steps(), 1);
        m_commands->widen(-1, false);
        QCOMPARE(steps(), 2);
        QCOMPARE(stage(1)[0].out, 24);
    }
    void widthsSnapToEightAndStayPositive()
    {
        BlockPatch odd;
        odd.out = 13;
        QVERIFY(m_document->edit(ChangeBlocks{{id(1, 0)}, odd}, QStringLiteral("Odd")));
        select({id(1, 0)});
        m_commands->widen(-1, false);
        QCOMPARE(stage(1)[0].out, 8);
        m_commands->widen(-1, false);
        QCOMPARE(stage(1)[0].out, 8);
    }
    void expansionGoesRound()
    {
        select({id(1, 0)});
        m_commands->cycleExpansion();
        QCOMPARE(m_messages->size(), 1); // SEP has none
        QCOMPARE(steps(), 0);
        BlockPatch next;
        next.type = BlockType::ConvNext;
        m_commands->change(next, QStringLiteral("Type"));
        const double first = stage(1)[0].expand;
        std::set<double> seen;
        do {
            m_commands->cycleExpansion();
            QVERIFY(seen.insert(stage(1)[0].expand).second);
        } while (stage(1)[0].expand != first && seen.size() < 20);
        QVERIFY(seen.size() >= 4 && seen.size() < 20);
    }
    void seIsForAllOrNone()
    {
        select({id(1, 0)});
        m_commands->toggleSe();
        QVERIFY(stage(1)[0].se.has_value());
        select({id(0, 0), id(1, 0), id(1, 1)});
        m_commands->toggleSe(); // mixed: all that can get one
        QVERIFY(stage(1)[0].se && stage(1)[1].se && !stage(0)[0].se);
        m_commands->toggleSe();
        QVERIFY(!stage(1)[0].se && !stage(1)[1].se);
        select({id(0, 0)});
        m_commands->toggleSe();
        QCOMPARE(m_messages->size(), 1); // Conv takes none
    }
    void blocksMoveWithinAndBetweenStages()
    {
        const BlockId first = id(1, 0), second = id(1, 1);
        select({first});
        m_commands->move(Direction::Down);
        QCOMPARE(stage(1)[1].id, first);
        m_commands->move(Direction::Down);
        QCOMPARE(m_messages->size(), 1);
        m_commands->move(Direction::Up);
        QCOMPARE(stage(1)[0].id, first);
        m_commands->move(Direction::Up);
        QCOMPARE(m_messages->size(), 2);
        m_commands->move(Direction::Left);
        QCOMPARE(stage(0)[0].id, first);
        m_commands->move(Direction::Left);
        QCOMPARE(m_messages->size(), 3);
        m_commands->move(Direction::Right);
        QCOMPARE(stage(1)[0].id, first);
        QCOMPARE(stage(1)[1].id, second);
        QCOMPARE(selected(), std::vector{first});
    }
    void stagesMoveAddRenameAndGo()
    {
        const StageId stem = network().stages[0].id;
        m_document->selection().selectStage(stem);
        m_commands->move(Direction::Right);
        QCOMPARE(network().stages[1].id, stem);
        m_commands->move(Direction::Right);
        QCOMPARE(m_messages->size(), 1);
        m_commands->move(Direction::Left);
        QCOMPARE(network().stages[0].id, stem);
        m_commands->renameStage(stem, QStringLiteral("entry"));
        QCOMPARE(network().stages[0].name, QStringLiteral("entry"));
        m_commands->addStage();
        QCOMPARE(network().stages.size(), std::size_t(3));
        QCOMPARE(m_document->selection().stage(), network().stages[2].id);
        m_commands->removeStage(stem);
        QCOMPARE(network().stages.size(), std::size_t(2));
    }
    void splittingMakesAStageBehind()
    {
        const BlockId second = id(1, 1);
        select({second});
        m_commands->splitIntoStage();
        QCOMPARE(network().stages.size(), std::size_t(3));
        QCOMPARE(stage(2)[0].id, second);
        QCOMPARE(stage(1).size(), std::size_t(1));
        QCOMPARE(steps(), 1);
    }
    void insertionsGoWhereTheSelectionIs()
    {
        QVERIFY(m_commands->placeForInsertion() == (DropPlace{DropPlace::Kind::InStage, 1, 2}));
        select({id(0, 0)});
        QVERIFY(m_commands->placeForInsertion() == (DropPlace{DropPlace::Kind::InStage, 0, 1}));
        m_document->selection().selectInput();
        QVERIFY(m_commands->placeForInsertion() == (DropPlace{DropPlace::Kind::InStage, 0, 0}));
        m_document->setNew({});
        m_commands->insertAt(m_commands->placeForInsertion(), BlockType::Conv);
        QCOMPARE(network().stages.size(), std::size_t(1));
    }
    void aPresetIsOneStep()
    {
        const Network before = network();
        m_commands->usePreset(presets()[0].id);
        QVERIFY(sameDesign(network(), presets()[0].network));
        m_document->undoStack().undo();
        QCOMPARE(network(), before);
        m_commands->usePreset(QStringLiteral("unknown"));
        QCOMPARE(m_messages->size(), 1);
    }

private:
    [[nodiscard]] const Network &network() const { return m_document->network(); }
    [[nodiscard]] const std::vector<Block> &stage(std::size_t s) const
    {
        return network().stages[s].blocks;
    }
    [[nodiscard]] BlockId id(std::size_t s, std::size_t b) const { return stage(s)[b].id; }
    [[nodiscard]] const std::vector<BlockId> &selected() const
    {
        return m_document->selection().blocks();
    }
    [[nodiscard]] int steps() const { return m_document->undoStack().count(); }
    void select(const std::vector<BlockId> &blocks) { m_document->selection().setBlocks(blocks); }

    std::unique_ptr<Document> m_document;
    std::unique_ptr<CanvasCommands> m_commands;
    std::unique_ptr<QSignalSpy> m_messages;
};

QTEST_MAIN(TestCanvasCommands)
#include "tst_canvas_commands.moc"
