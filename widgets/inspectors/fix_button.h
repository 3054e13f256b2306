#pragma once

#include <QAbstractButton>

namespace atomnet
{

/// A quick fix: what it does and, smaller below, its effect; both wrap. Says when someone looks at
/// it, with the pointer or by walking to it with Tab, and when no longer.
class FixButton : public QAbstractButton
{
    Q_OBJECT
public:
    FixButton(const QString &what, const QString &effect, QWidget *parent = nullptr);

    [[nodiscard]] const QString &effect() const { return m_effect; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;

Q_SIGNALS:
    void looked();
    void left();

protected:
    void paintEvent(QPaintEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    [[nodiscard]] QFont effectFont() const;
    [[nodiscard]] QRect textRect(const QFont &font, const QString &text, int width) const;
    QString m_effect;
};

} // namespace atomnet
