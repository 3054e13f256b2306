#include "core/analysis/guidelines/lint_context.h"
#include "core/base/format.h"

#include <algorithm>

// Rules about one block. Each names a cost that the guidelines advise against, and stays silent
// where its own fix would not save enough to be worth a person's attention.
namespace atomnet
{

namespace
{

constexpr double leastOfConstants = 0.005; ///< saved Flash worth telling
constexpr double leastOfLatency = 0.015;
constexpr double leastOfBlockSram = 0.1;
constexpr double largeMap = 0.25;  ///< of the SRAM peak: what SE multiplies
constexpr double largeHeld = 0.15; ///< and what a shortcut holds

QString shapeText(const Shape &shape)
{
    return QStringLiteral("%1x%2x%3").arg(shape.h).arg(shape.w).arg(shape.c);
}

/// MACs a millisecond, or an instruction.
QString rateText(const LintContext &context, qint64 macs, qint64 latency)
{
    if (context.report.unit == TimeUnit::Instructions)
        return QStringLiteral("%1 MACs an instruction")
            .arg(double(macs) / double(latency), 0, 'f', 2);
    return QStringLiteral("%1 MACs a millisecond")
        .arg(formatCount(qRound64(double(macs) / double(latency) * 1e6)));
}

/// Share of the block's SRAM that an outcome saves.
double savedSram(const LintBlock &block, const Trials::Outcome &outcome)
{
    const qint64 after = blockSram(outcome.report, block.placed.block->id);
    return block.sram > 0 ? 1 - double(after) / double(block.sram) : 0;
}

double savedLatency(const LintContext &context, const Trials::Outcome &outcome)
{
    return -context.ofLatency(outcome.effect.latency);
}

double savedConstants(const LintContext &context, const Trials::Outcome &outcome)
{
    return -context.ofConstants(outcome.effect.flashBytes);
}

/// "12 % less time", "1 % more time".
QString lessText(double saved, const QString &what)
{
    return QStringLiteral("%1 %2 %3")
        .arg(formatPercent(std::abs(saved)),
             saved < 0 ? QStringLiteral("more") : QStringLiteral("less"), what);
}

/// Gains by `saved`, at least `least`, without harm.
Gain saving(LintContext &context, std::function<double(const Trials::Outcome &)> saved,
            double least)
{
    return [&context, saved = std::move(saved),
            least](const Trials::Outcome &outcome) -> std::optional<double> {
        if (!harmless(context.report, outcome.report)) return std::nullopt;
        const double gained = saved(outcome);
        if (gained < least) return std::nullopt;
        return gained;
    };
}

void normalConvolution(LintContext &c, const LintBlock &block, bool stem)
{
    const Block &b = *block.placed.block;
    if (stem || b.type != BlockType::Conv || b.kernel == 1) return;
    LintFinding finding = c.findingAt("G1", block, LintContext::severityFor(c.report.flash));
    finding.what = QStringLiteral("%1 is a normal convolution behind the stem").arg(c.name(block));
    finding.why =
        QStringLiteral("Its constants take %1, %2 of the design's, and grow with the square of the "
                       "channels")
            .arg(formatKib(block.flash), formatPercent(c.ofConstants(block.flash)));
    c.offer(
        finding, {asType(c.network, {block.placed}, BlockType::Sep)},
        saving(
            c, [&](const Trials::Outcome &o) { return savedConstants(c, o); }, leastOfConstants));
}

void squeezeOnLargeMap(LintContext &c, const LintBlock &block)
{
    if (!block.placed.block->se || !c.sramBinds(block)) return;
    if (c.ofPeak(block.seMap.bytes()) < largeMap) return;
    LintFinding finding = c.findingAt("G2", block, LintContext::severityFor(c.report.sram));
    finding.what = QStringLiteral("%1 has its SE on a large map, %2, in a stage that SRAM binds")
                       .arg(c.name(block), shapeText(block.seMap));
    finding.why =
        QStringLiteral("It multiplies %1, %2 of the SRAM peak")
            .arg(formatKib(block.seMap.bytes()), formatPercent(c.ofPeak(block.seMap.bytes())));
    if (block.seLatency > 0)
        finding.why += QStringLiteral(", and takes %1 of the latency")
                           .arg(formatPercent(c.ofLatency(block.seLatency)));
    // By some runtimes' rules the multiply works in place: then time is what there is to save.
    c.offer(finding, {withoutSe(c.network, {block.placed})},
            saving(
                c,
                [&](const Trials::Outcome &o) {
                    return std::max(savedSram(block, o), savedLatency(c, o));
                },
                0.01));
}

void shortcutOnLargeMap(LintContext &c, const LintBlock &block)
{
    if (block.heldMap.bytes() <= 0 || !c.sramBinds(block)) return;
    if (c.ofPeak(block.heldMap.bytes()) < largeHeld) return;
    const Block &b = *block.placed.block;
    LintFinding finding = c.findingAt("G2", block, LintContext::severityFor(c.report.sram));
    finding.what = QStringLiteral("The shortcut of %1 holds a large map, %2, in a stage that SRAM "
                                  "binds")
                       .arg(c.name(block), shapeText(block.heldMap));
    finding.why =
        QStringLiteral("It keeps %1 alive through the block, %2 of the SRAM peak")
            .arg(formatKib(block.heldMap.bytes()), formatPercent(c.ofPeak(block.heldMap.bytes())));
    std::vector<MaybeCandidate> candidates{asType(c.network, {block.placed}, BlockType::Sep)};
    if (b.repeat == 1) // another width than the input's ends the shortcut
        candidates.push_back(withWidth(c.network, block.placed, b.out - 8));
    c.offer(
        finding, candidates,
        saving(
            c, [&](const Trials::Outcome &o) { return savedSram(block, o); }, leastOfBlockSram));
}

void depthwiseKernel(LintContext &c, const LintBlock &block)
{
    const Block &b = *block.placed.block;
    if (b.type == BlockType::Conv || b.kernel <= 3 || block.depthwiseLatency <= 0) return;
    LintFinding finding = c.findingAt("G3", block, LintSeverity::Advice);
    finding.what =
        QStringLiteral("The %1x%1 depthwise of %2 takes %3 of the latency for %4 of the MACs")
            .arg(b.kernel)
            .arg(c.name(block), formatPercent(c.ofLatency(block.depthwiseLatency)),
                 formatPercent(double(block.depthwiseMacs) / double(c.report.macs)));
    finding.why =
        QStringLiteral("It does %1").arg(rateText(c, block.depthwiseMacs, block.depthwiseLatency));
    if (block.pointwiseLatency > 0)
        finding.why += QStringLiteral(", the block's pointwise %1")
                           .arg(rateText(c, block.pointwiseMacs, block.pointwiseLatency));
    std::vector<MaybeCandidate> candidates{withKernel(c.network, {block.placed}, 3)};
    if (b.kernel > 5) candidates.push_back(withKernel(c.network, {block.placed}, 5));
    c.offer(finding, candidates,
            saving(
                c, [&](const Trials::Outcome &o) { return savedLatency(c, o); }, leastOfLatency));
}

/// Many SEP as fewer ConvNeXt: the same pointwise work behind fewer depthwise.
MaybeCandidate asFewerConvNext(const LintContext &c, const LintBlock &block, int repeat,
                               double expand)
{
    const PlacedBlock &placed = block.placed;
    if (placed.locked || !placed.block->id || repeat >= placed.block->repeat) return std::nullopt;
    BlockPatch patch;
    patch.type = BlockType::ConvNext;
    patch.repeat = repeat;
    patch.expand = expand;
    return EditCandidate{QStringLiteral("%1 ConvNeXt of expansion %2 instead of %3 SEP in %4")
                             .arg(repeat)
                             .arg(expand)
                             .arg(placed.block->repeat)
                             .arg(c.name(block)),
                         {ChangeBlocks{{placed.block->id}, patch}}};
}

void lateSep(LintContext &c, const LintBlock &block)
{
    const Block &b = *block.placed.block;
    if (b.type != BlockType::Sep || b.repeat < 2 || !c.flashBinds(block)) return;
    if (block.depthwiseLatency <= 0) return;
    LintFinding finding = c.findingAt("R5", block, LintSeverity::Advice);
    finding.what = QStringLiteral("%1 repeats SEP in a stage that Flash binds").arg(c.name(block));
    finding.why = QStringLiteral("Its depthwise take %1 of the latency for %2 of the MACs; fewer "
                                 "ConvNeXt do the same pointwise work behind fewer depthwise")
                      .arg(formatPercent(c.ofLatency(block.depthwiseLatency)),
                           formatPercent(double(block.depthwiseMacs) / double(c.report.macs)));
    std::vector<MaybeCandidate> candidates;
    for (const int expand : {1, 2, 3})
        candidates.push_back(
            asFewerConvNext(c, block, (b.repeat + 2 * expand - 1) / (2 * expand), expand));
    const Gain faster = saving(
        c, [&](const Trials::Outcome &o) { return savedLatency(c, o); }, leastOfLatency);
    c.offer(finding, candidates, [&](const Trials::Outcome &o) -> std::optional<double> {
        constexpr double comparable = 0.95;
        if (double(o.report.macs) < comparable * double(c.report.macs)) return std::nullopt;
        return faster(o);
    });
}

void invertedBlock(LintContext &c, const LintBlock &block)
{
    const Block &b = *block.placed.block;
    if (b.type != BlockType::MbConv || c.sramBinds(block)) return;
    LintFinding finding = c.findingAt("R3", block, LintContext::severityFor(c.report.flash));
    finding.what = QStringLiteral("%1 is an MBConv where ConvNeXt is better").arg(c.name(block));
    finding.why = QStringLiteral("Its constants take %1, and its depthwise works on the expanded "
                                 "channels")
                      .arg(formatKib(block.flash));
    c.offer(finding, {asType(c.network, {block.placed}, BlockType::ConvNext)},
            saving(
                c,
                [&](const Trials::Outcome &o) {
                    return std::max(savedConstants(c, o), savedLatency(c, o));
                },
                leastOfConstants),
            [&](const Trials::Outcome &o) {
                return QStringLiteral("Its depthwise works on the expanded channels: as ConvNeXt "
                                      "the design needs %1 and takes %2")
                    .arg(lessText(savedConstants(c, o), QStringLiteral("Flash for constants")),
                         lessText(savedLatency(c, o), QStringLiteral("time")));
            });
}

void expandedOnLargeMap(LintContext &c, const LintBlock &block)
{
    const Block &b = *block.placed.block;
    if (b.type != BlockType::ConvNext && b.type != BlockType::MbConv) return;
    if (!c.sramBinds(block)) return;
    LintFinding finding = c.findingAt("R4", block, LintContext::severityFor(c.report.sram));
    finding.what =
        QStringLiteral("%1 is %2 in a stage that SRAM binds")
            .arg(c.name(block), b.type == BlockType::MbConv ? QStringLiteral("an MBConv")
                                                            : QStringLiteral("a ConvNeXt"));
    finding.why = QStringLiteral("It needs %1 of SRAM, %2 of the peak")
                      .arg(formatKib(block.sram), formatPercent(c.ofPeak(block.sram)));
    std::vector<MaybeCandidate> candidates{asType(c.network, {block.placed}, BlockType::Sep)};
    if (b.type == BlockType::MbConv)
        candidates.push_back(asType(c.network, {block.placed}, BlockType::ConvNext));
    c.offer(finding, candidates,
            saving(
                c, [&](const Trials::Outcome &o) { return savedSram(block, o); }, leastOfBlockSram),
            [&](const Trials::Outcome &o) {
                return QStringLiteral("It needs %1 of SRAM, %2 of the peak; as %3 it would need %4")
                    .arg(formatKib(block.sram), formatPercent(c.ofPeak(block.sram)),
                         displayName(blockById(o.network, b.id)->type),
                         formatKib(blockSram(o.report, b.id)));
            });
}

void oddWidth(LintContext &c, const LintBlock &block)
{
    const Block &b = *block.placed.block;
    if (b.out % 4 == 0 || c.report.latency.value <= 0) return;
    LintFinding finding = c.findingAt("width", block, LintSeverity::Advice);
    finding.what = QStringLiteral("%1 has %2 channels, which misses the kernels' fast path")
                       .arg(c.name(block))
                       .arg(b.out);
    const auto perMac = [](const Report &report) {
        return double(report.latency.value) / double(std::max<qint64>(report.macs, 1));
    };
    const int down = b.out / 8 * 8;
    c.offer(
        finding,
        {withWidth(c.network, block.placed, down + 8),
         down > 0 ? withWidth(c.network, block.placed, down) : std::nullopt},
        [&](const Trials::Outcome &o) -> std::optional<double> {
            if (!harmless(c.report, o.report) || o.effect.latency >= 0) return std::nullopt;
            const double gained = 1 - perMac(o.report) / perMac(c.report);
            if (gained <= 0) return std::nullopt;
            return gained;
        },
        [&](const Trials::Outcome &o) {
            return QStringLiteral("With %1 channels the design does %2 instead of %3")
                .arg(blockById(o.network, b.id)->out)
                .arg(rateText(c, o.report.macs, o.report.latency.value),
                     rateText(c, c.report.macs, c.report.latency.value));
        });
}

} // namespace

void lintBlocks(LintContext &context, const RunControl &control)
{
    bool stem = true;
    for (const LintBlock &block : context.blocks) {
        if (control.cancelled()) return;
        normalConvolution(context, block, stem);
        stem = false;
        squeezeOnLargeMap(context, block);
        shortcutOnLargeMap(context, block);
        expandedOnLargeMap(context, block);
        invertedBlock(context, block);
        depthwiseKernel(context, block);
        lateSep(context, block);
        oddWidth(context, block);
    }
}

} // namespace atomnet
