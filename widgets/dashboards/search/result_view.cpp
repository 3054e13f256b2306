#include "widgets/dashboards/search/result_view.h"

#include "core/base/format.h"
#include "widgets/common/figure_font.h"
#include "widgets/common/theme.h"
#include "widgets/dashboards/search/cells_model.h"
#include "widgets/dashboards/search/search_text.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QTabBar>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <set>

namespace atomnet
{

namespace
{

constexpr int sideBySideWidth = 760; ///< from here on list and comparison are shown at once
constexpr std::size_t mostCompared = 6;

CellsModel::Cell figureCell(Figure figure, qint64 value, TimeUnit unit)
{
    return {figureText(figure, value, unit), exactText(figure, value, unit), true};
}

QString percent(double share)
{
    return formatPercent(share);
}

QString inputText(const Network &network)
{
    return QStringLiteral("%1\u00d7%2\u00d7%3")
        .arg(network.input.h)
        .arg(network.input.w)
        .arg(network.input.c);
}

} // namespace

ResultView::ResultView(QWidget *parent)
    : QWidget(parent)
    , m_headline(new QLabel(this))
    , m_proof(new QLabel(this))
    , m_fixes(new QWidget(this))
    , m_fixRow(new QHBoxLayout(m_fixes))
    , m_tabs(new QTabBar(this))
    , m_listCells(new CellsModel(this))
    , m_comparisonCells(new CellsModel(this))
    , m_open(new QPushButton(QStringLiteral("&Open on canvas"), this))
    , m_measure(new QPushButton(QStringLiteral("&Measure estimated"), this))
{
    setAccessibleName(QStringLiteral("Best networks"));
    m_headline->setObjectName(QStringLiteral("searchHeadline"));
    m_proof->setObjectName(QStringLiteral("searchProof"));
    for (QLabel *label : {m_headline, m_proof}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
        label->setFont(figureFont(label->font()));
    }
    QFont bold = m_headline->font();
    bold.setBold(true);
    m_headline->setFont(bold);
    m_fixRow->setContentsMargins(0, 0, 0, 0);
    m_fixRow->setSpacing(4);
    m_fixes->hide();

    m_list = makeTable(m_listCells, QStringLiteral("topList"));
    m_list->setAccessibleName(QStringLiteral("Top list"));
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_list->installEventFilter(this);
    m_comparison = makeTable(m_comparisonCells, QStringLiteral("sideBySide"));
    m_comparison->setAccessibleName(QStringLiteral("Side by side"));
    m_comparison->setSelectionMode(QAbstractItemView::SingleSelection);
    m_tabs->addTab(QStringLiteral("Side by side"));
    m_tabs->addTab(QStringLiteral("Top list"));
    m_tabs->setObjectName(QStringLiteral("resultTabs"));
    m_tabs->setAccessibleName(QStringLiteral("What is shown of the result"));
    m_tabs->setDrawBase(false);
    m_open->setObjectName(QStringLiteral("openOnCanvas"));
    m_open->setToolTip(QStringLiteral("The chosen network takes your design's place: one undo "
                                      "step, locks stay"));
    m_measure->setObjectName(QStringLiteral("measureEstimated"));
    m_measure->setToolTip(QStringLiteral("Measure the chosen network's operators that AtomDB lacks "
                                         "on the board, then search again"));

    auto *bar = new QHBoxLayout;
    bar->setSpacing(4);
    bar->addWidget(m_tabs);
    bar->addStretch(1);
    bar->addWidget(m_open);
    bar->addWidget(m_measure);
    auto *tables = new QHBoxLayout;
    tables->setSpacing(8);
    tables->addWidget(m_list, 1);
    tables->addWidget(m_comparison, 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(3);
    column->addWidget(m_headline);
    column->addWidget(m_proof);
    column->addWidget(m_fixes);
    column->addLayout(bar);
    column->addLayout(tables, 1);
    setMinimumWidth(300);

    connect(m_tabs, &QTabBar::currentChanged, this, &ResultView::arrange);
    connect(m_open, &QPushButton::clicked, this, &ResultView::open);
    connect(m_list, &QTableView::doubleClicked, this, &ResultView::open);
    connect(m_measure, &QPushButton::clicked, this, [this] {
        if (const Candidate *chosen = current()) Q_EMIT measureRequested(chosen->network);
    });
    connect(m_list->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        showComparison();
        Q_EMIT currentChanged();
    });
    connect(&ThemeManager::instance(), &ThemeManager::themeChanged, this, &ResultView::retheme);
    retheme();
    m_headline->setText(QStringLiteral("Press Search for the best network within the limits."));
    m_proof->setText(QStringLiteral("The whole space is searched and the result proven; lock what "
                                    "you want to keep of your design on the canvas."));
    showList();
    arrange();
}

QTableView *ResultView::makeTable(CellsModel *model, const QString &name)
{
    auto *table = new QTableView(this);
    table->setObjectName(name);
    table->setModel(model);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setWordWrap(false);
    table->setShowGrid(false);
    table->setAlternatingRowColors(true);
    table->setFont(figureFont(font()));
    table->setTabKeyNavigation(false);
    table->setFrameShape(QFrame::NoFrame);
    table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(table->fontMetrics().height() + 4);
    table->verticalHeader()->setMinimumSectionSize(12);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setStretchLastSection(true);
    return table;
}

void ResultView::setResult(const SearchResult &result, const SearchLimits &limits,
                           const SpaceCount &space, const Target &target)
{
    m_unit = unitOf(target);
    m_evolved = false;
    m_infeasible = result.top.empty();
    m_listed = result.top;
    m_hasPicked = false;
    if (m_infeasible && result.nearest) m_listed = {*result.nearest};
    QString proof = proofText(result, space);
    if (m_infeasible)
        proof = result.nearest ? QStringLiteral("Below: the network that breaks the limits least.")
                               : QString();
    showListed(limits, proof);
    if (m_infeasible)
        m_headline->setText(result.whyInfeasible.isEmpty()
                                ? QStringLiteral("No network of the space is within the limits.")
                                : result.whyInfeasible);
    showFixes(result);
}

void ResultView::setEvolved(const EvolutionResult &result, const SearchLimits &limits,
                            const Target &target)
{
    m_unit = unitOf(target);
    m_evolved = true;
    m_infeasible = false;
    m_listed = result.top;
    m_hasPicked = false;
    QString proof = QStringLiteral("Best of %1 networks scored; evolution proves nothing")
                        .arg(result.evaluated);
    if (result.unknown > 0) proof += QStringLiteral(", %1 had no accuracy").arg(result.unknown);
    if (result.infeasible > 0)
        proof += QStringLiteral(", %1 broke the limits").arg(result.infeasible);
    showListed(limits, proof);
    showFixes({});
}

void ResultView::showListed(const SearchLimits &limits, const QString &proof)
{
    m_outdated = false;
    m_headline->setText(m_listed.empty() ? QString() : headlineFor(m_listed.front(), limits));
    m_proof->setText(proof);
    m_proof->setVisible(!proof.isEmpty());
    showList();
    m_list->selectRow(0);
    showComparison();
    retheme();
    Q_EMIT currentChanged();
}

QString ResultView::headlineFor(const Candidate &best, const SearchLimits &limits) const
{
    const auto against = [&](Figure figure) {
        const QString value = figureText(figure, figureOf(best, figure), m_unit);
        const auto limit = limitOf(limits, figure);
        if (!limit) return value;
        return QStringLiteral("%1 of %2")
            .arg(value.endsWith(QStringLiteral("KiB")) ? withoutUnit(value) : value,
                 figureText(figure, *limit, m_unit));
    };
    const QString score = m_evolved
                              ? QStringLiteral("Accuracy %1 \u00b7 ").arg(best.objective, 0, 'g', 6)
                              : QString();
    return QStringLiteral("%1%2 MACs \u00b7 %3 (%4 measured) \u00b7 SRAM %5 \u00b7 Flash %6")
        .arg(score, figureText(Figure::Macs, best.macs, m_unit), against(Figure::Latency),
             percent(best.measuredShare()), against(Figure::Sram), against(Figure::Flash));
}

void ResultView::setPicked(const std::optional<Candidate> &picked)
{
    if (m_hasPicked) m_listed.pop_back();
    m_hasPicked = picked.has_value();
    if (picked) m_listed.push_back(*picked);
    showList();
    const int row = picked ? int(m_listed.size()) - 1 : 0;
    m_list->selectRow(row);
    m_list->scrollTo(m_listCells->index(row, 0));
    showComparison();
    Q_EMIT currentChanged();
}

void ResultView::setPresent(const std::shared_ptr<const Report> &report, const Network &design)
{
    m_report = report;
    m_design = design;
    showComparison();
}

void ResultView::setOutdated(bool outdated)
{
    if (outdated == m_outdated) return;
    m_outdated = outdated;
    retheme();
}

std::vector<int> ResultView::chosenRows() const
{
    std::set<int> rows;
    const QModelIndexList chosen = m_list->selectionModel()->selectedRows();
    for (const QModelIndex &index : chosen)
        if (std::size_t(index.row()) < m_listed.size()) rows.insert(index.row());
    if (rows.empty() && !m_listed.empty()) rows.insert(0);
    return {rows.begin(), rows.end()};
}

const Candidate *ResultView::current() const
{
    const std::vector<int> rows = chosenRows();
    if (rows.empty()) return nullptr;
    const int focused = m_list->currentIndex().row();
    const bool among = std::find(rows.begin(), rows.end(), focused) != rows.end();
    return &m_listed[std::size_t(among ? focused : rows.front())];
}

QString ResultView::headline() const
{
    return m_headline->text();
}

QString ResultView::proof() const
{
    return m_proof->text();
}

void ResultView::showList()
{
    std::vector<CellsModel::Cell> header{
        {QStringLiteral("#"), {}, true},
        {QStringLiteral("MACs"), {}, true},
        {QStringLiteral("Latency"), {}, true},
        {QStringLiteral("SRAM"), {}, true},
        {QStringLiteral("Flash"), {}, true},
        {QStringLiteral("Measured"), QStringLiteral("Share of the latency"), true},
        {QStringLiteral("Input: width\u00d7depth of each stage")}};
    if (m_evolved) header.insert(header.begin() + 1, {QStringLiteral("Accuracy"), {}, true});
    std::vector<CellsModel::Row> rows;
    for (std::size_t i = 0; i < m_listed.size(); ++i) {
        const Candidate &each = m_listed[i];
        const bool picked = m_hasPicked && i + 1 == m_listed.size();
        CellsModel::Row row{{picked ? QStringLiteral("\u25cf") : QString::number(i + 1),
                             picked ? QStringLiteral("Chosen in the Pareto front") : QString(),
                             true}};
        if (m_evolved) row.push_back({QString::number(each.objective, 'g', 6), {}, true});
        for (const Figure figure : allFigures)
            row.push_back(figureCell(figure, figureOf(each, figure), m_unit));
        row.push_back({percent(each.measuredShare()), {}, true});
        row.push_back({networkText(each.network)});
        rows.push_back(std::move(row));
    }
    const bool columns = m_listCells->columnCount() != int(header.size());
    m_listCells->set(header, std::move(rows));
    if (columns) {
        const auto wide = [this](const char *sample) {
            return m_list->fontMetrics().horizontalAdvance(QString::fromLatin1(sample)) + 12;
        };
        for (int i = 0; i < int(header.size()); ++i)
            m_list->setColumnWidth(i, wide(i == 0 ? "99" : "999.9 KiB"));
    }
    m_open->setEnabled(!m_listed.empty() && !m_infeasible);
    m_measure->setEnabled(!m_listed.empty());
}

void ResultView::showComparison()
{
    std::vector<int> chosen = chosenRows();
    if (chosen.size() > mostCompared) chosen.resize(mostCompared);
    std::vector<CellsModel::Cell> header{{}, {QStringLiteral("Your design"), m_design.name}};
    std::vector<const Candidate *> candidates;
    for (const int row : chosen) {
        candidates.push_back(&m_listed[std::size_t(row)]);
        header.push_back({m_listCells->text(row, 0) == QStringLiteral("1")
                              ? QStringLiteral("Best")
                              : QStringLiteral("No. ") + m_listCells->text(row, 0)});
    }
    std::vector<CellsModel::Row> rows;
    using Cell = CellsModel::Cell;
    const auto add = [&](const QString &name, const Cell &present,
                         const std::function<Cell(const Candidate &)> &of) {
        CellsModel::Row row{{name, {}, false, false, true}, present};
        for (const Candidate *each : candidates) {
            Cell cell = of(*each);
            cell.muted = cell.text == present.text; // what differs stands out
            row.push_back(cell);
        }
        rows.push_back(std::move(row));
    };
    for (const Figure figure : allFigures) {
        Cell present{QStringLiteral("\u2013")};
        if (m_report) present = figureCell(figure, figureOf(*m_report, figure), m_unit);
        const bool open = figure == Figure::Latency && m_report && !m_report->latency.high;
        if (open) present.text = QStringLiteral("\u2265 ") + present.text;
        present.figure = false;
        add(figureName(figure), present, [&](const Candidate &each) {
            Cell cell = figureCell(figure, figureOf(each, figure), m_unit);
            cell.figure = false;
            return cell;
        });
    }
    add(QStringLiteral("Measured"),
        {m_report ? percent(m_report->measuredShare) : QStringLiteral("\u2013")},
        [](const Candidate &each) { return Cell{percent(each.measuredShare())}; });
    add(QStringLiteral("Input"), {inputText(m_design)},
        [](const Candidate &each) { return Cell{inputText(each.network)}; });
    std::size_t stages = m_design.stages.size();
    for (const Candidate *each : candidates)
        stages = std::max(stages, each->network.stages.size());
    for (std::size_t s = 0; s < stages; ++s) {
        const auto cell = [s](const Network &network) {
            return s < network.stages.size() ? Cell{stageText(network.stages[s])} : Cell{};
        };
        QString name;
        for (const Candidate *each : candidates)
            if (name.isEmpty() && s < each->network.stages.size())
                name = each->network.stages[s].name;
        if (name.isEmpty() && s < m_design.stages.size()) name = m_design.stages[s].name;
        add(name, cell(m_design), [&](const Candidate &each) { return cell(each.network); });
    }
    const bool columns = m_comparisonCells->columnCount() != int(header.size());
    m_comparisonCells->set(header, std::move(rows));
    if (columns) {
        const auto wide = [this](const char *sample) {
            return m_comparison->fontMetrics().horizontalAdvance(QString::fromLatin1(sample)) + 12;
        };
        m_comparison->setColumnWidth(0, wide("Measured"));
        for (int i = 1; i < int(header.size()); ++i)
            m_comparison->setColumnWidth(i, wide("ConvNeXt 999 e6 SE x9"));
    }
}

void ResultView::showFixes(const SearchResult &result)
{
    while (QLayoutItem *item = m_fixRow->takeAt(0)) {
        if (item->widget()) item->widget()->deleteLater();
        delete item;
    }
    const auto add = [this](const QString &name, const QString &text) {
        auto *button = new QPushButton(text, m_fixes);
        button->setObjectName(name);
        m_fixRow->addWidget(button);
        return button;
    };
    for (const Binding &binding : result.bindings) {
        if (!binding.nearest) {
            const bool unmeasured = binding.figure == QStringLiteral("measured operators");
            if (!unmeasured) continue;
            connect(add(QStringLiteral("fixEstimates"), QStringLiteral("Use best estimates")),
                    &QPushButton::clicked, this, &ResultView::estimatesRequested);
            continue;
        }
        for (const Figure figure : {Figure::Sram, Figure::Flash, Figure::Latency}) {
            if (binding.figure.compare(figureName(figure), Qt::CaseInsensitive) != 0) continue;
            auto *button =
                add(QStringLiteral("fix") + figureName(figure),
                    QStringLiteral("Set %1 to %2")
                        .arg(figureName(figure), figureText(figure, *binding.nearest, m_unit)));
            button->setToolTip(
                QStringLiteral("The smallest limit that some network keeps, all others as they "
                               "are: %1")
                    .arg(exactText(figure, *binding.nearest, m_unit)));
            connect(button, &QPushButton::clicked, this,
                    [this, figure, nearest = *binding.nearest] {
                        Q_EMIT limitRequested(figure, nearest);
                    });
        }
    }
    m_fixRow->addStretch(1);
    m_fixes->setVisible(m_fixRow->count() > 1);
}

void ResultView::arrange()
{
    const bool both = width() >= sideBySideWidth;
    m_tabs->setVisible(!both);
    m_list->setVisible(both || m_tabs->currentIndex() == 1);
    m_comparison->setVisible(both || m_tabs->currentIndex() == 0);
}

void ResultView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

bool ResultView::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_list && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            open();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void ResultView::open()
{
    const Candidate *chosen = current();
    if (chosen && m_open->isEnabled()) Q_EMIT openRequested(chosen->network);
}

void ResultView::retheme()
{
    const Theme &theme = ThemeManager::instance().theme();
    QPalette strong = palette(), muted = palette();
    strong.setColor(QPalette::WindowText, m_outdated     ? theme.mutedText
                                          : m_infeasible ? theme.fitOver
                                                         : theme.text);
    muted.setColor(QPalette::WindowText, theme.mutedText);
    m_headline->setPalette(strong);
    m_proof->setPalette(muted);
    for (QTableView *table : {m_list, m_comparison})
        table->setEnabled(!m_outdated);
}

} // namespace atomnet
