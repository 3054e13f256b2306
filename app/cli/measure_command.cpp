#include "app/cli/commands.h"
#include "app/cli/design_argument.h"
#include "app/cli/device_options.h"
#include "app/cli/measure_output.h"
#include "app/cli/progress_line.h"
#include "core/analysis/knowledge.h"
#include "core/atomdb/shipped_atomdb.h"
#include "core/base/atomic_file.h"

#include <QFile>
#include <QMap>

#include <mutex>
#include <thread>

namespace atomnet
{

namespace
{

CommandSpec measureSpec()
{
    return {
        QStringLiteral("measure [FILE] [--device D]... [options]"),
        QStringLiteral(
            "Measures operators on a board and keeps each result in AtomDB at once: whatever ends "
            "it, the\n"
            "same command goes on behind what is there. FILE is a design (.atomnet) or the name of "
            "a\n"
            "preset; of it, what AtomDB lacks is measured, the most important operators first. "
            "Several\n"
            "--device measure at the same time, each on its own. Exit code 4 when a board fails."),
        {deviceOption(),
         {QStringLiteral("plan"), QStringLiteral("PLAN"),
          QStringLiteral("measure what this plan lists, instead of a design")},
         {QStringLiteral("missing"), {}, QStringLiteral("what AtomDB lacks (default)")},
         {QStringLiteral("all"), {}, QStringLiteral("also what AtomDB has: one sample more")},
         {QStringLiteral("repetitions"), QStringLiteral("N"),
          QStringLiteral("runs a sample is the median of; default 10, on virtual boards 1")},
         {QStringLiteral("network"),
          {},
          QStringLiteral("then run the whole design and compare it with the sum")},
         {QStringLiteral("conditions"), QStringLiteral("LIST"),
          QStringLiteral(
              "caches and wait states: I+D+prefetch, off, I+D+7ws; with commas: in turn")},
         {QStringLiteral("db"), QStringLiteral("PATH"),
          QStringLiteral("the AtomDB to fill; default: your own")},
         {QStringLiteral("write-plan"), QStringLiteral("OUT"),
          QStringLiteral("only write the plan, to measure it elsewhere with --plan")},
         {QStringLiteral("board"), QStringLiteral("B"),
          QStringLiteral("the board that --write-plan is for; default stm32h743")},
         {QStringLiteral("json"), {}, QStringLiteral("print JSON")}},
        0,
        1};
}

tl::unexpected<Error> usage(const QString &what)
{
    return fail(ErrorCode::Usage, what + QStringLiteral("; see atomnet-designer measure --help"),
                QStringLiteral("measure"));
}

/// Options that contradict each other, or lack one another.
Result<> check(const ParsedCommand &command)
{
    const bool plan = command.has(QStringLiteral("plan"));
    const bool write = command.has(QStringLiteral("write-plan"));
    if (plan == !command.arguments.isEmpty())
        return usage(plan ? QStringLiteral("give a design or --plan, not both")
                          : QStringLiteral("give a design, a preset or --plan"));
    if (command.has(QStringLiteral("all")) && command.has(QStringLiteral("missing")))
        return usage(QStringLiteral("choose one of --all and --missing"));
    if (plan && (write || command.has(QStringLiteral("network"))))
        return usage(QStringLiteral("--write-plan and --network need a design"));
    if (write == command.has(QStringLiteral("device")))
        return usage(write ? QStringLiteral("--write-plan needs no board; leave --device out")
                           : QStringLiteral("--device is missing"));
    if (!write && command.has(QStringLiteral("board")))
        return usage(QStringLiteral("--board goes with --write-plan; a device says its own"));
    return {};
}

Result<MeasurePlan> loadPlan(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io, QStringLiteral("cannot be read: %1").arg(file.errorString()),
                    path);
    auto plan = readPlan(file.readAll(), path);
    if (plan && plan->kernelHash != kernelHash())
        return fail(ErrorCode::BadInput,
                    QStringLiteral("this plan was made for other kernels (%1, this designer's are "
                                   "%2); write it anew")
                        .arg(plan->kernelHash, 8, 16, QLatin1Char('0'))
                        .arg(kernelHash(), 8, 16, QLatin1Char('0')),
                    path);
    return plan;
}

Result<MeasureJob> jobOf(const ParsedCommand &command, Console &console)
{
    MeasureJob job;
    job.dbPath = command.value(QStringLiteral("db"), AtomDb::defaultPath());
    job.options.again = command.has(QStringLiteral("all"));
    job.wholeNetwork = command.has(QStringLiteral("network"));
    if (command.has(QStringLiteral("repetitions"))) {
        bool number = false;
        job.options.repetitions = command.value(QStringLiteral("repetitions")).toInt(&number);
        if (!number || job.options.repetitions < 1 || job.options.repetitions > 1000)
            return usage(QStringLiteral("--repetitions must be a number from 1 to 1000"));
    }
    for (const QString &text :
         command.value(QStringLiteral("conditions")).split(u',', Qt::SkipEmptyParts)) {
        const auto conditions = conditionsFrom(text);
        if (!conditions) return tl::make_unexpected(conditions.error());
        job.conditions.push_back(*conditions);
    }
    if (command.has(QStringLiteral("plan"))) {
        auto plan = loadPlan(command.value(QStringLiteral("plan")));
        if (!plan) return tl::make_unexpected(plan.error());
        job.plan = *std::move(plan);
    } else {
        auto network = designArgument(command.arguments.first(), console);
        if (!network) return tl::make_unexpected(network.error());
        job.network = *std::move(network);
    }
    return job;
}

/// The plan of a design as a file, without a board.
Result<int> writePlanFile(const ParsedCommand &command, const MeasureJob &job, Console &console)
{
    const auto board = boardById(command.value(QStringLiteral("board"), defaultBoardId));
    if (!board) return tl::make_unexpected(board.error());
    Knowledge knowledge = shippedKnowledge(*board, Runtime::AtomNet1);
    const bool ships = job.dbPath == AtomDb::defaultPath() && !shippedAtomDb().isEmpty();
    if (ships || QFile::exists(job.dbPath)) {
        const auto db = openAtomDb(job.dbPath, AtomDb::Mode::ReadOnly);
        if (!db) return tl::make_unexpected(db.error());
        auto found = knowledgeFrom(*db, *board, Runtime::AtomNet1);
        if (!found) return tl::make_unexpected(found.error());
        knowledge = *std::move(found);
    }
    const auto plan = planOf(*job.network, *board, knowledge, job.options.again);
    if (!plan) return tl::make_unexpected(plan.error());
    const QString path = command.value(QStringLiteral("write-plan"));
    if (const QString reason = writeAtomically(path, writePlan(*plan)); !reason.isEmpty())
        return fail(
            ErrorCode::Io,
            QStringLiteral("the plan cannot be written: %1; choose another file").arg(reason),
            path);
    console.out << QStringLiteral("%1: %2 operators for %3\n")
                       .arg(path)
                       .arg(plan->items.size())
                       .arg(board->name);
    return 0;
}

/// One line on a terminal for all boards, and what they have to say above it.
class Progress
{
public:
    explicit Progress(Console &console) : m_console(console) {}

    [[nodiscard]] RunWatcher watcherOf(const QString &device)
    {
        return {[this, device](const QString &text) { note(device, text); },
                [this, device](int done, int all, qint64 eta) { show(device, done, all, eta); }};
    }
    void finished()
    {
        const std::scoped_lock lock(m_mutex);
        clear();
        m_console.err << Qt::flush;
    }

private:
    void note(const QString &device, const QString &text)
    {
        const std::scoped_lock lock(m_mutex);
        clear();
        m_console.err << device << ": " << text << '\n' << m_line << Qt::flush;
    }
    void show(const QString &device, int done, int all, qint64 eta)
    {
        if (!m_console.showProgress) return;
        const std::scoped_lock lock(m_mutex);
        QString state = QStringLiteral("%1 %2/%3").arg(device).arg(done).arg(all);
        if (eta >= 0 && done < all) state += QStringLiteral(", %1 left").arg(durationText(eta));
        m_states[device] = state;
        clear();
        m_line = m_states.values().join(QStringLiteral("; "));
        m_console.err << m_line << Qt::flush;
    }
    void clear()
    {
        if (!m_line.isEmpty()) m_console.err << '\r' << QString(m_line.size(), u' ') << '\r';
    }

    Console &m_console;
    std::mutex m_mutex;
    QMap<QString, QString> m_states;
    QString m_line;
};

std::vector<DeviceRuns> measureOnAll(const QStringList &devices, const MeasureJob &job,
                                     Console &console)
{
    const Interruptible interruptible;
    const RunControl control = interruptible.control({});
    Progress progress(console);
    std::vector<DeviceRuns> results(std::size_t(devices.size()));
    std::vector<std::thread> threads;
    for (qsizetype i = 0; i < devices.size(); ++i)
        threads.emplace_back([&, i] {
            results[std::size_t(i)] =
                measureOn(devices[i], job, progress.watcherOf(devices[i]), control);
        });
    for (std::thread &thread : threads)
        thread.join();
    progress.finished();
    return results;
}

} // namespace

Result<int> measureCommand(const QStringList &arguments, Console &console)
{
    const CommandSpec spec = measureSpec();
    const auto command = parseCommand(spec, arguments);
    if (!command) return tl::make_unexpected(command.error());
    if (command->help) {
        console.out << helpText(spec);
        return 0;
    }
    if (Result<> good = check(*command); !good) return tl::make_unexpected(good.error());
    const auto job = jobOf(*command, console);
    if (!job) return tl::make_unexpected(job.error());
    if (command->has(QStringLiteral("write-plan"))) return writePlanFile(*command, *job, console);

    QStringList devices = command->repeated.value(QStringLiteral("device"));
    devices.removeDuplicates();
    for (const QString &device : devices)
        if (const auto address = deviceAddress(device); !address)
            return tl::make_unexpected(address.error());
    // Made once, before several threads open it.
    if (const auto db = openAtomDb(job->dbPath); !db) return tl::make_unexpected(db.error());
    const std::vector<DeviceRuns> results = measureOnAll(devices, *job, console);

    if (command->has(QStringLiteral("json")))
        console.out << measureJson(results, job->dbPath,
                                   job->plan ? job->plan->name : job->network->name);
    else
        console.out << measureText(results, job->dbPath);

    int failed = 0;
    for (const DeviceRuns &device : results)
        for (const MeasureRun &run : device.runs)
            failed += run.summary.failed;
    // What was measured before a board failed is told as well.
    for (const DeviceRuns &device : results)
        if (device.error) return tl::make_unexpected(*device.error);
    return failed > 0 ? exitCode(ErrorCode::Device) : 0;
}

} // namespace atomnet
