#pragma once

#include "widgets/dashboards/bar_dashboard.h"
#include "widgets/dashboards/measured_bars.h"

#include <QFutureWatcher>

namespace atomnet
{

/// Each measured layer beside what the model says of it without its own samples: bars measured,
/// boxes the predicted interval, ticks the prediction, ratios above.
class MeasuredView : public BarDashboard
{
    Q_OBJECT
public:
    MeasuredView(Document &document, QWidget *parent);
    [[nodiscard]] QString title() const override;
    [[nodiscard]] QString id() const override;
    [[nodiscard]] QString iconName() const override;

    /// What the reports to come stand on. Where no model ships, some are fitted on the samples, off
    /// the GUI thread.
    void setKnowledge(const Knowledge &knowledge);
    /// A whole run beside the sum of its operators; null: none was made.
    void setComparison(const Network &design,
                       const std::shared_ptr<const NetworkComparison> &result);
    [[nodiscard]] const Predictor &predictor() const { return m_predictor; }

Q_SIGNALS:
    void predictorChanged();

protected:
    [[nodiscard]] ChartBars toBars(const Report &report) const override;
    [[nodiscard]] QList<QBrush> brushes(const Theme &theme) const override;
    void describe(Decoration &decoration, const Theme &theme) const override;
    [[nodiscard]] QString toolTipAt(int layer, double value) const override;
    void showEvent(QShowEvent *event) override;

private:
    void fit();
    void redraw();
    [[nodiscard]] bool comparisonHolds() const;
    Document &m_design;
    Knowledge m_knowledge;
    std::shared_ptr<const AtomTable> m_fittedOn; ///< the table of m_predictor or of the running fit
    Predictor m_predictor;
    QFutureWatcher<Predictor> m_fit;
    Network m_compared; ///< the design that m_comparison is of
    std::shared_ptr<const NetworkComparison> m_comparison;
};

} // namespace atomnet
