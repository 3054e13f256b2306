#include "core/device/device_address.h"
#include "core/device/process_link.h"

#include <QStandardPaths>

namespace atomnet
{

EmulatorLink::EmulatorLink(QString board, QString image)
    : ProcessLink(board, {}, {}), m_board(std::move(board)), m_image(std::move(image))
{
}

QString EmulatorLink::program()
{
    return QStandardPaths::findExecutable(QStringLiteral("qemu-system-arm"));
}

/// MPS2 boards with the core of the virtual one. Wire: standard input and output, which the image
/// opens as files of this computer. Time stands still but for instructions, so that counts are
/// equal from run to run.
QStringList EmulatorLink::arguments(const QString &board, const QString &image)
{
    const bool m4 = board == QLatin1String("qemu-m4");
    return {QStringLiteral("-M"),
            m4 ? QStringLiteral("mps2-an386") : QStringLiteral("mps2-an500"),
            QStringLiteral("-icount"),
            QStringLiteral("shift=6"),
            QStringLiteral("-nographic"),
            QStringLiteral("-monitor"),
            QStringLiteral("none"),
            QStringLiteral("-serial"),
            QStringLiteral("none"),
            QStringLiteral("-semihosting-config"),
            QStringLiteral("enable=on,target=native"),
            QStringLiteral("-kernel"),
            image};
}

LinkResult<> EmulatorLink::open()
{
    const QString qemu = program();
    if (qemu.isEmpty())
        return linkFail(
            LinkFault::NotInstalled,
            QStringLiteral("QEMU is not installed; \"sudo apt install qemu-system-arm\" does it"));
    QString image = m_image;
    if (image.isEmpty()) {
        auto profiler = firmwareFile(QStringLiteral("profiler-%1.elf").arg(m_board));
        if (!profiler) return linkFail(LinkFault::NotInstalled, profiler.error().message());
        image = *std::move(profiler);
    }
    setProgram(qemu, arguments(m_board, image));
    return ProcessLink::open();
}

} // namespace atomnet
