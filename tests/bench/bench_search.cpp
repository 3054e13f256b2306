#include "core/analysis/knowledge.h"
#include "core/atomdb/shipped_atomdb.h"
#include "core/model/presets.h"
#include "core/search/search.h"

#include <QFile>
#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

// Exact search of the paper's space and of larger ones, with the authors' measurements where they
// lie beside the checkout, else with the model that ships.
namespace
{

using namespace atomnet;

const QString dataFolder = QStringLiteral(ATOMNET_SOURCE_DIR "/../shared/atomdb/");
constexpr int runs = 5;
constexpr qint64 enough = 1'000'000'000; ///< ns

[[noreturn]] void giveUp(const Error &error)
{
    std::fprintf(stderr, "bench_search: %s\n", qPrintable(error.message()));
    std::exit(1);
}

template <class T>
T orGiveUp(Result<T> result)
{
    if (!result) giveUp(result.error());
    return *std::move(result);
}

/// Milliseconds of the fastest of some runs, of fewer where they take long.
template <class Run>
double fastest(const Run &run)
{
    qint64 best = 0, sum = 0;
    for (int i = 0; i < runs && sum < enough; ++i) {
        const std::clock_t begin = std::clock();
        run();
        const qint64 ns = qint64(std::clock() - begin) * (1'000'000'000 / CLOCKS_PER_SEC);
        best = i == 0 ? ns : std::min(best, ns);
        sum += ns;
    }
    return double(best) / 1e6;
}

Knowledge published(const Target &target, const QTemporaryDir &folder)
{
    AtomDb db = orGiveUp(AtomDb::open(folder.filePath(QStringLiteral("atomdb.sqlite"))));
    for (const QString &file : {QStringLiteral("atomdb.csv"), QStringLiteral("atomdb_se.csv")})
        if (QFile::exists(dataFolder + file))
            (void)orGiveUp(db.importCsv(dataFolder + file, AtomDb::xCubeAiH743()));
    return orGiveUp(knowledgeFrom(db, target.board, target.runtime));
}

Knowledge shipped(const Target &target)
{
    const QString path = shippedAtomDb();
    if (path.isEmpty()) return shippedKnowledge(target.board, target.runtime);
    const AtomDb db = orGiveUp(AtomDb::open(path, AtomDb::Mode::ReadOnly));
    return orGiveUp(knowledgeFrom(db, target.board, target.runtime));
}

std::vector<int> eights(int first, int last)
{
    std::vector<int> widths;
    for (int width = first; width <= last; width += 8)
        widths.push_back(width);
    return widths;
}

/// Table 2 with more of everything, 3.8e15 combinations: all widths that are multiples of 8, of
/// some stages a little beyond; more depths; kernels of 3 and 5; more expansions; SE or none and
/// both types of blocks behind the second stage. Its stages, strides and resolutions are the
/// paper's.
SearchSpace hugeSpace()
{
    SearchSpace space = paperSpace();
    space.name = QStringLiteral("huge");
    std::vector<SpaceStage> &s = space.stages;
    s[0].widths = s[1].widths = eights(16, 64);
    s[1].depths = {1, 2};
    s[2].widths = eights(32, 120);
    s[2].depths = {1, 2, 3};
    s[2].expands = {1, 3, 6};
    s[3].widths = eights(48, 136);
    s[3].depths = {1, 2, 3};
    s[4].widths = eights(48, 144);
    s[4].depths = {2, 3, 4, 5, 6};
    s[5].widths = eights(64, 160);
    s[5].depths = {1, 2, 3};
    s[4].expands = s[5].expands = {3, 4, 6};
    for (SpaceStage &stage : s)
        stage.kernels = {3, 5};
    for (std::size_t i = 2; i < s.size(); ++i) {
        s[i].types = {BlockType::Sep, BlockType::ConvNext};
        s[i].se = {std::nullopt, SqueezeExcite{}};
    }
    return space;
}

/// 3.8e15 networks that differ, 1.9e16 combinations, of seven stages: harder, as four of them may
/// be anything from 32 to 192 channels at any of the resolutions, where few large steps decide.
SearchSpace deepSpace()
{
    SearchSpace space = widePaperSpace();
    SpaceStage any = space.stages[3];
    any.widths = {32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 192};
    any.depths = {1, 2, 3, 4};
    any.kernels = {3, 5};
    any.expands = {1, 3, 6};
    SpaceStage narrow = space.stages[2];
    narrow.widths = any.widths;
    narrow.depths = {1, 2};
    narrow.se = {std::nullopt, SqueezeExcite{}};
    narrow.stride = 1;
    space.stages = {space.stages[0], space.stages[1], any, narrow, any, any, any};
    space.name = QStringLiteral("deep");
    return space;
}

void measureSpace(const char *name, const SearchSpace &space, const Target &target,
                  const Knowledge &knowledge, const SearchLimits &limits, bool front)
{
    SearchQuery query;
    query.limits = limits;
    query.count = false;
    SearchResult result;
    const double tables = fastest(
        [&] { (void)orGiveUp(Searcher::make(space, target, knowledge, Estimates::Point)); });
    const double both = fastest([&] {
        const Searcher searcher =
            orGiveUp(Searcher::make(space, target, knowledge, Estimates::Point));
        result = orGiveUp(searcher.solve(query));
    });
    const Searcher searcher = orGiveUp(Searcher::make(space, target, knowledge, Estimates::Point));
    const double solve = fastest([&] { (void)orGiveUp(searcher.solve(query)); });
    std::fflush(stdout);
    const SpaceCount count = countNetworks(space);
    std::printf(",\"%s_labelled\":%.4g,\"%s_networks\":%.4g,\"%s_tables_ms\":%.2f,\"%s_tables_and_"
                "optimum_ms\":%.2f,"
                "\"%s_optimum_ms\":%.2f,\"%s_nodes\":%lld,\"%s_proven\":%s",
                name, count.labelled, name, count.distinct, name, tables, name, both, name, solve,
                name, (long long)result.nodes, name, result.proven ? "true" : "false");
    if (!result.top.empty()) {
        const Candidate &best = result.top.front();
        std::printf(",\"%s_macs\":%lld,\"%s_latency_ms\":%.3f,\"%s_sram\":%lld,\"%s_flash\":%lld,"
                    "\"%s_measured_share\":%.4f",
                    name, (long long)best.macs, name, double(best.latency) / 1e6, name,
                    (long long)best.sramBytes, name, (long long)best.flashBytes, name,
                    best.measuredShare());
    }
    std::fflush(stdout);
    query.top = 20;
    std::printf(",\"%s_top20_ms\":%.2f", name,
                fastest([&] { (void)orGiveUp(searcher.solve(query)); }));
    std::fflush(stdout);
    query.top = 1;
    query.count = true;
    std::optional<double> feasible;
    const double counted = fastest([&] { feasible = orGiveUp(searcher.solve(query)).feasible; });
    std::printf(",\"%s_counted_ms\":%.2f,\"%s_feasible\":%.17g", name, counted, name,
                feasible.value_or(-1));
    std::fflush(stdout);
    if (!front) return;
    std::size_t points = 0;
    const double within = fastest([&] { points = orGiveUp(searcher.front(query)).size(); });
    std::printf(",\"%s_front_ms\":%.1f,\"%s_front_points\":%zu", name, within, name, points);
    query.limits = {};
    const double whole = fastest([&] { points = orGiveUp(searcher.front(query)).size(); });
    std::printf(",\"%s_whole_front_ms\":%.1f,\"%s_whole_front_points\":%zu", name, whole, name,
                points);
}

} // namespace

int main()
{
    const Target h743{orGiveUp(boardById(QStringLiteral("stm32h743"))), Runtime::XCubeAi72, 0, 0};
    const Target m7{orGiveUp(boardById(QStringLiteral("qemu-m7"))), Runtime::AtomNet1, 0, 0};
    const QTemporaryDir folder;
    const Knowledge data = published(h743, folder), own = shipped(m7);
    std::printf("{\"samples\":%lld", (long long)(data.table ? data.table->sampleCount() : 0));
    const SearchLimits paper{256 * 1024, 1024 * 1024, 275'000'000};
    measureSpace("paper", paperSpace(), h743, data, paper, true);

    // Within what AtomNet-256KB itself needs.
    const Network &net = presetById(QStringLiteral("atomnet-256kb"))->network;
    const Report report = orGiveUp(analyze(net, h743, data));
    measureSpace("wide", widePaperSpace(), h743, data,
                 {report.sram.value, report.flash.value, report.latency.value}, false);
    std::printf(",\"atomnet_256kb_macs\":%lld", (long long)report.macs);

    measureSpace("atomnet1", paperSpace(), m7, own, {256 * 1024, 1024 * 1024, 200'000'000}, true);
    measureSpace("huge", hugeSpace(), h743, data, paper, false);
    measureSpace("deep", deepSpace(), h743, data, paper, false);
    std::printf("}\n");
    return 0;
}
