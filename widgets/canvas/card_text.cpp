#include "widgets/canvas/card_text.h"

#include "core/base/format.h"

#include <QCoreApplication>

namespace atomnet
{
namespace
{

QString tr(const char *text)
{
    return QCoreApplication::translate("atomnet::Canvas", text);
}

QString latencyText(const Latency &latency, TimeUnit unit)
{
    if (latency.source == Source::Missing) return tr("missing: no measurement and no model");
    const bool time = unit == TimeUnit::Nanoseconds;
    const auto format = [time](qint64 value) {
        return time ? formatMs(value) : formatCount(value);
    };
    QString text = format(latency.value);
    if (!time) text += tr(" instructions");
    if (latency.source == Source::Measured)
        return text + tr(", measured (%1 samples)").arg(latency.samples);
    if (latency.high) text += tr(", %1 to %2").arg(format(latency.low), format(*latency.high));
    if (latency.fromInstructions) return text + tr(", estimated from instructions");
    return text + (latency.extrapolated ? tr(", extrapolated") : tr(", estimated"));
}

QString figureRows(const BlockFigures &figures, const Report &report)
{
    const auto row = [](const QString &name, const QString &value) {
        return QStringLiteral("<tr><td>%1</td><td>&nbsp;&nbsp;%2</td></tr>").arg(name, value);
    };
    return row(tr("SRAM"),
               tr("%1 (%2)").arg(formatKib(figures.sramBytes), formatBytes(figures.sramBytes)) +
                   (report.sram.estimated ? tr(", estimated") : QString())) +
           row(tr("Flash"),
               tr("%1 (%2)").arg(formatKib(figures.flashBytes), formatBytes(figures.flashBytes))) +
           row(tr("Latency"), latencyText(figures.latency, report.unit)) +
           row(tr("MACs"), formatCount(figures.macs));
}

QString shapeText(Shape s)
{
    return QStringLiteral("%1×%2×%3").arg(s.h).arg(s.w).arg(s.c);
}

QString signedMs(qint64 ns)
{
    return (ns < 0 ? QStringLiteral("−") : QStringLiteral("+")) + formatMs(std::abs(ns));
}

QString signedCount(qint64 count)
{
    return (count < 0 ? QStringLiteral("−") : QStringLiteral("+")) + formatCount(std::abs(count));
}

QString toolTip(const QString &title, const QString &line,
                const std::optional<BlockFigures> &figures, const Report *report)
{
    QString text = QStringLiteral("<p style='white-space:pre'><b>%1</b><br>%2</p>")
                       .arg(title.toHtmlEscaped(), line.toHtmlEscaped());
    if (figures && report)
        text += QStringLiteral("<table>%1</table>").arg(figureRows(*figures, *report));
    return text;
}

} // namespace

QString sizeText(Shape shape)
{
    return QStringLiteral("%1×%2").arg(shape.h).arg(shape.w);
}

QString detailText(const Block &block)
{
    QString text = QStringLiteral("%1×%1").arg(block.kernel);
    if (block.stride > 1) text += QStringLiteral(" /%1").arg(block.stride);
    if (block.type == BlockType::ConvNext || block.type == BlockType::MbConv)
        text += QStringLiteral(" e%1").arg(block.expand);
    return text;
}

QString extraText(const Block &block)
{
    QStringList parts;
    if (block.se) parts += QStringLiteral("SE");
    if (block.act != Activation::None) parts += displayName(block.act);
    return parts.join(QLatin1Char(' '));
}

QString detailText(const Head &head)
{
    QStringList parts;
    if (head.conv) parts += tr("conv %1").arg(head.conv->out);
    parts += tr("pool");
    if (head.hidden) parts += tr("FC %1").arg(head.hidden->out);
    return parts.join(QStringLiteral(", "));
}

QString sentence(const Block &block)
{
    QStringList parts{tr("%1, %2 channels").arg(displayName(block.type)).arg(block.out),
                      tr("kernel %1").arg(block.kernel)};
    if (block.stride > 1) parts += tr("stride %1").arg(block.stride);
    if (block.type == BlockType::ConvNext || block.type == BlockType::MbConv)
        parts += tr("expansion %1").arg(block.expand);
    if (block.se) parts += tr("squeeze and excite");
    if (block.act != Activation::None) parts += displayName(block.act);
    if (block.repeat > 1) parts += tr("%1 times").arg(block.repeat);
    if (block.locked) parts += tr("locked");
    return parts.join(QStringLiteral(", "));
}

QString blockToolTip(const Block &block, Shape in, Shape out,
                     const std::optional<BlockFigures> &figures, const Report *report)
{
    return toolTip(sentence(block), shapeText(in) + QStringLiteral(" → ") + shapeText(out), figures,
                   report);
}

QString headToolTip(const Head &head, Shape in, const std::optional<BlockFigures> &figures,
                    const Report *report)
{
    return toolTip(tr("Head: %1, %2 classes").arg(detailText(head)).arg(head.classes),
                   shapeText(in) + QStringLiteral(" → %1").arg(head.classes), figures, report);
}

QString differenceText(const Report &report, const Report &baseline)
{
    QStringList parts{
        tr("SRAM %1").arg(formatKibDelta(report.sram.value - baseline.sram.value)),
        tr("Flash %1").arg(formatKibDelta(report.flash.value - baseline.flash.value))};
    const qint64 time = report.latency.value - baseline.latency.value;
    if (report.unit == baseline.unit)
        parts += report.unit == TimeUnit::Nanoseconds ? signedMs(time) : signedCount(time);
    return parts.join(QStringLiteral(" · "));
}

} // namespace atomnet
