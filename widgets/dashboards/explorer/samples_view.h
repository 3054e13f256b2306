#pragma once

#include "widgets/document/explorer_service.h"

#include <QWidget>

#include <optional>

namespace atomnet
{

/// All samples of one operator as marks on a line, with their median and quantiles.
class SamplesView : public QWidget
{
    Q_OBJECT
public:
    explicit SamplesView(QWidget *parent = nullptr);
    void setSamples(const std::optional<KeySamples> &samples, SampleUnit unit);
    [[nodiscard]] const std::optional<KeySamples> &samples() const { return m_samples; }
    [[nodiscard]] QString summary() const; ///< "5 samples, 1.28 ms to 1.35 ms"
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    [[nodiscard]] QRectF stripArea() const;
    [[nodiscard]] double xOf(double value) const;
    std::optional<KeySamples> m_samples;
    SampleUnit m_unit = SampleUnit::Nanoseconds;
    double m_low = 0, m_high = 1; ///< of the axis
};

} // namespace atomnet
