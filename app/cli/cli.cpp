#include "app/cli/cli.h"

#include "app/cli/commands.h"

#include <QFileDevice>

#include <algorithm>

#include <unistd.h>

namespace atomnet
{

namespace
{

using Command = Result<int> (*)(const QStringList &, Console &);

Command commandOf(const QString &name)
{
    if (name == u"analyze") return analyzeCommand;
    if (name == u"export") return exportCommand;
    if (name == u"quantize") return quantizeCommand;
    if (name == u"evaluate") return evaluateCommand;
    if (name == u"db") return dbCommand;
    if (name == u"measure") return measureCommand;
    if (name == u"devices") return devicesCommand;
    if (name == u"doctor") return doctorCommand;
    if (name == u"flash") return flashCommand;
    if (name == u"validate") return validateCommand;
    if (name == u"search") return searchCommand;
    if (name == u"reproduce") return reproduceCommand;
    if (name == u"lint") return lintCommand;
    if (name == u"boards") return boardsCommand;
    if (name == u"presets") return presetsCommand;
    return nullptr;
}

bool asksForHelp(const QString &argument)
{
    return argument == u"--help" || argument == u"-h";
}

bool asksForVersion(const QString &argument)
{
    return argument == u"--version" || argument == u"-v";
}

constexpr auto generalHelp =
    "Usage: atomnet-designer [FILE]                  open the designer\n"
    "       atomnet-designer COMMAND [ARGUMENTS]     work without a window\n"
    "\n"
    "Commands (each explains itself with --help):\n"
    "  analyze FILE     SRAM, Flash and latency of a design, per layer and in total\n"
    "  lint FILE        what goes against the guidelines or does not fit, and edits that help\n"
    "  export FILE --format pytorch|onnx|onnx-qdq|tflite|c -o PATH\n"
    "                   a project that trains it, a model file, or an int8 C project\n"
    "  quantize FILE    int8 scales, zero points and errors, per layer\n"
    "  evaluate FILE    accuracy of the float and the int8 network on labelled data\n"
    "  db import CSV... | info | export FILE | merge FILE | fit | predict | rebuild |\n"
    "     plan\n"
    "                   the database of measured operators (AtomDB)\n"
    "  measure FILE --device usb|serial:PORT|qemu-m4|qemu-m7\n"
    "                   fills AtomDB with what a design lacks, measured on a board\n"
    "  devices          boards, serial ports and ST-LINKs that are connected\n"
    "  doctor           why a board is not found or does not answer, and what to do\n"
    "  flash --board B  writes the profiling firmware into a board\n"
    "  validate FILE --device D [--data PATH]\n"
    "                   the exported network itself on a board, compared byte by byte\n"
    "  search --board B the best network of a space within limits, proven\n"
    "  reproduce figure4|table3|table4|table5\n"
    "                   the paper's figures beside what comes out here\n"
    "  boards           the boards that a design can be analysed for\n"
    "  presets          the published AtomNets that ship with the designer\n"
    "\n"
    "Exit codes: 0 ok, 1 over budget (analyze --check), 2 wrong usage, 3 bad input,\n"
    "            4 a board or a tool failed.\n";

bool isTerminal(const QTextStream &stream)
{
    const auto *file = qobject_cast<const QFileDevice *>(stream.device());
    return file && isatty(file->handle()) == 1;
}

Result<int> dispatch(const QStringList &arguments, Console &console)
{
    const QString first = arguments.value(0);
    if (const Command command = commandOf(first)) return command(arguments.mid(1), console);
    for (const QString &argument : arguments) {
        if (asksForHelp(argument)) {
            console.out << generalHelp;
            return 0;
        }
        if (asksForVersion(argument)) {
            console.out << "atomnet-designer " ATOMNET_VERSION "\n";
            return 0;
        }
    }
    return fail(ErrorCode::Usage,
                arguments.isEmpty()
                    ? QStringLiteral("a command is missing; see atomnet-designer --help")
                    : QStringLiteral("'%1' is no command; see atomnet-designer --help").arg(first));
}

} // namespace

bool isCommandLine(const QStringList &arguments)
{
    if (commandOf(arguments.value(0))) return true;
    return std::any_of(arguments.begin(), arguments.end(), [](const QString &argument) {
        return asksForHelp(argument) || asksForVersion(argument);
    });
}

int runCommandLine(const QStringList &arguments, QTextStream &out, QTextStream &err)
{
    Console console{out, err, isTerminal(err)};
    const Result<int> result = dispatch(arguments, console);
    out.flush();
    int code = 0;
    if (!result) {
        err << "atomnet-designer: " << result.error().message() << '\n';
        code = exitCode(result.error().code);
    } else if (out.status() != QTextStream::Ok) {
        err << "atomnet-designer: the result could not be written completely; "
               "is there room where it goes to?\n";
        code = exitCode(ErrorCode::Io);
    } else {
        code = *result;
    }
    err.flush();
    return code;
}

} // namespace atomnet
