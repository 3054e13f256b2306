#pragma once

#include "widgets/document/explorer_service.h"

#include <optional>

namespace atomnet
{

/// The half of ExplorerService that lives in the worker thread and owns the connection.
class ExplorerWorker : public QObject
{
    Q_OBJECT
public:
    void open(const QString &path);
    /// What was read may have changed.
    void forget();
    void list();
    void answer(const ExplorerRequest &request, const RunControl &control);
    void readSamples(qint64 condition, const AtomKey &key);

Q_SIGNALS:
    void contentsReady(const std::vector<atomnet::ConditionInfo> &conditions);
    void snapshotReady(const atomnet::ExplorerSnapshotPtr &snapshot);
    void samplesReady(const atomnet::ExplorerSamples &samples);
    void failed(const atomnet::Error &error);

private:
    struct Known { ///< of one condition, until AtomDB changes
        qint64 id = 0;
        std::shared_ptr<const AtomTable> table;
        std::shared_ptr<const LatencyModel> model;
        bool fitFailed = false;
    };
    [[nodiscard]] Result<Known *> known(qint64 condition);
    [[nodiscard]] std::shared_ptr<const LatencyModel> modelOf(Known &known) const;
    [[nodiscard]] Result<std::shared_ptr<const SpaceCoverage>>
    coverage(const QString &space, Known &known, const RunControl &control) const;

    std::optional<AtomDb> m_db;
    std::vector<ConditionInfo> m_conditions;
    std::vector<std::unique_ptr<Known>> m_known;
};

} // namespace atomnet
