#include "widgets/document/lint_runner.h"

#include "widgets/document/document.h"

#include <QtConcurrentRun>

namespace atomnet
{

/// What one run takes and gives. Built on the GUI thread, filled on the worker, read on the GUI
/// thread again.
struct LintRunner::Job {
    Advice advice;
    Knowledge knowledge;
    std::atomic<bool> cancelled = false;

    void run(const LintCalls &calls)
    {
        RunControl control;
        control.isCancelled = [this] { return cancelled.load(); };
        advice.findings = calls.lint(advice.network, *advice.report, knowledge, control);
        if (cancelled) return;
        advice.peak = calls.explainPeak(advice.network, *advice.report, knowledge, control);
    }
};

LintRunner::LintRunner(Document &document, AnalysisRunner &analysis, LintCalls calls,
                       QObject *parent)
    : QObject(parent), m_document(document), m_analysis(analysis), m_calls(std::move(calls))
{
    m_pool.setMaxThreadCount(1);
    m_pool.setExpiryTimeout(-1);
    m_pool.setThreadPriority(QThread::LowPriority); // the charts come first
    connect(&m_watcher, &QFutureWatcherBase::finished, this, &LintRunner::finished);
    connect(&analysis, &AnalysisRunner::reportReady, this,
            [this](const ReportPtr &report) { take(report); });
    connect(&document, &Document::networkChanged, this, [this] {
        const bool same = m_job && m_job->advice.network == m_document.network();
        if (!m_document.previewing() && !same) cancel();
    });
    connect(&document, &Document::targetChanged, this, &LintRunner::cancel);
    connect(&document, &Document::restarted, this, [this] {
        cancel();
        m_advice = nullptr; // equal ids mean other blocks from here on
        Q_EMIT adviceReady(nullptr);
    });
    if (analysis.report()) take(analysis.report());
}

LintRunner::~LintRunner()
{
    cancel();
    m_watcher.disconnect(this);
    m_watcher.waitForFinished();
}

void LintRunner::take(const ReportPtr &report)
{
    if (m_document.previewing()) return;
    // After a preview without consequences everything is as it was: views keep their places.
    const auto same = [this](const Advice &advice) {
        return advice.network == m_document.network() &&
               advice.report->target == m_document.target();
    };
    const Knowledge &knowledge = m_analysis.knowledge();
    if (m_job && !m_job->cancelled) {
        if (same(m_job->advice) && m_job->knowledge == knowledge) return;
        cancel();
    } else if (!m_running && m_advice && same(*m_advice) && m_knowledge == knowledge) {
        return;
    }
    m_next = std::make_shared<Job>();
    m_next->advice = {m_document.network(), report, {}, {}};
    m_next->knowledge = knowledge;
    if (!m_running) start();
}

void LintRunner::start()
{
    m_job = std::exchange(m_next, nullptr);
    m_running = true;
    m_watcher.setFuture(QtConcurrent::run(&m_pool, [job = m_job, calls = m_calls] {
        job->run(calls);
        return job;
    }));
}

void LintRunner::cancel()
{
    if (m_job) m_job->cancelled = true;
    m_next = nullptr;
}

void LintRunner::finished()
{
    const std::shared_ptr<Job> job = std::exchange(m_job, nullptr);
    m_running = false;
    if (!job->cancelled) {
        m_knowledge = std::move(job->knowledge);
        m_advice = std::make_shared<const Advice>(std::move(job->advice));
        Q_EMIT adviceReady(m_advice);
    }
    if (m_next && !m_running) start();
}

} // namespace atomnet
