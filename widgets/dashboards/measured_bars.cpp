#include "widgets/dashboards/measured_bars.h"

#include "widgets/dashboards/layer_text.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace atomnet
{

namespace
{

QString tr(const char *text)
{
    return QCoreApplication::translate("atomnet::MeasuredView", text);
}

} // namespace

Predictor Predictor::fittedOn(const AtomTable &table)
{
    Predictor predictor;
    for (int fold = 0; fold < foldCount; ++fold) {
        std::vector<AtomTable::Row> others;
        others.reserve(table.rows().size());
        for (const AtomTable::Row &row : table.rows())
            if (foldOf(row.key) != fold) others.push_back(row);
        Result<LatencyModel> model =
            fitLinearModel(AtomTable(table.condition(), table.unit(), std::move(others)));
        if (!model) return {}; // too few operators to say anything of the others
        predictor.m_folds[std::size_t(fold)] =
            std::make_shared<const LatencyModel>(*std::move(model));
    }
    return predictor;
}

bool Predictor::isEmpty() const
{
    return !m_model && !m_folds.front();
}

std::optional<Estimate> Predictor::operator()(const AtomKey &key) const
{
    const LatencyModel *model = m_model ? m_model.get() : m_folds[std::size_t(foldOf(key))].get();
    return model ? estimate(*model, key) : std::nullopt;
}

int Predictor::foldOf(const AtomKey &key)
{
    // FNV-1a over the key: the same fold on every run.
    quint32 hash = 2166136261u;
    const auto *bytes = reinterpret_cast<const uchar *>(&key);
    for (std::size_t i = 0; i < sizeof key; ++i)
        hash = (hash ^ bytes[i]) * 16777619u;
    return int((hash >> 8) % foldCount);
}

std::optional<double> LayerComparison::ratio() const
{
    if (!predicted || predicted->value <= 0) return {};
    return double(measured.value) / double(predicted->value);
}

bool LayerComparison::asPredicted() const
{
    return !predicted || (measured.low <= predicted->high &&
                          measured.high.value_or(measured.value) >= predicted->low);
}

std::vector<LayerComparison> compare(const Report &report, const Predictor &predictor)
{
    std::vector<LayerComparison> layers;
    for (std::size_t i = 0; i < report.layers.size(); ++i) {
        const Layer &layer = report.layers[i];
        if (layer.latency.source != Source::Measured) continue;
        layers.push_back({int(i), layer.latency, predictor(layer.atom.key)});
    }
    return layers;
}

ChartBars toMeasuredBars(const Report &report, const std::vector<LayerComparison> &layers)
{
    const ChartBars latency = toLatencyBars(report); // for its unit
    ChartBars bars;
    bars.unit = latency.unit;
    bars.unitSize = latency.unitSize;
    bars.parts.resize(measuredPartCount);
    for (QList<double> &part : bars.parts)
        part.fill(0, qsizetype(report.layers.size()));
    for (const LayerComparison &each : layers) {
        const Latency &measured = each.measured;
        bars.parts[each.asPredicted() ? 0 : 1][each.layer] = double(measured.value) / bars.unitSize;
        qint64 top = measured.high.value_or(measured.value);
        if (top > measured.low)
            bars.whiskers.append(
                {each.layer, double(measured.low) / bars.unitSize, double(top) / bars.unitSize});
        if (each.predicted) top = std::max(top, each.predicted->high);
        bars.top = std::max(bars.top, double(top) / bars.unitSize);
    }
    return bars;
}

QString ratioText(double ratio)
{
    return QStringLiteral("\u00d7%1").arg(ratio, 0, 'f', ratio < 9.995 ? 2 : 1);
}

QString comparisonText(const Report &report, const std::vector<LayerComparison> &layers)
{
    qint64 measured = 0, predicted = 0;
    int both = 0;
    for (const LayerComparison &each : layers) {
        if (!each.predicted) continue;
        ++both;
        measured += each.measured.value;
        predicted += each.predicted->value;
    }
    if (both == 0 || predicted <= 0) return {};
    return tr("%1 layers: %2 measured, %3 predicted, %4")
        .arg(both)
        .arg(latencyText(measured, report.unit), latencyText(predicted, report.unit),
             ratioText(double(measured) / double(predicted)));
}

QString comparisonText(const NetworkComparison &comparison)
{
    const TimeUnit unit = comparison.unit == SampleUnit::Instructions ? TimeUnit::Instructions
                                                                      : TimeUnit::Nanoseconds;
    const QString whole = tr("whole network %1").arg(latencyText(comparison.network, unit));
    if (!comparison.sum)
        return whole + tr(", sum of its operators unknown: not all of them are measured");
    if (*comparison.sum == comparison.network)
        return whole + tr(", exactly the sum of its operators");
    const double percent = 100 * comparison.difference().value_or(0);
    return whole + tr(", sum of its operators %1, %2%3 %")
                       .arg(latencyText(*comparison.sum, unit),
                            percent < 0 ? QStringLiteral("\u2212") : QStringLiteral("+"))
                       .arg(std::abs(percent), 0, 'f', 3);
}

} // namespace atomnet
