#pragma once

#include "widgets/document/analysis_runner.h"

#include <QFrame>

class QHBoxLayout;
class QLabel;
class QToolButton;

namespace atomnet
{

class Meter;

/// The answer at a glance: SRAM and Flash against the board, latency with its certainty, MACs;
/// while something is dragged, the difference it would make.
class HeadlineBar : public QFrame
{
    Q_OBJECT
public:
    explicit HeadlineBar(QWidget *parent = nullptr);
    void setReport(const ReportPtr &report, const ReportPtr &baseline);
    /// The figures are of an older design.
    void setDimmed(bool dimmed);

    /// What stands in a cell: "headlineSram", "headlineFlash", "headlineLatency" or "headlineMacs".
    [[nodiscard]] QString text(const QString &which) const;

Q_SIGNALS:
    void peakRequested(); ///< why SRAM is what it is

private:
    struct Cell {
        QLabel *value = nullptr, *delta = nullptr, *words = nullptr;
        Meter *meter = nullptr;
        QHBoxLayout *top = nullptr; ///< title, value, difference; room behind
    };
    Cell makeCell(const QString &id, const QString &name, bool meter, QHBoxLayout *row,
                  int stretch);
    void showBudget(const Cell &cell, const QString &name, const Budget &budget,
                    const Budget *baseline);
    void showLatency();
    void retheme();
    ReportPtr m_report, m_baseline;
    Cell m_sram, m_flash, m_latency, m_macs;
    QToolButton *m_why;
    bool m_dimmed = false;
};

/// The status bar's "41 measured \u00b7 2 estimated \u00b7 0 missing"; on a second line, which its
/// tool tip shows, what is estimated from instructions.
[[nodiscard]] QString sourceCounts(const Report &report);

} // namespace atomnet
