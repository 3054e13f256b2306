#pragma once

#include "core/analysis/latency_model.h"
#include "core/atomdb/atom_db.h"

#include <QObject>
#include <QStringList>
#include <QThread>

#include <atomic>
#include <functional>
#include <memory>

namespace atomnet
{

class AtomDbWorker;

/// The user's AtomDB for the window: one worker thread owns the database; snapshots and results
/// arrive by signal.
class AtomDbService : public QObject
{
    Q_OBJECT
public:
    explicit AtomDbService(QObject *parent = nullptr);
    ~AtomDbService() override;

    [[nodiscard]] QString path() const { return m_path; }
    [[nodiscard]] bool busy() const { return m_running > 0; }

public Q_SLOTS:
    /// Opens (creates) the database; infoReady or failed follows. An earlier one is closed. The
    /// user's own starts with what ships.
    void open(const QString &path);
    /// Loads the snapshot for a board and a runtime; tableReady follows, now and again after every
    /// import and merge.
    void loadTable(const QString &board, const QString &runtime);
    /// Samples of this board and runtime are to be those taken under this very condition, once
    /// there are any: that of the board which is connected. Asks for no snapshot.
    void prefer(const RunCondition &condition);
    /// After another connection wrote into the database: infoReady, and tableReady when a snapshot
    /// was asked for before.
    void refresh();
    void importCsv(const QStringList &files);
    void exportCsv(const QString &file);
    void merge(const QString &otherDb);
    /// Stops the import, export, merge or fit that runs, and those that wait. Returns at once.
    void cancel();

Q_SIGNALS:
    /// `instructions`: of the virtual board that counts for this one (core/analysis/knowledge.h);
    /// null when there is none. Models: those that were fitted on these samples, else those that
    /// ship; null when there are none. After an import, a merge or a measurement, and where the
    /// database came with samples alone, models are fitted behind the snapshot, which then comes
    /// again with them.
    void tableReady(const std::shared_ptr<const atomnet::AtomTable> &table,
                    const std::shared_ptr<const atomnet::AtomTable> &instructions,
                    const std::shared_ptr<const atomnet::LatencyModel> &model,
                    const std::shared_ptr<const atomnet::LatencyModel> &instructionModel);
    void infoReady(const atomnet::DbInfo &info);
    void importFinished(const std::vector<atomnet::ImportReport> &reports);
    void exportFinished(const QString &file, qint64 samples);
    void mergeFinished(const atomnet::MergeReport &report);
    /// `what` says what runs ("Importing atomdb.csv"); etaSeconds < 0: not known yet.
    void progress(const QString &what, double share, double etaSeconds);
    void finished(); ///< the running operation ended, well or not
    void failed(const atomnet::Error &error);

private:
    /// Runs `work` on the database's thread, after what was asked before.
    void enqueue(std::function<void()> work);

    QThread m_thread;
    AtomDbWorker *m_worker = nullptr; ///< lives in m_thread, deleted there
    std::shared_ptr<std::atomic_bool> m_cancel;
    QString m_path;
    int m_running = 0; ///< operations asked and not ended
};

} // namespace atomnet
