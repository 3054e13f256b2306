#pragma once

#include "core/analysis/report.h"
#include "core/device/measure_plan.h"

// From designs to what is measured: plans, whole networks.
namespace atomnet
{

/// The operators of a design at the addresses of its own arena plan. all: also those that the
/// report has measured. Weight: the width of the operator's interval (open: the largest) times how
/// often the design uses it. BadInput for a report of another runtime than atomnet-1.
[[nodiscard]] Result<MeasurePlan> planFor(const Network &network, const Report &report,
                                          bool all = false);

/// A design as one run in one arena.
struct NetworkPlan {
    ap_network_begin_t begin{};
    std::vector<ap_operator_t> steps;
    std::vector<AtomKey> keys; ///< by step
    QStringList layers;
};
[[nodiscard]] Result<NetworkPlan> networkPlan(const Network &network, qint64 windowBytes);

/// A whole run beside the sum of its operators.
struct NetworkComparison {
    qint64 network = 0; ///< measured as one
    /// Of AtomDB's samples of the same condition; none when one is missing.
    std::optional<qint64> sum;
    SampleUnit unit = SampleUnit::Instructions;
    struct Step {
        QString layer;
        qint64 inNetwork = 0;
        std::optional<qint64> alone;
    };
    std::vector<Step> steps;
    [[nodiscard]] std::optional<double> difference() const; ///< (network - sum) / sum
};
[[nodiscard]] Result<NetworkComparison> measureNetwork(Session &session, const Network &network,
                                                       const AtomTable &table, int repetitions,
                                                       const RunControl &control = {});

} // namespace atomnet
