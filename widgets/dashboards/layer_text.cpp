#include "widgets/dashboards/layer_text.h"

#include "core/base/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace atomnet
{

namespace
{

QString tr(const char *text)
{
    return QCoreApplication::translate("atomnet::LayerText", text);
}

/// Two columns, figures right aligned.
class Table
{
public:
    void row(const QString &name, const QString &figure, bool bold = false)
    {
        const QString open = bold ? QStringLiteral("<b>") : QString();
        const QString close = bold ? QStringLiteral("</b>") : QString();
        m_html += QStringLiteral("<tr><td>%1%3%2&nbsp;&nbsp;</td><td align=right>%1%4%2</td></tr>")
                      .arg(open, close, name.toHtmlEscaped(), figure.toHtmlEscaped());
    }
    QString html() const { return QStringLiteral("<table cellspacing=0>%1</table>").arg(m_html); }

private:
    QString m_html;
};

QString heading(const Report &report, const Layer &layer)
{
    return QStringLiteral("<p style='white-space:pre'><b>%1</b><br>%2</p>")
        .arg(layerName(report, layer).toHtmlEscaped(), describe(layer.atom.key).toHtmlEscaped());
}

QString paragraph(const QString &text)
{
    return QStringLiteral("<p style='white-space:pre'>%1</p>").arg(text.toHtmlEscaped());
}

QString shapeText(const Shape &shape)
{
    return QStringLiteral("%1x%2x%3").arg(shape.h).arg(shape.w).arg(shape.c);
}

const Layer &layerAt(const Report &report, int layer)
{
    Q_ASSERT(layer >= 0 && layer < int(report.layers.size()));
    return report.layers[std::size_t(layer)];
}

/// What is alive while the layer runs, one row a tensor; `bold` is the index of the one to stress.
QString aliveTable(const Report &report, int layer, int bold, qint64 *sum = nullptr)
{
    Table table;
    for (std::size_t i = 0; i < report.tensors.size(); ++i) {
        const TensorLife &life = report.tensors[i];
        if (life.first > layer || life.last < layer) continue;
        QString name = tensorName(report, life.tensor) + QStringLiteral("  ") +
                       shapeText(report.tensorShapes.at(std::size_t(life.tensor)).shape);
        if (life.offset) name += tr(" at offset %1").arg(formatBytes(*life.offset));
        table.row(name, formatBytes(life.bytes), int(i) == bold);
        if (sum) *sum += life.bytes;
    }
    if (sum) table.row(tr("Alive while it runs"), formatBytes(*sum), bold < 0);
    if (sum && report.sramBreakdown) { // each byte once
        const SramParts &parts = layerAt(report, layer).sram;
        if (parts.scratch > 0) table.row(tr("Scratch"), formatBytes(parts.scratch));
        table.row(tr("Occupied in the arena"), formatBytes(parts.total()), bold < 0);
    }
    return table.html();
}

} // namespace

QString latencyText(qint64 value, TimeUnit unit)
{
    if (unit == TimeUnit::Nanoseconds) return formatMs(value);
    return formatCount(value) + QLatin1Char(' ') + tr("instructions");
}

QString intervalText(qint64 value, qint64 low, qint64 high,
                     const std::function<QString(qint64)> &format)
{
    if (high <= low) return {};
    const double half = double(high - low) / 2;
    const double offCentre = std::abs(double(value) - (double(low) + half));
    if (value <= 0 || offCentre > 0.15 * half)
        return tr("(%1 to %2)").arg(format(low), format(high));
    const double share = half / double(value);
    return QStringLiteral("\u00b1") + (share < 0.01 ? tr("under 1 %") : formatPercent(share));
}

QString provenance(const Latency &latency, TimeUnit unit)
{
    const QString low = latencyText(latency.low, unit);
    switch (latency.source) {
    case Source::Measured: {
        const QString samples = latency.samples == 1
                                    ? tr("measured, 1 sample")
                                    : tr("measured, %1 samples").arg(latency.samples);
        const QString high = latencyText(latency.high.value_or(latency.value), unit);
        return low == high ? samples : samples + tr(", %1 to %2").arg(low, high);
    }
    case Source::Estimated: {
        QString text = latency.fromInstructions
                           ? tr("estimated from instructions, counted on a virtual board")
                           : tr("estimated by a fitted model");
        const QString interval =
            intervalText(latency.value, latency.low, latency.high.value_or(latency.value),
                         [unit](qint64 value) { return latencyText(value, unit); });
        if (!interval.isEmpty()) text += QStringLiteral(", ") + interval;
        if (latency.fromInstructions)
            text += tr("; a measurement on the board will replace it");
        else if (latency.extrapolated)
            text += tr(", outside what the model has seen");
        return text;
    }
    case Source::Missing:
        break;
    }
    return tr("missing: neither a measurement nor a model for this operator");
}

QString memoryToolTip(const Report &report, int layer)
{
    const Layer &l = layerAt(report, layer);
    Table table;
    table.row(tr("Input"), formatBytes(l.sram.input));
    const bool overlaps = l.sram.output < l.atom.key.out().bytes();
    table.row(overlaps ? tr("Output, beyond the overlap") : tr("Output"),
              formatBytes(l.sram.output));
    if (l.sram.held) table.row(tr("Held shortcut"), formatBytes(l.sram.held));
    if (l.sram.pad) table.row(tr("Padding"), formatBytes(l.sram.pad));
    if (l.sram.scratch) table.row(tr("Scratch"), formatBytes(l.sram.scratch));
    table.row(tr("SRAM while it runs"), formatBytes(l.sram.total()), true);
    QString text = heading(report, l) + table.html() + paragraph(tr("Tensors alive:")) +
                   aliveTable(report, layer, -1);
    if (layer == report.peak.layer) text += paragraph(tr("This layer is the peak."));
    if (report.sram.estimated)
        text += paragraph(tr("estimated by a rule, total %1")
                              .arg(intervalText(report.sram.value, report.sram.low,
                                                report.sram.high, formatKib)));
    return text;
}

QString flashToolTip(const Report &report, int layer)
{
    const Layer &l = layerAt(report, layer);
    Table table;
    table.row(report.target.runtime == Runtime::XCubeAi72 ? tr("Weights and biases")
                                                          : tr("Weights and other constants"),
              formatBytes(l.flashBytes));
    table.row(tr("Up to here, code included"), formatBytes(l.flashCumulativeBytes), true);
    table.row(tr("Runtime code"), formatBytes(report.flashCodeBytes));
    table.row(tr("Parameters"), formatCount(l.params));
    QString text = heading(report, l) + table.html();
    if (report.flashCodeEstimated)
        text += paragraph(tr("weights are exact, the code is estimated"));
    return text;
}

QString latencyToolTip(const Report &report, int layer)
{
    const Layer &l = layerAt(report, layer);
    Table table;
    const bool missing = l.latency.source == Source::Missing;
    table.row(tr("Latency"), missing ? tr("not known") : latencyText(l.latency.value, report.unit),
              true);
    if (!missing && report.latency.value > 0)
        table.row(tr("Of the whole"),
                  formatPercent(double(l.latency.value) / double(report.latency.value)));
    table.row(tr("MACs"), formatCount(l.macs));
    if (l.macsElementwise) table.row(tr("Elementwise work"), formatCount(l.macsElementwise));
    return heading(report, l) + table.html() + paragraph(provenance(l.latency, report.unit));
}

QString arenaToolTip(const Report &report, int layer, int life)
{
    qint64 sum = 0;
    return heading(report, layerAt(report, layer)) + aliveTable(report, layer, life, &sum);
}

} // namespace atomnet
