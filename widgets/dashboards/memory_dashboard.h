#pragma once

#include "widgets/dashboards/bar_dashboard.h"

namespace atomnet
{

/// SRAM while each layer runs, by what it is used for, against the board's limit less the reserve.
class MemoryDashboard : public BarDashboard
{
    Q_OBJECT
public:
    MemoryDashboard(Document &document, QWidget *parent);
    [[nodiscard]] QString title() const override;
    [[nodiscard]] QString id() const override;
    [[nodiscard]] QString iconName() const override;

protected:
    [[nodiscard]] ChartBars toBars(const Report &report) const override;
    [[nodiscard]] QList<QBrush> brushes(const Theme &theme) const override;
    void describe(Decoration &decoration, const Theme &theme) const override;
    [[nodiscard]] QString toolTipAt(int layer, double value) const override;
};

} // namespace atomnet
