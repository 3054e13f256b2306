#include "widgets/dashboards/sqnr_dashboard.h"

#include <algorithm>

namespace atomnet
{

ChartBars toSqnrBars(const Report &report, const QuantisationResult &result)
{
    ChartBars bars;
    bars.unit = QStringLiteral("dB");
    bars.parts.resize(sqnrPartCount);
    for (QList<double> &part : bars.parts)
        part.fill(0, qsizetype(report.layers.size()));
    if (result.layers.size() != report.layers.size()) return bars;
    for (std::size_t i = 0; i < result.layers.size(); ++i) {
        const double db = std::max(0.0, result.layers[i].db);
        bars.parts[db >= weakDb ? 0 : 1][qsizetype(i)] = db;
        bars.top = std::max(bars.top, db);
    }
    return bars;
}

SqnrDashboard::SqnrDashboard(Document &document, QWidget *parent)
    : BarDashboard(document, sqnrPartCount, parent), m_design(document)
{
}

QString SqnrDashboard::title() const
{
    return tr("Quantisation noise per layer");
}

QString SqnrDashboard::id() const
{
    return QStringLiteral("sqnr");
}

QString SqnrDashboard::iconName() const
{
    return QStringLiteral("measure");
}

void SqnrDashboard::setResult(const std::shared_ptr<const QuantisationResult> &result)
{
    m_result = result;
    if (report()) showReport();
}

QString SqnrDashboard::absence(const Report &report) const
{
    if (!m_result)
        return tr(
            "Not quantised yet: press Quantise to see how much noise int8 brings to each layer");
    if (report.target.runtime != Runtime::AtomNet1)
        return tr("Layers are quantised for the runtime %1; choose it to see them")
            .arg(displayName(Runtime::AtomNet1));
    if (!sameDesign(m_result->network, m_design.shown()) ||
        m_result->layers.size() != report.layers.size())
        return tr("The design has changed since it was quantised: press Quantise again");
    return {};
}

ChartBars SqnrDashboard::toBars(const Report &report) const
{
    if (absence(report).isEmpty()) return toSqnrBars(report, *m_result);
    ChartBars empty;
    empty.parts.resize(sqnrPartCount);
    for (QList<double> &part : empty.parts)
        part.fill(0, qsizetype(report.layers.size()));
    return empty;
}

QList<QBrush> SqnrDashboard::brushes(const Theme &theme) const
{
    return {theme.accent, theme.fitTight};
}

void SqnrDashboard::describe(Decoration &decoration, const Theme &theme) const
{
    decoration.message = absence(*report());
    if (!decoration.message.isEmpty()) return;
    const QList<QBrush> fills = brushes(theme);
    decoration.legend.append(
        {tr("signal to noise, int8 against float"), LegendEntry::Shape::Box, fills[0]});
    const auto weak = std::count_if(m_result->layers.begin(), m_result->layers.end(),
                                    [](const LayerSqnr &layer) { return layer.db < weakDb; });
    if (weak > 0)
        decoration.legend.append(
            {tr("%1 below %2 dB").arg(weak).arg(weakDb), LegendEntry::Shape::Box, fills[1]});
    decoration.summary = tr("logits %1 dB, %2, %3 samples")
                             .arg(m_result->layers.back().db, 0, 'f', 1)
                             .arg(m_result->trained ? tr("trained weights") : tr("seeded weights"))
                             .arg(m_result->samples);
}

QString SqnrDashboard::toolTipAt(int layer, double) const
{
    if (!absence(*report()).isEmpty() || layer < 0) return {};
    const LayerSqnr &entry = m_result->layers[std::size_t(layer)];
    return tr("%1: %2 dB")
        .arg(layerName(*report(), report()->layers[std::size_t(layer)]))
        .arg(entry.db, 0, 'f', 1);
}

} // namespace atomnet
