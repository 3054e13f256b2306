#include "widgets/common/meter.h"

#include "core/base/format.h"

#include <QPainter>

#include <algorithm>

namespace atomnet
{

MeterMarks meterMarks(const Budget &budget)
{
    MeterMarks marks;
    const qint64 top = std::max({budget.value, budget.high, budget.low, qint64(0)});
    marks.hasLimit = budget.limit > 0 && budget.fit != Fit::NoLimit;
    double full = marks.hasLimit ? double(budget.limit) : double(top);
    if (marks.hasLimit && top > budget.limit) full = double(top) * 1.08;
    if (full <= 0) return marks;
    const auto share = [full](qint64 bytes) { return std::clamp(double(bytes) / full, 0.0, 1.0); };
    marks.value = share(budget.value);
    marks.low = share(std::min(budget.low, budget.value));
    marks.high = share(std::max(budget.high, budget.value));
    marks.limit = marks.hasLimit ? share(budget.limit) : 1;
    marks.available = marks.hasLimit ? share(budget.available) : 1;
    return marks;
}

Meter::Meter(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&ThemeManager::instance(), &ThemeManager::themeChanged, this,
            qOverload<>(&QWidget::update));
}

void Meter::setBudget(const QString &name, const Budget &budget)
{
    m_budget = budget;
    QString text = tr("%1: %2").arg(name, formatBytes(budget.value));
    if (budget.estimated)
        text += tr(" (estimated, %1 to %2)").arg(formatBytes(budget.low), formatBytes(budget.high));
    if (budget.limit > 0) {
        text += tr(" of %1").arg(formatBytes(budget.available));
        if (budget.limit > budget.available)
            text +=
                tr(" (%1 less %2 reserved)")
                    .arg(formatBytes(budget.limit), formatBytes(budget.limit - budget.available));
    }
    if (budget.fit == Fit::Over) text += tr(", over by %1").arg(formatBytes(budget.overBytes));
    setToolTip(text);
    setAccessibleName(text);
    update();
}

QSize Meter::sizeHint() const
{
    return {120, 10};
}

QSize Meter::minimumSizeHint() const
{
    return {40, 10};
}

void Meter::paintEvent(QPaintEvent *)
{
    const Theme &theme = ThemeManager::instance().theme();
    const MeterMarks marks = meterMarks(m_budget);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF track = QRectF(rect()).adjusted(0.5, 2, -0.5, -2);
    const auto part = [&track](double from, double to) {
        return QRectF(track.left() + from * track.width(), track.top(), (to - from) * track.width(),
                      track.height());
    };
    painter.setPen(Qt::NoPen);
    painter.fillRect(track, blend(theme.window, theme.text, 0.12));
    if (marks.hasLimit && marks.available < marks.limit) {
        painter.setBrush(QBrush(theme.mutedText, Qt::BDiagPattern));
        painter.drawRect(part(marks.available, marks.limit));
    }
    const QColor color = theme.of(m_budget.fit);
    painter.fillRect(part(0, marks.value), color);
    if (marks.high > marks.low) {
        QColor band = color;
        band.setAlphaF(0.35f);
        painter.fillRect(part(marks.value, marks.high), band);
        painter.fillRect(part(marks.low, marks.value), blend(color, theme.window, 0.3));
    }
    if (marks.hasLimit) { // taller than the bar, so that it shows on any fill
        const double x = std::min(track.left() + marks.limit * track.width(), double(width()) - 1);
        painter.fillRect(QRectF(x - 1, 0, 2, height()), theme.limitLine);
    }
}

} // namespace atomnet
