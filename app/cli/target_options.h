#pragma once

#include "app/cli/commands.h"
#include "app/cli/options.h"
#include "core/analysis/analyze.h"

// --board, --runtime, --db and the reserves, as the commands that judge networks share them.
namespace atomnet
{

[[nodiscard]] OptionSpec boardOption();
[[nodiscard]] OptionSpec runtimeOption(); ///< default x-cube-ai-7.2
[[nodiscard]] OptionSpec knowledgeOption();

[[nodiscard]] OptionSpec reserveSramOption();
[[nodiscard]] OptionSpec reserveFlashOption();

/// Without reserves. Usage for boards and runtimes that there are not.
[[nodiscard]] Result<Target>
targetOf(const ParsedCommand &command,
         const QString &runtime = QString::fromLatin1(defaultRuntimeId),
         const QString &board = QString::fromLatin1(defaultBoardId));
/// The same with the reserves that were given. Usage for those that the board has not.
[[nodiscard]] Result<Target> targetWithReserves(const ParsedCommand &command);
/// Samples and models for this target: of --db, of the user's own AtomDB, or what ships; models
/// alone where there is no AtomDB.
[[nodiscard]] Result<Knowledge> knowledgeOf(const ParsedCommand &command, const Target &target);

} // namespace atomnet
