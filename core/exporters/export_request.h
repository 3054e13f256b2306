#pragma once

#include "core/analysis/target.h"
#include "core/base/run_control.h"
#include "core/inference/evaluate.h"
#include "core/model/network.h"
#include "core/quant/quantize.h"

// From a design to a quantised network and to files: what the command line and the window call.
namespace atomnet
{

enum class ExportFormat : quint8 { PyTorch, Onnx, OnnxQdq, TfLite, CProject };
[[nodiscard]] QString toString(ExportFormat format); ///< "pytorch", "onnx", "onnx-qdq", "tflite", "c"
[[nodiscard]] std::optional<ExportFormat> exportFormatFrom(QStringView text);
[[nodiscard]] QString displayName(ExportFormat format); ///< "C project (int8)"
[[nodiscard]] bool writesFolder(ExportFormat format);   ///< PyTorch and C; the others write one file
[[nodiscard]] bool isQuantized(ExportFormat format);    ///< ONNX QDQ, TFLite and C

/// Where weights and calibration samples come from.
struct QuantSource {
    QString weightsPath;     ///< empty: seeded weights, marked untrained
    QString calibrationPath; ///< empty: 16 seeded samples, only without trained weights
    int calibrationLimit = 100;
    quint64 seed = 1;
    std::optional<Normalisation> normalisation; ///< overrides what the weight file tells
    QuantizeOptions options;
};

/// A design, weighted and quantised.
struct Prepared {
    AtomGraph graph; ///< atomnet-1
    std::vector<WeightUnit> units;
    FloatWeights weights;
    QuantizedNetwork quantized;
    ArenaPlan plan;
    QStringList layerNames; ///< by atom
};
/// lower -> weights -> calibration -> quantize -> plan. Usage (exit 2): trained weights without calibration.
[[nodiscard]] Result<Prepared> prepare(const Network &network, const QuantSource &source, const RunControl &control = {});
/// The same without quantising: for the float formats (quantized and plan stay empty).
[[nodiscard]] Result<Prepared> prepareFloat(const Network &network, const QuantSource &source);

/// Calibration samples that figures of quantisation noise stand on, in the window and on the command line.
inline constexpr int sqnrSamples = 16;
/// `count` samples of what `prepared` was calibrated with, for figures about it.
[[nodiscard]] Result<std::shared_ptr<const SampleSource>> calibrationSamples(const Prepared &prepared,
                                                                             const QuantSource &source, int count);

struct ExportRequest {
    ExportFormat format = ExportFormat::CProject;
    QString outputPath; ///< file or folder by writesFolder()
    Target target;      ///< board for linker scripts and figures
    QuantSource source;
    QString prefix = QStringLiteral("model"); ///< of every C symbol
    bool softmax = false;
    bool weightsFile = false; ///< C: weights.bin, checked by hash, instead of const tables
};

/// A file of an export, below its root ("" for the only one).
struct ExportFile {
    QString path;
    QByteArray bytes;
    bool executable = false;
};

/// What came of it, for messages and reports.
struct ExportSummary {
    QString outputPath;
    qint64 bytes = 0;
    int files = 0;
    qint64 arenaBytes = 0, flashBytes = 0; ///< predicted; C only
    QStringList warnings;                  ///< "over the board's Flash by 120 KiB: links for the virtual boards only"
};

/// Prepares, writes all files in memory, then puts them at outputPath: beside it first, renamed when complete.
/// Usage: no output path, bad prefix. Io: exists (unless it is an older export of ours: same format marker), read-only,
/// disk full, each with what to do. Cancelled leaves nothing behind.
[[nodiscard]] Result<ExportSummary> exportDesign(const Network &network, const ExportRequest &request,
                                                 const RunControl &control = {});

} // namespace atomnet
