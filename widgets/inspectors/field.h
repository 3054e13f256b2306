#pragma once

#include <QLabel>
#include <QString>
#include <QWidget>

namespace atomnet
{

/// A short sentence in the colour of its purpose; takes no room while it is empty.
class NoteLabel : public QLabel
{
    Q_OBJECT
public:
    enum class Tone : quint8 { Muted, Warning, Error };
    explicit NoteLabel(QWidget *parent = nullptr);
    void setNote(const QString &text, Tone tone = Tone::Muted);
    [[nodiscard]] Tone tone() const { return m_tone; }

private:
    void applyColour();
    Tone m_tone = Tone::Muted;
};

/// One line of an inspector: name, editor, and below it why it is off or why an edit was refused.
class Field : public QWidget
{
    Q_OBJECT
public:
    Field(const QString &name, QWidget *editor, QWidget *parent = nullptr);

    /// Empty: the field can be edited. Else it is off and the reason stands below it.
    void setUnavailable(const QString &reason);
    /// Something to know about the value, e.g. "applies to 2 of 3 blocks".
    void setNote(const QString &note);
    /// The last edit was refused; stays until setError({}).
    void setError(const QString &sentence);
    [[nodiscard]] QString error() const { return m_error; }
    [[nodiscard]] QString shownText() const { return m_noteLabel->text(); }

private:
    void update();
    QWidget *m_editor;
    NoteLabel *m_noteLabel;
    QString m_reason, m_note, m_error;
};

/// A small heading inside an inspector.
[[nodiscard]] QLabel *makeHeading(const QString &text, QWidget *parent);

} // namespace atomnet
