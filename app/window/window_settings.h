#pragma once

#include <QSettings>

#include <memory>

namespace atomnet
{

/// What the window remembers between runs: <user's configuration
/// folder>/atomnet-designer/window.ini.
[[nodiscard]] std::unique_ptr<QSettings> windowSettings();

} // namespace atomnet
