#pragma once

#include "core/analysis/latency_model.h"
#include "core/analysis/prediction/model_validation.h"
#include "core/analysis/prediction/network_learning.h"
#include "core/atomdb/atom_db.h"

// Models that live in AtomDB beside the samples they were fitted on.
namespace atomnet
{

/// Fits operators, then learns from the networks (reported ones and those that AtomDB holds).
[[nodiscard]] Result<LatencyModel> fitModel(const AtomTable &table, const Target &target,
                                            const std::vector<NetworkLatency> &networks,
                                            const RunControl &control = {});

/// Of all that fitModel() is given: equal data, equal fingerprint, on one kind of machine. A
/// millisecond for 10,000 operators.
[[nodiscard]] QString dataFingerprint(const AtomTable &table,
                                      const std::vector<NetworkLatency> &networks);
/// What is known of whole networks under this condition: what is reported, and what AtomDB holds.
[[nodiscard]] Result<std::vector<NetworkLatency>>
knownNetworks(const AtomDb &db, qint64 conditionId, const Target &target);

/// Brings the stored model of this condition up to date: fits when the samples' fingerprint differs
/// from the stored one. Returns whether it did. Seconds; BadInput when there is too little to fit
/// on (then the stored model goes).
[[nodiscard]] Result<bool> refreshModel(AtomDb &db, qint64 conditionId,
                                        const RunControl &control = {});
/// All conditions with samples, but for those that ship with their model; those with too few to fit
/// on are passed over. Returns how many were fitted.
[[nodiscard]] Result<int> refreshModels(AtomDb &db, const RunControl &control = {});
/// The stored model of this condition; none when it was never fitted or is of an older format.
[[nodiscard]] Result<std::optional<LatencyModel>> storedModel(const AtomDb &db, qint64 conditionId);

/// The model to go with the samples of a table (of `board` and `runtime`, also when it is empty):
/// the stored one when it was fitted on these data, else the one that ships, else the stored one
/// all the same. `due`: refreshModel() would fit another one.
struct ModelChoice {
    std::shared_ptr<const LatencyModel> model; ///< null: none
    qint64 condition = 0;                      ///< of the table; 0: not in the database
    bool due = false;
};
[[nodiscard]] Result<ModelChoice> modelFor(const AtomDb &db, const AtomTable &table,
                                           const QString &board, const QString &runtime);

struct NetworkValidation {
    QString name;
    qint64 reported = 0;
    qint64 predicted = 0; ///< by a model that learned from the others; 0: its operators are not all
                          ///< known
};
struct ModelValidation {
    std::vector<KindValidation> kinds;
    std::vector<NetworkValidation> networks;
    NetworkFit fit;
};
[[nodiscard]] Result<ModelValidation> validateModel(const AtomTable &table, const Target &target,
                                                    const std::vector<NetworkLatency> &networks,
                                                    const RunControl &control = {});

} // namespace atomnet
