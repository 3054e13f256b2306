#include "app/cli/commands.h"
#include "app/cli/design_argument.h"
#include "app/cli/lint_output.h"
#include "app/cli/target_options.h"
#include "core/model/design_file.h"

namespace atomnet
{

namespace
{

CommandSpec lintSpec()
{
    return {
        QStringLiteral("lint FILE [options]"),
        QStringLiteral(
            "Says what the design in FILE does against the guidelines, what of it does not fit "
            "the\n"
            "board, why, and which edits would help by how much. FILE is a design (.atomnet) or a\n"
            "preset such as atomnet-256kb. With --guidelines, without FILE: whether the "
            "guidelines\n"
            "hold by what AtomDB knows."),
        {boardOption(),
         runtimeOption(),
         knowledgeOption(),
         reserveSramOption(),
         reserveFlashOption(),
         {QStringLiteral("peak"), {}, QStringLiteral("explain the SRAM peak instead")},
         {QStringLiteral("guidelines"),
          {},
          QStringLiteral("print the guidelines with their evidence instead")},
         {QStringLiteral("fix"), QStringLiteral("N"),
          QStringLiteral("apply fix N of those that are printed; needs -o")},
         {QStringLiteral("o"), QStringLiteral("FILE"),
          QStringLiteral("write the design with the fix to FILE")},
         {QStringLiteral("json"), {}, QStringLiteral("print JSON")}},
        0,
        1};
}

tl::unexpected<Error> wrongUse(const QString &what)
{
    return fail(ErrorCode::Usage, what, QStringLiteral("lint"));
}

Result<> checkUse(const ParsedCommand &command)
{
    const bool guidelines = command.has(QStringLiteral("guidelines"));
    if (guidelines && command.has(QStringLiteral("peak")))
        return wrongUse(QStringLiteral("choose one of --peak and --guidelines"));
    if (command.has(QStringLiteral("fix")) != command.has(QStringLiteral("o")))
        return wrongUse(QStringLiteral("--fix and -o belong together: the fix and where the design "
                                       "with it goes"));
    if (!guidelines && command.arguments.isEmpty())
        return wrongUse(QStringLiteral("a design is missing; see atomnet-designer lint --help"));
    if (guidelines && (!command.arguments.isEmpty() || command.has(QStringLiteral("fix"))))
        return wrongUse(QStringLiteral("--guidelines are about the board, not about a design"));
    return {};
}

/// The design with the fix of this number applied, in a file.
Result<> writeFixed(const ParsedCommand &command, const Network &network,
                    const std::vector<QuickFix> &fixes, Console &console)
{
    bool isNumber = false;
    const int number = command.value(QStringLiteral("fix")).toInt(&isNumber);
    if (!isNumber || number < 1 || std::size_t(number) > fixes.size())
        return fixes.empty() ? wrongUse(QStringLiteral("there is no fix to apply"))
                             : wrongUse(QStringLiteral("there is no fix '%1'; use 1 to %2")
                                            .arg(command.value(QStringLiteral("fix")))
                                            .arg(fixes.size()));
    const QuickFix &fix = fixes[std::size_t(number - 1)];
    Network next = network;
    for (const Edit &edit : fix.edits) {
        auto edited = atomnet::apply(next, edit);
        if (!edited) return tl::make_unexpected(edited.error());
        next = *std::move(edited);
    }
    const QString file = command.value(QStringLiteral("o"));
    if (auto saved = saveDesign(next, file); !saved) return saved;
    console.err << "atomnet-designer: " << file << ": " << fix.text << '\n';
    return {};
}

Result<int> printGuidelines(const ParsedCommand &command, const Target &target, Console &console)
{
    const auto knowledge = knowledgeOf(command, target);
    if (!knowledge) return tl::make_unexpected(knowledge.error());
    const std::vector<Guideline> found = guidelines(target, *knowledge);
    console.out << (command.has(QStringLiteral("json")) ? guidelinesJson(found, target)
                                                        : guidelinesText(found, target));
    return 0;
}

} // namespace

Result<int> lintCommand(const QStringList &arguments, Console &console)
{
    const CommandSpec spec = lintSpec();
    const auto command = parseCommand(spec, arguments);
    if (!command) return tl::make_unexpected(command.error());
    if (command->help) {
        console.out << helpText(spec);
        return 0;
    }
    if (auto use = checkUse(*command); !use) return tl::make_unexpected(use.error());
    const auto target = targetWithReserves(*command);
    if (!target) return tl::make_unexpected(target.error());
    if (command->has(QStringLiteral("guidelines")))
        return printGuidelines(*command, *target, console);

    auto network = designArgument(command->arguments.first(), console);
    if (!network) return tl::make_unexpected(network.error());
    assignIds(*network);
    const auto knowledge = knowledgeOf(*command, *target);
    if (!knowledge) return tl::make_unexpected(knowledge.error());
    const auto report = analyze(*network, *target, *knowledge);
    if (!report) return tl::make_unexpected(report.error());

    const bool json = command->has(QStringLiteral("json"));
    std::vector<QuickFix> fixes;
    QString text;
    if (command->has(QStringLiteral("peak"))) {
        const PeakExplanation peak = explainPeak(*network, *report, *knowledge);
        fixes = peak.fixes;
        text =
            json ? peakJson(peak, *report, network->name) : peakText(peak, *report, network->name);
    } else {
        const std::vector<LintFinding> findings = lint(*network, *report, *knowledge);
        for (const LintFinding &finding : findings)
            fixes.insert(fixes.end(), finding.fixes.begin(), finding.fixes.end());
        text = json ? lintJson(findings, *report, *network)
                    : lintText(findings, *report, network->name);
    }
    if (command->has(QStringLiteral("fix")))
        if (auto written = writeFixed(*command, *network, fixes, console); !written)
            return tl::make_unexpected(written.error());
    console.out << text;
    return 0;
}

} // namespace atomnet
