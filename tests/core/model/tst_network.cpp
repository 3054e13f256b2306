#include "core/model/network.h"
#include "core/model/unknown_keys.h"
#include "tests/core/model/random_network.h"

#include <QSet>
#include <QTest>

#include <limits>

using namespace atomnet;

namespace
{

Block block(quint32 id, int out = 8, int stride = 1)
{
    Block b;
    b.id = {id};
    b.out = out;
    b.stride = stride;
    return b;
}

Network twoStages()
{
    Network network;
    network.input = {160, 96, 3};
    network.stages.push_back({{1}, QStringLiteral("stem"), {block(2, 24, 2)}, {}});
    network.stages.push_back({{3}, QStringLiteral("s1"), {block(4, 32, 2), block(5, 40)}, {}});
    network.stages[1].blocks[0].repeat = 3;
    network.nextId = 6;
    return network;
}

} // namespace

class TestNetwork : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void makeDivisibleRoundsAsMobileNet_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<int>("divisor");
        QTest::addColumn<int>("expected");
        QTest::newRow("exact") << 24.0 << 8 << 24;
        QTest::newRow("nearest down") << 51.0 << 8 << 48;
        QTest::newRow("half up") << 28.0 << 8 << 32;
        QTest::newRow("at least the divisor") << 1.0 << 8 << 8;
        QTest::newRow("never below 90 %") << 11.0 << 8 << 16;
        QTest::newRow("10 may not become 8") << 10.0 << 8 << 16;
        QTest::newRow("8.8 may become 8") << 8.8 << 8 << 8;
        QTest::newRow("fraction") << 24 * 1.5 << 8 << 40;
        QTest::newRow("odd divisor") << 7.0 << 3 << 9; // 6 is below 90 % of 7
        QTest::newRow("divisor one") << 13.2 << 1 << 13;
        QTest::newRow("zero") << 0.0 << 8 << 8;
        QTest::newRow("negative") << -50.0 << 8 << 8;
        QTest::newRow("NaN") << std::numeric_limits<double>::quiet_NaN() << 8 << 8;
        QTest::newRow("infinite stays an int")
            << std::numeric_limits<double>::infinity() << 8 << (1 << 30);
    }

    void makeDivisibleRoundsAsMobileNet()
    {
        QFETCH(double, value);
        QFETCH(int, divisor);
        QTEST(makeDivisible(value, divisor), "expected");
    }

    void squeezeChannelsDivideWhole()
    {
        SqueezeExcite se;
        QCOMPARE(squeezeChannels(se, 64), 16);
        QCOMPARE(squeezeChannels(se, 80), 24); // 20 rounds to 24
        QCOMPARE(squeezeChannels(se, 47), 16); // 47 / 4 is 11, and 8 would be below 90 % of it
        QCOMPARE(squeezeChannels(se, 3), 8);
        se.channels = 5;
        QCOMPARE(squeezeChannels(se, 64), 5); // taken as it is
    }

    void convOutSideFloors_data()
    {
        QTest::addColumn<int>("side");
        QTest::addColumn<int>("kernel");
        QTest::addColumn<int>("stride");
        QTest::addColumn<int>("expected");
        QTest::newRow("same") << 160 << 3 << 1 << 160;
        QTest::newRow("halved") << 160 << 3 << 2 << 80;
        QTest::newRow("odd side") << 5 << 3 << 2 << 3;
        QTest::newRow("1x1 kernel") << 5 << 1 << 2 << 3;
        QTest::newRow("7x7 on one pixel") << 1 << 7 << 1 << 1;
        QTest::newRow("stride 4") << 10 << 5 << 4 << 3;
        QTest::newRow("stride on one pixel") << 1 << 3 << 4 << 1;
    }

    void convOutSideFloors()
    {
        QFETCH(int, side);
        QFETCH(int, kernel);
        QFETCH(int, stride);
        QTEST(convOutSide(side, kernel, stride), "expected");
    }

    void repeatsStrideOnlyOnce()
    {
        const Network network = twoStages();
        QCOMPARE(stageInput(network, 0), (Shape{160, 96, 3}));
        QCOMPARE(stageInput(network, 1), (Shape{80, 48, 24}));
        QCOMPARE(stageInput(network, 2), (Shape{40, 24, 40}));
        QCOMPARE(outputShape(network.stages[1].blocks[0], {80, 48, 24}), (Shape{40, 24, 32}));
    }

    void findsBlocksAndStagesById()
    {
        const Network network = twoStages();
        QCOMPARE(findBlock(network, {5}), (BlockPlace{1, 1}));
        QCOMPARE(blockById(network, {5}), &network.stages[1].blocks[1]);
        QCOMPARE(findStage(network, {3}), 1);
        QVERIFY(!findBlock(network, {99}).valid());
        QVERIFY(!findBlock(network, {}).valid());
        QCOMPARE(blockById(network, {}), nullptr);
        QCOMPARE(findStage(network, {99}), -1);
        QCOMPARE(findStage(network, {}), -1);
    }

    void assignIdsKeepsTheFirstHolder()
    {
        Network network = twoStages();
        network.stages[1].blocks[0].id = {};
        network.stages[1].blocks[1].id = {2};
        network.nextId = 1;
        assignIds(network);
        QCOMPARE(network.stages[0].blocks[0].id, BlockId{2});
        QCOMPARE(network.stages[1].blocks[0].id, BlockId{4});
        QCOMPARE(network.stages[1].blocks[1].id, BlockId{5});
        QCOMPARE(network.nextId, 6u);
        const Network before = network;
        assignIds(network);
        QCOMPARE(network, before); // nothing to do: nothing changes
    }

    void assignIdsSurvivesUsedUpNumbers()
    {
        Network network = twoStages();
        network.stages[0].blocks[0].id = {std::numeric_limits<quint32>::max()};
        assignIds(network);
        QSet<BlockId> ids;
        for (const Stage &stage : network.stages) {
            QVERIFY(stage.id);
            for (const Block &b : stage.blocks)
                ids.insert(b.id);
        }
        QCOMPARE(ids.size(), 3);
        QVERIFY(!ids.contains(BlockId{}));
        QVERIFY(network.nextId > 3 && network.nextId < 100);
    }

    void sameDesignIgnoresIdsOnly()
    {
        const Network a = twoStages();
        Network b = a;
        b.stages[0].id = {77};
        b.stages[1].blocks[0].id = {78};
        b.nextId = 79;
        QVERIFY(a != b);
        QVERIFY(sameDesign(a, b));
        b.stages[1].blocks[1].kernel = 5;
        QVERIFY(!sameDesign(a, b));
        b = a;
        b.unknown.push_back({0, QStringLiteral("x"), "1"});
        QVERIFY(!sameDesign(a, b));
    }

    void placesOfUnknownKeysSettle()
    {
        UnknownKeys keys{{9, QStringLiteral("c"), "1"},
                         {0, QStringLiteral("a"), "1"},
                         {0, QStringLiteral("b"), "1"},
                         {-5, QStringLiteral("z"), "1"}};
        settlePlaces(keys, 2);
        QStringList order;
        for (const UnknownKey &key : keys)
            order << key.key + QString::number(key.place);
        QCOMPARE(order.join(QLatin1Char(' ')), QStringLiteral("z0 a1 b2 c5"));
        const UnknownKeys settled = keys;
        settlePlaces(keys, 2);
        QCOMPARE(keys, settled);
    }

    void namesReadBack()
    {
        for (const BlockType type :
             {BlockType::Conv, BlockType::Sep, BlockType::ConvNext, BlockType::MbConv}) {
            QCOMPARE(blockTypeFrom(toString(type)), std::optional(type));
            QVERIFY(!displayName(type).isEmpty());
        }
        for (const Activation act : {Activation::None, Activation::Relu, Activation::Relu6,
                                     Activation::HSwish, Activation::HSigmoid})
            QCOMPARE(activationFrom(toString(act)), std::optional(act));
        QCOMPARE(blockTypeFrom(u"Conv"), std::nullopt);
        QCOMPARE(activationFrom(u""), std::nullopt);
    }
};

QTEST_APPLESS_MAIN(TestNetwork)
#include "tst_network.moc"
