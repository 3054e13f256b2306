#include "core/exporters/export_request.h"

#include <array>
#include <utility>

namespace atomnet
{

namespace
{

struct FormatNames {
    ExportFormat format;
    const char *id;
    const char *name;
};
constexpr std::array<FormatNames, 5> formatNames{{
    {ExportFormat::PyTorch, "pytorch", "PyTorch project (float)"},
    {ExportFormat::Onnx, "onnx", "ONNX (float)"},
    {ExportFormat::OnnxQdq, "onnx-qdq", "ONNX QDQ (int8)"},
    {ExportFormat::TfLite, "tflite", "TFLite (int8)"},
    {ExportFormat::CProject, "c", "C project (int8)"},
}};

} // namespace

QString toString(ExportFormat format)
{
    return QLatin1String(formatNames[std::size_t(format)].id);
}

QString displayName(ExportFormat format)
{
    return QLatin1String(formatNames[std::size_t(format)].name);
}

std::optional<ExportFormat> exportFormatFrom(QStringView text)
{
    for (const FormatNames &names : formatNames)
        if (text == QLatin1String(names.id)) return names.format;
    return {};
}

bool writesFolder(ExportFormat format)
{
    return format == ExportFormat::PyTorch || format == ExportFormat::CProject;
}

bool isQuantized(ExportFormat format)
{
    return format != ExportFormat::PyTorch && format != ExportFormat::Onnx;
}

} // namespace atomnet
