#include "widgets/inspectors/fix_button.h"

#include "widgets/common/theme.h"

#include <QEnterEvent>
#include <QFontMetrics>
#include <QKeyEvent>
#include <QPainter>
#include <QStyleOptionFocusRect>

#include <algorithm>

namespace atomnet
{

namespace
{

constexpr int aside = 8, above = 5;
constexpr int leastWidth = 140;

} // namespace

FixButton::FixButton(const QString &what, const QString &effect, QWidget *parent)
    : QAbstractButton(parent), m_effect(effect)
{
    setText(what);
    setAccessibleName(what);
    setAccessibleDescription(effect);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    QSizePolicy policy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

QFont FixButton::effectFont() const
{
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() * 0.92);
    return small;
}

QRect FixButton::textRect(const QFont &font, const QString &text, int width) const
{
    return QFontMetrics(font).boundingRect(QRect(0, 0, std::max(1, width - 2 * aside), 10'000),
                                           Qt::TextWordWrap, text);
}

int FixButton::heightForWidth(int width) const
{
    return textRect(font(), text(), width).height() +
           textRect(effectFont(), m_effect, width).height() + 2 * above;
}

QSize FixButton::sizeHint() const
{
    return {leastWidth, heightForWidth(std::max(leastWidth, width()))};
}

QSize FixButton::minimumSizeHint() const
{
    return {leastWidth, heightForWidth(std::max(leastWidth, width()))};
}

void FixButton::paintEvent(QPaintEvent *)
{
    const Theme &theme = ThemeManager::instance().theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool looked = (underMouse() || hasFocus()) && isEnabled();
    painter.setPen(QPen(looked ? theme.accent : theme.border, hasFocus() ? 2 : 1));
    painter.setBrush(isDown() ? blend(theme.base, theme.accent, 0.25)
                     : looked ? blend(theme.base, theme.accent, 0.1)
                              : theme.base);
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 4, 4);
    const QRect room = rect().adjusted(aside, above, -aside, -above);
    painter.setPen(theme.text);
    painter.setFont(font());
    painter.drawText(room, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, text());
    painter.setPen(theme.mutedText);
    painter.setFont(effectFont());
    painter.drawText(room, Qt::AlignLeft | Qt::AlignBottom | Qt::TextWordWrap, m_effect);
}

void FixButton::enterEvent(QEnterEvent *event)
{
    QAbstractButton::enterEvent(event);
    update();
    Q_EMIT looked();
}

void FixButton::leaveEvent(QEvent *event)
{
    QAbstractButton::leaveEvent(event);
    update();
    Q_EMIT left();
}

void FixButton::focusInEvent(QFocusEvent *event)
{
    QAbstractButton::focusInEvent(event);
    // Walked to; a click is about to apply it, and other reasons are not the user's.
    if (event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason ||
        event->reason() == Qt::ShortcutFocusReason)
        Q_EMIT looked();
}

void FixButton::focusOutEvent(QFocusEvent *event)
{
    QAbstractButton::focusOutEvent(event);
    Q_EMIT left();
}

void FixButton::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

} // namespace atomnet
