#include "widgets/document/device_service.h"

#include "core/model/design_file.h"
#include "widgets/document/device_plug.h"

#include <QElapsedTimer>
#include <QThread>
#include <QThreadPool>

#include <map>

namespace atomnet
{

namespace
{

constexpr qint64 progressEveryMs = 40; ///< a bar needs no more

QString nameOf(const DeviceAddress &address)
{
    return toString(address);
}

} // namespace

DeviceAccess DeviceAccess::real()
{
    return {atomnet::makeLink, atomnet::findDevices,
            [](std::function<void()> changed) -> std::shared_ptr<void> {
                return std::make_shared<DeviceWatcher>(std::move(changed));
            }};
}

struct DeviceService::Private {
    Private(DeviceService *owner, QString path, DeviceAccess how)
        : q(owner), database(std::move(path)), access(std::move(how)), plug(access.makeLink)
    {
        jobs.setMaxThreadCount(1);
        looks.setMaxThreadCount(1);
    }

    using Outcome = std::function<void()>; ///< runs on the service's thread
    using Work = std::function<Outcome(const RunControl &)>;

    DeviceService *q;
    QString database;
    DeviceAccess access;
    DevicePlug plug;
    std::map<QString, quint32> conditions;
    std::vector<FoundDevice> devices;
    std::shared_ptr<std::atomic_bool> stop = std::make_shared<std::atomic_bool>(false);
    PauseSwitch pause;
    int running = 0;
    bool looking = false, lookAgain = false;
    QThreadPool jobs, looks;
    std::shared_ptr<void> watcher;

    /// Calls `tell` on the service's thread.
    void post(std::function<void()> tell) { QMetaObject::invokeMethod(q, std::move(tell)); }
    void note(const QString &line)
    {
        post([this, line] { Q_EMIT q->note(line); });
    }

    [[nodiscard]] Outcome failure(const Error &error)
    {
        if (error.code == ErrorCode::Cancelled) return [] {};
        return [this, error] { Q_EMIT q->failed(error); };
    }

    void enqueue(QThreadPool &pool, Work work)
    {
        ++running;
        pool.start([this, work = std::move(work), stop = stop] {
            RunControl control;
            control.isCancelled = [stop] { return stop->load(); };
            control.reportProgress = throttled();
            const Outcome outcome = stop->load() ? Outcome([] {}) : work(control);
            post([this, outcome] {
                outcome();
                --running;
                Q_EMIT q->finished();
            });
        });
    }

    std::function<void(double)> throttled()
    {
        auto last = std::make_shared<QElapsedTimer>();
        return [this, last](double share) {
            if (last->isValid() && last->elapsed() < progressEveryMs && share < 1) return;
            last->start();
            post([this, share] { Q_EMIT q->progress(int(share * 1000), 1000, -1); });
        };
    }

    /// A session with the conditions that were asked for, which has said hello to the window.
    Result<Session> open(const DeviceAddress &address, std::optional<quint32> wanted,
                         const RunControl &control)
    {
        auto session = Session::open(plug.link(address, control.isCancelled));
        if (!session) return tl::make_unexpected(toError(session.error(), nameOf(address)));
        const ap_hello_t &hello = session->info().hello;
        if (wanted && (*wanted & hello.conditions_supported) != hello.conditions)
            if (const auto set = session->setConditions(*wanted & hello.conditions_supported); !set)
                return tl::make_unexpected(toError(set.error(), nameOf(address)));
        post([this, address, info = session->info()] { Q_EMIT q->connected(address, info); });
        return std::move(*session);
    }
    /// The same, ready to be believed.
    Result<Session> openTrusted(const DeviceAddress &address, std::optional<quint32> wanted,
                                const RunControl &control)
    {
        Result<Session> session = open(address, wanted, control);
        if (!session) return session;
        note(QStringLiteral("connected to %1").arg(session->info().summary()));
        if (const auto trusted = session->trust(control); !trusted)
            return tl::make_unexpected(toError(trusted.error(), nameOf(address)));
        note(QStringLiteral("self-test passed"));
        return session;
    }
    /// Until the plug is in again; false: cancelled meanwhile.
    bool waitForPlug(const RunControl &control)
    {
        note(unpluggedSentence() + QStringLiteral("; waiting for it"));
        post([this] { Q_EMIT q->waiting(); });
        while (!plug.plugged()) {
            if (control.cancelled()) return false;
            QThread::msleep(20);
        }
        post([this] { Q_EMIT q->resumed(); });
        return true;
    }
    /// As openTrusted(), but a virtual board whose plug is pulled before the run has begun is
    /// waited for as it is later.
    Result<Session> openPatiently(const DeviceAddress &address, std::optional<quint32> wanted,
                                  const RunControl &control)
    {
        for (;;) {
            Result<Session> session = openTrusted(address, wanted, control);
            if (session || plug.plugged() || !waitForPlug(control)) return session;
        }
    }
    [[nodiscard]] std::optional<quint32> conditionsOf(const DeviceAddress &address) const
    {
        const auto found = conditions.find(toString(address));
        return found == conditions.end() ? std::nullopt : std::optional(found->second);
    }

    Outcome measurePlan(const DeviceAddress &address, const MeasurePlan &plan,
                        const MeasureOptions &options, const QString &path,
                        std::optional<quint32> wanted, const RunControl &control);
    void measuredOne(const MeasureOutcome &outcome, const PlanItem &item);
    void look();
};

void DeviceService::Private::measuredOne(const MeasureOutcome &outcome, const PlanItem &item)
{
    const QString name = item.layer.isEmpty() ? describe(item.key) : item.layer;
    if (outcome.what == MeasureOutcome::What::Failed ||
        outcome.what == MeasureOutcome::What::DoesNotFit)
        note(QStringLiteral("%1: %2").arg(name, outcome.reason));
    else if (outcome.wideSpread)
        note(QStringLiteral("%1: spread %2 % in every attempt; kept and flagged")
                 .arg(name)
                 .arg(100 * outcome.result.spread(), 0, 'f', 1));
    post([this, outcome, item] { Q_EMIT q->measured(outcome, item); });
}

DeviceService::Private::Outcome
DeviceService::Private::measurePlan(const DeviceAddress &address, const MeasurePlan &plan,
                                    const MeasureOptions &options, const QString &path,
                                    std::optional<quint32> wanted, const RunControl &control)
{
    post([this, count = int(plan.items.size())] { Q_EMIT q->planned(count); });
    if (plan.items.empty()) return [] {};
    // Connections belong to their thread: this run's own.
    Result<AtomDb> db = AtomDb::open(path);
    if (!db) return failure(db.error());
    Result<Session> session = openPatiently(address, wanted, control);
    if (!session) return control.cancelled() ? Outcome([] {}) : failure(session.error());

    MeasureListener listener;
    listener.finished = [this, &plan](const MeasureOutcome &outcome) {
        measuredOne(outcome, plan.items[std::size_t(outcome.item)]);
    };
    QElapsedTimer last;
    listener.progress = [this, &last](int done, int all, qint64 etaMs) {
        if (last.isValid() && last.elapsed() < progressEveryMs && done < all) return;
        last.start();
        post([this, done, all, etaMs] { Q_EMIT q->progress(done, all, etaMs); });
    };
    listener.note = [this](const QString &line) { note(line); };
    listener.waiting = [this] { post([this] { Q_EMIT q->waiting(); }); };
    listener.resumed = [this] { post([this] { Q_EMIT q->resumed(); }); };
    const Result<MeasureSummary> summary =
        atomnet::measure(*session, plan, *db, options, listener, control, &pause);
    if (!summary) return failure(summary.error());
    return [this, summary = *summary] { Q_EMIT q->measuringDone(summary); };
}

void DeviceService::Private::look()
{
    if (std::exchange(looking, true)) {
        lookAgain = true;
        return;
    }
    looks.start([this] {
        std::vector<FoundDevice> found = access.find();
        post([this, found = std::move(found)]() mutable {
            looking = false;
            for (FoundDevice &device : found)
                if (device.what == FoundDevice::What::VirtualBoard && !plug.plugged())
                    device.problem = unpluggedSentence();
            if (found != devices) {
                devices = std::move(found);
                Q_EMIT q->devicesChanged();
            }
            if (std::exchange(lookAgain, false)) look();
        });
    });
}

DeviceService::DeviceService(QString databasePath, QObject *parent, DeviceAccess access)
    : QObject(parent)
    , d(std::make_unique<Private>(this, std::move(databasePath), std::move(access)))
{
    if (d->access.watch)
        d->watcher =
            d->access.watch([this] { QMetaObject::invokeMethod(this, &DeviceService::refresh); });
}

DeviceService::~DeviceService()
{
    d->watcher.reset();
    cancel();
    d->jobs.waitForDone();
    d->looks.waitForDone();
}

const std::vector<FoundDevice> &DeviceService::devices() const
{
    return d->devices;
}

bool DeviceService::busy() const
{
    return d->running > 0;
}

void DeviceService::refresh()
{
    d->look();
}

void DeviceService::setDatabasePath(const QString &path)
{
    d->database = path;
}

void DeviceService::setConditions(const DeviceAddress &address, std::optional<quint32> conditions)
{
    if (conditions)
        d->conditions[toString(address)] = *conditions;
    else
        d->conditions.erase(toString(address));
}

void DeviceService::connectTo(const DeviceAddress &address)
{
    d->enqueue(d->jobs,
               [this, address, wanted = d->conditionsOf(address)](const RunControl &control) {
                   const Result<Session> session = d->open(address, wanted, control);
                   return session ? Private::Outcome([] {}) : d->failure(session.error());
               });
}

void DeviceService::measure(const DeviceAddress &address, const MeasurePlan &plan,
                            const MeasureOptions &options)
{
    d->enqueue(d->jobs, [=, this, path = d->database,
                         wanted = d->conditionsOf(address)](const RunControl &control) {
        return d->measurePlan(address, plan, options, path, wanted, control);
    });
}

void DeviceService::measureDesign(const DeviceAddress &address, const Network &network,
                                  const Target &target, const Knowledge &knowledge, bool all,
                                  const MeasureOptions &options)
{
    d->enqueue(d->jobs, [=, this, path = d->database,
                         wanted = d->conditionsOf(address)](const RunControl &control) {
        const Result<Report> report = analyze(network, target, knowledge);
        if (!report) return d->failure(report.error());
        const Result<MeasurePlan> plan = planFor(network, *report, all);
        if (!plan) return d->failure(plan.error());
        return d->measurePlan(address, *plan, options, path, wanted, control);
    });
}

void DeviceService::measureNetwork(const DeviceAddress &address, const Network &network)
{
    d->enqueue(d->jobs, [=, this, path = d->database,
                         wanted = d->conditionsOf(address)](const RunControl &control) {
        Result<Session> session = d->openTrusted(address, wanted, control);
        if (!session) return d->failure(session.error());
        AtomTable table;
        {
            const Result<AtomDb> db = AtomDb::open(path);
            if (!db) return d->failure(db.error());
            const RunCondition condition = session->info().condition();
            Result<AtomTable> loaded = db->table(condition.board, condition.runtime);
            if (!loaded) return d->failure(loaded.error());
            table = std::move(*loaded);
        }
        const int repetitions = session->info().isVirtual() ? 1 : 10;
        const Result<NetworkComparison> comparison =
            atomnet::measureNetwork(*session, network, table, repetitions, control);
        if (!comparison) return d->failure(comparison.error());
        // Opened anew: the board may have taken long, and others write there too.
        Result<AtomDb> db = AtomDb::open(path);
        if (!db) return d->failure(db.error());
        if (const Result<> kept = db->addNetworkSample(
                session->info().condition(), comparison->unit,
                {network.name, writeDesign(network), comparison->network});
            !kept)
            return d->failure(kept.error());
        return Private::Outcome([this, network, comparison = *comparison] {
            Q_EMIT networkMeasured(network, comparison);
        });
    });
}

void DeviceService::validate(const DeviceAddress &address, const Network &network,
                             const ValidationRequest &request)
{
    d->enqueue(d->jobs, [=, this](const RunControl &control) {
        const Result<Validation> validation = validateDesign(network, address, request, control);
        if (!validation) return d->failure(validation.error());
        return Private::Outcome([this, result = *validation] { Q_EMIT validated(result); });
    });
}

void DeviceService::flash(const FlashRequest &request)
{
    d->enqueue(d->jobs, [=, this](const RunControl &control) {
        const Result<FlashReport> report = atomnet::flash(
            request, control, [this](const QString &line) { d->note(line.trimmed()); });
        if (!report) return d->failure(report.error());
        return Private::Outcome([this, report = *report] { Q_EMIT flashed(report); });
    });
}

void DeviceService::describeFlash(const FlashRequest &request)
{
    d->enqueue(d->jobs, [=, this](const RunControl &control) {
        const Result<QString> what = describeFlashContents(request, control);
        if (!what) return d->failure(what.error());
        return Private::Outcome([this, what = *what] { Q_EMIT flashContents(what); });
    });
}

void DeviceService::examine(const QString &boardId)
{
    // Among the jobs: the doctor says hello too, and a board has one guest at a time.
    d->enqueue(d->jobs, [=, this](const RunControl &control) {
        const std::vector<Finding> findings = atomnet::examine(boardId, control);
        if (control.cancelled()) return Private::Outcome([] {});
        return Private::Outcome([this, findings] { Q_EMIT examined(findings); });
    });
}

void DeviceService::setPaused(bool paused)
{
    d->pause.set(paused);
}

bool DeviceService::paused() const
{
    return d->pause.paused();
}

void DeviceService::cancel()
{
    d->stop->store(true);
    d->stop = std::make_shared<std::atomic_bool>(false); // what is asked from now on runs
    d->pause.set(false);
}

void DeviceService::setPlugged(bool plugged)
{
    if (plugged == d->plug.plugged()) return;
    d->plug.setPlugged(plugged);
    Q_EMIT plugChanged(plugged);
    refresh();
}

bool DeviceService::plugged() const
{
    return d->plug.plugged();
}

} // namespace atomnet
