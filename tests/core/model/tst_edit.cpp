#include "core/model/edit.h"

#include "core/model/validate.h"
#include "tests/core/model/random_network.h"

#include <QSet>
#include <QTest>

#include <array>
#include <limits>

using namespace atomnet;

namespace
{

/// QMetaType takes no bare variant.
struct Case {
    Edit edit;
};

constexpr int intMax = std::numeric_limits<int>::max();
constexpr int intMin = std::numeric_limits<int>::min();

/// Stage 1 "a" with blocks 2, 3, 4; stage 5 "b" with blocks 6, 7. Block i is 8 * i wide.
Network sample()
{
    Network network;
    network.name = QStringLiteral("sample");
    const auto block = [](quint32 id) {
        Block b = defaultBlock(BlockType::Sep);
        b.id = {id};
        b.out = int(8 * id);
        return b;
    };
    network.stages.push_back({{1}, QStringLiteral("a"), {block(2), block(3), block(4)}, {}});
    network.stages.push_back({{5}, QStringLiteral("b"), {block(6), block(7)}, {}});
    network.nextId = 8;
    return network;
}

/// "1: 2 3 4 | 5: 6 7": the ids in their order.
QString layout(const Network &network)
{
    QStringList stages;
    for (const Stage &stage : network.stages) {
        QString text = QString::number(stage.id.value) + QLatin1Char(':');
        for (const Block &block : stage.blocks)
            text += QLatin1Char(' ') + QString::number(block.id.value);
        stages << text;
    }
    return stages.join(QStringLiteral(" | "));
}

QString layoutAfter(const Edit &edit)
{
    const Result<Network> next = atomnet::apply(sample(), edit);
    return next ? layout(*next) : next.error().message();
}

Network changed(BlockId id, const BlockPatch &patch, const Network &network = sample())
{
    const Result<Network> next = atomnet::apply(network, ChangeBlocks{{id}, patch});
    return next ? *next : Network{};
}

/// Every id unequal 0, unique among its kind and below nextId.
bool idsAreSound(const Network &network)
{
    QSet<StageId> stages;
    QSet<BlockId> blocks;
    qsizetype stageCount = 0, blockCount = 0;
    for (const Stage &stage : network.stages) {
        if (!stage.id || stage.id.value >= network.nextId) return false;
        stages.insert(stage.id);
        ++stageCount;
        for (const Block &block : stage.blocks) {
            if (!block.id || block.id.value >= network.nextId) return false;
            blocks.insert(block.id);
            ++blockCount;
        }
    }
    return stages.size() == stageCount && blocks.size() == blockCount;
}

/// Edits of all kinds, with indices, ids and values that fit as a rule and are hostile now and
/// then.
class RandomEdits
{
public:
    explicit RandomEdits(quint32 seed) : m_random(seed) {}

    QRandomGenerator &random() { return m_random; }

    Edit next(const Network &network)
    {
        switch (upTo(12)) {
        case 0:
            return InsertBlocks{stage(network), index(), blocks(network)};
        case 1:
            return RemoveBlocks{blockIds(network)};
        case 2:
            return MoveBlocks{blockIds(network), stage(network), index()};
        case 3:
            return InsertStage{index(),
                               {stage(network), QStringLiteral("new"), blocks(network), {}}};
        case 4:
            return RemoveStage{upTo(3) == 0 ? stage(network) : StageId{}};
        case 5:
            return RenameStage{stage(network),
                               hostile() ? QString(QChar(0xdc00)) : QStringLiteral("n")};
        case 6:
            return MoveStage{stage(network), index()};
        case 7:
            return SetInput{{value(300), value(300), value(4)}};
        case 8:
            return SetHead{
                {HeadLayer{value(600), Activation::Relu, {}}, std::nullopt, value(1000), {}}};
        case 9:
            return hostile() ? Edit(ReplaceNetwork{test::randomNetwork(m_random)})
                             : SetName{QStringLiteral("x")};
        case 10:
            return SetLocked{upTo(2) == 0, {stage(network)}, blockIds(network), upTo(2) == 0};
        default:
            return ChangeBlocks{blockIds(network), patch()};
        }
    }

private:
    int upTo(int most) { return int(m_random.bounded(quint32(most + 1))); }
    bool hostile() { return upTo(19) == 0; }

    int value(int most)
    {
        static constexpr std::array<int, 6> bad{0, -1, intMin, intMax, 65536, 1 << 30};
        return hostile() ? bad[size_t(upTo(int(bad.size()) - 1))] : 1 + upTo(most - 1);
    }

    int index() { return hostile() ? value(10) : upTo(4); }

    StageId stage(const Network &network)
    {
        if (network.stages.empty() || hostile()) return {m_random.generate()};
        return network.stages[size_t(upTo(int(network.stages.size()) - 1))].id;
    }

    std::vector<BlockId> blockIds(const Network &network)
    {
        std::vector<BlockId> ids;
        for (const Stage &stage : network.stages) {
            for (const Block &block : stage.blocks) {
                if (upTo(3) == 0) ids.push_back(block.id);
            }
        }
        if (hostile()) ids.push_back({m_random.generate()});
        if (!ids.empty() && hostile()) ids.push_back(ids.front());
        return ids;
    }

    std::vector<Block> blocks(const Network &network)
    {
        std::vector<Block> made;
        for (int i = upTo(2); i > 0; --i) {
            made.push_back(test::randomBlock(m_random, {1, 1, 8}));
            if (upTo(1) == 0)
                made.back().id = {upTo(1) == 0 ? network.nextId - 1 : network.nextId + 5};
        }
        return made;
    }

    BlockPatch patch()
    {
        BlockPatch p;
        if (upTo(2) == 0) p.type = BlockType(upTo(3));
        if (upTo(2) == 0) p.out = value(200);
        if (upTo(2) == 0) p.kernel = hostile() ? value(9) : 1 + 2 * upTo(3);
        if (upTo(2) == 0) p.stride = value(2);
        if (upTo(2) == 0) p.repeat = value(4);
        if (upTo(2) == 0)
            p.expand = hostile() ? std::numeric_limits<double>::quiet_NaN() : 1 + upTo(5);
        if (upTo(2) == 0) p.act = Activation(hostile() ? 99 : upTo(4));
        if (upTo(2) == 0) p.se = upTo(1) == 0 ? std::optional(SqueezeExcite{}) : std::nullopt;
        return p;
    }

    QRandomGenerator m_random;
};

} // namespace

class TestEdit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void arranges_data()
    {
        QTest::addColumn<Case>("edit");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *name, const Edit &edit, const char *expected) {
            QTest::newRow(name) << Case{edit} << QString::fromLatin1(expected);
        };
        const Block fresh = defaultBlock(BlockType::ConvNext);
        Block known = fresh;
        known.id = {3};
        Block chosen = fresh;
        chosen.id = {50};
        row("insert first", InsertBlocks{{1}, 0, {fresh}}, "1: 8 2 3 4 | 5: 6 7");
        row("insert last", InsertBlocks{{5}, 2, {fresh, fresh}}, "1: 2 3 4 | 5: 6 7 8 9");
        row("insert a copy", InsertBlocks{{1}, 1, {known}}, "1: 2 8 3 4 | 5: 6 7");
        row("insert two alike", InsertBlocks{{1}, 3, {chosen, chosen}}, "1: 2 3 4 50 51 | 5: 6 7");
        row("insert nothing", InsertBlocks{{1}, 0, {}}, "1: 2 3 4 | 5: 6 7");
        row("remove", RemoveBlocks{{{3}, {6}}}, "1: 2 4 | 5: 7");
        row("remove twice the same", RemoveBlocks{{{3}, {3}}}, "1: 2 4 | 5: 6 7");
        row("a stage left empty stays", RemoveBlocks{{{6}, {7}}}, "1: 2 3 4 | 5:");
        row("move back", MoveBlocks{{{4}}, {1}, 0}, "1: 4 2 3 | 5: 6 7");
        row("move on", MoveBlocks{{{2}}, {1}, 2}, "1: 3 2 4 | 5: 6 7");
        row("move to the end", MoveBlocks{{{2}}, {1}, 3}, "1: 3 4 2 | 5: 6 7");
        row("move before itself", MoveBlocks{{{3}}, {1}, 1}, "1: 2 3 4 | 5: 6 7");
        row("move behind itself", MoveBlocks{{{3}}, {1}, 2}, "1: 2 3 4 | 5: 6 7");
        row("move across", MoveBlocks{{{3}}, {5}, 1}, "1: 2 4 | 5: 6 3 7");
        row("move several in their order", MoveBlocks{{{7}, {2}, {4}}, {5}, 1},
            "1: 3 | 5: 6 2 4 7");
        row("move a gap together", MoveBlocks{{{2}, {4}}, {1}, 2}, "1: 3 2 4 | 5: 6 7");
        row("insert a stage", InsertStage{1, {{}, QStringLiteral("m"), {fresh}, {}}},
            "1: 2 3 4 | 8: 9 | 5: 6 7");
        row("insert a copied stage", InsertStage{2, {{5}, QStringLiteral("b"), {known}, {}}},
            "1: 2 3 4 | 5: 6 7 | 8: 9");
        row("remove a stage", RemoveStage{{1}}, "5: 6 7");
        row("move a stage on", MoveStage{{1}, 2}, "5: 6 7 | 1: 2 3 4");
        row("move a stage back", MoveStage{{5}, 0}, "5: 6 7 | 1: 2 3 4");
        row("move a stage to its place", MoveStage{{1}, 1}, "1: 2 3 4 | 5: 6 7");
    }

    void arranges()
    {
        QFETCH(Case, edit);
        QTEST(layoutAfter(edit.edit), "expected");
    }

    void refuses_data()
    {
        QTest::addColumn<Case>("edit");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *name, const Edit &edit, const char *expected) {
            QTest::newRow(name) << Case{edit} << QString::fromLatin1(expected);
        };
        const char *noBlock = "a selected block is not in the design any more; select again";
        const char *noStage = "the stage is not in the design any more; choose another";
        row("insert into no stage", InsertBlocks{{9}, 0, {}}, noStage);
        row("insert before the stage", InsertBlocks{{1}, -1, {}},
            "stage a: there is no position -1; use 0 to 3");
        row("insert behind the stage", InsertBlocks{{1}, 4, {}},
            "stage a: there is no position 4; use 0 to 3");
        row("remove no block", RemoveBlocks{{{2}, {99}}}, noBlock);
        row("remove block 0", RemoveBlocks{{{}}}, noBlock);
        row("move no block", MoveBlocks{{{99}}, {1}, 0}, noBlock);
        row("move to no stage", MoveBlocks{{{2}}, {99}, 0}, noStage);
        row("move too far", MoveBlocks{{{2}}, {5}, intMax},
            "stage b: there is no position 2147483647; use 0 to 2");
        row("change no block", ChangeBlocks{{{99}}, {}}, noBlock);
        row("insert a stage too far", InsertStage{3, {}},
            "the design: there is no position 3; use 0 to 2");
        row("remove no stage", RemoveStage{{2}}, noStage);
        row("rename no stage", RenameStage{{}, QStringLiteral("x")}, noStage);
        row("move no stage", MoveStage{{9}, 0}, noStage);
        row("move a stage too far", MoveStage{{1}, intMin},
            "the design: there is no position -2147483648; use 0 to 2");
        row("lock no stage", SetLocked{true, {{9}}, {}}, noStage);
        row("lock no block", SetLocked{true, {{1}}, {{99}}}, noBlock);
        row("illegal input", SetInput{{0, 1, 1}}, "the input height is 0; use 1 to 4096");
        row("illegal head", SetHead{{{}, {}, intMax, {}}},
            "the number of classes is 2147483647; use 1 to 65536");
        BlockPatch kernel;
        kernel.kernel = intMin;
        row("illegal kernel", ChangeBlocks{{{3}}, kernel},
            "stage a, block 2: the kernel is -2147483648; use 1, 3, 5 or 7");
        BlockPatch type;
        type.type = BlockType(77);
        row("illegal type", ChangeBlocks{{{3}}, type},
            "there is no such block type; choose another");
        Network tooWide = sample();
        tooWide.stages[0].blocks[0].out = intMax;
        row("illegal network", ReplaceNetwork{tooWide},
            "stage a, block 1: the number of output channels is 2147483647; use 1 to 65536");
    }

    void refuses()
    {
        QFETCH(Case, edit);
        QFETCH(QString, expected);
        const Result<Network> next = atomnet::apply(sample(), edit.edit);
        QVERIFY(!next);
        QCOMPARE(next.error().message(), expected);
    }

    void changesOnlyWhatThePatchNames()
    {
        BlockPatch patch;
        patch.out = 40;
        patch.kernel = 5;
        patch.act = Activation::Relu6;
        Network expected = sample();
        expected.stages[0].blocks[1].out = 40;
        expected.stages[0].blocks[1].kernel = 5;
        expected.stages[0].blocks[1].act = Activation::Relu6;
        QCOMPARE(changed({3}, patch), expected);
        QCOMPARE(changed({3}, {}), sample());
    }

    void skipsFieldsThatTheTypeLacks()
    {
        BlockPatch patch;
        patch.expand = 4;
        QCOMPARE(changed({3}, patch), sample()); // SEP has no expansion
        BlockPatch conv;
        conv.type = BlockType::Conv;
        conv.se = SqueezeExcite{};
        const Network network = changed({3}, conv);
        QVERIFY(!blockById(network, {3})->se);
    }

    void aNewTypeResetsWhatItLacks()
    {
        BlockPatch toConvNext;
        toConvNext.type = BlockType::ConvNext;
        toConvNext.se = SqueezeExcite{};
        Network network = changed({3}, toConvNext);
        QCOMPARE(blockById(network, {3})->expand, defaultBlock(BlockType::ConvNext).expand);

        BlockPatch patch;
        patch.expand = 5;
        network = changed({3}, patch, network);
        BlockPatch toMbConv;
        toMbConv.type = BlockType::MbConv;
        network = changed({3}, toMbConv, network);
        QCOMPARE(blockById(network, {3})->expand, 5.0); // both types have it: it stays

        BlockPatch toConv;
        toConv.type = BlockType::Conv;
        network = changed({3}, toConv, network);
        QCOMPARE(blockById(network, {3})->expand, 1.0);
        QVERIFY(!blockById(network, {3})->se);
        QCOMPARE(blockById(network, {3})->out, 24); // common fields stay
    }

    void removesASqueezeExcite()
    {
        BlockPatch with, without;
        with.se = SqueezeExcite{};
        without.se = std::optional<SqueezeExcite>();
        const Network network = changed({3}, with);
        QVERIFY(blockById(network, {3})->se);
        QCOMPARE(changed({3}, without, network), sample());
    }

    void renamesAndSetsTheRest()
    {
        QCOMPARE(atomnet::apply(sample(), RenameStage{{5}, QStringLiteral("z")})->stages[1].name,
                 QStringLiteral("z"));
        QCOMPARE(atomnet::apply(sample(), SetName{QStringLiteral("n")})->name, QStringLiteral("n"));
        QCOMPARE(atomnet::apply(sample(), SetInput{{32, 48, 1}})->input, (Shape{32, 48, 1}));
        const Head head{HeadLayer{64, Activation::Relu, {}}, std::nullopt, 10, {}};
        QCOMPARE(atomnet::apply(sample(), SetHead{head})->head, head);
    }

    void padlocksAreSetOnWhatIsNamed()
    {
        const Result<Network> locked =
            atomnet::apply(sample(), SetLocked{true, {{5}}, {{3}, {6}}, true});
        QVERIFY(locked);
        Network expected = sample();
        expected.inputLocked = expected.stages[1].locked = true;
        expected.stages[0].blocks[1].locked = expected.stages[1].blocks[0].locked = true;
        QCOMPARE(*locked, expected);
        QVERIFY(!sameDesign(*locked, sample())); // it is part of what is saved
        const Result<Network> open =
            atomnet::apply(*locked, SetLocked{false, {{5}}, {{3}, {6}}, true});
        QVERIFY(open);
        QCOMPARE(*open, sample());
    }

    void whatIsLockedCanStillBeEdited()
    {
        const Network locked = *atomnet::apply(sample(), SetLocked{true, {{1}, {5}}, {{3}}, true});
        BlockPatch wider;
        wider.out = 96;
        const Result<Network> next = atomnet::apply(locked, ChangeBlocks{{{3}}, wider});
        QVERIFY(next);
        QCOMPARE(next->stages[0].blocks[1].out, 96);
        QVERIFY(next->stages[0].blocks[1].locked);
        const Result<Network> moved = atomnet::apply(locked, MoveBlocks{{{3}}, {5}, 0});
        QVERIFY(moved);
        QVERIFY(moved->stages[1].blocks[0].locked); // a padlock moves with its block
        QVERIFY(atomnet::apply(locked, SetInput{{32, 32, 3}}));
        QVERIFY(atomnet::apply(locked, RemoveStage{{1}}));
    }

    void replacingGivesAllIdsAnew()
    {
        Network other = sample();
        other.name = QStringLiteral("other");
        const Result<Network> next = atomnet::apply(sample(), ReplaceNetwork{other});
        QVERIFY(next);
        QVERIFY(sameDesign(*next, other));
        QCOMPARE(layout(*next), QStringLiteral("8: 9 10 11 | 12: 13 14"));
        QCOMPARE(*atomnet::apply(sample(), ReplaceNetwork{sample()}),
                 sample()); // the same design is no change
    }

    void strideOnOnePixelIsRefused()
    {
        BlockPatch stride;
        stride.stride = 2;
        Network network = *atomnet::apply(sample(), SetInput{{2, 2, 3}});
        network = changed({2}, stride, network);
        const Result<Network> next = atomnet::apply(network, ChangeBlocks{{{7}}, stride});
        QVERIFY(!next);
        QCOMPARE(
            next.error().message(),
            QStringLiteral(
                "stage b, block 2: stride 2 on a 1x1 map would shrink below 1x1; use stride 1"));
    }

    void defaultBlocksAreValid()
    {
        for (const BlockType type :
             {BlockType::Conv, BlockType::Sep, BlockType::ConvNext, BlockType::MbConv}) {
            const Block block = defaultBlock(type);
            QVERIFY(block.type == type);
            QVERIFY(validate(block));
            QVERIFY(!block.id);
        }
    }

    void randomEditsKeepEveryPromise()
    {
        int done = 0, refused = 0;
        for (quint32 seed = 0; seed < 60; ++seed) {
            RandomEdits edits(seed);
            Network network = test::randomNetwork(edits.random());
            std::vector<Network> history{network};
            for (int step = 0; step < 60; ++step) {
                const Edit edit = edits.next(network);
                const Network before = network;
                const Result<Network> next = atomnet::apply(network, edit);
                QCOMPARE(network, before); // pure
                if (!next) {
                    QVERIFY(!next.error().what.isEmpty());
                    ++refused;
                    continue;
                }
                const Result<> valid = validate(*next);
                QVERIFY2(valid, valid ? "" : qPrintable(valid.error().message()));
                QVERIFY(idsAreSound(*next));
                QVERIFY(next->nextId >= network.nextId);
                QCOMPARE(*atomnet::apply(before, edit),
                         *next); // the same edit gives the same value
                network = *next;
                history.push_back(network);
                ++done;
            }
            // Undo is by value: a network of the past still takes edits as it did.
            for (size_t i = history.size(); i-- > 0;)
                QVERIFY(validate(history[i]) && idsAreSound(history[i]));
        }
        QVERIFY(done > 1000);
        QVERIFY(refused > 300);
    }
};

QTEST_APPLESS_MAIN(TestEdit)
#include "tst_edit.moc"
