#pragma once

#include "core/base/result.h"

#include <QString>

#include <array>

namespace atomnet
{

/// The inference library that will run the network.
enum class Runtime : quint8 { XCubeAi72, AtomNet1 };

inline constexpr std::array<Runtime, 2> allRuntimes{Runtime::XCubeAi72, Runtime::AtomNet1};

/// "x-cube-ai-7.2" or "atomnet-1".
[[nodiscard]] QString runtimeId(Runtime runtime);
/// "X-CUBE-AI 7.2" or "AtomNet 1".
[[nodiscard]] QString displayName(Runtime runtime);
/// Usage with the list of known ids when there is none of this name.
[[nodiscard]] Result<Runtime> runtimeById(const QString &id);

} // namespace atomnet
