#include "widgets/common/picture_file.h"

#include "core/base/atomic_file.h"

#include <QBuffer>
#include <QFileInfo>
#include <QImage>
#include <QPainter>
#include <QSvgGenerator>

namespace atomnet
{

namespace
{

using Paint = std::function<void(QPainter &)>;

Result<QByteArray> pngBytes(const QSize &size, const QColor &background, const Paint &paint)
{
    constexpr int scale = 2;
    QImage image(size * scale, QImage::Format_ARGB32_Premultiplied);
    if (image.isNull())
        return fail(ErrorCode::Io,
                    QStringLiteral("the picture is too large; make the window smaller"));
    image.fill(background);
    QPainter painter(&image);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    painter.scale(scale, scale);
    paint(painter);
    painter.end();
    QByteArray bytes;
    QBuffer buffer(&bytes);
    if (!buffer.open(QIODevice::WriteOnly) || !image.save(&buffer, "PNG"))
        return fail(ErrorCode::Io,
                    QStringLiteral("the picture could not be encoded as PNG; save it as SVG"));
    return bytes;
}

Result<QByteArray> svgBytes(const QString &title, const QSize &size, const QColor &background,
                            const Paint &paint)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(size);
    generator.setViewBox(QRect(QPoint(0, 0), size));
    generator.setTitle(title);
    QPainter painter;
    if (!painter.begin(&generator))
        return fail(ErrorCode::Io,
                    QStringLiteral("the picture could not be encoded as SVG; save it as PNG"));
    painter.fillRect(QRect(QPoint(0, 0), size), background);
    paint(painter);
    painter.end();
    return bytes;
}

} // namespace

Result<> writePicture(const QString &path, const QString &title, const QSize &size,
                      const QColor &background, const Paint &paint)
{
    const QString suffix = QFileInfo(path).suffix().toLower();
    const bool png = suffix == QLatin1String("png");
    if (!png && suffix != QLatin1String("svg"))
        return fail(
            ErrorCode::Usage,
            QStringLiteral("a picture is written as .png or .svg; choose one of these endings"),
            path);
    const Result<QByteArray> bytes =
        png ? pngBytes(size, background, paint) : svgBytes(title, size, background, paint);
    if (!bytes) return fail(bytes.error().code, bytes.error().what, path);
    const QString reason = writeAtomically(path, *bytes);
    if (reason.isEmpty()) return {};
    return fail(ErrorCode::Io,
                QStringLiteral("the picture was not saved (%1); choose another folder or file name")
                    .arg(reason),
                QFileInfo(path).fileName());
}

} // namespace atomnet
