#include "app/cli/commands.h"
#include "app/cli/progress_line.h"
#include "app/cli/search_output.h"
#include "app/cli/space_argument.h"
#include "app/cli/target_options.h"
#include "core/model/design_file.h"
#include "core/search/evolution.h"

#include <QElapsedTimer>
#include <QFileInfo>
#include <QProcess>

#include <cmath>
#include <limits>
#include <type_traits>

namespace atomnet
{

namespace
{

const QString commandName = QStringLiteral("search");

CommandSpec searchSpec()
{
    return {
        QStringLiteral("search [--board B] [options]"),
        QStringLiteral(
            "Finds the best network of a space within limits, and proves that no other of the "
            "space is\n"
            "better by the same figures. More multiply-accumulates are better unless --objective "
            "says\n"
            "otherwise. Limits are the board's SRAM and Flash unless given; virtual boards have "
            "none.\n"
            "With an accuracy table or command, evolution searches instead; that proves nothing.\n"
            "Exit code 3 when no network is within the limits."),
        {boardOption(),
         runtimeOption(),
         knowledgeOption(),
         {QStringLiteral("sram"), QStringLiteral("N"),
          QStringLiteral("most SRAM: bytes, or such as 256KiB")},
         {QStringLiteral("flash"), QStringLiteral("N"), QStringLiteral("most Flash")},
         {QStringLiteral("latency"), QStringLiteral("MS"),
          QStringLiteral("longest time of an inference, in ms")},
         {QStringLiteral("instructions"), QStringLiteral("N"),
          QStringLiteral("the same on virtual boards, which have no clock")},
         spaceOption(),
         lockOption(),
         {QStringLiteral("objective"), QStringLiteral("O"),
          QStringLiteral("macs (default), or weights: macs=1,latency_ms=-0.5")},
         {QStringLiteral("estimates"), QStringLiteral("E"),
          QStringLiteral("measured operators only, point (default) or pessimistic")},
         {QStringLiteral("min-depth"), QStringLiteral("N"),
          QStringLiteral("at least N blocks, repeats counted")},
         {QStringLiteral("width-growth"), QStringLiteral("X"),
          QStringLiteral("a stage is at most X times as wide as the one before")},
         {QStringLiteral("never-narrower"), {}, QStringLiteral("and never narrower")},
         {QStringLiteral("top"), QStringLiteral("K"), QStringLiteral("the best K networks")},
         {QStringLiteral("pareto"),
          {},
          QStringLiteral("also the Pareto front of MACs, latency, SRAM and Flash")},
         {QStringLiteral("designs"), QStringLiteral("N"),
          QStringLiteral("of so many points of the front, JSON has the design; default 200")},
         {QStringLiteral("method"), QStringLiteral("M"),
          QStringLiteral("exact (default) or evolution")},
         {QStringLiteral("accuracy-table"), QStringLiteral("CSV"),
          QStringLiteral("evolution: scores, a network a line")},
         {QStringLiteral("accuracy-command"), QStringLiteral("CMD"),
          QStringLiteral("evolution: gets a design on its input, prints a score")},
         {QStringLiteral("timeout"), QStringLiteral("S"),
          QStringLiteral("seconds that the command may take; default 3600")},
         {QStringLiteral("evaluations"), QStringLiteral("N"),
          QStringLiteral("networks that evolution scores; default 1000")},
         {QStringLiteral("seed"), QStringLiteral("N"),
          QStringLiteral("of evolution: the same seed, the same result; default 1")},
         {QStringLiteral("o"), QStringLiteral("FILE"),
          QStringLiteral("write the optimum to FILE (.atomnet)")},
         {QStringLiteral("json"), {}, QStringLiteral("print JSON")}},
        0,
        0};
}

tl::unexpected<Error> usage(const QString &what)
{
    return fail(ErrorCode::Usage, what + QStringLiteral("; see atomnet-designer search --help"),
                commandName);
}

/// A number of this command's options, or what stands for it when it is not given.
template <class T>
Result<T> numberOf(const ParsedCommand &command, const QString &option, T otherwise, T least,
                   T most)
{
    if (!command.has(option)) return otherwise;
    const QString text = command.value(option);
    bool number = false;
    using Wide = std::conditional_t<std::is_floating_point_v<T>, double, qint64>;
    Wide value{};
    if constexpr (std::is_floating_point_v<T>)
        value = text.toDouble(&number);
    else
        value = text.toLongLong(&number);
    if (number && value >= Wide(least) && value <= Wide(most)) return T(value);
    const bool open = double(most) >= 1e15;
    return usage(open ? QStringLiteral("--%1 is \"%2\"; it must be a number from %3 on")
                            .arg(option, text)
                            .arg(least)
                      : QStringLiteral("--%1 is \"%2\"; it must be a number from %3 to %4")
                            .arg(option, text)
                            .arg(least)
                            .arg(most));
}

/// What to search, from the options.
struct Wanted {
    SearchRun run;
    EvolutionOptions evolution;
    int timeoutMs = 3'600'000;
};

Result<std::optional<qint64>> bytesOf(const ParsedCommand &command, const QString &option,
                                      const Board &board, qint64 otherwise)
{
    if (!command.has(option))
        return board.isVirtual ? std::optional<qint64>() : std::optional(otherwise);
    const auto bytes = parseByteSize(command.value(option), option);
    if (!bytes) return tl::make_unexpected(bytes.error());
    if (*bytes < 0) return usage(QStringLiteral("--%1 must not be below 0").arg(option));
    return std::optional(*bytes);
}

Result<SearchLimits> limitsOf(const ParsedCommand &command, const Board &board)
{
    SearchLimits limits;
    const auto sram = bytesOf(command, QStringLiteral("sram"), board, board.sramBytes);
    if (!sram) return tl::make_unexpected(sram.error());
    const auto flash = bytesOf(command, QStringLiteral("flash"), board, board.flashBytes);
    if (!flash) return tl::make_unexpected(flash.error());
    limits.sramBytes = *sram;
    limits.flashBytes = *flash;
    if (command.has(QStringLiteral("latency"))) {
        if (board.isVirtual)
            return usage(QStringLiteral("%1 has no clock; give --instructions instead of --latency")
                             .arg(board.name));
        const auto ms = numberOf<double>(command, QStringLiteral("latency"), 0, 0, 1e12);
        if (!ms) return tl::make_unexpected(ms.error());
        limits.latency = qint64(std::floor(*ms * 1e6));
    }
    if (command.has(QStringLiteral("instructions"))) {
        if (!board.isVirtual)
            return usage(QStringLiteral("%1 is no virtual board; give --latency instead of "
                                        "--instructions")
                             .arg(board.name));
        const auto count = numberOf<qint64>(command, QStringLiteral("instructions"), 0, 0,
                                            std::numeric_limits<qint64>::max());
        if (!count) return tl::make_unexpected(count.error());
        limits.latency = *count;
    }
    return limits;
}

Result<ShapeBounds> shapeOf(const ParsedCommand &command)
{
    ShapeBounds shape;
    const auto depth = numberOf<int>(command, QStringLiteral("min-depth"), 0, 0, maxBlocks);
    if (!depth) return tl::make_unexpected(depth.error());
    const auto growth = numberOf<double>(command, QStringLiteral("width-growth"), 0, 0.01, 1000);
    if (!growth) return tl::make_unexpected(growth.error());
    shape.minDepth = *depth;
    shape.maxWidthGrowth = *growth;
    shape.neverNarrower = command.has(QStringLiteral("never-narrower"));
    return shape;
}

/// Method and what goes with it alone.
Result<> readMethod(const ParsedCommand &command, Wanted &wanted)
{
    const bool table = command.has(QStringLiteral("accuracy-table"));
    const bool program = command.has(QStringLiteral("accuracy-command"));
    if (table && program)
        return usage(QStringLiteral("choose one of --accuracy-table and --accuracy-command"));
    const bool scored = table || program;
    const QString method = command.value(
        QStringLiteral("method"), scored ? QStringLiteral("evolution") : QStringLiteral("exact"));
    if (method != u"exact" && method != u"evolution")
        return usage(
            QStringLiteral("--method is \"%1\"; it must be exact or evolution").arg(method));
    wanted.run.exact = method == u"exact";
    if (scored && wanted.run.exact)
        return usage(QStringLiteral("an accuracy is no sum over operators; leave --method exact "
                                    "out"));
    if (scored && command.has(QStringLiteral("objective")))
        return usage(QStringLiteral("the accuracy is the objective; leave --objective out"));
    if (!wanted.run.exact && command.has(QStringLiteral("pareto")))
        return usage(QStringLiteral("--pareto needs the exact method"));
    if (command.has(QStringLiteral("timeout")) && !program)
        return usage(QStringLiteral("--timeout goes with --accuracy-command"));
    const auto timeout = numberOf<double>(command, QStringLiteral("timeout"), 3600, 0.001, 1e6);
    if (!timeout) return tl::make_unexpected(timeout.error());
    wanted.timeoutMs = int(std::ceil(*timeout * 1000));
    const auto evaluations =
        numberOf<int>(command, QStringLiteral("evaluations"), 1000, 1, 100'000'000);
    if (!evaluations) return tl::make_unexpected(evaluations.error());
    const auto seed = numberOf<qint64>(command, QStringLiteral("seed"), 1, 0,
                                       std::numeric_limits<quint32>::max());
    if (!seed) return tl::make_unexpected(seed.error());
    wanted.evolution.evaluations = *evaluations;
    wanted.evolution.seed = quint32(*seed);
    if (scored)
        wanted.run.objective =
            table ? QStringLiteral("accuracy of a table") : QStringLiteral("accuracy by a command");
    return {};
}

Result<Wanted> wantedOf(const ParsedCommand &command, Console &console)
{
    Wanted wanted;
    SearchRun &run = wanted.run;
    const auto target = targetOf(command);
    if (!target) return tl::make_unexpected(target.error());
    run.target = *target;
    const auto limits = limitsOf(command, target->board);
    if (!limits) return tl::make_unexpected(limits.error());
    run.query.limits = *limits;
    const auto shape = shapeOf(command);
    if (!shape) return tl::make_unexpected(shape.error());
    run.query.shape = *shape;
    run.objective = command.value(QStringLiteral("objective"), QStringLiteral("macs"));
    const auto objective = objectiveFrom(run.objective);
    if (!objective) return tl::make_unexpected(objective.error());
    run.query.objective = *objective;
    const QString estimates = command.value(QStringLiteral("estimates"), QStringLiteral("point"));
    const auto mode = estimatesFrom(estimates);
    if (!mode)
        return usage(
            QStringLiteral("--estimates is \"%1\"; it must be measured, point or pessimistic")
                .arg(estimates));
    run.estimates = *mode;
    const auto top = numberOf<int>(command, QStringLiteral("top"), 1, 1, 1000);
    if (!top) return tl::make_unexpected(top.error());
    run.query.top = wanted.evolution.top = *top;
    run.hasFront = command.has(QStringLiteral("pareto"));
    const auto designs = numberOf<int>(command, QStringLiteral("designs"), 200, 0, 100'000'000);
    if (!designs) return tl::make_unexpected(designs.error());
    run.frontDesigns = std::size_t(*designs);
    if (Result<> method = readMethod(command, wanted); !method)
        return tl::make_unexpected(method.error());
    auto space = spaceArgument(command, console);
    if (!space) return tl::make_unexpected(space.error());
    run.space = *std::move(space);
    run.count = countNetworks(run.space);
    return wanted;
}

double secondsOf(const QElapsedTimer &clock)
{
    return double(clock.nsecsElapsed()) / 1e9;
}

/// Optimum, then what costs more and is no part of the proof: the count, the front.
Result<> searchExactly(SearchRun &run, const Knowledge &knowledge, const RunControl &control)
{
    QElapsedTimer clock;
    clock.start();
    auto made = Searcher::make(run.space, run.target, knowledge, run.estimates, control);
    if (!made) return tl::make_unexpected(made.error());
    const auto searcher = std::make_shared<const Searcher>(*std::move(made));
    run.query.count = false;
    auto result = searcher->solve(run.query, control);
    if (!result) return tl::make_unexpected(result.error());
    run.seconds = secondsOf(clock);
    run.result = *std::move(result);
    if (run.result.top.empty()) {
        run.result.feasible = 0;
        return {};
    }
    clock.restart();
    SearchQuery counting = run.query;
    counting.count = true;
    counting.top = 1;
    const auto counted = searcher->solve(counting, control);
    if (!counted) return tl::make_unexpected(counted.error());
    run.result.feasible = counted->feasible;
    run.result.feasibleIsBound = counted->feasibleIsBound;
    run.countSeconds = secondsOf(clock);
    if (!run.hasFront) return {};
    clock.restart();
    auto front = searcher->front(run.query, control);
    if (!front) return tl::make_unexpected(front.error());
    run.front = *std::move(front);
    run.frontSeconds = secondsOf(clock);
    run.frontNetwork = [searcher](quint64 choice) { return searcher->network(choice); };
    return {};
}

/// The objective as a score of whole networks.
Score objectiveScore(const Objective &objective, Estimates estimates)
{
    return [objective, estimates](const Network &,
                                  const Report &report) -> Result<std::optional<double>> {
        const bool high = estimates == Estimates::Pessimistic;
        Candidate candidate;
        candidate.macs = report.macs;
        candidate.macsElementwise = report.macsElementwise;
        candidate.params = report.params;
        candidate.sramBytes = high ? report.sram.high : report.sram.value;
        candidate.flashBytes = high ? report.flash.high : report.flash.value;
        for (const Layer &layer : report.layers)
            candidate.latency +=
                high && layer.latency.high ? *layer.latency.high : layer.latency.value;
        return objectiveOf(objective, candidate);
    };
}

Result<Score> scoreOf(const ParsedCommand &command, const Wanted &wanted, const RunControl &control)
{
    if (command.has(QStringLiteral("accuracy-table")))
        return tableScore(command.value(QStringLiteral("accuracy-table")), wanted.run.space);
    if (!command.has(QStringLiteral("accuracy-command")))
        return objectiveScore(wanted.run.query.objective, wanted.run.estimates);
    QStringList words = QProcess::splitCommand(command.value(QStringLiteral("accuracy-command")));
    if (words.isEmpty()) return usage(QStringLiteral("--accuracy-command is empty"));
    const QString program = words.takeFirst();
    return commandScore(program, words, wanted.timeoutMs, control);
}

Result<> evolveNetworks(const ParsedCommand &command, Wanted &wanted, const Knowledge &knowledge,
                        const RunControl &control)
{
    SearchRun &run = wanted.run;
    const auto score = scoreOf(command, wanted, control);
    if (!score) return tl::make_unexpected(score.error());
    if (command.has(QStringLiteral("accuracy-table"))) {
        // Of a large space only the table's rows have a score: all of them are looked at.
        auto rows = tableNetworks(command.value(QStringLiteral("accuracy-table")), run.space);
        if (!rows) return tl::make_unexpected(rows.error());
        if (!command.has(QStringLiteral("evaluations")))
            wanted.evolution.evaluations =
                std::max(wanted.evolution.evaluations, int(rows->size()));
        wanted.evolution.first = *std::move(rows);
    }
    QElapsedTimer clock;
    clock.start();
    auto found = evolve(run.space, run.target, knowledge, run.query.limits, run.query.shape,
                        run.estimates, *score, wanted.evolution, control);
    run.seconds = secondsOf(clock);
    if (!found && found.error().code == ErrorCode::BadInput) {
        run.result.whyInfeasible = found.error().message();
        return {};
    }
    if (!found) return tl::make_unexpected(found.error());
    run.result.top = std::move(found->top);
    run.evaluated = found->evaluated;
    return {};
}

} // namespace

Result<int> searchCommand(const QStringList &arguments, Console &console)
{
    const CommandSpec spec = searchSpec();
    const auto command = parseCommand(spec, arguments);
    if (!command) return tl::make_unexpected(command.error());
    if (command->help) {
        console.out << helpText(spec);
        return 0;
    }
    auto wanted = wantedOf(*command, console);
    if (!wanted) return tl::make_unexpected(wanted.error());
    SearchRun &run = wanted->run;
    const auto knowledge = knowledgeOf(*command, run.target);
    if (!knowledge) return tl::make_unexpected(knowledge.error());

    const Interruptible interruptible;
    ProgressLine progress(console, QStringLiteral("searching %1").arg(run.space.name));
    const RunControl control = interruptible.control(progress.control());
    const Result<> searched = run.exact ? searchExactly(run, *knowledge, control)
                                        : evolveNetworks(*command, *wanted, *knowledge, control);
    progress.finished();
    if (!searched) return tl::make_unexpected(searched.error());

    const bool json = command->has(QStringLiteral("json"));
    if (run.result.top.empty()) {
        if (json) console.out << searchJson(run);
        return fail(ErrorCode::BadInput, run.result.whyInfeasible);
    }
    // The whole analysis confirms what the search has summed, and says where it comes from.
    Network &best = run.result.top.front().network;
    auto report = analyze(best, run.target, *knowledge);
    if (!report) return tl::make_unexpected(report.error());
    run.report = *std::move(report);
    if (command->has(QStringLiteral("o"))) {
        const QString file = command->value(QStringLiteral("o"));
        best.name = QFileInfo(file).completeBaseName();
        if (Result<> saved = saveDesign(best, file); !saved)
            return tl::make_unexpected(saved.error());
    }
    console.out << (json ? searchJson(run) : searchText(run));
    return 0;
}

} // namespace atomnet
