#include "core/analysis/guidelines/lint.h"

#include "core/analysis/guidelines/lint_context.h"

#include <QHash>

#include <algorithm>

namespace atomnet
{

namespace
{

void addLayer(LintBlock &block, const Layer &layer)
{
    const AtomKey &key = layer.atom.key;
    block.sram = std::max(block.sram, layer.sram.total());
    block.flash += layer.flashBytes;
    block.macs += layer.macs;
    block.latency += layer.latency.value;
    if (key.kind == AtomKind::Depthwise) {
        block.depthwiseMacs += layer.macs;
        block.depthwiseLatency += layer.latency.value;
    }
    if (key.kind == AtomKind::Pointwise || key.kind == AtomKind::PointwisePair) {
        block.pointwiseMacs += layer.macs;
        block.pointwiseLatency += layer.latency.value;
    }
    switch (layer.atom.role) {
    case Role::Se:
    case Role::SeScale:
        block.seMap = key.out();
        [[fallthrough]];
    case Role::SePool:
    case Role::SeReduce:
    case Role::SeExpand:
        block.seLatency += layer.latency.value;
        break;
    case Role::Add:
        block.heldMap = key.out();
        break;
    default:
        break;
    }
}

double share(qint64 part, qint64 whole)
{
    return whole > 0 ? double(part) / double(whole) : 0;
}

} // namespace

LintContext::LintContext(const Network &n, const Report &r, const Knowledge &knowledge,
                         const RunControl &control)
    : network(n), report(r), trials(n, r, knowledge, control), stages(stageDominance(r))
{
    std::vector<std::size_t> firstOfStage(n.stages.size());
    for (const PlacedBlock &placed : placedBlocks(n)) {
        if (placed.index == 0) firstOfStage[std::size_t(placed.stage)] = blocks.size();
        LintBlock block;
        block.placed = placed;
        blocks.push_back(block);
    }
    for (const Layer &layer : r.layers) {
        const Atom &atom = layer.atom;
        if (atom.block < 0 || std::size_t(atom.stage) >= firstOfStage.size()) continue;
        const std::size_t at = firstOfStage[std::size_t(atom.stage)] + std::size_t(atom.block);
        if (at < blocks.size()) addLayer(blocks[at], layer);
    }
}

bool LintContext::sramBinds(const LintBlock &block) const
{
    const std::size_t stage = std::size_t(block.placed.stage);
    return stage < stages.size() && stages[stage].dominance == Dominance::Sram &&
           ofPeak(block.sram) >= 0.5;
}

bool LintContext::flashBinds(const LintBlock &block) const
{
    const std::size_t stage = std::size_t(block.placed.stage);
    return stage < stages.size() && stages[stage].dominance == Dominance::Flash;
}

QString LintContext::name(const LintBlock &block) const
{
    return blockName(network, block.placed);
}

double LintContext::ofPeak(qint64 bytes) const
{
    if (report.peak.layer < 0) return 0;
    return share(bytes, report.layers[std::size_t(report.peak.layer)].sram.total());
}

double LintContext::ofLatency(qint64 latency) const
{
    return share(latency, report.latency.value);
}

double LintContext::ofConstants(qint64 bytes) const
{
    return share(bytes, report.flashWeightsBytes);
}

LintSeverity LintContext::severityFor(const Budget &budget)
{
    const bool scarce = budget.fit == Fit::NoLimit || budget.high > budget.available / 2;
    return scarce ? LintSeverity::Advice : LintSeverity::Info;
}

std::vector<QuickFix> LintContext::gaining(const std::vector<MaybeCandidate> &candidates,
                                           const Gain &gain, std::optional<Trials::Outcome> *best)
{
    struct Tried {
        QuickFix fix;
        double gained = 0;
    };
    std::vector<Tried> tried;
    double most = 0;
    for (const MaybeCandidate &candidate : candidates) {
        if (!candidate) continue;
        auto outcome = trials.run(candidate->edits);
        if (!outcome) continue;
        const std::optional<double> gained = gain(*outcome);
        if (!gained) continue;
        tried.push_back({{candidate->text, candidate->edits, outcome->effect}, *gained});
        if (best && (!*best || *gained > most)) {
            most = *gained;
            *best = std::move(outcome);
        }
    }
    std::stable_sort(tried.begin(), tried.end(),
                     [](const Tried &a, const Tried &b) { return a.gained > b.gained; });
    std::vector<QuickFix> fixes;
    for (Tried &each : tried)
        fixes.push_back(std::move(each.fix));
    return fixes;
}

void LintContext::offer(LintFinding finding, const std::vector<MaybeCandidate> &candidates,
                        const Gain &gain, const Why &why)
{
    const bool any = std::any_of(candidates.begin(), candidates.end(),
                                 [](const MaybeCandidate &each) { return each.has_value(); });
    std::optional<Trials::Outcome> best;
    finding.fixes = gaining(candidates, gain, &best);
    if (finding.fixes.empty() && any && !trials.stopped()) return;
    if (best && why) finding.why = why(*best);
    findings.push_back(std::move(finding));
}

MaybeCandidate LintContext::mildest(int steps, const std::function<MaybeCandidate(int)> &candidate,
                                    const Gain &gain)
{
    const auto works = [&](int step) {
        const MaybeCandidate each = candidate(step);
        if (!each) return false;
        const auto outcome = trials.run(each->edits);
        return outcome && gain(*outcome);
    };
    if (steps < 1 || !works(steps - 1)) return std::nullopt;
    int mild = 0, strong = steps - 1; // strong works
    while (mild < strong) {
        const int middle = mild + (strong - mild) / 2;
        if (works(middle))
            strong = middle;
        else
            mild = middle + 1;
    }
    return candidate(strong);
}

LintFinding LintContext::findingAt(const char *rule, const LintBlock &block,
                                   LintSeverity severity) const
{
    LintFinding finding;
    finding.rule = QString::fromLatin1(rule);
    finding.severity = severity;
    finding.stage = block.placed.stage;
    finding.block = block.placed.block->id;
    return finding;
}

qint64 blockSram(const Report &report, BlockId block)
{
    qint64 most = 0;
    for (const Layer &layer : report.layers)
        if (layer.atom.blockId == block) most = std::max(most, layer.sram.total());
    return most;
}

std::vector<LintFinding> lint(const Network &network, const Report &report,
                              const Knowledge &knowledge, const RunControl &control)
{
    if (report.layers.empty() || control.cancelled()) return {};
    LintContext context(network, report, knowledge, control);
    lintFit(context);
    lintBlocks(context, control);
    lintStages(context);
    lintOperators(context);
    if (control.cancelled()) return {};

    QHash<BlockId, int> places;
    for (std::size_t i = 0; i < context.blocks.size(); ++i)
        places.insert(context.blocks[i].placed.block->id, int(i));
    const auto place = [&](const LintFinding &finding) {
        return std::pair(finding.stage, finding.block ? places.value(finding.block) : -1);
    };
    std::stable_sort(
        context.findings.begin(), context.findings.end(),
        [&](const LintFinding &a, const LintFinding &b) { return place(a) < place(b); });
    return std::move(context.findings);
}

} // namespace atomnet
