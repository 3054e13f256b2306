#pragma once

#include "widgets/document/lint_runner.h"

#include <QObject>

namespace atomnet
{

class BlockInspector;
class CanvasView;

/// The lint in the window: badges on the canvas, advice in the inspector, and the commands that
/// walk through both.
class LintWork : public QObject
{
    Q_OBJECT
public:
    LintWork(Document &document, AnalysisRunner &analysis, CanvasView &canvas,
             BlockInspector &inspector, QObject *parent);

    [[nodiscard]] LintRunner &runner() { return m_runner; }

public Q_SLOTS:
    void step(int direction); ///< to the next (1) or previous (-1) finding
    void applyFirstFix();
    void explainPeak();

Q_SIGNALS:
    void inspectorWanted();             ///< what is asked for is shown there
    void said(const QString &sentence); ///< why there is nothing to do

private:
    LintRunner m_runner;
    BlockInspector &m_inspector;
};

} // namespace atomnet
