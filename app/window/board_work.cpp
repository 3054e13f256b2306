#include "app/window/board_work.h"

#include "core/base/format.h"
#include "widgets/common/message_bar.h"
#include "widgets/dashboards/measured_view.h"
#include "widgets/document/analysis_runner.h"
#include "widgets/document/atomdb_service.h"
#include "widgets/inspectors/device_list.h"
#include "widgets/inspectors/flash_dialog.h"
#include "widgets/inspectors/quant_dialog.h"

#include <QAction>
#include <QStandardPaths>

#include <algorithm>

namespace atomnet
{

namespace
{

/// A board that was unplugged is waited for until someone stops it.
constexpr int patienceMs = 24 * 3600 * 1000;
constexpr char firstBoard[] = "qemu-m7";

DeviceAddress emulatorOf(const QString &boardId)
{
    DeviceAddress address;
    address.kind = DeviceAddress::Kind::Emulator;
    address.detail = boardId;
    return address;
}

} // namespace

BoardWork::BoardWork(Document &document, AnalysisRunner &runner, AtomDbService &database,
                     BoardPanel &panel, MeasuredView &measured, QWidget *window,
                     DeviceAccess access)
    : QObject(window)
    , m_document(document)
    , m_runner(runner)
    , m_database(database)
    , m_panel(panel)
    , m_measured(measured)
    , m_window(window)
    , m_service(database.path(), nullptr, std::move(access))
    , m_feed(document, runner, database)
    , m_plugIn(new QAction(QStringLiteral("Plug In"), this))
    , m_why(new QAction(QStringLiteral("Why?"), this))
{
    connect(m_plugIn, &QAction::triggered, this, [this] { setPlugged(true); });
    connect(m_why, &QAction::triggered, this, &BoardWork::examine);
    connectPanel();
    connectService();
    connectResults();
    showDesign();
    m_service.refresh();
}

BoardWork::~BoardWork() = default;

void BoardWork::connectPanel()
{
    connect(&m_panel, &BoardPanel::chosenChanged, this, &BoardWork::chosenChanged);
    connect(&m_panel, &BoardPanel::shown, this, &BoardWork::chosenChanged);
    connect(&m_panel, &BoardPanel::connectRequested, this, &BoardWork::connectChosen);
    connect(&m_panel, &BoardPanel::measureRequested, this, &BoardWork::measure);
    connect(&m_panel, &BoardPanel::networkRequested, this, &BoardWork::measureNetwork);
    connect(&m_panel, &BoardPanel::validateRequested, this, &BoardWork::askValidate);
    connect(&m_panel, &BoardPanel::flashRequested, this, &BoardWork::askFlash);
    connect(&m_panel, &BoardPanel::examineRequested, this, &BoardWork::examine);
    connect(&m_panel, &BoardPanel::stopRequested, this, &BoardWork::stop);
    connect(&m_panel, &BoardPanel::pauseRequested, this, &BoardWork::setPaused);
    connect(&m_panel, &BoardPanel::plugRequested, this, &BoardWork::setPlugged);
    connect(&m_panel, &BoardPanel::runtimeRequested, this, [this] {
        Target target = m_document.target();
        target.runtime = Runtime::AtomNet1;
        designFor(target);
    });
    connect(&m_panel, &BoardPanel::boardRequested, this, [this](const QString &id) {
        const auto board = boardById(id);
        if (!board) return say(Severity::Warning, board.error().message());
        Target target = m_document.target();
        target.board = *board;
        target.runtime = Runtime::AtomNet1;
        target.reserveSramBytes = std::min(target.reserveSramBytes, board->sramBytes);
        target.reserveFlashBytes = std::min(target.reserveFlashBytes, board->flashBytes);
        designFor(target);
    });
    connect(&m_panel, &BoardPanel::conditionsRequested, this, [this](quint32 conditions) {
        const FoundDevice *device = m_panel.chosen();
        if (!device) return;
        m_service.setConditions(device->address, conditions);
        connectChosen();
    });
    connect(&m_document, &Document::targetChanged, this, [this] {
        showDesign();
        follow();
    });
    connect(&m_runner, &AnalysisRunner::reportReady, this, &BoardWork::showDesign);
}

void BoardWork::connectService()
{
    connect(&m_service, &DeviceService::devicesChanged, this, &BoardWork::devicesChanged);
    connect(&m_service, &DeviceService::plugChanged, this, &BoardWork::plugChanged);
    connect(&m_service, &DeviceService::note, this, [this](const QString &line) {
        m_panel.log(line);
        if (m_flash && m_flash->running()) m_flash->log(line);
    });
    connect(&m_service, &DeviceService::connected, this,
            [this](const DeviceAddress &address, const DeviceInfo &info) {
                m_panel.setInfo(address, &info);
                m_database.prefer(info.condition());
            });
    connect(&m_service, &DeviceService::planned, this, [this](int operators) {
        if (operators == 0)
            say(Severity::Info, QStringLiteral("Every operator of the design is measured already; "
                                               "Measure Whole Design does it again."));
        m_panel.log(QStringLiteral("%1 operators to measure").arg(operators));
    });
    connect(&m_service, &DeviceService::progress, this, [this](int done, int all, qint64 eta) {
        if (m_panel.phase() == BoardPhase::Preparing) m_panel.setPhase(BoardPhase::Measuring);
        const bool measuring = isMeasuring(m_panel.phase());
        const QString text = measuring ? progressText(done, all, eta)
                                       : formatPercent(double(done) / std::max(1, all));
        m_panel.setProgress(done, all, text);
        if (m_flash && m_flash->running()) m_flash->setProgress(double(done) / std::max(1, all));
        Q_EMIT status(QStringLiteral("%1: %2 %3").arg(m_onBoard, describe(m_panel.phase()), text));
    });
    connect(&m_service, &DeviceService::waiting, this, [this] {
        m_panel.setPhase(BoardPhase::Waiting);
        Q_EMIT status(QStringLiteral("%1: waiting for the board").arg(m_onBoard));
        say(Severity::Warning,
            QStringLiteral("The board was unplugged; measuring goes on when it is back."),
            m_service.plugged() ? nullptr : m_plugIn);
    });
    connect(&m_service, &DeviceService::resumed, this, [this] {
        m_panel.setPhase(m_service.paused() ? BoardPhase::Paused : BoardPhase::Measuring);
        say(Severity::Info, QStringLiteral("The board is back; measuring goes on."));
    });
    connect(&m_service, &DeviceService::failed, this, [this](const Error &error) {
        m_panel.log(error.message());
        m_afterConnecting = nullptr;
        if (m_flash && m_flash->running()) return m_flash->setFailed(error.message());
        if (m_flash && m_flash->isVisible()) return m_flash->setContentsUnknown(error.message());
        say(Severity::Error, error.message(), error.code == ErrorCode::Device ? m_why : nullptr);
    });
    connect(&m_service, &DeviceService::finished, this, &BoardWork::finished);
}

void BoardWork::connectResults()
{
    connect(&m_service, &DeviceService::measured, this, [this](const MeasureOutcome &outcome) {
        if (outcome.what == MeasureOutcome::What::Measured) m_feed.arrived();
    });
    connect(&m_service, &DeviceService::measuringDone, this, [this](const MeasureSummary &summary) {
        QString text =
            QStringLiteral("Measured %1 on %2 in %3.")
                .arg(summary.measured == 1 ? QStringLiteral("1 operator")
                                           : QStringLiteral("%1 operators").arg(summary.measured),
                     m_onBoard,
                     summary.seconds > 0 ? QStringLiteral("%1 s").arg(summary.seconds)
                                         : QStringLiteral("less than 1 s"));
        if (summary.doesNotFit > 0)
            text += QStringLiteral(" %1 do not fit the board.").arg(summary.doesNotFit);
        if (summary.failed > 0) text += QStringLiteral(" %1 failed.").arg(summary.failed);
        const bool trouble = summary.doesNotFit + summary.failed > 0;
        if (trouble) text += QStringLiteral(" The log in the Board dock says why.");
        m_panel.log(text);
        say(trouble ? Severity::Warning : Severity::Info, text);
        if (summary.measured > 0) Q_EMIT measuredSome();
    });
    connect(&m_service, &DeviceService::networkMeasured, this,
            [this](const Network &network, const NetworkComparison &comparison) {
                m_measured.setComparison(network,
                                         std::make_shared<const NetworkComparison>(comparison));
                const QString text = comparisonText(comparison);
                m_panel.log(text);
                say(Severity::Info, QStringLiteral("On %1: %2.").arg(m_onBoard, text));
            });
    connect(&m_service, &DeviceService::validated, this, [this](const Validation &result) {
        QString text =
            QStringLiteral("Validated on %1 with %2 samples: ").arg(m_onBoard).arg(result.samples);
        text += result.equal()
                    ? QStringLiteral("every output byte is the host's.")
                    : QStringLiteral("%1 differ from the host's outputs; the log in the Board "
                                     "dock says where.")
                          .arg(result.differingSamples);
        if (result.labelled > 0)
            text += QStringLiteral(" %1 % right, %2 % on the host.")
                        .arg(100.0 * result.correct / result.labelled, 0, 'f', 1)
                        .arg(100.0 * result.correctOnHost / result.labelled, 0, 'f', 1);
        m_panel.log(text);
        for (const QString &difference : result.differences)
            m_panel.log(difference);
        say(result.equal() ? Severity::Info : Severity::Warning, text);
    });
    connect(&m_service, &DeviceService::examined, &m_panel, &BoardPanel::setFindings);
    connect(&m_service, &DeviceService::flashContents, this, [this](const QString &what) {
        if (m_flash) m_flash->setContents(what);
    });
    connect(&m_service, &DeviceService::flashed, this, [this](const FlashReport &report) {
        if (m_flash) m_flash->setFlashed(report);
        say(Severity::Info,
            QStringLiteral("Flashed the profiling firmware (%1).").arg(formatKib(report.bytes)));
        m_service.refresh();
    });
}

void BoardWork::say(Severity severity, const QString &sentence, QAction *action)
{
    Q_EMIT told(severity, sentence, action);
}

void BoardWork::devicesChanged()
{
    m_panel.setDevices(m_service.devices());
    if (m_flash) m_flash->setProbes(probesAmong(m_service.devices()));
    follow();
}

void BoardWork::follow()
{
    const Target &target = m_document.target();
    const FoundDevice *chosen = m_panel.chosen();
    if (target.board.isVirtual) {
        m_panel.list().choose(emulatorOf(target.board.id));
        return;
    }
    // A real board before a virtual one; that one rather than none.
    if (chosen && chosen->what != FoundDevice::What::VirtualBoard) return;
    for (const FoundDevice &device : m_service.devices())
        if (device.what == FoundDevice::What::Profiler) {
            m_panel.list().choose(device.address);
            return;
        }
    if (!chosen) m_panel.list().choose(emulatorOf(QString::fromLatin1(firstBoard)));
}

void BoardWork::preselect()
{
    if (!m_panel.chosen()) follow();
}

void BoardWork::chosenChanged()
{
    const FoundDevice *device = m_panel.chosen();
    if (!device || !device->problem.isEmpty() || m_panel.chosenInfo() || m_service.busy()) return;
    // Serial ports belong to anyone: those are asked only when told to.
    const bool own = device->what == FoundDevice::What::Profiler ||
                     device->what == FoundDevice::What::VirtualBoard;
    // Behind another tab a dock is "visible", too, but nothing of it is to be seen.
    if (own && !m_panel.visibleRegion().isEmpty()) connectChosen();
}

void BoardWork::showDesign()
{
    const ReportPtr committed = m_runner.committed() ? m_runner.committed() : m_runner.report();
    const Target &target = m_document.target();
    const bool fits = committed && committed->target.board.id == target.board.id &&
                      committed->target.runtime == target.runtime;
    m_panel.setDesign(target, fits ? committed : ReportPtr());
    m_measured.setKnowledge(m_runner.knowledge());
}

void BoardWork::designFor(const Target &target)
{
    if (const auto done = m_document.setTarget(target); !done)
        say(Severity::Warning, done.error().message());
}

void BoardWork::begin(BoardPhase phase, const FoundDevice *device)
{
    m_service.setDatabasePath(m_database.path());
    m_onBoard = device ? device->name : QString();
    m_panel.setPhase(phase);
    Q_EMIT status(m_onBoard.isEmpty() ? describe(phase)
                                      : QStringLiteral("%1: %2").arg(m_onBoard, describe(phase)));
}

void BoardWork::finished()
{
    if (m_service.busy()) return;
    const BoardPhase before = m_panel.phase();
    m_panel.setPhase(BoardPhase::Idle);
    Q_EMIT status({});
    if (isMeasuring(before) || before == BoardPhase::Stopping) m_feed.flush();
    if (before == BoardPhase::Stopping) {
        m_panel.log(QStringLiteral("stopped; what was measured stays"));
        say(Severity::Info, QStringLiteral("Stopped; what was measured stays."));
        if (m_flash && m_flash->running()) m_flash->setFailed(QStringLiteral("Stopped."));
    }
    const std::function<void()> next = std::exchange(m_afterConnecting, nullptr);
    if (next && before == BoardPhase::Connecting) next();
}

void BoardWork::connectChosen()
{
    const FoundDevice *device = m_panel.chosen();
    if (!device || !speaks(*device) || m_service.busy()) return;
    begin(BoardPhase::Connecting, device);
    m_service.connectTo(device->address);
}

const FoundDevice *BoardWork::ready(std::function<void()> again)
{
    if (again && m_panel.phase() == BoardPhase::Connecting) { // soon
        m_afterConnecting = std::move(again);
        return nullptr;
    }
    if (m_service.busy()) {
        say(Severity::Warning,
            QStringLiteral("A board is at work (%1); wait for it or stop it first.")
                .arg(describe(m_panel.phase())));
        return nullptr;
    }
    preselect();
    const ReportPtr report = m_runner.committed();
    const FoundDevice *device = m_panel.chosen();
    const BoardAdvice advice =
        adviceFor(m_document.target(), report.get(), device, m_panel.chosenInfo());
    if (advice.canMeasure) return device;
    if (advice.fix == BoardAdvice::Fix::Connect && again) {
        m_afterConnecting = std::move(again);
        connectChosen();
        return nullptr;
    }
    QAction *action = advice.fix == BoardAdvice::Fix::PlugIn    ? m_plugIn
                      : advice.fix == BoardAdvice::Fix::Examine ? m_why
                                                                : nullptr;
    say(Severity::Warning, advice.sentence, action);
    Q_EMIT m_panel.attentionWanted();
    return nullptr;
}

void BoardWork::measure(bool all)
{
    const FoundDevice *device = ready([this, all] {
        const FoundDevice *now = m_panel.chosen();
        if (now && (m_panel.chosenInfo() || now->what == FoundDevice::What::VirtualBoard))
            measure(all);
    });
    if (!device) return;
    begin(BoardPhase::Preparing, device);
    MeasureOptions options;
    options.again = all;
    options.reconnectMs = patienceMs;
    m_service.measureDesign(device->address, m_document.network(), m_document.target(),
                            m_runner.knowledge(), all, options);
}

void BoardWork::measureOperatorsOf(const Network &network)
{
    const FoundDevice *device = ready([this, network] { measureOperatorsOf(network); });
    if (!device) return;
    begin(BoardPhase::Preparing, device);
    MeasureOptions options;
    options.reconnectMs = patienceMs;
    m_service.measureDesign(device->address, network, m_document.target(), m_runner.knowledge(),
                            false, options);
}

void BoardWork::measureNetwork()
{
    const FoundDevice *device = ready({});
    if (!device) return;
    begin(BoardPhase::Comparing, device);
    m_service.measureNetwork(device->address, m_document.network());
}

void BoardWork::askValidate()
{
    if (!ready({})) return;
    QuantDialog dialog(QuantDialog::Purpose::Validate, m_source, m_data, m_window);
    if (dialog.exec() != QDialog::Accepted) return;
    ValidationRequest request;
    request.source = m_source = dialog.source();
    request.data = m_data = dialog.data();
    validate(request);
}

void BoardWork::validate(const ValidationRequest &request)
{
    const FoundDevice *device = ready({});
    if (!device) return;
    begin(BoardPhase::Validating, device);
    m_service.validate(device->address, m_document.network(), request);
}

void BoardWork::askFlash()
{
    if (m_flash) return m_flash->raise();
    m_flash = new FlashDialog(m_document.target().board.id,
                              QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation),
                              m_window);
    m_flash->setAttribute(Qt::WA_DeleteOnClose);
    m_flash->setProbes(probesAmong(m_service.devices()));
    connect(m_flash, &FlashDialog::contentsRequested, this, [this](const FlashRequest &request) {
        begin(BoardPhase::Examining, nullptr);
        m_service.describeFlash(request);
    });
    connect(m_flash, &FlashDialog::flashRequested, this, [this](const FlashRequest &request) {
        begin(BoardPhase::Flashing, nullptr);
        m_service.flash(request);
    });
    connect(m_flash, &FlashDialog::stopRequested, this, &BoardWork::stop);
    m_flash->open();
}

void BoardWork::examine()
{
    if (m_service.busy()) return;
    begin(BoardPhase::Examining, nullptr);
    Q_EMIT m_panel.attentionWanted();
    m_service.examine(m_document.target().board.id);
}

void BoardWork::stop()
{
    if (!m_service.busy()) return;
    m_panel.setPhase(BoardPhase::Stopping);
    m_afterConnecting = nullptr;
    m_service.cancel();
}

void BoardWork::setPaused(bool paused)
{
    if (!isMeasuring(m_panel.phase()) || m_panel.phase() == BoardPhase::Waiting) return;
    m_service.setPaused(paused);
    m_panel.setPhase(paused ? BoardPhase::Paused : BoardPhase::Measuring);
    Q_EMIT status(QStringLiteral("%1: %2").arg(m_onBoard, describe(m_panel.phase())));
}

void BoardWork::setPlugged(bool plugged)
{
    m_service.setPlugged(plugged);
    m_panel.log(plugged ? QStringLiteral("virtual board plugged in")
                        : QStringLiteral("virtual board unplugged"));
}

} // namespace atomnet
