#include "core/model/json_tree.h"
#include "core/model/presets.h"
#include "core/search/space_options.h"

#include <QRandomGenerator>
#include <QTest>

#include <set>

using namespace atomnet;

namespace
{

bool isMember(const SearchSpace &space, const Network &network)
{
    if (network.stages.size() != space.stages.size() || network.head != space.head) return false;
    const std::vector<Shape> inputs = spaceInputs(space);
    if (std::find(inputs.begin(), inputs.end(), network.input) == inputs.end()) return false;
    for (std::size_t s = 0; s < space.stages.size(); ++s) {
        const std::vector<Stage> options = stageOptions(space.stages[s]);
        if (std::none_of(options.begin(), options.end(),
                         [&](const Stage &o) { return sameBlocks(o, network.stages[s]); }))
            return false;
    }
    return true;
}

Network designOf(const SearchSpace &space)
{
    std::vector<Stage> stages;
    for (const SpaceStage &stage : space.stages)
        stages.push_back(stageOptions(stage).front());
    return networkOf(space, spaceInputs(space).front(), stages);
}

/// Every combination of the lists as text, and how many there are.
std::pair<std::set<QByteArray>, qint64> enumerated(const SearchSpace &space)
{
    std::set<QByteArray> seen;
    qint64 labelled = 0;
    std::vector<std::vector<Stage>> all;
    for (const SpaceStage &stage : space.stages) {
        all.emplace_back();
        for (const BlockType type : stage.types)
            for (const int width : stage.widths)
                for (const int depth : stage.depths)
                    for (const int kernel : stage.kernels)
                        for (const double expand : stage.expands)
                            for (const auto &se : stage.se) {
                                Block b;
                                b.type = type;
                                b.out = width;
                                b.repeat = depth;
                                b.kernel = kernel;
                                b.act = stage.act;
                                b.stride = stage.stride;
                                if (type == BlockType::ConvNext || type == BlockType::MbConv)
                                    b.expand = expand;
                                if (type != BlockType::Conv) b.se = se;
                                all.back().push_back({{}, stage.name, {b}, {}});
                            }
        for (const Stage &fixed : stage.fixed)
            all.back().push_back(fixed);
    }
    std::vector<std::size_t> at(all.size(), 0);
    const auto next = [&] {
        for (std::size_t s = 0; s < at.size(); ++s) {
            if (++at[s] < all[s].size()) return true;
            at[s] = 0;
        }
        return false;
    };
    do {
        Network network;
        network.head = space.head;
        for (std::size_t s = 0; s < at.size(); ++s)
            network.stages.push_back(all[s][at[s]]);
        SearchSpace one = space;
        for (const int side : space.resolutions) {
            network.input = {side, side, space.channels};
            ++labelled;
            QByteArray text;
            for (const Stage &stage : network.stages) {
                one.stages = {SpaceStage{}};
                one.stages[0].fixed = {stage};
                one.resolutions = {side};
                text += writeSpace(one);
            }
            seen.insert(text);
        }
    } while (next());
    return {seen, labelled};
}

} // namespace

class TestSpace : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theSpacesOfThePaperAreCounted()
    {
        const SpaceCount paper = countNetworks(paperSpace());
        QCOMPARE(paper.labelledText, QStringLiteral("57,153,600"));
        QCOMPARE(paper.distinctText, QStringLiteral("38,102,400"));
        QCOMPARE(paper.labelled, 57153600.0);
        QCOMPARE(paper.distinct, 38102400.0);
        QCOMPARE(countNetworks(paperSpace(true)).distinctText, QStringLiteral("38,102,400"));
        QVERIFY(paperSpace(true).resolutions != paperSpace().resolutions);
        QCOMPARE(countNetworks(widePaperSpace()).distinctText, QStringLiteral("304,819,200"));
    }

    void hugeSpacesAreCountedToTheLastDigit()
    {
        SearchSpace space = paperSpace();
        SpaceStage stage = space.stages[3];
        stage.types = {BlockType::Conv};
        stage.widths.clear();
        for (int i = 1; i <= 1000; ++i)
            stage.widths.push_back(i);
        stage.depths = stage.kernels = {1};
        stage.expands = {1};
        space.stages.assign(10, stage);
        QCOMPARE(countNetworks(space).distinctText,
                 QStringLiteral("9,000,000,000,000,000,000,000,000,000,000"));
        QCOMPARE(countNetworks(space).distinct, 9e30);
    }

    void countsAreThoseOfEveryNetworkWrittenOut()
    {
        SearchSpace space = paperSpace();
        space.resolutions = {64, 48};
        space.stages = {space.stages[0], space.stages[3]};
        space.stages[1].types = {BlockType::Sep, BlockType::ConvNext, BlockType::MbConv,
                                 BlockType::Conv};
        space.stages[1].widths = {16, 24};
        space.stages[1].se = {std::nullopt, SqueezeExcite{}};
        const auto [seen, labelled] = enumerated(space);
        const SpaceCount count = countNetworks(space);
        QCOMPARE(count.labelled, double(labelled));
        QCOMPARE(count.distinct, double(seen.size()));
    }

    void thePublishedNetworkIsInTheWideSpaceAlone()
    {
        const Network &network = presetById(QStringLiteral("atomnet-256kb"))->network;
        QVERIFY(isMember(widePaperSpace(), network));
        QVERIFY(!isMember(paperSpace(), network));
    }

    void aSpaceComesBackFromItsFile()
    {
        SearchSpace literal = paperSpace();
        literal.inputs = {{120, 160, 1}};
        literal.stages[2] = SpaceStage{};
        literal.stages[2].name = QStringLiteral("kept \"as is\"");
        literal.stages[2].fixed = {designOf(widePaperSpace()).stages[4],
                                   designOf(widePaperSpace()).stages[1]};
        for (Stage &fixed : literal.stages[2].fixed) {
            fixed.name = literal.stages[2].name;
            fixed.id = {};
            fixed.blocks[0].id = {};
        }
        literal.head.hidden = HeadLayer{64, Activation::Relu6, {}};
        for (const SearchSpace &space :
             {paperSpace(), paperSpace(true), widePaperSpace(), literal}) {
            const QByteArray bytes = writeSpace(space);
            const auto again = readSpace(bytes, QStringLiteral("s"));
            QVERIFY2(again, again ? "" : qPrintable(again.error().message()));
            QVERIFY(*again == space);
            QCOMPARE(writeSpace(*again), bytes);
        }
    }

    void faultsHaveTheirPlace_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QByteArray>("behind");
        QTest::addColumn<QString>("what");
        const auto row = [](const char *name, const char *from, const char *to, const char *behind,
                            const char *what) {
            QTest::newRow(name) << QByteArray(from) << QByteArray(to) << QByteArray(behind)
                                << QString(what);
        };
        row("no JSON", "\"stages\":[", "\"stages\":(", "\"stages\":", "");
        row("another file", "atomnet-space", "atomnet-design", "\"format\":", "this is no space");
        row("newer", "\"version\":1", "\"version\":2", "\"version\":", "newer");
        row("empty list", "\"widths\":[16,24]", "\"widths\":[]", "\"widths\":", "empty");
        row("a value twice", "[16,24]", "[16,16]", "[16,", "twice");
        row("width out of range", "[16,24]", "[16,0]", "[16,", "use 1 to 65536");
        row("kernel", "\"kernels\":[3]", "\"kernels\":[4]", "\"kernels\":[", "use 1, 3, 5 or 7");
        row("depth", "\"depths\":[1]", "\"depths\":[1001]", "\"depths\":[", "use 1 to 1000");
        row("stride", "\"stride\":2", "\"stride\":9", "\"stride\":", "use 1 to 4");
        row("type", "\"conv\"", "\"cnov\"", "\"types\":[", "use conv, sep");
        row("misspelt key", "\"widths\"", "\"widht\"", "", "");
        row("unknown key", "\"act\"", "\"atc\"", "\"stride\":2,", "no key \"atc\"");
        row("se", "\"se\":[null]", "\"se\":[{\"reduction\":0}]",
            "\"reduction\":", "squeeze reduction");
        row("block of a literal stage", "\"kernel\":3", "\"kernel\":8",
            "\"out\":8,\"kernel\":", "use 1, 3, 5 or 7");
        row("resolution", "\"resolutions\":[64]", "\"resolutions\":[5000]", "\"resolutions\":[",
            "use 1 to 4096");
        row("head", "\"classes\":10", "\"classes\":0", "\"classes\":", "classes");
        row("nothing to start from", "\"resolutions\":[64]", "\"resolutions\":[]",
            "\"resolutions\":", "empty");
    }

    void faultsHaveTheirPlace()
    {
        const QByteArray good =
            "{\"format\":\"atomnet-space\",\"version\":1,\"name\":\"n\",\n"
            " \"resolutions\":[64],\n"
            " \"channels\":3,\n"
            " \"stages\":[\n"
            "{\"types\":[\"conv\"],\"widths\":[16,24],\"depths\":[1],\"kernels\":[3],\"expands\":"
            "[1],\"se\":[null],\"stride\":2,\"act\":\"relu\",\"name\":\"a\"},\n"
            " {\"name\":\"b\",\"fixed\":[[{\"type\":\"sep\",\"out\":8,\"kernel\":3}]]}],\n"
            " \"head\":{\"conv\":null,\"pool\":\"avg\",\"hidden\":null,\"classes\":10}}\n";
        QVERIFY(readSpace(good, QStringLiteral("f")));
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QByteArray, behind);
        QFETCH(QString, what);
        QVERIFY(good.contains(from));
        QByteArray bad = good;
        bad.replace(bad.indexOf(from), from.size(), to);
        const auto space = readSpace(bad, QStringLiteral("f"));
        QVERIFY(!space);
        QVERIFY2(space.error().what.contains(what), qPrintable(space.error().message()));
        if (behind.isEmpty()) return;
        QVERIFY(bad.contains(behind));
        const qsizetype offset = bad.indexOf(behind) + behind.size();
        QCOMPARE(space.error().where, QStringLiteral("f:") + TextPlaces(bad).at(offset));
    }

    void spacesAreKnownByName()
    {
        QVERIFY(*spaceByName(QStringLiteral("paper")) == paperSpace());
        QVERIFY(*spaceByName(QStringLiteral("paper96")) == paperSpace(true));
        QVERIFY(*spaceByName(QStringLiteral("paper-wide")) == widePaperSpace());
        const auto none = spaceByName(QStringLiteral("/nowhere/space.json"));
        QVERIFY(!none);
        QCOMPARE(none.error().code, ErrorCode::Io);
        QVERIFY(none.error().message().contains(QStringLiteral("paper-wide")));
    }

    void aLockedStageStaysAsItIs()
    {
        Network design = designOf(paperSpace());
        design.stages[0].locked = true;
        design.stages[0].blocks[0].out = 40; // in no list
        const auto locked = lockedSpace(paperSpace(), design);
        QVERIFY2(locked, locked ? "" : qPrintable(locked.error().message()));
        QCOMPARE(locked->stages[0].fixed.size(), std::size_t(1));
        QCOMPARE(locked->stages[0].fixed[0].blocks[0].out, 40);
        QVERIFY(!locked->stages[0].fixed[0].blocks[0].id);
        QVERIFY(locked->stages[1] == paperSpace().stages[1]);
        QCOMPARE(countNetworks(*locked).distinct, 38102400.0 / 5);
    }

    void aLockedBlockFixesItsStageButTheDepth()
    {
        Network design = designOf(paperSpace());
        design.stages[4].blocks[0].repeat = 3;
        design.stages[4].blocks[0].out = 72;
        design.stages[4].blocks[0].locked = true;
        design.input = {100, 120, 1};
        design.inputLocked = true;
        const auto locked = lockedSpace(paperSpace(), design);
        QVERIFY2(locked, locked ? "" : qPrintable(locked.error().message()));
        QCOMPARE(locked->stages[4].depths, (std::vector<int>{4, 6}));
        QCOMPARE(locked->stages[4].widths, std::vector<int>{72});
        QCOMPARE(spaceInputs(*locked), (std::vector<Shape>{{100, 120, 1}}));
    }

    void locksThatContradictAreRefused()
    {
        const SearchSpace space = paperSpace();
        Network design = designOf(space);
        Block other = design.stages[4].blocks[0];
        other.stride = 1;
        other.kernel = 5;
        other.locked = true;
        design.stages[4].blocks[0].locked = true;
        design.stages[4].blocks.push_back(other);
        const auto differ = lockedSpace(space, design);
        QVERIFY(!differ);
        QVERIFY2(differ.error().message().contains(QStringLiteral("kernel 3 and kernel 5")),
                 qPrintable(differ.error().message()));
        QCOMPARE(differ.error().where, QStringLiteral("stage s4"));

        design = designOf(space);
        design.stages[4].blocks[0].locked = true;
        design.stages[4].blocks[0].repeat = 8;
        const auto deep = lockedSpace(space, design);
        QVERIFY(!deep);
        QVERIFY2(deep.error().what.contains(QStringLiteral("at least 8")) &&
                     deep.error().what.contains(QStringLiteral("at most 6")),
                 qPrintable(deep.error().what));

        design = designOf(space);
        design.stages[2].blocks[0].locked = true;
        design.stages[2].blocks[0].stride = 1;
        QVERIFY(!lockedSpace(space, design));

        design = designOf(space);
        design.stages.push_back(design.stages[5]);
        design.stages.back().locked = true;
        const auto more = lockedSpace(space, design);
        QVERIFY(!more);
        QVERIFY(more.error().what.contains(QStringLiteral("6 stages")));
    }

    void nothingLockedChangesNothing()
    {
        QVERIFY(*lockedSpace(paperSpace(), designOf(paperSpace())) == paperSpace());
    }
};

QTEST_APPLESS_MAIN(TestSpace)
#include "tst_space.moc"
