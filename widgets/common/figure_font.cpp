#include "widgets/common/figure_font.h"

#include <QFontDatabase>
#include <QFontMetricsF>
#include <QStringList>

#include <cmath>

namespace atomnet
{

bool hasTabularFigures(const QFont &font)
{
    const QFontMetricsF metrics(font);
    const double zero = metrics.horizontalAdvance(u'0');
    for (char16_t digit = u'1'; digit <= u'9'; ++digit)
        if (std::abs(metrics.horizontalAdvance(digit) - zero) > 0.01) return false;
    return true;
}

QFont figureFont(const QFont &base)
{
    if (hasTabularFigures(base)) return base;
    // Qt 6.4 cannot switch on the OpenType feature "tnum"; these families have such digits anyway.
    for (const char *family : {"Noto Sans", "DejaVu Sans", "Liberation Sans", "Roboto"}) {
        QFont font = base;
        font.setFamilies(QStringList{QString::fromLatin1(family)});
        if (QFontDatabase::hasFamily(font.family()) && hasTabularFigures(font)) return font;
    }
    QFont fixed = base;
    fixed.setFamilies(QStringList{QFontDatabase::systemFont(QFontDatabase::FixedFont).family()});
    return fixed;
}

} // namespace atomnet
