#include "tests/core/search/brute_force.h"

#include "core/lowering/lower.h"

#include <QHash>
#include <QSet>

#include <algorithm>

namespace atomnet::test
{

namespace
{

std::vector<Stage> everyStage(const SpaceStage &stage)
{
    if (!stage.fixed.empty()) return stage.fixed;
    std::vector<Stage> all;
    for (const BlockType type : stage.types) {
        const bool expands = type == BlockType::ConvNext || type == BlockType::MbConv;
        for (const int width : stage.widths)
            for (const int depth : stage.depths)
                for (const int kernel : stage.kernels)
                    for (std::size_t e = 0; e < (expands ? stage.expands.size() : 1); ++e)
                        for (std::size_t q = 0; q < (type == BlockType::Conv ? 1 : stage.se.size());
                             ++q) {
                            Block block;
                            block.type = type;
                            block.out = width;
                            block.kernel = kernel;
                            block.stride = stage.stride;
                            block.expand = expands ? stage.expands[e] : 1;
                            block.act = stage.act;
                            if (type != BlockType::Conv) block.se = stage.se[q];
                            block.repeat = depth;
                            all.push_back({{}, stage.name, {block}, {}});
                        }
    }
    return all;
}

template <class T>
std::vector<T> some(QRandomGenerator &random, std::vector<T> values, int most)
{
    std::vector<T> chosen;
    const int wanted = 1 + int(random.bounded(most));
    while (int(chosen.size()) < wanted && !values.empty()) {
        const auto at = values.begin() + std::ptrdiff_t(random.bounded(quint32(values.size())));
        chosen.push_back(*at);
        values.erase(at);
    }
    return chosen;
}

} // namespace

std::vector<Network> everyNetwork(const SearchSpace &space)
{
    std::vector<Shape> inputs = space.inputs;
    for (const int side : space.resolutions)
        inputs.push_back({side, side, space.channels});
    std::vector<Network> all;
    for (const Shape &input : inputs) {
        Network start;
        start.input = input;
        start.head = space.head;
        std::vector<Network> parts{start};
        for (const SpaceStage &stage : space.stages) {
            std::vector<Network> longer;
            for (const Network &part : parts)
                for (const Stage &one : everyStage(stage)) {
                    longer.push_back(part);
                    longer.back().stages.push_back(one);
                }
            parts = std::move(longer);
        }
        all.insert(all.end(), parts.begin(), parts.end());
    }
    for (Network &network : all)
        assignIds(network);
    return all;
}

SearchSpace randomSpace(QRandomGenerator &random, double most)
{
    SqueezeExcite few;
    few.channels = 4;
    for (;;) {
        SearchSpace space;
        space.name = QStringLiteral("random");
        space.resolutions = some<int>(random, {16, 17, 24, 31, 32, 48}, 3);
        if (random.bounded(4) == 0) space.inputs = {{20, 36, 3}};
        space.head.classes = 10;
        if (random.bounded(3) == 0) space.head.hidden = HeadLayer{24, Activation::Relu, {}};
        const int stages = 2 + int(random.bounded(3));
        for (int s = 0; s < stages; ++s) {
            SpaceStage stage;
            stage.name = QStringLiteral("s%1").arg(s);
            stage.stride = 1 + int(random.bounded(2));
            if (s == 0) {
                stage.types = {BlockType::Conv};
                stage.act = Activation::Relu;
            } else {
                stage.types = some<BlockType>(
                    random,
                    {BlockType::Sep, BlockType::ConvNext, BlockType::MbConv, BlockType::Conv}, 2);
            }
            stage.widths = some<int>(random, {8, 12, 16, 20, 24, 40}, 3);
            stage.depths = some<int>(random, {1, 2, 3}, s == 0 ? 1 : 2);
            stage.kernels = some<int>(random, {3, 5, 1}, random.bounded(4) == 0 ? 2 : 1);
            stage.expands = some<double>(random, {1, 2.5, 6}, 2);
            stage.se =
                some<std::optional<SqueezeExcite>>(random, {std::nullopt, SqueezeExcite{}, few}, 2);
            if (s > 0 && random.bounded(6) == 0) {
                Stage given{{}, stage.name, {}, {}};
                for (int b = 0; b < 2; ++b) {
                    Block block;
                    block.type = b == 0 ? BlockType::Sep : BlockType::ConvNext;
                    block.out = 16;
                    block.stride = 1 + b;
                    given.blocks.push_back(block);
                }
                Stage other = given;
                other.blocks.pop_back();
                stage = SpaceStage{};
                stage.name = given.name;
                stage.fixed = {given, other};
            }
            space.stages.push_back(stage);
        }
        const double count = countNetworks(space).distinct;
        if (count <= most && count >= most / 40) return space;
    }
}

std::shared_ptr<const AtomTable> madeUpTable(const std::vector<Network> &networks,
                                             const Target &target, double share, quint32 seed)
{
    QRandomGenerator random(seed);
    QSet<AtomKey> seen;
    std::vector<AtomTable::Row> rows;
    for (const Network &network : networks) {
        const auto graph = lower(network, target.runtime);
        if (!graph) continue;
        for (const Atom &atom : graph->atoms) {
            if (seen.contains(atom.key)) continue;
            seen.insert(atom.key);
            if (random.generateDouble() >= share) continue;
            AtomStats stats;
            stats.median = 2000 + (macsOf(atom.key) + elementwiseMacsOf(atom.key)) *
                                      (3 + qint64(random.bounded(8)));
            stats.low = stats.median - random.bounded(1000);
            stats.high = stats.median + random.bounded(5000);
            stats.count = 1 + random.bounded(6U);
            rows.push_back({atom.key, stats});
        }
    }
    RunCondition condition;
    condition.board = target.board.id;
    condition.runtime = runtimeId(target.runtime);
    condition.clockHz = target.board.isVirtual ? 0 : 400'000'000;
    return std::make_shared<const AtomTable>(
        condition, target.board.isVirtual ? SampleUnit::Instructions : SampleUnit::Nanoseconds,
        std::move(rows));
}

std::vector<BruteNetwork> bruteForce(const std::vector<Network> &networks, const Target &target,
                                     const Knowledge &knowledge, Estimates estimates)
{
    const bool pessimistic = estimates == Estimates::Pessimistic;
    Analyzer analyzer(target, knowledge);
    std::vector<BruteNetwork> all;
    for (const Network &network : networks) {
        const auto report = analyzer.analyze(network);
        Q_ASSERT(report);
        if (estimates == Estimates::MeasuredOnly &&
            report->measuredLayers != int(report->layers.size()))
            continue;
        BruteNetwork brute;
        brute.network = network;
        Candidate &f = brute.figures;
        f.macs = report->macs;
        f.macsElementwise = report->macsElementwise;
        f.params = report->params;
        f.latency = report->latency.value;
        f.sramBytes = pessimistic ? report->sram.high : report->sram.value;
        f.flashBytes = pessimistic ? report->flash.high : report->flash.value;
        if (pessimistic) f.latency = 0;
        for (const Layer &layer : report->layers) {
            const Latency &latency = layer.latency;
            brute.unknown = brute.unknown || latency.source == Source::Missing;
            const qint64 time = pessimistic ? latency.high.value_or(0) : latency.value;
            if (pessimistic) f.latency += time;
            if (latency.source == Source::Measured) f.measuredLatency += time;
        }
        for (const Stage &stage : network.stages) {
            for (const Block &block : stage.blocks)
                brute.depth += block.repeat;
            brute.widths.push_back(stage.blocks.back().out);
        }
        all.push_back(std::move(brute));
    }
    return all;
}

std::vector<const BruteNetwork *> feasible(const std::vector<BruteNetwork> &all,
                                           const SearchQuery &query)
{
    std::vector<const BruteNetwork *> within;
    const auto above = [](qint64 value, const std::optional<qint64> &limit) {
        return limit && value > *limit;
    };
    for (const BruteNetwork &one : all) {
        const Candidate &f = one.figures;
        if (above(f.sramBytes, query.limits.sramBytes) ||
            above(f.flashBytes, query.limits.flashBytes) || above(f.latency, query.limits.latency))
            continue;
        if (one.unknown && (query.limits.latency || query.objective.latency != 0)) continue;
        if (one.depth < query.shape.minDepth) continue;
        bool shaped = true;
        for (std::size_t s = 1; s < one.widths.size(); ++s) {
            const double before = one.widths[s - 1], width = one.widths[s];
            if (query.shape.neverNarrower && width < before) shaped = false;
            if (query.shape.maxWidthGrowth > 0 && width > before * query.shape.maxWidthGrowth)
                shaped = false;
        }
        if (shaped) within.push_back(&one);
    }
    return within;
}

double objectiveOf(const BruteNetwork &network, const Objective &objective)
{
    const Candidate &f = network.figures;
    double sum = 0;
    if (objective.macs != 0) sum += objective.macs * double(f.macs);
    if (objective.latency != 0) sum += objective.latency * double(f.latency);
    if (objective.sram != 0) sum += objective.sram * double(f.sramBytes);
    if (objective.flash != 0) sum += objective.flash * double(f.flashBytes);
    if (objective.params != 0) sum += objective.params * double(f.params);
    return sum;
}

} // namespace atomnet::test
