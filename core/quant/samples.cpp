#include "core/quant/sample_files.h"

#include "core/quant/image_file.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <cmath>

namespace atomnet
{

std::vector<qint64> spread(qint64 count, int limit)
{
    const qint64 used = limit > 0 ? std::min<qint64>(limit, count) : count;
    std::vector<qint64> indices;
    for (qint64 i = 0; i < used; ++i)
        indices.push_back(i * count / used);
    return indices;
}

OpenDevice deviceOf(const QString &path)
{
    return [path](QString &reason) -> std::unique_ptr<QIODevice> {
        auto file = std::make_unique<QFile>(path);
        if (file->open(QIODevice::ReadOnly)) return file;
        reason = file->errorString();
        return nullptr;
    };
}

namespace
{

/// What is wrong with mean and std for this input; empty when nothing is.
QString faultOf(const Normalisation &normalisation, int channels)
{
    const auto finite = [](float value) { return std::isfinite(value); };
    const auto positive = [](float value) { return std::isfinite(value) && value > 0; };
    if (normalisation.mean.size() != std::size_t(channels) ||
        normalisation.std.size() != std::size_t(channels))
        return QStringLiteral("mean and std need one number for each of the input's %1 channels")
            .arg(channels);
    if (!std::all_of(normalisation.mean.begin(), normalisation.mean.end(), finite) ||
        !std::all_of(normalisation.std.begin(), normalisation.std.end(), positive))
        return QStringLiteral("mean must be finite and std above 0");
    return {};
}

} // namespace

Samples openSamples(const QString &path, const SampleOptions &options)
{
    if (const QString fault = faultOf(options.normalisation, options.shape.c); !fault.isEmpty())
        return fail(ErrorCode::BadInput, fault);
    if (QFileInfo(path).isDir()) return openImageFolder(path, options);
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(
            ErrorCode::Io,
            QStringLiteral("the samples cannot be opened: %1; check the name and its permissions")
                .arg(file.errorString()),
            path);
    const QByteArray start = file.read(8);
    if (start.startsWith("\x93NUMPY")) return openNpy(deviceOf(path), path, options);
    if (start.startsWith("PK")) return openNpz(deviceOf(path), path, options);
    if (isPng(start) || isJpeg(start)) return openImage(path, options);
    return fail(
        ErrorCode::BadInput,
        QStringLiteral("these are no samples; give a folder of PNG and JPEG images, one image, a "
                       ".npy or a .npz file"),
        path);
}

} // namespace atomnet
