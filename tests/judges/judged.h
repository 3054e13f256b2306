#pragma once

#include "core/exporters/export_request.h"
#include "core/exporters/writers.h"

#include <QByteArray>

#include <vector>

// A quantised network run by our kernels and by the judges, on the same bytes.
namespace atomnet::judges
{

/// Ready for the writers: planned, with names.
[[nodiscard]] Prepared preparedFrom(const QuantizedNetwork &network);

/// Output of the first step through our kernels; empty when they refuse, with the reason in
/// `problem`.
[[nodiscard]] QByteArray runStep(const Prepared &prepared, const std::vector<QByteArray> &inputs,
                                 QString &problem);

[[nodiscard]] QByteArray tfLiteModel(const Prepared &prepared, QString &problem);
[[nodiscard]] QByteArray qdqModel(const Prepared &prepared, QString &problem);

/// int8 h x w x c to the layout of ONNX, c x h x w, and back.
[[nodiscard]] QByteArray toChannelsFirst(const QByteArray &bytes, const Shape &shape);
[[nodiscard]] QByteArray toChannelsLast(const QByteArray &bytes, const Shape &shape);

/// How far two outputs lie apart.
struct Difference {
    qint64 outputs = 0, differing = 0;
    int largest = 0; ///< LSB
    void add(const QByteArray &ours, const QByteArray &theirs);
    void add(const Difference &other);
    [[nodiscard]] double perMillion() const
    {
        return outputs == 0 ? 0 : 1e6 * double(differing) / double(outputs);
    }
};

} // namespace atomnet::judges
