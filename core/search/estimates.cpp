#include "core/search/search.h"

namespace atomnet
{

QString toString(Estimates estimates)
{
    switch (estimates) {
    case Estimates::MeasuredOnly:
        return QStringLiteral("measured");
    case Estimates::Point:
        return QStringLiteral("point");
    case Estimates::Pessimistic:
        break;
    }
    return QStringLiteral("pessimistic");
}

std::optional<Estimates> estimatesFrom(QStringView text)
{
    for (const Estimates estimates :
         {Estimates::MeasuredOnly, Estimates::Point, Estimates::Pessimistic})
        if (text == toString(estimates)) return estimates;
    return {};
}

} // namespace atomnet
