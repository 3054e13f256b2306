#include "widgets/inspectors/figures_panel.h"

#include "core/analysis/verdict.h"
#include "core/base/format.h"
#include "widgets/inspectors/field.h"
#include "widgets/inspectors/figures_text.h"

#include <QGridLayout>
#include <QLabel>

#include <algorithm>

namespace atomnet
{

namespace
{

struct Sum {
    qint64 sram = 0, flash = 0, macs = 0;
    int peakLayer = -1;
    int layers = 0, measured = 0, missing = 0;
    Latency latency{0, 0, 0, Source::Measured, 0, false};
};

void add(Sum &sum, const BlockFigures &block)
{
    sum.sram = std::max(sum.sram, block.sramBytes);
    sum.flash += block.flashBytes;
    sum.macs += block.macs;
    // Errors of operators of one kind go together, so plain sums of the bounds are the careful
    // choice.
    sum.latency.value += block.latency.value;
    sum.latency.low += block.latency.low;
    if (sum.latency.high && block.latency.high)
        *sum.latency.high += *block.latency.high;
    else
        sum.latency.high.reset();
    sum.latency.source = std::max(sum.latency.source, block.latency.source);
    sum.latency.extrapolated |= block.latency.extrapolated;
}

QString share(qint64 part, qint64 whole)
{
    if (whole <= 0) return {};
    return QStringLiteral("  (%1)").arg(formatPercent(double(part) / double(whole)));
}

} // namespace

FiguresPanel::FiguresPanel(QWidget *parent) : QWidget(parent), m_source(new NoteLabel(this))
{
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(3);
    grid->setColumnStretch(1, 1);
    m_sram = addRow(grid, 0, QStringLiteral("SRAM"));
    m_flash = addRow(grid, 1, QStringLiteral("Flash"));
    m_macs = addRow(grid, 2, QStringLiteral("MACs"));
    m_latency = addRow(grid, 3, QStringLiteral("Latency"));
    grid->addWidget(m_source, 4, 0, 1, 2);
    clear();
}

QLabel *FiguresPanel::addRow(QGridLayout *grid, int row, const QString &name)
{
    auto *value = new QLabel(this);
    value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    value->setObjectName(name);
    value->setAccessibleName(name);
    grid->addWidget(new QLabel(name, this), row, 0);
    grid->addWidget(value, row, 1);
    return value;
}

void FiguresPanel::clear()
{
    for (QLabel *label : {m_sram, m_flash, m_macs, m_latency}) {
        label->setText(QStringLiteral("\u2013"));
        label->setToolTip({});
    }
    m_source->setNote({});
}

QString FiguresPanel::shown(const QString &name) const
{
    const auto *label = findChild<QLabel *>(name);
    return label ? label->text() : QString();
}

void FiguresPanel::showBlocks(const ReportPtr &report, const std::vector<BlockId> &blocks)
{
    clear();
    if (!report) return;
    const auto wanted = [&blocks](BlockId id) {
        return std::find(blocks.begin(), blocks.end(), id) != blocks.end();
    };
    Sum sum;
    for (const BlockFigures &figures : perBlock(*report))
        if (wanted(figures.block)) add(sum, figures);
    qint64 largest = -1;
    for (std::size_t i = 0; i < report->layers.size(); ++i) {
        const Layer &layer = report->layers[i];
        if (!wanted(layer.atom.blockId)) continue;
        ++sum.layers;
        sum.measured += layer.latency.source == Source::Measured;
        sum.missing += layer.latency.source == Source::Missing;
        if (layer.sram.total() > largest) {
            largest = layer.sram.total();
            sum.peakLayer = int(i);
        }
    }
    if (sum.layers == 0) return; // the report is one edit behind
    const QString peakName = layerName(*report, report->layers[std::size_t(sum.peakLayer)]);
    m_sram->setText(formatKib(sum.sram) +
                    (sum.peakLayer == report->peak.layer ? QStringLiteral("  peak") : QString()));
    m_sram->setToolTip(QStringLiteral("%1 while %2 runs").arg(formatBytes(sum.sram), peakName));
    m_flash->setText(formatKib(sum.flash) + share(sum.flash, report->flashWeightsBytes));
    m_flash->setToolTip(QStringLiteral("%1 of weights and biases; share of all weights")
                            .arg(formatBytes(sum.flash)));
    m_macs->setText(formatCount(sum.macs) + share(sum.macs, report->macs));
    m_macs->setToolTip(QStringLiteral("%1 in convolutions and fully connected layers")
                           .arg(counted(sum.macs, QStringLiteral("multiply-accumulate"))));
    m_latency->setText(latencyText(sum.latency, report->unit) +
                       share(sum.latency.value, report->latency.value));
    m_latency->setToolTip(intervalText(sum.latency, report->unit));
    const int estimated = sum.layers - sum.measured - sum.missing;
    QStringList parts{counted(sum.layers, QStringLiteral("layer"))};
    if (sum.measured > 0) parts << QStringLiteral("%1 measured").arg(sum.measured);
    if (estimated > 0)
        parts << QStringLiteral("%1 estimated%2")
                     .arg(estimated)
                     .arg(sum.latency.fromInstructions ? QStringLiteral(" (from instructions)")
                          : sum.latency.extrapolated   ? QStringLiteral(" (extrapolated)")
                                                       : QString());
    if (sum.missing > 0) parts << QStringLiteral("%1 missing").arg(sum.missing);
    m_source->setNote(parts.join(QStringLiteral(" \u00b7 ")),
                      sum.missing > 0 ? NoteLabel::Tone::Warning : NoteLabel::Tone::Muted);
}

void FiguresPanel::showTotals(const ReportPtr &report)
{
    clear();
    if (!report) return;
    m_sram->setText(formatKib(report->sram.value));
    QString sramTip = formatBytes(report->sram.value);
    if (const auto &parts = report->sramBreakdown)
        sramTip +=
            QStringLiteral("\narena %1 (%2), runtime data %3, stack %4%5")
                .arg(formatBytes(parts->arena), arenaWords(*parts), formatBytes(parts->data),
                     formatBytes(parts->stack),
                     parts->stackCounted ? QString()
                                         : QStringLiteral(" (in memory of its own, not counted)"));
    m_sram->setToolTip(sramTip);
    m_flash->setText(formatKib(report->flash.value));
    m_flash->setToolTip(
        QStringLiteral("%1 weights, %2 runtime code")
            .arg(formatBytes(report->flashWeightsBytes), formatBytes(report->flashCodeBytes)));
    m_macs->setText(formatCount(report->macs + report->macsElementwise));
    m_macs->setToolTip(QStringLiteral("%1 convolutions and fully connected, %2 elementwise")
                           .arg(formatCount(report->macs), formatCount(report->macsElementwise)));
    m_latency->setText(latencyText(report->latency, report->unit));
    m_latency->setToolTip(intervalText(report->latency, report->unit));
    m_source->setNote(QStringLiteral("%1 of the latency measured \u00b7 %2")
                          .arg(formatPercent(report->measuredShare),
                               counted(report->params, QStringLiteral("parameter"))));
}

} // namespace atomnet
