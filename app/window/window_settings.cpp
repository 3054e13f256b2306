#include "app/window/window_settings.h"

#include <QStandardPaths>

namespace atomnet
{

std::unique_ptr<QSettings> windowSettings()
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation);
    return std::make_unique<QSettings>(folder + QStringLiteral("/atomnet-designer/window.ini"),
                                       QSettings::IniFormat);
}

} // namespace atomnet
