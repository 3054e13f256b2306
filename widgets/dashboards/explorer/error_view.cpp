#include "widgets/dashboards/explorer/error_view.h"

#include "widgets/common/figure_font.h"
#include "widgets/common/kind_colours.h"
#include "widgets/dashboards/explorer/axis_ticks.h"
#include "widgets/dashboards/explorer/explorer_text.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace atomnet
{

namespace
{

constexpr double names = 120, figures = 300, gap = 8, tallest = 64;

const Theme &theme()
{
    return ThemeManager::instance().theme();
}

QString figuresText(const ErrorHistogram::Kind &kind)
{
    if (kind.rows == 0)
        return QStringLiteral("%1 operators, none predicted").arg(thousands(kind.unpredicted));
    QString text = QStringLiteral("mean %1 %, median %2 % of %3")
                       .arg(kind.meanError, 0, 'f', 2)
                       .arg(kind.medianError, 0, 'f', 2)
                       .arg(thousands(kind.rows));
    if (kind.unpredicted > 0)
        text += QStringLiteral(", %1 not predicted").arg(thousands(kind.unpredicted));
    return text;
}

} // namespace

ErrorView::ErrorView(QWidget *parent) : QWidget(parent)
{
    setAccessibleName(tr("Errors of the prediction"));
    setFont(figureFont(font()));
    connect(&ThemeManager::instance(), &ThemeManager::themeChanged, this, [this] { update(); });
}

void ErrorView::setHistogram(const ErrorHistogram &histogram, const QString &message)
{
    m_histogram = histogram;
    m_message = message;
    QStringList lines;
    for (const ErrorHistogram::Kind &kind : histogram.kinds)
        lines << QStringLiteral("%1: %2").arg(kindTitle(kind.kind), figuresText(kind));
    setAccessibleDescription(message.isEmpty() ? lines.join(u'\n') : message);
    setToolTip(message.isEmpty() ? lines.join(u'\n') : QString());
    update();
}

QSize ErrorView::minimumSizeHint() const
{
    return {400, 110};
}

void ErrorView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), theme().base);
    paintTo(painter, size());
}

void ErrorView::paintTo(QPainter &painter, const QSize &size) const
{
    painter.setFont(font());
    if (!m_message.isEmpty() || m_histogram.kinds.empty()) {
        painter.setPen(theme().mutedText);
        painter.drawText(QRectF(QPointF(), size).adjusted(24, 4, -24, -4),
                         Qt::AlignCenter | Qt::TextWordWrap, m_message);
        return;
    }
    const QFontMetricsF metrics(font());
    const double line = std::ceil(metrics.height());
    const QRectF area(names + gap, 4, std::max(40.0, size.width() - names - figures - 3 * gap),
                      std::max(20.0, size.height() - line - 12));
    const auto x = [&](double error) {
        return area.left() + (error / m_histogram.limit + 1) / 2 * area.width();
    };
    painter.setRenderHint(QPainter::Antialiasing, false);
    const QString title = QStringLiteral("predicted / measured \u2212 1, in %");
    for (const AxisTick &tick : axisTicks(-m_histogram.limit, m_histogram.limit, false,
                                          std::clamp(int(area.width() / 60), 2, 11))) {
        const double at = std::floor(x(tick.at)) + 0.5;
        painter.setPen(std::abs(tick.at) < 1e-9 ? theme().mutedText : theme().grid);
        painter.drawLine(QPointF(at, area.top()), QPointF(at, area.bottom()));
        painter.setPen(theme().text);
        painter.drawText(QRectF(at - 40, area.bottom() + 3, 80, line), Qt::AlignCenter, tick.text);
    }
    painter.setPen(theme().mutedText);
    painter.drawText(QRectF(area.right() + 3 * gap, area.bottom() + 3, figures, line),
                     Qt::AlignLeft | Qt::AlignVCenter, title);
    const double row = std::min(tallest, area.height() / double(m_histogram.kinds.size()));
    double top = area.top();
    for (const ErrorHistogram::Kind &kind : m_histogram.kinds) {
        const double bottom = top + row;
        quint32 most = 1;
        for (const quint32 bin : kind.bins)
            most = std::max(most, bin);
        const double width = area.width() / double(kind.bins.size());
        for (std::size_t i = 0; i < kind.bins.size(); ++i) {
            if (kind.bins[i] == 0) continue;
            // The least of them stays visible.
            const double height = std::max(1.0, (row - 4) * kind.bins[i] / most);
            painter.fillRect(QRectF(area.left() + double(i) * width, bottom - height,
                                    std::max(1.0, width - 1), height),
                             kindColour(theme(), kind.kind));
        }
        painter.setPen(theme().border);
        painter.drawLine(QPointF(area.left(), std::floor(bottom) + 0.5),
                         QPointF(area.right(), std::floor(bottom) + 0.5));
        painter.setPen(theme().text);
        painter.drawText(QRectF(0, top, names, row), Qt::AlignRight | Qt::AlignVCenter,
                         kindTitle(kind.kind));
        const QString text = metrics.elidedText(figuresText(kind), Qt::ElideRight, figures);
        painter.drawText(QRectF(area.right() + gap, top, figures, row),
                         Qt::AlignLeft | Qt::AlignVCenter, text);
        top = bottom;
    }
}

} // namespace atomnet
