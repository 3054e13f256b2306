#pragma once

#include "core/atomdb/atom_table.h"
#include "core/base/result.h"

#include <QByteArray>

#include <array>
#include <memory>
#include <vector>

// Latency of operators that AtomDB lacks: one linear model per operator kind, in physical features.
namespace atomnet
{

/// One model: latency in ns = sum of coefficient * feature. Fitted for small relative errors.
struct KindModel {
    AtomKind kind = AtomKind::Conv;
    std::vector<QString> features; ///< names, see featuresOf() in latency_model.cpp
    std::vector<double> coefficients;
    int keys = 0;                  ///< distinct operators it was fitted on
    double cvMeanError = 0;        ///< cross-validated (5 folds over keys) mean absolute percentage error, as a share
    double cvMedianError = 0;
    double halfWidth90 = 0;        ///< 90 % quantile of the cross-validated relative error
    std::vector<double> featureMin, featureMax; ///< seen range, by feature
    std::vector<int> kernels;      ///< kernel sizes seen; others are extrapolation
    bool operator==(const KindModel &) const = default;
};

struct LatencyModel {
    QString board;
    QString runtime;
    qint64 clockHz = 0;
    QString fittedOn;              ///< what data: file names and sample counts, for people
    QString fingerprint;           ///< of the data
    std::vector<KindModel> kinds;
    bool operator==(const LatencyModel &) const = default;

    [[nodiscard]] const KindModel *kind(AtomKind kind) const;
};

struct Estimate {
    qint64 value = 0, low = 0, high = 0; ///< ns; low and high bound 90 %
    bool extrapolated = false;
};

/// None when there is no model for its kind.
[[nodiscard]] std::optional<Estimate> estimate(const LatencyModel &model, const AtomKey &key);

/// Fits all kinds that the table holds enough distinct keys of. Deterministic.
[[nodiscard]] Result<LatencyModel> fitLatencyModel(const AtomTable &table);

[[nodiscard]] QByteArray writeLatencyModel(const LatencyModel &model);
[[nodiscard]] Result<LatencyModel> readLatencyModel(const QByteArray &json, const QString &fileName);
/// The model that ships in resources/models for this board and runtime; null when none does.
[[nodiscard]] std::shared_ptr<const LatencyModel> shippedLatencyModel(const QString &board, const QString &runtime);

} // namespace atomnet
