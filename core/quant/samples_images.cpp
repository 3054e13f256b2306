#include "core/quant/sample_files.h"

#include "core/quant/fit_image.h"
#include "core/quant/weight_file.h"

#include <QDir>
#include <QFile>

#include <algorithm>

namespace atomnet
{

namespace
{

constexpr qint64 maxImageFileBytes = 64 << 20;

class ImageSamples : public SampleSource
{
public:
    struct File {
        QString path;
        int label = -1;
    };

    ImageSamples(std::vector<File> files, QStringList labels, const SampleOptions &options)
        : m_files(std::move(files)), m_labels(std::move(labels)), m_options(options)
    {
    }

    [[nodiscard]] int count() const override { return int(m_files.size()); }
    [[nodiscard]] int label(int index) const override { return m_files[std::size_t(index)].label; }
    [[nodiscard]] QStringList labelNames() const override { return m_labels; }

    [[nodiscard]] Result<std::vector<float>> sample(int index) const override
    {
        const QString &path = m_files[std::size_t(index)].path;
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly))
            return fail(ErrorCode::Io,
                        QStringLiteral("the image cannot be opened: %1").arg(file.errorString()),
                        path);
        const QByteArray bytes = file.read(maxImageFileBytes + 1);
        if (file.error() != QFileDevice::NoError)
            return fail(ErrorCode::Io,
                        QStringLiteral("the image cannot be read: %1").arg(file.errorString()),
                        path);
        if (bytes.size() > maxImageFileBytes)
            return fail(
                ErrorCode::BadInput,
                QStringLiteral("the image file is larger than %1 MiB").arg(maxImageFileBytes >> 20),
                path);
        auto image = decodeImage(bytes, path);
        if (!image) return tl::make_unexpected(image.error());
        const Shape &shape = m_options.shape;
        const Image fit = fitted(withChannels(std::move(*image), shape.c), shape.w, shape.h);
        std::vector<float> values;
        values.reserve(fit.pixels.size());
        for (std::size_t i = 0; i < fit.pixels.size(); ++i) {
            const std::size_t c = i % std::size_t(shape.c);
            values.push_back((float(fit.pixels[i]) / 255.0F - m_options.normalisation.mean[c]) /
                             m_options.normalisation.std[c]);
        }
        return values;
    }

private:
    std::vector<File> m_files;
    QStringList m_labels;
    SampleOptions m_options;
};

/// Names in a folder, sorted the same way everywhere.
QStringList sortedNames(const QString &path, const QStringList &filters, QDir::Filters kind)
{
    QStringList names = QDir(path).entryList(filters, kind | QDir::NoDotAndDotDot, QDir::NoSort);
    std::sort(names.begin(), names.end());
    return names;
}

QStringList imagesIn(const QString &path)
{
    QStringList paths;
    const QStringList filters{QStringLiteral("*.png"), QStringLiteral("*.jpg"),
                              QStringLiteral("*.jpeg")};
    for (const QString &name : sortedNames(path, filters, QDir::Files)) // upper case too
        paths << QDir(path).filePath(name);
    return paths;
}

Samples make(const std::vector<ImageSamples::File> &files, const QStringList &labels,
             const SampleOptions &options, const QString &path)
{
    if (options.shape.c != 1 && options.shape.c != 3)
        return fail(
            ErrorCode::BadInput,
            QStringLiteral("images have 1 or 3 channels, the network's input has %1; give the "
                           "samples as a .npy or .npz file")
                .arg(options.shape.c),
            path);
    std::vector<ImageSamples::File> used;
    for (const qint64 index : spread(qint64(files.size()), options.limit))
        used.push_back(files[std::size_t(index)]);
    return std::make_shared<ImageSamples>(std::move(used), labels, options);
}

} // namespace

Samples openImageFolder(const QString &path, const SampleOptions &options)
{
    if (!QDir(path).isReadable())
        return fail(ErrorCode::Io,
                    QStringLiteral("the folder cannot be read; check its permissions"), path);
    std::vector<ImageSamples::File> files;
    QStringList labels;
    const QStringList loose = imagesIn(path);
    for (const QString &image : loose)
        files.push_back({image, -1});
    const QStringList folders = sortedNames(path, {}, QDir::Dirs);
    for (qsizetype i = 0; i < folders.size(); ++i) {
        for (const QString &image : imagesIn(QDir(path).filePath(folders[i])))
            files.push_back({image, int(i)});
        labels << folders[i];
    }
    if (files.empty())
        return fail(ErrorCode::BadInput,
                    QStringLiteral(
                        "the folder holds no PNG or JPEG images, nor do the folders in it (one a "
                        "class); add some or choose another"),
                    path);
    const bool classes = files.size() > std::size_t(loose.size());
    if (classes && !loose.isEmpty())
        return fail(
            ErrorCode::BadInput,
            QStringLiteral("there are images both in the folder and in folders of classes; move %1 "
                           "into a class")
                .arg(firstFew({QFileInfo(loose.front()).fileName()})),
            path);
    return make(files, classes ? labels : QStringList(), options, path);
}

Samples openImage(const QString &path, const SampleOptions &options)
{
    return make({{path, -1}}, {}, options, path);
}

} // namespace atomnet
