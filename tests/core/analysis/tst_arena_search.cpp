#include "core/analysis/arena_search.h"

#include <QtTest>

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>
#include <random>

using namespace atomnet;

namespace
{

/// Pairs from lifetimes; an output born where another buffer dies may overlap it by `rule`.
void pairUp(ArenaProblem &problem, const std::function<Overlap(int in, int out)> &rule)
{
    const std::vector<ArenaBuffer> &buffers = problem.buffers;
    for (int b = 0; b < int(buffers.size()); ++b) {
        for (int a = 0; a < b; ++a) {
            const ArenaBuffer &one = buffers[std::size_t(a)], &two = buffers[std::size_t(b)];
            if (one.first > two.last || two.first > one.last) continue;
            const bool handsOver = one.last == two.first && one.first < two.first;
            problem.pairs.push_back({a, b, handsOver ? rule(a, b) : Overlap{}});
        }
    }
    problem.lowerBound = leastArena(problem);
}

/// Buffers in the order of their births, as a graph has them.
ArenaProblem randomProblem(std::mt19937 &random, int count, int largest, bool mayOverlap)
{
    ArenaProblem problem;
    for (int i = 0; i < count; ++i) {
        const int first = int(random() % unsigned(std::max(1, count - 1)));
        const int last = first + int(random() % 3);
        problem.buffers.push_back({4 * qint64(1 + random() % unsigned(largest)), first, last});
    }
    std::sort(problem.buffers.begin(), problem.buffers.end(),
              [](const ArenaBuffer &a, const ArenaBuffer &b) { return a.first < b.first; });
    pairUp(problem, [&](int, int) -> Overlap {
        if (!mayOverlap) return {};
        switch (random() % 3) {
        case 0:
            return {};
        case 1:
            return {Overlap::Kind::InPlace, 0};
        default:
            return {Overlap::Kind::UpTo, 4 * (qint64(random() % unsigned(2 * largest)) - largest)};
        }
    });
    return problem;
}

bool isValid(const ArenaProblem &problem, const std::vector<qint64> &offsets)
{
    if (offsets.size() != problem.buffers.size()) return false;
    const auto wrong = [](qint64 offset) { return offset < 0 || offset % 4 != 0; };
    if (std::any_of(offsets.begin(), offsets.end(), wrong)) return false;
    return std::all_of(problem.pairs.begin(), problem.pairs.end(), [&](const ArenaPair &pair) {
        return keepsApart(problem, pair, offsets[std::size_t(pair.a)],
                          offsets[std::size_t(pair.b)]);
    });
}

/// The smallest arena by trying every offset of every buffer.
qint64 bruteForce(const ArenaProblem &problem)
{
    qint64 best = 0;
    for (const ArenaBuffer &buffer : problem.buffers)
        best += buffer.bytes; // side by side
    std::vector<qint64> offsets(problem.buffers.size(), 0);
    const std::function<void(std::size_t, qint64)> put = [&](std::size_t i, qint64 arena) {
        if (i == offsets.size()) {
            best = std::min(best, arena);
            return;
        }
        for (qint64 at = 0; at + problem.buffers[i].bytes < best; at += 4) {
            offsets[i] = at;
            const bool free =
                std::all_of(problem.pairs.begin(), problem.pairs.end(), [&](const ArenaPair &pair) {
                    if (std::size_t(std::max(pair.a, pair.b)) != i) return true;
                    return keepsApart(problem, pair, offsets[std::size_t(pair.a)],
                                      offsets[std::size_t(pair.b)]);
                });
            if (free) put(i + 1, std::max(arena, at + problem.buffers[i].bytes));
        }
    };
    put(0, 0);
    return best;
}

/// Without overlaps, the best order of first-fit: any optimal plan stays optimal when its buffers
/// fall, lowest first, to the lowest gap.
qint64 bestOrder(const ArenaProblem &problem)
{
    std::vector<std::size_t> order(problem.buffers.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    qint64 best = std::numeric_limits<qint64>::max();
    do {
        std::vector<qint64> offsets(order.size(), -1);
        qint64 arena = 0;
        for (const std::size_t i : order) {
            qint64 at = 0;
            for (bool moved = true; moved;) {
                moved = false;
                for (const ArenaPair &pair : problem.pairs) {
                    if (std::size_t(pair.a) != i && std::size_t(pair.b) != i) continue;
                    const std::size_t o = std::size_t(std::size_t(pair.a) == i ? pair.b : pair.a);
                    if (offsets[o] < 0 || at >= offsets[o] + problem.buffers[o].bytes ||
                        offsets[o] >= at + problem.buffers[i].bytes)
                        continue;
                    at = offsets[o] + problem.buffers[o].bytes;
                    moved = true;
                }
            }
            offsets[i] = at;
            arena = std::max(arena, at + problem.buffers[i].bytes);
        }
        best = std::min(best, arena);
    } while (std::next_permutation(order.begin(), order.end()));
    return best;
}

/// Down from all buffers side by side until the search says there is none.
qint64 searched(const ArenaProblem &problem)
{
    qint64 best = 4;
    for (const ArenaBuffer &buffer : problem.buffers)
        best += buffer.bytes;
    for (;;) {
        const ArenaSearch search =
            searchArena(problem, best - 4, std::numeric_limits<qint64>::max());
        if (!search.offsets) return search.complete ? best : -1;
        if (!isValid(problem, *search.offsets)) return -1;
        const qint64 smaller = arenaEnd(problem, *search.offsets);
        if (smaller >= best) return -1;
        best = smaller;
    }
}

} // namespace

class TestArenaSearch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sharedBytesFollowTheKernel_data();
    void sharedBytesFollowTheKernel();
    void equalsBruteForceOverOffsets();
    void equalsTheBestOrderOfEight();
    void ordersAreValidAndDeterministic();
    void fixedBuffersStay();
    void givesUpAfterSoManyNodes();
    void arenasBeyondTheSearchAreNotDenied();
};

void TestArenaSearch::sharedBytesFollowTheKernel_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<qint64>("maxOffset");
    QTest::addColumn<qint64>("in");
    QTest::addColumn<qint64>("out");
    QTest::addColumn<qint64>("arena");
    const int none = int(Overlap::Kind::None), inPlace = int(Overlap::Kind::InPlace),
              upTo = int(Overlap::Kind::UpTo);
    QTest::newRow("none") << none << qint64(0) << qint64(40) << qint64(24) << qint64(64);
    QTest::newRow("in place, shrinking")
        << inPlace << qint64(0) << qint64(40) << qint64(24) << qint64(40);
    QTest::newRow("in place, growing")
        << inPlace << qint64(0) << qint64(24) << qint64(40) << qint64(40);
    QTest::newRow("output may trail")
        << upTo << qint64(8) << qint64(40) << qint64(24) << qint64(40);
    QTest::newRow("output has to lead")
        << upTo << qint64(-8) << qint64(40) << qint64(24) << qint64(48);
    QTest::newRow("output leads and grows")
        << upTo << qint64(-8) << qint64(24) << qint64(40) << qint64(40);
    QTest::newRow("leads by more than it grows")
        << upTo << qint64(-20) << qint64(24) << qint64(40) << qint64(44);
    QTest::newRow("leads by all of it")
        << upTo << qint64(-40) << qint64(24) << qint64(40) << qint64(64);
    QTest::newRow("anything goes") << upTo << qint64(400) << qint64(24) << qint64(40) << qint64(40);
}

void TestArenaSearch::sharedBytesFollowTheKernel()
{
    QFETCH(int, kind);
    QFETCH(qint64, maxOffset);
    QFETCH(qint64, in);
    QFETCH(qint64, out);
    QFETCH(qint64, arena);
    ArenaProblem problem;
    problem.buffers = {{in, 0, 1}, {out, 1, 2}};
    pairUp(problem, [&](int, int) { return Overlap{Overlap::Kind(kind), maxOffset}; });
    QCOMPARE(problem.lowerBound, arena);
    QCOMPARE(searched(problem), arena);
    QCOMPARE(bruteForce(problem), arena);
    const std::vector<qint64> offsets = placeByOrders(problem);
    QVERIFY(isValid(problem, offsets));
    QCOMPARE(arenaEnd(problem, offsets), arena);
}

void TestArenaSearch::equalsBruteForceOverOffsets()
{
    std::mt19937 random(20260101);
    int better = 0, aboveBound = 0;
    for (int round = 0; round < 350; ++round) {
        const ArenaProblem problem = randomProblem(random, 3 + round % 5, 6, true);
        const qint64 expected = bruteForce(problem);
        QCOMPARE(searched(problem), expected);
        QVERIFY(problem.lowerBound <= expected);
        aboveBound += problem.lowerBound < expected;
        better += arenaEnd(problem, placeByOrders(problem)) > expected;
    }
    // Otherwise neither the search nor its proof would have had anything to do.
    QVERIFY(better > 3);
    QVERIFY(aboveBound > 5);
}

void TestArenaSearch::equalsTheBestOrderOfEight()
{
    std::mt19937 random(7);
    for (int round = 0; round < 12; ++round) {
        const ArenaProblem problem = randomProblem(random, 7 + round % 2, 300, false);
        QCOMPARE(searched(problem), bestOrder(problem));
    }
}

void TestArenaSearch::ordersAreValidAndDeterministic()
{
    std::mt19937 random(11);
    for (int round = 0; round < 300; ++round) {
        const ArenaProblem problem = randomProblem(random, 1 + round % 60, 500, true);
        const std::vector<qint64> offsets = placeByOrders(problem);
        QVERIFY(isValid(problem, offsets));
        QVERIFY(arenaEnd(problem, offsets) >= problem.lowerBound);
        QVERIFY(placeByOrders(problem) == offsets);
    }
}

void TestArenaSearch::fixedBuffersStay()
{
    std::mt19937 random(3);
    for (int round = 0; round < 100; ++round) {
        const ArenaProblem problem = randomProblem(random, 20, 50, true);
        const std::vector<qint64> free = placeByOrders(problem);
        std::vector<qint64> fixed(free.size(), -1);
        for (std::size_t i = 0; i < fixed.size(); i += 2)
            fixed[i] = free[i];
        const std::vector<qint64> offsets = placeByOrders(problem, fixed);
        QVERIFY(isValid(problem, offsets));
        for (std::size_t i = 0; i < fixed.size(); i += 2)
            QCOMPARE(offsets[i], fixed[i]);
    }
}

void TestArenaSearch::givesUpAfterSoManyNodes()
{
    ArenaProblem problem;
    for (int i = 0; i < 9; ++i)
        problem.buffers.push_back({4 * (3 + i % 4), 0, 0});
    pairUp(problem, [](int, int) { return Overlap{}; });
    const ArenaSearch short_ = searchArena(problem, problem.lowerBound, 2);
    QVERIFY(!short_.offsets && !short_.complete);
    const ArenaSearch full = searchArena(problem, problem.lowerBound, 100'000);
    QVERIFY(full.offsets && isValid(problem, *full.offsets));
    QCOMPARE(arenaEnd(problem, *full.offsets), problem.lowerBound);
    const ArenaSearch below = searchArena(problem, problem.lowerBound - 4, 100'000'000);
    QVERIFY(!below.offsets && below.complete);
}

void TestArenaSearch::arenasBeyondTheSearchAreNotDenied()
{
    ArenaProblem problem;
    problem.buffers = {{qint64(1) << 40, 0, 1}, {8, 1, 2}};
    pairUp(problem, [](int, int) { return Overlap{}; });
    const ArenaSearch search = searchArena(problem, qint64(1) << 41, 10);
    QVERIFY(!search.offsets && !search.complete);
    QCOMPARE(arenaEnd(problem, placeByOrders(problem)), (qint64(1) << 40) + 8);
}

QTEST_APPLESS_MAIN(TestArenaSearch)
#include "tst_arena_search.moc"
