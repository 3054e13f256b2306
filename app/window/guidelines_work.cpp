#include "app/window/guidelines_work.h"

#include "widgets/dashboards/guidelines/guidelines_view.h"

#include <QtConcurrentRun>

namespace atomnet
{

GuidelinesWork::GuidelinesWork(Document &document, AnalysisRunner &analysis, GuidelinesView &view,
                               QObject *parent)
    : QObject(parent), m_document(document), m_analysis(analysis), m_view(view)
{
    m_pool.setMaxThreadCount(1);
    connect(&m_watcher, &QFutureWatcherBase::finished, this, &GuidelinesWork::finished);
    connect(&document, &Document::targetChanged, this, &GuidelinesWork::update);
    // A report comes behind every change of knowledge.
    connect(&analysis, &AnalysisRunner::reportReady, this, &GuidelinesWork::update);
}

GuidelinesWork::~GuidelinesWork()
{
    if (m_cancelled) *m_cancelled = true;
    m_watcher.disconnect(this);
    m_watcher.waitForFinished();
}

void GuidelinesWork::setShown(bool shown)
{
    m_shown = shown;
    update();
}

void GuidelinesWork::update()
{
    const Basis basis{m_document.target(), m_analysis.knowledge()};
    if (!m_shown || m_basis == basis) return;
    if (m_watcher.isRunning()) {
        *m_cancelled = true; // finished() begins anew
        return;
    }
    m_basis = basis;
    m_cancelled = std::make_shared<std::atomic<bool>>(false);
    m_view.setGuidelines({});
    m_watcher.setFuture(QtConcurrent::run(&m_pool, [basis, cancelled = m_cancelled] {
        RunControl control;
        control.isCancelled = [cancelled] { return cancelled->load(); };
        return guidelines(basis.target, basis.knowledge, control);
    }));
}

void GuidelinesWork::finished()
{
    if (*m_cancelled) {
        m_basis.reset();
    } else {
        m_view.setGuidelines(m_watcher.result());
    }
    update();
}

} // namespace atomnet
