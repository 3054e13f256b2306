#include "widgets/inspectors/finding_card.h"

#include "widgets/common/severity_mark.h"
#include "widgets/inspectors/advice_text.h"
#include "widgets/inspectors/field.h"
#include "widgets/inspectors/fix_button.h"

#include <QPainter>
#include <QVBoxLayout>

namespace atomnet
{

namespace
{

constexpr int markSide = 11, markRoom = 20;

QLabel *wrapped(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace

FixButton *makeFixButton(const QuickFix &fix, TimeUnit unit, QWidget *parent)
{
    return new FixButton(fix.text, effectLabel(fix.effect, unit), parent);
}

FindingCard::FindingCard(const LintFinding &finding, const QString &place, TimeUnit unit,
                         QWidget *parent)
    : QFrame(parent), m_severity(finding.severity)
{
    setAccessibleName(QStringLiteral("%1: %2").arg(severityWord(finding.severity), finding.what));
    setAccessibleDescription(finding.why);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(markRoom, 5, 6, 6);
    column->setSpacing(4);
    column->addWidget(wrapped(
        place.isEmpty() ? finding.what : QStringLiteral("%1: %2").arg(place, finding.what), this));
    auto *why = new NoteLabel(this);
    why->setTextFormat(Qt::PlainText);
    why->setNote(finding.why);
    column->addWidget(why);
    for (std::size_t i = 0; i < finding.fixes.size(); ++i) {
        FixButton *button = makeFixButton(finding.fixes[i], unit, this);
        column->addWidget(button);
        m_fixes.push_back(button);
        connect(button, &FixButton::looked, this, [this, i] { Q_EMIT fixLooked(int(i)); });
        connect(button, &FixButton::left, this, &FindingCard::fixLeft);
        connect(button, &FixButton::clicked, this, [this, i] { Q_EMIT fixChosen(int(i)); });
    }
}

void FindingCard::setCurrent(bool current)
{
    if (m_current == current) return;
    m_current = current;
    update();
}

void FindingCard::paintEvent(QPaintEvent *)
{
    const Theme &theme = ThemeManager::instance().theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_current) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.selection);
        painter.drawRoundedRect(rect(), 4, 4);
    }
    const int line = fontMetrics().height();
    paintSeverity(painter, theme, QRectF(4, 5 + (line - markSide) / 2.0, markSide, markSide),
                  m_severity);
}

} // namespace atomnet
