#include "widgets/inspectors/board_text.h"

#include "core/base/format.h"
#include "core/model/board.h"
#include "widgets/common/progress_strip.h"

namespace atomnet
{

namespace
{

QString nameOf(const QString &boardId)
{
    const auto board = boardById(boardId);
    return board ? board->name : boardId;
}

BoardAdvice refuse(const QString &sentence, BoardAdvice::Fix fix = BoardAdvice::Fix::None,
                   const QString &fixText = {})
{
    return {false, sentence, fix, fixText};
}

} // namespace

QString describe(BoardPhase phase)
{
    switch (phase) {
    case BoardPhase::Idle:
        return {};
    case BoardPhase::Connecting:
        return QStringLiteral("connecting");
    case BoardPhase::Preparing:
        return QStringLiteral("self-test");
    case BoardPhase::Measuring:
        return QStringLiteral("measuring");
    case BoardPhase::Paused:
        return QStringLiteral("paused");
    case BoardPhase::Waiting:
        return QStringLiteral("unplugged: waiting for the board");
    case BoardPhase::Comparing:
        return QStringLiteral("running the whole network");
    case BoardPhase::Validating:
        return QStringLiteral("validating");
    case BoardPhase::Flashing:
        return QStringLiteral("flashing");
    case BoardPhase::Examining:
        return QStringLiteral("examining");
    case BoardPhase::Stopping:
        return QStringLiteral("stopping");
    }
    return {};
}

bool isMeasuring(BoardPhase phase)
{
    return phase == BoardPhase::Preparing || phase == BoardPhase::Measuring ||
           phase == BoardPhase::Paused || phase == BoardPhase::Waiting;
}

bool speaks(const FoundDevice &device)
{
    return device.what == FoundDevice::What::Profiler ||
           device.what == FoundDevice::What::SerialPort ||
           device.what == FoundDevice::What::VirtualBoard;
}

QString boardIdOf(const FoundDevice &device, const DeviceInfo *info)
{
    if (device.what == FoundDevice::What::VirtualBoard) return device.address.detail;
    return info ? info->board : QString();
}

QString describe(const FoundDevice &device)
{
    if (!device.problem.isEmpty()) return device.problem;
    switch (device.what) {
    case FoundDevice::What::Profiler:
        return QStringLiteral("USB, profiling firmware");
    case FoundDevice::What::SerialPort:
        return QStringLiteral("connect to see what is behind it");
    case FoundDevice::What::Probe:
        return QStringLiteral("probe: flashes the board behind it");
    case FoundDevice::What::Bootloader:
        return QStringLiteral("ST's bootloader: ready to be flashed");
    case FoundDevice::What::VirtualBoard:
        return QStringLiteral("virtual, counts instructions");
    }
    return {};
}

QList<std::pair<QString, QString>> fingerprint(const DeviceInfo &info)
{
    const ap_hello_t &hello = info.hello;
    const bool counts = info.isVirtual();
    QString version = QStringLiteral("%1").arg(hello.firmware_version);
    if (hello.flags & AP_FLAG_WATCHDOG) version += QStringLiteral(", restarted by its watchdog");
    if (info.hasModel()) version += QStringLiteral(", with a network");
    return {
        {QStringLiteral("Board"), nameOf(info.board)},
        {QStringLiteral("Core"),
         QStringLiteral("Cortex-M%1, %2")
             .arg(hello.core)
             .arg(counts ? QStringLiteral("counts instructions")
                         : QStringLiteral("%1 MHz").arg(hello.clock_hz / 1'000'000))},
        {QStringLiteral("Caches"),
         counts ? QStringLiteral("none") : DeviceInfo::cachesText(hello.conditions)},
        {QStringLiteral("Arena"), formatKib(hello.arena_bytes)},
        {QStringLiteral("Firmware"), version},
        {QStringLiteral("Kernels"), info.condition().kernelVersion},
        {QStringLiteral("Protocol"), QStringLiteral("%1.%2").arg(hello.major).arg(hello.minor)},
        {QStringLiteral("Unique id"), info.uniqueId},
    };
}

BoardAdvice adviceFor(const Target &target, const Report *report, const FoundDevice *device,
                      const DeviceInfo *info)
{
    using Fix = BoardAdvice::Fix;
    if (!device) return refuse(QStringLiteral("Choose a board in the list to measure on it."));
    if (!speaks(*device))
        return refuse(QStringLiteral("%1 writes firmware and cannot measure: flash the profiling "
                                     "firmware through it, then choose the board itself.")
                          .arg(device->name),
                      device->problem.isEmpty() ? Fix::Flash : Fix::Examine,
                      device->problem.isEmpty() ? QStringLiteral("Flash\u2026")
                                                : QStringLiteral("Why?"));
    const bool isVirtual = device->what == FoundDevice::What::VirtualBoard;
    if (!device->problem.isEmpty()) {
        QString sentence = device->problem;
        sentence[0] = sentence[0].toUpper();
        if (!sentence.endsWith(u'.')) sentence += u'.';
        const bool out = isVirtual && sentence.contains(QStringLiteral("unplugged"));
        return refuse(sentence, out ? Fix::PlugIn : Fix::Examine,
                      out ? QStringLiteral("Plug in") : QStringLiteral("Why?"));
    }
    const QString board = boardIdOf(*device, info);
    if (board.isEmpty())
        return refuse(QStringLiteral("Connect to see which board this is."), Fix::Connect,
                      QStringLiteral("Connect"));
    if (board != target.board.id)
        return refuse(QStringLiteral("The design is for %1, and this is %2.")
                          .arg(target.board.name, nameOf(board)),
                      Fix::Board, QStringLiteral("Design for %1").arg(nameOf(board)));
    if (target.runtime != Runtime::AtomNet1)
        return refuse(QStringLiteral("Boards measure the runtime %1, and the design is for %2.")
                          .arg(displayName(Runtime::AtomNet1), displayName(target.runtime)),
                      Fix::Runtime,
                      QStringLiteral("Design for %1").arg(displayName(Runtime::AtomNet1)));
    if (!report)
        return refuse(QStringLiteral("The design has no figures yet; the message above the canvas "
                                     "says why."));
    const int lacking = report->estimatedLayers + report->missingLayers;
    const QString layers = lacking == 1 ? QStringLiteral("1 layer lacks")
                                        : QStringLiteral("%1 layers lack").arg(lacking);
    return {true,
            lacking > 0 ? QStringLiteral("%1 measured figures.").arg(layers)
                        : QStringLiteral("All %1 layers are measured; measuring the whole design "
                                         "does it again.")
                              .arg(report->measuredLayers),
            Fix::None,
            {}};
}

QString progressText(int done, int all, qint64 etaMs)
{
    QString text = QStringLiteral("%1 of %2 operators").arg(done).arg(all);
    const QString eta = etaMs >= 0 && done < all ? etaText(double(etaMs) / 1000) : QString();
    return eta.isEmpty() ? text : text + QStringLiteral(", ") + eta;
}

} // namespace atomnet
