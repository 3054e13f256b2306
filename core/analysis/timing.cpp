#include "core/analysis/timing.h"

#include "core/analysis/saturate.h"

#include <algorithm>
#include <cmath>

namespace atomnet
{

namespace
{

constexpr double leastShare = 0.01; ///< no measured latency is known better than +-1 %
constexpr qint64 leastNs = 1000;    ///< nor better than the source's resolution, 1 us

Latency measuredLatency(const AtomStats &stats, AtomKind kind, const TimingBasis &basis)
{
    Latency latency;
    latency.value = stats.median;
    latency.source = Source::Measured;
    latency.samples = stats.count;
    qint64 low = std::min(stats.low, stats.median);
    qint64 high = std::max(stats.high, stats.median);
    if (basis.unit == TimeUnit::Nanoseconds) {
        const double share =
            stats.count == 1 ? std::max(leastShare, basis.table->spread(kind)) : leastShare;
        const qint64 least = std::max(leastNs, qint64(std::llround(double(stats.median) * share)));
        low = std::min(low, stats.median - least);
        high = std::max(high, saturatingAdd(stats.median, least));
    }
    latency.low = std::max<qint64>(0, low);
    latency.high = high;
    return latency;
}

/// What counts instructions is held to the same rules as what is timed: of this runtime, in this
/// unit.
void addInstructions(TimingBasis &basis, const Target &target, const Knowledge &knowledge)
{
    const Board *counting = countingBoard(target.board);
    if (!counting || basis.clockHz <= 0) return;
    const QString runtime = runtimeId(target.runtime);
    if (const AtomTable *table = knowledge.instructions.get();
        table && !table->isEmpty() && table->unit() == SampleUnit::Instructions &&
        table->condition().board == counting->id && table->condition().runtime == runtime)
        basis.instructions = table;
    if (const LatencyModel *model = knowledge.instructionModel.get();
        model && model->unit == SampleUnit::Instructions && model->board == counting->id &&
        model->runtime == runtime)
        basis.instructionModel = model;
    basis.cycles = *cyclesPerInstruction(counting->core);
}

/// A sum of doubles back as an amount that fits.
qint64 toAmount(double value)
{
    constexpr double largest = 9.2e18;
    return value >= largest ? std::numeric_limits<qint64>::max()
                            : qint64(std::llround(std::max(0.0, value)));
}

} // namespace

TimingBasis timingBasis(const Target &target, const Knowledge &knowledge)
{
    TimingBasis basis;
    const QString runtime = runtimeId(target.runtime);
    basis.unit = target.board.isVirtual ? TimeUnit::Instructions : TimeUnit::Nanoseconds;
    const SampleUnit wanted =
        target.board.isVirtual ? SampleUnit::Instructions : SampleUnit::Nanoseconds;
    if (const AtomTable *table = knowledge.table.get();
        table && !table->isEmpty() && table->unit() == wanted &&
        table->condition().board == target.board.id && table->condition().runtime == runtime)
        basis.table = table;
    if (basis.table) basis.clockHz = basis.table->condition().clockHz;
    if (const LatencyModel *model = knowledge.model.get();
        model && model->board == target.board.id && model->runtime == runtime &&
        model->unit == wanted &&
        (basis.clockHz == 0 || model->clockHz == 0 || model->clockHz == basis.clockHz)) {
        basis.model = model;
        if (basis.clockHz == 0) basis.clockHz = model->clockHz;
    }
    if (basis.clockHz == 0) basis.clockHz = target.board.clockHz;
    if (target.board.isVirtual) basis.clockHz = 0;
    addInstructions(basis, target, knowledge);
    return basis;
}

Latency operatorLatency(const AtomKey &key, const TimingBasis &basis)
{
    if (basis.table)
        if (const AtomStats *stats = basis.table->find(key))
            return measuredLatency(*stats, key.kind, basis);
    Latency latency;
    if (basis.model) {
        if (const auto estimated = estimate(*basis.model, key)) {
            latency.source = Source::Estimated;
            latency.value = estimated->value;
            latency.low = estimated->low;
            latency.high = estimated->high;
            latency.extrapolated = estimated->extrapolated;
            return latency;
        }
    }
    if (basis.instructions || basis.instructionModel) {
        TimingBasis counted;
        counted.table = basis.instructions;
        counted.model = basis.instructionModel;
        counted.unit = TimeUnit::Instructions;
        return latencyFromInstructions(operatorLatency(key, counted), basis.cycles, basis.clockHz);
    }
    latency.high.reset();
    return latency;
}

void LatencySum::add(AtomKind kind, const Latency &latency)
{
    m_any = true;
    m_worst = std::max(m_worst, latency.source);
    if (latency.source == Source::Missing) return;
    m_value = saturatingAdd(m_value, latency.value);
    m_extrapolated = m_extrapolated || latency.extrapolated;
    m_fromInstructions = m_fromInstructions || latency.fromInstructions;
    Sides &sides = latency.fromInstructions ? m_errors.back() : m_errors[std::size_t(kind)];
    sides.below += double(latency.value) - double(latency.low);
    if (latency.high) sides.above += double(*latency.high) - double(latency.value);
    if (latency.source != Source::Measured) return;
    m_measured = saturatingAdd(m_measured, latency.value);
    m_samples += latency.samples;
}

Latency LatencySum::total() const
{
    Latency total;
    double below = 0, above = 0;
    for (const Sides &sides : m_errors) {
        below += sides.below * sides.below;
        above += sides.above * sides.above;
    }
    total.value = m_value;
    total.low = toAmount(double(m_value) - std::sqrt(below));
    total.high = toAmount(double(m_value) + std::sqrt(above));
    total.source = m_any ? m_worst : Source::Missing;
    total.samples = quint32(std::min<quint64>(m_samples, std::numeric_limits<quint32>::max()));
    total.extrapolated = m_extrapolated;
    total.fromInstructions = m_fromInstructions;
    if (total.source == Source::Missing) total.high.reset();
    return total;
}

} // namespace atomnet
