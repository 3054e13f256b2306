#include "core/quant/image_file.h"

namespace atomnet
{

bool isPng(QByteArrayView bytes)
{
    return bytes.startsWith(QByteArrayView("\x89PNG\r\n\x1a\n"));
}

bool isJpeg(QByteArrayView bytes)
{
    return bytes.startsWith(QByteArrayView("\xff\xd8\xff"));
}

QString sizeFault(qint64 width, qint64 height)
{
    if (width < 1 || height < 1) return QStringLiteral("it has no pixels");
    if (width <= maxImageSide && height <= maxImageSide && width * height <= maxImagePixels)
        return {};
    return QStringLiteral(
               "it is %1 x %2 pixels; at most %3 a side and %4 million together are read")
        .arg(width)
        .arg(height)
        .arg(maxImageSide)
        .arg(maxImagePixels / 1'000'000);
}

Result<Image> decodeImage(QByteArrayView bytes, const QString &fileName)
{
    Image image;
    const bool png = isPng(bytes);
    if (!png && !isJpeg(bytes))
        return fail(ErrorCode::BadInput, QStringLiteral("this is neither a PNG nor a JPEG image"),
                    fileName);
    const QString fault = png ? decodePng(bytes, image) : decodeJpeg(bytes, image);
    if (!fault.isEmpty())
        return fail(ErrorCode::BadInput, QStringLiteral("the image cannot be used: %1").arg(fault),
                    fileName);
    return image;
}

} // namespace atomnet
