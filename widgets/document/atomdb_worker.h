#pragma once

#include "core/analysis/latency_model.h"
#include "core/atomdb/atom_db.h"

#include <QElapsedTimer>
#include <QObject>
#include <QStringList>

#include <atomic>
#include <memory>
#include <optional>

namespace atomnet
{

/// The half of AtomDbService that lives in the worker thread and owns the database. Its signals
/// arrive queued.
class AtomDbWorker : public QObject
{
    Q_OBJECT
public:
    using CancelFlag = std::shared_ptr<std::atomic_bool>;

    void open(const QString &path);
    void loadTable(const QString &board, const QString &runtime);
    void prefer(const RunCondition &condition);
    /// After the database's contents changed: new figures and, when one was loaded, a new snapshot.
    void refresh();
    void importCsv(const QStringList &files, const CancelFlag &cancel);
    void exportCsv(const QString &file, const CancelFlag &cancel);
    void merge(const QString &otherDb, const CancelFlag &cancel);
    /// Fits the models of the last snapshot that are not of its data; then another snapshot.
    void refit(const CancelFlag &cancel);

Q_SIGNALS:
    void tableReady(const std::shared_ptr<const atomnet::AtomTable> &table,
                    const std::shared_ptr<const atomnet::AtomTable> &instructions,
                    const std::shared_ptr<const atomnet::LatencyModel> &model,
                    const std::shared_ptr<const atomnet::LatencyModel> &instructionModel);
    /// refit() has something to do.
    void modelsDue();
    void infoReady(const atomnet::DbInfo &info);
    void importFinished(const std::vector<atomnet::ImportReport> &reports);
    void exportFinished(const QString &file, qint64 samples);
    void mergeFinished(const atomnet::MergeReport &report);
    void progress(const QString &what, double share, double etaSeconds);
    void failed(const atomnet::Error &error);

private:
    [[nodiscard]] RunControl control(const QString &what, const CancelFlag &cancel, double from,
                                     double to);
    void report(const QString &what, double share);
    [[nodiscard]] bool isOpen();
    [[nodiscard]] Result<AtomTable> read(const QString &board) const;
    /// The model to go with these samples; asks for another one when they have changed.
    [[nodiscard]] std::shared_ptr<const LatencyModel> modelOf(const AtomTable &table,
                                                              const QString &board);

    std::optional<AtomDb> m_db;
    QString m_board, m_runtime;            ///< of the last loadTable
    std::vector<RunCondition> m_preferred; ///< one a board and runtime
    // Chosen anew when the contents or the target have changed, not for each snapshot while samples
    // arrive.
    bool m_modelsChosen = false;
    std::shared_ptr<const LatencyModel> m_model, m_instructionModel;
    std::vector<qint64> m_due; ///< conditions that wait for refit()
    QElapsedTimer m_started, m_lastReport;
};

} // namespace atomnet
