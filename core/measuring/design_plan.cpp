#include "core/measuring/design_plan.h"

#include "core/analysis/arena_plan.h"
#include "core/lowering/lower.h"

#include <QHash>

#include <algorithm>

namespace atomnet
{

namespace
{

/// Where the tensors of an atom lie in the design's own plan.
OperatorPlace placeOf(const AtomGraph &graph, const ArenaPlan &plan, std::size_t atom)
{
    const Atom &a = graph.atoms[atom];
    const auto offset = [&plan](int tensor) {
        return tensor < 0 ? qint64(-1) : plan.tensorOffsets[std::size_t(tensor)];
    };
    return {
        {offset(a.inputs[0]), offset(a.inputs[1])}, offset(a.output), plan.scratchOffsets[atom]};
}

/// How much a measurement would narrow the design's interval. An open one counts as wider than all
/// closed ones (`widest`), among each other by the work they do.
double widthOf(const Layer &layer, double widest)
{
    if (layer.latency.high) return double(*layer.latency.high - layer.latency.low);
    return widest + 1 + double(layer.macs + layer.macsElementwise);
}

} // namespace

Result<MeasurePlan> planFor(const Network &network, const Report &report, bool all)
{
    if (report.target.runtime != Runtime::AtomNet1)
        return fail(
            ErrorCode::BadInput,
            QStringLiteral("only operators of the runtime atomnet-1 can be measured; choose "
                           "it as the design's runtime"),
            network.name);
    const Result<AtomGraph> graph = lower(network, Runtime::AtomNet1);
    if (!graph) return tl::make_unexpected(graph.error());
    const bool same = std::equal(graph->atoms.begin(), graph->atoms.end(), report.layers.begin(),
                                 report.layers.end(), [](const Atom &atom, const Layer &layer) {
                                     return atom.key.in() == layer.atom.key.in() &&
                                            atom.key.kind == layer.atom.key.kind;
                                 });
    if (!same)
        return fail(ErrorCode::BadInput,
                    QStringLiteral("the report is of another design; analyse this one first"),
                    network.name);

    double widest = 0;
    for (const Layer &layer : report.layers)
        if (layer.latency.high) widest = std::max(widest, widthOf(layer, 0));
    const ArenaPlan arena = planArena(*graph);
    MeasurePlan plan;
    plan.name = network.name;
    plan.board = report.target.board.id;
    plan.kernelHash = kernelHash();
    QHash<AtomKey, std::size_t> places;
    for (std::size_t i = 0; i < report.layers.size(); ++i) {
        const Layer &layer = report.layers[i];
        if (!all && layer.latency.source == Source::Measured) continue;
        const double width = widthOf(layer, widest);
        const auto known = places.constFind(layer.atom.key);
        if (known != places.constEnd()) {
            plan.items[*known].weight += width;
            continue;
        }
        places.insert(layer.atom.key, plan.items.size());
        plan.items.push_back(
            {layer.atom.key, placeOf(*graph, arena, i), width, layerName(report, layer)});
    }
    return sorted(std::move(plan));
}

Result<NetworkPlan> networkPlan(const Network &network, qint64 windowBytes)
{
    const Result<AtomGraph> graph = lower(network, Runtime::AtomNet1);
    if (!graph) return tl::make_unexpected(graph.error());
    const ArenaPlan arena = planArena(*graph);
    const QStringList stages = stageNames(network);
    NetworkPlan plan;
    qint64 window = 0;
    for (std::size_t i = 0; i < graph->atoms.size(); ++i) {
        const Atom &atom = graph->atoms[i];
        // Weights behind each other as in a product; from the front again where Flash ends.
        const qint64 need = windowNeed(atom.key);
        if (window + need > windowBytes) window = 0;
        const Result<ap_operator_t> step =
            operatorRequest(atom.key, placeOf(*graph, arena, i), window);
        if (!step) return tl::make_unexpected(step.error());
        window += (need + 3) & ~qint64(3);
        plan.steps.push_back(*step);
        plan.keys.push_back(atom.key);
        plan.layers << layerName(stages, atom);
    }
    const Tensor &input = graph->tensors.front();
    const int last = graph->atoms.back().output;
    plan.begin.arena_bytes = uint32_t(arena.arenaBytes);
    plan.begin.input_offset = uint32_t(arena.tensorOffsets.front());
    plan.begin.input_bytes = uint32_t(input.bytes());
    plan.begin.output_offset = uint32_t(arena.tensorOffsets[std::size_t(last)]);
    plan.begin.output_bytes = uint32_t(graph->tensors[std::size_t(last)].bytes());
    plan.begin.seed = plan.steps.front().seed;
    plan.begin.steps = uint16_t(plan.steps.size());
    return plan;
}

} // namespace atomnet
