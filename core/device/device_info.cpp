#include "core/device/session.h"

#include "core/model/board.h"

namespace atomnet
{

namespace
{

QString kernelText(const ap_hello_t &hello)
{
    return QStringLiteral("%1-%2")
        .arg(hello.kernel_version)
        .arg(hello.kernel_hash, 8, 16, QLatin1Char('0'));
}

QString boardName(const QString &id)
{
    const auto board = boardById(id);
    return board ? board->name : id;
}

} // namespace

quint32 kernelHash()
{
    return ATOMNET_KERNEL_HASH;
}

QString DeviceInfo::cachesText(quint32 conditions)
{
    QStringList parts;
    if (conditions & AP_COND_ICACHE) parts << QStringLiteral("I");
    if (conditions & AP_COND_DCACHE) parts << QStringLiteral("D");
    if (conditions & AP_COND_ART) parts << QStringLiteral("ART");
    if (conditions & AP_COND_PREFETCH) parts << QStringLiteral("prefetch");
    return parts.isEmpty() ? QStringLiteral("off") : parts.join(QLatin1Char('+'));
}

RunCondition DeviceInfo::condition() const
{
    RunCondition condition;
    condition.board = board;
    condition.runtime = QStringLiteral("atomnet-1");
    condition.clockHz = hello.clock_hz;
    condition.caches = cachesText(hello.conditions);
    if (!defaultWaitStates) condition.caches += QStringLiteral("+%1ws").arg(hello.wait_states);
    condition.compiler = compiler;
    condition.flags = compilerFlags;
    condition.kernelVersion = kernelText(hello);
    return condition;
}

QString DeviceInfo::summary() const
{
    QString text = boardName(board);
    if (!isVirtual())
        text += QStringLiteral(" at %1 MHz, caches %2")
                    .arg(hello.clock_hz / 1'000'000)
                    .arg(cachesText(hello.conditions));
    return text + QStringLiteral(", firmware %1, kernels %2")
                      .arg(hello.firmware_version)
                      .arg(kernelText(hello));
}

double OperatorResult::spread() const
{
    return median > 0 ? double(max - min) / double(median) : 0;
}

} // namespace atomnet
