#pragma once

#include "core/analysis/guidelines/candidates.h"
#include "core/analysis/guidelines/guidelines.h"
#include "core/analysis/guidelines/trials.h"

#include <functional>

// What the rules of the lint share.
namespace atomnet
{

/// A block with what it costs.
struct LintBlock {
    PlacedBlock placed;
    qint64 sram = 0; ///< its largest layer
    qint64 flash = 0, macs = 0, latency = 0;
    qint64 depthwiseMacs = 0, depthwiseLatency = 0;
    qint64 pointwiseMacs = 0, pointwiseLatency = 0;
    qint64 seLatency = 0;
    Shape seMap, heldMap; ///< what SE multiplies and a shortcut holds; empty without
};

/// What makes a fix good: how much it gains (more is better), or that it does not.
using Gain = std::function<std::optional<double>(const Trials::Outcome &)>;

struct LintContext {
    LintContext(const Network &network, const Report &report, const Knowledge &knowledge,
                const RunControl &control);

    const Network &network;
    const Report &report;
    Trials trials;
    std::vector<LintBlock> blocks;
    std::vector<StageDominance> stages;
    std::vector<LintFinding> findings;

    [[nodiscard]] bool
    sramBinds(const LintBlock &block) const; ///< its stage, and it half of the peak
    [[nodiscard]] bool flashBinds(const LintBlock &block) const;
    [[nodiscard]] QString name(const LintBlock &block) const;
    [[nodiscard]] double ofPeak(qint64 bytes) const;
    [[nodiscard]] double ofLatency(qint64 latency) const;
    [[nodiscard]] double ofConstants(qint64 bytes) const;
    /// Advice where the resource is scarce, else for information: at most half of it is used.
    [[nodiscard]] static LintSeverity severityFor(const Budget &budget);

    /// Adds the finding with those candidates that gain. Without any that does it is dropped; where
    /// the block is locked, or no more is tried, it stays without fixes. `why`, when given, is
    /// asked with the best outcome.
    using Why = std::function<QString(const Trials::Outcome &)>;
    void offer(LintFinding finding, const std::vector<MaybeCandidate> &candidates, const Gain &gain,
               const Why &why = {});
    /// Tries them; those that gain come best first. `best`: the outcome of the first.
    std::vector<QuickFix> gaining(const std::vector<MaybeCandidate> &candidates, const Gain &gain,
                                  std::optional<Trials::Outcome> *best = nullptr);
    /// The mildest of `steps` candidates (0 the mildest) that gains, when a stronger one always
    /// does if a milder one does.
    MaybeCandidate mildest(int steps, const std::function<MaybeCandidate(int)> &candidate,
                           const Gain &gain);
    [[nodiscard]] LintFinding findingAt(const char *rule, const LintBlock &block,
                                        LintSeverity severity) const;
};

/// SRAM of the block's largest layer in an outcome.
[[nodiscard]] qint64 blockSram(const Report &report, BlockId block);

// The rules, each adding its findings.
void lintBlocks(LintContext &context, const RunControl &control); ///< G1, G2, G3, R3, R4, R5, width
void lintFit(LintContext &context);       ///< "sram", "flash": what does not fit
void lintStages(LintContext &context);    ///< "bottleneck"
void lintOperators(LintContext &context); ///< "missing", "extrapolated"

} // namespace atomnet
