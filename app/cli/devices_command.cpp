#include "app/cli/commands.h"
#include "app/cli/options.h"
#include "core/device/device_address.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace atomnet
{

namespace
{

using What = FoundDevice::What;

CommandSpec devicesSpec()
{
    return {QStringLiteral("devices [--json]"),
            QStringLiteral("Lists what can be measured on or flashed: boards with the profiling "
                           "firmware, serial ports,\n"
                           "ST-LINKs, boards in their bootloader, and virtual boards."),
            {{QStringLiteral("json"), {}, QStringLiteral("print JSON")}},
            0,
            0};
}

QString nameOf(What what)
{
    switch (what) {
    case What::Profiler:
        return QStringLiteral("profiler");
    case What::SerialPort:
        return QStringLiteral("serial port");
    case What::Probe:
        return QStringLiteral("probe");
    case What::Bootloader:
        return QStringLiteral("bootloader");
    case What::VirtualBoard:
        break;
    }
    return QStringLiteral("virtual board");
}

/// What --device takes for it; "" for what is only flashed through.
QString addressOf(const FoundDevice &device)
{
    const bool flashing = device.what == What::Probe || device.what == What::Bootloader;
    return flashing ? QString() : toString(device.address);
}

QString devicesJson(const std::vector<FoundDevice> &devices)
{
    QJsonArray list;
    for (const FoundDevice &device : devices) {
        const QString address = addressOf(device);
        list.append(QJsonObject{
            {QStringLiteral("what"), nameOf(device.what)},
            {QStringLiteral("device"), address.isEmpty() ? QJsonValue() : QJsonValue(address)},
            {QStringLiteral("name"), device.name},
            {QStringLiteral("serial"), device.serial},
            {QStringLiteral("vendor"), device.vendor},
            {QStringLiteral("product"), device.product},
            {QStringLiteral("problem"),
             device.problem.isEmpty() ? QJsonValue() : QJsonValue(device.problem)}});
    }
    return QString::fromUtf8(QJsonDocument(list).toJson());
}

QString devicesText(const std::vector<FoundDevice> &devices)
{
    if (devices.empty())
        return QStringLiteral("There is no board here; atomnet-designer doctor tells why.\n");
    QString text = QStringLiteral("%1%2%3\n")
                       .arg(QStringLiteral("what"), -15)
                       .arg(QStringLiteral("--device"), -28)
                       .arg(QStringLiteral("name"));
    for (const FoundDevice &device : devices) {
        const QString serial =
            device.serial.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(device.serial);
        text += QStringLiteral("%1%2%3%4\n")
                    .arg(nameOf(device.what), -15)
                    .arg(addressOf(device), -28)
                    .arg(device.name, serial);
        if (!device.problem.isEmpty())
            text += QString(15, QLatin1Char(' ')) + device.problem + QLatin1Char('\n');
    }
    return text;
}

} // namespace

Result<int> devicesCommand(const QStringList &arguments, Console &console)
{
    const CommandSpec spec = devicesSpec();
    const auto command = parseCommand(spec, arguments);
    if (!command) return tl::make_unexpected(command.error());
    if (command->help) {
        console.out << helpText(spec);
        return 0;
    }
    const std::vector<FoundDevice> devices = findDevices();
    console.out << (command->has(QStringLiteral("json")) ? devicesJson(devices)
                                                         : devicesText(devices));
    return 0;
}

} // namespace atomnet
