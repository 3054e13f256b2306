#include "widgets/inspectors/layers_table.h"

#include "core/analysis/report_text.h"
#include "core/base/atomic_file.h"
#include "core/base/format.h"
#include "widgets/common/figure_font.h"
#include "widgets/common/theme.h"
#include "widgets/document/document.h"
#include "widgets/inspectors/figures_text.h"
#include "widgets/inspectors/layers_model.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QScopedValueRollback>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace atomnet
{

LayersTable::LayersTable(Document &document, QWidget *parent)
    : QWidget(parent)
    , m_document(document)
    , m_model(new LayersModel(this))
    , m_filter(new LayersFilter(this))
    , m_view(new QTableView(this))
    , m_words(new QLineEdit(this))
    , m_sums(new QLabel(this))
{
    m_filter->setSourceModel(m_model);
    m_view->setModel(m_filter);
    m_view->setAccessibleName(QStringLiteral("Layers"));
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_view->setSortingEnabled(true);
    m_view->sortByColumn(LayersModel::Index, Qt::AscendingOrder);
    m_view->setWordWrap(false);
    m_view->setShowGrid(false);
    m_view->setAlternatingRowColors(true);
    m_view->setFont(figureFont(font()));
    m_view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setTabKeyNavigation(false);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->verticalHeader()->hide();
    m_view->verticalHeader()->setDefaultSectionSize(m_view->fontMetrics().height() + 6);
    m_view->horizontalHeader()->setHighlightSections(false);
    m_view->horizontalHeader()->setSectionsMovable(true);
    m_view->installEventFilter(this);
    setFocusProxy(m_view);
    // Wide enough for the widest figure from the start, so that columns stand still while figures
    // change.
    const auto wide = [this](const QString &sample) {
        return m_view->fontMetrics().horizontalAdvance(sample) + 18;
    };
    const std::pair<int, QString> samples[] = {
        {LayersModel::Index, QStringLiteral("9999")},
        {LayersModel::Stage, QStringLiteral("stage 10")},
        {LayersModel::Block, QStringLiteral("Block \u25bc")},
        {LayersModel::Name, QStringLiteral("stage10.10.2.project")},
        {LayersModel::Operator, QStringLiteral("fully_connected")},
        {LayersModel::In, QStringLiteral("160\u00d7160\u00d71024")},
        {LayersModel::Out, QStringLiteral("160\u00d7160\u00d71024")},
        {LayersModel::Kernel, QStringLiteral("k/s \u25bc")},
        {LayersModel::SourceName, QStringLiteral("extrapolated____")}};
    for (int column = 0; column < LayersModel::ColumnCount; ++column)
        m_view->setColumnWidth(column, wide(QStringLiteral("1999.9 KiB_")));
    for (const auto &[column, sample] : samples)
        m_view->setColumnWidth(column, wide(sample));

    m_words->setPlaceholderText(QStringLiteral("Filter, e.g. pointwise s4 or missing"));
    m_words->setClearButtonEnabled(true);
    m_words->setAccessibleName(QStringLiteral("Filter layers"));
    m_words->setMaximumWidth(320);
    m_sums->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_sums->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_sums->setFont(figureFont(font()));
    auto *top = new QHBoxLayout;
    top->setContentsMargins(6, 4, 6, 4);
    top->addWidget(m_words, 1);
    top->addWidget(m_sums, 3);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(top);
    column->addWidget(m_view, 1);

    connect(m_words, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_filter->setWords(text);
        showSums();
        showSelection();
    });
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &LayersTable::rowsChosen);
    connect(&m_document.selection(), &Selection::changed, this, &LayersTable::showSelection);
    connect(&ThemeManager::instance(), &ThemeManager::themeChanged, this, &LayersTable::retheme);
    retheme();
}

void LayersTable::setReport(const ReportPtr &report)
{
    {
        const QScopedValueRollback syncing(m_syncing, true);
        m_model->setReport(report);
    }
    showSums();
    showSelection();
}

void LayersTable::retheme()
{
    // As soft as on the canvas and in the charts: a block's rows are often many.
    const Theme &theme = ThemeManager::instance().theme();
    QPalette colours = m_view->palette();
    colours.setColor(QPalette::Highlight, theme.selection);
    colours.setColor(QPalette::HighlightedText, theme.text);
    m_view->setPalette(colours);
}

void LayersTable::showSums()
{
    const ReportPtr &report = m_model->report();
    if (!report) {
        m_sums->clear();
        return;
    }
    // Sums of the rows in view: the whole network, or what the filter leaves.
    qint64 macs = 0, params = 0, flash = 0, peak = 0, time = 0;
    bool open = false;
    const int rows = m_filter->rowCount();
    for (int row = 0; row < rows; ++row) {
        const int source = m_filter->mapToSource(m_filter->index(row, 0)).row();
        const Layer &layer = report->layers[std::size_t(source)];
        macs += layer.macs;
        params += layer.params;
        flash += layer.flashBytes;
        peak = std::max(peak, layer.sram.total());
        time += layer.latency.value;
        open = open || !layer.latency.high;
    }
    const QString latency = !open ? timeText(time, report->unit)
                            : time == 0
                                ? QStringLiteral("no latency known")
                                : QStringLiteral("at least %1").arg(timeText(time, report->unit));
    m_sums->setText(QStringLiteral("%1   %2 MACs   %3 params   Flash %4   SRAM peak %5   %6")
                        .arg(counted(rows, QStringLiteral("layer")), formatCount(macs),
                             formatCount(params), formatKib(flash), formatKib(peak), latency));
    m_sums->setToolTip(QStringLiteral("Sums of the rows shown; Flash without runtime code (%1)")
                           .arg(formatBytes(flash)));
}

std::vector<int> LayersTable::selectedLayers() const
{
    std::vector<int> layers;
    const QModelIndexList rows = m_view->selectionModel()->selectedRows();
    for (const QModelIndex &row : rows)
        layers.push_back(m_filter->mapToSource(row).row());
    std::sort(layers.begin(), layers.end());
    return layers;
}

void LayersTable::rowsChosen()
{
    if (m_syncing || !m_model->report()) return;
    const QScopedValueRollback syncing(m_syncing, true);
    const std::vector<int> layers = selectedLayers();
    const auto blockOf = [this](int layer) {
        return m_model->report()->layers[std::size_t(layer)].atom.blockId;
    };
    if (layers.empty()) {
        m_document.selection().clear();
    } else if (layers.size() == 1) {
        m_document.selection().selectLayer(layers.front(), blockOf(layers.front()));
    } else {
        std::vector<BlockId> blocks;
        for (int layer : layers)
            if (blockOf(layer) &&
                std::find(blocks.begin(), blocks.end(), blockOf(layer)) == blocks.end())
                blocks.push_back(blockOf(layer));
        m_document.selection().setBlocks(blocks);
    }
}

void LayersTable::showSelection()
{
    if (m_syncing || !m_model->report()) return;
    const QScopedValueRollback syncing(m_syncing, true);
    const Selection &selection = m_document.selection();
    const std::vector<Layer> &layers = m_model->report()->layers;
    QItemSelection rows;
    QModelIndex first;
    for (int i = 0; i < int(layers.size()); ++i) {
        const BlockId block = layers[std::size_t(i)].atom.blockId;
        const bool wanted = selection.layer() ? *selection.layer() == i
                            : block           ? selection.contains(block)
                                              : selection.headSelected();
        if (!wanted) continue;
        const QModelIndex left = m_filter->mapFromSource(m_model->index(i, 0));
        if (!left.isValid()) continue;
        rows.select(left, left.siblingAtColumn(LayersModel::ColumnCount - 1));
        if (!first.isValid() || left.row() < first.row()) first = left;
    }
    QItemSelectionModel *model = m_view->selectionModel();
    if (model->selection() == rows) return;
    model->select(rows, QItemSelectionModel::ClearAndSelect);
    if (!first.isValid()) return;
    model->setCurrentIndex(first, QItemSelectionModel::NoUpdate);
    m_view->scrollTo(first.siblingAtColumn(m_view->columnAt(0)));
}

QString LayersTable::selectedAsText() const
{
    std::vector<int> rows = selectedLayers();
    if (rows.empty())
        for (int row = 0; row < m_model->rowCount(); ++row)
            rows.push_back(row);
    QStringList lines;
    QStringList cells;
    for (int column = 0; column < LayersModel::ColumnCount; ++column)
        cells << m_model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
    lines << cells.join(u'\t');
    for (int row : rows) {
        cells.clear();
        for (int column = 0; column < LayersModel::ColumnCount; ++column)
            cells << m_model->index(row, column).data().toString();
        lines << cells.join(u'\t');
    }
    return lines.join(u'\n') + u'\n';
}

bool LayersTable::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_view && event->type() == QEvent::KeyPress) {
        auto *key = static_cast<QKeyEvent *>(event);
        if (key->matches(QKeySequence::Copy)) {
            QApplication::clipboard()->setText(selectedAsText());
            return true;
        }
        if (key->key() == Qt::Key_Escape) {
            m_view->clearSelection();
            return true;
        }
    }
    // The window's Copy is for blocks; with the focus here it means the rows.
    if (watched == m_view && event->type() == QEvent::ShortcutOverride &&
        static_cast<QKeyEvent *>(event)->matches(QKeySequence::Copy)) {
        event->accept();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

Result<> LayersTable::exportCsv(const QString &path) const
{
    if (!m_model->report())
        return fail(ErrorCode::Usage,
                    QStringLiteral("there is no analysis to export yet; add a block first"), path);
    const QString reason = writeAtomically(path, reportCsv(*m_model->report()));
    if (reason.isEmpty()) return {};
    return fail(ErrorCode::Io,
                QStringLiteral("the table cannot be written: %1; choose another file").arg(reason),
                path);
}

} // namespace atomnet
