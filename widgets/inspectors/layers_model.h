#pragma once

#include "widgets/document/analysis_runner.h"

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>

namespace atomnet
{

/// All layers of a report as rows. A new report with as many layers updates the rows in place, so
/// that scroll position and selection stay.
class LayersModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column : quint8 {
        Index,
        Stage,
        Block,
        Name,
        Operator,
        In,
        Out,
        Kernel,
        Macs,
        Params,
        Flash,
        Cumulative,
        Sram,
        SramInput,
        SramOutput,
        SramHeld,
        SramPad,
        SramScratch,
        LatencyValue,
        LatencyLow,
        LatencyHigh,
        SourceName,
        Samples,
        ColumnCount
    };
    static constexpr int sortRole = Qt::UserRole; ///< the exact value

    explicit LayersModel(QObject *parent = nullptr);
    void setReport(const ReportPtr &report);
    [[nodiscard]] const ReportPtr &report() const { return m_report; }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    [[nodiscard]] QString text(const Layer &layer, int row, int column) const;
    [[nodiscard]] QString toolTip(const Layer &layer, int column) const;
    [[nodiscard]] QVariant value(const Layer &layer, int row, int column) const;
    ReportPtr m_report;
};

/// Sorts by value and keeps the rows whose name, stage, operator, shapes or source hold every word
/// of the filter.
class LayersFilter : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    explicit LayersFilter(QObject *parent = nullptr);
    void setWords(const QString &text);

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    QStringList m_words;
};

} // namespace atomnet
