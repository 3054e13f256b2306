#include "widgets/dashboards/explorer/samples_view.h"

#include "widgets/common/figure_font.h"
#include "widgets/common/theme.h"
#include "widgets/dashboards/explorer/axis_ticks.h"
#include "widgets/dashboards/explorer/explorer_text.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace atomnet
{

namespace
{

constexpr double side = 10, dot = 3;

const Theme &theme()
{
    return ThemeManager::instance().theme();
}

/// Places marks above each other that would lie on each other: a low-discrepancy sequence, the same
/// each time.
double scatterOf(std::size_t i)
{
    const double golden = 0.618033988749895 * double(i + 1);
    return golden - std::floor(golden);
}

} // namespace

SamplesView::SamplesView(QWidget *parent) : QWidget(parent)
{
    setAccessibleName(tr("Samples of the operator"));
    setFont(figureFont(font()));
    connect(&ThemeManager::instance(), &ThemeManager::themeChanged, this, [this] { update(); });
}

void SamplesView::setSamples(const std::optional<KeySamples> &samples, SampleUnit unit)
{
    m_samples = samples;
    m_unit = unit;
    if (m_samples && !m_samples->values.empty()) {
        const double low = double(m_samples->values.front()),
                     high = double(m_samples->values.back());
        // Noise of a tenth of a percent must not look like a wide spread.
        const double span = std::max(high - low, 0.02 * high), middle = (low + high) / 2;
        m_low = middle - 0.58 * span;
        m_high = middle + 0.58 * span;
    }
    setAccessibleDescription(summary());
    update();
}

QString SamplesView::summary() const
{
    if (!m_samples || m_samples->values.empty()) return {};
    const AtomStats &stats = m_samples->stats;
    if (stats.count == 1)
        return tr("1 sample: %1").arg(timeText(m_samples->values.front(), m_unit));
    const double spread = double(m_samples->values.back() - m_samples->values.front()) /
                          std::max(1.0, double(stats.median));
    return tr("%1 samples, %2 to %3: %4 % of the median apart")
        .arg(thousands(stats.count), timeText(m_samples->values.front(), m_unit),
             timeText(m_samples->values.back(), m_unit))
        .arg(100 * spread, 0, 'f', 1);
}

QSize SamplesView::sizeHint() const
{
    return {220, 96};
}

QSize SamplesView::minimumSizeHint() const
{
    return {120, 72};
}

QRectF SamplesView::stripArea() const
{
    const double line = std::ceil(QFontMetricsF(font()).height());
    return {side, 4, std::max(10.0, width() - 2 * side), std::max(10.0, height() - line - 10)};
}

double SamplesView::xOf(double value) const
{
    const QRectF area = stripArea();
    return area.left() + (value - m_low) / (m_high - m_low) * area.width();
}

void SamplesView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), theme().base);
    if (!m_samples || m_samples->values.empty()) return;
    const QRectF area = stripArea();
    const AtomStats &stats = m_samples->stats;
    const double unit = m_unit == SampleUnit::Nanoseconds ? 1e6 : 1e3;
    painter.setPen(theme().grid);
    const double line = QFontMetricsF(font()).height();
    const std::vector<AxisTick> ticks =
        axisTicks(m_low / unit, m_high / unit, false, std::max(2, int(area.width() / 70)));
    for (const AxisTick &tick : ticks) {
        const double x = std::floor(xOf(tick.at * unit)) + 0.5;
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
    }
    painter.setRenderHint(QPainter::Antialiasing);
    if (stats.count > 1) { // what stands for the operator's interval, and its median
        painter.fillRect(QRectF(QPointF(xOf(double(stats.low)), area.top()),
                                QPointF(xOf(double(stats.high)), area.bottom())),
                         theme().hover);
        painter.setPen(QPen(theme().accent, 2));
        const double x = xOf(double(stats.median));
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
    }
    QColor mark = theme().text;
    mark.setAlphaF(m_samples->values.size() > 200 ? 0.25F : 0.7F);
    painter.setPen(Qt::NoPen);
    painter.setBrush(mark);
    const double room = area.height() - 4 * dot;
    for (std::size_t i = 0; i < m_samples->values.size(); ++i) {
        const double y = m_samples->values.size() == 1 ? area.center().y()
                                                       : area.top() + 2 * dot + scatterOf(i) * room;
        painter.drawEllipse(QPointF(xOf(double(m_samples->values[i])), y), dot, dot);
    }
    painter.setPen(theme().mutedText);
    double free = 0;
    for (std::size_t i = 0; i < ticks.size(); ++i) {
        const QString text =
            ticks[i].text + (i + 1 < ticks.size()                ? QString()
                             : m_unit == SampleUnit::Nanoseconds ? QStringLiteral(" ms")
                                                                 : QStringLiteral(" k"));
        const double width = QFontMetricsF(font()).horizontalAdvance(text);
        const double left = std::clamp(xOf(ticks[i].at * unit) - width / 2, 0.0,
                                       std::max(0.0, this->width() - width));
        if (left < free) continue;
        painter.drawText(QRectF(left, area.bottom() + 3, width + 1, line), Qt::AlignCenter, text);
        free = left + width + 8;
    }
}

bool SamplesView::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip || !m_samples || m_samples->values.empty())
        return QWidget::event(event);
    const AtomStats &stats = m_samples->stats;
    const bool quantiles = stats.count >= 4;
    QToolTip::showText(
        static_cast<QHelpEvent *>(event)->globalPos(),
        tr("%1\nmedian %2\n%3 %4, %5 %6")
            .arg(summary(), timeText(stats.median, m_unit),
                 quantiles ? tr("5 % quantile") : tr("least"), timeText(stats.low, m_unit),
                 quantiles ? tr("95 % quantile") : tr("greatest"), timeText(stats.high, m_unit)),
        this);
    return true;
}

} // namespace atomnet
