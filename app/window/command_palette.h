#pragma once

#include <QFrame>
#include <QList>
#include <QPointer>
#include <QString>

class QAction;
class QLineEdit;
class QListWidget;

namespace atomnet
{

/// How well `pattern` matches `text`: its characters must occur in order; runs and beginnings of
/// words count more. Below 0: no match. An empty pattern matches everything with 0.
[[nodiscard]] int fuzzyScore(const QString &pattern, const QString &text);

/// Every command of the window by name (Ctrl+K): type some of its letters, Enter runs it, Esc
/// closes.
class CommandPalette : public QFrame
{
    Q_OBJECT
public:
    explicit CommandPalette(QWidget *window);
    /// Shows these commands; `place` ("File") stands before each text when the action carries it as
    /// property "place".
    void open(const QList<QAction *> &commands);
    [[nodiscard]] QStringList shownCommands() const;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void filter(const QString &pattern);
    void runCurrent();
    void close(bool restoreFocus);
    QLineEdit *m_search;
    QListWidget *m_list;
    QList<QPointer<QAction>> m_commands;
    QPointer<QWidget> m_focusBefore;
};

} // namespace atomnet
