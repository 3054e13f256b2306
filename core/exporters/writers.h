#pragma once

#include "core/exporters/export_request.h"

// The writers: pure functions from a prepared design to bytes. exportDesign() calls them.
namespace atomnet
{

/// pytorch/: model.py, train.py, requirements.txt, README.md, design.atomnet; weights.safetensors when trained.
[[nodiscard]] Result<std::vector<ExportFile>> writePyTorchProject(const Network &network, const Prepared &prepared,
                                                                  const ExportRequest &request);
/// One ONNX file, opset 14, NCHW float.
[[nodiscard]] Result<QByteArray> writeOnnx(const Network &network, const Prepared &prepared, const ExportRequest &request);
/// One ONNX file with QuantizeLinear/DequantizeLinear pairs, int8.
[[nodiscard]] Result<QByteArray> writeOnnxQdq(const Network &network, const Prepared &prepared, const ExportRequest &request);
/// One TFLite file, int8 in and out, NHWC.
[[nodiscard]] Result<QByteArray> writeTfLite(const Network &network, const Prepared &prepared, const ExportRequest &request);
/// The C project.
[[nodiscard]] Result<std::vector<ExportFile>> writeCProject(const Network &network, const Prepared &prepared,
                                                            const ExportRequest &request);

} // namespace atomnet
