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
/// All conditions with samples.
[[nodiscard]] Result<int> refreshModels(AtomDb &db, const RunControl &control = {});
/// The stored model of this condition; none when it was never fitted or is of an older format.
[[nodiscard]] Result<std::optional<LatencyModel>> storedModel(const AtomDb &db, qint64 conditionId);

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
