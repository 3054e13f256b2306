#pragma once

#include "core/analysis/guidelines/guidelines.h"
#include "widgets/document/analysis_runner.h"
#include "widgets/document/document.h"

#include <QFutureWatcher>
#include <QObject>
#include <QThreadPool>

#include <atomic>

namespace atomnet
{

class GuidelinesView;

/// Computes the guidelines for their view, on a thread of its own: when the view comes into sight,
/// and again when target or knowledge change while it is. Nobody looks: nothing is computed.
class GuidelinesWork : public QObject
{
    Q_OBJECT
public:
    GuidelinesWork(Document &document, AnalysisRunner &analysis, GuidelinesView &view,
                   QObject *parent);
    ~GuidelinesWork() override;

    void setShown(bool shown);
    [[nodiscard]] bool busy() const { return m_watcher.isRunning(); }

private:
    /// What guidelines depend on.
    struct Basis {
        Target target;
        Knowledge knowledge;
        bool operator==(const Basis &) const = default;
    };
    void update();
    void finished();

    Document &m_document;
    AnalysisRunner &m_analysis;
    GuidelinesView &m_view;
    QThreadPool m_pool;
    QFutureWatcher<std::vector<Guideline>> m_watcher;
    std::shared_ptr<std::atomic<bool>> m_cancelled; ///< of the run
    std::optional<Basis> m_basis;                   ///< that the run, or what is shown, stands on
    bool m_shown = false;
};

} // namespace atomnet
