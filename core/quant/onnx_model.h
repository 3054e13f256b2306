#pragma once

#include "core/base/result.h"

#include <QByteArray>

namespace atomnet
{

namespace onnx
{
class ModelProto;
}

/// Parses an ONNX file into `model`, quietly. BadInput: not ONNX, cut, without a graph, or of so
/// many parts that they would fill the memory.
[[nodiscard]] Result<> parseOnnx(const QByteArray &bytes, const QString &fileName,
                                 onnx::ModelProto &model);

} // namespace atomnet
