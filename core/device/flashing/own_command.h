#pragma once

#include <QString>

namespace atomnet
{

/// The designer's own command line, to be shown to people: "/opt/bin/atomnet-designer doctor".
[[nodiscard]] QString ownCommand(const QString &arguments);
/// "sudo .../atomnet-designer doctor --install-udev"
[[nodiscard]] QString installRulesCommand();

} // namespace atomnet
