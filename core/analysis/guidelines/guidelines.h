#pragma once

#include "core/analysis/analyze.h"

// The paper's guidelines and ranks, computed from the AtomDB at hand: each holds, does not hold or
// cannot be told, with the numbers and the chart that say so.
namespace atomnet
{

/// A series of a small chart. Values of `x` are in the chart's unit; categories when labels are
/// given.
struct EvidenceSeries {
    QString name;
    std::vector<double> x, y;
};
struct EvidenceChart {
    QString title, xTitle, yTitle;
    QStringList categories; ///< bars, one y a category; empty: points
    std::vector<EvidenceSeries> series;
    bool logX = false, logY = false;
};

enum class Holds : quint8 { Yes, No, Unknown };

struct Guideline {
    QString id; ///< "G1", "G2", "G3", "R3" (Flash rank), "R4" (SRAM), "R5" (latency), "bottleneck"
    QString title; ///< "Put MACs into pointwise convolutions"
    QString paper; ///< what the paper claims
    Holds holds = Holds::Unknown;
    QString finding;  ///< one sentence with the numbers of this AtomDB, where they come from and of
                      ///< how many operators
    double value = 0; ///< the number behind it, e.g. median MACs/ms pointwise over depthwise
    EvidenceChart chart;
};

/// All of them, in the order above. Needs no network. Unknown when AtomDB lacks what it takes,
/// which the finding then says; empty when cancelled. `value` and what holds means:
/// - G1: exponent of a normal convolution's Flash over its width (near 2), and bytes an output
///   channel of depthwise < pointwise < normal, at the largest width that AtomDB has of all three
/// - G2: SRAM of an add over its map (twice), and a block with a shortcut needs a fifth more than
/// SEP
/// - G3: median MACs/ms (MACs an instruction) of pointwise over that of depthwise, above 1
/// - R3, R4, R5: share of places where no block is worse than the next, three quarters or more. A
///   place is a width 16 to 128 (in and out alike), a map 5 to 40, expansion 3 or 6, with or
///   without SE. Compared are constants over MACs (R3), the largest layer's SRAM (R4), latency over
///   MACs (R5)
/// - bottleneck: share of the published AtomNets whose first half of stages is nearer to the SRAM
///   peak and whose last half holds more constants
/// G2, R3, R4 and bottleneck follow from the runtime's rules alone.
[[nodiscard]] std::vector<Guideline> guidelines(const Target &target, const Knowledge &knowledge,
                                                const RunControl &control = {});

/// Whether a stage is bound by SRAM or by Flash: the shares of the design's peak and of its weights
/// there.
enum class Dominance : quint8 { Neither, Sram, Flash };
struct StageDominance {
    Dominance dominance = Dominance::Neither;
    double sramShare = 0;  ///< of the peak: the stage's largest layer / the network's
    double flashShare = 0; ///< of all constants
};
/// By stage of the report, the head as last.
[[nodiscard]] std::vector<StageDominance> stageDominance(const Report &report);

} // namespace atomnet
