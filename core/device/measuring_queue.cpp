#include "core/device/measuring_queue.h"

#include <QElapsedTimer>
#include <QSet>

#include <algorithm>
#include <chrono>
#include <numeric>
#include <thread>

namespace atomnet
{

namespace
{

constexpr int mostAttempts =
    4;                        ///< the first and three more, of an operator whose repetitions spread
constexpr int mostLosses = 2; ///< of the board in one operator, before it is given up
constexpr int mostLies = 3;   ///< impossible answers in a row, before the board is
constexpr auto pauseStep = std::chrono::milliseconds(20);

/// Predicts from the work done so far. Work: multiply-accumulates and as much again as every
/// operator costs.
class Eta
{
public:
    explicit Eta(qint64 all) : m_left(all) {}
    static qint64 workOf(const AtomKey &key)
    {
        constexpr qint64 perOperator = 50'000;
        return macsOf(key) + elementwiseMacsOf(key) + perOperator;
    }
    void skipped(qint64 work) { m_left -= work; }
    void measured(qint64 work, qint64 nanoseconds)
    {
        m_left -= work;
        m_done += work;
        m_nanoseconds += nanoseconds;
    }
    /// -1 until something was measured.
    [[nodiscard]] qint64 milliseconds() const
    {
        if (m_done == 0) return -1;
        return qint64(double(m_nanoseconds) / double(m_done) * double(m_left) / 1e6);
    }

private:
    qint64 m_left, m_done = 0, m_nanoseconds = 0;
};

class Run
{
public:
    Run(Session &session, const MeasurePlan &plan, AtomDb &db, const MeasureOptions &options,
        const MeasureListener &listener, const RunControl &control, const PauseSwitch *pause)
        : m_session(session)
        , m_plan(plan)
        , m_db(db)
        , m_options(options)
        , m_listener(listener)
        , m_control(control)
        , m_pause(pause)
    {
    }
    [[nodiscard]] Result<MeasureSummary> run();

private:
    [[nodiscard]] Result<> prepare();
    [[nodiscard]] Result<> readKnown();
    [[nodiscard]] Result<> waitWhilePaused();
    [[nodiscard]] Result<MeasureOutcome> measureItem(int index);
    [[nodiscard]] Result<MeasureOutcome> measureOn(int index, const ap_operator_t &op);
    [[nodiscard]] Result<> lost(const LinkError &error);
    [[nodiscard]] Result<> sameCondition();
    [[nodiscard]] Result<> store(const AtomKey &key, const OperatorResult &result);
    void count(const MeasureOutcome &outcome);
    void note(const QString &text) const
    {
        if (m_listener.note) m_listener.note(text);
    }
    [[nodiscard]] tl::unexpected<Error> stopped() const
    {
        return fail(ErrorCode::Cancelled,
                    QStringLiteral("measuring was stopped; what was measured is kept, and the same "
                                   "again goes on behind it"));
    }
    [[nodiscard]] Error errorOf(const LinkError &error) const
    {
        return toError(error, m_session.link().name());
    }
    [[nodiscard]] int repetitions() const
    {
        if (m_options.repetitions > 0)
            return std::min(m_options.repetitions, int(m_session.info().hello.max_repetitions));
        return m_session.info().isVirtual() ? 1 : 10;
    }
    /// Under which name AtomDB keeps the samples.
    [[nodiscard]] QString source() const
    {
        const DeviceInfo &info = m_session.info();
        return info.isVirtual() ? info.board : info.board + u' ' + info.uniqueId;
    }

    Session &m_session;
    const MeasurePlan &m_plan;
    AtomDb &m_db;
    const MeasureOptions &m_options;
    const MeasureListener &m_listener;
    const RunControl &m_control;
    const PauseSwitch *const m_pause;

    QSet<AtomKey> m_known;
    MeasureSummary m_summary;
    int m_lies = 0;
};

Result<MeasureSummary> Run::run()
{
    QElapsedTimer clock;
    clock.start();
    if (Result<> ready = prepare(); !ready) return tl::make_unexpected(ready.error());

    std::vector<int> order(m_plan.items.size());
    std::iota(order.begin(), order.end(), 0);
    const auto itemOf = [this](int index) -> const PlanItem & {
        return m_plan.items[std::size_t(index)];
    };
    std::stable_sort(order.begin(), order.end(),
                     [&](int a, int b) { return itemOf(a).weight > itemOf(b).weight; });
    qint64 work = 0;
    for (const PlanItem &item : m_plan.items)
        work += Eta::workOf(item.key);
    Eta eta(work);

    int done = 0;
    for (const int index : order) {
        if (Result<> going = waitWhilePaused(); !going) return tl::make_unexpected(going.error());
        QElapsedTimer timer;
        timer.start();
        const Result<MeasureOutcome> outcome = measureItem(index);
        if (!outcome) return tl::make_unexpected(outcome.error());
        const qint64 itemWork = Eta::workOf(itemOf(index).key);
        if (outcome->what == MeasureOutcome::What::Measured)
            eta.measured(itemWork, timer.nsecsElapsed());
        else
            eta.skipped(itemWork);
        count(*outcome);
        if (m_listener.finished) m_listener.finished(*outcome);
        if (m_listener.progress) m_listener.progress(++done, int(order.size()), eta.milliseconds());
        m_control.progress(double(done) / double(order.size()));
    }
    m_summary.seconds = (clock.elapsed() + 500) / 1000;
    return m_summary;
}

Result<> Run::prepare()
{
    if (!m_session.trusted()) {
        note(QStringLiteral("checking the board against this computer"));
        if (const LinkResult<> trusted = m_session.trust(m_control); !trusted)
            return tl::make_unexpected(errorOf(trusted.error()));
    }
    m_summary.condition = m_session.info().condition();
    return m_options.again ? Result<>() : readKnown();
}

/// The keys that have samples of the board's own condition.
Result<> Run::readKnown()
{
    const Result<std::vector<ConditionInfo>> conditions = m_db.conditions();
    if (!conditions) return tl::make_unexpected(conditions.error());
    for (const ConditionInfo &condition : *conditions) {
        if (!(condition.condition == m_summary.condition)) continue;
        const Result<AtomTable> table = m_db.table(condition.id);
        if (!table) return tl::make_unexpected(table.error());
        for (const AtomTable::Row &row : table->rows())
            m_known.insert(row.key);
    }
    return {};
}

Result<> Run::waitWhilePaused()
{
    if (m_control.cancelled()) return stopped();
    if (!m_pause || !m_pause->paused()) return {};
    note(QStringLiteral("paused"));
    while (m_pause->paused()) {
        if (m_control.cancelled()) return stopped();
        std::this_thread::sleep_for(pauseStep);
    }
    note(QStringLiteral("going on"));
    return {};
}

Result<MeasureOutcome> Run::measureItem(int index)
{
    using What = MeasureOutcome::What;
    const PlanItem &item = m_plan.items[std::size_t(index)];
    MeasureOutcome outcome;
    outcome.item = index;
    if (m_known.contains(item.key)) {
        outcome.what = What::Known;
        return outcome;
    }
    const Result<ap_operator_t> op = operatorRequest(item.key, item.place);
    if (!op) {
        outcome.what = What::Failed;
        outcome.reason = op.error().what;
        return outcome;
    }
    outcome.reason = whyNotOn(m_session.info().hello, item.key, *op);
    if (!outcome.reason.isEmpty()) {
        outcome.what = What::DoesNotFit;
        return outcome;
    }
    return measureOn(index, *op);
}

Result<MeasureOutcome> Run::measureOn(int index, const ap_operator_t &op)
{
    using What = MeasureOutcome::What;
    MeasureOutcome outcome;
    outcome.item = index;
    std::optional<OperatorResult> best;
    int losses = 0;
    for (int attempt = 0; attempt < mostAttempts;) {
        const LinkResult<OperatorResult> result = m_session.run(op, repetitions(), m_control);
        if (result) {
            m_lies = 0;
            if (!best || result->spread() < best->spread()) best = *result;
            if (best->spread() <= m_options.spreadLimit) break;
            ++attempt;
            continue;
        }
        const LinkError &error = result.error();
        if (m_control.cancelled() || error.fault == LinkFault::Interrupted) return stopped();
        outcome.reason = error.what;
        switch (error.fault) {
        case LinkFault::Refused:
            outcome.what = error.status == AP_DOES_NOT_FIT ? What::DoesNotFit : What::Failed;
            return outcome;
        case LinkFault::Faulted:
            outcome.what = What::Failed;
            return outcome;
        case LinkFault::Protocol:
            // One wrong output may be this kernel's fault; many are the board's.
            if (++m_lies >= mostLies) return tl::make_unexpected(errorOf(error));
            outcome.what = What::Failed;
            return outcome;
        case LinkFault::Gone:
        case LinkFault::Timeout:
            if (Result<> back = lost(error); !back) return tl::make_unexpected(back.error());
            if (++losses < mostLosses) break;
            outcome.what = What::Failed;
            outcome.reason =
                QStringLiteral("the board was lost %1 times while it ran this").arg(losses);
            return outcome;
        default:
            return tl::make_unexpected(errorOf(error));
        }
    }
    if (Result<> same = sameCondition(); !same) return tl::make_unexpected(same.error());
    outcome.result = *best;
    outcome.wideSpread = best->spread() > m_options.spreadLimit;
    const AtomKey &key = m_plan.items[std::size_t(index)].key;
    if (Result<> stored = store(key, *best); !stored) return tl::make_unexpected(stored.error());
    m_known.insert(key);
    return outcome;
}

/// Waits for the board to come back.
Result<> Run::lost(const LinkError &error)
{
    note(QStringLiteral("%1; waiting for the board").arg(error.what));
    if (m_listener.waiting) m_listener.waiting();
    const LinkResult<> back = m_session.reconnect(m_options.reconnectMs, m_control);
    if (m_control.cancelled()) return stopped();
    if (!back) {
        Error failed = errorOf(back.error());
        failed.what += QStringLiteral("; what was measured is kept, and the same again goes on "
                                      "behind it");
        return tl::make_unexpected(failed);
    }
    if (Result<> same = sameCondition(); !same) return same;
    note(QStringLiteral("the board is back, going on"));
    if (m_listener.resumed) m_listener.resumed();
    return {};
}

Result<> Run::sameCondition()
{
    const RunCondition now = m_session.info().condition();
    if (now == m_summary.condition) return {};
    const auto text = [](const RunCondition &c) {
        return QStringLiteral("%1 at %2 Hz, caches %3, kernels %4")
            .arg(c.board)
            .arg(c.clockHz)
            .arg(c.caches, c.kernelVersion);
    };
    return fail(
        ErrorCode::Device,
        QStringLiteral("the board runs under another condition than when measuring began (%1, "
                       "then %2); samples of both are not mixed, measure again")
            .arg(text(m_summary.condition), text(now)),
        m_session.link().name());
}

Result<> Run::store(const AtomKey &key, const OperatorResult &result)
{
    Sample sample;
    sample.key = key;
    sample.unit = result.unit;
    sample.value = std::max<qint64>(result.median, 1);
    if (result.unit == SampleUnit::Nanoseconds) sample.cycles = result.raw.median;
    const Result<qint64> added =
        m_db.addSamples(m_summary.condition, source(), {sample}, Occurrences::AllNew);
    if (!added) return tl::make_unexpected(added.error());
    return {};
}

void Run::count(const MeasureOutcome &outcome)
{
    switch (outcome.what) {
    case MeasureOutcome::What::Measured:
        ++m_summary.measured;
        break;
    case MeasureOutcome::What::Known:
        ++m_summary.known;
        break;
    case MeasureOutcome::What::DoesNotFit:
        ++m_summary.doesNotFit;
        break;
    case MeasureOutcome::What::Failed:
        ++m_summary.failed;
        break;
    }
}

} // namespace

Result<MeasureSummary> measure(Session &session, const MeasurePlan &plan, AtomDb &db,
                               const MeasureOptions &options, const MeasureListener &listener,
                               const RunControl &control, const PauseSwitch *pause)
{
    return Run(session, plan, db, options, listener, control, pause).run();
}

} // namespace atomnet
