#pragma once

#include "widgets/document/advice.h"

#include <QFutureWatcher>
#include <QObject>
#include <QThreadPool>

#include <atomic>
#include <functional>

namespace atomnet
{

class Document;

/// What the runner calls on its thread.
struct LintCalls {
    std::function<std::vector<LintFinding>(const Network &, const Report &, const Knowledge &,
                                           const RunControl &)>
        lint;
    std::function<PeakExplanation(const Network &, const Report &, const Knowledge &,
                                  const RunControl &)>
        explainPeak;
    [[nodiscard]] static LintCalls real();
};

/// Keeps the advice up to date behind every Report of the committed design, on a thread of its own:
/// charts never wait for it. An edit cancels a run, the newest Report wins. Previews are not
/// advised on: what shows them must stay under the pointer.
class LintRunner : public QObject
{
    Q_OBJECT
public:
    LintRunner(Document &document, AnalysisRunner &analysis, LintCalls calls = LintCalls::real(),
               QObject *parent = nullptr);
    ~LintRunner() override;

    [[nodiscard]] AdvicePtr advice() const { return m_advice; } ///< newest; null before the first
    [[nodiscard]] bool busy() const { return m_running; }

Q_SIGNALS:
    /// Null when another design takes the place of this one: its findings follow.
    void adviceReady(const atomnet::AdvicePtr &advice);

private:
    struct Job;
    void take(const ReportPtr &report);
    void start();
    void finished();
    void cancel();

    Document &m_document;
    AnalysisRunner &m_analysis;
    LintCalls m_calls;
    QThreadPool m_pool;
    QFutureWatcher<std::shared_ptr<Job>> m_watcher;
    std::shared_ptr<Job> m_job;  ///< that runs
    std::shared_ptr<Job> m_next; ///< waits for it; a newer one takes its place
    AdvicePtr m_advice;
    Knowledge m_knowledge; ///< of m_advice
    bool m_running = false;
};

} // namespace atomnet
