#include "widgets/inspectors/board_panel.h"

#include "widgets/common/figure_font.h"
#include "widgets/common/icons.h"
#include "widgets/inspectors/device_list.h"
#include "widgets/inspectors/field.h"
#include "widgets/inspectors/findings_view.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QTabWidget>
#include <QTime>
#include <QVBoxLayout>

#include <algorithm>

namespace atomnet
{

namespace
{

constexpr int logLines = 5000;
constexpr int factColumns = 2; ///< pairs of name and figure in a row

QLabel *plainLabel(QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace

BoardPanel::BoardPanel(QWidget *parent)
    : QWidget(parent), m_list(new DeviceList(this)), m_empty(new NoteLabel(this))
{
    setAccessibleName(QStringLiteral("Board"));
    auto *left = new QWidget(this);
    auto *leftColumn = new QVBoxLayout(left);
    leftColumn->setContentsMargins(0, 0, 0, 0);
    leftColumn->addWidget(m_list, 1);
    leftColumn->addWidget(m_empty);
    m_empty->setNote(QStringLiteral(
        "No board is connected, and QEMU is not installed. Plug in a board by USB, or "
        "install qemu-system-arm and arm-none-eabi-gcc for the virtual boards."));
    setFocusProxy(m_list);

    auto *splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(left);
    splitter->addWidget(makeMiddle());
    splitter->addWidget(makeRight());
    splitter->setStretchFactor(0, 2);
    splitter->setStretchFactor(1, 5);
    splitter->setStretchFactor(2, 3);
    splitter->setSizes({240, 640, 380});
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(8, 6, 8, 6);
    column->addWidget(splitter);
    connect(m_list, &DeviceList::choiceChanged, this, [this] {
        refresh();
        Q_EMIT chosenChanged();
    });
    refresh();
}

QWidget *BoardPanel::makeMiddle()
{
    auto *content = new QWidget(this);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(6, 0, 6, 0);
    column->setSpacing(6);

    m_state = plainLabel(content);
    QFont bold = m_state->font();
    bold.setBold(true);
    m_state->setFont(bold);
    m_state->setObjectName(QStringLiteral("boardState"));
    column->addWidget(m_state);

    auto *facts = new QWidget(content);
    m_facts = new QGridLayout(facts);
    m_facts->setContentsMargins(0, 0, 0, 0);
    m_facts->setHorizontalSpacing(10);
    m_facts->setVerticalSpacing(2);
    column->addWidget(facts);

    m_conditions = new QWidget(content);
    auto *conditionRow = new QHBoxLayout(m_conditions);
    conditionRow->setContentsMargins(0, 0, 0, 0);
    conditionRow->addWidget(new QLabel(QStringLiteral("Measure with"), m_conditions));
    const std::pair<quint32, QString> conditions[] = {
        {AP_COND_ICACHE, QStringLiteral("instruction cache")},
        {AP_COND_DCACHE, QStringLiteral("data cache")},
        {AP_COND_PREFETCH, QStringLiteral("prefetch")},
        {AP_COND_ART, QStringLiteral("Flash accelerator")}};
    for (const auto &[bit, name] : conditions) {
        auto *box = new QCheckBox(name, m_conditions);
        box->setProperty("bit", bit);
        box->setToolTip(
            QStringLiteral("A run condition: samples taken under different ones are never mixed"));
        connect(box, &QCheckBox::clicked, this, [this] {
            quint32 wanted = 0;
            for (const QCheckBox *each : std::as_const(m_conditionBoxes))
                if (each->isChecked() && each->isVisibleTo(m_conditions))
                    wanted |= each->property("bit").toUInt();
            Q_EMIT conditionsRequested(wanted);
        });
        conditionRow->addWidget(box);
        m_conditionBoxes << box;
    }
    conditionRow->addStretch(1);
    column->addWidget(m_conditions);

    auto *adviceRow = new QHBoxLayout;
    m_advice = new NoteLabel(content);
    m_advice->setObjectName(QStringLiteral("boardAdvice"));
    m_fix = new QPushButton(content);
    m_fix->setObjectName(QStringLiteral("boardFix"));
    connect(m_fix, &QPushButton::clicked, this, &BoardPanel::fix);
    adviceRow->addWidget(m_advice, 1);
    adviceRow->addWidget(m_fix);
    column->addLayout(adviceRow);

    auto *grid = new QGridLayout;
    grid->setSpacing(6);
    const auto place = [&](int row, int at, QPushButton *button) {
        grid->addWidget(button, row, at);
    };
    place(0, 0,
          addButton(QStringLiteral("measureMissing"), QStringLiteral("Measure &missing"),
                    QStringLiteral("Measure the operators that AtomDB lacks (Ctrl+M)"),
                    [this] { Q_EMIT measureRequested(false); }));
    place(0, 1,
          addButton(QStringLiteral("measureAll"), QStringLiteral("Measure &whole design"),
                    QStringLiteral("Measure every operator of the design, known ones again"),
                    [this] { Q_EMIT measureRequested(true); }));
    place(0, 2,
          addButton(QStringLiteral("network"), QStringLiteral("Whole &network"),
                    QStringLiteral("Run the network in one go and compare it with the sum of "
                                   "its operators"),
                    [this] { Q_EMIT networkRequested(); }));
    place(0, 3,
          addButton(QStringLiteral("validate"), QStringLiteral("&Validate\u2026"),
                    QStringLiteral("Run the exported network itself on the board and compare "
                                   "every output byte with this computer's"),
                    [this] { Q_EMIT validateRequested(); }));
    place(1, 0,
          addButton(QStringLiteral("flash"), QStringLiteral("&Flash\u2026"),
                    QStringLiteral("Write the profiling firmware into a board"),
                    [this] { Q_EMIT flashRequested(); }));
    place(1, 1,
          addButton(QStringLiteral("examine"), QStringLiteral("Why does it not &connect?"),
                    QStringLiteral("Look at cables, permissions, drivers, ports and firmware"),
                    [this] { Q_EMIT examineRequested(); }));
    place(1, 2,
          addButton(QStringLiteral("pause"), QStringLiteral("&Pause"),
                    QStringLiteral("Pause between two operators, and go on"),
                    [this] { Q_EMIT pauseRequested(m_phase != BoardPhase::Paused); }));
    place(1, 3,
          addButton(QStringLiteral("stop"), QStringLiteral("&Stop"),
                    QStringLiteral("Stop; what was measured stays"),
                    [this] { Q_EMIT stopRequested(); }));
    column->addLayout(grid);

    m_progressRow = new QWidget(content);
    auto *progress = new QHBoxLayout(m_progressRow);
    progress->setContentsMargins(0, 0, 0, 0);
    m_bar = new QProgressBar(m_progressRow);
    m_bar->setTextVisible(false);
    m_bar->setMaximumHeight(10);
    m_bar->setAccessibleName(QStringLiteral("Progress"));
    m_progressText = plainLabel(m_progressRow);
    m_progressText->setFont(figureFont(m_progressText->font()));
    m_progressText->setObjectName(QStringLiteral("boardProgress"));
    progress->addWidget(m_bar, 1);
    progress->addWidget(m_progressText);
    column->addWidget(m_progressRow);
    column->addStretch(1);

    auto *scroll = new QScrollArea(this); // low docks scroll instead of clipping
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(content);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    scroll->setFocusPolicy(Qt::NoFocus);
    return scroll;
}

QWidget *BoardPanel::makeRight()
{
    m_tabs = new QTabWidget(this);
    m_tabs->setDocumentMode(true);
    m_log = new QPlainTextEdit(m_tabs);
    m_log->setReadOnly(true);
    m_log->setFrameShape(QFrame::NoFrame);
    m_log->setMaximumBlockCount(logLines);
    m_log->setFont(figureFont(m_log->font()));
    m_log->setAccessibleName(QStringLiteral("Log"));
    m_log->setTabChangesFocus(true);
    m_log->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_log->setPlaceholderText(
        QStringLiteral("What happens with boards is told here, line by line, to select and copy."));
    m_findings = new FindingsView(m_tabs);
    m_tabs->addTab(m_log, QStringLiteral("Log"));
    m_tabs->addTab(m_findings, QStringLiteral("Doctor"));
    return m_tabs;
}

QPushButton *BoardPanel::addButton(const QString &name, const QString &text, const QString &tip,
                                   std::function<void()> asked)
{
    auto *button = new QPushButton(text, this);
    button->setObjectName(name);
    button->setToolTip(tip);
    connect(button, &QPushButton::clicked, this, std::move(asked));
    m_buttons << button;
    return button;
}

void BoardPanel::setDevices(const std::vector<FoundDevice> &devices)
{
    m_list->setDevices(devices);
    refresh();
}

const FoundDevice *BoardPanel::chosen() const
{
    return m_list->chosen();
}

void BoardPanel::setInfo(const DeviceAddress &address, const DeviceInfo *info)
{
    std::erase_if(m_infos, [&](const auto &entry) { return entry.first == address; });
    if (info) m_infos.emplace_back(address, *info);
    refresh();
}

const DeviceInfo *BoardPanel::chosenInfo() const
{
    const FoundDevice *device = chosen();
    if (!device || !speaks(*device)) return nullptr;
    const auto found = std::find_if(m_infos.begin(), m_infos.end(), [&](const auto &entry) {
        return entry.first == device->address;
    });
    return found == m_infos.end() ? nullptr : &found->second;
}

void BoardPanel::setDesign(const Target &target, const std::shared_ptr<const Report> &report)
{
    m_target = target;
    m_report = report;
    refresh();
}

void BoardPanel::setPhase(BoardPhase phase)
{
    if (phase == m_phase) return;
    const bool starts = m_phase == BoardPhase::Idle;
    m_phase = phase;
    if (starts) {
        m_bar->setRange(0, 0);
        m_progressText->clear();
        m_tabs->setCurrentWidget(phase == BoardPhase::Examining ? static_cast<QWidget *>(m_findings)
                                                                : m_log);
    }
    refresh();
}

void BoardPanel::setProgress(int done, int all, const QString &text)
{
    m_bar->setRange(0, all);
    m_bar->setValue(done);
    m_progressText->setText(text);
}

void BoardPanel::log(const QString &line)
{
    if (line.isEmpty()) return;
    m_log->appendPlainText(QTime::currentTime().toString(QStringLiteral("HH:mm:ss  ")) + line);
}

void BoardPanel::setFindings(const std::vector<Finding> &findings)
{
    m_findings->setFindings(findings);
    m_tabs->setCurrentWidget(m_findings);
}

QString BoardPanel::state() const
{
    return m_state->text();
}

QString BoardPanel::advice() const
{
    return m_advice->text();
}

QString BoardPanel::logText() const
{
    return m_log->toPlainText();
}

QPushButton *BoardPanel::button(const QString &name) const
{
    return findChild<QPushButton *>(name);
}

void BoardPanel::refresh()
{
    const FoundDevice *device = chosen();
    const DeviceInfo *info = chosenInfo();
    m_empty->setVisible(m_list->count() == 0);
    m_list->setVisible(m_list->count() > 0);
    m_said = adviceFor(m_target, m_report.get(), device, info);

    const bool idle = m_phase == BoardPhase::Idle;
    QString state = device ? device->name : QStringLiteral("No board chosen");
    if (!idle)
        state += QStringLiteral(": ") + describe(m_phase);
    else if (device && !device->problem.isEmpty())
        state += QStringLiteral(": not ready");
    else if (info)
        state += QStringLiteral(": ready");
    else if (device && speaks(*device))
        state += QStringLiteral(": not connected yet");
    m_state->setText(state);
    showInfo(info);

    const auto tone =
        m_said.canMeasure || !device ? NoteLabel::Tone::Muted : NoteLabel::Tone::Warning;
    m_advice->setNote(m_said.sentence, tone);
    m_fix->setVisible(!m_said.fixText.isEmpty());
    m_fix->setText(m_said.fixText);
    // The plug of a virtual board is there for the run that waits for it.
    m_fix->setEnabled(idle || m_said.fix == BoardAdvice::Fix::PlugIn);

    const bool lacking = m_report && m_report->measuredLayers < int(m_report->layers.size());
    const auto enable = [this](const char *name, bool on) {
        button(QString::fromLatin1(name))->setEnabled(on);
    };
    enable("measureMissing", idle && m_said.canMeasure && lacking);
    enable("measureAll", idle && m_said.canMeasure);
    enable("network", idle && m_said.canMeasure);
    enable("validate", idle && m_said.canMeasure);
    enable("flash", idle);
    enable("examine", idle);
    enable("stop", !idle && m_phase != BoardPhase::Stopping);
    enable("pause", isMeasuring(m_phase));
    button(QStringLiteral("pause"))
        ->setText(m_phase == BoardPhase::Paused ? QStringLiteral("&Resume")
                                                : QStringLiteral("&Pause"));
    for (QCheckBox *box : std::as_const(m_conditionBoxes))
        box->setEnabled(idle);
    m_progressRow->setVisible(!idle);
}

void BoardPanel::showInfo(const DeviceInfo *info)
{
    const auto facts = info ? fingerprint(*info) : QList<std::pair<QString, QString>>();
    while (m_factLabels.size() < 2 * facts.size()) {
        const int pair = int(m_factLabels.size() / 2);
        const int row = pair / factColumns, column = 2 * (pair % factColumns);
        for (int i = 0; i < 2; ++i) {
            QLabel *label = plainLabel(m_facts->parentWidget());
            if (i == 0) label->setForegroundRole(QPalette::PlaceholderText);
            m_facts->addWidget(label, row, column + i);
            m_facts->setColumnStretch(column + i, i);
            m_factLabels << label;
        }
    }
    for (qsizetype i = 0; i < m_factLabels.size(); ++i) {
        const bool used = i / 2 < facts.size();
        m_factLabels[i]->setVisible(used);
        if (!used) continue;
        const auto &[name, figure] = facts[i / 2];
        m_factLabels[i]->setText(i % 2 == 0 ? name : figure);
        m_factLabels[i]->setToolTip(info->compiler + QLatin1Char(' ') + info->compilerFlags);
    }
    const quint32 supported = info ? info->hello.conditions_supported : 0;
    m_conditions->setVisible(supported != 0);
    for (QCheckBox *box : std::as_const(m_conditionBoxes)) {
        const quint32 bit = box->property("bit").toUInt();
        box->setVisible(supported & bit);
        if (info) box->setChecked(info->hello.conditions & bit);
    }
}

void BoardPanel::fix()
{
    switch (m_said.fix) {
    case BoardAdvice::Fix::None:
        break;
    case BoardAdvice::Fix::Runtime:
        Q_EMIT runtimeRequested();
        break;
    case BoardAdvice::Fix::Board:
        if (const FoundDevice *device = chosen())
            Q_EMIT boardRequested(boardIdOf(*device, chosenInfo()));
        break;
    case BoardAdvice::Fix::Connect:
        Q_EMIT connectRequested();
        break;
    case BoardAdvice::Fix::Flash:
        Q_EMIT flashRequested();
        break;
    case BoardAdvice::Fix::PlugIn:
        Q_EMIT plugRequested(true);
        break;
    case BoardAdvice::Fix::Examine:
        Q_EMIT examineRequested();
        break;
    }
}

} // namespace atomnet
