#include "app/cli/commands.h"
#include "app/cli/options.h"
#include "app/cli/progress_line.h"
#include "core/base/format.h"
#include "core/device/device_address.h"
#include "core/device/flashing/flasher.h"
#include "core/device/flashing/own_bootloader.h"
#include "core/device/flashing/tool_choice.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

#include <unistd.h>

namespace atomnet
{

namespace
{

CommandSpec flashSpec()
{
    return {
        QStringLiteral("flash --board B [options]"),
        QStringLiteral("Writes the profiling firmware into a board, verifies it and says hello to "
                       "it. Asks before it\n"
                       "overwrites another program. Exit code 4 when board or tool fails."),
        {{QStringLiteral("board"), QStringLiteral("B"),
          QStringLiteral("kind of board: stm32f412-nucleo, stm32h743-nucleo, ... (required)")},
         {QStringLiteral("probe"), QStringLiteral("SERIAL"),
          QStringLiteral("the ST-LINK or bootloader to use, where there are several")},
         {QStringLiteral("tool"), QStringLiteral("T"),
          QStringLiteral("st-flash, openocd or dfu-util; default: the best that is installed")},
         {QStringLiteral("image"), QStringLiteral("FILE"),
          QStringLiteral("write this image (.bin) instead of the profiling firmware")},
         {QStringLiteral("backup"), QStringLiteral("FILE"),
          QStringLiteral("save the board's whole Flash to FILE first")},
         {QStringLiteral("restore"), QStringLiteral("FILE"),
          QStringLiteral("write a backup back instead")},
         {QStringLiteral("device"), QStringLiteral("D"),
          QStringLiteral("where the firmware will answer; default: it is looked for")},
         {QStringLiteral("yes"), {}, QStringLiteral("overwrite whatever is there unasked")},
         {QStringLiteral("json"), {}, QStringLiteral("print JSON")}},
        0,
        0};
}

tl::unexpected<Error> usage(const QString &what)
{
    return fail(ErrorCode::Usage, what + QStringLiteral("; see atomnet-designer flash --help"),
                QStringLiteral("flash"));
}

Result<FlashRequest> requestOf(const ParsedCommand &command)
{
    if (!command.has(QStringLiteral("board"))) return usage(QStringLiteral("--board is missing"));
    if (command.has(QStringLiteral("restore")) &&
        (command.has(QStringLiteral("image")) || command.has(QStringLiteral("backup"))))
        return usage(QStringLiteral("--restore goes without --image and --backup"));
    FlashRequest request;
    const auto variant = boardVariant(command.value(QStringLiteral("board")));
    if (!variant) return tl::make_unexpected(variant.error());
    request.variant = *variant;
    if (const QString name = command.value(QStringLiteral("tool")); !name.isEmpty()) {
        request.tool = flashToolFrom(name);
        if (!request.tool)
            return usage(
                QStringLiteral("\"%1\" is no tool; use st-flash, openocd or dfu-util").arg(name));
    }
    request.image = command.value(QStringLiteral("image"));
    request.backup = command.value(QStringLiteral("backup"));
    request.address = command.value(QStringLiteral("device"));
    if (!request.address.isEmpty())
        if (const auto address = deviceAddress(request.address); !address)
            return tl::make_unexpected(address.error());
    return request;
}

/// Usage where nobody can be asked, Cancelled when the answer is no.
Result<> mayOverwrite(const FlashRequest &request, const QString &contents, Console &console)
{
    if (!isSomebodysWork(contents)) return {};
    const QString holds = QStringLiteral("%1 holds %2").arg(request.variant.name, contents);
    if (isatty(STDIN_FILENO) != 1)
        return usage(holds + QStringLiteral("; --yes overwrites it, --backup FILE saves it first"));
    console.err << holds
                << (request.backup.isEmpty()
                        ? QStringLiteral("; --backup FILE would save it. Overwrite it? [y/N] ")
                        : QStringLiteral("; it is saved first. Overwrite it? [y/N] "))
                << Qt::flush;
    QFile input;
    const bool open = input.open(STDIN_FILENO, QIODevice::ReadOnly);
    const QByteArray answer = open ? input.readLine().trimmed().toLower() : QByteArray();
    if (answer == "y" || answer == "yes") return {};
    return fail(ErrorCode::Cancelled, QStringLiteral("nothing was written"), request.variant.name);
}

QString reportJson(const FlashRequest &request, const FlashReport &report)
{
    const auto orNull = [](const QString &text) {
        return text.isEmpty() ? QJsonValue() : QJsonValue(text);
    };
    return QString::fromUtf8(
        QJsonDocument(QJsonObject{{QStringLiteral("board"), request.variant.id},
                                  {QStringLiteral("tool"), toString(report.tool)},
                                  {QStringLiteral("probe"), request.probe.serial},
                                  {QStringLiteral("bytes"), report.bytes},
                                  {QStringLiteral("backup"), orNull(request.backup)},
                                  {QStringLiteral("firmware"), orNull(report.firmware)}})
            .toJson());
}

QString reportText(const FlashRequest &request, const FlashReport &report)
{
    QString text;
    if (!request.backup.isEmpty())
        text += QStringLiteral("What it held is in %1.\n").arg(request.backup);
    text += QStringLiteral("%1: %2 written and verified with %3.\n")
                .arg(request.variant.name, formatKib(report.bytes), toString(report.tool));
    if (!report.firmware.isEmpty())
        text += QStringLiteral("The firmware answers: %1.\n").arg(report.firmware);
    return text;
}

} // namespace

Result<int> flashCommand(const QStringList &arguments, Console &console)
{
    const CommandSpec spec = flashSpec();
    const auto command = parseCommand(spec, arguments);
    if (!command) return tl::make_unexpected(command.error());
    if (command->help) {
        console.out << helpText(spec);
        return 0;
    }
    auto request = requestOf(*command);
    if (!request) return tl::make_unexpected(request.error());
    const Interruptible interruptible;
    const auto probes = probesFor(request->variant, interruptible.control({}));
    if (!probes) return tl::make_unexpected(probes.error());
    const auto probe = chooseProbe(*probes, command->value(QStringLiteral("probe")), request->tool);
    if (!probe) return tl::make_unexpected(probe.error());
    request->probe = *probe;

    if (!command->has(QStringLiteral("yes"))) {
        const auto contents = describeFlashContents(*request, interruptible.control({}));
        if (!contents) return tl::make_unexpected(contents.error());
        if (auto may = mayOverwrite(*request, *contents, console); !may)
            return tl::make_unexpected(may.error());
    }
    ProgressLine progress(console, QStringLiteral("flashing %1").arg(request->variant.name));
    const RunControl control = interruptible.control(progress.control());
    const QString backup = command->value(QStringLiteral("restore"));
    const auto report =
        backup.isEmpty() ? flash(*request, control) : restore(*request, backup, control);
    progress.finished();
    if (!report) return tl::make_unexpected(report.error());
    console.out << (command->has(QStringLiteral("json")) ? reportJson(*request, *report)
                                                         : reportText(*request, *report));
    return 0;
}

} // namespace atomnet
