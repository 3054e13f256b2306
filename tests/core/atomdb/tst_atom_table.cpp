#include "core/atomdb/atom_table.h"
#include "core/atomdb/sample_batch.h"

#include <QTest>

Q_DECLARE_METATYPE(atomnet::AtomStats)
Q_DECLARE_METATYPE(std::vector<qint64>)

using namespace atomnet;

namespace
{

AtomKey pointwise(int h, int c, KeyAct act = KeyAct::Unknown)
{
    AtomKey key;
    key.kind = AtomKind::Pointwise;
    key.inH = key.inW = key.outH = key.outW = h;
    key.inC = key.outC = c;
    key.act = act;
    return key;
}

AtomTable::Row row(AtomKind kind, int h, AtomStats stats)
{
    AtomKey key = pointwise(h, 8);
    key.kind = kind;
    return {key, stats};
}

} // namespace

class TestAtomTable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void emptyTableFindsNothing();
    void findsEveryRowAndNothingElse();
    void exactActivationWinsThenUnknownThenNone();
    void spreadIsTheMedianOfRepeatedKeys();
    void summarisesSamples_data();
    void summarisesSamples();
    void batchHoldsEachKeyOnce();
    void impossibleKeysAreNotStorable();
};

void TestAtomTable::emptyTableFindsNothing()
{
    QCOMPARE(AtomTable().find(pointwise(1, 1)), nullptr);
    const AtomTable table({}, SampleUnit::Instructions, {});
    QVERIFY(table.isEmpty());
    QCOMPARE(table.find(pointwise(1, 1)), nullptr);
    QCOMPARE(table.findExact(pointwise(1, 1)), nullptr);
    QCOMPARE(table.sampleCount(), qint64(0));
    QCOMPARE(table.spread(AtomKind::Conv), 0.01);
    QCOMPARE(table.unit(), SampleUnit::Instructions);
}

void TestAtomTable::findsEveryRowAndNothingElse()
{
    std::vector<AtomTable::Row> rows;
    for (int h = 1; h <= 100; ++h)
        for (int c = 1; c <= 110; ++c)
            rows.push_back({pointwise(h, 8 * c), {1000 * h + c, 1, 2'000'000, 3}});
    const AtomTable table({}, SampleUnit::Nanoseconds, rows);
    QCOMPARE(table.sampleCount(), qint64(33000));
    for (int h = 1; h <= 100; ++h)
        for (int c = 1; c <= 110; ++c) {
            const AtomStats *stats = table.find(pointwise(h, 8 * c, KeyAct::Relu));
            QVERIFY(stats);
            QCOMPARE(stats->median, qint64(1000 * h + c));
            QVERIFY(!table.find(pointwise(h, 8 * c + 1)));
            AtomKey other = pointwise(h, 8 * c);
            other.variant = 1;
            QVERIFY(!table.find(other));
        }
}

void TestAtomTable::exactActivationWinsThenUnknownThenNone()
{
    const AtomTable table({}, SampleUnit::Nanoseconds,
                          {{pointwise(1, 8, KeyAct::Unknown), {10, 10, 10, 1}},
                           {pointwise(1, 8, KeyAct::Relu), {20, 20, 20, 1}},
                           {pointwise(2, 8, KeyAct::Relu), {30, 30, 30, 1}}});
    QCOMPARE(table.find(pointwise(1, 8, KeyAct::Relu))->median, qint64(20));
    QCOMPARE(table.find(pointwise(1, 8, KeyAct::HSwish))->median, qint64(10));
    QCOMPARE(table.find(pointwise(1, 8, KeyAct::Unknown))->median, qint64(10));
    QVERIFY(!table.find(pointwise(2, 8, KeyAct::HSwish)));
    QVERIFY(!table.find(pointwise(2, 8, KeyAct::Unknown)));
    QVERIFY(!table.findExact(pointwise(1, 8, KeyAct::HSwish)));
}

void TestAtomTable::spreadIsTheMedianOfRepeatedKeys()
{
    const AtomTable table({}, SampleUnit::Nanoseconds,
                          {row(AtomKind::Pad, 1, {100, 90, 110, 2}),     // 0.1
                           row(AtomKind::Pad, 2, {100, 80, 120, 2}),     // 0.2
                           row(AtomKind::Pad, 3, {100, 60, 140, 5}),     // 0.4
                           row(AtomKind::Pad, 4, {100, 10, 190, 1}),     // one sample: says nothing
                           row(AtomKind::Conv, 1, {1000, 999, 1001, 9}), // 0.001
                           row(AtomKind::Add, 1, {50, 50, 50, 1})});
    QCOMPARE(table.spread(AtomKind::Pad), 0.2);
    QCOMPARE(table.spread(AtomKind::Conv), 0.01);
    QCOMPARE(table.spread(AtomKind::Add), 0.2); // of 0.001, 0.1, 0.2, 0.4: the upper middle one
    QCOMPARE(table.spread(AtomKind(200)), 0.01);
}

void TestAtomTable::summarisesSamples_data()
{
    using Values = std::vector<qint64>;
    QTest::addColumn<Values>("values");
    QTest::addColumn<AtomStats>("expected");
    QTest::newRow("none") << Values{} << AtomStats{};
    QTest::newRow("one") << Values{7} << AtomStats{7, 7, 7, 1};
    QTest::newRow("two: the mean, rounded down") << Values{7, 10} << AtomStats{8, 7, 10, 2};
    QTest::newRow("three: minimum and maximum") << Values{1, 5, 100} << AtomStats{5, 1, 100, 3};
    QTest::newRow("four: quantiles") << Values{0, 100, 200, 300} << AtomStats{150, 15, 285, 4};
    Values many;
    for (qint64 i = 0; i <= 100; ++i)
        many.push_back(i);
    QTest::newRow("a hundred and one") << many << AtomStats{50, 5, 95, 101};
    QTest::newRow("largest") << Values(4, maxSampleValue)
                             << AtomStats{maxSampleValue, maxSampleValue, maxSampleValue, 4};
}

void TestAtomTable::summarisesSamples()
{
    QFETCH(std::vector<qint64>, values);
    QFETCH(AtomStats, expected);
    const AtomStats stats = summarise(values);
    QCOMPARE(stats.median, expected.median);
    QCOMPARE(stats.low, expected.low);
    QCOMPARE(stats.high, expected.high);
    QCOMPARE(stats.count, expected.count);
}

void TestAtomTable::batchHoldsEachKeyOnce()
{
    SampleBatch batch;
    QVERIFY(batch.add(pointwise(1, 8), {.value = 5}));
    QVERIFY(batch.add(pointwise(2, 8), {.value = 6}));
    QVERIFY(!batch.add(pointwise(1, 8), {.value = 5}));
    QCOMPARE(batch.keys().size(), std::size_t(2));
    QCOMPARE(batch.entries().size(), std::size_t(3));
    QCOMPARE(batch.entries()[2].key, 0U);
    QCOMPARE(batch.repeatedKeys(), qint64(1));
}

void TestAtomTable::impossibleKeysAreNotStorable()
{
    const AtomKey good = pointwise(20, 48);
    QVERIFY(isStorable(good));
    std::vector<AtomKey> bad(9, good);
    bad[0].inH = 0, bad[1].outC = -1, bad[2].groups = 0, bad[3].kernelW = 0, bad[4].strideH = 0;
    bad[5].kind = AtomKind(0), bad[6].kind = AtomKind(99), bad[7].act = KeyAct(77),
    bad[8].inW = 1 << 20;
    for (const AtomKey &key : bad)
        QVERIFY2(!isStorable(key), qPrintable(describe(key)));
}

QTEST_APPLESS_MAIN(TestAtomTable)
#include "tst_atom_table.moc"
