#include "widgets/common/kind_colours.h"

namespace atomnet
{

QColor kindColour(const Theme &theme, AtomKind kind)
{
    const auto pick = [&theme](QRgb light, QRgb dark) { return QColor(theme.dark ? dark : light); };
    switch (kind) {
    case AtomKind::Conv:
        return theme.conv;
    case AtomKind::Depthwise:
        return theme.sep;
    case AtomKind::Pointwise:
        return theme.convnext;
    case AtomKind::PointwisePair:
        return pick(0x3fa9dd, 0x8fd3ff);
    case AtomKind::Pad:
        return pick(0x9aa2ae, 0x77808d);
    case AtomKind::Add:
        return pick(0xb8a800, 0xf0e442);
    case AtomKind::Mul:
        return pick(0x7a6f00, 0xb5a93a);
    case AtomKind::Scale:
        return pick(0xd55e00, 0xff8a4c);
    case AtomKind::SqueezeExcite:
        return pick(0x8e2f6f, 0xb04f93);
    case AtomKind::Mean:
        return pick(0x3c4450, 0xd5dae2);
    case AtomKind::FullyConnected:
        return theme.mbconv;
    }
    return theme.mutedText;
}

QString kindTitle(AtomKind kind)
{
    switch (kind) {
    case AtomKind::Conv:
        return QStringLiteral("Convolution");
    case AtomKind::Depthwise:
        return QStringLiteral("Depthwise");
    case AtomKind::Pointwise:
        return QStringLiteral("Pointwise");
    case AtomKind::PointwisePair:
        return QStringLiteral("Pointwise pair");
    case AtomKind::Pad:
        return QStringLiteral("Pad");
    case AtomKind::Add:
        return QStringLiteral("Add");
    case AtomKind::Mul:
        return QStringLiteral("Multiply");
    case AtomKind::Scale:
        return QStringLiteral("Scale");
    case AtomKind::SqueezeExcite:
        return QStringLiteral("Squeeze-excite");
    case AtomKind::Mean:
        return QStringLiteral("Average pool");
    case AtomKind::FullyConnected:
        return QStringLiteral("Fully connected");
    }
    return {};
}

} // namespace atomnet
