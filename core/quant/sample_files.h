#pragma once

#include "core/quant/samples.h"

#include <QIODevice>

#include <functional>

// The kinds of samples that openSamples() chooses from.
namespace atomnet
{

/// Indices of the samples that are used: all of `count`, or `limit` of them, spread evenly.
[[nodiscard]] std::vector<qint64> spread(qint64 count, int limit);

/// Opens the same file afresh for every reader; null with the reason set when it cannot.
using OpenDevice = std::function<std::unique_ptr<QIODevice>(QString &reason)>;
[[nodiscard]] OpenDevice deviceOf(const QString &path);

using Samples = Result<std::shared_ptr<const SampleSource>>;
[[nodiscard]] Samples openImageFolder(const QString &path, const SampleOptions &options);
[[nodiscard]] Samples openImage(const QString &path, const SampleOptions &options);
/// Reads each sample when it is asked for.
[[nodiscard]] Samples openNpy(const OpenDevice &open, const QString &name,
                              const SampleOptions &options);
/// Unpacks the samples that are used into memory.
[[nodiscard]] Samples openNpz(const OpenDevice &open, const QString &name,
                              const SampleOptions &options);

} // namespace atomnet
