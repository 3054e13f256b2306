#include "app/cli/commands.h"
#include "app/cli/design_argument.h"
#include "app/cli/progress_line.h"
#include "app/cli/quant_options.h"
#include "core/base/format.h"
#include "core/exporters/export_request.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace atomnet
{

namespace
{

CommandSpec exportSpec()
{
    return {
        QStringLiteral("export FILE --format F -o PATH [options]"),
        QStringLiteral(
            "Writes the design in FILE (or the preset of this name) for others to use:\n"
            "  pytorch   a folder: the model and a script that trains it\n"
            "  onnx      a file: float\n"
            "  onnx-qdq  a file: int8\n"
            "  tflite    a file: int8\n"
            "  c         a folder: int8, a C library for microcontrollers with its self-test\n"
            "Trained weights need calibration samples for the int8 formats. PATH is written beside "
            "and\n"
            "renamed when complete; an older export of ours that nobody changed is replaced."),
        QList<OptionSpec>{{QStringLiteral("format"), QStringLiteral("F"),
                           QStringLiteral("pytorch, onnx, onnx-qdq, tflite or c")},
                          {QStringLiteral("o"), QStringLiteral("PATH"),
                           QStringLiteral("file or folder to write")}} +
            quantOptions() +
            QList<OptionSpec>{
                {QStringLiteral("softmax"), {}, QStringLiteral("probabilities instead of logits")},
                {QStringLiteral("board"), QStringLiteral("B"),
                 QStringLiteral("c: board to judge the fit for; default stm32h743")},
                {QStringLiteral("prefix"), QStringLiteral("P"),
                 QStringLiteral("c: beginning of every C name; default model")},
                {QStringLiteral("weights-file"),
                 {},
                 QStringLiteral("c: weights in a weights.bin instead of const tables")},
                {QStringLiteral("json"), {}, QStringLiteral("print JSON")}},
        1, 1};
}

tl::unexpected<Error> usage(const QString &what)
{
    return fail(ErrorCode::Usage, what, QStringLiteral("export"));
}

Result<ExportRequest> requestOf(const ParsedCommand &command)
{
    ExportRequest request;
    if (!command.has(QStringLiteral("format")))
        return usage(QStringLiteral("--format is missing: pytorch, onnx, onnx-qdq, tflite or c"));
    const QString name = command.value(QStringLiteral("format"));
    const auto format = exportFormatFrom(name);
    if (!format)
        return usage(QStringLiteral("'%1' is no format; use pytorch, onnx, onnx-qdq, tflite or c")
                         .arg(name));
    request.format = *format;
    for (const QString &option :
         {QStringLiteral("board"), QStringLiteral("prefix"), QStringLiteral("weights-file")})
        if (command.has(option) && *format != ExportFormat::CProject)
            return usage(QStringLiteral("--%1 goes with --format c").arg(option));
    request.outputPath = command.value(QStringLiteral("o"));
    if (request.outputPath.isEmpty())
        return usage(QStringLiteral("-o is missing: the file or folder to write"));
    auto source = quantSourceOf(command);
    if (!source) return tl::make_unexpected(source.error());
    request.source = *std::move(source);
    auto board = boardById(command.value(QStringLiteral("board"), defaultBoardId));
    if (!board) return tl::make_unexpected(board.error());
    request.target.board = *std::move(board);
    request.prefix = command.value(QStringLiteral("prefix"), request.prefix);
    request.softmax = command.has(QStringLiteral("softmax"));
    request.weightsFile = command.has(QStringLiteral("weights-file"));
    return request;
}

QString summaryText(const ExportSummary &summary, ExportFormat format)
{
    QString text = summary.outputPath;
    text +=
        writesFolder(format)
            ? QStringLiteral(": %1 files, %2\n").arg(summary.files).arg(formatKib(summary.bytes))
            : QStringLiteral(": %1\n").arg(formatKib(summary.bytes));
    if (format == ExportFormat::CProject)
        text += QStringLiteral("arena %1, Flash %2\n")
                    .arg(formatKib(summary.arenaBytes), formatKib(summary.flashBytes));
    return text;
}

QString summaryJson(const ExportSummary &summary, ExportFormat format)
{
    QJsonObject json{{QStringLiteral("format"), toString(format)},
                     {QStringLiteral("path"), summary.outputPath},
                     {QStringLiteral("files"), summary.files},
                     {QStringLiteral("bytes"), summary.bytes},
                     {QStringLiteral("warnings"), QJsonArray::fromStringList(summary.warnings)}};
    if (format == ExportFormat::CProject) {
        json.insert(QStringLiteral("arena_bytes"), summary.arenaBytes);
        json.insert(QStringLiteral("flash_bytes"), summary.flashBytes);
    }
    return QString::fromUtf8(QJsonDocument(json).toJson());
}

} // namespace

Result<int> exportCommand(const QStringList &arguments, Console &console)
{
    const CommandSpec spec = exportSpec();
    const auto command = parseCommand(spec, arguments);
    if (!command) return tl::make_unexpected(command.error());
    if (command->help) {
        console.out << helpText(spec);
        return 0;
    }
    const auto request = requestOf(*command);
    if (!request) return tl::make_unexpected(request.error());
    const auto network = designArgument(command->arguments.first(), console);
    if (!network) return tl::make_unexpected(network.error());

    ProgressLine progress(console, QStringLiteral("exporting"));
    const Interruptible interruptible;
    const auto summary =
        exportDesign(*network, *request, interruptible.control(progress.control()));
    progress.finished();
    if (!summary) return tl::make_unexpected(summary.error());
    for (const QString &warning : summary->warnings)
        console.err << "atomnet-designer: " << warning << '\n';
    const bool json = command->has(QStringLiteral("json"));
    console.out << (json ? summaryJson(*summary, request->format)
                         : summaryText(*summary, request->format));
    return 0;
}

} // namespace atomnet
