#include "widgets/dashboards/explorer/explorer_text.h"

#include "core/base/format.h"
#include "widgets/common/kind_colours.h"
#include "widgets/dashboards/explorer/axis_ticks.h"

#include <cmath>

namespace atomnet
{

namespace
{

QString shapeText(const Shape &shape)
{
    return QStringLiteral("%1\u00d7%2\u00d7%3").arg(shape.h).arg(shape.w).arg(shape.c);
}

qint64 workOf(const AtomKey &key)
{
    return macsOf(key) + elementwiseMacsOf(key);
}

QString speedText(double macsPerUnit, SampleUnit unit)
{
    return unit == SampleUnit::Nanoseconds
               ? QStringLiteral("%1 MACs per ms").arg(axisText(macsPerUnit * 1e6))
               : QStringLiteral("%1 MACs per instruction").arg(axisText(macsPerUnit, 3));
}

QString samplesText(quint32 count)
{
    return count == 1 ? QStringLiteral("1 sample")
                      : QStringLiteral("%1 samples").arg(thousands(count));
}

QString measuredText(const AtomStats &stats, SampleUnit unit)
{
    const QString median = timeText(stats.median, unit);
    if (stats.count == 1) return QStringLiteral("%1, measured once").arg(median);
    return QStringLiteral("%1, median of %2, %3 to %4")
        .arg(median, samplesText(stats.count), timeText(stats.low, unit),
             timeText(stats.high, unit));
}

} // namespace

QString conditionLabel(const RunCondition &condition)
{
    QStringList parts{condition.board, condition.runtime};
    if (condition.clockHz > 0) parts << QStringLiteral("%1 MHz").arg(condition.clockHz / 1'000'000);
    if (!condition.caches.isEmpty()) parts << QStringLiteral("caches %1").arg(condition.caches);
    if (!condition.kernelVersion.isEmpty())
        parts << QStringLiteral("kernels %1").arg(condition.kernelVersion);
    return parts.join(QStringLiteral(" \u00b7 "));
}

QString timeText(qint64 value, SampleUnit unit)
{
    return unit == SampleUnit::Nanoseconds ? formatMs(value)
                                           : QStringLiteral("%1 instr.").arg(formatCount(value));
}

QString thousands(qint64 n)
{
    QString text = formatBytes(n);
    text.chop(2); // " B"
    return text;
}

QStringList keyText(const AtomKey &key)
{
    QStringList lines{QStringLiteral("%1 %2 \u2192 %3")
                          .arg(kindTitle(key.kind), shapeText(key.in()), shapeText(key.out()))};
    QStringList parts;
    if (key.kernelH > 1 || key.kernelW > 1)
        parts << QStringLiteral("kernel %1\u00d7%2").arg(key.kernelH).arg(key.kernelW);
    if (key.strideH > 1 || key.strideW > 1) parts << QStringLiteral("stride %1").arg(key.strideH);
    if (key.padT + key.padB + key.padL + key.padR > 0)
        parts << QStringLiteral("pads %1 %2 %3 %4")
                     .arg(key.padT)
                     .arg(key.padL)
                     .arg(key.padB)
                     .arg(key.padR);
    if (key.squeeze > 0) parts << QStringLiteral("squeeze %1").arg(key.squeeze);
    parts << (key.act == KeyAct::Unknown ? QStringLiteral("activation not recorded")
                                         : QStringLiteral("activation %1").arg(toString(key.act)));
    if (key.variant != 0) parts << QStringLiteral("packing %1").arg(key.variant);
    lines << parts.join(QStringLiteral(", "));
    const qint64 work = workOf(key), flash = weightBytesOf(key);
    if (work > 0) {
        const double bytes = double(key.in().bytes() + key.out().bytes() + flash);
        lines << QStringLiteral("%1 MACs, %2 per byte")
                     .arg(thousands(work), axisText(double(work) / bytes, 3));
    }
    lines << QStringLiteral("input %1, output %2, Flash %3")
                 .arg(formatBytes(key.in().bytes()), formatBytes(key.out().bytes()),
                      formatBytes(flash));
    return lines;
}

QStringList rowText(const ExplorerTable &table, quint32 index)
{
    const AtomTable::Row &row = table.row(index);
    const SampleUnit unit = table.unit();
    QStringList lines = keyText(row.key);
    const qint64 work = workOf(row.key);
    QString measured = measuredText(row.stats, unit);
    lines.insert(1, measured);
    if (work > 0 && row.stats.median > 0)
        lines.insert(2, speedText(double(work) / double(row.stats.median), unit));
    if (table.model()) {
        if (const auto predicted = estimate(*table.model(), row.key))
            lines << QStringLiteral("predicted %1, %2 to %3 (%4%5 %)%6")
                         .arg(timeText(predicted->value, unit), timeText(predicted->low, unit),
                              timeText(predicted->high, unit),
                              predicted->value >= row.stats.median ? QStringLiteral("+")
                                                                   : QStringLiteral("\u2212"))
                         .arg(100 *
                                  std::abs(double(predicted->value) / double(row.stats.median) - 1),
                              0, 'f', 1)
                         .arg(predicted->extrapolated ? QStringLiteral(", extrapolated")
                                                      : QString());
        else
            lines << QStringLiteral("the model says nothing about it");
    }
    lines << conditionLabel(table.table().condition());
    return lines;
}

QStringList pairText(const ExplorerSnapshot &snapshot, const ConditionPair &pair)
{
    const AtomTable::Row &a = snapshot.table->row(pair.first);
    const AtomTable::Row &b = snapshot.secondTable->row(pair.second);
    QStringList lines = keyText(a.key);
    lines.insert(1, QStringLiteral("%1: %2").arg(conditionLabel(snapshot.first.condition),
                                                 measuredText(a.stats, snapshot.table->unit())));
    lines.insert(2,
                 QStringLiteral("%1: %2").arg(conditionLabel(snapshot.second.condition),
                                              measuredText(b.stats, snapshot.secondTable->unit())));
    lines.insert(3, QStringLiteral("ratio %1%2")
                        .arg(axisText(double(b.stats.median) / double(a.stats.median), 4),
                             pair.exact
                                 ? QString()
                                 : QStringLiteral(", matched by shape: %1").arg(describe(b.key))));
    return lines;
}

QStringList gapText(const SpaceCoverage &coverage, quint32 gap)
{
    const SpaceCoverage::Gap &missing = coverage.gaps[gap];
    QStringList lines = keyText(missing.key);
    lines.insert(1,
                 QStringLiteral("not measured; a network of the space %1 has %2 of it on average")
                     .arg(coverage.space, axisText(missing.uses, 2)));
    if (missing.expectedNs > 0)
        lines.insert(
            2, QStringLiteral("measuring it takes about %1").arg(formatMs(missing.expectedNs)));
    return lines;
}

} // namespace atomnet
