#pragma once

#include "core/analysis/explorer/condition_pairs.h"
#include "core/analysis/explorer/explorer_table.h"
#include "core/analysis/explorer/space_coverage.h"

#include <QObject>
#include <QThread>

#include <atomic>
#include <functional>
#include <memory>

namespace atomnet
{

class ExplorerWorker;

/// What the Explorer needs to draw: run conditions by their ids in AtomDB.
struct ExplorerRequest {
    qint64 first = 0;
    qint64 second = 0;    ///< to compare with; 0: nothing
    bool predict = false; ///< what the model says of each operator of the first
    QString space;        ///< whose gaps to find, as spaceByName() takes it; empty: none
    bool operator==(const ExplorerRequest &) const = default;
};

/// The answer. The tables belong to the thread that takes it.
struct ExplorerSnapshot {
    ExplorerRequest request;
    ConditionInfo first, second;
    std::shared_ptr<const ExplorerTable> table, secondTable; ///< the second may be null
    std::shared_ptr<const ConditionPairs> pairs;             ///< null without a second
    std::shared_ptr<const SpaceCoverage> coverage;           ///< null unless asked for
    QString note; ///< what could not be had and why; empty when all could
};
using ExplorerSnapshotPtr = std::shared_ptr<const ExplorerSnapshot>;

/// All samples of one operator.
struct ExplorerSamples {
    qint64 condition = 0;
    AtomKey key;
    KeySamples samples;
};

/// AtomDB for looking at: a connection of its own, to read alone, on a worker thread. The newest
/// question wins: older ones are given up, those in between are never begun.
class ExplorerService : public QObject
{
    Q_OBJECT
public:
    explicit ExplorerService(QObject *parent = nullptr);
    ~ExplorerService() override;

    /// contentsReady() or failed() follows.
    void open(const QString &path);
    /// Another connection wrote: contentsReady(), and the last question is answered again.
    void refresh();
    /// snapshotReady() or failed() follows, unless a newer question comes first.
    void ask(const ExplorerRequest &request);
    /// samplesReady() or failed() follows, unless a newer one is asked for first.
    void askSamples(qint64 condition, const AtomKey &key);
    [[nodiscard]] bool busy() const { return m_running > 0; }

Q_SIGNALS:
    void contentsReady(const std::vector<atomnet::ConditionInfo> &conditions);
    void snapshotReady(const atomnet::ExplorerSnapshotPtr &snapshot);
    void samplesReady(const atomnet::ExplorerSamples &samples);
    void failed(const atomnet::Error &error);
    void busyChanged(bool busy);

private:
    void enqueue(std::function<void()> work);
    QThread m_thread;
    ExplorerWorker *m_worker = nullptr; ///< lives in m_thread, deleted there
    std::shared_ptr<std::atomic<quint64>> m_question, m_sampleQuestion; ///< number of the newest
    int m_running = 0;
};

} // namespace atomnet
