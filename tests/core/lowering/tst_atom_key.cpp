#include "core/lowering/atom_key.h"

#include <QSet>
#include <QTest>

#include <limits>

Q_DECLARE_METATYPE(atomnet::AtomKey)

using namespace atomnet;

namespace
{

AtomKey conv(AtomKind kind, Shape in, Shape out, int kernel, int stride, int groups = 1)
{
    AtomKey key;
    key.kind = kind;
    key.inH = in.h, key.inW = in.w, key.inC = in.c;
    key.outH = out.h, key.outW = out.w, key.outC = out.c;
    key.kernelH = key.kernelW = quint16(kernel);
    key.strideH = key.strideW = quint16(stride);
    key.groups = groups;
    return key;
}

AtomKey elementwise(AtomKind kind, Shape shape, int squeeze = 0)
{
    AtomKey key = conv(kind, shape, shape, 1, 1);
    key.squeeze = squeeze;
    return key;
}

} // namespace

class TestAtomKey : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void countsLikeAtomDb_data();
    void countsLikeAtomDb();
    void countsStickInsteadOfOverflowing();
    void smallestStrideGivesTheOutput_data();
    void smallestStrideGivesTheOutput();
    void smallestStrideIsTheSmallest();
    void hashSeesEveryField();
    void hashesOfNeighboursDoNotCollide();
    void namesGoBackAndForth();
    void describesForPeople();
};

void TestAtomKey::countsLikeAtomDb_data()
{
    QTest::addColumn<AtomKey>("key");
    QTest::addColumn<qint64>("macs");
    QTest::addColumn<qint64>("elementwiseMacs");
    QTest::addColumn<qint64>("params");
    QTest::addColumn<qint64>("weightBytes");
    // The figures of convolutions, fully connected and SE are those AtomDB's files state for these
    // sizes.
    QTest::newRow("pointwise") << conv(AtomKind::Pointwise, {3, 3, 80}, {3, 3, 480}, 1, 1)
                               << qint64(346080) << qint64(0) << qint64(38880) << qint64(40320);
    QTest::newRow("stem") << conv(AtomKind::Conv, {224, 224, 3}, {112, 112, 24}, 3, 2)
                          << qint64(8128536) << qint64(0) << qint64(672) << qint64(744);
    QTest::newRow("depthwise") << conv(AtomKind::Depthwise, {22, 22, 48}, {20, 20, 48}, 3, 1, 48)
                               << qint64(20 * 20 * 48 * 9 + 48) << qint64(0) << qint64(48 * 10)
                               << qint64(48 * 13);
    QTest::newRow("fully connected")
        << conv(AtomKind::FullyConnected, {1, 1, 80}, {1, 1, 1000}, 1, 1) << qint64(81000)
        << qint64(0) << qint64(81000) << qint64(84000);
    QTest::newRow("squeeze-excite")
        << elementwise(AtomKind::SqueezeExcite, {14, 14, 1024}, 256)
        << qint64(928000 - 2 * 14 * 14 * 1024 - 1024) << qint64(2 * 14 * 14 * 1024 + 1024)
        << qint64(2 * 1024 * 256 + 1024 + 256) << qint64(529412);
    AtomKey pair = conv(AtomKind::PointwisePair, {10, 10, 16}, {10, 10, 16}, 1, 1);
    pair.squeeze = 48;
    QTest::newRow("pointwise pair") << pair << qint64(100 * 2 * 16 * 48 + 48 + 16) << qint64(0)
                                    << qint64(2 * 16 * 48 + 64) << qint64(2 * 16 * 48 + 4 * 64);
    for (const AtomKind kind : {AtomKind::Add, AtomKind::Mul, AtomKind::Scale, AtomKind::Mean})
        QTest::newRow(qPrintable(toString(kind)))
            << elementwise(kind, {4, 5, 6}) << qint64(0) << qint64(120) << qint64(0) << qint64(0);
    QTest::newRow("pad") << conv(AtomKind::Pad, {5, 5, 80}, {7, 7, 80}, 1, 1) << qint64(0)
                         << qint64(0) << qint64(0) << qint64(0);
}

void TestAtomKey::countsLikeAtomDb()
{
    QFETCH(AtomKey, key);
    QTEST(macsOf(key), "macs");
    QTEST(elementwiseMacsOf(key), "elementwiseMacs");
    QTEST(paramsOf(key), "params");
    QTEST(weightBytesOf(key), "weightBytes");
}

void TestAtomKey::countsStickInsteadOfOverflowing()
{
    constexpr int most = std::numeric_limits<qint32>::max();
    for (int kind = 1; kind < atomKindCount; ++kind) {
        AtomKey key = conv(AtomKind(kind), {most, most, most}, {most, most, most}, 65535, 1);
        key.squeeze = most;
        for (const qint64 count :
             {macsOf(key), elementwiseMacsOf(key), paramsOf(key), weightBytesOf(key)})
            QVERIFY(count >= 0);
    }
    AtomKey key = conv(AtomKind::Conv, {9, 9, 9}, {9, 9, 9}, 3, 1);
    key.groups = 0; // outside data may say so
    QCOMPARE(macsOf(key), qint64(9));
}

void TestAtomKey::smallestStrideGivesTheOutput_data()
{
    QTest::addColumn<int>("in");
    QTest::addColumn<int>("pads");
    QTest::addColumn<int>("kernel");
    QTest::addColumn<int>("out");
    QTest::addColumn<int>("stride");
    QTest::newRow("stem 224") << 224 << 2 << 3 << 112 << 2;
    QTest::newRow("stem 160, stride 1") << 160 << 2 << 3 << 160 << 1;
    QTest::newRow("behind a pad") << 82 << 0 << 3 << 80 << 1;
    QTest::newRow("behind a pad, stride 2") << 82 << 0 << 3 << 40 << 2;
    QTest::newRow("odd size, stride 2") << 7 << 2 << 3 << 4 << 2;
    QTest::newRow("one output of many inputs") << 9 << 0 << 3 << 1 << 7;
    QTest::newRow("one output of as many inputs") << 3 << 0 << 3 << 1 << 1;
    QTest::newRow("kernel larger than input") << 2 << 0 << 3 << 1 << 0;
    QTest::newRow("output too large") << 8 << 0 << 3 << 7 << 0;
    QTest::newRow("output that no stride gives") << 12 << 0 << 3 << 6 << 0;
    QTest::newRow("no output") << 8 << 0 << 3 << 0 << 0;
    constexpr int most = std::numeric_limits<int>::max();
    QTest::newRow("largest numbers") << most << most << 1 << most << 2;
    QTest::newRow("stride beyond a number") << most << most << 1 << 1 << 0;
}

void TestAtomKey::smallestStrideGivesTheOutput()
{
    QFETCH(int, in);
    QFETCH(int, pads);
    QFETCH(int, kernel);
    QFETCH(int, out);
    QTEST(smallestStride(in, pads, kernel, out), "stride");
}

void TestAtomKey::smallestStrideIsTheSmallest()
{
    for (int in = 1; in <= 40; ++in)
        for (int kernel = 1; kernel <= 7; kernel += 2)
            for (int pads = 0; pads <= kernel; ++pads)
                for (int out = 1; out <= 40; ++out) {
                    int expected = 0;
                    if (in + pads >= kernel)
                        for (int s = 1; s <= in + pads && expected == 0; ++s)
                            if ((in + pads - kernel) / s + 1 == out) expected = s;
                    QCOMPARE(smallestStride(in, pads, kernel, out), expected);
                }
}

void TestAtomKey::hashSeesEveryField()
{
    const AtomKey base = conv(AtomKind::Conv, {8, 9, 10}, {4, 5, 12}, 3, 2);
    std::vector<AtomKey> changed(22, base);
    changed[0].inH++, changed[1].inW++, changed[2].inC++, changed[3].outH++, changed[4].outW++;
    changed[5].outC++, changed[6].groups++, changed[7].squeeze++, changed[8].kernelH++,
        changed[9].kernelW++;
    changed[10].strideH++, changed[11].strideW++, changed[12].padT++, changed[13].padL++,
        changed[14].padB++;
    changed[15].padR++, changed[16].dilation++, changed[17].variant++,
        changed[18].kind = AtomKind::Mean;
    changed[19].act = KeyAct::Relu, changed[20].weights = WeightPlace::Ram;
    changed[21].inH = base.inW, changed[21].inW = base.inH;
    QSet<quint64> hashes{hashOf(base)};
    for (const AtomKey &key : changed) {
        QVERIFY(key != base);
        hashes.insert(hashOf(key));
    }
    QCOMPARE(hashes.size(), qsizetype(changed.size() + 1));
    AtomKey copy = changed[0];
    copy.inH--;
    QCOMPARE(hashOf(copy), hashOf(base));
}

void TestAtomKey::hashesOfNeighboursDoNotCollide()
{
    // 50,000 keys that differ in a few small numbers, in the buckets of a table twice as large: a
    // good hash fills about 1 - exp(-50000 / 131072) of them.
    constexpr quint64 buckets = 131072;
    QSet<quint64> whole, low;
    for (int h = 1; h <= 100; ++h)
        for (int c = 1; c <= 50; ++c)
            for (int o = 1; o <= 10; ++o) {
                const quint64 hash =
                    hashOf(conv(AtomKind::Pointwise, {h, h, 8 * c}, {h, h, 8 * o}, 1, 1));
                whole.insert(hash);
                low.insert(hash % buckets);
            }
    QCOMPARE(whole.size(), qsizetype(50000));
    QVERIFY2(low.size() > 40800 && low.size() < 42600, qPrintable(QString::number(low.size())));
}

void TestAtomKey::namesGoBackAndForth()
{
    QSet<QString> names;
    for (int kind = 1; kind < atomKindCount; ++kind) {
        const QString name = toString(AtomKind(kind));
        QCOMPARE(atomKindFrom(name), std::optional(AtomKind(kind)));
        names.insert(name);
    }
    QCOMPARE(names.size(), qsizetype(atomKindCount - 1));
    QCOMPARE(toString(AtomKind::SqueezeExcite), QStringLiteral("squeeze_excite"));
    QCOMPARE(atomKindFrom(u"Conv"), std::nullopt);
    QCOMPARE(atomKindFrom(u""), std::nullopt);
    for (const KeyAct act : {KeyAct::None, KeyAct::Relu, KeyAct::Relu6, KeyAct::HSwish,
                             KeyAct::HSigmoid, KeyAct::Unknown})
        QCOMPARE(keyActFrom(toString(act)), std::optional(act));
    QCOMPARE(keyActFrom(u"gelu"), std::nullopt);
    for (const Activation act : {Activation::None, Activation::Relu, Activation::Relu6,
                                 Activation::HSwish, Activation::HSigmoid})
        QCOMPARE(toString(keyAct(act)), toString(act));
}

void TestAtomKey::describesForPeople()
{
    QCOMPARE(describe(conv(AtomKind::Pointwise, {20, 20, 48}, {20, 20, 96}, 1, 1)),
             QStringLiteral("pointwise 20x20x48 -> 20x20x96"));
    QCOMPARE(describe(conv(AtomKind::Depthwise, {22, 22, 48}, {10, 10, 48}, 3, 2, 48)),
             QStringLiteral("depthwise 3x3 stride 2 22x22x48 -> 10x10x48"));
    QCOMPARE(describe(elementwise(AtomKind::Add, {20, 20, 48})), QStringLiteral("add 20x20x48"));
    QCOMPARE(describe(elementwise(AtomKind::SqueezeExcite, {20, 20, 48}, 16)),
             QStringLiteral("squeeze excite 20x20x48, 16 squeeze channels"));
}

QTEST_APPLESS_MAIN(TestAtomKey)
#include "tst_atom_key.moc"
