#pragma once

#include "core/analysis/latency_features.h"
#include "core/analysis/prediction/boosted_kind.h"
#include "core/atomdb/atom_table.h"
#include "core/base/result.h"
#include "core/base/run_control.h"

#include <QByteArray>

#include <array>
#include <memory>
#include <optional>
#include <vector>

// Latency of operators that AtomDB lacks: per operator kind one linear model in physical features
// and, where there is enough to learn from, boosted trees that correct it within what was seen.
namespace atomnet
{

/// One model: latency in ns = sum of coefficient * feature. Fitted for small relative errors.
/// Coefficients and features are never negative, so estimates are positive everywhere and never
/// fall when a map grows. (With channels they may fall, as measured ones do: 64 channels meet in
/// fewer cache sets than 72; and corrected estimates follow what was measured.)
struct KindModel {
    AtomKind kind = AtomKind::Conv;
    std::vector<Feature> features;
    std::vector<double> coefficients;
    int keys = 0; ///< distinct operators it was fitted on
    double cvMeanError =
        0; ///< cross-validated (5 folds over keys) mean absolute percentage error, as a share
    double cvMedianError = 0;
    double halfWidth90 = 0; ///< 90 % quantile of the cross-validated |measured / estimate - 1|; 98
                            ///< % for instructions
    /// The same over keys of similar map sizes alone: small maps scatter more. Ascending, may be
    /// empty.
    struct Band {
        qint64 fromPixels = 0; ///< output height * width, up to the next band
        double halfWidth90 = 0;
        bool operator==(const Band &) const = default;
    };
    std::vector<Band> bands;
    std::vector<double> featureMin, featureMax; ///< seen range, by feature
    std::vector<int>
        kernels; ///< kernel sizes seen; others are extrapolation. Empty: the kind has none
    /// Not fitted on operators of its own but concluded from those of this kind; the errors above
    /// are then the bound that the conclusion has, and every estimate counts as extrapolated.
    std::optional<AtomKind> derivedFrom;
    /// Corrects the linear model within the seen range. The errors and halfWidth90 are then those
    /// of the corrected estimates, bands those of the linear model, which outside stands alone.
    std::optional<BoostedKind> boosted;
    bool operator==(const KindModel &) const = default;
};

/// What whole networks taught about a kernel size that no sample of the kind has
/// (core/analysis/prediction/network_learning.h): its latency over that of the 3x3 (or nearest seen
/// kernel) of the same output shape.
struct KernelRatio {
    AtomKind kind = AtomKind::Depthwise;
    int kernel = 0;
    double ratio = 1, standardError = 0;
    bool operator==(const KernelRatio &) const = default;
};

struct LatencyModel {
    QString board;
    QString runtime;
    qint64 clockHz = 0;
    SampleUnit unit = SampleUnit::Nanoseconds; ///< Instructions on virtual boards
    QString fittedOn;             ///< what data, for people: counts of operators and samples
    QString fingerprint;          ///< of the data: equal data, equal fingerprint
    std::vector<KindModel> kinds; ///< ascending, each kind once
    std::vector<KernelRatio> kernelRatios; ///< ascending by kind and kernel
    bool operator==(const LatencyModel &) const = default;

    [[nodiscard]] const KindModel *kind(AtomKind kind) const;
};

struct Estimate {
    qint64 value = 0, low = 0, high = 0; ///< ns; low and high bound 90 %
    bool extrapolated = false;
    bool operator==(const Estimate &) const = default;
};

/// Estimates end here, so that sums over a network stay inside 64 bits: 10^14 ns is 28 hours.
inline constexpr qint64 maxEstimate = 100'000'000'000'000;

/// None when there is no model for its kind.
/// Within what the model has seen (each feature between 0.8 of its least and 1.25 of its greatest
/// value) the interval is the cross-validated one. Outside it is extrapolated: the linear model
/// alone, its interval three times as wide, at least +-25 %. A kernel that was not seen is
/// estimated from the nearest seen one of the same output shape by the ratio of
/// multiply-accumulates, +-40 %: how kernels scale is not in the data. A 1x1 kernel that was not
/// seen lies between that ratio and no saving at all. Where networks taught the ratio
/// (kernelRatios), that and its standard error count instead.
[[nodiscard]] std::optional<Estimate> estimate(const LatencyModel &model, const AtomKey &key);
/// Why estimate() calls this operator extrapolated, for people: "kernel 7 was never measured",
/// "input channels 2048 above 640 seen". Empty when it does not.
[[nodiscard]] QString extrapolationReason(const LatencyModel &model, const AtomKey &key);

/// Fits all kinds that the table holds enough distinct keys of (8). Deterministic: the order of the
/// rows does not matter. Seconds on the public data; BadInput when no kind has enough, Cancelled.
[[nodiscard]] Result<LatencyModel> fitLatencyModel(const AtomTable &table,
                                                   const RunControl &control = {});
/// The linear part alone: what ships for boards whose measurements are not ours to ship.
[[nodiscard]] Result<LatencyModel> fitLinearModel(const AtomTable &table,
                                                  const RunControl &control = {});

/// JSON, {"format": "atomnet-latency-model", "version": 1, ...}; equal models give equal bytes.
[[nodiscard]] QByteArray writeLatencyModel(const LatencyModel &model);
/// NewerFile for a later version; BadInput for anything that writeLatencyModel() cannot have
/// written.
[[nodiscard]] Result<LatencyModel> readLatencyModel(const QByteArray &json,
                                                    const QString &fileName);
/// The model that ships in resources/models for this board and runtime; null when none does.
[[nodiscard]] std::shared_ptr<const LatencyModel> shippedLatencyModel(const QString &board,
                                                                      const QString &runtime);

} // namespace atomnet
