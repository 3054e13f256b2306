#include "core/lowering/lower.h"

#include "core/lowering/atom_variant.h"
#include "core/model/presets.h"

#include <QtTest>

using namespace atomnet;

namespace
{

Block block(BlockType type, int out, int kernel, int stride, double expand = 1,
            Activation act = Activation::HSwish)
{
    Block b;
    b.type = type;
    b.out = out;
    b.kernel = kernel;
    b.stride = stride;
    b.expand = expand;
    b.act = act;
    return b;
}

Block withSe(Block b, std::optional<int> channels = {})
{
    b.se = SqueezeExcite{};
    b.se->channels = channels;
    return b;
}

Network network(std::vector<Block> blocks, Shape input = {20, 20, 16})
{
    Network n;
    n.input = input;
    n.stages.push_back({{}, QStringLiteral("s1"), std::move(blocks), {}});
    n.head.classes = 10;
    assignIds(n);
    return n;
}

QString shapeText(const Shape &s)
{
    return QStringLiteral("%1x%2x%3").arg(s.h).arg(s.w).arg(s.c);
}

/// "dw 22x22x16>20x20x16 k3s1p0 hswish", with "m" for a squeeze and "+" while a shortcut is held.
QString atomText(const Atom &atom)
{
    const AtomKey &key = atom.key;
    QString text = QStringLiteral("%1 %2>%3 k%4s%5p%6 %7")
                       .arg(toString(atom.role), shapeText(key.in()), shapeText(key.out()))
                       .arg(key.kernelH)
                       .arg(key.strideH)
                       .arg(key.padT)
                       .arg(toString(key.act));
    if (key.squeeze > 0) text += QStringLiteral(" m%1").arg(key.squeeze);
    if (atom.inShortcut) text += QStringLiteral(" +");
    return text;
}

/// The atoms in front of the head.
QStringList blockAtoms(const AtomGraph &graph)
{
    QStringList atoms;
    for (const Atom &atom : graph.atoms)
        if (atom.block >= 0) atoms << atomText(atom);
    return atoms;
}

QStringList headAtoms(const AtomGraph &graph)
{
    QStringList atoms;
    for (const Atom &atom : graph.atoms)
        if (atom.block < 0) atoms << atomText(atom);
    return atoms;
}

} // namespace

class TestLower : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void blockBecomesTheseAtoms_data();
    void blockBecomesTheseAtoms();
    void headHasItsOptionalLayers_data();
    void headHasItsOptionalLayers();
    void keysAreComplete();
    void keysOfAtomnet1SayHowWeightsArePacked();
    void aStridedPointwiseIsAConvolutionOfAtomnet1();
    void nonSquareInputKeepsBothSides();
    void repeatsHaveTheStrideOnTheFirstOnly();
    void atomsKnowTheirPlace();
    void shortcutHoldsItsTensor();
    void refusesWhatIsNoNetwork();
    void presetsVerify_data();
    void presetsVerify();
    void largestDesignDoesNotOverflow();
};

void TestLower::blockBecomesTheseAtoms_data()
{
    QTest::addColumn<Network>("design");
    QTest::addColumn<Runtime>("runtime");
    QTest::addColumn<QStringList>("expected");
    constexpr Runtime x = Runtime::XCubeAi72, a = Runtime::AtomNet1;

    const Network stem =
        network({block(BlockType::Conv, 24, 3, 2, 1, Activation::Relu)}, {160, 160, 3});
    QTest::newRow("stem, x-cube-ai: pads itself")
        << stem << x << QStringList{"conv 160x160x3>80x80x24 k3s2p1 relu"};
    QTest::newRow("stem, atomnet-1")
        << stem << a << QStringList{"conv 160x160x3>80x80x24 k3s2p1 relu"};

    const Network conv = network({block(BlockType::Conv, 8, 5, 1)});
    QTest::newRow("conv behind the stem, x-cube-ai")
        << conv << x
        << QStringList{"pad 20x20x16>24x24x16 k1s1p2 none", "conv 24x24x16>20x20x8 k5s1p0 hswish"};
    QTest::newRow("conv behind the stem, atomnet-1")
        << conv << a << QStringList{"conv 20x20x16>20x20x8 k5s1p2 hswish"};

    const Network conv1 = network({block(BlockType::Conv, 8, 1, 2)});
    QTest::newRow("conv of kernel 1 is a pointwise, x-cube-ai")
        << conv1 << x << QStringList{"conv 20x20x16>10x10x8 k1s2p0 hswish"};
    QTest::newRow("conv of kernel 1 is a pointwise, atomnet-1")
        << conv1 << a << QStringList{"conv 20x20x16>10x10x8 k1s2p0 hswish"};

    const Network sep = network({block(BlockType::Sep, 16, 3, 1)});
    QTest::newRow("sep has no shortcut, x-cube-ai")
        << sep << x
        << QStringList{"pad 20x20x16>22x22x16 k1s1p1 none", "dw 22x22x16>20x20x16 k3s1p0 hswish",
                       "pw 20x20x16>20x20x16 k1s1p0 hswish"};
    QTest::newRow("sep, atomnet-1")
        << sep << a
        << QStringList{"dw 20x20x16>20x20x16 k3s1p1 hswish", "pw 20x20x16>20x20x16 k1s1p0 hswish"};

    const Network sep1 = network({block(BlockType::Sep, 16, 1, 2)});
    QTest::newRow("sep of kernel 1 keeps a depthwise, no pad")
        << sep1 << x
        << QStringList{"dw 20x20x16>10x10x16 k1s2p0 hswish", "pw 10x10x16>10x10x16 k1s1p0 hswish"};

    const Network sepSe = network({withSe(block(BlockType::Sep, 24, 3, 2))});
    QTest::newRow("sep with SE behind the depthwise, x-cube-ai")
        << sepSe << x
        << QStringList{"pad 20x20x16>22x22x16 k1s1p1 none", "dw 22x22x16>10x10x16 k3s2p0 hswish",
                       "se 10x10x16>10x10x16 k1s1p0 relu m8", "pw 10x10x16>10x10x24 k1s1p0 hswish"};
    QTest::newRow("sep with SE of given width, atomnet-1")
        << network({withSe(block(BlockType::Sep, 24, 3, 2), 5)}) << a
        << QStringList{
               "dw 20x20x16>10x10x16 k3s2p1 hswish",     "se-pool 10x10x16>1x1x16 k1s1p0 none",
               "se-reduce 1x1x16>1x1x5 k1s1p0 relu",     "se-expand 1x1x5>1x1x16 k1s1p0 hsigmoid",
               "se-scale 10x10x16>10x10x16 k1s1p0 none", "pw 10x10x16>10x10x24 k1s1p0 hswish"};

    const Network next = network({withSe(block(BlockType::ConvNext, 16, 3, 1, 6))});
    QTest::newRow("convnext, x-cube-ai: SE on the input channels")
        << next << x << QStringList{"pad 20x20x16>22x22x16 k1s1p1 none +",
                                    "dw 22x22x16>20x20x16 k3s1p0 hswish +",
                                    "se 20x20x16>20x20x16 k1s1p0 relu m8 +",
                                    "expand 20x20x16>20x20x96 k1s1p0 hswish +",
                                    "project 20x20x96>20x20x16 k1s1p0 none +",
                                    "add 20x20x16>20x20x16 k1s1p0 none +"};
    QTest::newRow("convnext, atomnet-1: a fused pair")
        << network({block(BlockType::ConvNext, 16, 5, 1, 6)}) << a
        << QStringList{"dw 20x20x16>20x20x16 k5s1p2 hswish +",
                       "expand-project 20x20x16>20x20x16 k1s1p0 hswish m96 +",
                       "add 20x20x16>20x20x16 k1s1p0 none +"};
    QTest::newRow("convnext with another width has no shortcut")
        << network({block(BlockType::ConvNext, 24, 3, 1, 2.5)}) << a
        << QStringList{"dw 20x20x16>20x20x16 k3s1p1 hswish",
                       "expand-project 20x20x16>20x20x24 k1s1p0 hswish m40"};
    QTest::newRow("convnext with a stride has no shortcut")
        << network({block(BlockType::ConvNext, 16, 3, 2, 2)}) << x
        << QStringList{"pad 20x20x16>22x22x16 k1s1p1 none", "dw 22x22x16>10x10x16 k3s2p0 hswish",
                       "expand 10x10x16>10x10x32 k1s1p0 hswish",
                       "project 10x10x32>10x10x16 k1s1p0 none"};

    const Network mb = network({withSe(block(BlockType::MbConv, 16, 3, 1, 3))});
    QTest::newRow("mbconv, x-cube-ai: SE on the expanded channels")
        << mb << x
        << QStringList{
               "expand 20x20x16>20x20x48 k1s1p0 hswish +", "pad 20x20x48>22x22x48 k1s1p1 none +",
               "dw 22x22x48>20x20x48 k3s1p0 hswish +",     "se 20x20x48>20x20x48 k1s1p0 relu m16 +",
               "project 20x20x48>20x20x16 k1s1p0 none +",  "add 20x20x16>20x20x16 k1s1p0 none +"};
    QTest::newRow("mbconv, atomnet-1: no fused pair")
        << network({block(BlockType::MbConv, 24, 3, 2, 3)}) << a
        << QStringList{"expand 20x20x16>20x20x48 k1s1p0 hswish",
                       "dw 20x20x48>10x10x48 k3s2p1 hswish",
                       "project 10x10x48>10x10x24 k1s1p0 none"};
    QTest::newRow("mbconv with expand 1 has no expand")
        << network({block(BlockType::MbConv, 16, 7, 1, 1)}) << a
        << QStringList{"dw 20x20x16>20x20x16 k7s1p3 hswish +",
                       "project 20x20x16>20x20x16 k1s1p0 none +",
                       "add 20x20x16>20x20x16 k1s1p0 none +"};
}

void TestLower::blockBecomesTheseAtoms()
{
    QFETCH(Network, design);
    QFETCH(Runtime, runtime);
    QFETCH(QStringList, expected);
    const auto graph = lower(design, runtime);
    QVERIFY2(graph, graph ? "" : qPrintable(graph.error().message()));
    QCOMPARE(blockAtoms(*graph), expected);
    QVERIFY(verify(*graph));
}

void TestLower::headHasItsOptionalLayers_data()
{
    QTest::addColumn<bool>("conv");
    QTest::addColumn<bool>("hidden");
    QTest::addColumn<QStringList>("expected");
    QTest::newRow("pool and classifier")
        << false << false
        << QStringList{"pool 20x20x8>1x1x8 k1s1p0 none", "classifier 1x1x8>1x1x10 k1s1p0 none"};
    QTest::newRow("conv") << true << false
                          << QStringList{"conv 20x20x8>20x20x32 k1s1p0 hswish",
                                         "pool 20x20x32>1x1x32 k1s1p0 none",
                                         "classifier 1x1x32>1x1x10 k1s1p0 none"};
    QTest::newRow("hidden") << false << true
                            << QStringList{"pool 20x20x8>1x1x8 k1s1p0 none",
                                           "hidden 1x1x8>1x1x64 k1s1p0 relu",
                                           "classifier 1x1x64>1x1x10 k1s1p0 none"};
    QTest::newRow("both") << true << true
                          << QStringList{"conv 20x20x8>20x20x32 k1s1p0 hswish",
                                         "pool 20x20x32>1x1x32 k1s1p0 none",
                                         "hidden 1x1x32>1x1x64 k1s1p0 relu",
                                         "classifier 1x1x64>1x1x10 k1s1p0 none"};
}

void TestLower::headHasItsOptionalLayers()
{
    QFETCH(bool, conv);
    QFETCH(bool, hidden);
    QFETCH(QStringList, expected);
    Network design = network({block(BlockType::Sep, 8, 3, 1)});
    if (conv) design.head.conv = HeadLayer{32, Activation::HSwish, {}};
    if (hidden) design.head.hidden = HeadLayer{64, Activation::Relu, {}};
    for (const Runtime runtime : allRuntimes) {
        const auto graph = lower(design, runtime);
        QVERIFY(graph);
        QCOMPARE(headAtoms(*graph), expected);
        QVERIFY(verify(*graph));
    }
}

void TestLower::keysOfAtomnet1SayHowWeightsArePacked()
{
    // Inputs an output: 400; 20 and 960; 980; 8.
    const Network design =
        network({block(BlockType::Conv, 20, 5, 1), withSe(block(BlockType::ConvNext, 20, 3, 1, 48)),
                 block(BlockType::Conv, 8, 7, 1), block(BlockType::Sep, 8, 3, 1)});
    const auto ours = lower(design, Runtime::AtomNet1);
    QVERIFY(ours);
    constexpr auto hilo = KeyPacking::HiLo4x2, plain = KeyPacking::Plain4x2;
    const std::vector<std::pair<Role, quint16>> expected{
        {Role::Conv, atomVariant(hilo)},
        {Role::Depthwise, atomVariant(KeyPacking::Depthwise)},
        {Role::SePool, 0},
        {Role::SeReduce, atomVariant(hilo)},
        {Role::SeExpand, atomVariant(hilo)},
        {Role::SeScale, 0},
        {Role::ExpandProject, atomVariant(hilo, plain)},
        {Role::Add, 0},
        {Role::Conv, atomVariant(plain)},
        {Role::Depthwise, atomVariant(KeyPacking::Depthwise)},
        {Role::Pointwise, atomVariant(hilo)},
        {Role::Pool, 0},
        {Role::Classifier, atomVariant(hilo)}};
    QCOMPARE(ours->atoms.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        QVERIFY(ours->atoms[i].role == expected[i].first);
        QCOMPARE(ours->atoms[i].key.variant, expected[i].second);
    }
    QVERIFY(firstPacking(ours->atoms[6].key.variant) == hilo);
    QVERIFY(secondPacking(ours->atoms[6].key.variant) == plain);

    const auto theirs = lower(design, Runtime::XCubeAi72);
    QVERIFY(theirs);
    for (const Atom &atom : theirs->atoms)
        QCOMPARE(atom.key.variant, quint16(0));
}

void TestLower::keysAreComplete()
{
    const auto graph = lower(network({block(BlockType::Sep, 8, 5, 1)}), Runtime::XCubeAi72);
    QVERIFY(graph);
    AtomKey pad;
    pad.kind = AtomKind::Pad;
    pad.inH = pad.inW = 20;
    pad.outH = pad.outW = 24;
    pad.inC = pad.outC = 16;
    pad.padT = pad.padL = pad.padB = pad.padR = 2;
    pad.act = KeyAct::None;
    QVERIFY(graph->atoms[0].key == pad);
    AtomKey depthwise;
    depthwise.kind = AtomKind::Depthwise;
    depthwise.inH = depthwise.inW = 24;
    depthwise.outH = depthwise.outW = 20;
    depthwise.inC = depthwise.outC = depthwise.groups = 16;
    depthwise.kernelH = depthwise.kernelW = 5;
    depthwise.act = KeyAct::HSwish;
    QVERIFY(graph->atoms[1].key == depthwise);
    AtomKey pointwise;
    pointwise.kind = AtomKind::Pointwise;
    pointwise.inH = pointwise.inW = pointwise.outH = pointwise.outW = 20;
    pointwise.inC = 16;
    pointwise.outC = 8;
    pointwise.act = KeyAct::HSwish;
    QVERIFY(graph->atoms[2].key == pointwise);
}

void TestLower::aStridedPointwiseIsAConvolutionOfAtomnet1()
{
    const Network strided = network({block(BlockType::Conv, 8, 1, 2)});
    const Network plain = network({block(BlockType::Conv, 8, 1, 1)});
    QVERIFY(lower(strided, Runtime::AtomNet1)->atoms[0].key.kind == AtomKind::Conv);
    QVERIFY(lower(plain, Runtime::AtomNet1)->atoms[0].key.kind == AtomKind::Pointwise);
    QVERIFY(lower(strided, Runtime::XCubeAi72)->atoms[0].key.kind == AtomKind::Pointwise);
}

void TestLower::nonSquareInputKeepsBothSides()
{
    const Network design = network(
        {block(BlockType::Conv, 8, 3, 2, 1, Activation::Relu), block(BlockType::Sep, 16, 3, 2)},
        {97, 160, 3});
    const auto graph = lower(design, Runtime::XCubeAi72);
    QVERIFY(graph);
    QCOMPARE(
        blockAtoms(*graph),
        (QStringList{"conv 97x160x3>49x80x8 k3s2p1 relu", "pad 49x80x8>51x82x8 k1s1p1 none",
                     "dw 51x82x8>25x40x8 k3s2p0 hswish", "pw 25x40x8>25x40x16 k1s1p0 hswish"}));
    QCOMPARE(graph->atoms[2].key.strideW, quint16(2));
}

void TestLower::repeatsHaveTheStrideOnTheFirstOnly()
{
    Block b = block(BlockType::ConvNext, 24, 3, 2, 2);
    b.repeat = 3;
    const auto graph = lower(network({b}), Runtime::AtomNet1);
    QVERIFY(graph);
    QCOMPARE(
        blockAtoms(*graph),
        (QStringList{"dw 20x20x16>10x10x16 k3s2p1 hswish",
                     "expand-project 10x10x16>10x10x24 k1s1p0 hswish m32",
                     "dw 10x10x24>10x10x24 k3s1p1 hswish +",
                     "expand-project 10x10x24>10x10x24 k1s1p0 hswish m48 +",
                     "add 10x10x24>10x10x24 k1s1p0 none +", "dw 10x10x24>10x10x24 k3s1p1 hswish +",
                     "expand-project 10x10x24>10x10x24 k1s1p0 hswish m48 +",
                     "add 10x10x24>10x10x24 k1s1p0 none +"}));
    QCOMPARE(graph->atoms[4].repeat, qint16(1));
    QCOMPARE(graph->atoms[7].repeat, qint16(2));
}

void TestLower::atomsKnowTheirPlace()
{
    Network design = network({block(BlockType::Conv, 8, 3, 2)});
    design.stages.push_back({{}, QStringLiteral("empty"), {}, {}});
    design.stages.push_back({{},
                             QStringLiteral("s3"),
                             {block(BlockType::Sep, 8, 3, 1), block(BlockType::Sep, 8, 3, 1)},
                             {}});
    assignIds(design);
    const auto graph = lower(design, Runtime::AtomNet1);
    QVERIFY(graph);
    const Atom &last = graph->atoms[4];
    QCOMPARE(last.stage, qint16(2));
    QCOMPARE(last.block, qint16(1));
    QCOMPARE(last.blockId, design.stages[2].blocks[1].id);
    const Atom &classifier = graph->atoms.back();
    QCOMPARE(classifier.stage, qint16(3));
    QCOMPARE(classifier.block, qint16(-1));
    QCOMPARE(classifier.blockId, BlockId{});
}

void TestLower::shortcutHoldsItsTensor()
{
    const auto graph =
        lower(network({withSe(block(BlockType::ConvNext, 16, 3, 1, 2))}), Runtime::AtomNet1);
    QVERIFY(graph);
    // dw, se-pool, se-reduce, se-expand, se-scale, pair, add
    const Atom &add = graph->atoms[6];
    QVERIFY(add.role == Role::Add);
    QCOMPARE(add.inputs[0], 0);
    QCOMPARE(graph->tensors[0].lastUse, 6);
    QCOMPARE(add.inputs[1], graph->atoms[5].output);
    // The depthwise's output waits for the gate.
    const int depthwise = graph->atoms[0].output;
    QCOMPARE(graph->atoms[4].inputs[0], depthwise);
    QCOMPARE(graph->atoms[4].inputs[1], graph->atoms[3].output);
    QCOMPARE(graph->tensors[std::size_t(depthwise)].lastUse, 4);
}

void TestLower::refusesWhatIsNoNetwork()
{
    const auto empty = lower(network({}), Runtime::XCubeAi72);
    QVERIFY(!empty);
    QCOMPARE(empty.error().code, ErrorCode::BadInput);
    QVERIFY2(empty.error().what.startsWith(QStringLiteral("the design has no blocks")),
             qPrintable(empty.error().what));

    const auto even = lower(network({block(BlockType::Sep, 8, 4, 1)}), Runtime::XCubeAi72);
    QVERIFY(!even);
    QCOMPARE(even.error().code, ErrorCode::BadInput);
}

void TestLower::presetsVerify_data()
{
    QTest::addColumn<int>("preset");
    QVERIFY(!presets().empty());
    for (std::size_t i = 0; i < presets().size(); ++i)
        QTest::newRow(qPrintable(presets()[i].id)) << int(i);
}

void TestLower::presetsVerify()
{
    QFETCH(int, preset);
    const Network &design = presets()[std::size_t(preset)].network;
    for (const Runtime runtime : allRuntimes) {
        const auto graph = lower(design, runtime);
        QVERIFY2(graph, graph ? "" : qPrintable(graph.error().message()));
        QVERIFY(verify(*graph));
        QCOMPARE(graph->atoms.back().key.out(), (Shape{1, 1, design.head.classes}));
    }
}

void TestLower::largestDesignDoesNotOverflow()
{
    // The largest maps, widths and expansions that a design may have.
    const Network maps = network({block(BlockType::Conv, 4, 7, 1)}, {maxSide, maxSide, 3});
    const Network widths = network(
        {block(BlockType::Conv, maxChannels, 7, 1), block(BlockType::Conv, maxChannels, 7, 1)},
        {32, 32, 3});
    for (const Network &design : {maps, widths}) {
        for (const Runtime runtime : allRuntimes) {
            const auto graph = lower(design, runtime);
            QVERIFY2(graph, graph ? "" : qPrintable(graph.error().message()));
            QVERIFY(verify(*graph));
            for (const Atom &atom : graph->atoms) {
                QVERIFY(macsOf(atom.key) >= 0);
                QVERIFY(macsOf(atom.key) < std::numeric_limits<qint64>::max());
            }
        }
    }
    Block tooLarge = block(BlockType::Conv, maxChannels, 7, 1);
    QVERIFY(!lower(network({tooLarge}, {maxSide, maxSide, 3}), Runtime::XCubeAi72));
}

QTEST_APPLESS_MAIN(TestLower)
#include "tst_lower.moc"
