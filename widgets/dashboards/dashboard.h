#pragma once

#include "core/base/result.h"
#include "widgets/document/analysis_runner.h"
#include "widgets/document/document.h"

#include <QWidget>

#include <vector>

class QPainter;

namespace atomnet
{

/// One view of the Report in a dock. Shares the document's selection: hovering highlights, clicking
/// selects. A dashboard that is hidden keeps the newest report and draws it when it is shown.
class Dashboard : public QWidget
{
    Q_OBJECT
public:
    explicit Dashboard(Document &document, QWidget *parent = nullptr);

    [[nodiscard]] virtual QString
    title() const = 0;                            ///< "SRAM per layer", for the dock and the menu
    [[nodiscard]] virtual QString id() const = 0; ///< "memory": object names, file names of exports

    /// The report to show; null empties the view. `baseline` is the design before a running
    /// preview, shown as ghost marks, or null.
    void setReport(const ReportPtr &report, const ReportPtr &baseline = {});
    [[nodiscard]] const ReportPtr &report() const { return m_report; }
    /// Greys the view while its figures are out of date; `why` is shown over it.
    void setDimmed(bool dimmed, const QString &why = {});
    [[nodiscard]] bool isDimmed() const { return m_dimmed; }

    /// Writes the view as it is on the screen: PNG at twice the resolution, or SVG. Atomic: an
    /// older file stays until the new one is complete. Io with the system's reason.
    [[nodiscard]] Result<> exportPng(const QString &path);
    [[nodiscard]] Result<> exportSvg(const QString &path);

protected:
    [[nodiscard]] Document &document() const { return m_document; }
    [[nodiscard]] const ReportPtr &baseline() const { return m_baseline; }
    [[nodiscard]] const QString &dimmedWhy() const { return m_dimmedWhy; }

    virtual void showReport() = 0; ///< brings the view up to date with report() and baseline()
    virtual void showDimmed() = 0;
    virtual void showSelection() = 0; ///< selection or hover changed
    virtual void retheme() = 0;
    [[nodiscard]] virtual QSizeF exportSize() const = 0;
    virtual void paint(QPainter &painter, const QSizeF &size) = 0;

    void showEvent(QShowEvent *event) override;

private:
    void bringUpToDate();
    Document &m_document;
    ReportPtr m_report, m_baseline;
    QString m_dimmedWhy;
    bool m_dimmed = false;
    bool m_stale = false;
    bool m_selectionStale = false;
};

/// The four charts, in the order of the docks: SRAM, Flash, latency, arena.
[[nodiscard]] std::vector<Dashboard *> makeDashboards(Document &document, QWidget *parent);

} // namespace atomnet
