#include "core/device/flashing/doctor.h"

#include "core/device/flashing/own_command.h"
#include "core/device/flashing/say_hello.h"
#include "core/device/flashing/surroundings.h"
#include "core/device/flashing/tool_runner.h"
#include "core/model/board.h"

#include <QFile>

#include <algorithm>

namespace atomnet
{

namespace
{

using enum Finding::State;
using What = FoundDevice::What;

/// The examination, section by section; each adds its findings.
class Doctor
{
public:
    Doctor(const QString &boardId, const Surroundings &around, const RunControl &control)
        : m_around(around), m_control(control)
    {
        if (boardId.isEmpty()) return;
        if (const auto variant = boardVariant(boardId)) {
            m_variant = *variant;
            m_board = variant->board;
        } else {
            m_board = boardId;
        }
        if (const auto board = boardById(m_board))
            m_virtual = board->isVirtual;
        else
            add(Problem, board.error().what);
    }
    std::vector<Finding> examine()
    {
        if (!m_findings.empty()) return m_findings; // no such board
        if (!m_virtual) lookAtTools();
        if (m_virtual || m_board.isEmpty()) lookAtQemu();
        lookAtImages();
        if (m_virtual) {
            greetVirtualBoard();
            return m_findings;
        }
        lookAtPermissions();
        lookAtUsb();
        return m_findings;
    }

private:
    void add(Finding::State state, const QString &what, const QString &advice = {},
             const QString &command = {})
    {
        m_findings.push_back({state, what, advice, command});
    }
    [[nodiscard]] bool wanted() const { return !m_board.isEmpty(); }
    /// What matters when a board is to be used, and is worth telling otherwise.
    [[nodiscard]] Finding::State weight() const { return wanted() ? Problem : Note; }

    void lookAtTools();
    void lookAtQemu();
    void lookAtImages();
    void lookAtPermissions();
    void lookAtUsb();
    void greetVirtualBoard();
    /// Whether somebody answered there.
    bool greet(const FoundDevice &device);
    void tellFault(const FoundDevice &device, const LinkError &error);
    [[nodiscard]] QString flashCommand() const
    {
        return ownCommand(
            QStringLiteral("flash --board %1")
                .arg(m_variant.id.isEmpty() ? QStringLiteral("BOARD") : m_variant.id));
    }

    const Surroundings &m_around;
    const RunControl &m_control;
    QString m_board;
    BoardVariant m_variant;
    bool m_virtual = false;
    std::vector<Finding> m_findings;
};

void Doctor::lookAtTools()
{
    QStringList there, missing;
    for (const FlashTool tool : {FlashTool::StFlash, FlashTool::OpenOcd, FlashTool::DfuUtil})
        (m_around.installed(toString(tool)) ? there : missing) << toString(tool);
    const QString install = QStringLiteral("sudo apt install stlink-tools openocd dfu-util");
    if (there.isEmpty())
        add(weight(), QStringLiteral("Tools: none that flashes boards is installed"),
            QStringLiteral("Install at least one of them."), install);
    else if (!missing.isEmpty())
        add(Note,
            QStringLiteral("Tools: %1 installed, %2 missing")
                .arg(there.join(QStringLiteral(", ")), missing.join(QStringLiteral(", "))),
            QStringLiteral("Only needed when the others do not reach your board."), install);
    else
        add(Good, QStringLiteral("Tools: %1 are installed").arg(there.join(QStringLiteral(", "))));
}

void Doctor::lookAtQemu()
{
    if (m_around.installed(QStringLiteral("qemu-system-arm")))
        add(Good, QStringLiteral("Virtual boards: QEMU is installed"));
    else
        add(weight(), QStringLiteral("Virtual boards: QEMU is not installed"),
            QStringLiteral("Install it to measure without a board."),
            QStringLiteral("sudo apt install qemu-system-arm"));
}

void Doctor::lookAtImages()
{
    QStringList files;
    if (m_virtual)
        files << QStringLiteral("profiler-%1.elf").arg(m_board);
    else if (wanted())
        files << m_variant.image;
    else
        for (const BoardVariant &variant : boardVariants())
            files << variant.image;
    QStringList missing;
    QString why;
    for (const QString &file : files) {
        const auto found = m_around.image(file);
        if (found) continue;
        missing << file;
        if (!why.isEmpty()) continue;
        why = found.error().what;
        why.replace(0, 1, why.left(1).toUpper());
    }
    if (missing.isEmpty())
        add(Good, QStringLiteral("Firmware: the profiler's image is there"));
    else
        add(weight(),
            QStringLiteral("Firmware: %1 missing").arg(missing.join(QStringLiteral(", "))), why);
}

void Doctor::lookAtPermissions()
{
    const auto forbidden = [](const QString &problem) { return problem.contains(u"permission"); };
    QStringList names;
    for (const Probe &probe : m_around.probes)
        if (forbidden(probe.problem)) names << probe.name;
    for (const FoundDevice &device : m_around.devices)
        if (device.what != What::SerialPort && device.what != What::Probe &&
            device.what != What::Bootloader && forbidden(device.problem))
            names << device.name;
    if (!names.isEmpty())
        add(Problem,
            QStringLiteral("Permission: you may not open %1").arg(names.join(QStringLiteral(", "))),
            m_around.hasRules
                ? QStringLiteral("The udev rules are installed: unplug it and plug it in again.")
                : QStringLiteral("Install the udev rules, then plug it in again."),
            m_around.hasRules ? QString() : installRulesCommand());
    else if (!m_around.hasRules)
        add(Note, QStringLiteral("Permission: the designer's udev rules are not installed"),
            QStringLiteral("Without them boards may be for root alone."), installRulesCommand());
    else
        add(Good, QStringLiteral("Permission: the udev rules are installed"));
}

void Doctor::lookAtUsb()
{
    bool answered = false, tried = false;
    for (const What what : {What::Profiler, What::SerialPort}) {
        for (const FoundDevice &device : m_around.devices) {
            if (device.what != what || m_control.cancelled()) continue;
            // Foreign serial ports may lead to machines that act on what they get.
            if (what == What::SerialPort && (answered || device.vendor != 0x0483)) continue;
            tried = true;
            answered = greet(device) || answered;
        }
    }
    for (const Probe &probe : m_around.probes) {
        if (!probe.problem.isEmpty()) {
            if (!probe.problem.contains(u"permission"))
                add(Problem, QStringLiteral("USB: %1: %2").arg(probe.name, probe.problem));
            continue;
        }
        const QString serial =
            probe.serial.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(probe.serial);
        if (probe.kind == Probe::Kind::Dfu)
            add(answered ? Note : weight(),
                QStringLiteral("USB: a board waits in its bootloader%1").arg(serial),
                QStringLiteral("Flash the profiling firmware."), flashCommand());
        else
            add(Good, QStringLiteral("USB: %1%2 is there, for flashing").arg(probe.name, serial));
    }
    const bool stLink =
        std::any_of(m_around.probes.begin(), m_around.probes.end(), [](const Probe &probe) {
            return probe.kind == Probe::Kind::StLink && probe.problem.isEmpty();
        });
    if (!tried && m_around.probes.empty())
        add(weight(), QStringLiteral("USB: no board, no ST-LINK and no bootloader is connected"),
            QStringLiteral("Plug the board's ST-LINK connector in, with a cable that carries data "
                           "and not only power; try another port."));
    else if (!tried && stLink)
        add(weight(), QStringLiteral("USB: the ST-LINK is there, the profiling firmware is not"),
            QStringLiteral("Flash it, and plug the board's own USB connector in, too."),
            flashCommand());
}

bool Doctor::greet(const FoundDevice &device)
{
    const auto info = m_around.hello(device.address);
    if (!info) {
        tellFault(device, info.error());
        return false;
    }
    const QString way = device.what == What::SerialPort
                            ? QStringLiteral("Serial port %1").arg(device.address.detail)
                            : QStringLiteral("USB");
    if (wanted() && info->board != m_board)
        add(Problem,
            QStringLiteral("%1: another board than the one chosen answers (%2)")
                .arg(way, info->summary()),
            QStringLiteral("Choose the board that is connected, or connect the chosen one."),
            ownCommand(QStringLiteral("doctor --board %1").arg(info->board)));
    else
        add(Good,
            QStringLiteral("%1: the AtomNet profiler answers (%2)").arg(way, info->summary()));
    return true;
}

void Doctor::tellFault(const FoundDevice &device, const LinkError &error)
{
    const bool serial = device.what == What::SerialPort;
    const QString name = serial ? QStringLiteral("Serial port %1").arg(device.address.detail)
                                : QStringLiteral("USB: %1").arg(device.name);
    const auto problem = [&](const QString &what, const QString &advice,
                             const QString &command = {}) {
        add(Problem, QStringLiteral("%1: %2").arg(name, what), advice, command);
    };
    switch (error.fault) {
    case LinkFault::NoPermission:
        if (serial)
            problem(QStringLiteral("you may not open it"),
                    QStringLiteral("Join its group and log in again, or install the udev rules."),
                    QStringLiteral("sudo usermod -aG dialout $USER"));
        else if (!device.problem.contains(u"permission")) // else it is told already
            problem(QStringLiteral("you may not open it"),
                    QStringLiteral("Install the udev rules, then plug it in again."),
                    installRulesCommand());
        return;
    case LinkFault::Busy:
        problem(QStringLiteral("another program uses it"),
                QStringLiteral("Close that program (another designer, a terminal, a debugger)."));
        return;
    case LinkFault::WrongDriver:
        problem(QStringLiteral("a wrong driver holds it"), error.what);
        return;
    case LinkFault::Version:
        problem(QStringLiteral("the firmware does not fit this designer"), error.what,
                flashCommand());
        return;
    case LinkFault::Timeout:
        if (serial)
            add(weight(), QStringLiteral("%1: nothing answers").arg(name),
                QStringLiteral("Flash the profiling firmware, or press the board's reset button."),
                flashCommand());
        else
            problem(QStringLiteral("it does not answer"),
                    QStringLiteral("Press the board's reset button, or plug it in again."));
        return;
    case LinkFault::Gone:
    case LinkFault::NotFound:
        problem(QStringLiteral("it has gone"),
                QStringLiteral("Plug it in again; a cable that is loose does this."));
        return;
    case LinkFault::NotInstalled:
    case LinkFault::Interrupted:
    case LinkFault::Protocol:
    case LinkFault::Refused:
    case LinkFault::Faulted:
        break;
    }
    problem(QStringLiteral("it does not answer as it should"), error.what, flashCommand());
}

void Doctor::greetVirtualBoard()
{
    if (std::any_of(m_findings.begin(), m_findings.end(),
                    [](const Finding &one) { return one.state == Problem; }))
        return; // it cannot start
    DeviceAddress address;
    address.kind = DeviceAddress::Kind::Emulator;
    address.detail = m_board;
    const auto info = m_around.hello(address);
    if (info)
        add(Good,
            QStringLiteral("%1: the AtomNet profiler answers (%2)").arg(m_board, info->summary()));
    else
        add(Problem, QStringLiteral("%1: it does not answer").arg(m_board), info.error().what);
}

bool rulesAreInstalled()
{
#ifdef Q_OS_LINUX
    for (const char *path : {udevRulesPath, "/usr/lib/udev/rules.d/70-atomnet-designer.rules"}) {
        QFile file(QString::fromLatin1(path));
        if (file.open(QIODevice::ReadOnly) && file.readAll() == udevRules()) return true;
    }
    return false;
#else
    return true;
#endif
}

} // namespace

std::vector<Finding> examine(const QString &boardId, const Surroundings &surroundings,
                             const RunControl &control)
{
    return Doctor(boardId, surroundings, control).examine();
}

std::vector<Finding> examine(const QString &boardId, const RunControl &control)
{
    Surroundings around;
    around.devices = findDevices();
    around.probes = findProbes();
    around.installed = isInstalled;
    around.image = firmwareFile;
    around.hello = [&control](const DeviceAddress &address) { return sayHello(address, control); };
    around.hasRules = rulesAreInstalled();
    return examine(boardId, around, control);
}

} // namespace atomnet
