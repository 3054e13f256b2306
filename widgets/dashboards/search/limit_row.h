#pragma once

#include "widgets/dashboards/search/search_figures.h"

#include <QDoubleSpinBox>
#include <QSlider>

class QCheckBox;
class QToolButton;

namespace atomnet
{

/// A slider over a logarithmic range with marks at values that mean something.
class MarkedSlider : public QSlider
{
    Q_OBJECT
public:
    explicit MarkedSlider(QWidget *parent = nullptr);

    static constexpr int steps = 1000;
    struct Mark {
        qint64 value = 0;
        bool own = false; ///< of the present design; else the board's
    };
    void setMarks(const std::vector<Mark> &marks);
    /// `least` and `most` above 0, different.
    void setFigures(qint64 least, qint64 most);
    [[nodiscard]] qint64 figureAt(int position) const;
    [[nodiscard]] int positionOf(qint64 figure) const;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    qint64 m_least = 1, m_most = 2;
    std::vector<Mark> m_marks;
};

/// One limit of a search: on or off, a slider, a field, and buttons that set it to the board's
/// limit or to what the present design needs. Widgets stand in a grid row of the parent's.
class LimitRow : public QObject
{
    Q_OBJECT
public:
    /// `figure` is not MACs.
    LimitRow(Figure figure, QWidget *parent);

    [[nodiscard]] std::optional<qint64> limit() const; ///< none: off
    /// Emits changed() when it differs.
    void setLimit(std::optional<qint64> limit);
    void setUnit(TimeUnit unit);
    void setRange(Searcher::Range range);
    /// None: not known, or no such limit.
    void setBoard(std::optional<qint64> value);
    void setPresent(std::optional<qint64> value);
    [[nodiscard]] std::optional<qint64> board() const { return m_board; }

    [[nodiscard]] std::vector<QWidget *> widgets() const; ///< from left to right

Q_SIGNALS:
    void changed();
    void settled(); ///< the slider was let go

private:
    void show();
    void slid(int position);
    void typed(double value);
    void showMarks();
    [[nodiscard]] double unitSize() const;

    Figure m_figure;
    TimeUnit m_unit = TimeUnit::Nanoseconds;
    qint64 m_value = 0; ///< kept while off
    bool m_on = false, m_showing = false;
    std::optional<qint64> m_board, m_present;
    QCheckBox *m_box;
    MarkedSlider *m_slider;
    QDoubleSpinBox *m_spin;
    QToolButton *m_toBoard, *m_toPresent;
};

} // namespace atomnet
