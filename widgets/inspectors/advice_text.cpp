#include "widgets/inspectors/advice_text.h"

#include "core/analysis/guidelines/effect_text.h"

namespace atomnet
{

QString effectLabel(const Effect &effect, TimeUnit unit)
{
    return effectText(effect, unit).replace(QLatin1Char('-'), QChar(0x2212));
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
