#include "core/analysis/analyze.h"
#include "core/analysis/arena_plan.h"
#include "core/analysis/knowledge.h"
#include "core/atomdb/shipped_atomdb.h"
#include "core/lowering/lower.h"
#include "core/model/edit.h"
#include "core/search/search.h"
#include "tests/core/model/random_network.h"

#include <QElapsedTimer>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

// From an edit to a new report, as on every step of a drag: apply() and analyze(), estimates
// remembered. Arena plans by themselves. Full Reports a second of networks that a search draws
// (wanted: 10,000 on one core).
namespace
{

using namespace atomnet;

constexpr int warmUps = 50;
constexpr int runs = 1000;
constexpr int reportRuns = 5;

[[noreturn]] void giveUp(const Error &error)
{
    std::fprintf(stderr, "bench_analysis: %s\n", qPrintable(error.message()));
    std::exit(1);
}

template <class T>
T orGiveUp(Result<T> result)
{
    if (!result) giveUp(result.error());
    return *std::move(result);
}

Block block(BlockType type, int out, int stride)
{
    Block b = defaultBlock(type);
    b.out = out;
    b.stride = stride;
    return b;
}

/// A stem and as many blocks of 16 widths as it takes to reach `atoms` operators.
Network networkOf(Analyzer &analyzer, std::size_t atoms)
{
    Network network;
    network.name = QStringLiteral("bench");
    network.stages.push_back({{}, QStringLiteral("stem"), {block(BlockType::Conv, 16, 2)}, {}});
    for (int stage = 0;; ++stage) {
        network.stages.push_back({{}, QStringLiteral("s%1").arg(stage), {}, {}});
        for (int n = 0; n < 4; ++n) {
            const int out = 16 + 8 * (stage % 16);
            network.stages.back().blocks.push_back(block(
                n % 2 ? BlockType::ConvNext : BlockType::Sep, out, n == 0 && stage < 4 ? 2 : 1));
            Network candidate = network;
            assignIds(candidate);
            const auto report = analyzer.analyze(candidate);
            if (!report) giveUp(report.error());
            if (report->layers.size() >= atoms) return candidate;
        }
    }
}

/// Arenas of random designs, those that are hard to plan among them.
void measurePlans()
{
    std::vector<qint64> times;
    std::size_t optimal = 0;
    QRandomGenerator random(1);
    while (times.size() < runs) {
        const auto graph = lower(test::randomNetwork(random), Runtime::AtomNet1);
        if (!graph) continue;
        QElapsedTimer timer;
        timer.start();
        const ArenaPlan plan = planArena(*graph);
        times.push_back(timer.nsecsElapsed());
        optimal += plan.optimal;
    }
    std::sort(times.begin(), times.end());
    std::printf(",\"plan_arena_us\":%.1f,\"plan_arena_p99_us\":%.1f,\"plan_arena_optimal\":%.4f",
                double(times[times.size() / 2]) / 1000,
                double(times[times.size() * 99 / 100]) / 1000,
                double(optimal) / double(times.size()));
}

struct Figure {
    std::size_t atoms = 0;
    double medianUs = 0, p99Us = 0;
};

Figure measure(Analyzer &analyzer, std::size_t atoms)
{
    Network network = networkOf(analyzer, atoms);
    const BlockId edited = network.stages[network.stages.size() / 2].blocks[0].id;
    std::vector<qint64> times;
    Figure figure;
    for (int run = 0; run < warmUps + runs; ++run) {
        ChangeBlocks change{{edited}, {}};
        change.patch.kernel = run % 2 ? 3 : 5;
        change.patch.out = 16 + 8 * (run % 5);
        QElapsedTimer timer;
        timer.start();
        auto next = apply(network, change);
        if (!next) giveUp(next.error());
        const auto report = analyzer.analyze(*next);
        const qint64 ns = timer.nsecsElapsed();
        if (!report) giveUp(report.error());
        if (run >= warmUps) times.push_back(ns);
        figure.atoms = report->layers.size();
        network = *std::move(next);
    }
    std::sort(times.begin(), times.end());
    figure.medianUs = double(times[times.size() / 2]) / 1000;
    figure.p99Us = double(times[times.size() * 99 / 100]) / 1000;
    return figure;
}

Knowledge knowledgeOf(const Target &target)
{
    const QString path = shippedAtomDb();
    if (path.isEmpty()) return shippedKnowledge(target.board, target.runtime);
    const AtomDb db = orGiveUp(AtomDb::open(path, AtomDb::Mode::ReadOnly));
    return orGiveUp(knowledgeFrom(db, target.board, target.runtime));
}

/// Microseconds of processor time for each of `count`, of the fastest of some runs.
template <class Run>
double microsecondsEach(std::size_t count, const Run &run)
{
    std::clock_t best = 0;
    for (int i = 0; i < reportRuns; ++i) {
        const std::clock_t begin = std::clock();
        run();
        const std::clock_t took = std::clock() - begin;
        best = i == 0 ? took : std::min(best, took);
    }
    return double(best) * 1e6 / CLOCKS_PER_SEC / double(count);
}

/// Whole Reports of networks from the paper's space; the first of an analyzer, that remembers no
/// estimate yet, apart.
void measureReports(const char *boardId, Runtime runtime, const char *name)
{
    const Target target{orGiveUp(boardById(QString::fromLatin1(boardId))), runtime, 0, 0};
    const Knowledge knowledge = knowledgeOf(target);
    const Searcher searcher =
        orGiveUp(Searcher::make(paperSpace(), target, knowledge, Estimates::Point));
    const quint64 count = quint64(countNetworks(searcher.space()).distinct);
    QRandomGenerator random(1);
    std::vector<Network> networks;
    for (int i = 0; i < 2 * runs; ++i)
        networks.push_back(searcher.network(random.generate64() % count));
    Analyzer analyzer(target, knowledge);
    const double each = microsecondsEach(networks.size(), [&] {
        for (const Network &network : networks)
            (void)orGiveUp(analyzer.analyze(network));
    });
    const double first = microsecondsEach(networks.size(), [&] {
        for (const Network &network : networks)
            (void)orGiveUp(analyze(network, target, knowledge));
    });
    std::printf(",\"reports_per_second_%s\":%.0f,\"first_report_%s_us\":%.1f", name, 1e6 / each,
                name, first);
}

} // namespace

int main()
{
    const auto board = boardById(QStringLiteral("stm32h743"));
    if (!board) giveUp(board.error());
    std::printf("{");
    const char *between = "";
    for (const Runtime runtime : allRuntimes) {
        const QString id = runtimeId(runtime);
        Analyzer analyzer({*board, runtime, 0, 0}, {nullptr, shippedLatencyModel(board->id, id)});
        // The plain names are those of the runtime that has data; ours has "_atomnet_1" behind.
        const char *suffix = runtime == Runtime::XCubeAi72 ? "" : "_atomnet_1";
        for (const std::size_t atoms : {std::size_t{60}, std::size_t{1000}}) {
            const Figure figure = measure(analyzer, atoms);
            std::printf("%s\"edit_to_report_%zu_atoms%s_us\":%.1f,"
                        "\"edit_to_report_%zu_atoms%s_p99_us\":%.1f,"
                        "\"edit_to_report_%zu_atoms%s_atoms\":%zu",
                        between, atoms, suffix, figure.medianUs, atoms, suffix, figure.p99Us, atoms,
                        suffix, figure.atoms);
            between = ",";
        }
    }
    measurePlans();
    measureReports("stm32h743", Runtime::XCubeAi72, "x_cube_ai");
    measureReports("qemu-m7", Runtime::AtomNet1, "atomnet_1");
    // From what the virtual board with its core counts.
    measureReports("stm32f746", Runtime::AtomNet1, "atomnet_1_from_instructions");
    std::printf("}\n");
    return 0;
}
