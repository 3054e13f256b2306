#include "core/search/search.h"

#include <QSet>

#include <cmath>

namespace atomnet
{

namespace
{

/// Where the weight of this key goes, and how many of the key's unit are one of the figure's.
struct Place {
    double Objective::*weight = nullptr;
    double unit = 1;
};

Place placeOf(const QString &key)
{
    if (key == u"macs") return {&Objective::macs, 1};
    if (key == u"latency_ms") return {&Objective::latency, 1e-6};
    if (key == u"instructions") return {&Objective::latency, 1};
    if (key == u"sram_kib") return {&Objective::sram, 1.0 / 1024};
    if (key == u"flash_kib") return {&Objective::flash, 1.0 / 1024};
    if (key == u"params") return {&Objective::params, 1};
    return {};
}

const QString known =
    QStringLiteral("use macs, latency_ms, instructions, sram_kib, flash_kib and params");

} // namespace

Result<Objective> objectiveFrom(const QString &text)
{
    Objective objective{0, 0, 0, 0, 0};
    QSet<QString> seen;
    for (const QString &part : text.split(QLatin1Char(','))) {
        const QStringList sides = part.split(QLatin1Char('='));
        const QString key = sides.at(0).trimmed();
        const Place place = placeOf(key);
        if (!place.weight || sides.size() > 2)
            return fail(ErrorCode::Usage, QStringLiteral("\"%1\" is no part of an objective; %2, "
                                                         "as in macs=1,latency_ms=-0.5")
                                              .arg(part.left(40), known));
        bool isNumber = true;
        const double value = sides.size() == 2 ? sides[1].trimmed().toDouble(&isNumber) : 1;
        if (!isNumber || !(std::abs(value) <= 1e100))
            return fail(ErrorCode::Usage, QStringLiteral("the objective's weight of %1 is \"%2\"; "
                                                         "give a number")
                                              .arg(key, sides.value(1).left(40)));
        const bool again = objective.*place.weight != 0;
        if (seen.contains(key) || again)
            return fail(ErrorCode::Usage, QStringLiteral("the objective names %1 twice").arg(key));
        seen.insert(key);
        objective.*place.weight = value * place.unit;
    }
    if (objective == Objective{0, 0, 0, 0, 0})
        return fail(ErrorCode::Usage,
                    QStringLiteral("the objective's weights are all 0; %1").arg(known));
    return objective;
}

} // namespace atomnet
