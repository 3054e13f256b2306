#pragma once

#include "widgets/dashboards/explorer/plot_paint.h"

#include <QImage>
#include <QWidget>

#include <functional>
#include <optional>

namespace atomnet
{

/// A scatter plot or heat map to move about in: drag or arrows pan, the wheel or + and - zoom (with
/// Shift along x, with Ctrl along y), a drag with the right button zooms into a box, double click
/// or 0 shows all. Hovering tells, clicking selects; Esc ends the selection.
class PlotView : public QWidget
{
    Q_OBJECT
public:
    explicit PlotView(QWidget *parent = nullptr);

    /// Keeps the view when the axes are those of before and `keepView` says so; else shows all.
    void setModel(const PlotModelPtr &model, bool keepView);
    [[nodiscard]] const PlotModelPtr &model() const { return m_model; }

    [[nodiscard]] const PlotRect &view() const { return m_view; }
    /// Within the limits: neither lost far from the points nor deeper than figures tell apart.
    void setView(const PlotRect &view);
    void fit();
    [[nodiscard]] bool isFitted() const { return m_fitted; }
    /// About the point at `about` pixels.
    void zoom(double factorX, double factorY, const QPointF &about);
    void pan(const QPointF &pixels);

    /// A ring around the point of this row, or around none.
    void setSelected(const std::optional<PlotHit> &selected);
    [[nodiscard]] const std::optional<PlotHit> &selected() const { return m_selected; }
    /// What the tool tip says.
    void setDescribe(std::function<QString(const PlotHit &)> describe);

    [[nodiscard]] PlotGeometry geometryOf(const QSizeF &size) const;
    [[nodiscard]] std::optional<PlotHit> hitAt(const QPointF &pixels) const;
    /// Paints all of it at this size, as exports do; few points as shapes, not as pixels.
    void paintTo(QPainter &painter, const QSize &size);

    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void hovered(const std::optional<atomnet::PlotHit> &hit);
    void clicked(const atomnet::PlotHit &hit);
    void selectionEnded();
    void viewChanged();

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    enum class Drag : quint8 { None, Press, Pan, Box };
    [[nodiscard]] const HeatGrid &heatFor(const PlotGeometry &geometry) const;
    void paintPoints(QPainter &painter, const PlotGeometry &geometry, double scale);
    void paintShapes(QPainter &painter, const PlotGeometry &geometry) const;
    void paintAll(QPainter &painter, const QSize &size, double scale, bool shapes);
    void hover(const QPointF &at, const QPoint &global);

    PlotModelPtr m_model;
    PlotRect m_view;
    bool m_fitted = true;
    std::optional<PlotHit> m_selected, m_hovered;
    std::function<QString(const PlotHit &)> m_describe;
    Drag m_drag = Drag::None;
    QPointF m_pressed, m_last;

    struct Picture { ///< of the points, until view, size, model or theme change
        PlotRect view;
        QSize size;
        QImage points;
    };
    Picture m_picture;
    mutable HeatGrid m_heat;
    mutable PlotRect m_heatView;
    mutable QSizeF m_heatSize;
    Raster m_raster;
};

} // namespace atomnet
