#include "core/analysis/memory_plan.h"
#include "core/lowering/lower.h"
#include "core/model/presets.h"

#include <QtTest>

#include <algorithm>
#include <numeric>
#include <random>

using namespace atomnet;

Q_DECLARE_METATYPE(atomnet::Buffers)

namespace
{

/// Any optimal plan stays optimal when its buffers fall, lowest first, to the lowest gap: so the
/// best order of first-fit is an optimum.
qint64 optimalArena(const Buffers &buffers)
{
    std::vector<std::size_t> order(buffers.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    qint64 best = std::numeric_limits<qint64>::max();
    do {
        std::vector<qint64> offsets(buffers.size(), -1);
        qint64 arena = 0;
        for (const std::size_t i : order) {
            qint64 offset = 0;
            for (bool moved = true; moved;) {
                moved = false;
                for (std::size_t o = 0; o < buffers.size(); ++o) {
                    const bool together =
                        buffers[o].first <= buffers[i].last && buffers[i].first <= buffers[o].last;
                    if (offsets[o] < 0 || !together) continue;
                    const bool overlaps = offset < offsets[o] + buffers[o].bytes &&
                                          offsets[o] < offset + buffers[i].bytes;
                    if (!overlaps) continue;
                    offset = (offsets[o] + buffers[o].bytes + 3) & ~qint64(3);
                    moved = true;
                }
            }
            offsets[i] = offset;
            arena = std::max(arena, offset + buffers[i].bytes);
        }
        best = std::min(best, arena);
    } while (std::next_permutation(order.begin(), order.end()));
    return best;
}

Buffers randomBuffers(std::mt19937 &random, int count, int steps, int largest)
{
    Buffers buffers;
    for (int i = 0; i < count; ++i) {
        const int first = int(random() % unsigned(steps));
        const int length = int(random() % 4);
        buffers.push_back(
            {qint64(1 + random() % unsigned(largest)), first, std::min(steps - 1, first + length)});
    }
    return buffers;
}

qint64 liveAt(const Buffers &buffers, int step)
{
    qint64 sum = 0;
    for (const Buffer &buffer : buffers)
        if (buffer.first <= step && step <= buffer.last) sum += buffer.bytes;
    return sum;
}

} // namespace

class TestMemoryPlan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void arenaBytes_data();
    void arenaBytes();
    void offsetsAreAligned();
    void plansOfRandomBuffersHold();
    void neverBetterThanTheOptimumAndMostlyEqual();
    void hugeBuffersDoNotOverflow();
    void findsOverlaps();
    void lifetimesComeFromTheGraph();
    void presetsReachTheLowerBound_data();
    void presetsReachTheLowerBound();
};

void TestMemoryPlan::arenaBytes_data()
{
    QTest::addColumn<Buffers>("buffers");
    QTest::addColumn<qint64>("expected");
    QTest::newRow("nothing") << Buffers{} << qint64{0};
    QTest::newRow("one") << Buffers{{10, 0, 1}} << qint64{10};
    QTest::newRow("disjoint lifetimes share") << Buffers{{10, 0, 1}, {20, 2, 3}} << qint64{20};
    QTest::newRow("one step together") << Buffers{{12, 0, 2}, {20, 2, 3}} << qint64{32};
    QTest::newRow("chain") << Buffers{{100, 0, 0}, {40, 0, 1}, {60, 1, 2}, {20, 2, 3}}
                           << qint64{140};
    QTest::newRow("gap between two is used")
        << Buffers{{40, 0, 4}, {20, 0, 1}, {40, 0, 4}, {20, 2, 4}} << qint64{100};
    QTest::newRow("shortcut held")
        << Buffers{{16, 0, 3}, {96, 0, 1}, {96, 1, 2}, {16, 2, 3}} << qint64{208};
    QTest::newRow("empty buffers take nothing")
        << Buffers{{0, 0, 9}, {8, 0, 9}, {0, 0, 9}} << qint64{8};
    QTest::newRow("lives far apart")
        << Buffers{{8, -2000000000, -5}, {8, 2000000000, 2000000000}} << qint64{8};
}

void TestMemoryPlan::arenaBytes()
{
    QFETCH(Buffers, buffers);
    QFETCH(qint64, expected);
    const MemoryPlan plan = planMemory(buffers);
    QCOMPARE(plan.arenaBytes, expected);
    QCOMPARE(plan.offsets.size(), buffers.size());
    QVERIFY(!anyOverlap(buffers, plan));
    QVERIFY(plan.arenaBytes >= plan.lowerBound);
}

void TestMemoryPlan::offsetsAreAligned()
{
    const Buffers buffers{{3, 0, 2}, {5, 0, 2}, {1, 0, 2}, {7, 1, 2}};
    const MemoryPlan plan = planMemory(buffers);
    for (const qint64 offset : plan.offsets)
        QCOMPARE(offset % 4, qint64(0));
    QVERIFY(!anyOverlap(buffers, plan));
}

void TestMemoryPlan::plansOfRandomBuffersHold()
{
    std::mt19937 random(7);
    for (int run = 0; run < 400; ++run) {
        const int count = run < 390 ? 1 + int(random() % 60) : 700;
        const int steps = 1 + int(random() % 40);
        const Buffers buffers = randomBuffers(random, count, steps, 5000);
        const MemoryPlan plan = planMemory(buffers);
        QVERIFY(!anyOverlap(buffers, plan));
        qint64 largest = 0;
        for (int step = 0; step < steps; ++step)
            largest = std::max(largest, liveAt(buffers, step));
        QCOMPARE(plan.lowerBound, largest);
        QVERIFY(plan.arenaBytes >= largest);
        qint64 end = 0;
        for (std::size_t i = 0; i < buffers.size(); ++i) {
            QVERIFY(plan.offsets[i] >= 0);
            QCOMPARE(plan.offsets[i] % 4, qint64(0));
            end = std::max(end, plan.offsets[i] + buffers[i].bytes);
        }
        QCOMPARE(plan.arenaBytes, end);
        QCOMPARE(planMemory(buffers), plan); // deterministic
    }
}

void TestMemoryPlan::neverBetterThanTheOptimumAndMostlyEqual()
{
    std::mt19937 random(11);
    int optimal = 0;
    constexpr int runs = 300;
    for (int run = 0; run < runs; ++run) {
        const Buffers buffers = randomBuffers(random, 2 + int(random() % 5), 6, 200);
        const qint64 optimum = optimalArena(buffers);
        const MemoryPlan plan = planMemory(buffers);
        QVERIFY(plan.arenaBytes >= optimum);
        if (plan.arenaBytes == optimum) ++optimal;
    }
    qInfo("greedy plans are optimal in %d of %d random cases", optimal, runs);
    QVERIFY(optimal >= runs * 95 / 100);
}

void TestMemoryPlan::hugeBuffersDoNotOverflow()
{
    const Buffers buffers(4096, Buffer{qint64(1) << 40, 0, 1});
    const MemoryPlan plan = planMemory(buffers);
    QCOMPARE(plan.arenaBytes, qint64(1) << 52);
    QCOMPARE(plan.lowerBound, qint64(1) << 52);
}

void TestMemoryPlan::findsOverlaps()
{
    const Buffers buffers{{8, 0, 1}, {8, 1, 2}, {8, 2, 3}};
    QVERIFY(!anyOverlap(buffers, {{0, 8, 0}, 16, 16}));
    QVERIFY(anyOverlap(buffers, {{0, 4, 12}, 20, 16}));
    QVERIFY(anyOverlap(buffers, {{0, 8, 12}, 20, 16}));
}

void TestMemoryPlan::lifetimesComeFromTheGraph()
{
    Block block;
    block.type = BlockType::ConvNext;
    block.out = 3;
    Network network;
    network.input = {5, 5, 3};
    network.stages.push_back({{}, QStringLiteral("s1"), {block}, {}});
    network.head.classes = 7;
    const auto graph = lower(network, Runtime::AtomNet1);
    QVERIFY(graph);
    // dw, pair, add, pool, classifier; 75 bytes are rounded up to 76.
    QCOMPARE(lifetimes(*graph),
             (Buffers{{76, 0, 2}, {76, 0, 1}, {76, 1, 2}, {76, 2, 3}, {4, 3, 4}, {8, 4, 4}}));
}

void TestMemoryPlan::presetsReachTheLowerBound_data()
{
    QTest::addColumn<int>("preset");
    for (std::size_t i = 0; i < presets().size(); ++i)
        QTest::newRow(qPrintable(presets()[i].id)) << int(i);
}

void TestMemoryPlan::presetsReachTheLowerBound()
{
    QFETCH(int, preset);
    const auto graph = lower(presets()[std::size_t(preset)].network, Runtime::AtomNet1);
    QVERIFY(graph);
    const Buffers buffers = lifetimes(*graph);
    const MemoryPlan plan = planMemory(buffers);
    QVERIFY(!anyOverlap(buffers, plan));
    QCOMPARE(plan.arenaBytes, plan.lowerBound);
}

QTEST_APPLESS_MAIN(TestMemoryPlan)
#include "tst_memory_plan.moc"
