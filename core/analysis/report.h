#pragma once

#include "core/analysis/target.h"
#include "core/lowering/atom_graph.h"

#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

// The one result that charts, canvas badges, command line and exports show. Plain data.
namespace atomnet
{

/// Where a figure comes from; a total's is its worst.
enum class Source : quint8 {
    Measured,  ///< samples of exactly this operator in AtomDB
    Estimated, ///< a fitted model or rule
    Missing,   ///< no basis at all: adds 0 to the low bound and leaves the high bound open
};
[[nodiscard]] QString toString(Source source); ///< "measured", "estimated", "missing"

/// A latency with its interval. Nanoseconds; on virtual boards instructions instead (Report::unit).
struct Latency {
    qint64 value = 0;
    qint64 low = 0;
    std::optional<qint64> high = 0; ///< none: open (something is missing)
    Source source = Source::Missing;
    quint32 samples = 0;            ///< of a measured one
    bool extrapolated = false;      ///< estimated outside the range the model has seen
    bool fromInstructions = false;  ///< estimated from what a virtual board counts (instruction_estimate.h); of a sum: in part
    bool operator==(const Latency &) const = default;
};

/// What a layer needs in SRAM while it runs; the sum is the layer's figure.
struct SramParts {
    qint64 input = 0;
    qint64 output = 0;  ///< what does not overlap the input
    qint64 held = 0;    ///< shortcut tensors kept for later
    qint64 pad = 0;     ///< what padding adds to the input
    qint64 scratch = 0;
    [[nodiscard]] qint64 total() const { return input + output + held + pad + scratch; }
    bool operator==(const SramParts &) const = default;
};

/// The parts of SRAM where the runtime's plan is known. Bytes.
struct SramBreakdown {
    qint64 arena = 0;           ///< tensors and scratch
    qint64 arenaLowerBound = 0; ///< no plan for these kernels is smaller
    qint64 data = 0;            ///< the runtime's other .data and .bss
    qint64 stack = 0;           ///< worst case below model_run
    bool stackCounted = true;   ///< false: it lies in memory of its own, beside the board's SRAM
    [[nodiscard]] bool optimal() const { return arena == arenaLowerBound; }
    [[nodiscard]] qint64 total() const { return arena + data + (stackCounted ? stack : 0); }
    bool operator==(const SramBreakdown &) const = default;
};

struct Layer {
    Atom atom;
    qint64 macs = 0, macsElementwise = 0, params = 0;
    qint64 flashBytes = 0;           ///< constants of this layer: weights, biases, what its calls need
    qint64 flashCumulativeBytes = 0; ///< of all layers up to this one, runtime code included
    SramParts sram;
    Latency latency;
    bool operator==(const Layer &) const = default;
};

/// A bar of the arena timeline.
struct TensorLife {
    int tensor = -1;             ///< index into AtomGraph::tensors
    int first = 0, last = 0;     ///< layers during which it is alive, inclusive
    qint64 bytes = 0;
    std::optional<qint64> offset; ///< in the arena, when the runtime's plan is known
    int producer = -1;           ///< layer that writes it; -1: the network's input
    bool operator==(const TensorLife &) const = default;
};

enum class Fit : quint8 { Within, Tight, Over, Unknown, NoLimit }; ///< Tight: above 90 %
[[nodiscard]] QString toString(Fit fit);

/// One resource against the board's limit. Bytes.
struct Budget {
    qint64 value = 0;
    qint64 low = 0, high = 0;     ///< equal to value when exact
    bool estimated = false;
    qint64 limit = 0;             ///< the board's
    qint64 available = 0;         ///< limit less the reserve
    Fit fit = Fit::Unknown;       ///< judged on high
    qint64 overBytes = 0;         ///< high - available when Over
    bool operator==(const Budget &) const = default;
};

struct Peak {
    int layer = -1;
    std::vector<int> tensors; ///< tensor indices alive there
    bool operator==(const Peak &) const = default;
};

enum class TimeUnit : quint8 { Nanoseconds, Instructions };

struct Report {
    Target target;
    qint64 clockHz = 0;   ///< of the samples or the model; 0 on virtual boards
    TimeUnit unit = TimeUnit::Nanoseconds;
    QStringList stageNames; ///< of the design, the head's as last
    std::vector<Layer> layers;
    std::vector<TensorLife> tensors;
    std::vector<Tensor> tensorShapes; ///< AtomGraph::tensors
    Peak peak;

    qint64 macs = 0, macsElementwise = 0, params = 0;
    Budget sram, flash;
    std::optional<SramBreakdown> sramBreakdown; ///< of sram.value
    qint64 flashWeightsBytes = 0;
    qint64 flashCodeBytes = 0;       ///< runtime code, a part of flash
    bool flashCodeEstimated = true;
    Latency latency;                 ///< "at least" when latency.high is open
    double measuredShare = 0;        ///< measured ms / total ms, 0 to 1
    int measuredLayers = 0, estimatedLayers = 0, missingLayers = 0;
    int instructionLayers = 0;       ///< of the estimated ones, those estimated from instructions
    bool fits = false;               ///< sram and flash both inclusive within what is available
    QStringList reasons;             ///< why not, or why unknown: one sentence each

    bool operator==(const Report &) const = default;
};

/// "s2.1.expand": stage name, block number from 1 (".repeat" behind it for the second and later repeats), role.
[[nodiscard]] QString layerName(const Report &report, const Layer &layer);
[[nodiscard]] QString layerName(const QStringList &stageNames, const Atom &atom);
[[nodiscard]] QStringList stageNames(const Network &network); ///< the head's as last
/// The tensor's name: "input" or the layer that writes it.
[[nodiscard]] QString tensorName(const Report &report, int tensor);

/// Figures of one block, for its card on the canvas. Head: BlockId 0.
struct BlockFigures {
    BlockId block;
    qint64 sramBytes = 0; ///< maximum over its layers
    qint64 flashBytes = 0;
    qint64 macs = 0;      ///< convolutions and fully connected
    Latency latency;
    int firstLayer = -1, lastLayer = -1;
};
[[nodiscard]] std::vector<BlockFigures> perBlock(const Report &report);

} // namespace atomnet
