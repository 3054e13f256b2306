#include "widgets/dashboards/explorer/explorer_panel.h"

#include "core/base/atomic_file.h"
#include "widgets/common/icons.h"
#include "widgets/common/picture_file.h"
#include "widgets/dashboards/explorer/axis_ticks.h"
#include "widgets/dashboards/explorer/detail_panel.h"
#include "widgets/dashboards/explorer/error_view.h"
#include "widgets/dashboards/explorer/explorer_model.h"
#include "widgets/dashboards/explorer/explorer_text.h"
#include "widgets/dashboards/explorer/filter_panel.h"
#include "widgets/dashboards/explorer/plot_view.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QPainter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace atomnet
{

namespace
{

constexpr int filterWidth = 264, detailWidth = 300;

QJsonObject viewJson(const PlotRect &view)
{
    return {{QStringLiteral("left"), view.left},
            {QStringLiteral("right"), view.right},
            {QStringLiteral("bottom"), view.bottom},
            {QStringLiteral("top"), view.top}};
}

PlotRect viewFrom(const QJsonObject &json)
{
    const auto number = [&json](const char *name) {
        return json.value(QLatin1String(name)).toDouble();
    };
    return {number("left"), number("right"), number("bottom"), number("top")};
}

} // namespace

ExplorerPanel::ExplorerPanel(QWidget *parent)
    : QWidget(parent)
    , m_controls(new ExplorerControls(this))
    , m_filters(new FilterPanel(this))
    , m_stack(new QStackedWidget(this))
    , m_plot(new PlotView(m_stack))
    , m_errors(new ErrorView(m_stack))
    , m_details(new DetailPanel(this))
{
    setObjectName(QStringLiteral("explorer"));
    setAccessibleName(tr("Explorer of AtomDB"));
    m_stack->addWidget(m_plot);
    m_stack->addWidget(m_errors);
    m_filters->setFixedWidth(filterWidth);
    m_filters->hide();
    m_details->setFixedWidth(detailWidth);
    m_details->hide();
    makeButtons();
    auto *middle = new QHBoxLayout;
    middle->setSpacing(4);
    middle->addWidget(m_filters);
    middle->addWidget(m_stack, 1);
    middle->addWidget(m_details);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(6, 4, 6, 4);
    column->setSpacing(4);
    column->addWidget(m_controls);
    column->addLayout(middle, 1);
    setFocusProxy(m_plot);

    m_plot->setDescribe([this](const PlotHit &hit) { return describe(hit); });
    connect(m_plot, &PlotView::clicked, this, &ExplorerPanel::click);
    connect(m_plot, &PlotView::selectionEnded, this, &ExplorerPanel::endSelection);
    connect(m_details, &DetailPanel::closeWanted, this, &ExplorerPanel::endSelection);
    connect(m_details, &DetailPanel::selectInDesignWanted, this, [this] {
        if (m_selected) Q_EMIT selectInDesignWanted(*m_selected);
    });
    connect(m_controls, &ExplorerControls::choiceChanged, this, &ExplorerPanel::choiceChanged);
    connect(m_filters, &FilterPanel::filterChanged, this, [this](const ExplorerFilter &filter) {
        ExplorerChoice choice = m_controls->choice();
        choice.query.filter = filter;
        m_controls->setChoice(choice);
        redraw(true);
    });
    connect(&ThemeManager::instance(), &ThemeManager::themeChanged, this, [this] { redraw(true); });
    redraw(false);
}

void ExplorerPanel::makeButtons()
{
    const auto add = [this](const QString &text, const QString &tip, const QString &image) {
        auto *button = new QToolButton(this);
        button->setText(text);
        button->setToolTip(tip);
        button->setAccessibleName(text);
        if (!image.isEmpty()) {
            button->setIcon(icon(image));
            button->setToolButtonStyle(Qt::ToolButtonIconOnly);
        }
        m_controls->row()->addWidget(button);
        return button;
    };
    m_filterButton = add(tr("Filter"), tr("Show operators by kind, kernel, channels and more"), {});
    m_filterButton->setCheckable(true);
    connect(m_filterButton, &QToolButton::toggled, m_filters, &QWidget::setVisible);
    connect(add(tr("Show all"), tr("Show all of it (0)"), QStringLiteral("zoom-fit")),
            &QToolButton::clicked, m_plot, &PlotView::fit);
    connect(
        add(tr("Export"), tr("Save what is shown as PNG, SVG or CSV"), QStringLiteral("export")),
        &QToolButton::clicked, this, &ExplorerPanel::exportWanted);
    connect(
        add(tr("Own window"), tr("Open the Explorer in its own window"), QStringLiteral("layout")),
        &QToolButton::clicked, this, &ExplorerPanel::windowWanted);
}

void ExplorerPanel::setConditions(const std::vector<ConditionInfo> &conditions)
{
    m_failure.clear();
    m_empty = std::none_of(conditions.begin(), conditions.end(),
                           [](const ConditionInfo &info) { return info.keys > 0; });
    m_controls->setConditions(conditions);
    if (m_empty) {
        m_snapshot.reset();
        redraw(false);
    }
    Q_EMIT requestChanged();
}

void ExplorerPanel::setSnapshot(const ExplorerSnapshotPtr &snapshot)
{
    if (snapshot->request != request()) return; // a newer question is on its way
    const bool sameData = m_snapshot && m_snapshot->first.condition == snapshot->first.condition;
    m_failure.clear();
    m_snapshot = snapshot;
    m_controls->setUnit(snapshot->table->unit());
    showCounts();
    redraw(sameData);
}

void ExplorerPanel::setFailure(const QString &sentence)
{
    m_failure = sentence;
    m_snapshot.reset();
    redraw(false);
}

void ExplorerPanel::prefer(const QString &board, const QString &runtime)
{
    ExplorerChoice choice = m_controls->choice();
    if (!choice.first.board.isEmpty()) return;
    choice.first.board = board;
    choice.first.runtime = runtime;
    m_controls->setChoice(choice);
}

void ExplorerPanel::setDesignKeys(const QSet<AtomKey> &keys)
{
    m_designKeys = keys;
    m_details->setInDesign(m_selected && m_designKeys.contains(*m_selected));
}

ExplorerRequest ExplorerPanel::request() const
{
    return m_controls->request();
}

void ExplorerPanel::choiceChanged()
{
    const ExplorerRequest wanted = request();
    // The same data suffice: at once. Else what is shown stays until the new data come.
    if (m_snapshot && m_snapshot->request == wanted)
        redraw(true);
    else
        Q_EMIT requestChanged();
}

void ExplorerPanel::showCounts()
{
    std::array<quint32, atomKindCount> counts{};
    quint32 acts = 0;
    for (const AtomTable::Row &row : m_snapshot->table->table().rows()) {
        ++counts[std::size_t(row.key.kind)];
        ExplorerFilter bit;
        bit.acts = acts;
        bit.setAct(row.key.act, true);
        acts = bit.acts;
    }
    m_filters->setCounts(counts, acts);
}

void ExplorerPanel::redraw(bool keepView)
{
    const ExplorerChoice &choice = m_controls->choice();
    m_filterButton->setText(choice.query.filter == ExplorerFilter{} ? tr("Filter")
                                                                    : tr("Filter \u2022"));
    if (!m_snapshot) {
        auto model = std::make_shared<PlotModel>();
        model->message = !m_failure.isEmpty() ? m_failure
                         : m_empty ? tr("AtomDB holds no samples yet: import the authors' CSV "
                                        "files (tab Contents) or measure on a board.")
                                   : tr("Reading AtomDB\u2026");
        m_plot->setModel(model, false);
        m_stack->setCurrentWidget(m_plot);
        endSelection();
        return;
    }
    const bool errors = choice.query.view == ExplorerView::Errors;
    if (errors) {
        const bool predicted = m_snapshot->table->model() != nullptr;
        m_errors->setHistogram(
            predicted ? errorHistogram(*m_snapshot->table,
                                       filterRows(*m_snapshot->table, choice.query.filter),
                                       ErrorView::bins)
                      : ErrorHistogram{},
            predicted ? QString()
                      : (m_snapshot->note.isEmpty() ? tr("Predicting\u2026") : m_snapshot->note));
        m_stack->setCurrentWidget(m_errors);
    } else {
        const bool sameView = choice.query.view == m_drawn.query.view;
        m_plot->setModel(makePlotModel(choice.query, *m_snapshot, ThemeManager::instance().theme()),
                         keepView && sameView);
        m_stack->setCurrentWidget(m_plot);
        if (!m_restoredView.isEmpty()) {
            m_plot->setView(viewFrom(m_restoredView));
            m_restoredView = {};
        }
    }
    m_drawn = choice;
    showSelected();
}

QString ExplorerPanel::describe(const PlotHit &hit) const
{
    if (!m_snapshot) return {};
    switch (hit.what) {
    case PlotHit::What::Point:
        return (m_drawn.query.view == ExplorerView::Compare
                    ? pairText(*m_snapshot, m_snapshot->pairs->pairs[hit.row])
                    : rowText(*m_snapshot->table, hit.row))
            .join(u'\n');
    case PlotHit::What::Gap:
        return gapText(*m_snapshot->coverage, hit.row).join(u'\n');
    case PlotHit::What::Cell:
        return tr("%1: %2\nmedian of %3 operators")
            .arg(fieldTitle(m_drawn.query.heat.field, m_snapshot->table->unit()),
                 axisText(double(hit.median), 4), thousands(hit.count));
    }
    return {};
}

std::optional<AtomKey> ExplorerPanel::keyOf(const PlotHit &hit) const
{
    if (!m_snapshot || hit.what == PlotHit::What::Cell) return std::nullopt;
    if (hit.what == PlotHit::What::Gap) return m_snapshot->coverage->gaps[hit.row].key;
    const bool compares = m_drawn.query.view == ExplorerView::Compare;
    return m_snapshot->table->row(compares ? m_snapshot->pairs->pairs[hit.row].first : hit.row).key;
}

void ExplorerPanel::click(const PlotHit &hit)
{
    const std::optional<AtomKey> key = keyOf(hit);
    if (!key) return;
    m_selected = key;
    m_plot->setSelected(hit);
    m_details->setText(describe(hit).split(u'\n'));
    m_details->setSamples(std::nullopt, m_snapshot->table->unit());
    m_details->setInDesign(m_designKeys.contains(*key));
    m_details->show();
    if (hit.what == PlotHit::What::Point) Q_EMIT samplesWanted(m_snapshot->first.id, *key);
}

void ExplorerPanel::endSelection()
{
    m_selected.reset();
    m_plot->setSelected(std::nullopt);
    m_details->hide();
}

std::optional<PlotHit> ExplorerPanel::findSelected() const
{
    if (!m_selected || !m_snapshot) return std::nullopt;
    for (const bool gap : {false, true})
        for (const PlotPoint &p :
             (gap ? m_plot->model()->gaps : m_plot->model()->points).points()) {
            const PlotHit hit{gap ? PlotHit::What::Gap : PlotHit::What::Point,
                              p.row,
                              {double(p.x), double(p.y)},
                              0,
                              1};
            if (keyOf(hit) == m_selected) return hit;
        }
    return std::nullopt;
}

void ExplorerPanel::showSelected()
{
    if (!m_selected) return;
    const std::optional<PlotHit> hit = findSelected();
    m_plot->setSelected(hit);
    if (!hit) return; // filtered away: the details stay
    m_details->setText(describe(*hit).split(u'\n'));
    if (hit->what == PlotHit::What::Point) Q_EMIT samplesWanted(m_snapshot->first.id, *m_selected);
}

void ExplorerPanel::setSamples(const ExplorerSamples &samples)
{
    if (!m_selected || !m_snapshot || samples.key != *m_selected ||
        samples.condition != m_snapshot->first.id)
        return;
    m_details->setSamples(samples.samples, m_snapshot->table->unit());
}

QJsonObject ExplorerPanel::state() const
{
    QJsonObject state = toJson(m_controls->choice());
    state.insert(QStringLiteral("filters"), m_filterButton->isChecked());
    if (!m_plot->isFitted() && m_snapshot)
        state.insert(QStringLiteral("zoom"), viewJson(m_plot->view()));
    return state;
}

void ExplorerPanel::restore(const QJsonObject &state)
{
    const ExplorerChoice choice = explorerChoiceFrom(state);
    m_filters->setFilter(choice.query.filter);
    m_filterButton->setChecked(state.value(QLatin1String("filters")).toBool());
    m_restoredView = state.value(QLatin1String("zoom")).toObject();
    m_controls->setChoice(choice);
    redraw(false);
    Q_EMIT requestChanged();
}

Result<> ExplorerPanel::exportTo(const QString &path)
{
    if (!m_snapshot)
        return fail(ErrorCode::Usage,
                    tr("there is nothing to export yet; wait until AtomDB is read"));
    if (QFileInfo(path).suffix().toLower() == QLatin1String("csv")) {
        const bool errors = m_stack->currentWidget() == m_errors;
        const PlotModelPtr model =
            errors ? makePlotModel(m_drawn.query, *m_snapshot, ThemeManager::instance().theme())
                   : m_plot->model();
        const QString reason =
            writeAtomically(path, shownCsv(m_drawn.query, *m_snapshot, *model,
                                           errors ? model->extent() : m_plot->view()));
        if (reason.isEmpty()) return {};
        return fail(
            ErrorCode::Io,
            tr("the table was not saved (%1); choose another folder or file name").arg(reason),
            QFileInfo(path).fileName());
    }
    const QSize size = m_stack->size();
    return writePicture(path, tr("AtomDB"), size, ThemeManager::instance().theme().base,
                        [&](QPainter &painter) {
                            if (m_stack->currentWidget() == m_errors)
                                m_errors->paintTo(painter, size);
                            else
                                m_plot->paintTo(painter, size);
                        });
}

} // namespace atomnet
