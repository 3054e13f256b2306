#pragma once

#include "core/analysis/analyze.h"

#include <QFutureWatcher>
#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <memory>

namespace atomnet
{

class Document;

/// Report as shared between the views; never changed after it is made.
using ReportPtr = std::shared_ptr<const Report>;

/// Keeps the Report up to date with the document, off the GUI thread. Bursts of changes join (0 ms
/// timer); a newer request supersedes an older one.
class AnalysisRunner : public QObject
{
    Q_OBJECT
public:
    explicit AnalysisRunner(Document &document, QObject *parent = nullptr);
    ~AnalysisRunner() override;

    [[nodiscard]] ReportPtr report() const { return m_report; } ///< newest; null before the first
    [[nodiscard]] ReportPtr committed() const
    {
        return m_committed;
    } ///< of the design without a running preview
    void setKnowledge(const Knowledge &knowledge);
    [[nodiscard]] const Knowledge &knowledge() const { return m_knowledge; }

public Q_SLOTS:
    void request();

Q_SIGNALS:
    /// `baseline` is the committed design's report while a preview runs, else null.
    void reportReady(const atomnet::ReportPtr &report, const atomnet::ReportPtr &baseline);
    void failed(const atomnet::Error &error); ///< charts dim, the message bar says why

private:
    struct Job;
    void start();
    void finished();
    void publish(Job &job);

    Document &m_document;
    Knowledge m_knowledge;
    QTimer m_timer;
    QThreadPool m_pool; ///< of its own, so that no long search makes the charts wait
    QFutureWatcher<std::shared_ptr<Job>> m_watcher;
    std::shared_ptr<Analyzer> m_analyzer; ///< null while a job has it
    ReportPtr m_report, m_committed;
    bool m_running = false; ///< until its result is taken, which is later than the future's end
    bool m_pending = false; ///< the running job is superseded
    bool m_committedStale =
        true; ///< m_committed is not of the present design, target and knowledge
};

} // namespace atomnet
