#include "app/window/headline_bar.h"

#include "core/analysis/verdict.h"
#include "core/base/format.h"
#include "widgets/common/figure_font.h"
#include "widgets/common/meter.h"
#include "widgets/common/theme.h"
#include "widgets/inspectors/figures_text.h"

#include <QGraphicsOpacityEffect>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

namespace atomnet
{

namespace
{

void setColour(QLabel *label, const QColor &colour)
{
    QPalette palette = label->palette();
    palette.setColor(label->foregroundRole(), colour); // in a toolbar that is ButtonText
    label->setPalette(palette);
}

QString signedTime(qint64 difference, TimeUnit unit)
{
    return (difference < 0 ? QStringLiteral("\u2212") : QStringLiteral("+")) +
           timeText(qAbs(difference), unit);
}

} // namespace

QString sourceCounts(const Report &report)
{
    QString text = QStringLiteral("%1 measured \u00b7 %2 estimated \u00b7 %3 missing")
                       .arg(report.measuredLayers)
                       .arg(report.estimatedLayers)
                       .arg(report.missingLayers);
    if (report.instructionLayers > 0)
        text += QStringLiteral("\n%1 estimated from instructions, counted on a virtual board; "
                               "measuring on the board replaces them")
                    .arg(counted(report.instructionLayers, QStringLiteral("layer")));
    return text;
}

HeadlineBar::HeadlineBar(QWidget *parent) : QFrame(parent)
{
    setAccessibleName(QStringLiteral("Totals"));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(12, 6, 12, 6);
    row->setSpacing(28);
    m_sram = makeCell(QStringLiteral("headlineSram"), QStringLiteral("SRAM"), true, row, 5);
    m_flash = makeCell(QStringLiteral("headlineFlash"), QStringLiteral("Flash"), true, row, 5);
    m_latency =
        makeCell(QStringLiteral("headlineLatency"), QStringLiteral("Latency"), false, row, 4);
    m_macs = makeCell(QStringLiteral("headlineMacs"), QStringLiteral("MACs"), false, row, 3);
    m_why = new QToolButton(this);
    m_why->setObjectName(QStringLiteral("whyPeak"));
    m_why->setText(QStringLiteral("Why?"));
    m_why->setAccessibleName(QStringLiteral("Why this SRAM peak?"));
    m_why->setToolTip(QStringLiteral("What the SRAM peak is made of, and what would lower it"));
    m_why->setAutoRaise(true);
    m_why->setCursor(Qt::PointingHandCursor);
    m_why->setFocusPolicy(Qt::TabFocus);
    m_sram.top->addWidget(m_why);
    connect(m_why, &QToolButton::clicked, this, &HeadlineBar::peakRequested);
    connect(&ThemeManager::instance(), &ThemeManager::themeChanged, this, &HeadlineBar::retheme);
    retheme();
    setReport({}, {});
}

HeadlineBar::Cell HeadlineBar::makeCell(const QString &id, const QString &name, bool meter,
                                        QHBoxLayout *row, int stretch)
{
    Cell cell;
    auto *box = new QWidget(this);
    box->setObjectName(id);
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(3);
    auto *top = cell.top = new QHBoxLayout;
    top->setSpacing(8);
    auto *title = new QLabel(name, box);
    title->setObjectName(QStringLiteral("title"));
    cell.value = new QLabel(box);
    QFont large = figureFont(font());
    large.setPointSizeF(large.pointSizeF() * 1.25);
    large.setWeight(QFont::DemiBold);
    cell.value->setFont(large);
    cell.value->setAccessibleName(name);
    cell.value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    cell.delta = new QLabel(box);
    cell.delta->setFont(figureFont(font()));
    for (QLabel *label : {title, cell.value, cell.delta})
        top->addWidget(label);
    top->addStretch(1);
    cell.words = new QLabel(box);
    column->addLayout(top);
    auto *bottom = new QHBoxLayout;
    bottom->setSpacing(8);
    if (meter) {
        cell.meter = new Meter(box);
        bottom->addWidget(cell.meter, 1);
    }
    bottom->addWidget(cell.words, meter ? 0 : 1);
    column->addLayout(bottom);
    row->addWidget(box, stretch);
    return cell;
}

void HeadlineBar::setReport(const ReportPtr &report, const ReportPtr &baseline)
{
    m_report = report;
    m_baseline = baseline;
    m_why->setVisible(report != nullptr);
    for (const Cell *cell : {&m_sram, &m_flash, &m_latency, &m_macs}) {
        cell->value->setText(report ? QString() : QStringLiteral("\u2013"));
        cell->delta->clear();
        cell->words->setText({});
        if (cell->meter) cell->meter->setVisible(report != nullptr);
    }
    if (!report) return;
    showBudget(m_sram, QStringLiteral("SRAM"), report->sram, baseline ? &baseline->sram : nullptr);
    showBudget(m_flash, QStringLiteral("Flash"), report->flash,
               baseline ? &baseline->flash : nullptr);
    showLatency();
    const qint64 macs = report->macs + report->macsElementwise;
    m_macs.value->setText(formatCount(macs));
    m_macs.value->setToolTip(
        QStringLiteral("%1 in convolutions and fully connected layers, %2 elementwise")
            .arg(grouped(report->macs), grouped(report->macsElementwise)));
    m_macs.words->setText(QStringLiteral("%1 parameters").arg(formatCount(report->params)));
    if (baseline) {
        const qint64 change = macs - baseline->macs - baseline->macsElementwise;
        if (change != 0)
            m_macs.delta->setText((change < 0 ? QStringLiteral("\u2212") : QStringLiteral("+")) +
                                  formatCount(qAbs(change)));
    }
}

void HeadlineBar::showBudget(const Cell &cell, const QString &name, const Budget &budget,
                             const Budget *baseline)
{
    const bool limited = budget.fit != Fit::NoLimit && budget.available > 0;
    const QString value = formatKib(budget.value);
    cell.value->setText(
        limited ? QStringLiteral("%1 / %2").arg(withoutUnit(value), formatKib(budget.available))
                : value);
    QString tip = QStringLiteral("%1: %2").arg(name, formatBytes(budget.value));
    if (budget.low != budget.high)
        tip += QStringLiteral(", estimated between %1 and %2")
                   .arg(formatBytes(budget.low), formatBytes(budget.high));
    if (limited) {
        tip += QStringLiteral("\n%1 available").arg(formatBytes(budget.available));
        if (budget.available != budget.limit)
            tip += QStringLiteral(" of %1, the rest reserved for your application")
                       .arg(formatBytes(budget.limit));
    }
    cell.value->setToolTip(tip);
    cell.words->setText(fitWords(budget));
    cell.words->setToolTip(tip);
    cell.meter->setBudget(name, budget);
    setColour(cell.words, budget.fit == Fit::Within || budget.fit == Fit::NoLimit
                              ? ThemeManager::instance().theme().mutedText
                              : ThemeManager::instance().theme().of(budget.fit));
    if (baseline && baseline->value != budget.value)
        cell.delta->setText(formatKibDelta(budget.value - baseline->value));
}

void HeadlineBar::showLatency()
{
    const Report &report = *m_report;
    m_latency.value->setText(latencyText(report.latency, report.unit));
    m_latency.value->setToolTip(QStringLiteral("%1; %2").arg(
        intervalText(report.latency, report.unit), sourceCounts(report)));
    QString words;
    if (report.missingLayers > 0)
        words = QStringLiteral("%1 without a figure")
                    .arg(counted(report.missingLayers, QStringLiteral("layer")));
    else
        words = report.instructionLayers > 0 && report.measuredLayers == 0
                    ? QStringLiteral("from instructions")
                    : QStringLiteral("%1 measured").arg(formatPercent(report.measuredShare));
    if (report.clockHz > 0) words += QStringLiteral(" at %1 MHz").arg(report.clockHz / 1'000'000);
    m_latency.words->setText(words);
    setColour(m_latency.words, report.missingLayers > 0
                                   ? ThemeManager::instance().theme().fitTight
                                   : ThemeManager::instance().theme().mutedText);
    if (m_baseline && m_baseline->unit == report.unit &&
        m_baseline->latency.value != report.latency.value)
        m_latency.delta->setText(
            signedTime(report.latency.value - m_baseline->latency.value, report.unit));
}

void HeadlineBar::setDimmed(bool dimmed)
{
    if (dimmed == m_dimmed) return;
    m_dimmed = dimmed;
    if (dimmed) {
        auto *effect = new QGraphicsOpacityEffect(this);
        effect->setOpacity(0.4);
        setGraphicsEffect(effect); // takes it over
    } else {
        setGraphicsEffect(nullptr);
    }
}

QString HeadlineBar::text(const QString &which) const
{
    const auto *box = findChild<QWidget *>(which);
    if (!box) return {};
    QStringList parts;
    for (const QLabel *label : box->findChildren<QLabel *>())
        if (!label->text().isEmpty()) parts << label->text();
    return parts.join(u' ');
}

void HeadlineBar::retheme()
{
    const Theme &theme = ThemeManager::instance().theme();
    for (QLabel *title : findChildren<QLabel *>(QStringLiteral("title")))
        setColour(title, theme.mutedText);
    for (const Cell *cell : {&m_sram, &m_flash, &m_latency, &m_macs}) {
        setColour(cell->words, theme.mutedText);
        setColour(cell->delta, theme.accent);
    }
    if (m_report) setReport(m_report, m_baseline);
}

} // namespace atomnet
