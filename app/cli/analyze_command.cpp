#include "app/cli/commands.h"
#include "app/cli/design_argument.h"
#include "app/cli/target_options.h"
#include "core/analysis/report_text.h"

namespace atomnet
{

namespace
{

CommandSpec analyzeSpec()
{
    return {
        QStringLiteral("analyze FILE [options]"),
        QStringLiteral(
            "Prints what the design in FILE needs on a board: SRAM, Flash, multiply-accumulates "
            "and\n"
            "latency, per layer and in total, and where each figure comes from. FILE is a design\n"
            "(.atomnet) or, where there is no such file, the name of a preset: atomnet-256kb."),
        {boardOption(),
         runtimeOption(),
         knowledgeOption(),
         reserveSramOption(),
         reserveFlashOption(),
         {QStringLiteral("json"), {}, QStringLiteral("print JSON")},
         {QStringLiteral("csv"), {}, QStringLiteral("print one CSV line a layer")},
         {QStringLiteral("check"),
          {},
          QStringLiteral("exit with 1 when the design does not fit the board")}},
        1,
        1};
}

} // namespace

Result<int> analyzeCommand(const QStringList &arguments, Console &console)
{
    const CommandSpec spec = analyzeSpec();
    const auto command = parseCommand(spec, arguments);
    if (!command) return tl::make_unexpected(command.error());
    if (command->help) {
        console.out << helpText(spec);
        return 0;
    }
    const bool json = command->has(QStringLiteral("json"));
    const bool csv = command->has(QStringLiteral("csv"));
    if (json && csv)
        return fail(ErrorCode::Usage, QStringLiteral("choose one of --json and --csv"),
                    QStringLiteral("analyze"));

    const auto target = targetWithReserves(*command);
    if (!target) return tl::make_unexpected(target.error());
    const auto network = designArgument(command->arguments.first(), console);
    if (!network) return tl::make_unexpected(network.error());
    const auto knowledge = knowledgeOf(*command, *target);
    if (!knowledge) return tl::make_unexpected(knowledge.error());
    const auto report = analyze(*network, *target, *knowledge);
    if (!report) return tl::make_unexpected(report.error());

    if (json)
        console.out << QString::fromUtf8(reportJson(*report, network->name));
    else if (csv)
        console.out << QString::fromUtf8(reportCsv(*report));
    else
        console.out << reportText(*report, network->name);

    if (!command->has(QStringLiteral("check")) || report->fits) return 0;
    for (const QString &reason : report->reasons)
        console.err << "atomnet-designer: " << reason << '\n';
    return 1;
}

} // namespace atomnet
