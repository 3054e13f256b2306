#pragma once

#include "widgets/dashboards/bar_dashboard.h"

namespace atomnet
{

/// Flash as it adds up from the runtime's code over the weights of each layer, against the board's
/// limit.
class FlashDashboard : public BarDashboard
{
    Q_OBJECT
public:
    FlashDashboard(Document &document, QWidget *parent);
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
