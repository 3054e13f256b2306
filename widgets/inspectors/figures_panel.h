#pragma once

#include "widgets/document/analysis_runner.h"

#include <QWidget>

#include <vector>

class QLabel;
class QGridLayout;

namespace atomnet
{

class NoteLabel;

/// What the selected part of the network costs: SRAM at its peak layer, Flash, MACs, latency and
/// its source.
class FiguresPanel : public QWidget
{
    Q_OBJECT
public:
    explicit FiguresPanel(QWidget *parent = nullptr);
    /// Figures of these blocks together; BlockId{} is the head.
    void showBlocks(const ReportPtr &report, const std::vector<BlockId> &blocks);
    void showTotals(const ReportPtr &report);
    [[nodiscard]] QString
    shown(const QString &name) const; ///< text beside "SRAM", "Flash", "MACs", "Latency"

private:
    QLabel *addRow(QGridLayout *grid, int row, const QString &name);
    void clear();
    QLabel *m_sram, *m_flash, *m_macs, *m_latency;
    NoteLabel *m_source;
};

} // namespace atomnet
