#include "widgets/document/analysis_runner.h"

#include "widgets/document/document.h"

#include <QtConcurrentRun>

namespace atomnet
{

/// What one run takes and gives. Built on the GUI thread, filled on the worker, read on the GUI
/// thread again.
struct AnalysisRunner::Job {
    Network shown;
    std::optional<Network> committed; ///< of a preview whose baseline has not been analysed yet
    bool previewing = false;
    Target target;
    Knowledge knowledge;
    std::shared_ptr<Analyzer> analyzer;

    std::optional<Result<Report>> report, baseline;

    void run()
    {
        if (!analyzer) analyzer = std::make_shared<Analyzer>(target, knowledge);
        if (committed) baseline = analyzer->analyze(*committed);
        report = analyzer->analyze(shown);
    }
};

AnalysisRunner::AnalysisRunner(Document &document, QObject *parent)
    : QObject(parent), m_document(document)
{
    m_pool.setMaxThreadCount(1);
    m_pool.setExpiryTimeout(-1); // starting a thread costs as much as an analysis
    m_timer.setSingleShot(true);
    m_timer.setInterval(0);
    connect(&m_timer, &QTimer::timeout, this, &AnalysisRunner::start);
    connect(&m_watcher, &QFutureWatcherBase::finished, this, &AnalysisRunner::finished);
    connect(&document, &Document::networkChanged, this, [this] {
        if (!m_document.previewing()) m_committedStale = true;
        request();
    });
    connect(&document, &Document::targetChanged, this, [this] {
        m_committedStale = true;
        request();
    });
    request();
}

AnalysisRunner::~AnalysisRunner()
{
    m_watcher.disconnect(this);
    m_watcher.waitForFinished();
}

void AnalysisRunner::setKnowledge(const Knowledge &knowledge)
{
    m_knowledge = knowledge;
    m_analyzer.reset(); // its remembered estimates stand on the old one
    m_committedStale = true;
    request();
}

void AnalysisRunner::request()
{
    if (m_running) m_pending = true;
    if (!m_timer.isActive()) m_timer.start();
}

void AnalysisRunner::start()
{
    if (m_running) return; // finished() starts the pending one
    m_timer.stop();
    m_pending = false;
    m_running = true;
    auto job = std::make_shared<Job>();
    job->shown = m_document.shown();
    job->previewing = m_document.previewing();
    if (job->previewing && m_committedStale) job->committed = m_document.network();
    job->target = m_document.target();
    job->knowledge = m_knowledge;
    if (m_analyzer && m_analyzer->target() == job->target) job->analyzer = std::move(m_analyzer);
    m_analyzer.reset();
    m_watcher.setFuture(QtConcurrent::run(&m_pool, [job] {
        job->run();
        return job;
    }));
}

void AnalysisRunner::finished()
{
    m_running = false;
    const std::shared_ptr<Job> job = m_watcher.result();
    if (job->knowledge == m_knowledge) m_analyzer = std::move(job->analyzer);
    if (m_pending) {
        start(); // newest wins: nobody sees the superseded one
        return;
    }
    publish(*job);
}

void AnalysisRunner::publish(Job &job)
{
    const auto shared = [](Result<Report> &report) -> ReportPtr {
        return report ? std::make_shared<const Report>(*std::move(report)) : nullptr;
    };
    if (job.baseline || !job.previewing) m_committedStale = false;
    if (job.baseline) m_committed = shared(*job.baseline);
    if (!*job.report) {
        if (!job.previewing) m_committed = nullptr; // differences to an older design would mislead
        Q_EMIT failed(job.report->error());
        return;
    }
    m_report = shared(*job.report);
    if (!job.previewing) m_committed = m_report;
    Q_EMIT reportReady(m_report, job.previewing ? m_committed : nullptr);
}

} // namespace atomnet
