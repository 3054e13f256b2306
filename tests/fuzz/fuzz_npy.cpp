// Any bytes as samples: .npy and .npz arrays and images, by their first bytes as openSamples()
// does. An array is read once more from inside an archive, whose checksum a fuzzer would never hit.
#include "core/quant/image_file.h"
#include "core/quant/sample_files.h"

#include <QBuffer>
#include <QtEndian>

#include <zlib.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace
{

using namespace atomnet;

/// Unlike an assertion it stays in every build type.
void require(bool holds, const char *what)
{
    if (holds) return;
    std::fprintf(stderr, "broken promise: %s\n", what);
    std::abort();
}

template <class T>
QByteArray littleEndian(T value)
{
    const T turned = qToLittleEndian(value);
    return {reinterpret_cast<const char *>(&turned), sizeof turned};
}

QByteArray archived(const QByteArray &bytes)
{
    const QByteArray name = "x.npy", size = littleEndian(quint32(bytes.size()));
    const auto crc =
        crc32(0, reinterpret_cast<const Bytef *>(bytes.constData()), uInt(bytes.size()));
    const QByteArray common = QByteArray(10, '\0') + littleEndian(quint32(crc)) + size + size +
                              littleEndian(quint16(name.size()));
    const QByteArray local = "PK\3\4" + common + QByteArray(2, '\0') + name + bytes;
    const QByteArray directory = QByteArray("PK\1\2\0\0", 6) + common + QByteArray(16, '\0') + name;
    return local + directory + QByteArray("PK\5\6\0\0\0\0\1\0\1\0", 12) +
           littleEndian(quint32(directory.size())) + littleEndian(quint32(local.size())) +
           QByteArray(2, '\0');
}

OpenDevice deviceOf(const QByteArray &bytes)
{
    return [bytes](QString &) {
        auto buffer = std::make_unique<QBuffer>();
        buffer->setData(bytes);
        buffer->open(QIODevice::ReadOnly);
        return buffer;
    };
}

void requireError(const Error &error, const QString &name)
{
    require(!error.what.isEmpty(), "an error has a sentence");
    require(error.where.startsWith(name), "an error has a place");
}

/// How many could be read.
int readAll(const Samples &samples, const SampleOptions &options, const QString &name)
{
    if (!samples) {
        requireError(samples.error(), name);
        return -1;
    }
    require((*samples)->count() > 0 && (*samples)->count() <= options.limit, "the limit holds");
    int good = 0;
    for (int i = 0; i < (*samples)->count(); ++i) {
        require((*samples)->label(i) >= -1, "labels count from 0");
        const auto sample = (*samples)->sample(i);
        if (!sample) {
            requireError(sample.error(), name);
            continue;
        }
        ++good;
        require(qint64(sample->size()) == options.shape.bytes(), "a sample has the input's size");
        for (const float value : *sample)
            require(std::isfinite(value), "a sample is finite");
    }
    return good;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    const QByteArray bytes(reinterpret_cast<const char *>(data), qsizetype(size));
    const QString name = QStringLiteral("fuzz");
    SampleOptions options;
    options.shape = {2, 1, 3};
    options.normalisation = {{0.5F, 0.5F, 0.5F}, {0.25F, 0.25F, 0.25F}};
    options.limit = 5;
    if (isPng(bytes) || isJpeg(bytes)) {
        const auto image = decodeImage(bytes, name);
        if (!image)
            requireError(image.error(), name);
        else
            require(image->pixels.size() == std::size_t(image->width) * std::size_t(image->height) *
                                                std::size_t(image->channels),
                    "an image is complete");
    } else if (bytes.startsWith("PK")) {
        readAll(openNpz(deviceOf(bytes), name, options), options, name);
    } else {
        const int plain = readAll(openNpy(deviceOf(bytes), name, options), options, name);
        const int packed =
            readAll(openNpz(deviceOf(archived(bytes)), name, options), options, name);
        require(plain == packed, "an archive changes nothing");
    }
    return 0;
}
