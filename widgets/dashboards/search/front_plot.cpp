#include "widgets/dashboards/search/front_plot.h"

#include "core/base/format.h"
#include "widgets/common/theme.h"
#include "widgets/dashboards/search/front_colours.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <limits>

namespace atomnet
{

namespace
{

constexpr int reach = 8; ///< pixels that the pointer may be off

} // namespace

FrontPlot::Mark markOf(const Candidate &candidate)
{
    return {{candidate.macs, candidate.latency, candidate.sramBytes, candidate.flashBytes}};
}

FrontPlot::Mark markOf(const Report &report)
{
    return {{report.macs, report.latency.value, report.sram.value, report.flash.value}};
}

FrontPlot::Mark markOf(const FrontPoint &point)
{
    return {{point.macs, point.latency, point.sramBytes, point.flashBytes}};
}

FrontPlot::FrontPlot(QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("frontPlot"));
    setAccessibleName(QStringLiteral("Pareto front"));
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    m_x.figure = Figure::Latency;
    m_y.figure = Figure::Macs;
    connect(&ThemeManager::instance(), &ThemeManager::themeChanged, this, &FrontPlot::changed);
}

void FrontPlot::setFront(const FrontPtr &front, const FrontPtr &whole, const SearchLimits &limits,
                         TimeUnit unit)
{
    if (front == m_front && whole == m_whole && limits == m_limits && unit == m_unit) return;
    if (whole != m_whole && whole)
        for (const Figure figure : allFigures) {
            auto &[least, most] = m_wholeRange[std::size_t(figure)];
            least = std::numeric_limits<qint64>::max();
            most = 0;
            for (const FrontPoint &point : *whole) {
                least = std::min(least, figureOf(point, figure));
                most = std::max(most, figureOf(point, figure));
            }
        }
    m_front = front;
    m_whole = whole;
    m_limits = limits;
    m_unit = unit;
    m_hovered = -1;
    changed();
}

void FrontPlot::setFigures(Figure x, Figure y, Figure colour)
{
    m_x.figure = x;
    m_y.figure = y;
    m_colour = colour;
    m_hovered = -1;
    changed();
}

void FrontPlot::setPresent(const std::optional<Mark> &mark)
{
    m_present = mark;
    changed();
}

void FrontPlot::setOptimum(const std::optional<Mark> &mark)
{
    m_optimum = mark;
    changed();
}

void FrontPlot::setChosen(const std::optional<Mark> &mark)
{
    m_chosen = mark;
    update();
}

void FrontPlot::setHint(const QString &hint)
{
    m_hint = hint;
    update();
}

void FrontPlot::changed()
{
    m_stale = true;
    update();
}

void FrontPlot::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    changed();
}

QRectF FrontPlot::area() const
{
    const int line = fontMetrics().height();
    const int left = fontMetrics().horizontalAdvance(QStringLiteral("99999")) + line + 6;
    return QRectF(rect()).adjusted(left, 6, -10, -2.2 * line);
}

QPointF FrontPlot::place(qint64 x, qint64 y) const
{
    const QRectF box = area();
    return {box.left() + m_x.share(x) * box.width(), box.bottom() - m_y.share(y) * box.height()};
}

QPointF FrontPlot::place(const Mark &mark) const
{
    return place(mark.figures[std::size_t(m_x.figure)], mark.figures[std::size_t(m_y.figure)]);
}

QPointF FrontPlot::placeOf(const FrontPoint &point) const
{
    return place(figureOf(point, m_x.figure), figureOf(point, m_y.figure));
}

/// Wide enough for the points within the limits, the marks, and the surroundings of a limit: the
/// whole space would leave but a corner for them.
FrontAxis FrontPlot::fitted(Figure figure) const
{
    qint64 low = std::numeric_limits<qint64>::max(), high = 0;
    const auto hold = [&](qint64 value) {
        low = std::min(low, value);
        high = std::max(high, value);
    };
    if (m_front)
        for (const FrontPoint &point : *m_front)
            hold(figureOf(point, figure));
    const std::optional<qint64> limit = limitOf(m_limits, figure);
    if (m_whole && !m_whole->empty()) {
        const auto [least, most] = m_wholeRange[std::size_t(figure)];
        hold(least);
        // Beyond a limit a quarter more; a figure without limits a little beyond what is possible.
        hold(std::min(most, limit ? *limit + *limit / 4 : high + high / 8));
    }
    if (limit && high > 0 && *limit < high + high / 2) hold(*limit);
    for (const std::optional<Mark> &mark : {m_present, m_optimum})
        if (mark) hold(mark->figures[std::size_t(figure)]);
    if (low > high) return frontAxis(figure, 0, 1'000'000, m_unit);
    return frontAxis(figure, low, high, m_unit);
}

void FrontPlot::findEdge()
{
    m_edge.clear();
    if (!m_front) return;
    const auto goodness = [this](int index, Figure figure) {
        const qint64 value = figureOf((*m_front)[std::size_t(index)], figure);
        return lessIsBetter(figure) ? -value : value;
    };
    // Most points are beaten by one that is clearly better in x: sorting the others is enough.
    constexpr int buckets = 512;
    std::array<qint64, buckets> bestOf{};
    bestOf.fill(std::numeric_limits<qint64>::min());
    const auto bucketOf = [&](int index) {
        const double share = m_x.share(figureOf((*m_front)[std::size_t(index)], m_x.figure));
        const int bucket = std::clamp(int(share * buckets), 0, buckets - 1);
        return std::size_t(lessIsBetter(m_x.figure) ? bucket : buckets - 1 - bucket);
    };
    const int count = int(m_front->size());
    for (int i = 0; i < count; ++i) {
        qint64 &best = bestOf[bucketOf(i)];
        best = std::max(best, goodness(i, m_y.figure));
    }
    qint64 before = std::numeric_limits<qint64>::min(); // the best of all earlier buckets
    for (qint64 &best : bestOf) {
        const qint64 own = best;
        best = before;
        before = std::max(before, own);
    }
    std::vector<int> order;
    for (int i = 0; i < count; ++i)
        if (goodness(i, m_y.figure) > bestOf[bucketOf(i)]) order.push_back(i);
    std::sort(order.begin(), order.end(), [&](int a, int b) {
        const qint64 ax = goodness(a, m_x.figure), bx = goodness(b, m_x.figure);
        return ax != bx ? ax > bx : goodness(a, m_y.figure) > goodness(b, m_y.figure);
    });
    qint64 best = std::numeric_limits<qint64>::min();
    for (const int index : order) {
        const qint64 y = goodness(index, m_y.figure);
        if (y <= best) continue;
        best = y;
        m_edge.push_back(index);
    }
    if (!lessIsBetter(m_x.figure)) std::reverse(m_edge.begin(), m_edge.end());
}

/// Dots into the image, and which of them each pixel shows.
void FrontPlot::draw()
{
    m_stale = false;
    m_x = fitted(m_x.figure);
    m_y = fitted(m_y.figure);
    findEdge();
    const QSize size = area().size().toSize().expandedTo({1, 1});
    m_image = QImage(size, QImage::Format_ARGB32_Premultiplied);
    m_image.fill(Qt::transparent);
    m_at.assign(std::size_t(size.width()) * std::size_t(size.height()), 0);
    if (!m_front) return;
    const QRectF box = area();
    const auto dot = [&](const FrontPoint &point, QRgb colour, int width, int number) {
        // As placeOf(), with the area asked for once: it measures texts.
        const QPointF centre(m_x.share(figureOf(point, m_x.figure)) * box.width(),
                             (1 - m_y.share(figureOf(point, m_y.figure))) * box.height());
        const int x0 = int(std::floor(centre.x())) - width / 2;
        const int y0 = int(std::floor(centre.y())) - width / 2;
        for (int y = std::max(0, y0); y < std::min(size.height(), y0 + width); ++y) {
            auto *line = reinterpret_cast<QRgb *>(m_image.scanLine(y));
            for (int x = std::max(0, x0); x < std::min(size.width(), x0 + width); ++x) {
                line[x] = colour;
                if (number)
                    m_at[std::size_t(y) * std::size_t(size.width()) + std::size_t(x)] = number;
            }
        }
    };
    const Theme &theme = ThemeManager::instance().theme();
    if (m_whole) {
        const QRgb grey = blend(theme.base, theme.mutedText, 0.25).rgb();
        for (const FrontPoint &point : *m_whole)
            dot(point, grey, 2, 0);
    }
    m_colourLow = std::numeric_limits<qint64>::max();
    m_colourHigh = std::numeric_limits<qint64>::min();
    for (const FrontPoint &point : *m_front) {
        m_colourLow = std::min(m_colourLow, figureOf(point, m_colour));
        m_colourHigh = std::max(m_colourHigh, figureOf(point, m_colour));
    }
    std::array<QRgb, 64> colours{};
    for (std::size_t i = 0; i < colours.size(); ++i)
        colours[i] = scaleColour(double(i) / double(colours.size() - 1), theme);
    const double span = double(std::max<qint64>(1, m_colourHigh - m_colourLow));
    const int width = m_front->size() > 20'000 ? 2 : m_front->size() > 500 ? 3 : 5;
    for (std::size_t i = 0; i < m_front->size(); ++i) {
        const FrontPoint &point = (*m_front)[i];
        const double share = double(figureOf(point, m_colour) - m_colourLow) / span;
        dot(point, colours[std::size_t(share * double(colours.size() - 1))], width, int(i) + 1);
    }
}

int FrontPlot::pointAt(QPoint at) const
{
    if (!m_front || m_image.isNull()) return -1;
    const QPointF local = QPointF(at) - area().topLeft();
    const int cx = int(local.x()), cy = int(local.y());
    int found = -1, nearest = reach * reach + 1;
    for (int y = std::max(0, cy - reach); y <= std::min(m_image.height() - 1, cy + reach); ++y)
        for (int x = std::max(0, cx - reach); x <= std::min(m_image.width() - 1, cx + reach); ++x) {
            const int number = m_at[std::size_t(y) * std::size_t(m_image.width()) + std::size_t(x)];
            const int distance = (x - cx) * (x - cx) + (y - cy) * (y - cy);
            if (number == 0 || distance >= nearest) continue;
            nearest = distance;
            found = number - 1;
        }
    return found;
}

QString FrontPlot::describe(const FrontPoint &point) const
{
    QStringList lines;
    for (const Figure figure : allFigures)
        lines << QStringLiteral("%1: %2%3")
                     .arg(figureName(figure),
                          figure == Figure::Sram && point.sramIsBound ? QStringLiteral("at least ")
                                                                      : QString(),
                          figureText(figure, figureOf(point, figure), m_unit));
    if (point.latency > 0)
        lines << QStringLiteral("Measured: %1")
                     .arg(formatPercent(double(point.measuredLatency) / double(point.latency)));
    return lines.join(QLatin1Char('\n'));
}

void FrontPlot::hover(int index, QPoint at)
{
    if (index < 0)
        QToolTip::hideText();
    else
        QToolTip::showText(mapToGlobal(at + QPoint(12, 12)),
                           describe((*m_front)[std::size_t(index)]), this);
    if (index == m_hovered) return;
    m_hovered = index;
    setAccessibleDescription(
        index < 0 ? QString() : describe((*m_front)[std::size_t(index)]).replace(u'\n', u' '));
    update();
}

void FrontPlot::mouseMoveEvent(QMouseEvent *event)
{
    hover(pointAt(event->position().toPoint()), event->position().toPoint());
}

void FrontPlot::mousePressEvent(QMouseEvent *event)
{
    const int index = pointAt(event->position().toPoint());
    if (event->button() == Qt::LeftButton && index >= 0)
        Q_EMIT pointChosen((*m_front)[std::size_t(index)]);
}

void FrontPlot::leaveEvent(QEvent *event)
{
    QWidget::leaveEvent(event);
    hover(-1, {});
}

/// Left and right walk along the edge, Enter chooses.
void FrontPlot::keyPressEvent(QKeyEvent *event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && m_hovered >= 0) {
        Q_EMIT pointChosen((*m_front)[std::size_t(m_hovered)]);
        return;
    }
    const int step = event->key() == Qt::Key_Right ? 1 : event->key() == Qt::Key_Left ? -1 : 0;
    if (step == 0 || m_edge.empty()) return QWidget::keyPressEvent(event);
    const auto now = std::find(m_edge.begin(), m_edge.end(), m_hovered);
    const int last = int(m_edge.size()) - 1;
    int at = step > 0 ? 0 : last;
    if (now != m_edge.end()) at = std::clamp(int(now - m_edge.begin()) + step, 0, last);
    const int index = m_edge[std::size_t(at)];
    hover(index, placeOf((*m_front)[std::size_t(index)]).toPoint());
}

} // namespace atomnet
