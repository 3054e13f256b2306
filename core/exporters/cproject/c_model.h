#pragma once

#include "core/exporters/cproject/text_template.h"
#include "core/exporters/export_request.h"
#include "core/inference/program.h"

#include <array>
#include <optional>

// What the files of a C project are written from, and the parts that several of them share.
namespace atomnet
{

/// An input of the self-test and what the host's kernels make of it.
struct CVector {
    quint32 seed = 0;
    int amplitude = 0; ///< of 128
    std::vector<qint8> output;
    std::vector<quint32> layerCrcs; ///< CRC-32 of each step's output
};

struct CModel {
    QString prefix = QStringLiteral("model");
    QString title;         ///< the design's name, as given
    QByteArray designHash; ///< 16 hexadecimal digits
    Program program;
    Shape input;
    QStringList labels;
    std::vector<std::array<qint8, 256>> pixelTables; ///< by channel; empty: none are written
    bool trained = false, softmax = false, weightsFile = false;
    std::vector<CVector> vectors;
};

/// Values of the self-test's input, as its main.c makes them.
[[nodiscard]] std::vector<qint8> vectorInput(const CVector &vector, qint64 bytes);
/// Runs the seeded inputs through the kernels.
[[nodiscard]] Result<std::vector<CVector>> makeVectors(const Program &program);

/// The constants one behind the other, each aligned to 4 bytes, and where each one starts.
struct ConstantImage {
    QByteArray bytes;
    std::vector<qsizetype> offsets;
};
[[nodiscard]] ConstantImage constantImage(const Program &program);
inline constexpr int weightsHeaderBytes = 32;
/// <prefix>_weights.bin: a header of 8 words (see model.c.in), then the image.
[[nodiscard]] QByteArray weightsFile(const CModel &model, const ConstantImage &image);

/// "const uint32_t model_k_x[4] = {...};" for every constant, and "extern const ...;" for a header.
[[nodiscard]] QByteArray constantDefinitions(const CModel &model);
[[nodiscard]] QByteArray constantDeclarations(const CModel &model);

/// Structures of the calls ("static const ak_conv2d_t ...") and the lines of the table of steps.
struct PlanText {
    QByteArray records, steps;
    QSet<QByteArray> kinds; ///< conditions of model.c.in: "conv", "depthwise", ...
};
[[nodiscard]] PlanText planText(const CModel &model, const ConstantImage &image);

/// Kernel sources of these kinds and the headers they include, by name ("ak_types.h"), sorted.
[[nodiscard]] QStringList kernelFiles(const QSet<QByteArray> &kinds);
[[nodiscard]] QByteArray kernelSource(const QString &fileName);

/// Values of every template: prefix, sizes, scales, ...
[[nodiscard]] TextValues commonValues(const CModel &model, const ConstantImage &image);

/// All files but README.md.
[[nodiscard]] std::vector<ExportFile> projectFiles(const CModel &model);

} // namespace atomnet
