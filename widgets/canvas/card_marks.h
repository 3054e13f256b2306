#pragma once

#include "widgets/canvas/canvas_metrics.h"
#include "widgets/common/severity_mark.h"

#include <QRectF>

class QPainter;

// The small marks of cards and stage headers: the padlock and the badge of the lint.
namespace atomnet
{

/// Findings at one place: how many, and the worst of them. None: no badge.
struct LintBadge {
    int count = 0;
    LintSeverity worst = LintSeverity::Info;
    bool operator==(const LintBadge &) const = default;
};

/// On a card's lower corners, in the coordinates of `card`: there is nothing else there to cover.
[[nodiscard]] QRectF lockRect(const QRectF &card, const CanvasMetrics &metrics);
[[nodiscard]] QRectF badgeRect(const QRectF &card, const CanvasMetrics &metrics, int count);
/// At the right of a header's first line, the badge left of the padlock.
[[nodiscard]] QRectF headerLockRect(const QRectF &header, const CanvasMetrics &metrics);
[[nodiscard]] QRectF headerBadgeRect(const QRectF &header, const CanvasMetrics &metrics, int count);
/// How far marks reach beyond a card.
[[nodiscard]] double markOverhang(const CanvasMetrics &metrics);

/// A closed padlock, or an open one in a quieter colour.
void paintLock(QPainter &painter, const Theme &theme, const QRectF &rect, bool locked);
/// The mark of the worst, the count beside it.
void paintBadge(QPainter &painter, const Theme &theme, const CanvasMetrics &metrics,
                const QRectF &rect, const LintBadge &badge);

} // namespace atomnet
