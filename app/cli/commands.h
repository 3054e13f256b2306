#pragma once

#include "core/base/result.h"

#include <QStringList>
#include <QTextStream>

// The commands of the command line, one function each. `arguments` come without the command's own
// name. They return the exit code of a run that worked (0, or 1 for "over budget"), or why it did
// not.
namespace atomnet
{

/// Where a command writes to.
struct Console {
    QTextStream &out; ///< results only: safe to pipe
    QTextStream &err; ///< messages and progress
    bool showProgress = false;
};

[[nodiscard]] Result<int> analyzeCommand(const QStringList &arguments, Console &console);
[[nodiscard]] Result<int> exportCommand(const QStringList &arguments, Console &console);
[[nodiscard]] Result<int> quantizeCommand(const QStringList &arguments, Console &console);
[[nodiscard]] Result<int> evaluateCommand(const QStringList &arguments, Console &console);
[[nodiscard]] Result<int> dbCommand(const QStringList &arguments, Console &console);
[[nodiscard]] Result<int> devicesCommand(const QStringList &arguments, Console &console);
[[nodiscard]] Result<int> doctorCommand(const QStringList &arguments, Console &console);
[[nodiscard]] Result<int> flashCommand(const QStringList &arguments, Console &console);
[[nodiscard]] Result<int> measureCommand(const QStringList &arguments, Console &console);
[[nodiscard]] Result<int> validateCommand(const QStringList &arguments, Console &console);
[[nodiscard]] Result<int> searchCommand(const QStringList &arguments, Console &console);
[[nodiscard]] Result<int> lintCommand(const QStringList &arguments, Console &console);
[[nodiscard]] Result<int> reproduceCommand(const QStringList &arguments, Console &console);
[[nodiscard]] Result<int> boardsCommand(const QStringList &arguments, Console &console);
[[nodiscard]] Result<int> presetsCommand(const QStringList &arguments, Console &console);

inline constexpr auto defaultBoardId = "stm32h743";
inline constexpr auto defaultRuntimeId = "x-cube-ai-7.2";

} // namespace atomnet
