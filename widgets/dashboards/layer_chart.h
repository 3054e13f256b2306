#pragma once

#include "widgets/dashboards/chart_painter.h"
#include "widgets/dashboards/nice_scale.h"

#include <QChartView>

#include <functional>

class QAbstractSeries;
class QValueAxis;

namespace atomnet
{

/// A chart whose x axis are the layers of the report, one column each: plot area, axes, header,
/// pointer and keys. All charts have the same margins, so that their layers stand below each other.
/// No animations.
class LayerChart : public QChartView
{
    Q_OBJECT
public:
    explicit LayerChart(QWidget *parent = nullptr);

    void addSeries(QAbstractSeries *series);
    /// Paints into the plot above grid and selection, for charts without a series.
    void setPlotPainter(std::function<void(QPainter &, const PlotMap &)> painter);

    /// Columns and value axis; the axes change only where they differ.
    void setRange(int layers, const NiceScale &scale, bool valueLabels = true);
    void setDecoration(const Decoration &decoration);
    void setMarks(const Marks &marks);
    /// Instead of figures: an empty chart that says what to do. Empty text: figures again.
    void setEmptyText(const QString &sentence);
    void setDimmed(bool dimmed, const QString &why);
    void retheme(const Theme &theme);

    [[nodiscard]] PlotMap map() const;
    [[nodiscard]] const Decoration &decoration() const { return m_decoration; }
    [[nodiscard]] const Marks &marks() const { return m_marks; }
    [[nodiscard]] const NiceScale &scale() const { return m_scale; }
    [[nodiscard]] QFont smallFont() const;
    [[nodiscard]] const Theme &theme() const { return m_theme; }

    /// The chart as it is, at another size; for exports.
    void paintTo(QPainter &painter, const QSizeF &size);

Q_SIGNALS:
    void hovered(int layer); ///< -1: nothing
    void clicked(int layer); ///< -1: beside the layers
    void stepped(int delta); ///< arrow keys
    void escaped();
    void toolTipWanted(int layer, double value, const QPoint &globalPos);

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void drawForeground(QPainter *painter, const QRectF &rect) override;

private:
    class Layer;
    void layOut(const QSizeF &size);
    void showAxes();
    [[nodiscard]] int layerAt(const QPointF &viewPos) const;

    QValueAxis *m_x = nullptr;
    QValueAxis *m_y = nullptr;
    Layer *m_behind = nullptr;
    Layer *m_front = nullptr;
    std::function<void(QPainter &, const PlotMap &)> m_plotPainter;
    NiceScale m_scale;
    int m_layers = 0;
    bool m_valueLabels = true;
    bool m_dimmed = false;
    QString m_emptyText, m_dimmedWhy;
    Decoration m_decoration;
    HeaderLayout m_header;
    Marks m_marks;
    Theme m_theme;
};

} // namespace atomnet
