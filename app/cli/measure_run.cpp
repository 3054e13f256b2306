#include "app/cli/measure_run.h"

#include "app/cli/device_options.h"
#include "core/analysis/knowledge.h"
#include "core/analysis/prediction/refit.h"
#include "core/model/design_file.h"

#include <QElapsedTimer>

#include <algorithm>

namespace atomnet
{

namespace
{

/// The board as AtomDB knows it; one that ships no figures gets those of its hello.
Board boardOf(const DeviceInfo &info)
{
    if (auto known = boardById(info.board)) return *known;
    Board board;
    board.id = board.name = info.board;
    board.core = QStringLiteral("Cortex-M%1").arg(info.hello.core);
    board.sramBytes = info.hello.arena_bytes;
    board.flashBytes = info.hello.window_bytes;
    board.clockHz = info.hello.clock_hz;
    board.isVirtual = info.isVirtual();
    return board;
}

/// The samples of this very condition; none when there are none.
Result<AtomTable> tableOf(const AtomDb &db, const RunCondition &condition)
{
    const auto all = db.conditions();
    if (!all) return tl::make_unexpected(all.error());
    for (const ConditionInfo &info : *all)
        if (info.condition == condition) return db.table(info.id);
    const bool isVirtual = condition.clockHz == 0;
    return AtomTable(condition, isVirtual ? SampleUnit::Instructions : SampleUnit::Nanoseconds, {});
}

/// Models of what was measured here; other boards' runs bring their own up to date.
Result<> refit(AtomDb &db, const std::vector<MeasureRun> &runs, const RunControl &control)
{
    const auto all = db.conditions();
    if (!all) return tl::make_unexpected(all.error());
    for (const ConditionInfo &info : *all) {
        const bool ran = std::any_of(runs.begin(), runs.end(), [&](const MeasureRun &run) {
            return run.condition == info.condition && run.unit == info.unit;
        });
        if (!ran) continue;
        const auto fitted = refreshModel(db, info.id, {control.isCancelled, {}});
        // Too few operators to fit on is no failure.
        if (!fitted && fitted.error().code != ErrorCode::BadInput)
            return tl::make_unexpected(fitted.error());
    }
    return {};
}

class DeviceJob
{
public:
    DeviceJob(const MeasureJob &job, const RunWatcher &watcher, const RunControl &control,
              Session &session, AtomDb &db, DeviceRuns &result)
        : m_job(job)
        , m_watcher(watcher)
        , m_control(control)
        , m_session(session)
        , m_db(db)
        , m_result(result)
    {
    }

    [[nodiscard]] Result<> run()
    {
        if (m_job.conditions.empty()) return underCondition();
        for (const RunConditions &wanted : m_job.conditions) {
            if (const auto set = m_session.setConditions(wanted.conditions, wanted.waitStates);
                !set)
                return tl::make_unexpected(toError(set.error(), m_result.device));
            if (Result<> measured = underCondition(); !measured) return measured;
        }
        return {};
    }

private:
    [[nodiscard]] Result<> underCondition()
    {
        MeasureRun &run = m_result.runs.emplace_back();
        run.condition = m_session.info().condition();
        run.unit =
            m_session.info().isVirtual() ? SampleUnit::Instructions : SampleUnit::Nanoseconds;
        Result<MeasurePlan> plan = this->plan(run.condition);
        if (!plan) return tl::make_unexpected(plan.error());
        run.plan = *std::move(plan);

        MeasureListener listener;
        listener.finished = [&run](const MeasureOutcome &outcome) {
            run.outcomes.push_back(outcome);
        };
        listener.progress = m_watcher.progress;
        listener.note = m_watcher.note;
        QElapsedTimer timer;
        timer.start();
        const auto summary = measure(m_session, run.plan, m_db, m_job.options, listener, m_control);
        run.summary.seconds = timer.elapsed() / 1000;
        if (!summary) return tl::make_unexpected(summary.error());
        run.summary = *summary;
        return m_job.wholeNetwork ? compare(run) : Result<>();
    }

    [[nodiscard]] Result<MeasurePlan> plan(const RunCondition &condition)
    {
        if (m_job.plan) return *m_job.plan;
        auto table = tableOf(m_db, condition);
        if (!table) return tl::make_unexpected(table.error());
        const Board board = boardOf(m_session.info());
        auto knowledge = knowledgeFrom(m_db, board, Runtime::AtomNet1);
        if (!knowledge) return tl::make_unexpected(knowledge.error());
        // Of all that is known of the board only what it measures now counts as measured.
        knowledge->table = std::make_shared<const AtomTable>(*std::move(table));
        return planOf(*m_job.network, board, *knowledge, m_job.options.again);
    }

    [[nodiscard]] Result<> compare(MeasureRun &run)
    {
        const auto table = tableOf(m_db, run.condition);
        if (!table) return tl::make_unexpected(table.error());
        const int otherwise = m_session.info().isVirtual() ? 1 : 10;
        const int wanted = m_job.options.repetitions;
        auto network = measureNetwork(m_session, *m_job.network, *table,
                                      wanted > 0 ? wanted : otherwise, m_control);
        if (!network) return tl::make_unexpected(network.error());
        run.network = *std::move(network);
        return m_db.addNetworkSample(
            run.condition, run.network->unit,
            {m_job.network->name, writeDesign(*m_job.network), run.network->network});
    }

    const MeasureJob &m_job;
    const RunWatcher &m_watcher;
    const RunControl &m_control;
    Session &m_session;
    AtomDb &m_db;
    DeviceRuns &m_result;
};

} // namespace

Result<MeasurePlan> planOf(const Network &network, const Board &board, const Knowledge &knowledge,
                           bool all)
{
    const auto report = analyze(network, {board, Runtime::AtomNet1, 0, 0}, knowledge);
    if (!report) return tl::make_unexpected(report.error());
    return planFor(network, *report, all);
}

DeviceRuns measureOn(const QString &device, const MeasureJob &job, const RunWatcher &watcher,
                     const RunControl &control)
{
    DeviceRuns result;
    result.device = device;
    auto db = AtomDb::open(job.dbPath);
    if (!db) {
        result.error = db.error();
        return result;
    }
    auto session = openDevice(device);
    if (!session) {
        result.error = session.error();
        return result;
    }
    result.summary = session->info().summary();
    if (Result<> ran = DeviceJob(job, watcher, control, *session, *db, result).run(); !ran)
        result.error = ran.error();
    // What was measured is stored in any case; a model can be fitted later as well.
    if (const Result<> fitted = refit(*db, result.runs, control);
        !fitted && fitted.error().code != ErrorCode::Cancelled && watcher.note)
        watcher.note(QStringLiteral("no latency model was fitted on the new samples: %1")
                         .arg(fitted.error().message()));
    return result;
}

} // namespace atomnet
