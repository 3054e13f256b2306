#pragma once

#include <QFrame>
#include <QPointer>

class QAction;
class QLabel;
class QToolButton;

namespace atomnet
{

enum class Severity : quint8 { Info, Warning, Error };

/// A strip above the canvas that says in one sentence what happened and offers what to do as a
/// button. Never modal. Hidden while there is nothing to say.
class MessageBar : public QFrame
{
    Q_OBJECT
public:
    explicit MessageBar(QWidget *parent = nullptr);

    using QFrame::show;
    /// Replaces what is shown. `action` becomes a button; triggering it closes the bar.
    void show(Severity severity, const QString &sentence, QAction *action = nullptr);
    /// Hides the bar and emits cleared() when something was shown.
    void clear();

    [[nodiscard]] Severity severity() const { return m_severity; }
    [[nodiscard]] QString sentence() const;

Q_SIGNALS:
    void cleared();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    [[nodiscard]] QColor color() const;
    void retheme();
    Severity m_severity = Severity::Info;
    QLabel *m_icon = nullptr;
    QLabel *m_text = nullptr;
    QToolButton *m_button = nullptr;
    QToolButton *m_close = nullptr;
    QPointer<QAction> m_action;
};

} // namespace atomnet
