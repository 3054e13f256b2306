#pragma once

#include <QToolButton>

class QFormLayout;
class QFrame;

namespace atomnet
{

/// A button that says what is chosen and opens a small form to choose otherwise. The form closes on
/// Escape, or by a click elsewhere.
class PopupButton : public QToolButton
{
    Q_OBJECT
public:
    /// `name` for accessibility: "Goal".
    PopupButton(const QString &name, QWidget *parent);

    [[nodiscard]] QFormLayout *form() const { return m_form; }
    [[nodiscard]] QFrame *popup() const { return m_popup; }
    /// What is chosen, on the button.
    void setSummary(const QString &text);

public Q_SLOTS:
    void open();

private:
    QString m_name;
    QFrame *m_popup;
    QFormLayout *m_form;
};

} // namespace atomnet
