#pragma once

#include "widgets/dashboards/search/front_axis.h"

#include <QImage>
#include <QWidget>

#include <memory>

namespace atomnet
{

/// A two-dimensional slice of the Pareto front: a dot for each of its points, a third figure as
/// colour, the limits as lines, the present design and the optimum as marks. Dots are drawn into an
/// image, so that a hundred thousand of them cost a few milliseconds. Points beyond the limits are
/// grey.
class FrontPlot : public QWidget
{
    Q_OBJECT
public:
    explicit FrontPlot(QWidget *parent = nullptr);

    using FrontPtr = std::shared_ptr<const std::vector<FrontPoint>>;
    /// `front`: within the limits; `whole`: without limits, may be null. Null front: none yet.
    void setFront(const FrontPtr &front, const FrontPtr &whole, const SearchLimits &limits,
                  TimeUnit unit);
    void setFigures(Figure x, Figure y, Figure colour);
    struct Mark {
        std::array<qint64, 4> figures{}; ///< by Figure
    };
    void setPresent(const std::optional<Mark> &mark);
    void setOptimum(const std::optional<Mark> &mark);
    void setChosen(const std::optional<Mark> &mark); ///< in the list
    /// Instead of the front: what to do, or what runs.
    void setHint(const QString &hint);

    /// Index into the front of the dot at or near this place of the widget; -1: none.
    [[nodiscard]] int pointAt(QPoint place) const;
    /// Where a point of the front is drawn.
    [[nodiscard]] QPointF placeOf(const FrontPoint &point) const;
    [[nodiscard]] QString describe(const FrontPoint &point) const;
    /// Points of the front that no other beats in both figures, by x.
    [[nodiscard]] const std::vector<int> &edge() const { return m_edge; }

    [[nodiscard]] QSize minimumSizeHint() const override { return {180, 120}; }
    [[nodiscard]] QSize sizeHint() const override { return {420, 220}; }

Q_SIGNALS:
    void pointChosen(const atomnet::FrontPoint &point);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    void changed(); ///< what the image shows
    void draw();
    void findEdge();
    [[nodiscard]] FrontAxis fitted(Figure figure) const;
    [[nodiscard]] QRectF area() const;
    [[nodiscard]] QPointF place(qint64 x, qint64 y) const;
    [[nodiscard]] QPointF place(const Mark &mark) const;
    void paintAxes(QPainter &painter) const;
    void paintLimits(QPainter &painter) const;
    void paintMarks(QPainter &painter) const;
    void paintLegend(QPainter &painter) const;
    void hover(int index, QPoint at);

    FrontPtr m_front, m_whole;
    std::array<std::pair<qint64, qint64>, 4> m_wholeRange{}; ///< least and most, by Figure
    SearchLimits m_limits;
    TimeUnit m_unit = TimeUnit::Nanoseconds;
    FrontAxis m_x, m_y;
    Figure m_colour = Figure::Flash;
    qint64 m_colourLow = 0, m_colourHigh = 1;
    std::optional<Mark> m_present, m_optimum, m_chosen;
    QString m_hint;
    QImage m_image;
    std::vector<int> m_at;   ///< for each pixel of the area, the point drawn there + 1
    std::vector<int> m_edge; ///< of the front
    int m_hovered = -1;
    bool m_stale = true;
};

[[nodiscard]] FrontPlot::Mark markOf(const Candidate &candidate);
[[nodiscard]] FrontPlot::Mark markOf(const Report &report);
[[nodiscard]] FrontPlot::Mark markOf(const FrontPoint &point);

} // namespace atomnet
