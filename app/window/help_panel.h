#pragma once

#include <QWidget>

class QTextBrowser;

namespace atomnet
{

/// What F1 shows: about the part of the window that has the focus, and all keys.
class HelpPanel : public QWidget
{
    Q_OBJECT
public:
    explicit HelpPanel(QWidget *parent = nullptr);
    /// Help on `focused` or the nearest part around it that has a topic.
    void showFor(const QWidget *focused);
    void showAbout();
    [[nodiscard]] QString topic() const { return m_topic; }

private:
    QTextBrowser *m_text;
    QString m_topic;
};

} // namespace atomnet
