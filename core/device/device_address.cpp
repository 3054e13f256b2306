#include "core/device/device_address.h"

#include "core/device/process_link.h"
#include "core/device/serial_link.h"
#include "core/device/usb_link.h"

namespace atomnet
{

namespace
{

const QStringList emulated{QStringLiteral("qemu-m4"), QStringLiteral("qemu-m7")};

tl::unexpected<Error> badAddress(const QString &text)
{
    return fail(ErrorCode::Usage,
                QStringLiteral("\"%1\" is no device; use usb, usb:SERIAL, serial:PORT, "
                               "serial:PORT@BAUD, qemu-m4, qemu-m7 or program:PATH")
                    .arg(text),
                QStringLiteral("--device"));
}

} // namespace

Result<DeviceAddress> deviceAddress(const QString &text)
{
    using Kind = DeviceAddress::Kind;
    if (text == QLatin1String("usb")) return DeviceAddress{Kind::Usb, {}, 0, {}};
    if (emulated.contains(text)) return DeviceAddress{Kind::Emulator, text, 0, {}};
    const qsizetype colon = text.indexOf(QLatin1Char(':'));
    const QString scheme = text.left(colon), detail = text.mid(colon + 1);
    if (colon < 0 || detail.isEmpty()) return badAddress(text);
    if (scheme == QLatin1String("usb")) return DeviceAddress{Kind::Usb, detail, 0, {}};
    if (scheme == QLatin1String("program")) return DeviceAddress{Kind::Program, detail, 0, {}};
    if (scheme != QLatin1String("serial")) return badAddress(text);
    const qsizetype at = detail.lastIndexOf(QLatin1Char('@'));
    if (at < 0) return DeviceAddress{Kind::Serial, detail, 0, {}};
    bool isNumber = false;
    const qint32 baud = detail.mid(at + 1).toInt(&isNumber);
    if (!isNumber || baud < 1200 || baud > 12'000'000 || at == 0)
        return fail(
            ErrorCode::Usage,
            QStringLiteral("the baud rate in \"%1\" is not between 1200 and 12000000").arg(text),
            QStringLiteral("--device"));
    return DeviceAddress{Kind::Serial, detail.left(at), baud, {}};
}

QString toString(const DeviceAddress &address)
{
    const QString &detail = address.detail;
    switch (address.kind) {
    case DeviceAddress::Kind::Usb:
        return detail.isEmpty() ? QStringLiteral("usb") : QStringLiteral("usb:") + detail;
    case DeviceAddress::Kind::Serial:
        return QStringLiteral("serial:") + detail +
               (address.baud ? QStringLiteral("@%1").arg(address.baud) : QString());
    case DeviceAddress::Kind::Program:
        return QStringLiteral("program:") + detail;
    case DeviceAddress::Kind::Emulator:
        break;
    }
    return detail;
}

std::unique_ptr<Link> makeLink(const DeviceAddress &address)
{
    switch (address.kind) {
    case DeviceAddress::Kind::Usb:
        return std::make_unique<UsbLink>(address.detail);
    case DeviceAddress::Kind::Serial:
        return std::make_unique<SerialLink>(address.detail, address.baud);
    case DeviceAddress::Kind::Program:
        return std::make_unique<ProcessLink>(address.detail, address.detail, QStringList());
    case DeviceAddress::Kind::Emulator:
        break;
    }
    return std::make_unique<EmulatorLink>(address.detail, address.image);
}

} // namespace atomnet
