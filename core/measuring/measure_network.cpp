#include "core/measuring/design_plan.h"

#include <limits>

namespace atomnet
{

namespace
{

/// Why the board cannot run the network, "" when it can.
QString whyNot(const ap_hello_t &hello, const NetworkPlan &plan)
{
    if (plan.begin.arena_bytes > hello.arena_bytes)
        return QStringLiteral("the network needs %1 bytes of RAM, the board has %2")
            .arg(plan.begin.arena_bytes)
            .arg(hello.arena_bytes);
    if (plan.steps.size() > hello.max_steps)
        return QStringLiteral("the network has %1 operators, the firmware takes up to %2")
            .arg(plan.steps.size())
            .arg(hello.max_steps);
    for (std::size_t i = 0; i < plan.steps.size(); ++i)
        if (const QString why = whyNotOn(hello, plan.keys[i], plan.steps[i]); !why.isEmpty())
            return QStringLiteral("%1: %2").arg(plan.layers[qsizetype(i)], why);
    return {};
}

/// Instructions as they are, cycles as nanoseconds.
qint64 inUnit(qint64 counted, SampleUnit unit, qint64 clockHz)
{
    if (unit == SampleUnit::Instructions || clockHz == 0) return counted;
    return qint64(double(counted) * 1e9 / double(clockHz) + 0.5);
}

} // namespace

Result<NetworkComparison> measureNetwork(Session &session, const Network &network,
                                         const AtomTable &table, int repetitions,
                                         const RunControl &control)
{
    const ap_hello_t &hello = session.info().hello;
    const Result<NetworkPlan> plan = networkPlan(network, hello.window_bytes);
    if (!plan) return tl::make_unexpected(plan.error());
    if (const QString why = whyNot(hello, *plan); !why.isEmpty())
        return fail(ErrorCode::BadInput, why, network.name);
    if (!session.trusted())
        if (const LinkResult<> trusted = session.trust(control); !trusted)
            return tl::make_unexpected(toError(trusted.error(), session.link().name()));
    const LinkResult<Session::NetworkResult> run =
        session.runNetwork(plan->begin, plan->steps, repetitions, control);
    if (!run) return tl::make_unexpected(toError(run.error(), session.link().name()));

    NetworkComparison comparison;
    comparison.network = run->total.median;
    comparison.unit = run->total.unit;
    const bool sameCondition =
        table.condition() == session.info().condition() && table.unit() == comparison.unit;
    qint64 sum = 0;
    bool complete = true;
    for (std::size_t i = 0; i < plan->steps.size(); ++i) {
        NetworkComparison::Step step;
        step.layer = plan->layers[qsizetype(i)];
        if (i < run->stepCycles.size())
            step.inNetwork = inUnit(run->stepCycles[i], comparison.unit, hello.clock_hz);
        const AtomStats *stats = sameCondition ? table.findExact(plan->keys[i]) : nullptr;
        if (stats) {
            step.alone = stats->median;
            sum += stats->median;
        } else {
            complete = false;
        }
        comparison.steps.push_back(step);
    }
    if (complete) comparison.sum = sum;
    return comparison;
}

} // namespace atomnet
