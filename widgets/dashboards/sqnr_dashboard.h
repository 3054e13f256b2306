#pragma once

#include "widgets/dashboards/bar_dashboard.h"
#include "widgets/document/int8_service.h"

namespace atomnet
{

/// Parts: layers at 20 dB and above, and those below, in dB; empty when the result is not of this
/// report's layers.
[[nodiscard]] ChartBars toSqnrBars(const Report &report, const QuantisationResult &result);
inline constexpr int sqnrPartCount = 2;
inline constexpr double weakDb = 20; ///< a tenth of the signal is noise

/// Signal to quantisation noise of each layer's output, int8 against float.
class SqnrDashboard : public BarDashboard
{
    Q_OBJECT
public:
    SqnrDashboard(Document &document, QWidget *parent);
    [[nodiscard]] QString title() const override;
    [[nodiscard]] QString id() const override;
    [[nodiscard]] QString iconName() const override;

    /// Null: nothing was quantised yet.
    void setResult(const std::shared_ptr<const QuantisationResult> &result);

protected:
    [[nodiscard]] ChartBars toBars(const Report &report) const override;
    [[nodiscard]] QList<QBrush> brushes(const Theme &theme) const override;
    void describe(Decoration &decoration, const Theme &theme) const override;
    [[nodiscard]] QString toolTipAt(int layer, double value) const override;

private:
    /// Why the result does not show; empty when it does.
    [[nodiscard]] QString absence(const Report &report) const;
    Document &m_design;
    std::shared_ptr<const QuantisationResult> m_result;
};

} // namespace atomnet
