#include "core/analysis/guidelines/evidence.h"
#include "core/base/format.h"

// G3: multiply-accumulates in a millisecond (or an instruction), by kind of convolution.
namespace atomnet
{

namespace
{

constexpr std::size_t fewest = 8; ///< operators of a kind that a median may stand on

Quartiles efficiencyOf(const AtomTable &table, AtomKind kind)
{
    const double scale = table.unit() == SampleUnit::Instructions ? 1 : 1e6;
    std::vector<double> values;
    for (const AtomTable::Row &row : table.rows())
        if (row.key.kind == kind && row.stats.median > 0)
            values.push_back(double(macsOf(row.key)) / double(row.stats.median) * scale);
    return quartiles(std::move(values));
}

QString efficiencyText(double value, bool counted)
{
    return counted ? ratioText3(value) : formatCount(qRound64(value));
}

} // namespace

Guideline latencyGuideline(const Target &target, const Knowledge &knowledge)
{
    Guideline g;
    g.id = QStringLiteral("G3");
    g.title = QStringLiteral("Put multiply-accumulates into pointwise convolutions");
    g.paper =
        QStringLiteral("Latency: give more MACs to operators with better computation "
                       "efficiency; pointwise does 256 k MACs a millisecond, depthwise 91 k.");
    const EvidenceRows rows = evidenceRows(target, knowledge);
    if (!rows.table) {
        g.finding =
            QStringLiteral("AtomDB holds no operators of %1 with %2; import or measure some")
                .arg(target.board.name, displayName(target.runtime));
        return g;
    }
    const QString unit =
        rows.counted ? QStringLiteral("MACs an instruction") : QStringLiteral("MACs a millisecond");
    struct Kind {
        AtomKind kind;
        QString name;
        Quartiles found;
    };
    std::vector<Kind> kinds{{AtomKind::Depthwise, QStringLiteral("Depthwise"), {}},
                            {AtomKind::Conv, QStringLiteral("Normal convolution"), {}},
                            {AtomKind::Pointwise, QStringLiteral("Pointwise"), {}},
                            {AtomKind::PointwisePair, QStringLiteral("Pointwise pair"), {}}};
    EvidenceSeries low{QStringLiteral("25 %"), {}, {}}, median{QStringLiteral("median"), {}, {}},
        high{QStringLiteral("75 %"), {}, {}};
    for (Kind &each : kinds) {
        each.found = efficiencyOf(*rows.table, each.kind);
        if (each.found.count == 0) continue;
        g.chart.categories << each.name;
        low.y.push_back(each.found.low);
        median.y.push_back(each.found.median);
        high.y.push_back(each.found.high);
    }
    g.chart.title = QStringLiteral("Computation efficiency");
    g.chart.yTitle = unit;
    g.chart.series = {low, median, high};
    const Quartiles &dw = kinds[0].found, &pw = kinds[2].found;
    if (dw.count < fewest || pw.count < fewest || dw.median <= 0) {
        g.finding = QStringLiteral("%1 holds %2 pointwise and %3 depthwise operators; it takes %4 "
                                   "of each to compare them")
                        .arg(rows.origin, countText(pw.count), countText(dw.count))
                        .arg(fewest);
        return g;
    }
    const auto described = [&](const Quartiles &q) {
        return QStringLiteral("%1 (half of %2 operators between %3 and %4)")
            .arg(efficiencyText(q.median, rows.counted), countText(q.count),
                 efficiencyText(q.low, rows.counted), efficiencyText(q.high, rows.counted));
    };
    g.value = pw.median / dw.median;
    g.holds = g.value > 1 ? Holds::Yes : Holds::No;
    g.finding = QStringLiteral("%1: pointwise %2, depthwise %3, %4 times as many, in %5")
                    .arg(unit, described(pw), described(dw), ratioText3(g.value), rows.origin);
    return g;
}

} // namespace atomnet
