#include "widgets/inspectors/advice_text.h"

#include "core/base/format.h"
#include "widgets/inspectors/figures_text.h"

namespace atomnet
{

namespace
{

/// As formatKibDelta, with a real minus sign.
QString deltaText(qint64 bytes)
{
    return formatKibDelta(bytes).replace(QLatin1Char('-'), QChar(0x2212));
}

QString sign(qint64 value)
{
    return value < 0 ? QStringLiteral("\u2212") : QStringLiteral("+");
}

} // namespace

QString effectText(const Effect &effect, TimeUnit unit)
{
    QStringList parts;
    if (effect.sramBytes != 0) parts << QStringLiteral("%1 SRAM").arg(deltaText(effect.sramBytes));
    if (effect.flashBytes != 0)
        parts << QStringLiteral("%1 Flash").arg(deltaText(effect.flashBytes));
    if (effect.latency != 0)
        parts << sign(effect.latency) + timeText(std::abs(effect.latency), unit);
    if (effect.macs != 0)
        parts << QStringLiteral("%1%2 MACs")
                     .arg(sign(effect.macs), formatCount(std::abs(effect.macs)));
    return parts.isEmpty() ? QStringLiteral("changes no figure") : parts.join(QStringLiteral(", "));
}

QString placeText(const Network &network, const FindingPlace &place)
{
    if (place.head) return QStringLiteral("Head");
    const auto nameOf = [&network](int stage) {
        const QString &name = network.stages[std::size_t(stage)].name;
        return name.isEmpty() ? QStringLiteral("Stage %1").arg(stage + 1) : name;
    };
    if (const BlockPlace at = findBlock(network, place.block); at.valid())
        return QStringLiteral("%1, block %2").arg(nameOf(at.stage)).arg(at.index + 1);
    if (const int stage = findStage(network, place.stage); stage >= 0)
        return QStringLiteral("Stage %1").arg(nameOf(stage));
    return QStringLiteral("Design");
}

} // namespace atomnet
