#pragma once

#include "core/base/result.h"
#include "widgets/document/analysis_runner.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QTableView;

namespace atomnet
{

class Document;
class LayersFilter;
class LayersModel;

/// All layers with all their figures: sortable, filtered by words, copied and exported. Rows,
/// canvas and charts select each other through the document's selection.
class LayersTable : public QWidget
{
    Q_OBJECT
public:
    explicit LayersTable(Document &document, QWidget *parent = nullptr);
    void setReport(const ReportPtr &report);
    /// The report as CSV, as the command line writes it. Io with the system's reason.
    [[nodiscard]] Result<> exportCsv(const QString &path) const;
    /// The selected rows (all when none is) with a header line, cells separated by tabs.
    [[nodiscard]] QString selectedAsText() const;
    [[nodiscard]] QTableView *view() const { return m_view; }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void rowsChosen();
    void showSelection();
    void showSums();
    void retheme();
    [[nodiscard]] std::vector<int> selectedLayers() const;

    Document &m_document;
    LayersModel *m_model;
    LayersFilter *m_filter;
    QTableView *m_view;
    QLineEdit *m_words;
    QLabel *m_sums;
    bool m_syncing = false; ///< a selection travels between the table and the document
};

} // namespace atomnet
