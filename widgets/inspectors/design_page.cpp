#include "widgets/inspectors/design_page.h"

#include "core/base/format.h"
#include "widgets/document/document.h"
#include "widgets/inspectors/field.h"
#include "widgets/inspectors/figures_panel.h"
#include "widgets/inspectors/figures_text.h"

#include <QHeaderView>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace atomnet
{

namespace
{

constexpr int layerRole =
    Qt::UserRole; ///< layer that writes the tensor of this line, -1: the input

/// What the peak layer keeps in SRAM, one line each with its bytes.
std::vector<std::pair<QString, qint64>> partsOf(const SramParts &parts)
{
    std::vector<std::pair<QString, qint64>> lines;
    const auto add = [&lines](const QString &name, qint64 bytes) {
        if (bytes > 0) lines.emplace_back(name, bytes);
    };
    add(QStringLiteral("its input"), parts.input);
    add(QStringLiteral("its output, beyond the overlap"), parts.output);
    add(QStringLiteral("held for a shortcut"), parts.held);
    add(QStringLiteral("padding"), parts.pad);
    add(QStringLiteral("scratch"), parts.scratch);
    return lines;
}

void addLine(QTreeWidgetItem *parent, const QString &name, qint64 bytes, int layer)
{
    auto *item = new QTreeWidgetItem(parent);
    item->setText(0, name);
    item->setText(1, formatKib(bytes));
    item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
    item->setToolTip(1, formatBytes(bytes));
    item->setToolTip(0, name);
    item->setData(0, layerRole, layer);
}

} // namespace

DesignPage::DesignPage(Document &document, QWidget *parent)
    : QWidget(parent)
    , m_document(document)
    , m_name(new QLineEdit(this))
    , m_nameField(new Field(QStringLiteral("Name"), m_name, this))
    , m_figures(new FiguresPanel(this))
    , m_fits(new NoteLabel(this))
    , m_peakText(new NoteLabel(this))
    , m_peak(new QTreeWidget(this))
{
    m_peak->setColumnCount(2);
    m_peak->setHeaderHidden(true);
    m_peak->setRootIsDecorated(false);
    m_peak->setFrameShape(QFrame::NoFrame);
    m_peak->setIndentation(10);
    m_peak->setUniformRowHeights(true);
    m_peak->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_peak->viewport()->setAutoFillBackground(false);
    m_peak->setAccessibleName(QStringLiteral("What lives in SRAM at the peak"));
    m_peak->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_peak->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_peak->header()->setStretchLastSection(false);
    auto *column = new QVBoxLayout(this);
    column->setSpacing(7);
    column->addWidget(makeHeading(QStringLiteral("Design"), this));
    column->addWidget(m_nameField);
    column->addWidget(m_figures);
    column->addWidget(m_fits);
    column->addSpacing(6);
    column->addWidget(makeHeading(QStringLiteral("Why this SRAM peak"), this));
    column->addWidget(m_peakText);
    column->addWidget(m_peak);
    column->addStretch(1);
    connect(m_name, &QLineEdit::editingFinished, this, [this] {
        m_nameField->setError({});
        const auto done = m_document.edit(SetName{m_name->text()}, QStringLiteral("Rename design"));
        if (!done) m_nameField->setError(done.error().what);
        refresh();
    });
    connect(m_peak, &QTreeWidget::itemActivated, this, [this](QTreeWidgetItem *item) {
        const int layer = item->data(0, layerRole).toInt();
        if (!m_report || layer < 0 || layer >= int(m_report->layers.size())) return;
        m_document.selection().selectLayer(layer,
                                           m_report->layers[std::size_t(layer)].atom.blockId);
    });
}

void DesignPage::refresh()
{
    const QSignalBlocker quiet(m_name);
    if (m_name->text() != m_document.shown().name) m_name->setText(m_document.shown().name);
}

void DesignPage::setReport(const ReportPtr &report)
{
    m_report = report;
    m_figures->showTotals(report);
    m_fits->setNote(report ? report->reasons.join(u'\n') : QString(),
                    report && !report->fits ? NoteLabel::Tone::Error : NoteLabel::Tone::Muted);
    showPeak();
}

void DesignPage::showPeak()
{
    m_peak->clear();
    m_peakText->setNote({});
    const bool known = m_report && m_report->peak.layer >= 0 &&
                       m_report->peak.layer < int(m_report->layers.size());
    m_peak->setVisible(known);
    if (!known) {
        m_peakText->setNote(QStringLiteral("Drag a block into a stage to see where SRAM peaks."));
        return;
    }
    const Report &report = *m_report;
    const Layer &layer = report.layers[std::size_t(report.peak.layer)];
    m_peakText->setNote(QStringLiteral("SRAM is fullest while %1 runs (%2 \u2192 %3).")
                            .arg(layerName(report, layer), shapeText(layer.atom.key.in()),
                                 shapeText(layer.atom.key.out())));
    auto *parts = new QTreeWidgetItem(
        m_peak, {QStringLiteral("This layer needs"), formatKib(layer.sram.total())});
    parts->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
    parts->setData(0, layerRole, report.peak.layer);
    for (const auto &[name, bytes] : partsOf(layer.sram))
        addLine(parts, name, bytes, report.peak.layer);
    auto *alive = new QTreeWidgetItem(m_peak, {QStringLiteral("Tensors alive then"), QString()});
    alive->setData(0, layerRole, -1);
    std::vector<int> tensors = report.peak.tensors;
    const auto bytesOf = [&report](int tensor) {
        return report.tensorShapes[std::size_t(tensor)].bytes();
    };
    std::erase_if(tensors, [&report](int tensor) {
        return tensor < 0 || tensor >= int(report.tensorShapes.size());
    });
    std::sort(tensors.begin(), tensors.end(),
              [&](int a, int b) { return bytesOf(a) > bytesOf(b); });
    for (int tensor : tensors)
        addLine(
            alive,
            QStringLiteral("%1  %2").arg(tensorName(report, tensor),
                                         shapeText(report.tensorShapes[std::size_t(tensor)].shape)),
            bytesOf(tensor), report.tensorShapes[std::size_t(tensor)].producer);
    for (QTreeWidgetItem *top : {parts, alive}) {
        QFont bold = m_peak->font();
        bold.setWeight(QFont::DemiBold);
        top->setFont(0, bold);
        top->setFont(1, bold);
    }
    m_peak->expandAll();
    // As high as its lines: the inspector scrolls as a whole, not in pieces.
    const int lines = 2 + parts->childCount() + alive->childCount();
    m_peak->setFixedHeight(lines * std::max(m_peak->sizeHintForRow(0), fontMetrics().height()) + 2);
}

} // namespace atomnet
