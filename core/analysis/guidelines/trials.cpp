#include "core/analysis/guidelines/trials.h"

#include <algorithm>

namespace atomnet
{

namespace
{

/// Analysing takes about a microsecond an operator; our own runtime also plans an arena, which
/// takes some ten microseconds an operator.
int mostTrials(const Report &report)
{
    const int atoms = std::max(1, int(report.layers.size()));
    return report.target.runtime == Runtime::AtomNet1 ? std::clamp(3'000 / atoms, 4, 64)
                                                      : std::clamp(12'000 / atoms, 8, 200);
}

} // namespace

Trials::Trials(const Network &network, const Report &report, const Knowledge &knowledge,
               const RunControl &control)
    : m_network(network)
    , m_report(report)
    , m_control(control)
    , m_analyzer(report.target, knowledge)
    , m_left(mostTrials(report))
{
}

std::optional<Trials::Outcome> Trials::run(const std::vector<Edit> &edits)
{
    if (edits.empty() || stopped()) return std::nullopt;
    Outcome outcome{m_network, {}, {}};
    for (const Edit &edit : edits) {
        auto next = atomnet::apply(outcome.network, edit);
        if (!next) return std::nullopt;
        outcome.network = *std::move(next);
    }
    if (outcome.network == m_network) return std::nullopt;
    --m_left;
    auto report = m_analyzer.analyze(outcome.network, {m_control.isCancelled, {}});
    if (!report) return std::nullopt;
    outcome.report = *std::move(report);
    outcome.effect = effectOf(m_report, outcome.report);
    return outcome;
}

Effect effectOf(const Report &before, const Report &after)
{
    return {after.macs - before.macs, after.latency.value - before.latency.value,
            after.sram.value - before.sram.value, after.flash.value - before.flash.value};
}

bool harmless(const Report &before, const Report &after)
{
    const auto grows = [](qint64 from, qint64 to) {
        constexpr double bearable = 1.02;
        return double(to) > bearable * double(from);
    };
    if (before.fits && !after.fits) return false;
    if (grows(before.sram.value, after.sram.value)) return false;
    if (grows(before.flash.value, after.flash.value)) return false;
    if (before.latency.value == 0) return true;
    return after.missingLayers <= before.missingLayers &&
           !grows(before.latency.value, after.latency.value);
}

} // namespace atomnet
