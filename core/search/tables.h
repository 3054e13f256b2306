#pragma once

#include "core/analysis/analyze.h"
#include "core/search/search.h"

#include <array>

// What every choice of a space costs, stage by stage: strides alone decide the size of maps, so a
// stage behind an input of one shape costs the same whatever stands before it.
namespace atomnet
{

/// The figures of a part of a network. They add up over parts; SRAM is their maximum, kernels their
/// union.
struct PartFigures {
    qint64 macs = 0, macsElementwise = 0, params = 0;
    qint64 latency = 0; ///< of what is known; of the mode's estimates
    qint64 measuredLatency = 0;
    qint64 flash = 0; ///< constants; code apart
    /// x-cube-ai: of its layers. atomnet-1: what any arena needs for these buffers alone (proven),
    /// runtime's data and stack apart.
    qint64 sram = 0;
    quint16 kernels = 0;  ///< AtomKind as bits; of our own runtime, whose code they decide
    bool missing = false; ///< an operator's latency is unknown
    bool unmeasured = false;
    void add(const PartFigures &other);
};

struct TableRow {
    PartFigures figures;
    quint32 option = 0; ///< of stageOptions()
    quint32 next = 0;   ///< shape of the next stage, of the head behind the last
    int depth = 0;      ///< blocks, repeats counted
};

/// A stage behind one input shape: the options that the mode allows, ascending.
struct ShapeRows {
    Shape in;
    std::vector<TableRow> rows;
};

struct SpaceTables {
    Runtime runtime = Runtime::AtomNet1;
    Estimates estimates = Estimates::Point;
    bool stackCounted = true;
    std::vector<std::vector<Stage>> options;    ///< by stage
    std::vector<std::vector<ShapeRows>> stages; ///< by stage and shape; the first one's: the inputs
    std::vector<ShapeRows> heads;               ///< by the last stage's shape; one row or none
    QString networks;                           ///< of the space, distinct ones; for people
    QString unmeasuredHead; ///< MeasuredOnly: an operator that no network can do without
    QByteArray hash;

    [[nodiscard]] const TableRow *row(std::size_t stage, quint32 shape, quint32 option) const;

    /// Of a whole network of these parts.
    [[nodiscard]] qint64 flashOf(const PartFigures &sum) const;
    [[nodiscard]] qint64 sramOf(const PartFigures &sum) const
    {
        return sum.sram + sramBeside(sum.kernels);
    }
    /// What stands beside the parts' SRAM: data and stack of our own runtime.
    [[nodiscard]] qint64 sramBeside(quint16 kernels) const;
    /// The largest sum of constants at which Flash is within the limit; -1: none.
    [[nodiscard]] qint64 mostConstants(quint16 kernels, qint64 limit) const;
};

/// Most rows of the tables of one space, all stages together: about 250 MiB.
inline constexpr qint64 mostTableRows = 3'000'000;

/// BadInput when a network of the space leaves the design's limits, or the tables had more rows
/// than mostTableRows. Cancelled.
[[nodiscard]] Result<SpaceTables> makeTables(const SearchSpace &space, const Target &target,
                                             const Knowledge &knowledge, Estimates estimates,
                                             const RunControl &control);

} // namespace atomnet
