#include "widgets/dashboards/search/search_figures.h"

#include "core/base/format.h"

#include <QLocale>

namespace atomnet
{

QString groupedDigits(qint64 value)
{
    QLocale locale = QLocale::c();
    locale.setNumberOptions(QLocale::DefaultNumberOptions); // which C leaves out
    return locale.toString(value);
}

QString figureName(Figure figure)
{
    switch (figure) {
    case Figure::Macs:
        return QStringLiteral("MACs");
    case Figure::Latency:
        return QStringLiteral("Latency");
    case Figure::Sram:
        return QStringLiteral("SRAM");
    case Figure::Flash:
        break;
    }
    return QStringLiteral("Flash");
}

TimeUnit unitOf(const Target &target)
{
    return target.board.isVirtual ? TimeUnit::Instructions : TimeUnit::Nanoseconds;
}

QString figureText(Figure figure, qint64 value, TimeUnit unit)
{
    switch (figure) {
    case Figure::Macs:
        return formatCount(value);
    case Figure::Latency:
        return unit == TimeUnit::Nanoseconds ? formatMs(value)
                                             : formatCount(value) + QStringLiteral(" instr.");
    case Figure::Sram:
    case Figure::Flash:
        break;
    }
    return formatKib(value);
}

QString exactText(Figure figure, qint64 value, TimeUnit unit)
{
    switch (figure) {
    case Figure::Macs:
        return groupedDigits(value) + QStringLiteral(" MACs");
    case Figure::Latency:
        return groupedDigits(value) + (unit == TimeUnit::Nanoseconds
                                           ? QStringLiteral(" ns")
                                           : QStringLiteral(" instructions"));
    case Figure::Sram:
    case Figure::Flash:
        break;
    }
    return groupedDigits(value) + QStringLiteral(" bytes");
}

qint64 figureOf(const FrontPoint &point, Figure figure)
{
    switch (figure) {
    case Figure::Macs:
        return point.macs;
    case Figure::Latency:
        return point.latency;
    case Figure::Sram:
        return point.sramBytes;
    case Figure::Flash:
        break;
    }
    return point.flashBytes;
}

qint64 figureOf(const Candidate &candidate, Figure figure)
{
    switch (figure) {
    case Figure::Macs:
        return candidate.macs;
    case Figure::Latency:
        return candidate.latency;
    case Figure::Sram:
        return candidate.sramBytes;
    case Figure::Flash:
        break;
    }
    return candidate.flashBytes;
}

qint64 figureOf(const Report &report, Figure figure)
{
    switch (figure) {
    case Figure::Macs:
        return report.macs;
    case Figure::Latency:
        return report.latency.value;
    case Figure::Sram:
        return report.sram.value;
    case Figure::Flash:
        break;
    }
    return report.flash.value;
}

std::optional<qint64> limitOf(const SearchLimits &limits, Figure figure)
{
    switch (figure) {
    case Figure::Macs:
        return {};
    case Figure::Latency:
        return limits.latency;
    case Figure::Sram:
        return limits.sramBytes;
    case Figure::Flash:
        break;
    }
    return limits.flashBytes;
}

void setLimit(SearchLimits &limits, Figure figure, std::optional<qint64> value)
{
    if (figure == Figure::Latency) limits.latency = value;
    if (figure == Figure::Sram) limits.sramBytes = value;
    if (figure == Figure::Flash) limits.flashBytes = value;
}

} // namespace atomnet
