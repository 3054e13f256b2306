#include "core/exporters/write_export.h"
#include "core/exporters/writers.h"

#include "core/analysis/analyze.h"
#include "core/analysis/runtime_footprint.h"

#include <QFileInfo>
#include <QRegularExpression>

#include <numeric>

namespace atomnet
{

namespace
{

constexpr double preparedDone = 0.9; ///< share of the work

Result<> checkRequest(const ExportRequest &request)
{
    if (request.outputPath.isEmpty())
        return fail(ErrorCode::Usage, QStringLiteral("an output path is missing"));
    static const QRegularExpression identifier(QStringLiteral("\\A[A-Za-z][A-Za-z0-9_]{0,31}\\z"));
    if (!identifier.match(request.prefix).hasMatch())
        return fail(ErrorCode::Usage,
                    QStringLiteral("the prefix '%1' cannot begin a C name; use a letter, then up "
                                   "to 31 letters, digits and underscores")
                        .arg(request.prefix.left(60)));
    // A file of ours may be replaced, but not while it is what the export is made from.
    const QString output = QFileInfo(request.outputPath).canonicalFilePath();
    for (const QString &input : {request.source.weightsPath, request.source.calibrationPath})
        if (!input.isEmpty() && !output.isEmpty() && output == QFileInfo(input).canonicalFilePath())
            return fail(ErrorCode::Usage,
                        QStringLiteral(
                            "the export would replace what it is made from; choose another name"),
                        request.outputPath);
    if (auto valid = validate(request.target); !valid) return valid;
    return checkDestination(request.outputPath, request.format);
}

Result<std::vector<ExportFile>> single(Result<QByteArray> bytes)
{
    if (!bytes) return tl::make_unexpected(bytes.error());
    std::vector<ExportFile> files;
    files.push_back({{}, *std::move(bytes)});
    return files;
}

Result<std::vector<ExportFile>> filesOf(const Network &network, const Prepared &prepared,
                                        const ExportRequest &request)
{
    switch (request.format) {
    case ExportFormat::PyTorch:
        return writePyTorchProject(network, prepared, request);
    case ExportFormat::Onnx:
        return single(writeOnnx(network, prepared, request));
    case ExportFormat::OnnxQdq:
        return single(writeOnnxQdq(network, prepared, request));
    case ExportFormat::TfLite:
        return single(writeTfLite(network, prepared, request));
    case ExportFormat::CProject:
        return writeCProject(network, prepared, request);
    }
    return fail(ErrorCode::Usage, QStringLiteral("there is no such format"));
}

/// What softmax adds to a design's own Flash: its kernel, its record and its table of exponents.
qint64 softmaxFlashBytes(const AtomGraph &graph)
{
    return codeBytes(graph, true) - codeBytes(graph, false) + softmaxRecordBytes + 256 * 4;
}

/// Figures of a C project, and where they exceed the board.
Result<> addFigures(ExportSummary &summary, const Network &network, const Prepared &prepared,
                    const ExportRequest &request)
{
    Target target = request.target;
    target.runtime = Runtime::AtomNet1;
    const auto report = analyze(network, target, {});
    if (!report) return tl::make_unexpected(report.error());
    summary.arenaBytes = prepared.plan.arenaBytes;
    summary.flashBytes =
        report->flash.value + (request.softmax ? softmaxFlashBytes(prepared.graph) : 0);
    for (const QString &reason : report->reasons)
        summary.warnings << reason + QStringLiteral(": links for the virtual boards only");
    return {};
}

} // namespace

Result<ExportSummary> exportDesign(const Network &network, const ExportRequest &request,
                                   const RunControl &control)
{
    if (auto valid = checkRequest(request); !valid) return tl::make_unexpected(valid.error());
    const RunControl preparing{control.isCancelled,
                               [&](double share) { control.progress(share * preparedDone); }};
    const auto prepared = isQuantized(request.format) ? prepare(network, request.source, preparing)
                                                      : prepareFloat(network, request.source);
    if (!prepared) return tl::make_unexpected(prepared.error());
    const auto files = filesOf(network, *prepared, request);
    if (!files) return tl::make_unexpected(files.error());
    if (control.cancelled()) return fail(ErrorCode::Cancelled, QStringLiteral("cancelled"));

    ExportSummary summary;
    summary.outputPath = request.outputPath;
    summary.files = int(files->size());
    summary.bytes =
        std::accumulate(files->begin(), files->end(), qint64(0),
                        [](qint64 sum, const ExportFile &file) { return sum + file.bytes.size(); });
    if (!prepared->weights.trained && request.format != ExportFormat::PyTorch)
        summary.warnings << QStringLiteral(
            "the weights are seeded, not trained: good for figures, not for use");
    if (request.format == ExportFormat::CProject)
        if (auto added = addFigures(summary, network, *prepared, request); !added)
            return tl::make_unexpected(added.error());
    if (auto written = writeExport(request.outputPath, request.format, *files, control); !written)
        return tl::make_unexpected(written.error());
    control.progress(1);
    return summary;
}

} // namespace atomnet
