#include "core/measuring/space_operators.h"

#include "core/device/operator_request.h"
#include "core/lowering/lower.h"
#include "core/model/presets.h"

#include <QRandomGenerator>
#include <QSet>
#include <QTest>

using namespace atomnet;

namespace
{

bool fits(const AtomKey &key)
{
    return arenaNeed(key, ownPlace(key)) <= mostOperatorArena &&
           windowNeed(key) <= mostOperatorWeights;
}

template <class T>
T oneOf(QRandomGenerator &random, const std::vector<T> &values)
{
    return values[random.bounded(quint32(values.size()))];
}

/// Any network of Table 2, written down a second time.
Network randomPaperNetwork(QRandomGenerator &random)
{
    const auto block = [](BlockType type, int out, int stride, double expand, bool squeezed) {
        Block b;
        b.type = type;
        b.out = out;
        b.stride = stride;
        b.expand = expand;
        b.act = Activation::HSwish;
        if (squeezed) b.se = SqueezeExcite{};
        return b;
    };
    Network n;
    const int side = oneOf<int>(random, {256, 224, 192, 160, 128, 92, 80, 64, 48});
    n.input = {side, side, 3};
    Block stem = block(BlockType::Conv, oneOf<int>(random, {16, 24, 32, 48, 64}), 2, 1, false);
    stem.act = Activation::Relu;
    const bool next = random.bounded(2u) == 0;
    std::vector<Block> blocks{
        stem,
        block(BlockType::Sep, oneOf<int>(random, {16, 24, 32, 48, 64}), 1, 1, false),
        block(BlockType::Sep, oneOf<int>(random, {32, 48, 64, 80, 96, 112}), 2, 1, false),
        block(next ? BlockType::ConvNext : BlockType::Sep,
              oneOf<int>(random, {48, 64, 80, 96, 112, 128}), 2,
              next ? oneOf<double>(random, {1, 3, 6}) : 1, false),
        block(BlockType::ConvNext, oneOf<int>(random, {48, 64, 80, 96, 112, 128, 144}), 2, 6, true),
        block(BlockType::ConvNext, oneOf<int>(random, {64, 80, 96, 112, 128, 144, 160}), 2, 6,
              true)};
    for (std::size_t s = 2; s < blocks.size(); ++s)
        blocks[s].repeat = s == 4 ? oneOf<int>(random, {2, 4, 6}) : oneOf<int>(random, {1, 2});
    for (const Block &b : blocks)
        n.stages.push_back({{}, QStringLiteral("s%1").arg(n.stages.size()), {b}, {}});
    assignIds(n);
    return n;
}

} // namespace

class TestSpaceOperators : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void allAreMeasurableAndDistinct()
    {
        const std::vector<AtomKey> keys = shippedOperators();
        QVERIFY(keys.size() > 2500);
        QVERIFY(std::is_sorted(keys.begin(), keys.end(), keyLess));
        QCOMPARE(QSet<AtomKey>(keys.begin(), keys.end()).size(), qsizetype(keys.size()));
        for (const AtomKey &key : keys) {
            QVERIFY2(operatorRequest(key, ownPlace(key)), qPrintable(describe(key)));
            QVERIFY2(fits(key), qPrintable(describe(key)));
        }
    }

    void theyAreThoseOfEveryPreset()
    {
        const std::vector<AtomKey> all = shippedOperators();
        const QSet<AtomKey> shipped(all.begin(), all.end());
        for (const Preset &preset : presets()) {
            const auto graph = lower(preset.network, Runtime::AtomNet1);
            QVERIFY(graph);
            for (const Atom &atom : graph->atoms)
                QVERIFY2(shipped.contains(atom.key), qPrintable(describe(atom.key)));
        }
    }

    void theyAreThoseOfAnyNetworkOfTheSpace()
    {
        const std::vector<AtomKey> space = paperSpaceOperators(), all = shippedOperators();
        const QSet<AtomKey> ofSpace(space.begin(), space.end()), shipped(all.begin(), all.end());
        QRandomGenerator random(11);
        QSet<AtomKey> seen;
        for (int i = 0; i < 400; ++i) {
            const auto graph = lower(randomPaperNetwork(random), Runtime::AtomNet1);
            QVERIFY(graph);
            for (const Atom &atom : graph->atoms) {
                QVERIFY2(ofSpace.contains(atom.key), qPrintable(describe(atom.key)));
                QCOMPARE(shipped.contains(atom.key), fits(atom.key));
                seen.insert(atom.key);
            }
        }
        // Nor are there others: 400 networks see most of them.
        QVERIFY2(seen.size() * 2 > ofSpace.size(), qPrintable(QString::number(seen.size())));
    }

    void whatNoBoardCouldRunIsLeftOut()
    {
        // 256x256 at 64 channels behind the stem: 1 MiB in and out.
        AtomKey large;
        large.kind = AtomKind::Depthwise;
        large.inH = large.inW = large.outH = large.outW = 128;
        large.inC = large.outC = large.groups = 64;
        large.kernelH = large.kernelW = 3;
        large.padT = large.padL = large.padB = large.padR = 1;
        large.act = KeyAct::HSwish;
        large.variant = 3;
        const auto contains = [](const std::vector<AtomKey> &keys, const AtomKey &key) {
            return std::binary_search(keys.begin(), keys.end(), key, keyLess);
        };
        QVERIFY(contains(paperSpaceOperators(), large));
        QVERIFY(!contains(shippedOperators(), large));
    }
};

QTEST_APPLESS_MAIN(TestSpaceOperators)
#include "tst_space_operators.moc"
