#include "core/analysis/arena_plan.h"
#include "core/analysis/arena_search.h"
#include "core/lowering/lower.h"
#include "core/model/presets.h"
#include "tests/core/model/random_network.h"

#include <QtTest>

#include <algorithm>

using namespace atomnet;

namespace
{

AtomGraph presetGraph(const QString &id)
{
    const Preset *preset = presetById(id);
    auto graph = preset ? lower(preset->network, Runtime::AtomNet1) : Result<AtomGraph>{};
    return graph ? *std::move(graph) : AtomGraph{};
}

/// Graphs of random designs, none empty; equal for equal seeds.
std::vector<AtomGraph> randomGraphs(int count, const test::RandomLimits &limits, quint32 seed)
{
    std::vector<AtomGraph> graphs;
    for (QRandomGenerator random(seed); int(graphs.size()) < count;)
        if (auto graph = lower(test::randomNetwork(random, limits), Runtime::AtomNet1))
            graphs.push_back(*std::move(graph));
    return graphs;
}

AtomGraph graphOf(Block block, Shape input)
{
    Network n;
    n.input = input;
    n.stages.push_back({{}, QStringLiteral("s1"), {std::move(block)}, {}});
    n.head.classes = 10;
    auto graph = lower(n, Runtime::AtomNet1);
    return graph ? *std::move(graph) : AtomGraph{};
}

bool share(const AtomGraph &graph, const ArenaPlan &plan, int a, int b)
{
    const auto begin = [&](int t) { return plan.tensorOffsets[std::size_t(t)]; };
    const auto end = [&](int t) { return begin(t) + graph.tensors[std::size_t(t)].bytes(); };
    return begin(a) < end(b) && begin(b) < end(a);
}

} // namespace

class TestArenaPlan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void atomNetsReachTheirTargets_data();
    void atomNetsReachTheirTargets();
    void randomPlansAreValid();
    void smallGraphsAreOptimal();
    void provenBoundsHoldForTheWholeGraph();
    void deepGraphsArePlanned();
    void shortcutsAreKept();
    void outputsLieOverDyingInputs();
    void corruptedPlansAreFound_data();
    void corruptedPlansAreFound();
};

void TestArenaPlan::atomNetsReachTheirTargets_data()
{
    QTest::addColumn<double>("kib"); // what is wanted; the last two are what they need
    QTest::newRow("atomnet-256kb") << 155.0;
    QTest::newRow("atomnet-256kb-max") << 202.0;
    QTest::newRow("atomnet-320kb") << 155.0;
    QTest::newRow("atomnet-512kb") << 306.0;
    QTest::newRow("atomnet-512kb-large") << 398.0;
    QTest::newRow("atomnet-512kb-max") << 398.0;
    QTest::newRow("atomnet-10fps") << 40.0;
    QTest::newRow("atomnet-5fps") << 46.0;
}

void TestArenaPlan::atomNetsReachTheirTargets()
{
    QFETCH(double, kib);
    const AtomGraph graph = presetGraph(QString::fromLatin1(QTest::currentDataTag()));
    QVERIFY(!graph.atoms.empty());
    const ArenaPlan plan = planArena(graph);
    QCOMPARE(planProblem(graph, plan), QString());
    QVERIFY2(double(plan.arenaBytes) <= kib * 1024, qPrintable(QString::number(plan.arenaBytes)));
    QVERIFY(plan.optimal);
    QVERIFY(plan == planArena(graph)); // deterministic
}

void TestArenaPlan::randomPlansAreValid()
{
    int optimal = 0;
    const std::vector<AtomGraph> graphs = randomGraphs(300, {}, 1);
    for (const AtomGraph &graph : graphs) {
        const ArenaPlan plan = planArena(graph);
        QCOMPARE(planProblem(graph, plan), QString());
        QVERIFY(plan.arenaBytes >= plan.lowerBound);
        QVERIFY(plan.lowerBound >= arenaProblem(graph).lowerBound);
        for (const Tensor &tensor : graph.tensors)
            QVERIFY(plan.lowerBound >= tensor.bytes());
        optimal += plan.optimal;
    }
    QVERIFY2(optimal >= int(graphs.size()) * 98 / 100, qPrintable(QString::number(optimal)));
}

void TestArenaPlan::smallGraphsAreOptimal()
{
    int small = 0;
    for (const AtomGraph &graph : randomGraphs(300, {2, 2}, 2)) {
        if (graph.tensors.size() > 8) continue;
        ++small;
        const ArenaPlan plan = planArena(graph);
        QCOMPARE(planProblem(graph, plan), QString());
        QVERIFY(plan.optimal);
        const ArenaProblem problem = arenaProblem(graph);
        const ArenaSearch smaller = searchArena(problem, plan.arenaBytes - 4, 10'000'000);
        QVERIFY(!smaller.offsets && smaller.complete);
    }
    QVERIFY(small >= 30);
}

void TestArenaPlan::provenBoundsHoldForTheWholeGraph()
{
    // Bounds are proven on the hot parts; the search over everything has to agree.
    int raised = 0;
    for (const AtomGraph &graph : randomGraphs(150, {4, 3}, 3)) {
        const ArenaProblem problem = arenaProblem(graph);
        if (problem.buffers.size() > 60) continue;
        const ArenaPlan plan = planArena(graph);
        raised += plan.lowerBound > problem.lowerBound;
        const ArenaSearch smaller = searchArena(problem, plan.lowerBound - 4, 100'000);
        QVERIFY(!smaller.offsets && smaller.complete);
    }
    QVERIFY(raised >= 3);
}

void TestArenaPlan::deepGraphsArePlanned()
{
    Block block;
    block.type = BlockType::ConvNext;
    block.out = 16;
    block.expand = 4;
    block.se = SqueezeExcite{};
    block.repeat = 300;
    const AtomGraph graph = graphOf(block, {24, 24, 16});
    QVERIFY(graph.atoms.size() > 2000);
    const ArenaPlan plan = planArena(graph);
    QCOMPARE(planProblem(graph, plan), QString());
    block.repeat = 2;
    QCOMPARE(plan.arenaBytes, planArena(graphOf(block, {24, 24, 16})).arenaBytes);
}

void TestArenaPlan::shortcutsAreKept()
{
    Block block;
    block.type = BlockType::ConvNext;
    block.out = 16;
    block.expand = 4;
    const AtomGraph graph = graphOf(block, {20, 20, 16});
    const ArenaPlan plan = planArena(graph);
    QCOMPARE(planProblem(graph, plan), QString());
    // dw, pair, add: the held input stays apart until add, which writes over one of both.
    constexpr qint64 map = 20 * 20 * 16;
    QVERIFY(!share(graph, plan, 0, 1));
    QVERIFY(!share(graph, plan, 0, 2));
    QVERIFY(share(graph, plan, 1, 2));
    QVERIFY(share(graph, plan, 0, 3) || share(graph, plan, 2, 3));
    QVERIFY(plan.arenaBytes < 2 * map + map / 2);
    QVERIFY(plan.optimal);
}

void TestArenaPlan::outputsLieOverDyingInputs()
{
    Block block;
    block.type = BlockType::Sep;
    block.out = 24;
    const AtomGraph graph = graphOf(block, {32, 32, 16});
    const ArenaPlan plan = planArena(graph);
    QCOMPARE(plan.tensorOffsets[0], plan.tensorOffsets[1]); // depthwise, in place
    QVERIFY(share(graph, plan, 1, 2));
    QVERIFY(plan.tensorOffsets[2] < plan.tensorOffsets[1]); // the larger output runs ahead
    QCOMPARE(plan.scratchBytes[0], scratchBytes(graph.atoms[0].key));
}

void TestArenaPlan::corruptedPlansAreFound_data()
{
    QTest::addColumn<int>("how");
    QTest::newRow("unaligned tensor") << 0;
    QTest::newRow("below the arena") << 1;
    QTest::newRow("behind the arena") << 2;
    QTest::newRow("arena too small") << 3;
    QTest::newRow("scratch too small") << 4;
    QTest::newRow("scratch over its input") << 5;
    QTest::newRow("scratch behind the arena") << 6;
    QTest::newRow("output ahead of its input") << 7;
    QTest::newRow("output over a shortcut") << 8;
    QTest::newRow("in place, but not quite") << 9;
    QTest::newRow("another graph") << 10;
    QTest::newRow("impossible bound") << 11;
}

void TestArenaPlan::corruptedPlansAreFound()
{
    QFETCH(int, how);
    int tried = 0;
    for (const AtomGraph &graph : randomGraphs(60, {}, 4)) {
        const ArenaPlan good = planArena(graph);
        for (std::size_t i = 0; i < graph.atoms.size(); i += 5) {
            const Atom &atom = graph.atoms[i];
            const std::size_t in = std::size_t(atom.inputs[0]), out = std::size_t(atom.output);
            const qint64 outBytes = graph.tensors[out].bytes();
            const bool dies = graph.tensors[in].lastUse == int(i);
            ArenaPlan plan = good;
            switch (how) {
            case 0:
                plan.tensorOffsets[out] += 2;
                break;
            case 1:
                plan.tensorOffsets[out] = -4;
                break;
            case 2:
                plan.tensorOffsets[out] = plan.arenaBytes;
                break;
            case 3:
                plan.arenaBytes = (plan.tensorOffsets[out] + outBytes - 1) & ~qint64(3);
                plan.lowerBound = plan.arenaBytes;
                plan.optimal = true;
                break;
            case 4:
                if (plan.scratchBytes[i] == 0) continue;
                plan.scratchBytes[i] -= 4;
                break;
            case 5:
                if (plan.scratchBytes[i] == 0) continue;
                plan.scratchOffsets[i] = plan.tensorOffsets[in];
                plan.arenaBytes += plan.scratchBytes[i];
                plan.optimal = plan.arenaBytes == plan.lowerBound;
                break;
            case 6:
                if (plan.scratchBytes[i] == 0) continue;
                plan.scratchOffsets[i] = plan.arenaBytes;
                break;
            case 7: {
                const Overlap overlap = overlapOf(atom.key, 0);
                const qint64 ahead = overlap.maxOffset + 4;
                if (overlap.kind != Overlap::Kind::UpTo || ahead <= -outBytes ||
                    ahead >= graph.tensors[in].bytes())
                    continue;
                // Room for both, so that nothing but their distance is wrong.
                plan.tensorOffsets[in] = plan.arenaBytes + outBytes + 4;
                plan.tensorOffsets[in] &= ~qint64(3);
                plan.tensorOffsets[out] = plan.tensorOffsets[in] + ahead;
                plan.arenaBytes = std::max(plan.tensorOffsets[in] + graph.tensors[in].bytes(),
                                           plan.tensorOffsets[out] + outBytes);
                plan.optimal = false;
                break;
            }
            case 8:
                if (dies) continue;
                plan.tensorOffsets[out] = plan.tensorOffsets[in];
                plan.arenaBytes += outBytes;
                plan.optimal = false;
                break;
            case 9:
                if (overlapOf(atom.key, 0).kind != Overlap::Kind::InPlace || outBytes <= 4)
                    continue;
                plan.tensorOffsets[in] = plan.arenaBytes + 8 - plan.arenaBytes % 4;
                plan.tensorOffsets[out] = plan.tensorOffsets[in] - 4;
                plan.arenaBytes += 12 + std::max(graph.tensors[in].bytes(), outBytes);
                plan.optimal = false;
                break;
            case 10:
                plan.tensorOffsets.pop_back();
                break;
            default:
                plan.lowerBound = plan.arenaBytes + 4;
                break;
            }
            ++tried;
            QVERIFY2(!planProblem(graph, plan).isEmpty(), qPrintable(describe(atom.key)));
        }
    }
    QVERIFY(tried >= 20);
}

QTEST_APPLESS_MAIN(TestArenaPlan)
#include "tst_arena_plan.moc"
