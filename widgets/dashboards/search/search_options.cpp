#include "widgets/dashboards/search/search_options.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QFrame>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QSpinBox>

#include <algorithm>
#include <limits>

namespace atomnet
{

namespace
{

struct Weight {
    const char *key, *label;
};
constexpr Weight weights[] = {{"macs", "MACs"},
                              {"latency_ms", "latency, per ms"},
                              {"sram_kib", "SRAM, per KiB"},
                              {"flash_kib", "Flash, per KiB"},
                              {"params", "parameters"}};
const QString mostMacs = QStringLiteral("macs");

QString keyOf(const Weight &weight)
{
    return QString::fromLatin1(weight.key);
}

/// Folds rows of a form away; the label goes with its field.
void showRow(QFormLayout *form, QWidget *field, bool visible)
{
    field->setVisible(visible);
    if (QWidget *label = form->labelForField(field)) label->setVisible(visible);
}

} // namespace

GoalButton::GoalButton(QWidget *parent)
    : PopupButton(QStringLiteral("Goal"), parent), m_kind(new QComboBox(popup()))
{
    setObjectName(QStringLiteral("goal"));
    setToolTip(QStringLiteral("What the best network has most of. More MACs within the same limits "
                              "is the proxy for accuracy that costs no training."));
    m_kind->setObjectName(QStringLiteral("goalKind"));
    m_kind->addItem(QStringLiteral("Most MACs"));
    m_kind->addItem(QStringLiteral("Weighted sum of figures"));
    form()->addRow(QStringLiteral("Goal"), m_kind);
    for (const Weight &weight : weights) {
        auto *spin = new QDoubleSpinBox(popup());
        spin->setObjectName(QStringLiteral("weight-") + keyOf(weight));
        spin->setDecimals(6);
        spin->setRange(-1e9, 1e9);
        spin->setKeyboardTracking(false);
        spin->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
        spin->setToolTip(QStringLiteral("Below 0: the less the better"));
        if (keyOf(weight) == mostMacs) spin->setValue(1);
        form()->addRow(QString::fromLatin1(weight.label), spin);
        m_weights.push_back(spin);
        connect(spin, &QDoubleSpinBox::valueChanged, this, [this] {
            refresh();
            Q_EMIT changed();
        });
    }
    connect(m_kind, &QComboBox::activated, this, [this] {
        refresh();
        popup()->adjustSize();
        Q_EMIT changed();
    });
    refresh();
}

QString GoalButton::objective() const
{
    if (m_kind->currentIndex() == 0) return mostMacs;
    QStringList parts;
    for (std::size_t i = 0; i < m_weights.size(); ++i)
        if (m_weights[i]->value() != 0 || i == 0)
            parts << QStringLiteral("%1=%2").arg(keyOf(weights[i]),
                                                 QString::number(m_weights[i]->value(), 'g', 12));
    return parts.join(QLatin1Char(','));
}

void GoalButton::setObjective(const QString &text)
{
    const QStringList parts = text.split(QLatin1Char(','), Qt::SkipEmptyParts);
    m_kind->setCurrentIndex(text.trimmed() == mostMacs ? 0 : 1);
    for (std::size_t i = 0; i < m_weights.size(); ++i) {
        const QSignalBlocker quiet(m_weights[i]);
        double value = i == 0 && m_kind->currentIndex() == 0 ? 1 : 0;
        for (const QString &part : parts)
            if (part.section(QLatin1Char('='), 0, 0).trimmed() == keyOf(weights[i]))
                value = part.contains(QLatin1Char('='))
                            ? part.section(QLatin1Char('='), 1).toDouble()
                            : 1;
        m_weights[i]->setValue(value);
    }
    refresh();
}

void GoalButton::refresh()
{
    const bool weighted = m_kind->currentIndex() == 1;
    for (QDoubleSpinBox *spin : m_weights)
        showRow(form(), spin, weighted);
    setSummary(weighted ? QStringLiteral("Weighted") : QStringLiteral("Most MACs"));
}

ShapeButton::ShapeButton(QWidget *parent)
    : PopupButton(QStringLiteral("Shape"), parent)
    , m_depth(new QSpinBox(popup()))
    , m_growth(new QDoubleSpinBox(popup()))
    , m_neverNarrower(new QCheckBox(QStringLiteral("widths never fall"), popup()))
{
    setObjectName(QStringLiteral("shape"));
    setToolTip(QStringLiteral("Bounds on the shape, as MACs alone pile up in few wide layers"));
    m_depth->setObjectName(QStringLiteral("minDepth"));
    m_depth->setRange(0, 999);
    m_depth->setSpecialValueText(QStringLiteral("any"));
    m_depth->setKeyboardTracking(false);
    m_depth->setToolTip(QStringLiteral("Blocks of the whole network, repeats counted"));
    m_growth->setObjectName(QStringLiteral("maxWidthGrowth"));
    m_growth->setRange(0, 100);
    m_growth->setDecimals(2);
    m_growth->setSingleStep(0.25);
    m_growth->setSpecialValueText(QStringLiteral("any"));
    m_growth->setKeyboardTracking(false);
    m_growth->setToolTip(QStringLiteral("Width of a stage over that of the stage before"));
    m_neverNarrower->setObjectName(QStringLiteral("neverNarrower"));
    form()->addRow(QStringLiteral("At least blocks"), m_depth);
    form()->addRow(QStringLiteral("Width grows at most by"), m_growth);
    form()->addRow(QString(), m_neverNarrower);
    const auto edited = [this] {
        refresh();
        Q_EMIT changed();
    };
    connect(m_depth, &QSpinBox::valueChanged, this, edited);
    connect(m_growth, &QDoubleSpinBox::valueChanged, this, edited);
    connect(m_neverNarrower, &QCheckBox::clicked, this, edited);
    refresh();
}

ShapeBounds ShapeButton::shape() const
{
    return {m_depth->value(), m_growth->value(), m_neverNarrower->isChecked()};
}

void ShapeButton::setShape(const ShapeBounds &shape)
{
    const QSignalBlocker quietDepth(m_depth), quietGrowth(m_growth);
    m_depth->setValue(shape.minDepth);
    m_growth->setValue(shape.maxWidthGrowth);
    m_neverNarrower->setChecked(shape.neverNarrower);
    refresh();
}

void ShapeButton::refresh()
{
    QStringList parts;
    const ShapeBounds bounds = shape();
    if (bounds.minDepth > 0) parts << QStringLiteral("\u2265 %1 blocks").arg(bounds.minDepth);
    if (bounds.maxWidthGrowth > 0)
        parts << QStringLiteral("\u2264 \u00d7%1").arg(bounds.maxWidthGrowth);
    if (bounds.neverNarrower) parts << QStringLiteral("no narrowing");
    setSummary(parts.isEmpty() ? QStringLiteral("Any shape") : parts.join(QStringLiteral(", ")));
}

MethodButton::MethodButton(QWidget *parent)
    : PopupButton(QStringLiteral("Method"), parent)
    , m_kind(new QComboBox(popup()))
    , m_table(new QLineEdit(popup()))
    , m_command(new QLineEdit(popup()))
    , m_browse(new QToolButton(popup()))
    , m_timeout(new QSpinBox(popup()))
    , m_evaluations(new QSpinBox(popup()))
    , m_population(new QSpinBox(popup()))
    , m_seed(new QSpinBox(popup()))
{
    setObjectName(QStringLiteral("method"));
    setToolTip(QStringLiteral("Exact search proves the best sum of figures and follows the "
                              "sliders; evolution looks for the best accuracy, by your own table "
                              "or command, each time Search is pressed."));
    m_kind->setObjectName(QStringLiteral("methodKind"));
    m_kind->addItem(QStringLiteral("Exact search"));
    m_kind->addItem(QStringLiteral("Evolution, accuracies in a table"));
    m_kind->addItem(QStringLiteral("Evolution, accuracies by a command"));
    m_table->setObjectName(QStringLiteral("scoreTable"));
    m_table->setPlaceholderText(QStringLiteral("a CSV file"));
    m_table->setToolTip(QStringLiteral("One row a network: a column for each choice that the "
                                       "space leaves open, and \"accuracy\""));
    m_browse->setText(QStringLiteral("Choose file\u2026"));
    m_browse->setFocusPolicy(Qt::StrongFocus);
    m_command->setObjectName(QStringLiteral("scoreCommand"));
    m_command->setPlaceholderText(QStringLiteral("python3 accuracy.py"));
    m_command->setMinimumWidth(260);
    m_command->setToolTip(QStringLiteral("Gets the design on its standard input, as in an .atomnet "
                                         "file, and prints one number"));
    const auto number = [](QSpinBox *spin, const char *name, int least, int most, int value) {
        spin->setObjectName(QString::fromLatin1(name));
        spin->setRange(least, most);
        spin->setValue(value);
        spin->setKeyboardTracking(false);
    };
    const EvolutionOptions usual;
    number(m_timeout, "scoreTimeout", 1, 86'400, SearchMethod().timeoutSeconds);
    m_timeout->setSuffix(QStringLiteral(" s"));
    number(m_evaluations, "evaluations", 1, 10'000'000, usual.evaluations);
    number(m_population, "population", 2, 100'000, usual.population);
    number(m_seed, "seed", 0, std::numeric_limits<int>::max(), int(usual.seed));
    form()->addRow(QStringLiteral("Method"), m_kind);
    form()->addRow(QStringLiteral("Table"), m_table);
    form()->addRow(QString(), m_browse);
    form()->addRow(QStringLiteral("Command"), m_command);
    form()->addRow(QStringLiteral("Wait at most"), m_timeout);
    form()->addRow(QStringLiteral("Networks to score"), m_evaluations);
    form()->addRow(QStringLiteral("Population"), m_population);
    form()->addRow(QStringLiteral("Seed"), m_seed);
    const auto edited = [this] {
        refresh();
        Q_EMIT changed();
    };
    connect(m_kind, &QComboBox::activated, this, [this, edited] {
        edited();
        popup()->adjustSize();
    });
    for (QLineEdit *line : {m_table, m_command})
        connect(line, &QLineEdit::editingFinished, this, edited);
    for (QSpinBox *spin : {m_timeout, m_evaluations, m_population, m_seed})
        connect(spin, &QSpinBox::valueChanged, this, edited);
    connect(m_browse, &QToolButton::clicked, this, &MethodButton::browse);
    refresh();
}

SearchMethod MethodButton::method() const
{
    SearchMethod method;
    method.kind = SearchMethod::Kind(m_kind->currentIndex());
    method.tablePath = m_table->text().trimmed();
    method.command = m_command->text().trimmed();
    method.timeoutSeconds = m_timeout->value();
    method.evolution.evaluations = m_evaluations->value();
    method.evolution.population = m_population->value();
    method.evolution.tournament = std::min(method.evolution.tournament, m_population->value());
    method.evolution.seed = quint32(m_seed->value());
    method.evolution.top = SearchSetup::topCount;
    return method;
}

void MethodButton::setMethod(const SearchMethod &method)
{
    m_kind->setCurrentIndex(int(method.kind));
    m_table->setText(method.tablePath);
    m_command->setText(method.command);
    const std::pair<QSpinBox *, int> numbers[] = {
        {m_timeout, method.timeoutSeconds},
        {m_evaluations, method.evolution.evaluations},
        {m_population, method.evolution.population},
        {m_seed, int(method.evolution.seed & quint32(std::numeric_limits<int>::max()))}};
    for (const auto &[spin, value] : numbers) {
        const QSignalBlocker quiet(spin);
        spin->setValue(value);
    }
    refresh();
}

void MethodButton::refresh()
{
    const auto kind = SearchMethod::Kind(m_kind->currentIndex());
    const bool table = kind == SearchMethod::Kind::EvolutionTable;
    const bool command = kind == SearchMethod::Kind::EvolutionCommand;
    for (QWidget *field : {static_cast<QWidget *>(m_table), static_cast<QWidget *>(m_browse)})
        showRow(form(), field, table);
    for (QWidget *field : {static_cast<QWidget *>(m_command), static_cast<QWidget *>(m_timeout)})
        showRow(form(), field, command);
    for (QWidget *field : {m_evaluations, m_population, m_seed})
        showRow(form(), field, table || command);
    setSummary(kind == SearchMethod::Kind::Exact ? QStringLiteral("Exact")
                                                 : QStringLiteral("Evolution"));
}

void MethodButton::browse()
{
    popup()->hide(); // a popup would stay in front of the dialog
    const QString file =
        QFileDialog::getOpenFileName(window(), QStringLiteral("Table of accuracies"),
                                     m_table->text(), QStringLiteral("CSV (*.csv);;All files (*)"));
    if (file.isEmpty()) return;
    m_table->setText(file);
    refresh();
    Q_EMIT changed();
}

} // namespace atomnet
