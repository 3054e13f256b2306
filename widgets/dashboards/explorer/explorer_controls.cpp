#include "widgets/dashboards/explorer/explorer_controls.h"

#include "widgets/dashboards/explorer/explorer_text.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QScopedValueRollback>
#include <QToolButton>

#include <algorithm>
#include <tuple>

namespace atomnet
{

namespace
{

struct ViewText {
    ExplorerView view;
    const char *title, *tip;
};
constexpr ViewText views[] = {
    {ExplorerView::Scatter, "Scatter", "Each operator as a point over two figures"},
    {ExplorerView::HeatMap, "Heat map", "The median of a figure over two others"},
    {ExplorerView::Roofline, "Roofline", "How fast operators are for their arithmetic intensity"},
    {ExplorerView::Coverage, "Coverage", "What is measured, and what a search space lacks"},
    {ExplorerView::Prediction, "Predicted", "What the model says over what was measured"},
    {ExplorerView::Errors, "Prediction errors", "How wrong the model is, kind by kind"},
    {ExplorerView::Compare, "Compare",
     "Two boards, runtimes or conditions: the ratio of the same operators"},
};

struct SpaceText {
    const char *name, *title;
};
constexpr SpaceText spaces[] = {{"paper", "Table 2 of the paper"},
                                {"paper96", "Table 2, resolution 96"},
                                {"paper-wide", "Table 2, widened"}};

QJsonObject conditionJson(const RunCondition &c)
{
    return {{QStringLiteral("board"), c.board},           {QStringLiteral("runtime"), c.runtime},
            {QStringLiteral("clock"), double(c.clockHz)}, {QStringLiteral("caches"), c.caches},
            {QStringLiteral("compiler"), c.compiler},     {QStringLiteral("flags"), c.flags},
            {QStringLiteral("kernels"), c.kernelVersion}};
}

RunCondition conditionFrom(const QJsonValue &value)
{
    const QJsonObject json = value.toObject();
    const auto text = [&json](const char *name) {
        return json.value(QLatin1String(name)).toString();
    };
    RunCondition c;
    c.board = text("board");
    c.runtime = text("runtime");
    c.clockHz = json.value(QLatin1String("clock")).toInteger();
    c.caches = text("caches");
    c.compiler = text("compiler");
    c.flags = text("flags");
    c.kernelVersion = text("kernels");
    return c;
}

} // namespace

QJsonObject toJson(const ExplorerChoice &choice)
{
    return {{QStringLiteral("query"), toJson(choice.query)},
            {QStringLiteral("first"), conditionJson(choice.first)},
            {QStringLiteral("second"), conditionJson(choice.second)},
            {QStringLiteral("space"), choice.space}};
}

ExplorerChoice explorerChoiceFrom(const QJsonObject &json)
{
    ExplorerChoice choice;
    choice.query = explorerQueryFrom(json.value(QLatin1String("query")).toObject());
    choice.first = conditionFrom(json.value(QLatin1String("first")));
    choice.second = conditionFrom(json.value(QLatin1String("second")));
    choice.space = json.value(QLatin1String("space")).toString(choice.space);
    return choice;
}

const ConditionInfo *bestCondition(const std::vector<ConditionInfo> &conditions,
                                   const RunCondition &wanted)
{
    const ConditionInfo *best = nullptr;
    const auto worth = [&wanted](const ConditionInfo &info) {
        return std::tuple(info.condition == wanted,
                          info.condition.board == wanted.board &&
                              info.condition.runtime == wanted.runtime,
                          info.samples);
    };
    for (const ConditionInfo &info : conditions)
        if (info.keys > 0 && (!best || worth(info) > worth(*best))) best = &info;
    return best;
}

ExplorerControls::ExplorerControls(QWidget *parent) : QWidget(parent), m_row(new QHBoxLayout(this))
{
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(4);
    m_view = makeCombo(tr("View"), 11);
    for (const ViewText &each : views) {
        m_view->addItem(tr(each.title), int(each.view));
        m_view->setItemData(m_view->count() - 1, tr(each.tip), Qt::ToolTipRole);
    }
    m_first = makeCombo(tr("Run condition"), 27);
    m_first->setToolTip(tr("Board, runtime and clock of the samples"));
    m_secondLabel = new QLabel(tr("against"), this);
    m_row->addWidget(m_secondLabel);
    m_second = makeCombo(tr("Run condition to compare with"), 27);
    m_spaceLabel = new QLabel(tr("space"), this);
    m_row->addWidget(m_spaceLabel);
    m_space = makeCombo(tr("Search space whose gaps to show"), 16);
    for (const SpaceText &each : spaces)
        m_space->addItem(tr(each.title), QString::fromLatin1(each.name));
    m_space->addItem(tr("Space file\u2026"));
    m_y = makeAxis(tr("y"));
    m_x = makeAxis(tr("x"));
    m_heat = makeAxis(tr("colour"));
    m_row->addStretch(1);
    for (QComboBox *combo : {m_view, m_first, m_second})
        connect(combo, &QComboBox::currentIndexChanged, this, &ExplorerControls::changed);
    connect(m_space, &QComboBox::activated, this, &ExplorerControls::chooseSpace);
    show();
}

QComboBox *ExplorerControls::makeCombo(const QString &name, int characters)
{
    auto *combo = new QComboBox(this);
    combo->setAccessibleName(name);
    combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    combo->setMinimumContentsLength(characters);
    m_row->addWidget(combo);
    return combo;
}

ExplorerControls::AxisEditor ExplorerControls::makeAxis(const QString &name)
{
    AxisEditor editor{};
    editor.label = new QLabel(name, this);
    m_row->addWidget(editor.label);
    editor.field = makeCombo(tr("Figure along %1").arg(name), 13);
    editor.label->setBuddy(editor.field);
    editor.log = new QToolButton(this);
    editor.log->setText(tr("log"));
    editor.log->setCheckable(true);
    editor.log->setAccessibleName(tr("Logarithmic %1").arg(name));
    editor.log->setToolTip(tr("Logarithmic or linear"));
    m_row->addWidget(editor.log);
    QToolButton *log = editor.log;
    connect(editor.field, &QComboBox::currentIndexChanged, this, [this, log, field = editor.field] {
        if (m_showing) return;
        { // each figure comes with the axis that suits it
            const QScopedValueRollback showing(m_showing, true);
            log->setChecked(prefersLog(ExplorerField(field->currentData().toInt())));
        }
        changed();
    });
    connect(editor.log, &QToolButton::toggled, this, &ExplorerControls::changed);
    return editor;
}

void ExplorerControls::setConditions(const std::vector<ConditionInfo> &conditions)
{
    m_conditions = conditions;
    if (const ConditionInfo *best = bestCondition(conditions, m_choice.first))
        m_choice.first = best->condition;
    show();
}

void ExplorerControls::setUnit(SampleUnit unit)
{
    if (unit == m_unit) return;
    m_unit = unit;
    show();
}

void ExplorerControls::setChoice(const ExplorerChoice &choice)
{
    m_choice = choice;
    setConditions(m_conditions);
}

ExplorerRequest ExplorerControls::request() const
{
    ExplorerRequest request;
    const auto idOf = [this](const RunCondition &condition) {
        for (const ConditionInfo &info : m_conditions)
            if (info.condition == condition) return info.id;
        return qint64(0);
    };
    request.first = idOf(m_choice.first);
    const ExplorerQuery &query = m_choice.query;
    if (query.view == ExplorerView::Compare) request.second = idOf(m_choice.second);
    if (query.view == ExplorerView::Coverage) request.space = m_choice.space;
    const auto predicted = [](ExplorerField field) {
        return field == ExplorerField::Predicted || field == ExplorerField::PredictionError;
    };
    request.predict = query.view == ExplorerView::Prediction ||
                      query.view == ExplorerView::Errors || predicted(xAxisOf(query).field) ||
                      predicted(yAxisOf(query).field) ||
                      (query.view == ExplorerView::HeatMap && predicted(query.heat.field));
    return request;
}

void ExplorerControls::fillFields(const AxisEditor &editor, const ExplorerAxis &axis,
                                  bool shapesAlone)
{
    editor.field->clear();
    for (int i = 0; i < explorerFieldCount; ++i)
        if (!shapesAlone || isShapeField(ExplorerField(i)))
            editor.field->addItem(fieldTitle(ExplorerField(i), m_unit), i);
    editor.field->setCurrentIndex(editor.field->findData(int(axis.field)));
    editor.log->setChecked(axis.log);
}

void ExplorerControls::fillConditions()
{
    m_first->clear();
    m_second->clear();
    bool second = false;
    for (const ConditionInfo &info : m_conditions) {
        if (info.keys == 0) continue;
        const QString text = conditionLabel(info.condition);
        const QString tip =
            tr("%1 operators, %2 samples").arg(thousands(info.keys), thousands(info.samples));
        m_first->addItem(text, info.id);
        m_first->setItemData(m_first->count() - 1, tip, Qt::ToolTipRole);
        if (info.condition == m_choice.first) {
            m_first->setCurrentIndex(m_first->count() - 1);
            continue;
        }
        m_second->addItem(text, info.id);
        m_second->setItemData(m_second->count() - 1, tip, Qt::ToolTipRole);
        if (info.condition != m_choice.second) continue;
        m_second->setCurrentIndex(m_second->count() - 1);
        second = true;
    }
    if (second || m_conditions.empty()) return; // what was restored waits for AtomDB
    m_choice.second = {};
    for (const ConditionInfo &info : m_conditions)
        if (m_second->count() > 0 && info.id == m_second->currentData().toLongLong())
            m_choice.second = info.condition;
}

void ExplorerControls::show()
{
    const QScopedValueRollback showing(m_showing, true);
    const ExplorerQuery &query = m_choice.query;
    const ExplorerView view = query.view;
    m_view->setCurrentIndex(m_view->findData(int(view)));
    m_view->setToolTip(m_view->currentData(Qt::ToolTipRole).toString());
    fillConditions();
    const bool shapes = view == ExplorerView::Coverage;
    fillFields(m_x, xAxisOf(query), shapes);
    fillFields(m_y, yAxisOf(query), shapes);
    fillFields(m_heat, query.heat, false);
    const auto setShown = [](const AxisEditor &editor, bool shown) {
        editor.label->setVisible(shown);
        editor.field->setVisible(shown);
        editor.log->setVisible(shown);
    };
    setShown(m_x, choosesX(view));
    setShown(m_y, choosesY(view));
    setShown(m_heat, view == ExplorerView::HeatMap);
    m_secondLabel->setVisible(view == ExplorerView::Compare);
    m_second->setVisible(view == ExplorerView::Compare);
    m_spaceLabel->setVisible(shapes);
    m_space->setVisible(shapes);
    int space = m_space->findData(m_choice.space);
    if (space < 0) { // a file, before the item that asks for one
        space = m_space->count() - 1;
        m_space->insertItem(space, QFileInfo(m_choice.space).fileName(), m_choice.space);
    }
    m_space->setCurrentIndex(space);
    setEnabled(!m_conditions.empty());
}

void ExplorerControls::changed()
{
    if (m_showing) return;
    ExplorerChoice next = m_choice;
    next.query.view = ExplorerView(m_view->currentData().toInt());
    for (const ConditionInfo &info : m_conditions) {
        if (info.id == m_first->currentData().toLongLong()) next.first = info.condition;
        if (info.id == m_second->currentData().toLongLong()) next.second = info.condition;
    }
    const auto read = [](const AxisEditor &editor) {
        return ExplorerAxis{ExplorerField(editor.field->currentData().toInt()),
                            editor.log->isChecked()};
    };
    // What the old view did not let choose stays as it was chosen before.
    const ExplorerView view = m_choice.query.view;
    const bool covers = view == ExplorerView::Coverage;
    if (choosesX(view)) (covers ? next.query.coverX : next.query.x) = read(m_x);
    if (choosesY(view)) (covers ? next.query.coverY : next.query.y) = read(m_y);
    if (view == ExplorerView::HeatMap) next.query.heat = read(m_heat);
    if (next == m_choice) return;
    m_choice = next;
    show();
    Q_EMIT choiceChanged();
}

void ExplorerControls::chooseSpace(int index)
{
    QString name = m_space->itemData(index).toString();
    if (name.isEmpty())
        name = QFileDialog::getOpenFileName(this, tr("Open a search space"), {},
                                            tr("Search spaces (*.json);;All files (*)"));
    if (!name.isEmpty() && name != m_choice.space) {
        m_choice.space = name;
        show();
        Q_EMIT choiceChanged();
    } else {
        show();
    }
}

} // namespace atomnet
