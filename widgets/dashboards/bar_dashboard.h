#pragma once

#include "widgets/dashboards/chart_bars.h"
#include "widgets/dashboards/chart_painter.h"
#include "widgets/dashboards/dashboard.h"

class QStackedBarSeries;

namespace atomnet
{

/// A dashboard of stacked bars: series, scale, ghosts and the update rule; what the bars mean is up
/// to the derived one.
class BarDashboard : public Dashboard
{
    Q_OBJECT
public:
    [[nodiscard]] const ChartBars &shown() const { return m_shown; }
    [[nodiscard]] QStackedBarSeries &series() const { return *m_series; }

protected:
    BarDashboard(Document &document, int parts, QWidget *parent);

    [[nodiscard]] virtual ChartBars toBars(const Report &report) const = 0;
    /// One brush a part.
    [[nodiscard]] virtual QList<QBrush> brushes(const Theme &theme) const = 0;
    /// Legend, summary and texts; numbers come from the bars.
    virtual void describe(Decoration &decoration, const Theme &theme) const = 0;

    void showReport() override;
    void retheme(const Theme &theme) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void showBrushes(const Theme &theme);
    void decorate(const Theme &theme);

    QStackedBarSeries *m_series = nullptr;
    ChartBars m_shown;
    QList<Ghost> m_ghosts;
    QList<QBrush> m_brushes;
};

} // namespace atomnet
