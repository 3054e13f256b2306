#include "widgets/inspectors/field.h"

#include "widgets/common/theme.h"

#include <QGridLayout>

namespace atomnet
{

NoteLabel::NoteLabel(QWidget *parent) : QLabel(parent)
{
    setWordWrap(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse);
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() * 0.92);
    setFont(small);
    hide();
    connect(&ThemeManager::instance(), &ThemeManager::themeChanged, this, &NoteLabel::applyColour);
}

void NoteLabel::setNote(const QString &text, Tone tone)
{
    m_tone = tone;
    setText(text);
    setVisible(!text.isEmpty());
    applyColour();
}

void NoteLabel::applyColour()
{
    const Theme &theme = ThemeManager::instance().theme();
    QPalette colours = palette();
    const QColor colour = m_tone == Tone::Error     ? theme.fitOver
                          : m_tone == Tone::Warning ? theme.fitTight
                                                    : theme.mutedText;
    colours.setColor(QPalette::WindowText, colour);
    setPalette(colours);
}

Field::Field(const QString &name, QWidget *editor, QWidget *parent)
    : QWidget(parent), m_editor(editor), m_noteLabel(new NoteLabel(this))
{
    auto *label = new QLabel(name, this);
    label->setBuddy(editor);
    // All fields share one width of names, so that editors line up without a common layout.
    label->setFixedWidth(fontMetrics().horizontalAdvance(QStringLiteral("Squeeze-excite")) + 8);
    if (editor->accessibleName().isEmpty()) editor->setAccessibleName(name);
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(2);
    grid->setColumnStretch(1, 1);
    grid->addWidget(label, 0, 0, Qt::AlignVCenter);
    grid->addWidget(editor, 0, 1);
    grid->addWidget(m_noteLabel, 1, 1);
}

void Field::setUnavailable(const QString &reason)
{
    m_reason = reason;
    m_editor->setEnabled(reason.isEmpty());
    update();
}

void Field::setNote(const QString &note)
{
    m_note = note;
    update();
}

void Field::setError(const QString &sentence)
{
    m_error = sentence;
    update();
}

void Field::update()
{
    if (!m_error.isEmpty())
        m_noteLabel->setNote(m_error, NoteLabel::Tone::Error);
    else
        m_noteLabel->setNote(m_reason.isEmpty() ? m_note : m_reason);
}

QLabel *makeHeading(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    QFont bold = label->font();
    bold.setBold(true);
    label->setFont(bold);
    label->setWordWrap(true);
    return label;
}

} // namespace atomnet
