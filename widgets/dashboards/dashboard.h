#pragma once

#include "core/base/result.h"
#include "widgets/document/analysis_runner.h"
#include "widgets/document/document.h"

#include <QWidget>

#include <vector>

namespace atomnet
{

class LayerChart;
struct Theme;

/// One chart of the Report in a dock. Shares the document's selection: hovering highlights,
/// clicking selects. A dashboard that is hidden keeps the newest report and draws it when it is
/// shown.
class Dashboard : public QWidget
{
    Q_OBJECT
public:
    Dashboard(Document &document, QWidget *parent);

    [[nodiscard]] virtual QString
    title() const = 0;                            ///< "SRAM per layer", for the dock and the menu
    [[nodiscard]] virtual QString id() const = 0; ///< "memory": object names, file names of exports
    [[nodiscard]] virtual QString iconName() const = 0; ///< for icon()

    /// The report to show; null empties the view. `baseline` is the design before a running
    /// preview, shown as ghost marks, or null. Ends dimming.
    void setReport(const ReportPtr &report, const ReportPtr &baseline = {});
    [[nodiscard]] const ReportPtr &report() const { return m_report; }
    /// Greys the view while its figures are out of date; `why` is said over it.
    void setDimmed(bool dimmed, const QString &why = {});
    [[nodiscard]] bool isDimmed() const { return m_dimmed; }

    /// Writes the view as it is on the screen: PNG at twice the resolution, or SVG. Atomic: an
    /// older file stays until the new one is complete. Io with the system's reason.
    [[nodiscard]] Result<> exportPng(const QString &path);
    [[nodiscard]] Result<> exportSvg(const QString &path);

    /// The drawing surface, for the docks' focus handling and for tests.
    [[nodiscard]] LayerChart &chart() const { return *m_chart; }

protected:
    [[nodiscard]] const ReportPtr &baseline() const { return m_baseline; }

    /// Brings the chart up to date with report(), which is not null, and baseline().
    virtual void showReport() = 0;
    /// What the tool tip says over a layer; `value` is the pointer's place on the value axis.
    [[nodiscard]] virtual QString toolTipAt(int layer, double value) const = 0;
    virtual void retheme(const Theme &theme) = 0;

    void showEvent(QShowEvent *event) override;

private:
    void bringUpToDate();
    void showMarks();
    void select(int layer);
    void step(int delta);
    void hover(int layer);
    [[nodiscard]] BlockId blockOf(int layer) const;
    [[nodiscard]] QSize exportSize() const;

    Document &m_document;
    LayerChart *m_chart = nullptr;
    ReportPtr m_report, m_baseline;
    bool m_dimmed = false;
    bool m_stale = true;
};

/// The four charts, in the order of the docks: SRAM, Flash, latency, arena. Owned by `parent`.
[[nodiscard]] std::vector<Dashboard *> makeDashboards(Document &document, QWidget *parent);

} // namespace atomnet
