#pragma once

#include "core/analysis/analyze.h"
#include "core/model/edit.h"

// Live advice on a design: what, why, what it would save, and the edit that does it.
namespace atomnet
{

/// What an edit changes; negative is saved. Totals of the Reports before and after.
struct Effect {
    qint64 macs = 0, latency = 0, sramBytes = 0, flashBytes = 0;
    bool operator==(const Effect &) const = default;
};

/// One way to follow the advice; applied in order as one undo step.
struct QuickFix {
    QString text; ///< "Move the SE of s1.1 away"
    std::vector<Edit> edits;
    Effect effect;
};

enum class LintSeverity : quint8 {
    Info,
    Advice,
    Problem
}; ///< Problem: the design does not fit because of it

struct LintFinding {
    /// Stable: "G1" normal convolution behind the stem, "G2" SE or shortcut on a large map, "G3"
    /// time in wide depthwise, "R3" MBConv where ConvNeXt is better, "R4" expanded blocks where
    /// SRAM binds, "R5" repeated SEP where Flash binds, "width" channels off the kernels' fast
    /// path, "sram" and "flash" what does not fit, "bottleneck" a stage that dominates the Flash,
    /// "missing" and "extrapolated" operators to measure.
    QString rule;
    LintSeverity severity = LintSeverity::Advice;
    int stage = -1; ///< index; stages.size() for the head; -1: the whole design
    BlockId block;  ///< 0: the stage or the head
    QString what;   ///< one sentence
    QString why;    ///< one sentence, with the number from AtomDB or the report that supports it
    std::vector<QuickFix> fixes; ///< each valid for this design, best first; may be empty
};

/// Findings in the order of the design. Deterministic. `report` is of this network and tells the
/// target. Cheap enough to run behind every edit (a few ms for an AtomNet): a fixed number of edits
/// is tried, fewer the longer the design is. A finding whose edits would save too little, or do
/// harm elsewhere, is left out; what is locked is told but not edited. Empty when cancelled.
[[nodiscard]] std::vector<LintFinding> lint(const Network &network, const Report &report,
                                            const Knowledge &knowledge,
                                            const RunControl &control = {});

/// Why the SRAM peak is where it is: the tensors alive there, and the edits that would lower it.
struct PeakTensor {
    int tensor = -1;
    QString name;
    qint64 bytes = 0; ///< that it adds to the peak
    QString part;     ///< "input", "output", "held", "pad", "scratch"
};
struct PeakExplanation {
    int layer = -1;
    QString layerName;
    qint64 bytes = 0;
    std::vector<PeakTensor> tensors; ///< sums to bytes
    std::vector<QuickFix> fixes;     ///< each lowers the peak; most saved first
};
/// Layer -1 for a report without layers.
[[nodiscard]] PeakExplanation explainPeak(const Network &network, const Report &report,
                                          const Knowledge &knowledge,
                                          const RunControl &control = {});

} // namespace atomnet
