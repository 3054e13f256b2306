#include "core/analysis/explorer/explorer_query.h"

#include <cmath>
#include <limits>

namespace atomnet
{

namespace
{

constexpr float none = std::numeric_limits<float>::quiet_NaN();
constexpr const char *viewIds[explorerViewCount] = {
    "scatter", "heat_map", "roofline", "coverage", "prediction", "errors", "compare"};

/// A column in axis units.
std::vector<float> axisColumn(const ExplorerTable &table, const ExplorerAxis &axis)
{
    std::vector<float> values = table.column(axis.field);
    if (axis.log)
        for (float &value : values)
            value = value > 0 ? std::log10(value) : none;
    return values;
}

PointGrid gapPoints(const ExplorerQuery &query, const SpaceCoverage &coverage)
{
    const ExplorerAxis x = xAxisOf(query), y = yAxisOf(query);
    std::vector<PlotPoint> points;
    points.reserve(coverage.gaps.size());
    for (std::size_t i = 0; i < coverage.gaps.size(); ++i) {
        const AtomKey &key = coverage.gaps[i].key;
        if (query.filter.holdsKey(key))
            points.push_back({axisValue(shapeValue(x.field, key), x.log),
                              axisValue(shapeValue(y.field, key), y.log), quint32(i),
                              quint8(key.kind)});
    }
    return PointGrid(std::move(points));
}

std::vector<PlotPoint> ratioPoints(const ExplorerQuery &query, const ExplorerTable &first,
                                   const ExplorerTable &second, const ConditionPairs &pairs,
                                   ExplorerPoints &result)
{
    const std::vector<float> x = axisColumn(first, xAxisOf(query));
    std::vector<PlotPoint> points;
    points.reserve(pairs.pairs.size());
    for (std::size_t i = 0; i < pairs.pairs.size(); ++i) {
        const ConditionPair &pair = pairs.pairs[i];
        if (!result.mask.shown[pair.first]) continue;
        ++result.asked;
        const double ratio = double(second.row(pair.second).stats.median) /
                             double(first.row(pair.first).stats.median);
        points.push_back({x[pair.first], axisValue(ratio, true), quint32(i),
                          quint8(first.row(pair.first).key.kind)});
    }
    return points;
}

QJsonObject axisJson(const ExplorerAxis &axis)
{
    return {{QStringLiteral("field"), toString(axis.field)}, {QStringLiteral("log"), axis.log}};
}

ExplorerAxis axisFrom(const QJsonValue &json, const ExplorerAxis &otherwise)
{
    const QJsonObject object = json.toObject();
    const auto field = explorerFieldFrom(object.value(QLatin1String("field")).toString());
    if (!field) return otherwise;
    return {*field, object.value(QLatin1String("log")).toBool(prefersLog(*field))};
}

struct RangeName {
    const char *name;
    FieldRange ExplorerFilter::*range;
};
constexpr RangeName ranges[] = {
    {"kernel", &ExplorerFilter::kernel},          {"stride", &ExplorerFilter::stride},
    {"in_channels", &ExplorerFilter::inChannels}, {"out_channels", &ExplorerFilter::outChannels},
    {"map_size", &ExplorerFilter::mapSize},       {"samples", &ExplorerFilter::samples}};

} // namespace

QString toString(ExplorerView view)
{
    return QString::fromLatin1(viewIds[int(view)]);
}

ExplorerAxis xAxisOf(const ExplorerQuery &query)
{
    switch (query.view) {
    case ExplorerView::Roofline:
        return {ExplorerField::Intensity, true};
    case ExplorerView::Prediction:
    case ExplorerView::Errors:
        return {ExplorerField::Latency, true};
    case ExplorerView::Coverage:
        return query.coverX;
    default:
        return query.x;
    }
}

ExplorerAxis yAxisOf(const ExplorerQuery &query)
{
    switch (query.view) {
    case ExplorerView::Roofline:
        return {ExplorerField::Speed, true};
    case ExplorerView::Prediction:
    case ExplorerView::Errors:
        return {ExplorerField::Predicted, true};
    case ExplorerView::Coverage:
        return query.coverY;
    case ExplorerView::Compare:
        return {query.y.field, true};
    default:
        return query.y;
    }
}

bool choosesX(ExplorerView view)
{
    return view == ExplorerView::Scatter || view == ExplorerView::HeatMap ||
           view == ExplorerView::Coverage || view == ExplorerView::Compare;
}

bool choosesY(ExplorerView view)
{
    return choosesX(view) && view != ExplorerView::Compare;
}

float axisValue(double value, bool log)
{
    if (!log) return float(value);
    return value > 0 ? float(std::log10(value)) : none;
}

ExplorerPoints pointsOf(const ExplorerQuery &query, const ExplorerTable &table,
                        const ExplorerTable *second, const ConditionPairs *pairs,
                        const SpaceCoverage *coverage)
{
    ExplorerPoints result;
    result.mask = filterRows(table, query.filter);
    std::vector<PlotPoint> points;
    if (query.view == ExplorerView::Compare) {
        if (second && pairs) points = ratioPoints(query, table, *second, *pairs, result);
    } else {
        const std::vector<float> x = axisColumn(table, xAxisOf(query));
        const std::vector<float> y = axisColumn(table, yAxisOf(query));
        const std::vector<quint8> &kinds = table.kinds();
        points.reserve(result.mask.count);
        for (quint32 i = 0; i < table.size(); ++i)
            if (result.mask.shown[i]) points.push_back({x[i], y[i], i, kinds[i]});
        result.asked = result.mask.count;
    }
    result.points = PointGrid(std::move(points));
    result.left = result.asked - quint32(result.points.points().size());
    if (query.view == ExplorerView::Coverage && coverage) result.gaps = gapPoints(query, *coverage);
    return result;
}

QJsonObject toJson(const ExplorerQuery &query)
{
    QJsonObject filter{{QStringLiteral("kinds"), double(query.filter.kinds)},
                       {QStringLiteral("acts"), double(query.filter.acts)}};
    for (const RangeName &each : ranges) {
        const FieldRange &range = query.filter.*each.range;
        if (range.isOpen()) continue;
        filter.insert(QLatin1String(each.name), QJsonObject{{QStringLiteral("low"), range.low},
                                                            {QStringLiteral("high"), range.high}});
    }
    return {{QStringLiteral("view"), toString(query.view)},
            {QStringLiteral("x"), axisJson(query.x)},
            {QStringLiteral("y"), axisJson(query.y)},
            {QStringLiteral("heat"), axisJson(query.heat)},
            {QStringLiteral("cover_x"), axisJson(query.coverX)},
            {QStringLiteral("cover_y"), axisJson(query.coverY)},
            {QStringLiteral("filter"), filter}};
}

ExplorerQuery explorerQueryFrom(const QJsonObject &json)
{
    ExplorerQuery query;
    const QString view = json.value(QLatin1String("view")).toString();
    for (int i = 0; i < explorerViewCount; ++i)
        if (view == QLatin1String(viewIds[i])) query.view = ExplorerView(i);
    query.x = axisFrom(json.value(QLatin1String("x")), query.x);
    query.y = axisFrom(json.value(QLatin1String("y")), query.y);
    query.heat = axisFrom(json.value(QLatin1String("heat")), query.heat);
    for (const auto &[name, axis] :
         {std::pair("cover_x", &query.coverX), std::pair("cover_y", &query.coverY)}) {
        const ExplorerAxis read = axisFrom(json.value(QLatin1String(name)), *axis);
        if (isShapeField(read.field)) *axis = read; // gaps have no other figures
    }
    const QJsonObject filter = json.value(QLatin1String("filter")).toObject();
    const auto bits = [&](QLatin1String name) {
        const double value = filter.value(name).toDouble(double(~0U));
        return value >= 0 && value <= double(~0U) ? quint32(value) : ~0U;
    };
    query.filter.kinds = bits(QLatin1String("kinds"));
    query.filter.acts = bits(QLatin1String("acts"));
    for (const RangeName &each : ranges) {
        const QJsonObject range = filter.value(QLatin1String(each.name)).toObject();
        FieldRange &into = query.filter.*each.range;
        into.low = range.value(QLatin1String("low")).toInt(into.low);
        into.high = range.value(QLatin1String("high")).toInt(into.high);
    }
    return query;
}

} // namespace atomnet
