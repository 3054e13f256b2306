#include "core/device/flashing/probe.h"

#include <array>

namespace atomnet
{

namespace
{
constexpr std::array<const char *, 3> names{"st-flash", "openocd", "dfu-util"};
} // namespace

QString toString(FlashTool tool)
{
    return QString::fromLatin1(names[std::size_t(tool)]);
}

std::optional<FlashTool> flashToolFrom(QStringView text)
{
    for (std::size_t i = 0; i < names.size(); ++i)
        if (text == QLatin1String(names[i])) return FlashTool(i);
    return std::nullopt;
}

} // namespace atomnet
