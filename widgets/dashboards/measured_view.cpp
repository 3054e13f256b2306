#include "widgets/dashboards/measured_view.h"

#include "widgets/dashboards/layer_chart.h"
#include "widgets/dashboards/layer_text.h"

#include <QtConcurrentRun>

#include <cmath>

namespace atomnet
{

MeasuredView::MeasuredView(Document &document, QWidget *parent)
    : BarDashboard(document, measuredPartCount, parent), m_design(document)
{
    connect(&m_fit, &QFutureWatcherBase::finished, this, [this] {
        m_predictor = m_fit.result();
        redraw();
        Q_EMIT predictorChanged();
        if (m_fittedOn != m_knowledge.table) fit(); // newer samples came meanwhile
    });
}

QString MeasuredView::title() const
{
    return tr("Measured against predicted");
}

QString MeasuredView::id() const
{
    return QStringLiteral("measured");
}

QString MeasuredView::iconName() const
{
    return QStringLiteral("measure");
}

void MeasuredView::setKnowledge(const Knowledge &knowledge)
{
    if (knowledge.table == m_knowledge.table && knowledge.model == m_knowledge.model) return;
    m_knowledge = knowledge;
    if (knowledge.model) {
        m_predictor = Predictor(knowledge.model);
        m_fittedOn.reset();
        return;
    }
    if (!knowledge.table || knowledge.table->isEmpty()) m_predictor = {};
    if (isVisible()) fit();
}

void MeasuredView::showEvent(QShowEvent *event)
{
    fit();
    BarDashboard::showEvent(event);
}

void MeasuredView::fit()
{
    const std::shared_ptr<const AtomTable> table = m_knowledge.table;
    if (m_knowledge.model || !table || table->isEmpty() || table == m_fittedOn || m_fit.isRunning())
        return;
    m_fittedOn = table;
    m_fit.setFuture(QtConcurrent::run([table] { return Predictor::fittedOn(*table); }));
}

void MeasuredView::setComparison(const Network &design,
                                 const std::shared_ptr<const NetworkComparison> &result)
{
    m_compared = design;
    m_comparison = result;
    redraw();
}

void MeasuredView::redraw()
{
    if (report() && isVisible()) showReport();
}

bool MeasuredView::comparisonHolds() const
{
    return m_comparison && sameDesign(m_compared, m_design.shown());
}

ChartBars MeasuredView::toBars(const Report &report) const
{
    return toMeasuredBars(report, compare(report, m_predictor));
}

QList<QBrush> MeasuredView::brushes(const Theme &theme) const
{
    return {theme.accent, theme.fitTight};
}

void MeasuredView::describe(Decoration &decoration, const Theme &theme) const
{
    const Report &report = *this->report();
    const std::vector<LayerComparison> layers = compare(report, m_predictor);
    decoration.ghosts.clear(); // ticks are predictions here, not the design before
    if (layers.empty()) {
        decoration.unit.clear();
        decoration.message =
            report.target.runtime == Runtime::AtomNet1
                ? tr("Nothing of this design is measured on %1 yet: press Measure in the Board "
                     "dock")
                      .arg(report.target.board.name)
                : tr("Nothing of this design is measured on %1 with %2 yet: choose %3 to measure "
                     "on a board, or import an AtomDB")
                      .arg(report.target.board.name, displayName(report.target.runtime),
                           displayName(Runtime::AtomNet1));
        return;
    }
    const double unitSize = shown().unitSize;
    int beside = 0, alone = 0;
    for (const LayerComparison &each : layers) {
        if (!each.asPredicted()) ++beside;
        if (!each.predicted) {
            ++alone;
            continue;
        }
        const Estimate &predicted = *each.predicted;
        decoration.bands.append(
            {each.layer, double(predicted.low) / unitSize, double(predicted.high) / unitSize});
        decoration.ghosts.append({each.layer, double(predicted.value) / unitSize});
        const std::optional<double> ratio = each.ratio();
        const qint64 top =
            std::max(each.measured.high.value_or(each.measured.value), predicted.high);
        // Labels of bars that cannot be seen would only hide those that can, unless they are far
        // off.
        const bool tall = double(each.measured.value) / unitSize > 0.06 * shown().top;
        if (ratio && (tall || *ratio > 1.1 || *ratio < 0.9))
            decoration.barLabels.append({each.layer, double(top) / unitSize, ratioText(*ratio),
                                         std::abs(std::log(std::max(1e-9, *ratio)))});
    }
    const QList<QBrush> fills = brushes(theme);
    decoration.legend.append({tr("%1 measured").arg(layers.size() - std::size_t(beside)),
                              LegendEntry::Shape::Box, fills[0]});
    if (beside > 0)
        decoration.legend.append({tr("%1 outside of the predicted interval").arg(beside),
                                  LegendEntry::Shape::Box, fills[1]});
    if (!decoration.ghosts.isEmpty()) {
        QColor box = theme.text;
        box.setAlphaF(0.18f);
        decoration.legend.append({tr("predicted"), LegendEntry::Shape::Tick, {}, theme.text});
        decoration.legend.append({tr("its interval"), LegendEntry::Shape::Box, box});
    }
    if (alone > 0)
        decoration.legend.append({tr("%1 without a prediction").arg(alone),
                                  LegendEntry::Shape::Outline,
                                  {},
                                  theme.mutedText});
    const auto left = report.layers.size() - layers.size();
    if (comparisonHolds())
        decoration.summary = comparisonText(*m_comparison);
    else
        decoration.summary = comparisonText(report, layers);
    if (left > 0 && decoration.summary.isEmpty())
        decoration.summary = tr("%1 layers not measured yet").arg(left);
}

QString MeasuredView::toolTipAt(int layer, double) const
{
    if (layer < 0) return {};
    const Report &report = *this->report();
    QString text = latencyToolTip(report, layer);
    const auto line = [&text](const QString &sentence) {
        text += QStringLiteral("<p style='white-space:pre'>%1</p>").arg(sentence.toHtmlEscaped());
    };
    for (const LayerComparison &each : compare(report, m_predictor)) {
        if (each.layer != layer) continue;
        if (each.predicted)
            line(tr("predicted %1 (%2 to %3), measured %4 of it; %5")
                     .arg(latencyText(each.predicted->value, report.unit),
                          latencyText(each.predicted->low, report.unit),
                          latencyText(each.predicted->high, report.unit),
                          ratioText(each.ratio().value_or(0)),
                          m_predictor.fitted() ? tr("by models fitted on other operators' samples")
                                               : tr("by the model that ships")));
        else
            line(tr("no model says anything of this kind of operator on this board"));
    }
    if (comparisonHolds() && std::size_t(layer) < m_comparison->steps.size() &&
        m_comparison->steps.size() == report.layers.size()) {
        const NetworkComparison::Step &step = m_comparison->steps[std::size_t(layer)];
        line(tr("in the whole network %1").arg(latencyText(step.inNetwork, report.unit)));
    }
    return text;
}

} // namespace atomnet
