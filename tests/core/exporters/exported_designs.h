#pragma once

#include "core/exporters/export_request.h"

// Designs that between them have everything an export must write.
namespace atomnet::test
{

struct ExportedDesign {
    QByteArray name;
    Network network;
};
/// Small ones, made by hand and by chance; always the same.
[[nodiscard]] std::vector<ExportedDesign> exportedDesigns();

/// A seeded input of the network, h x w x c, and the same as c x h x w.
[[nodiscard]] std::vector<float> seededInput(const Shape &shape, quint64 seed);
[[nodiscard]] std::vector<float> planes(const std::vector<float> &values, const Shape &shape);

/// Writes bytes below the folder, making folders on the way; false when that failed.
[[nodiscard]] bool putFile(const QString &folder, const QString &name, const QByteArray &bytes);
/// The input and its shape as run_exports.py reads them.
[[nodiscard]] bool putInput(const QString &folder, const std::vector<float> &input,
                            const Shape &shape);

} // namespace atomnet::test
