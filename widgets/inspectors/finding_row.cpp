#include "widgets/inspectors/finding_row.h"

#include "widgets/common/severity_mark.h"

#include <QPainter>

namespace atomnet
{

namespace
{
constexpr int markSide = 11, markRoom = 20, gap = 6, above = 2;
}

FindingRow::FindingRow(const LintFinding &finding, const QString &place, QWidget *parent)
    : QAbstractButton(parent), m_severity(finding.severity), m_what(finding.what)
{
    setText(place);
    setAccessibleName(
        QStringLiteral("%1: %2, %3").arg(severityWord(finding.severity), place, finding.what));
    setToolTip(finding.what);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
}

QSize FindingRow::sizeHint() const
{
    return {markRoom + fontMetrics().horizontalAdvance(text()) + gap,
            fontMetrics().height() + 2 * above};
}

void FindingRow::paintEvent(QPaintEvent *)
{
    const Theme &theme = ThemeManager::instance().theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (underMouse() || hasFocus()) {
        painter.setPen(hasFocus() ? QPen(theme.accent) : Qt::NoPen);
        painter.setBrush(theme.hover);
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
    }
    paintSeverity(painter, theme, QRectF(4, (height() - markSide) / 2.0, markSide, markSide),
                  m_severity);
    QRect room = rect().adjusted(markRoom, 0, -2, 0);
    painter.setPen(theme.text);
    painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter, text());
    room.setLeft(room.left() + fontMetrics().horizontalAdvance(text()) + gap);
    painter.setPen(theme.mutedText);
    painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter,
                     fontMetrics().elidedText(m_what, Qt::ElideRight, room.width()));
}

} // namespace atomnet
