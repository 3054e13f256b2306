#include "widgets/dashboards/dashboard.h"

#include "widgets/common/theme.h"
#include "widgets/dashboards/arena_dashboard.h"
#include "widgets/dashboards/chart_export.h"
#include "widgets/dashboards/flash_dashboard.h"
#include "widgets/dashboards/latency_dashboard.h"
#include "widgets/dashboards/layer_chart.h"
#include "widgets/dashboards/marks.h"
#include "widgets/dashboards/memory_dashboard.h"

#include <QShowEvent>
#include <QToolTip>
#include <QVBoxLayout>

#include <algorithm>

namespace atomnet
{

Dashboard::Dashboard(Document &document, QWidget *parent)
    : QWidget(parent), m_document(document), m_chart(new LayerChart(this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_chart);
    setFocusProxy(m_chart);
    m_chart->setEmptyText(tr("Nothing to show yet: drag a block onto the canvas"));

    connect(m_chart, &LayerChart::clicked, this, &Dashboard::select);
    connect(m_chart, &LayerChart::hovered, this, &Dashboard::hover);
    connect(m_chart, &LayerChart::stepped, this, &Dashboard::step);
    connect(m_chart, &LayerChart::escaped, &document.selection(), &Selection::clear);
    connect(m_chart, &LayerChart::toolTipWanted, this,
            [this](int layer, double value, const QPoint &at) {
                QToolTip::showText(at, toolTipAt(layer, value), m_chart);
            });
    const auto selectionChanged = [this] {
        if (isVisible()) showMarks(); // a hidden chart catches up when it is shown
    };
    connect(&document.selection(), &Selection::changed, this, selectionChanged);
    connect(&document.selection(), &Selection::hoverChanged, this, selectionChanged);
    connect(&ThemeManager::instance(), &ThemeManager::themeChanged, this,
            [this](const Theme &theme) {
                m_chart->retheme(theme);
                retheme(theme);
            });
}

void Dashboard::setReport(const ReportPtr &report, const ReportPtr &baseline)
{
    setDimmed(false);
    if (report == m_report && baseline == m_baseline) return;
    m_report = report;
    m_baseline = baseline;
    m_stale = true;
    if (isVisible()) bringUpToDate();
}

void Dashboard::setDimmed(bool dimmed, const QString &why)
{
    if (!dimmed && !m_dimmed) return;
    m_dimmed = dimmed;
    m_chart->setDimmed(dimmed, why);
}

void Dashboard::showEvent(QShowEvent *event)
{
    bringUpToDate();
    QWidget::showEvent(event);
}

void Dashboard::bringUpToDate()
{
    if (m_stale) {
        m_stale = false;
        const bool empty = !m_report || m_report->layers.empty();
        m_chart->setEmptyText(empty ? tr("Nothing to show yet: drag a block onto the canvas")
                                    : QString());
        if (!empty) showReport();
        m_chart->setAccessibleName(
            empty ? title() : title() + QStringLiteral(": ") + m_chart->decoration().summary);
    }
    showMarks();
}

void Dashboard::showMarks()
{
    m_chart->setMarks(m_report ? marksOf(*m_report, m_document.selection(), m_document.shown())
                               : Marks());
}

BlockId Dashboard::blockOf(int layer) const
{
    return m_report->layers[std::size_t(layer)].atom.blockId;
}

void Dashboard::select(int layer)
{
    Selection &selection = m_document.selection();
    if (!m_report || layer < 0 || layer >= int(m_report->layers.size()))
        selection.clear();
    else
        selection.selectLayer(layer, blockOf(layer));
}

void Dashboard::step(int delta)
{
    if (!m_report || m_report->layers.empty()) return;
    const int last = int(m_report->layers.size()) - 1;
    const std::optional<int> current = m_document.selection().layer();
    select(current ? std::clamp(*current + delta, 0, last) : (delta > 0 ? 0 : last));
}

void Dashboard::hover(int layer)
{
    if (!m_report || layer < 0 || layer >= int(m_report->layers.size()))
        m_document.selection().hover({}, {});
    else
        m_document.selection().hover(layer, blockOf(layer));
}

QSize Dashboard::exportSize() const
{
    return m_chart->size().expandedTo({800, 240});
}

Result<> Dashboard::exportPng(const QString &path)
{
    bringUpToDate(); // it may be hidden
    return writePng(*m_chart, exportSize(), path);
}

Result<> Dashboard::exportSvg(const QString &path)
{
    bringUpToDate();
    return writeSvg(*m_chart, exportSize(), title(), path);
}

std::vector<Dashboard *> makeDashboards(Document &document, QWidget *parent)
{
    return {new MemoryDashboard(document, parent), new FlashDashboard(document, parent),
            new LatencyDashboard(document, parent), new ArenaDashboard(document, parent)};
}

} // namespace atomnet
