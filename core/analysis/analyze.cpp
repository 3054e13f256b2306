#include "core/analysis/analyze.h"

#include "core/analysis/flash.h"
#include "core/analysis/saturate.h"
#include "core/analysis/sram.h"
#include "core/analysis/timing.h"
#include "core/analysis/verdict.h"
#include "core/lowering/lower.h"

namespace atomnet
{

namespace
{

/// Estimates are remembered up to this many operators; a search over huge spaces starts over then.
constexpr std::size_t mostRemembered = 1u << 18;

struct KeyHash {
    size_t operator()(const AtomKey &key) const noexcept { return size_t(hashOf(key)); }
};

void addFlash(Report &report, const AtomGraph &graph)
{
    report.flashWeightsBytes = 0;
    for (Layer &layer : report.layers) {
        layer.flashBytes = layerFlashBytes(graph.runtime, layer.atom.key);
        report.flashWeightsBytes += layer.flashBytes;
    }
    const RuntimeCode code = runtimeCode(graph, report.flashWeightsBytes);
    qint64 cumulative = code.value;
    for (Layer &layer : report.layers) {
        cumulative += layer.flashBytes;
        layer.flashCumulativeBytes = cumulative;
    }
    report.flashCodeBytes = code.value;
    report.flashCodeEstimated = code.low != code.high;
    report.flash.value = cumulative;
    report.flash.low = report.flashWeightsBytes + code.low;
    report.flash.high = report.flashWeightsBytes + code.high;
    report.flash.estimated = report.flashCodeEstimated;
}

void addSram(Report &report, const AtomGraph &graph)
{
    SramUsage usage = sramUsage(graph);
    for (std::size_t i = 0; i < report.layers.size(); ++i)
        report.layers[i].sram = usage.layers[i];
    report.sram.value = usage.value;
    report.sram.low = usage.low;
    report.sram.high = usage.high;
    report.sram.estimated = usage.estimated;
    report.sramBreakdown = usage.breakdown;
    if (report.sramBreakdown && report.target.board.stackApart) {
        report.sramBreakdown->stackCounted = false;
        report.sram.value = report.sram.low = report.sram.high = report.sramBreakdown->total();
    }
    report.tensors = std::move(usage.tensors);
    report.peak.layer = usage.peakLayer;
    report.peak.tensors = tensorsAlive(graph, usage.peakLayer);
}

void addWork(Report &report)
{
    for (Layer &layer : report.layers) {
        layer.macs = macsOf(layer.atom.key);
        layer.macsElementwise = elementwiseMacsOf(layer.atom.key);
        layer.params = paramsOf(layer.atom.key);
        report.macs = saturatingAdd(report.macs, layer.macs);
        report.macsElementwise = saturatingAdd(report.macsElementwise, layer.macsElementwise);
        report.params = saturatingAdd(report.params, layer.params);
    }
}

} // namespace

struct Analyzer::Private {
    Target target;
    Knowledge knowledge;
    TimingBasis basis; ///< points into knowledge
    std::unordered_map<AtomKey, Latency, KeyHash> latencies;

    [[nodiscard]] const Latency &latencyOf(const AtomKey &key)
    {
        if (const auto known = latencies.find(key); known != latencies.end()) return known->second;
        if (latencies.size() >= mostRemembered) latencies.clear();
        return latencies.emplace(key, operatorLatency(key, basis)).first->second;
    }

    void addLatency(Report &report)
    {
        LatencySum sum;
        for (Layer &layer : report.layers) {
            layer.latency = latencyOf(layer.atom.key);
            sum.add(layer.atom.key.kind, layer.latency);
            switch (layer.latency.source) {
            case Source::Measured:
                ++report.measuredLayers;
                break;
            case Source::Estimated:
                ++report.estimatedLayers;
                if (layer.latency.fromInstructions) ++report.instructionLayers;
                break;
            case Source::Missing:
                ++report.missingLayers;
                break;
            }
        }
        report.latency = sum.total();
        report.clockHz = basis.clockHz;
        report.unit = basis.unit;
        if (report.latency.value > 0)
            report.measuredShare = double(sum.measured()) / double(report.latency.value);
    }
};

Analyzer::Analyzer(Target target, Knowledge knowledge) : d(std::make_unique<Private>())
{
    d->target = std::move(target);
    d->knowledge = std::move(knowledge);
    d->basis = timingBasis(d->target, d->knowledge);
}

Analyzer::~Analyzer() = default;
Analyzer::Analyzer(Analyzer &&) noexcept = default;
Analyzer &Analyzer::operator=(Analyzer &&) noexcept = default;

const Target &Analyzer::target() const
{
    return d->target;
}

Result<Report> Analyzer::analyze(const Network &network, const RunControl &control)
{
    if (auto valid = validate(d->target); !valid) return tl::make_unexpected(valid.error());
    auto lowered = lower(network, d->target.runtime);
    if (!lowered) return tl::make_unexpected(lowered.error());
    if (control.cancelled()) return fail(ErrorCode::Cancelled, QStringLiteral("cancelled"));
    AtomGraph &graph = *lowered;

    Result<Report> result(tl::in_place);
    Report &report = *result;
    report.target = d->target;
    report.stageNames = stageNames(network);
    report.layers.resize(graph.atoms.size());
    for (std::size_t i = 0; i < graph.atoms.size(); ++i)
        report.layers[i].atom = graph.atoms[i];

    addWork(report);
    addSram(report, graph);
    addFlash(report, graph);
    d->addLatency(report);
    judge(report);
    report.tensorShapes = std::move(graph.tensors);
    control.progress(1);
    return result;
}

Result<Report> analyze(const Network &network, const Target &target, const Knowledge &knowledge)
{
    return Analyzer(target, knowledge).analyze(network);
}

} // namespace atomnet
