#include "widgets/dashboards/confusion_view.h"

#include "core/base/format.h"
#include "widgets/common/figure_font.h"
#include "widgets/common/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace atomnet
{

namespace
{

constexpr int mostCells = 24; ///< classes of a matrix; more of them would be unreadable
constexpr double headline = 22, labels = 34;

const Theme &theme()
{
    return ThemeManager::instance().theme();
}

QString percent(double share)
{
    return QStringLiteral("%1 %").arg(100 * share, 0, 'f', 1);
}

} // namespace

ConfusionView::ConfusionView(QWidget *parent) : QWidget(parent)
{
    setAccessibleName(tr("Evaluation"));
    connect(&ThemeManager::instance(), &ThemeManager::themeChanged, this, [this] { update(); });
}

void ConfusionView::setResult(const std::shared_ptr<const EvaluationResult> &result)
{
    m_result = result;
    m_outdated = false;
    setAccessibleDescription(summary());
    update();
}

void ConfusionView::setOutdated(bool outdated)
{
    if (outdated == m_outdated) return;
    m_outdated = outdated;
    update();
}

QString ConfusionView::summary() const
{
    if (!m_result) return {};
    const Evaluation &e = m_result->evaluation;
    return tr("%1 samples: float %2, int8 %3, agree %4")
        .arg(formatCount(e.asInt8.total()), percent(e.asFloat.top1()), percent(e.asInt8.top1()),
             percent(e.asInt8.total() > 0 ? double(e.agreeing) / e.asInt8.total() : 0));
}

QSize ConfusionView::minimumSizeHint() const
{
    return {220, 160};
}

QString ConfusionView::className(int index) const
{
    const QStringList &names = m_result->evaluation.labels;
    return index < names.size() ? names[index] : QString::number(index);
}

QRectF ConfusionView::matrixArea() const
{
    const QRectF free = QRectF(rect()).adjusted(labels + 12, headline + 20, -8, -8);
    const double side = std::max(40.0, std::min(free.width(), free.height()));
    return {free.left(), free.top(), side, side};
}

void ConfusionView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), theme().base);
    painter.setFont(figureFont(font()));
    if (!m_result) {
        painter.setPen(theme().mutedText);
        painter.drawText(rect().adjusted(16, 8, -16, -8), Qt::AlignCenter | Qt::TextWordWrap,
                         tr("Not evaluated yet: press Evaluate to count how often the float and "
                            "the int8 network are right"));
        return;
    }
    if (m_outdated) painter.setOpacity(0.45);
    painter.setPen(theme().text);
    QString text = summary();
    if (m_outdated) text += tr(" (of an earlier design)");
    const QRectF head = QRectF(rect()).adjusted(8, 4, -8, 0);
    painter.drawText(head, Qt::AlignLeft | Qt::AlignTop,
                     painter.fontMetrics().elidedText(text, Qt::ElideRight, int(head.width())));
    if (m_result->evaluation.asInt8.classes <= mostCells)
        paintMatrix(painter, matrixArea());
    else
        paintPairs(painter, head.adjusted(0, headline + 4, 0, -4));
}

void ConfusionView::paintMatrix(QPainter &painter, const QRectF &area) const
{
    const Confusion &confusion = m_result->evaluation.asInt8;
    const double cell = area.width() / confusion.classes;
    QFont small = painter.font();
    small.setPointSizeF(std::clamp(cell * 0.3, 6.0, small.pointSizeF()));
    painter.setFont(small);
    for (int truth = 0; truth < confusion.classes; ++truth) {
        int row = 0;
        for (int guess = 0; guess < confusion.classes; ++guess)
            row += confusion.at(truth, guess);
        for (int guess = 0; guess < confusion.classes; ++guess) {
            const int count = confusion.at(truth, guess);
            const QRectF box(area.left() + guess * cell, area.top() + truth * cell, cell, cell);
            const double share = row == 0 ? 0 : double(count) / row;
            // Mistakes are rare: the root makes one in a hundred visible.
            const QColor color = truth == guess ? theme().accent : theme().fitOver;
            const QColor fill =
                blend(theme().base, color, truth == guess ? 0.15 + 0.7 * share : std::sqrt(share));
            painter.fillRect(box.adjusted(0.5, 0.5, -0.5, -0.5),
                             count == 0 ? theme().window : fill);
            if (count == 0 || cell < 18) continue;
            painter.setPen(contrastRatio(theme().text, fill) >= 4.5 ? theme().text : theme().base);
            painter.drawText(box, Qt::AlignCenter, QString::number(count));
        }
    }
    painter.setPen(theme().mutedText);
    const int step = std::max(1, int(std::ceil(painter.fontMetrics().height() / cell)));
    for (int i = 0; i < confusion.classes; i += step) {
        const QRectF row(area.left() - labels - 4, area.top() + i * cell, labels, cell);
        painter.drawText(
            row, Qt::AlignRight | Qt::AlignVCenter,
            painter.fontMetrics().elidedText(className(i), Qt::ElideRight, int(labels)));
        const QRectF column(area.left() + i * cell, area.top() - 18, cell * step, 16);
        painter.drawText(
            column, (step == 1 ? Qt::AlignHCenter : Qt::AlignLeft) | Qt::AlignVCenter,
            painter.fontMetrics().elidedText(className(i), Qt::ElideRight, int(cell * step)));
    }
    if (width() - area.right() > 150) {
        const QRectF beside(area.right() + 12, area.top(), width() - area.right() - 20,
                            area.height());
        painter.setFont(figureFont(font()));
        painter.drawText(beside, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap,
                         tr("int8 network\nrows: what is there\ncolumns: what it says"));
    }
}

void ConfusionView::paintPairs(QPainter &painter, const QRectF &area) const
{
    const Confusion &confusion = m_result->evaluation.asInt8;
    struct Pair {
        int truth = 0, guess = 0, count = 0;
    };
    std::vector<Pair> pairs;
    for (int truth = 0; truth < confusion.classes; ++truth)
        for (int guess = 0; guess < confusion.classes; ++guess)
            if (truth != guess && confusion.at(truth, guess) > 0)
                pairs.push_back({truth, guess, confusion.at(truth, guess)});
    std::stable_sort(pairs.begin(), pairs.end(),
                     [](const Pair &a, const Pair &b) { return a.count > b.count; });
    const double line = painter.fontMetrics().height() + 2;
    QRectF row(area.left(), area.top(), area.width(), line);
    painter.drawText(row, Qt::AlignLeft,
                     tr("Most confused of %1 classes (int8):").arg(confusion.classes));
    for (const Pair &pair : pairs) {
        row.translate(0, line);
        if (row.bottom() > area.bottom()) break;
        painter.drawText(
            row, Qt::AlignLeft,
            painter.fontMetrics().elidedText(tr("%1\u00d7  %2 taken for %3")
                                                 .arg(pair.count)
                                                 .arg(className(pair.truth), className(pair.guess)),
                                             Qt::ElideRight, int(row.width())));
    }
}

bool ConfusionView::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip || !m_result ||
        m_result->evaluation.asInt8.classes > mostCells)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const Confusion &confusion = m_result->evaluation.asInt8;
    const QRectF area = matrixArea();
    const QPointF at = (QPointF(help->pos()) - area.topLeft()) / area.width() * confusion.classes;
    const int guess = int(std::floor(at.x())), truth = int(std::floor(at.y()));
    if (guess < 0 || truth < 0 || guess >= confusion.classes || truth >= confusion.classes) {
        QToolTip::hideText();
        return true;
    }
    QToolTip::showText(help->globalPos(),
                       tr("%1 taken for %2: int8 %3, float %4")
                           .arg(className(truth), className(guess))
                           .arg(confusion.at(truth, guess))
                           .arg(m_result->evaluation.asFloat.at(truth, guess)),
                       this);
    return true;
}

} // namespace atomnet
