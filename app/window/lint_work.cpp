#include "app/window/lint_work.h"

#include "widgets/canvas/canvas_view.h"
#include "widgets/inspectors/advice_panel.h"
#include "widgets/inspectors/block_inspector.h"

namespace atomnet
{

LintWork::LintWork(Document &document, AnalysisRunner &analysis, CanvasView &canvas,
                   BlockInspector &inspector, QObject *parent)
    : QObject(parent), m_runner(document, analysis), m_inspector(inspector)
{
    connect(&m_runner, &LintRunner::adviceReady, &canvas, &CanvasView::setAdvice);
    connect(&m_runner, &LintRunner::adviceReady, &inspector.advice(), &AdvicePanel::setAdvice);
    connect(&canvas, &CanvasView::adviceRequested, this, [this] {
        Q_EMIT inspectorWanted();
        m_inspector.advice().reveal();
    });
}

void LintWork::step(int direction)
{
    if (!m_inspector.advice().step(direction))
        Q_EMIT said(QStringLiteral("Nothing speaks against this design."));
    else
        Q_EMIT inspectorWanted();
}

void LintWork::applyFirstFix()
{
    if (!m_inspector.advice().applyFirst())
        Q_EMIT said(QStringLiteral("There is no quick fix here; F8 goes to the next finding."));
}

void LintWork::explainPeak()
{
    Q_EMIT inspectorWanted();
    m_inspector.advice().showPeak();
}

} // namespace atomnet
