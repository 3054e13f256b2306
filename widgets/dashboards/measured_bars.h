#pragma once

#include "core/analysis/analyze.h"
#include "core/measuring/design_plan.h"
#include "widgets/dashboards/chart_bars.h"

#include <array>
#include <memory>
#include <vector>

// Measured against predicted, layer by layer: made without a window, tested without one.
namespace atomnet
{

/// What says how long an operator takes without looking at its own samples: the shipped model, else
/// models fitted on the samples of other operators.
class Predictor
{
public:
    Predictor() = default;
    explicit Predictor(std::shared_ptr<const LatencyModel> model) : m_model(std::move(model)) {}
    /// Fits five linear models, each without a fifth of the table's operators; an operator is
    /// predicted by the one that has not seen it. Takes some milliseconds: not on the GUI thread.
    [[nodiscard]] static Predictor fittedOn(const AtomTable &table);

    [[nodiscard]] bool isEmpty() const;
    /// None when it knows nothing of its kind.
    [[nodiscard]] std::optional<Estimate> operator()(const AtomKey &key) const;
    [[nodiscard]] bool fitted() const { return !m_model && !isEmpty(); }

private:
    static constexpr int foldCount = 5;
    static int foldOf(const AtomKey &key);
    std::shared_ptr<const LatencyModel> m_model;
    std::array<std::shared_ptr<const LatencyModel>, foldCount> m_folds;
};

/// One measured layer beside its prediction.
struct LayerComparison {
    int layer = -1;
    Latency measured;
    std::optional<Estimate> predicted;
    /// measured / predicted; none without a prediction.
    [[nodiscard]] std::optional<double> ratio() const;
    [[nodiscard]] bool asPredicted() const; ///< its interval meets the predicted one, or none is
};
/// The layers that are measured, in order.
[[nodiscard]] std::vector<LayerComparison> compare(const Report &report,
                                                   const Predictor &predictor);

/// Parts: measured as predicted, measured beside the predicted interval. Whiskers are the samples'
/// spread. Units are those of the latency chart.
[[nodiscard]] ChartBars toMeasuredBars(const Report &report,
                                       const std::vector<LayerComparison> &layers);
inline constexpr int measuredPartCount = 2;

/// "12.9 M instructions measured, 13.1 M instructions predicted, \u00d70.98"; over the layers that
/// have both.
[[nodiscard]] QString comparisonText(const Report &report,
                                     const std::vector<LayerComparison> &layers);
/// "whole network 12.9 M instructions, sum of its operators 12.9 M instructions, +0.02 %".
[[nodiscard]] QString comparisonText(const NetworkComparison &comparison);
/// "\u00d71.08"
[[nodiscard]] QString ratioText(double ratio);

} // namespace atomnet
