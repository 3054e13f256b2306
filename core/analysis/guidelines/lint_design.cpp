#include "core/analysis/guidelines/lint_context.h"
#include "core/base/format.h"

#include <QSet>

#include <algorithm>

// Rules about the design as a whole: what does not fit its board, stages that Flash dominates, and
// operators whose latency rests on little.
namespace atomnet
{

namespace
{

constexpr int shareSteps = 14; ///< 15/16, 14/16, ... 2/16 of a size
constexpr std::size_t mostFixes = 5, mostOver = 8;

double stepShare(int step)
{
    return (15 - step) / 16.0;
}

std::vector<PlacedBlock> placedOf(const std::vector<const LintBlock *> &blocks)
{
    std::vector<PlacedBlock> placed;
    for (const LintBlock *block : blocks)
        placed.push_back(block->placed);
    return placed;
}

/// Together as one step; none when a part is missing.
MaybeCandidate both(const MaybeCandidate &a, const MaybeCandidate &b)
{
    if (!a || !b) return std::nullopt;
    EditCandidate candidate = *a;
    candidate.text += QStringLiteral("; %1").arg(b->text);
    candidate.edits.insert(candidate.edits.end(), b->edits.begin(), b->edits.end());
    return candidate;
}

MaybeCandidate smallerInput(const LintContext &c, int step)
{
    const Shape &input = c.network.input;
    return withInput(c.network, std::max(1, int(input.h * stepShare(step))),
                     std::max(1, int(input.w * stepShare(step))));
}

/// The mildest expansion below what the blocks have.
MaybeCandidate lessExpansion(LintContext &c, const std::vector<PlacedBlock> &blocks,
                             const Gain &gain)
{
    double most = 1;
    for (const PlacedBlock &placed : blocks)
        most = std::max(most, placed.block->expand);
    std::vector<double> less;
    for (const double expand : {12.0, 8.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.5, 1.0})
        if (expand < most) less.push_back(expand);
    return c.mildest(
        int(less.size()),
        [&](int step) { return withExpansion(c.network, blocks, less[std::size_t(step)]); }, gain);
}

MaybeCandidate mildestWidths(LintContext &c, const std::vector<PlacedBlock> &blocks,
                             const Gain &gain)
{
    return c.mildest(
        shareSteps, [&](int step) { return narrower(c.network, blocks, stepShare(step)); }, gain);
}

/// Fits this budget, and breaks no other; better the more MACs stay.
Gain fitting(const LintContext &c, Budget Report::*budget, Budget Report::*other)
{
    return [&c, budget, other](const Trials::Outcome &o) -> std::optional<double> {
        if ((o.report.*budget).fit == Fit::Over) return std::nullopt;
        if ((o.report.*other).fit == Fit::Over && (c.report.*other).fit != Fit::Over)
            return std::nullopt;
        return double(o.effect.macs);
    };
}

QString overText(const Budget &budget, const QString &what)
{
    return QStringLiteral("The design needs %1%2 of %3 where %4 are available, %5 too much")
        .arg(budget.estimated ? QStringLiteral("up to ") : QString(), formatKib(budget.high), what,
             formatKib(budget.available), formatKib(budget.overBytes));
}

void keepBest(std::vector<QuickFix> &fixes)
{
    // The same edits may be the mildest of several kinds.
    std::vector<QuickFix> kept;
    for (QuickFix &fix : fixes) {
        const bool twin = std::any_of(kept.begin(), kept.end(),
                                      [&](const QuickFix &k) { return k.text == fix.text; });
        if (!twin && kept.size() < mostFixes) kept.push_back(std::move(fix));
    }
    fixes = std::move(kept);
}

std::vector<QuickFix> sramFixes(LintContext &c, const std::vector<PlacedBlock> &over)
{
    const Gain fits = fitting(c, &Report::sram, &Report::flash);
    const auto input = [&](int step) { return smallerInput(c, step); };
    std::vector<MaybeCandidate> candidates{withoutSe(c.network, over),
                                           asType(c.network, over, BlockType::Sep),
                                           asType(c.network, over, BlockType::ConvNext),
                                           lessExpansion(c, over, fits),
                                           mildestWidths(c, over, fits),
                                           c.mildest(shareSteps, input, fits)};
    if (over.size() == 1) {
        candidates.push_back(split(c.network, over.front()));
        candidates.push_back(strideEarlier(c.network, over.front()));
    }
    std::vector<QuickFix> fixes = c.gaining(candidates, fits);
    if (!fixes.empty()) return fixes;
    const std::vector<PlacedBlock> all = placedBlocks(c.network);
    const auto everything = [&](int step) {
        return both(smallerInput(c, step), narrower(c.network, all, stepShare(step)));
    };
    return c.gaining({c.mildest(shareSteps, everything, fits)}, fits);
}

void sramOver(LintContext &c)
{
    const Budget &budget = c.report.sram;
    if (budget.fit != Fit::Over || c.report.peak.layer < 0) return;
    const Layer &peak = c.report.layers[std::size_t(c.report.peak.layer)];
    // What of a layer's figure stands for the board's limit: the whole counts more than tensors.
    const double limit = double(budget.available) * double(peak.sram.total()) / double(budget.high);
    std::vector<const LintBlock *> over;
    for (const LintBlock &block : c.blocks)
        if (double(block.sram) > limit) over.push_back(&block);
    LintFinding finding;
    finding.rule = QStringLiteral("sram");
    finding.severity = LintSeverity::Problem;
    finding.stage = peak.atom.stage;
    finding.block = peak.atom.blockId;
    finding.what = overText(budget, QStringLiteral("SRAM"));
    finding.why = QStringLiteral("%1 needs the most, %2")
                      .arg(layerName(c.report, peak), formatKib(peak.sram.total()));
    if (over.size() > 1)
        finding.why += QStringLiteral(", and %1 blocks need too much").arg(over.size());
    finding.fixes = sramFixes(c, placedOf(over));
    keepBest(finding.fixes);
    c.findings.push_back(std::move(finding));
    std::size_t told = 0;
    for (const LintBlock *block : over) {
        if (block->placed.block->id == peak.atom.blockId || ++told > mostOver) continue;
        LintFinding also = c.findingAt("sram", *block, LintSeverity::Problem);
        also.what = QStringLiteral("%1 needs more SRAM than is available").arg(c.name(*block));
        also.why = QStringLiteral("Its largest layer needs %1, %2 of the peak")
                       .arg(formatKib(block->sram), formatPercent(c.ofPeak(block->sram)));
        c.findings.push_back(std::move(also));
    }
}

/// Edits of some blocks that may take enough away from Flash.
void addFlashEdits(LintContext &c, const std::vector<PlacedBlock> &blocks, const Gain &gain,
                   std::vector<MaybeCandidate> &candidates)
{
    candidates.push_back(lessExpansion(c, blocks, gain));
    candidates.push_back(mildestWidths(c, blocks, gain));
    if (blocks.size() != 1 || blocks.front().block->repeat < 2) return;
    const int repeat = blocks.front().block->repeat;
    candidates.push_back(c.mildest(
        repeat - 1,
        [&](int step) { return withRepeat(c.network, blocks.front(), repeat - 1 - step); }, gain));
}

const LintBlock *heaviest(const LintContext &c, int stage = -1)
{
    const LintBlock *found = nullptr;
    for (const LintBlock &block : c.blocks) {
        if (stage >= 0 && block.placed.stage != stage) continue;
        if (!found || block.flash > found->flash) found = &block;
    }
    return found;
}

void flashOver(LintContext &c)
{
    const Budget &budget = c.report.flash;
    const LintBlock *block = heaviest(c);
    if (budget.fit != Fit::Over || !block) return;
    const Gain fits = fitting(c, &Report::flash, &Report::sram);
    LintFinding finding = c.findingAt("flash", *block, LintSeverity::Problem);
    finding.what = overText(budget, QStringLiteral("Flash"));
    finding.why = QStringLiteral("%1 holds the most, %2, %3 of all constants")
                      .arg(c.name(*block), formatKib(block->flash),
                           formatPercent(c.ofConstants(block->flash)));
    std::vector<MaybeCandidate> candidates{asType(c.network, {block->placed}, BlockType::Sep)};
    addFlashEdits(c, {block->placed}, fits, candidates);
    std::vector<PlacedBlock> stage, all;
    for (const LintBlock &each : c.blocks) {
        all.push_back(each.placed);
        if (each.placed.stage == block->placed.stage) stage.push_back(each.placed);
    }
    if (stage.size() > 1) addFlashEdits(c, stage, fits, candidates);
    addFlashEdits(c, all, fits, candidates);
    std::vector<PlacedBlock> normal = all;
    std::erase_if(normal, [&](const PlacedBlock &placed) {
        return placed.block->type != BlockType::Conv || placed.block == all.front().block;
    });
    candidates.push_back(asType(c.network, normal, BlockType::Sep));
    finding.fixes = c.gaining(candidates, fits);
    keepBest(finding.fixes);
    c.findings.push_back(std::move(finding));
}

QString measureText(int count, const char *what)
{
    return QStringLiteral("%1 %2 %3")
        .arg(count)
        .arg(count == 1 ? QStringLiteral("operator") : QStringLiteral("operators"),
             QString::fromLatin1(what));
}

} // namespace

void lintFit(LintContext &context)
{
    sramOver(context);
    flashOver(context);
}

void lintStages(LintContext &c)
{
    constexpr double dominates = 0.5, leastSaved = 0.03;
    const Budget &budget = c.report.flash;
    if (budget.fit == Fit::Over) return; // the problem says more
    if (LintContext::severityFor(budget) == LintSeverity::Info) return;
    for (std::size_t s = 0; s < c.stages.size(); ++s) {
        if (c.stages[s].flashShare < dominates) continue;
        const bool head = s >= c.network.stages.size();
        LintFinding finding;
        finding.rule = QStringLiteral("bottleneck");
        finding.severity = budget.fit == Fit::Tight ? LintSeverity::Advice : LintSeverity::Info;
        finding.stage = int(s);
        finding.what = QStringLiteral("%1 dominates the Flash")
                           .arg(head ? QStringLiteral("The head")
                                     : QStringLiteral("Stage %1").arg(c.report.stageNames[int(s)]));
        finding.why = QStringLiteral("It holds %1 of all constants, %2")
                          .arg(formatPercent(c.stages[s].flashShare),
                               formatKib(qRound64(c.stages[s].flashShare *
                                                  double(c.report.flashWeightsBytes))));
        std::vector<MaybeCandidate> candidates;
        if (head && !c.blocks.empty()) {
            candidates.push_back(narrower(c.network, {c.blocks.back().placed}, 0.75));
        } else if (const LintBlock *block = heaviest(c, int(s))) {
            const Block &b = *block->placed.block;
            for (const double expand : {4.0, 3.0, 2.0})
                candidates.push_back(withExpansion(c.network, {block->placed}, expand));
            candidates.push_back(withRepeat(c.network, block->placed, b.repeat - 1));
            candidates.push_back(narrower(c.network, {block->placed}, 0.75));
        }
        c.offer(finding, candidates, [&](const Trials::Outcome &o) -> std::optional<double> {
            if (!harmless(c.report, o.report)) return std::nullopt;
            if (-c.ofConstants(o.effect.flashBytes) < leastSaved) return std::nullopt;
            return double(o.effect.macs); // the mildest first
        });
    }
}

void lintOperators(LintContext &c)
{
    QSet<AtomKey> missing, extrapolated, counted;
    for (const Layer &layer : c.report.layers) {
        if (layer.latency.source == Source::Missing)
            missing.insert(layer.atom.key);
        else if (layer.latency.fromInstructions)
            counted.insert(layer.atom.key);
        else if (layer.latency.source == Source::Estimated && layer.latency.extrapolated)
            extrapolated.insert(layer.atom.key);
    }
    const auto add = [&](const char *rule, LintSeverity severity, const QString &what,
                         const QString &why) {
        LintFinding finding;
        finding.rule = QString::fromLatin1(rule);
        finding.severity = severity;
        finding.what = what;
        finding.why = why;
        c.findings.push_back(std::move(finding));
    };
    if (!missing.isEmpty())
        add("missing", LintSeverity::Advice,
            measureText(int(missing.size()), "without any latency: measure them on the board"),
            QStringLiteral("%1 of %2 layers count as 0, so the latency is a lower bound")
                .arg(c.report.missingLayers)
                .arg(c.report.layers.size()));
    const auto rests = [&](auto wanted) {
        qint64 latency = 0;
        for (const Layer &layer : c.report.layers)
            if (wanted(layer.latency)) latency += layer.latency.value;
        return formatPercent(c.ofLatency(latency));
    };
    if (!extrapolated.isEmpty())
        add("extrapolated", LintSeverity::Info,
            measureText(int(extrapolated.size()), "unlike any that was measured: measure them"),
            QStringLiteral("%1 of the latency rests on extrapolation")
                .arg(rests([](const Latency &l) {
                    return l.source == Source::Estimated && l.extrapolated && !l.fromInstructions;
                })));
    if (!counted.isEmpty())
        add("extrapolated", LintSeverity::Info,
            measureText(int(counted.size()),
                        "estimated from instructions: measure them on the board"),
            QStringLiteral("%1 of the latency rests on what an emulator counts")
                .arg(rests([](const Latency &l) { return l.fromInstructions; })));
}

} // namespace atomnet
