#pragma once

#include "core/base/result.h"

#include <QByteArrayView>

#include <vector>

namespace atomnet
{

/// Pixels of 8 bits, [height][width][channels], gray or RGB.
struct Image {
    int width = 0, height = 0, channels = 0; ///< 1 or 3
    std::vector<quint8> pixels;
};

/// A small file can claim any size: larger images are refused before memory is taken for them.
inline constexpr int maxImageSide = 16'384;
inline constexpr qint64 maxImagePixels = 64'000'000;

[[nodiscard]] bool isPng(QByteArrayView bytes);
[[nodiscard]] bool isJpeg(QByteArrayView bytes);

/// PNG (16 bits become 8, palettes RGB; alpha and gamma are ignored, as trainings do) or JPEG
/// (gray, RGB). BadInput: another format, broken or cut, CMYK, too large.
[[nodiscard]] Result<Image> decodeImage(QByteArrayView bytes, const QString &fileName);

/// One format each. They return what is wrong, an empty text when nothing is.
[[nodiscard]] QString decodePng(QByteArrayView bytes, Image &image);
[[nodiscard]] QString decodeJpeg(QByteArrayView bytes, Image &image);
/// Why an image of this size is not decoded; empty when it is.
[[nodiscard]] QString sizeFault(qint64 width, qint64 height);

} // namespace atomnet
