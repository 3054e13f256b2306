#include "widgets/dashboards/chart_bars.h"

#include <QHash>

#include <algorithm>
#include <array>
#include <cmath>

namespace atomnet
{

namespace
{

constexpr double kib = 1024.0;

ChartBars emptyBars(int parts, qsizetype layers, const QString &unit, double unitSize)
{
    ChartBars bars;
    bars.unit = unit;
    bars.unitSize = unitSize;
    bars.parts.resize(parts);
    for (QList<double> &part : bars.parts)
        part.fill(0, layers);
    return bars;
}

void addBudget(ChartBars &bars, const Budget &budget)
{
    bars.top = std::max({bars.top, double(budget.high) / kib, double(budget.value) / kib});
    if (budget.limit <= 0 || budget.fit == Fit::NoLimit) return;
    bars.limit = double(budget.limit) / kib;
    bars.available = double(budget.available) / kib;
    bars.top = std::max(bars.top, *bars.limit);
}

void raiseTop(ChartBars &bars)
{
    for (int layer = 0; layer < bars.layers(); ++layer)
        bars.top = std::max(bars.top, bars.total(layer));
    for (const Whisker &whisker : std::as_const(bars.whiskers))
        bars.top = std::max(bars.top, whisker.high);
}

/// The unit in which the largest figure has one to four digits before the point.
void chooseTimeUnit(ChartBars &bars, TimeUnit unit, double largest)
{
    struct Step {
        double size;
        const char *name;
    };
    static constexpr std::array<Step, 3> times{{{1e6, "ms"}, {1e3, "\u00b5s"}, {1, "ns"}}};
    static constexpr std::array<Step, 3> counts{
        {{1e6, "M instructions"}, {1e3, "k instructions"}, {1, "instructions"}}};
    const auto &steps = unit == TimeUnit::Nanoseconds ? times : counts;
    const auto found = std::find_if(steps.begin(), steps.end() - 1,
                                    [largest](const Step &step) { return largest >= step.size; });
    bars.unit = QString::fromUtf8(found->name);
    bars.unitSize = found->size;
}

} // namespace

double ChartBars::total(int layer) const
{
    double sum = 0;
    for (const QList<double> &part : parts)
        sum += part[layer];
    return sum;
}

ChartBars toMemoryBars(const Report &report)
{
    ChartBars bars =
        emptyBars(memoryPartCount, qsizetype(report.layers.size()), QStringLiteral("KiB"), kib);
    for (std::size_t i = 0; i < report.layers.size(); ++i) {
        const SramParts &sram = report.layers[i].sram;
        const std::array<qint64, memoryPartCount> values{sram.input, sram.output, sram.held,
                                                         sram.pad, sram.scratch};
        for (int part = 0; part < memoryPartCount; ++part)
            bars.parts[part][qsizetype(i)] = double(values[std::size_t(part)]) / kib;
    }
    bars.peak = report.peak.layer;
    if (bars.peak >= 0 && report.sram.high > report.sram.low)
        bars.whiskers.append(
            {bars.peak, double(report.sram.low) / kib, double(report.sram.high) / kib});
    addBudget(bars, report.sram);
    raiseTop(bars);
    return bars;
}

ChartBars toFlashBars(const Report &report)
{
    ChartBars bars =
        emptyBars(flashPartCount, qsizetype(report.layers.size()), QStringLiteral("KiB"), kib);
    for (std::size_t i = 0; i < report.layers.size(); ++i) {
        const Layer &layer = report.layers[i];
        const qint64 earlier =
            layer.flashCumulativeBytes - layer.flashBytes - report.flashCodeBytes;
        bars.parts[0][qsizetype(i)] = double(report.flashCodeBytes) / kib;
        bars.parts[1][qsizetype(i)] = double(std::max<qint64>(0, earlier)) / kib;
        bars.parts[2][qsizetype(i)] = double(layer.flashBytes) / kib;
    }
    const int last = bars.layers() - 1;
    if (last >= 0 && report.flash.high > report.flash.low)
        bars.whiskers.append(
            {last, double(report.flash.low) / kib, double(report.flash.high) / kib});
    addBudget(bars, report.flash);
    raiseTop(bars);
    return bars;
}

ChartBars toLatencyBars(const Report &report)
{
    ChartBars bars = emptyBars(latencyPartCount, qsizetype(report.layers.size()), {}, 1);
    qint64 largest = 0;
    for (const Layer &layer : report.layers)
        largest = std::max(largest, layer.latency.high.value_or(layer.latency.value));
    chooseTimeUnit(bars, report.unit, double(largest));
    for (std::size_t i = 0; i < report.layers.size(); ++i) {
        const Latency &latency = report.layers[i].latency;
        const int layer = int(i);
        if (latency.source == Source::Missing) {
            bars.missing.append(layer);
            continue;
        }
        const int part = latency.source == Source::Measured ? 0 : 1;
        bars.parts[part][layer] = double(latency.value) / bars.unitSize;
        const qint64 high = latency.high.value_or(latency.value);
        if (high > latency.low)
            bars.whiskers.append(
                {layer, double(latency.low) / bars.unitSize, double(high) / bars.unitSize});
    }
    raiseTop(bars);
    return bars;
}

QList<Ghost> toGhosts(const Report &now, const ChartBars &nowBars, const Report &before,
                      const ChartBars &beforeBars)
{
    const auto identity = [](const Layer &layer) {
        const Atom &atom = layer.atom;
        return (quint64(atom.blockId.value) << 32) | (quint64(quint16(atom.repeat)) << 8) |
               quint64(atom.role);
    };
    // A role can stand twice in a block (two pads): the nth of one is the nth of the other.
    QHash<quint64, QList<int>> places;
    for (int i = int(before.layers.size()) - 1; i >= 0; --i)
        places[identity(before.layers[std::size_t(i)])].append(i);
    const double ratio = beforeBars.unitSize / nowBars.unitSize;
    QList<Ghost> ghosts;
    for (int i = 0; i < int(now.layers.size()); ++i) {
        const auto found = places.find(identity(now.layers[std::size_t(i)]));
        if (found == places.end() || found->isEmpty()) continue;
        const double value = beforeBars.total(found->takeLast()) * ratio;
        if (std::abs(value - nowBars.total(i)) > 1e-9 * std::max(1.0, value))
            ghosts.append({i, value});
    }
    return ghosts;
}

} // namespace atomnet
