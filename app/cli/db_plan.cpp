#include "app/cli/db_plan.h"

#include "app/cli/measure_output.h"
#include "app/cli/progress_line.h"
#include "app/cli/space_argument.h"
#include "app/cli/target_options.h"
#include "core/base/atomic_file.h"
#include "core/base/format.h"
#include "core/measuring/space_plan.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <limits>

namespace atomnet
{

namespace
{

constexpr std::size_t shownItems = 20;

/// What was planned, and how much of it was asked for.
struct Planned {
    QString space;
    Target target;
    SpacePlan plan;
    std::size_t most = 0; ///< items that are taken
    QString file;         ///< where they were written to, or ""
};

qint64 expectedOfTaken(const Planned &planned)
{
    qint64 sum = 0;
    for (std::size_t i = 0; i < planned.most; ++i)
        sum += planned.plan.items[i].expectedNs;
    return sum;
}

bool inInstructions(const Planned &planned)
{
    return planned.target.board.isVirtual;
}

QString itemLine(const Planned &planned, const SpacePlanItem &item)
{
    const auto amount = [&planned](qint64 value) {
        return inInstructions(planned) ? formatCount(value) : formatMs(value);
    };
    const QString estimate = item.estimate.source == Source::Missing ? QStringLiteral("unknown")
                                                                     : amount(item.estimate.value);
    return QStringLiteral("%1 %2 %3  %4\n")
        .arg(amount(qint64(std::min(item.weight, 1e18))), 10)
        .arg(estimate, 10)
        .arg(item.uses, 7, 'f', 3)
        .arg(describe(item.key));
}

QString planText(const Planned &planned)
{
    const SpacePlan &plan = planned.plan;
    QString text =
        QStringLiteral("%1 on %2, %3: %4 distinct operators\n"
                       "  measured        %5, which take away %6 of the uncertainty\n"
                       "  to measure      %7, in about %8\n"
                       "  unmeasurable    %9, beyond the board's memory\n")
            .arg(planned.space, planned.target.board.name, displayName(planned.target.runtime))
            .arg(plan.operators)
            .arg(plan.measured)
            .arg(formatPercent(plan.coveredUncertainty))
            .arg(plan.items.size())
            .arg(durationText(plan.expectedNs / 1'000'000))
            .arg(plan.unmeasurable);
    if (!plan.items.empty())
        text += QStringLiteral("\n%1 %2 %3  operator\n")
                    .arg(QStringLiteral("narrows by"), 10)
                    .arg(inInstructions(planned) ? QStringLiteral("instr.")
                                                 : QStringLiteral("estimate"),
                         10)
                    .arg(QStringLiteral("uses"), 7);
    const std::size_t shown = std::min(planned.most, shownItems);
    for (std::size_t i = 0; i < shown; ++i)
        text += itemLine(planned, plan.items[i]);
    if (plan.items.size() > shown)
        text += QStringLiteral("and %1 more\n").arg(plan.items.size() - shown);
    if (!planned.file.isEmpty())
        text += QStringLiteral("%1: %2 operators; measure them with: atomnet-designer measure "
                               "--plan %1 --device D\n")
                    .arg(planned.file)
                    .arg(planned.most);
    return text;
}

QString planJson(const Planned &planned)
{
    const SpacePlan &plan = planned.plan;
    QJsonArray items;
    for (std::size_t i = 0; i < planned.most; ++i) {
        const SpacePlanItem &item = plan.items[i];
        const bool missing = item.estimate.source == Source::Missing;
        items.append(QJsonObject{
            {QStringLiteral("operator"), describe(item.key)},
            {QStringLiteral("kind"), toString(item.key.kind)},
            {QStringLiteral("weight"), item.weight},
            {QStringLiteral("uses"), item.uses},
            {QStringLiteral("expected_ms"), double(item.expectedNs) / 1e6},
            {QStringLiteral("estimate"), missing ? QJsonValue() : QJsonValue(item.estimate.value)},
            {QStringLiteral("low"), missing ? QJsonValue() : QJsonValue(item.estimate.low)},
            {QStringLiteral("high"),
             item.estimate.high ? QJsonValue(*item.estimate.high) : QJsonValue()}});
    }
    const QJsonObject object{
        {QStringLiteral("format"), QStringLiteral("atomnet-space-plan")},
        {QStringLiteral("version"), 1},
        {QStringLiteral("space"), planned.space},
        {QStringLiteral("board"), planned.target.board.id},
        {QStringLiteral("runtime"), runtimeId(planned.target.runtime)},
        {QStringLiteral("unit"),
         inInstructions(planned) ? QStringLiteral("instructions") : QStringLiteral("ns")},
        {QStringLiteral("operators"), plan.operators},
        {QStringLiteral("measured"), plan.measured},
        {QStringLiteral("unmeasurable"), plan.unmeasurable},
        {QStringLiteral("to_measure"), qint64(plan.items.size())},
        {QStringLiteral("planned"), qint64(planned.most)},
        {QStringLiteral("expected_seconds"), double(plan.expectedNs) / 1e9},
        {QStringLiteral("planned_seconds"), double(expectedOfTaken(planned)) / 1e9},
        {QStringLiteral("covered_uncertainty"), plan.coveredUncertainty},
        {QStringLiteral("plan"), planned.file.isEmpty() ? QJsonValue() : QJsonValue(planned.file)},
        {QStringLiteral("items"), items}};
    return QString::fromUtf8(QJsonDocument(object).toJson());
}

Result<> writePlanFile(const Planned &planned)
{
    const auto plan = measurePlan(planned.plan, planned.target, int(planned.most));
    if (!plan) return tl::make_unexpected(plan.error());
    if (const QString reason = writeAtomically(planned.file, writePlan(*plan)); !reason.isEmpty())
        return fail(
            ErrorCode::Io,
            QStringLiteral("the plan cannot be written: %1; choose another file").arg(reason),
            planned.file);
    return {};
}

} // namespace

CommandSpec dbPlanSpec()
{
    return {QStringLiteral("db plan --space S [options]"),
            QStringLiteral(
                "Lists the operators of a space of networks that a board has yet to measure, each "
                "once. First\n"
                "those that narrow the predictions of its networks most: the width of an "
                "operator's interval\n"
                "times how often a network of the space uses it. -o writes a plan for "
                "atomnet-designer measure\n"
                "--plan, which skips what AtomDB holds by then: stop and go on as you like."),
            {spaceOption(),
             lockOption(),
             boardOption(),
             {QStringLiteral("runtime"), QStringLiteral("R"),
              QStringLiteral("atomnet-1 (default), or x-cube-ai-7.2 to see the gaps")},
             {QStringLiteral("most"), QStringLiteral("N"), QStringLiteral("take the first N")},
             {QStringLiteral("o"), QStringLiteral("PLAN"),
              QStringLiteral("write the plan to this file (.atomplan)")},
             knowledgeOption(),
             {QStringLiteral("json"), {}, QStringLiteral("print JSON")}},
            0,
            0};
}

Result<int> dbPlan(const ParsedCommand &command, Console &console)
{
    const auto target = targetOf(command, runtimeId(Runtime::AtomNet1));
    if (!target) return tl::make_unexpected(target.error());
    std::size_t most = std::numeric_limits<int>::max();
    if (command.has(QStringLiteral("most"))) {
        bool number = false;
        const int given = command.value(QStringLiteral("most")).toInt(&number);
        if (!number || given < 1)
            return fail(ErrorCode::Usage, QStringLiteral("--most must be a number from 1 on"),
                        QStringLiteral("db plan"));
        most = std::size_t(given);
    }
    const auto space = spaceArgument(command, console);
    if (!space) return tl::make_unexpected(space.error());
    const auto knowledge = knowledgeOf(command, *target);
    if (!knowledge) return tl::make_unexpected(knowledge.error());

    const Interruptible interruptible;
    ProgressLine progress(console, QStringLiteral("listing operators"));
    auto plan = spacePlan(*space, *target, *knowledge, interruptible.control(progress.control()));
    progress.finished();
    if (!plan) return tl::make_unexpected(plan.error());

    Planned planned{space->name, *target, *std::move(plan), 0, command.value(QStringLiteral("o"))};
    planned.most = std::min(most, planned.plan.items.size());
    if (!planned.file.isEmpty())
        if (Result<> written = writePlanFile(planned); !written)
            return tl::make_unexpected(written.error());
    console.out << (command.has(QStringLiteral("json")) ? planJson(planned) : planText(planned));
    return 0;
}

} // namespace atomnet
