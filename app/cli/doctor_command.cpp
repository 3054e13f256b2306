#include "app/cli/commands.h"
#include "app/cli/options.h"
#include "app/cli/progress_line.h"
#include "core/device/flashing/doctor.h"
#include "core/model/board.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace atomnet
{

namespace
{

CommandSpec doctorSpec()
{
    return {QStringLiteral("doctor [--board B] [--install-udev] [--json]"),
            QStringLiteral("Looks why a board is not found or does not answer, and says what to do "
                           "about it. Exit code 4\n"
                           "when a problem is left."),
            {{QStringLiteral("board"), QStringLiteral("B"),
              QStringLiteral("the board that is to be used: stm32h743, stm32f746-discovery, "
                             "qemu-m7, ...")},
             {QStringLiteral("install-udev"),
              {},
              QStringLiteral("install the rules that let you open boards (as root: with sudo)")},
             {QStringLiteral("json"), {}, QStringLiteral("print JSON")}},
            0,
            0};
}

QString nameOf(Finding::State state)
{
    return state == Finding::State::Good   ? QStringLiteral("good")
           : state == Finding::State::Note ? QStringLiteral("note")
                                           : QStringLiteral("problem");
}

QString findingsJson(const std::vector<Finding> &findings)
{
    QJsonArray list;
    for (const Finding &finding : findings)
        list.append(QJsonObject{{QStringLiteral("state"), nameOf(finding.state)},
                                {QStringLiteral("what"), finding.what},
                                {QStringLiteral("advice"), finding.advice},
                                {QStringLiteral("command"), finding.command}});
    return QString::fromUtf8(QJsonDocument(list).toJson());
}

QString findingsText(const std::vector<Finding> &findings)
{
    const QString indent(9, QLatin1Char(' '));
    QString text;
    for (const Finding &finding : findings) {
        text += QStringLiteral("%1%2\n").arg(nameOf(finding.state), -9).arg(finding.what);
        if (!finding.advice.isEmpty()) text += indent + finding.advice + QLatin1Char('\n');
        if (!finding.command.isEmpty())
            text += indent + QStringLiteral("$ ") + finding.command + QLatin1Char('\n');
    }
    return text;
}

/// A kind of board, or a board that a design can be for.
Result<> checkBoard(const QString &id)
{
    if (id.isEmpty() || boardVariant(id)) return {};
    const auto board = boardById(id);
    if (!board) return tl::make_unexpected(board.error());
    return {};
}

Result<int> install(const ParsedCommand &command, Console &console)
{
    if (auto installed = installUdevRules(); !installed)
        return tl::make_unexpected(installed.error());
    const QString path = QLatin1String(udevRulesPath);
    if (command.has(QStringLiteral("json")))
        console.out << QString::fromUtf8(
            QJsonDocument(QJsonObject{{QStringLiteral("installed"), path}}).toJson());
    else
        console.out << path
                    << QStringLiteral(" is installed; unplug boards and plug them in again.\n");
    return 0;
}

} // namespace

Result<int> doctorCommand(const QStringList &arguments, Console &console)
{
    const CommandSpec spec = doctorSpec();
    const auto command = parseCommand(spec, arguments);
    if (!command) return tl::make_unexpected(command.error());
    if (command->help) {
        console.out << helpText(spec);
        return 0;
    }
    const QString board = command->value(QStringLiteral("board"));
    if (auto known = checkBoard(board); !known) return tl::make_unexpected(known.error());
    if (command->has(QStringLiteral("install-udev"))) return install(*command, console);

    const Interruptible interruptible;
    const std::vector<Finding> findings = examine(board, interruptible.control({}));
    console.out << (command->has(QStringLiteral("json")) ? findingsJson(findings)
                                                         : findingsText(findings));
    const bool problem = std::any_of(findings.begin(), findings.end(), [](const Finding &finding) {
        return finding.state == Finding::State::Problem;
    });
    return problem ? exitCode(ErrorCode::Device) : 0;
}

} // namespace atomnet
