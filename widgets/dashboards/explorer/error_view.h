#pragma once

#include "core/analysis/explorer/error_histogram.h"

#include <QWidget>

class QPainter;

namespace atomnet
{

/// How far predictions are from what was measured: a histogram a kind, all on one axis.
class ErrorView : public QWidget
{
    Q_OBJECT
public:
    static constexpr int bins = 60;
    explicit ErrorView(QWidget *parent = nullptr);
    /// `message` instead, where there is nothing to show.
    void setHistogram(const ErrorHistogram &histogram, const QString &message);
    [[nodiscard]] const ErrorHistogram &histogram() const { return m_histogram; }
    void paintTo(QPainter &painter, const QSize &size) const;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    ErrorHistogram m_histogram;
    QString m_message;
};

} // namespace atomnet
