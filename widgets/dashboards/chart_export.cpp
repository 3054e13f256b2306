#include "widgets/dashboards/chart_export.h"

#include "core/base/atomic_file.h"
#include "widgets/dashboards/layer_chart.h"

#include <QBuffer>
#include <QFileInfo>
#include <QImage>
#include <QPainter>
#include <QSvgGenerator>

namespace atomnet
{

namespace
{

Result<> save(const QByteArray &bytes, const QString &path)
{
    const QString reason = writeAtomically(path, bytes);
    if (reason.isEmpty()) return {};
    return fail(ErrorCode::Io,
                QStringLiteral("the chart was not saved (%1); choose another folder or file name")
                    .arg(reason),
                QFileInfo(path).fileName());
}

} // namespace

Result<> writePng(LayerChart &chart, const QSize &size, const QString &path)
{
    constexpr int scale = 2;
    QImage image(size * scale, QImage::Format_ARGB32_Premultiplied);
    if (image.isNull())
        return fail(ErrorCode::Io,
                    QStringLiteral("the chart is too large for a picture; make the window smaller"),
                    path);
    image.fill(chart.theme().base);
    QPainter painter(&image);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    painter.scale(scale, scale);
    chart.paintTo(painter, size);
    painter.end();
    QByteArray bytes;
    QBuffer buffer(&bytes);
    if (!buffer.open(QIODevice::WriteOnly) || !image.save(&buffer, "PNG"))
        return fail(ErrorCode::Io,
                    QStringLiteral("the chart could not be encoded as PNG; save it as SVG instead"),
                    path);
    return save(bytes, path);
}

Result<> writeSvg(LayerChart &chart, const QSize &size, const QString &title, const QString &path)
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
                    QStringLiteral("the chart could not be encoded as SVG; save it as PNG instead"),
                    path);
    painter.fillRect(QRect(QPoint(0, 0), size), chart.theme().base);
    chart.paintTo(painter, size);
    painter.end();
    return save(bytes, path);
}

} // namespace atomnet
