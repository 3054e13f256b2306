#include "core/device/refusal.h"

#include "core/device/session_private.h"

namespace atomnet
{

namespace
{

QString nameOf(ap_message_t type)
{
    switch (type) {
    case AP_MSG_HELLO:
        return QStringLiteral("the greeting");
    case AP_MSG_SELF_TEST:
        return QStringLiteral("the self-test");
    case AP_MSG_CONDITIONS:
        return QStringLiteral("these run conditions");
    case AP_MSG_RUN_OPERATOR:
        return QStringLiteral("this operator");
    case AP_MSG_NETWORK_BEGIN:
    case AP_MSG_NETWORK_STEP:
    case AP_MSG_NETWORK_RUN:
        return QStringLiteral("this network");
    case AP_MSG_VALIDATE:
        return QStringLiteral("to run its model");
    case AP_MSG_RESET:
        return QStringLiteral("to restart");
    case AP_MSG_BOOTLOADER:
        return QStringLiteral("to start its bootloader");
    default:
        return QStringLiteral("message %1").arg(int(type));
    }
}

/// The number that comes with some refusals; -1 without.
int detail(const QByteArray &payload)
{
    return payload.size() >= 2 ? quint8(payload[0]) | quint8(payload[1]) << 8 : -1;
}

QString reason(ap_status_t status, const QByteArray &payload)
{
    switch (status) {
    case AP_UNKNOWN_MESSAGE:
        return QStringLiteral("it does not know this message; flash the firmware anew");
    case AP_BAD_LENGTH:
        return QStringLiteral("the request has a wrong length; flash the firmware anew");
    case AP_BAD_FIELD:
        return QStringLiteral("field %1 of the request cannot be").arg(detail(payload));
    case AP_DOES_NOT_FIT:
        return QStringLiteral("it does not fit into the board's memory");
    case AP_KERNEL_REFUSED:
        return QStringLiteral("the kernel refuses it (status %1)").arg(detail(payload));
    case AP_NO_MODEL:
        return QStringLiteral("no network is linked into this firmware");
    case AP_NOT_READY:
        return QStringLiteral("steps of the network are missing");
    default:
        return QStringLiteral("this board cannot do that");
    }
}

} // namespace

LinkError refusal(ap_message_t type, ap_status_t status, const QByteArray &payload,
                  const QString &device)
{
    if (status == AP_ABORTED)
        return {LinkFault::Interrupted, QStringLiteral("%1 was stopped").arg(device), status};
    if (status == AP_WRONG_VERSION) {
        ap_hello_t hello{};
        const QString theirs = decoded(ap_decode_hello, payload, hello)
                                   ? QString::number(hello.major)
                                   : QStringLiteral("another version");
        return {LinkFault::Version,
                QStringLiteral("the firmware of %1 speaks protocol %2, this designer %3; flash the "
                               "firmware that comes with this designer")
                    .arg(device, theirs)
                    .arg(AP_PROTOCOL_MAJOR),
                status};
    }
    if (status == AP_FAULT) {
        ap_fault_t fault{};
        QString at = QStringLiteral("an unknown place");
        if (decoded(ap_decode_fault, payload, fault))
            at = QStringLiteral("0x%1 (CFSR 0x%2, BFAR 0x%3)")
                     .arg(fault.pc, 8, 16, QLatin1Char('0'))
                     .arg(fault.cfsr, 8, 16, QLatin1Char('0'))
                     .arg(fault.bfar, 8, 16, QLatin1Char('0'));
        return {LinkFault::Faulted,
                QStringLiteral("%1 had a hard fault at %2 and went on without this result")
                    .arg(device, at),
                status};
    }
    return {LinkFault::Refused,
            QStringLiteral("%1 refuses %2: %3").arg(device, nameOf(type), reason(status, payload)),
            status};
}

} // namespace atomnet
