#pragma once

#include "core/exporters/export_request.h"

#include <QObject>
#include <QThreadPool>

#include <atomic>
#include <functional>
#include <memory>

namespace atomnet
{

/// What quantising a design came to.
struct QuantisationResult {
    Network network; ///< the design it is of
    bool trained = false;
    std::vector<LayerSqnr> layers; ///< by atom of runtime atomnet-1
    qint64 arenaBytes = 0;
    int samples = 0; ///< that the signal to noise ratios stand on
};

/// What evaluating a design came to.
struct EvaluationResult {
    Network network;
    Evaluation evaluation;
};

/// Export, quantisation and evaluation for the window, on a thread of its own, one after the other.
/// Results arrive by signal, finished() last.
class Int8Service : public QObject
{
    Q_OBJECT
public:
    explicit Int8Service(QObject *parent = nullptr);
    ~Int8Service() override;

    [[nodiscard]] bool busy() const { return m_running > 0; }

    void exportDesign(const Network &network, const ExportRequest &request);
    void quantize(const Network &network, const QuantSource &source);
    /// `data`: a folder of images or a .npz with labels.
    void evaluate(const Network &network, const QuantSource &source, const QString &data);
    /// Stops what runs and what waits. Returns at once.
    void cancel();

Q_SIGNALS:
    void exported(const atomnet::ExportSummary &summary);
    void quantized(const std::shared_ptr<const atomnet::QuantisationResult> &result);
    void evaluated(const std::shared_ptr<const atomnet::EvaluationResult> &result);
    void progress(const QString &what, double share);
    void finished();
    void failed(const atomnet::Error &error); ///< not for what the user cancelled

private:
    /// Runs `work` on the thread; what it returns is called on this object's thread.
    using Outcome = std::function<void()>;
    void enqueue(const QString &what, std::function<Outcome(const RunControl &)> work);
    [[nodiscard]] Outcome failure(const Error &error);

    QThreadPool m_pool;
    std::shared_ptr<std::atomic_bool> m_cancel;
    int m_running = 0;
};

} // namespace atomnet
