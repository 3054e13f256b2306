#pragma once

#include "core/analysis/report.h"
#include "widgets/common/theme.h"

#include <QWidget>

namespace atomnet
{

/// Where the marks of a meter stand, as shares of its width. Pure, so that it is tested without a
/// window.
struct MeterMarks {
    double value = 0, low = 0, high = 0;
    double available = 1, limit = 1; ///< equal without a reserve
    bool hasLimit = false;
    bool operator==(const MeterMarks &) const = default;
};
/// The scale ends at the limit, or 8 % behind the value's upper bound when that is over the limit.
[[nodiscard]] MeterMarks meterMarks(const Budget &budget);

/// The headline's thin bar: a resource's value with its interval against what is available; a mark
/// at the limit, the reserve hatched. Coloured by fit; the words stand beside it.
class Meter : public QWidget
{
    Q_OBJECT
public:
    explicit Meter(QWidget *parent = nullptr);
    /// `name` ("SRAM") is for the accessible description and the tool tip.
    void setBudget(const QString &name, const Budget &budget);
    [[nodiscard]] const Budget &budget() const { return m_budget; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Budget m_budget;
};

} // namespace atomnet
