#pragma once

#include "widgets/dashboards/search/front_plot.h"

class QComboBox;
class QLabel;

namespace atomnet
{

/// The right side of the Search dock: the Pareto front, and the figures that it is seen by.
class FrontView : public QWidget
{
    Q_OBJECT
public:
    explicit FrontView(QWidget *parent = nullptr);

    [[nodiscard]] FrontPlot &plot() const { return *m_plot; }
    void setCount(const QString &text);
    /// The three figures as "latency,macs,flash", for settings.
    [[nodiscard]] QString figures() const;
    void setFigures(const QString &text);

private:
    void apply();
    QComboBox *m_x, *m_y, *m_colour;
    QLabel *m_count;
    FrontPlot *m_plot;
};

} // namespace atomnet
