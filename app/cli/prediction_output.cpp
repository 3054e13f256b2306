#include "app/cli/prediction_output.h"

#include "core/base/format.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cmath>

namespace atomnet
{

namespace
{

QString amount(qint64 value, const Target &target)
{
    return target.board.isVirtual ? QStringLiteral("%1 instructions").arg(value) : formatMs(value);
}

QString withBounds(const Latency &latency, const Target &target)
{
    return QStringLiteral("%1 (%2 to %3)")
        .arg(amount(latency.value, target), amount(latency.low, target),
             amount(latency.high.value_or(latency.value), target));
}

/// predicted / measured - 1; none unless both are there.
std::optional<double> errorOf(const OperatorPrediction &prediction)
{
    if (prediction.latency.source != Source::Measured || prediction.latency.value <= 0 ||
        prediction.predicted.source == Source::Missing)
        return std::nullopt;
    return double(prediction.predicted.value) / double(prediction.latency.value) - 1;
}

QString signedPercent(double share)
{
    const double percent = std::round(share * 1000) / 10;
    return QStringLiteral("%1%2 %")
        .arg(percent > 0 ? QStringLiteral("+") : QString())
        .arg(percent == 0 ? 0.0 : percent, 0, 'f', 1);
}

QString bytesText(const PredictedBytes &bytes)
{
    return bytes.source == Source::Missing ? QStringLiteral("not known")
                                           : QStringLiteral("%1 bytes").arg(bytes.value);
}

double inUnit(qint64 value, const Target &target)
{
    return target.board.isVirtual ? double(value) : double(value) / 1e6;
}

QJsonValue toJson(const Latency &latency, const Target &target)
{
    if (latency.source == Source::Missing) return {};
    QJsonObject object{{QStringLiteral("value"), inUnit(latency.value, target)},
                       {QStringLiteral("low"), inUnit(latency.low, target)},
                       {QStringLiteral("high"),
                        latency.high ? QJsonValue(inUnit(*latency.high, target)) : QJsonValue()}};
    if (latency.source == Source::Measured)
        object[QStringLiteral("samples")] = qint64(latency.samples);
    else
        object[QStringLiteral("from_instructions")] = latency.fromInstructions;
    return object;
}

QJsonArray toJson(const Shape &shape)
{
    return {shape.h, shape.w, shape.c};
}

QJsonValue toJson(const PredictedBytes &bytes)
{
    return bytes.source == Source::Missing ? QJsonValue() : QJsonValue(bytes.value);
}

QJsonObject toJson(const OperatorPrediction &prediction, const Target &target)
{
    const AtomKey &key = prediction.key;
    const bool measured = prediction.latency.source == Source::Measured;
    const std::optional<double> error = errorOf(prediction);
    return {
        {QStringLiteral("operator"), describe(key)},
        {QStringLiteral("kind"), toString(key.kind)},
        {QStringLiteral("in"), toJson(key.in())},
        {QStringLiteral("out"), toJson(key.out())},
        {QStringLiteral("kernel"), key.kernelH},
        {QStringLiteral("stride"), key.strideH},
        {QStringLiteral("activation"), toString(key.act)},
        {QStringLiteral("measured"), measured ? toJson(prediction.latency, target) : QJsonValue()},
        {QStringLiteral("predicted"), toJson(prediction.predicted, target)},
        {QStringLiteral("error"), error ? QJsonValue(*error) : QJsonValue()},
        {QStringLiteral("extrapolation"),
         prediction.extrapolation.isEmpty() ? QJsonValue() : QJsonValue(prediction.extrapolation)},
        {QStringLiteral("scratch_bytes"), toJson(prediction.scratch)},
        {QStringLiteral("flash_bytes"), toJson(prediction.flash)}};
}

QJsonObject targetJson(const Target &target)
{
    return {{QStringLiteral("board"), target.board.id},
            {QStringLiteral("runtime"), runtimeId(target.runtime)},
            {QStringLiteral("unit"),
             target.board.isVirtual ? QStringLiteral("instructions") : QStringLiteral("ms")}};
}

QString targetText(const Target &target)
{
    return QStringLiteral("%1, %2").arg(target.board.name, displayName(target.runtime));
}

QString toText(const QJsonObject &object)
{
    return QString::fromUtf8(QJsonDocument(object).toJson());
}

struct Summary {
    qint64 known = 0, predicted = 0;
    int measured = 0, missing = 0;
    std::vector<double> errors; ///< absolute, ascending
    [[nodiscard]] double mean() const
    {
        double sum = 0;
        for (const double error : errors)
            sum += error;
        return sum / double(errors.size());
    }
    [[nodiscard]] double median() const { return errors[errors.size() / 2]; }
};

Summary summaryOf(const DesignPrediction &design)
{
    Summary summary;
    for (const DesignPrediction::Layer &layer : design.layers) {
        const OperatorPrediction &prediction = layer.prediction;
        summary.known += prediction.latency.value;
        summary.predicted += prediction.predicted.value;
        summary.measured += prediction.latency.source == Source::Measured ? 1 : 0;
        summary.missing += prediction.latency.source == Source::Missing ? 1 : 0;
        if (const auto error = errorOf(prediction)) summary.errors.push_back(std::abs(*error));
    }
    std::sort(summary.errors.begin(), summary.errors.end());
    return summary;
}

} // namespace

QString predictionText(const OperatorPrediction &prediction, const Target &target)
{
    QString text = QStringLiteral("%1 on %2\n").arg(describe(prediction.key), targetText(target));
    text += QStringLiteral("  measured   ");
    text += prediction.latency.source == Source::Measured
                ? QStringLiteral("%1, %2 samples\n")
                      .arg(withBounds(prediction.latency, target))
                      .arg(prediction.latency.samples)
                : QStringLiteral("no\n");
    text += QStringLiteral("  predicted  ");
    if (prediction.predicted.source == Source::Missing) {
        text += QStringLiteral("nothing is known of this kind on this board and runtime\n");
    } else {
        text += withBounds(prediction.predicted, target);
        if (const auto error = errorOf(prediction))
            text += QStringLiteral(", %1 of what was measured").arg(signedPercent(*error));
        text += u'\n';
        if (!prediction.extrapolation.isEmpty())
            text += QStringLiteral("             extrapolated: %1\n").arg(prediction.extrapolation);
    }
    text += QStringLiteral("  scratch    %1\n  Flash      %2\n")
                .arg(bytesText(prediction.scratch), bytesText(prediction.flash));
    return text;
}

QString predictionText(const DesignPrediction &design, const Target &target)
{
    QString text = QStringLiteral("%1 on %2\n").arg(design.name, targetText(target));
    text += QStringLiteral("  %1 %2 %3 %4  operator\n")
                .arg(QStringLiteral("layer"), -14)
                .arg(QStringLiteral("measured"), 12)
                .arg(QStringLiteral("predicted"), 12)
                .arg(QStringLiteral("error"), 8);
    for (const DesignPrediction::Layer &layer : design.layers) {
        const OperatorPrediction &prediction = layer.prediction;
        const auto error = errorOf(prediction);
        const bool measured = prediction.latency.source == Source::Measured;
        const bool predicted = prediction.predicted.source != Source::Missing;
        text +=
            QStringLiteral("  %1 %2 %3 %4  %5")
                .arg(layer.name, -14)
                .arg(measured ? amount(prediction.latency.value, target) : QStringLiteral("-"), 12)
                .arg(predicted ? amount(prediction.predicted.value, target) : QStringLiteral("-"),
                     12)
                .arg(error ? signedPercent(*error) : QString(), 8)
                .arg(describe(prediction.key));
        if (!prediction.extrapolation.isEmpty())
            text += QStringLiteral("; extrapolated: %1").arg(prediction.extrapolation);
        text += u'\n';
    }
    const Summary summary = summaryOf(design);
    text += QStringLiteral("%1%2 with %3 of %4 operators as measured, %5 as predicted")
                .arg(summary.missing > 0 ? QStringLiteral("At least ") : QString(),
                     amount(summary.known, target))
                .arg(summary.measured)
                .arg(design.layers.size())
                .arg(amount(summary.predicted, target));
    if (!summary.errors.empty())
        text += QStringLiteral("; errors of measured ones: mean %1 %, median %2 %")
                    .arg(summary.mean() * 100, 0, 'f', 2)
                    .arg(summary.median() * 100, 0, 'f', 2);
    return text + QStringLiteral(".\n");
}

QString predictionJson(const OperatorPrediction &prediction, const Target &target)
{
    QJsonObject object = targetJson(target);
    const QJsonObject figures = toJson(prediction, target);
    for (auto it = figures.begin(); it != figures.end(); ++it)
        object[it.key()] = it.value();
    return toText(object);
}

QString predictionJson(const DesignPrediction &design, const Target &target)
{
    QJsonObject object = targetJson(target);
    QJsonArray layers;
    for (const DesignPrediction::Layer &layer : design.layers) {
        QJsonObject figures = toJson(layer.prediction, target);
        figures[QStringLiteral("layer")] = layer.name;
        layers.append(figures);
    }
    const Summary summary = summaryOf(design);
    const bool any = !summary.errors.empty();
    object[QStringLiteral("design")] = design.name;
    object[QStringLiteral("layers")] = layers;
    object[QStringLiteral("measured_layers")] = summary.measured;
    object[QStringLiteral("missing_layers")] = summary.missing;
    object[QStringLiteral("mean_error")] = any ? QJsonValue(summary.mean()) : QJsonValue();
    object[QStringLiteral("median_error")] = any ? QJsonValue(summary.median()) : QJsonValue();
    object[QStringLiteral("total")] =
        QJsonObject{{QStringLiteral("known"), inUnit(summary.known, target)},
                    {QStringLiteral("predicted"), inUnit(summary.predicted, target)}};
    return toText(object);
}

} // namespace atomnet
