#include "core/analysis/guidelines/effect_text.h"

#include "core/base/format.h"

namespace atomnet
{

QString effectText(const Effect &effect, TimeUnit unit)
{
    const auto sign = [](qint64 value) { return value > 0 ? QStringLiteral("+") : QString(); };
    QStringList parts;
    if (effect.sramBytes != 0)
        parts << QStringLiteral("%1 SRAM").arg(formatKibDelta(effect.sramBytes));
    if (effect.flashBytes != 0)
        parts << QStringLiteral("%1 Flash").arg(formatKibDelta(effect.flashBytes));
    if (effect.latency != 0)
        parts << sign(effect.latency) +
                     (unit == TimeUnit::Instructions
                          ? QStringLiteral("%1 instructions").arg(formatCount(effect.latency))
                          : formatMs(effect.latency));
    if (effect.macs != 0)
        parts << QStringLiteral("%1%2 MACs").arg(sign(effect.macs), formatCount(effect.macs));
    return parts.isEmpty() ? QStringLiteral("changes no figure") : parts.join(QStringLiteral(", "));
}

} // namespace atomnet
