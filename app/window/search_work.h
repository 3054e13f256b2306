#pragma once

#include "widgets/document/document.h"

#include <QObject>

namespace atomnet
{

class AnalysisRunner;
class BoardWork;
class SearchPanel;
enum class Severity : quint8;

/// Searching from the window: keeps the Search dock's knowledge and figures up to date, sends what
/// is to be measured to the board, and remembers what was asked between runs.
class SearchWork : public QObject
{
    Q_OBJECT
public:
    SearchWork(Document &document, AnalysisRunner &runner, BoardWork &boards, SearchPanel &panel,
               QWidget *window);

    void remember() const;

public Q_SLOTS:
    void askSpaceFile();

Q_SIGNALS:
    void told(atomnet::Severity severity, const QString &sentence);

private:
    void recall();
    void follow(); ///< report and knowledge

    AnalysisRunner &m_runner;
    SearchPanel &m_panel;
    QWidget *m_window;
};

} // namespace atomnet
