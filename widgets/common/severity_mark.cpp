#include "widgets/common/severity_mark.h"

#include <QPainter>

namespace atomnet
{

QColor severityColor(const Theme &theme, LintSeverity severity)
{
    switch (severity) {
    case LintSeverity::Info:
        return theme.mutedText;
    case LintSeverity::Advice:
        return theme.fitTight;
    case LintSeverity::Problem:
        return theme.fitOver;
    }
    Q_UNREACHABLE();
}

void paintSeverity(QPainter &painter, const Theme &theme, const QRectF &room, LintSeverity severity)
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(severityColor(theme, severity));
    const QPointF c = room.center();
    switch (severity) {
    case LintSeverity::Info:
        painter.drawEllipse(room);
        break;
    case LintSeverity::Advice:
        painter.drawPolygon(QPolygonF({{c.x(), room.top()},
                                       {room.right(), c.y()},
                                       {c.x(), room.bottom()},
                                       {room.left(), c.y()}}));
        break;
    case LintSeverity::Problem:
        painter.drawPolygon(
            QPolygonF({{c.x(), room.top()}, room.bottomRight(), room.bottomLeft()}));
        break;
    }
}

QString severityWord(LintSeverity severity)
{
    switch (severity) {
    case LintSeverity::Info:
        return QStringLiteral("Note");
    case LintSeverity::Advice:
        return QStringLiteral("Advice");
    case LintSeverity::Problem:
        return QStringLiteral("Problem");
    }
    Q_UNREACHABLE();
}

} // namespace atomnet
