#include "widgets/dashboards/explorer/explorer_model.h"

#include "core/analysis/explorer/roofline.h"
#include "core/base/format.h"
#include "widgets/common/kind_colours.h"
#include "widgets/dashboards/explorer/axis_ticks.h"
#include "widgets/dashboards/explorer/explorer_text.h"

#include <algorithm>
#include <cmath>

namespace atomnet
{

namespace
{

QString operators(qint64 n)
{
    return n == 1 ? QStringLiteral("1 operator") : QStringLiteral("%1 operators").arg(thousands(n));
}

void addLegend(PlotModel &model, const Theme &theme)
{
    std::array<bool, atomKindCount> there{};
    for (const PointGrid *grid : {&model.points, &model.gaps})
        for (const PlotPoint &p : grid->points())
            there[p.category] = true;
    for (int i = 1; i < atomKindCount; ++i)
        if (there[std::size_t(i)])
            model.legend.push_back({kindTitle(AtomKind(i)), kindColour(theme, AtomKind(i))});
}

void addRoof(PlotModel &model, SampleUnit unit)
{
    const Roofline roofline = rooflineOf(model.points);
    if (roofline.envelope.empty()) return;
    const double left = roofline.envelope.front().x, right = roofline.envelope.back().x;
    const double peak = std::log10(roofline.peak), ridge = std::log10(roofline.ridge());
    const bool time = unit == SampleUnit::Nanoseconds;
    PlotLine envelope;
    for (const Roofline::Corner &corner : roofline.envelope)
        envelope.corners.emplace_back(corner.x, corner.y);
    model.lines.push_back(std::move(envelope));
    PlotLine roof;
    roof.dashed = true;
    if (ridge > left) roof.corners.emplace_back(left, left + std::log10(roofline.bandwidth));
    roof.corners.emplace_back(std::clamp(ridge, left, right),
                              std::min(peak, right + std::log10(roofline.bandwidth)));
    if (ridge < right) roof.corners.emplace_back(right, peak);
    roof.text = time ? QStringLiteral("ceiling %1 MACs per ms, %2 MB/s")
                           .arg(axisText(roofline.peak, 3), axisText(roofline.bandwidth / 1e3, 3))
                     : QStringLiteral("ceiling %1 MACs and %2 bytes per instruction")
                           .arg(axisText(roofline.peak, 3), axisText(roofline.bandwidth, 3));
    model.lines.push_back(std::move(roof));
}

void addRatios(PlotModel &model)
{
    model.lines.push_back({{{0, 0}, {1, 0}}, {}, false, true});
    std::vector<float> ratios;
    for (const PlotPoint &p : model.points.points())
        ratios.push_back(p.y);
    if (ratios.empty()) return;
    const auto middle = ratios.begin() + std::ptrdiff_t(ratios.size() / 2);
    std::nth_element(ratios.begin(), middle, ratios.end());
    const double y = double(*middle), right = model.points.bounds().right;
    model.lines.push_back({{{model.points.bounds().left, y}, {right, y}},
                           QStringLiteral("median %1").arg(axisText(std::pow(10.0, y), 3)),
                           true,
                           false});
}

QString summaryOf(const ExplorerQuery &query, const ExplorerSnapshot &snapshot,
                  const ExplorerPoints &found)
{
    if (query.view == ExplorerView::Coverage && snapshot.coverage) {
        const SpaceCoverage &coverage = *snapshot.coverage;
        QString text =
            QStringLiteral("%1: %2 of %3 measured, %4 to measure")
                .arg(coverage.space, thousands(coverage.measured), operators(coverage.operators),
                     thousands(qint64(coverage.gaps.size())));
        if (coverage.unmeasurable > 0)
            text += QStringLiteral(", %1 beyond the board").arg(thousands(coverage.unmeasurable));
        return text;
    }
    const quint32 shown = quint32(found.points.points().size());
    if (query.view == ExplorerView::Compare)
        return QStringLiteral("%1 in both%2")
            .arg(operators(shown),
                 snapshot.pairs && snapshot.pairs->exact < snapshot.pairs->pairs.size()
                     ? QStringLiteral(", %1 of %2 matched by shape")
                           .arg(thousands(qint64(snapshot.pairs->pairs.size()) -
                                          snapshot.pairs->exact),
                                thousands(qint64(snapshot.pairs->pairs.size())))
                     : QString());
    QString text =
        shown == snapshot.table->size()
            ? operators(shown)
            : QStringLiteral("%1 of %2").arg(thousands(shown), operators(snapshot.table->size()));
    if (found.left > 0)
        text += QStringLiteral(", %1 have no such figure").arg(thousands(found.left));
    return text;
}

QString emptyText(const ExplorerQuery &query, const ExplorerSnapshot &snapshot,
                  const ExplorerPoints &found)
{
    if (!found.points.isEmpty() || !found.gaps.isEmpty()) return {};
    if (query.view == ExplorerView::Compare) {
        if (!snapshot.secondTable)
            return QStringLiteral("Choose what to compare with: another board, runtime or run "
                                  "condition. When there is only one, measure or import another.");
        if (snapshot.pairs && snapshot.pairs->pairs.empty())
            return QStringLiteral("These two have no operator in common.");
    }
    if (query.view == ExplorerView::Prediction && !snapshot.note.isEmpty()) return snapshot.note;
    if (query.view == ExplorerView::Prediction && !snapshot.table->model())
        return QStringLiteral("Predicting\u2026");
    if (found.mask.count == 0)
        return QStringLiteral("No operator passes the filter; take some of it away.");
    return QStringLiteral("None of these operators has these figures; choose other axes.");
}

} // namespace

PlotModelPtr makePlotModel(const ExplorerQuery &query, const ExplorerSnapshot &snapshot,
                           const Theme &theme)
{
    auto model = std::make_shared<PlotModel>();
    const ExplorerTable &table = *snapshot.table;
    ExplorerPoints found = pointsOf(query, table, snapshot.secondTable.get(), snapshot.pairs.get(),
                                    snapshot.coverage.get());
    const ExplorerAxis x = xAxisOf(query), y = yAxisOf(query);
    model->x = {fieldTitle(x.field, table.unit()), x.log};
    model->y = {fieldTitle(y.field, table.unit()), y.log};
    model->summary = summaryOf(query, snapshot, found);
    model->message = emptyText(query, snapshot, found);
    model->points = std::move(found.points);
    model->gaps = std::move(found.gaps);
    for (int i = 0; i < atomKindCount; ++i)
        model->colours.push_back(kindColour(theme, AtomKind(i)));
    model->gapColour = theme.limitLine;
    switch (query.view) {
    case ExplorerView::HeatMap: {
        auto heat = std::make_shared<PlotHeat>();
        heat->values = table.column(query.heat.field);
        heat->scale = {fieldTitle(query.heat.field, table.unit()), query.heat.log};
        model->heat = std::move(heat);
        break;
    }
    case ExplorerView::Roofline:
        addRoof(*model, table.unit());
        break;
    case ExplorerView::Prediction:
        model->lines.push_back({{{0, 0}, {1, 1}}, {}, false, true});
        break;
    case ExplorerView::Compare:
        model->y.title = QStringLiteral("%1 / %2").arg(
            snapshot.secondTable ? conditionLabel(snapshot.second.condition) : QStringLiteral("?"),
            conditionLabel(snapshot.first.condition));
        addRatios(*model);
        break;
    case ExplorerView::Coverage:
        if (!snapshot.note.isEmpty()) model->summary = snapshot.note;
        break;
    default:
        break;
    }
    if (!model->heat) addLegend(*model, theme);
    if (!model->gaps.isEmpty())
        model->legend.insert(model->legend.begin(),
                             {QStringLiteral("not measured"), model->gapColour, true});
    return model;
}

QByteArray shownCsv(const ExplorerQuery &query, const ExplorerSnapshot &snapshot,
                    const PlotModel &model, const PlotRect &view)
{
    const ExplorerTable &table = *snapshot.table;
    const bool compares = query.view == ExplorerView::Compare;
    QByteArray csv = "what,kind,in_h,in_w,in_c,out_h,out_w,out_c,kernel,stride,groups,squeeze,"
                     "activation,variant,macs,flash_bytes,unit,median,low,high,samples,predicted";
    csv += compares ? ",other_median,ratio\n" : "\n";
    const auto key = [&csv](const char *what, const AtomKey &k) {
        csv += what;
        csv += ',' + toString(k.kind).toUtf8();
        for (const qint64 value : {qint64(k.inH), qint64(k.inW), qint64(k.inC), qint64(k.outH),
                                   qint64(k.outW), qint64(k.outC), qint64(k.kernelH),
                                   qint64(k.strideH), qint64(k.groups), qint64(k.squeeze)})
            csv += ',' + QByteArray::number(value);
        csv += ',' + toString(k.act).toUtf8() + ',' + QByteArray::number(k.variant) + ',' +
               QByteArray::number(macsOf(k) + elementwiseMacsOf(k)) + ',' +
               QByteArray::number(weightBytesOf(k));
    };
    const QByteArray unit = table.unit() == SampleUnit::Nanoseconds ? ",ns" : ",instructions";
    const auto inView = [&view](const PointGrid &grid) { // in the table's order
        std::vector<quint32> rows;
        for (const std::span<const PlotPoint> run : grid.near(view))
            for (const PlotPoint &p : run)
                if (view.holds(double(p.x), double(p.y))) rows.push_back(p.row);
        std::sort(rows.begin(), rows.end());
        return rows;
    };
    for (const quint32 index : inView(model.points)) {
        const quint32 first = compares ? snapshot.pairs->pairs[index].first : index;
        const AtomTable::Row &row = table.row(first);
        key("measured", row.key);
        csv += unit;
        for (const qint64 value :
             {row.stats.median, row.stats.low, row.stats.high, qint64(row.stats.count)})
            csv += ',' + QByteArray::number(value);
        csv += ',';
        if (table.model())
            if (const auto predicted = estimate(*table.model(), row.key))
                csv += QByteArray::number(predicted->value);
        if (compares) {
            const qint64 other =
                snapshot.secondTable->row(snapshot.pairs->pairs[index].second).stats.median;
            csv += ',' + QByteArray::number(other) + ',' +
                   QByteArray::number(double(other) / double(row.stats.median), 'g', 6);
        }
        csv += '\n';
    }
    for (const quint32 gap : inView(model.gaps)) {
        key("missing", snapshot.coverage->gaps[gap].key);
        csv += unit + ",,,,,\n";
    }
    return csv;
}

} // namespace atomnet
