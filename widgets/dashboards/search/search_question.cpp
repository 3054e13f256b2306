#include "widgets/dashboards/search/search_question.h"

#include "widgets/common/icons.h"
#include "widgets/common/theme.h"
#include "widgets/dashboards/search/search_options.h"
#include "widgets/dashboards/search/search_text.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileInfo>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSlider>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace atomnet
{

namespace
{

constexpr int gap = 3;

struct NamedSpace {
    const char *id, *text, *tip;
};
constexpr NamedSpace namedSpaces[] = {
    {"paper", "Table 2", "Table 2 of the paper: 38,102,400 different networks"},
    {"paper96", "Table 2, 96 for 92", "Table 2 with resolution 96 in the place of 92"},
    {"paper-wide", "Table 2, widened", "Table 2 widened until it holds AtomNet-256KB"}};

/// A label that gives way instead of making the dock wider.
QLabel *yieldingLabel(QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Ignored); // the tool tip has it all
    label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    label->setWordWrap(true);
    return label;
}

} // namespace

SearchQuestion::SearchQuestion(QWidget *parent) : QWidget(parent)
{
    setAccessibleName(QStringLiteral("What is searched"));
    auto *content = new QWidget(this);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 4, 0);
    column->setSpacing(gap);
    makeChoices(content);
    auto *first = new QHBoxLayout;
    first->addWidget(m_space, 1);
    first->addWidget(m_estimates, 1);
    auto *second = new QHBoxLayout;
    second->addWidget(m_goal);
    second->addWidget(m_method);
    second->addWidget(m_shape);
    auto *third = new QHBoxLayout;
    third->addWidget(m_locks, 1);
    third->addWidget(m_stem);
    auto *limits = new QGridLayout;
    limits->setVerticalSpacing(1);
    limits->setHorizontalSpacing(4);
    makeLimits(content, limits);
    m_search = new QPushButton(icon(QStringLiteral("search")), QStringLiteral("Search"), content);
    m_search->setObjectName(QStringLiteral("searchButton"));
    m_search->setToolTip(QStringLiteral("Find the best network within the limits; from then on the "
                                        "answer follows every change"));
    m_note = yieldingLabel(content);
    m_note->setObjectName(QStringLiteral("searchNote"));
    auto *last = new QHBoxLayout;
    last->addWidget(m_search, 0, Qt::AlignTop);
    last->addWidget(m_note, 1);
    for (QHBoxLayout *row : {first, second, third, last})
        row->setSpacing(gap);
    column->addLayout(first);
    column->addLayout(second);
    column->addLayout(third);
    column->addLayout(limits);
    column->addLayout(last, 1);
    auto *scroll = new QScrollArea(this); // low docks scroll instead of clipping
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(content);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scroll);
    setMinimumWidth(content->minimumSizeHint().width() + 6);
    setFocusProxy(m_search);

    connect(m_search, &QPushButton::clicked, this, [this] {
        if (m_running)
            Q_EMIT cancelRequested();
        else
            Q_EMIT searchRequested();
    });
    connect(&ThemeManager::instance(), &ThemeManager::themeChanged, this, &SearchQuestion::retheme);
    setSetup({});
}

void SearchQuestion::makeChoices(QWidget *content)
{
    m_space = new QComboBox(content);
    m_space->setObjectName(QStringLiteral("searchSpace"));
    m_space->setAccessibleName(QStringLiteral("Search space"));
    for (const NamedSpace &space : namedSpaces) {
        m_space->addItem(QString::fromLatin1(space.text), QString::fromLatin1(space.id));
        m_space->setItemData(m_space->count() - 1, QString::fromLatin1(space.tip), Qt::ToolTipRole);
    }
    m_space->addItem(QStringLiteral("From a file\u2026"));
    m_space->setToolTip(QStringLiteral("Which networks may be built, stage by stage"));
    m_space->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_space->setMinimumContentsLength(10);
    connect(m_space, &QComboBox::activated, this, [this](int index) {
        const QString name = m_space->itemData(index).toString();
        if (!name.isEmpty()) {
            m_chosenSpace = name;
            Q_EMIT problemChanged();
            return;
        }
        chooseSpace(m_chosenSpace); // until a file is named
        Q_EMIT fileRequested();
    });

    m_estimates = new QComboBox(content);
    m_estimates->setObjectName(QStringLiteral("estimates"));
    m_estimates->setAccessibleName(QStringLiteral("Operators without samples"));
    const std::pair<Estimates, QString> modes[] = {
        {Estimates::MeasuredOnly, QStringLiteral("Measured only")},
        {Estimates::Point, QStringLiteral("Best estimates")},
        {Estimates::Pessimistic, QStringLiteral("Pessimistic")}};
    for (const auto &[mode, text] : modes) {
        m_estimates->addItem(text, int(mode));
        m_estimates->setItemData(m_estimates->count() - 1, estimatesText(mode), Qt::ToolTipRole);
    }
    const auto explain = [this] {
        m_estimates->setToolTip(QStringLiteral("What operators without samples count as. ") +
                                m_estimates->currentData(Qt::ToolTipRole).toString());
    };
    connect(m_estimates, &QComboBox::currentIndexChanged, this, explain);
    connect(m_estimates, &QComboBox::activated, this, &SearchQuestion::problemChanged);
    explain();

    m_goal = new GoalButton(content);
    m_method = new MethodButton(content);
    m_shape = new ShapeButton(content);
    connect(m_goal, &GoalButton::changed, this, &SearchQuestion::queryChanged);
    connect(m_shape, &ShapeButton::changed, this, &SearchQuestion::queryChanged);
    connect(m_method, &MethodButton::changed, this, &SearchQuestion::queryChanged);
    for (QComboBox *box : {m_space, m_estimates})
        box->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);

    m_locks = new QCheckBox(content);
    m_locks->setObjectName(QStringLiteral("keepLocks"));
    m_locks->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    m_locks->setToolTip(QStringLiteral("Only networks that keep what is locked in your design; "
                                       "padlocks are on the canvas"));
    connect(m_locks, &QCheckBox::clicked, this, &SearchQuestion::problemChanged);
    m_stem = new QToolButton(content);
    m_stem->setObjectName(QStringLiteral("lockStem"));
    m_stem->setAutoRaise(true);
    m_stem->setFocusPolicy(Qt::StrongFocus);
    connect(m_stem, &QToolButton::clicked, this, [this] {
        if (!m_stemLocked) m_locks->setChecked(true);
        Q_EMIT stemRequested(!m_stemLocked);
    });
}

void SearchQuestion::makeLimits(QWidget *content, QGridLayout *grid)
{
    m_sram = new LimitRow(Figure::Sram, content);
    m_flash = new LimitRow(Figure::Flash, content);
    m_latency = new LimitRow(Figure::Latency, content);
    int line = 0;
    for (LimitRow *limit : {m_sram, m_flash, m_latency}) {
        int place = 0;
        for (QWidget *widget : limit->widgets())
            grid->addWidget(widget, line, place++);
        connect(limit, &LimitRow::changed, this, &SearchQuestion::queryChanged);
        connect(limit, &LimitRow::settled, this, &SearchQuestion::settled);
        ++line;
    }
    auto *label = new QLabel(QStringLiteral("Resolution"), content);
    m_resolution = new QSlider(Qt::Horizontal, content);
    m_resolution->setObjectName(QStringLiteral("resolutionSlider"));
    m_resolution->setAccessibleName(QStringLiteral("Input resolution"));
    m_resolution->setPageStep(1);
    m_resolution->setToolTip(QStringLiteral("Height and width of the input; far left: any"));
    m_resolutions = new QComboBox(content);
    m_resolutions->setObjectName(QStringLiteral("resolution"));
    m_resolutions->setAccessibleName(QStringLiteral("Input resolution"));
    label->setBuddy(m_resolutions);
    m_resolutionNow = new QToolButton(content);
    m_resolutionNow->setObjectName(QStringLiteral("resolutionAsNow"));
    m_resolutionNow->setText(QStringLiteral("Now"));
    m_resolutionNow->setAccessibleName(QStringLiteral("Resolution of the design"));
    m_resolutionNow->setAutoRaise(true);
    m_resolutionNow->setFocusPolicy(Qt::StrongFocus);
    grid->addWidget(label, line, 0);
    grid->addWidget(m_resolution, line, 1);
    grid->addWidget(m_resolutions, line, 2);
    grid->addWidget(m_resolutionNow, line, 3);
    grid->setColumnStretch(1, 1);
    const auto choose = [this](int index) {
        const int wanted = index > 0 ? m_known[std::size_t(index) - 1] : 0;
        if (wanted == m_wanted) return;
        m_wanted = wanted;
        showResolution();
        Q_EMIT problemChanged();
    };
    connect(m_resolution, &QSlider::valueChanged, this, choose);
    connect(m_resolutions, &QComboBox::activated, this, choose);
    connect(m_resolutionNow, &QToolButton::clicked, this, [this, choose] {
        const auto found = std::find(m_known.begin(), m_known.end(), m_present);
        if (found != m_known.end()) choose(int(found - m_known.begin()) + 1);
    });
}

void SearchQuestion::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        Q_EMIT searchRequested();
        return;
    }
    QWidget::keyPressEvent(event);
}

LimitRow *SearchQuestion::row(Figure figure) const
{
    return figure == Figure::Sram ? m_sram : figure == Figure::Flash ? m_flash : m_latency;
}

SearchSetup SearchQuestion::setup() const
{
    SearchSetup setup;
    setup.space = m_chosenSpace;
    setup.resolution = m_wanted;
    setup.keepLocks = m_locks->isChecked();
    setup.estimates = Estimates(m_estimates->currentData().toInt());
    setup.limits = {m_sram->limit(), m_flash->limit(), m_latency->limit()};
    setup.objective = m_goal->objective();
    setup.shape = m_shape->shape();
    setup.method = m_method->method();
    return setup;
}

void SearchQuestion::setSetup(const SearchSetup &setup)
{
    const QSignalBlocker quiet(this);
    chooseSpace(setup.space);
    m_wanted = setup.resolution;
    showResolution();
    m_locks->setChecked(setup.keepLocks);
    m_estimates->setCurrentIndex(m_estimates->findData(int(setup.estimates)));
    m_sram->setLimit(setup.limits.sramBytes);
    m_flash->setLimit(setup.limits.flashBytes);
    m_latency->setLimit(setup.limits.latency);
    m_goal->setObjective(setup.objective);
    m_shape->setShape(setup.shape);
    m_method->setMethod(setup.method);
}

void SearchQuestion::chooseSpace(const QString &name)
{
    m_chosenSpace = name;
    int index = m_space->findData(name);
    if (index < 0) { // a file: before "From a file..."
        index = m_space->count() - 1;
        m_space->insertItem(index, QFileInfo(name).fileName(), name);
        m_space->setItemData(index, name, Qt::ToolTipRole);
    }
    m_space->setCurrentIndex(index);
}

void SearchQuestion::setResolutions(const std::vector<int> &resolutions, bool locked)
{
    if (resolutions != m_known || m_resolutions->count() == 0) {
        const QSignalBlocker quietSlider(m_resolution), quietBox(m_resolutions);
        m_known = resolutions;
        m_resolutions->clear();
        m_resolutions->addItem(QStringLiteral("any"));
        for (const int side : resolutions)
            m_resolutions->addItem(QStringLiteral("%1 \u00d7 %1").arg(side));
        m_resolution->setRange(0, int(resolutions.size()));
    }
    const bool choice = !locked && resolutions.size() > 1;
    m_resolution->setEnabled(choice);
    m_resolutions->setEnabled(choice);
    m_resolutions->setToolTip(locked ? QStringLiteral("Your design's input is locked") : QString());
    showResolution();
}

void SearchQuestion::showResolution()
{
    const QSignalBlocker quietSlider(m_resolution), quietBox(m_resolutions);
    const auto found = std::find(m_known.begin(), m_known.end(), m_wanted);
    const int index = found == m_known.end() ? 0 : int(found - m_known.begin()) + 1;
    m_resolution->setValue(index);
    m_resolutions->setCurrentIndex(index);
    const bool has = std::find(m_known.begin(), m_known.end(), m_present) != m_known.end();
    m_resolutionNow->setEnabled(has && m_resolution->isEnabled());
    m_resolutionNow->setToolTip(has ? QStringLiteral("As your design: %1 \u00d7 %1").arg(m_present)
                                    : QStringLiteral("The space has no such input as your design"));
}

void SearchQuestion::setTarget(const Target &target)
{
    const Board &board = target.board;
    const auto follow = [this, &board](LimitRow *limit, qint64 bytes) {
        const auto before = limit->board();
        const std::optional<qint64> now =
            board.isVirtual || bytes <= 0 ? std::nullopt : std::optional(bytes);
        const bool followed = limit->limit() == before;
        limit->setBoard(now);
        if (followed && before != now) limit->setLimit(now);
    };
    follow(m_sram, board.sramBytes - target.reserveSramBytes);
    follow(m_flash, board.flashBytes - target.reserveFlashBytes);
    m_latency->setUnit(unitOf(target));
}

void SearchQuestion::setPresent(const std::shared_ptr<const Report> &report, const Network &design)
{
    const auto known = [&report](Figure figure) {
        const bool open = figure == Figure::Latency && report && !report->latency.high;
        return report && !open ? std::optional(figureOf(*report, figure)) : std::nullopt;
    };
    for (const Figure figure : {Figure::Sram, Figure::Flash, Figure::Latency})
        row(figure)->setPresent(known(figure));
    m_present = design.input.h == design.input.w ? design.input.h : 0;
    showResolution();
    const QString locked = lockedText(design);
    m_locks->setText(locked.isEmpty() ? QStringLiteral("Keep what is locked (nothing is)")
                                      : QStringLiteral("Keep what is locked: %1").arg(locked));
    m_stemLocked = !design.stages.empty() && design.stages.front().locked;
    m_stem->setText(m_stemLocked ? QStringLiteral("Free my stem") : QStringLiteral("Keep my stem"));
    m_stem->setEnabled(!design.stages.empty());
    m_stem->setToolTip(m_stemLocked
                           ? QStringLiteral("Unlock the first stage of your design")
                           : QStringLiteral("Lock the first stage of your design and search the "
                                            "rest"));
}

void SearchQuestion::setRanges(const Searcher::Ranges &ranges)
{
    m_sram->setRange(ranges.sramBytes);
    m_flash->setRange(ranges.flashBytes);
    m_latency->setRange(ranges.latency);
}

void SearchQuestion::setNote(const QString &sentence, bool warning)
{
    m_note->setText(sentence);
    m_note->setToolTip(sentence);
    m_warning = warning;
    retheme();
}

QString SearchQuestion::note() const
{
    return m_note->text();
}

void SearchQuestion::setRunning(bool running)
{
    if (running == m_running) return;
    m_running = running;
    m_search->setText(running ? QStringLiteral("Cancel") : QStringLiteral("Search"));
}

void SearchQuestion::setLimit(Figure figure, std::optional<qint64> limit)
{
    if (figure != Figure::Macs) row(figure)->setLimit(limit);
}

void SearchQuestion::retheme()
{
    const Theme &theme = ThemeManager::instance().theme();
    QPalette palette = this->palette();
    palette.setColor(QPalette::WindowText, m_warning ? theme.fitTight : theme.mutedText);
    m_note->setPalette(palette);
}

} // namespace atomnet
