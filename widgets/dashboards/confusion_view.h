#pragma once

#include "widgets/document/int8_service.h"

#include <QWidget>

namespace atomnet
{

/// Top-1 of the float and the int8 network, and the int8 one's confusion matrix: rows are what is
/// there, columns what the network says. With many classes the matrix shows the most confused pairs
/// as a list instead.
class ConfusionView : public QWidget
{
    Q_OBJECT
public:
    explicit ConfusionView(QWidget *parent = nullptr);

    /// Null: nothing was evaluated yet. `outdated`: of another design than the one on the screen.
    void setResult(const std::shared_ptr<const EvaluationResult> &result);
    void setOutdated(bool outdated);
    /// "360 samples: float 98.9 %, int8 98.6 %, agree 99.2 %"; empty without a result.
    [[nodiscard]] QString summary() const;

    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    void paintMatrix(QPainter &painter, const QRectF &area) const;
    void paintPairs(QPainter &painter, const QRectF &area) const;
    [[nodiscard]] QRectF matrixArea() const;
    [[nodiscard]] QString className(int index) const;

    std::shared_ptr<const EvaluationResult> m_result;
    bool m_outdated = false;
};

} // namespace atomnet
