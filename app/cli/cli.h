#pragma once

#include <QStringList>
#include <QTextStream>

namespace atomnet
{

/// True when the arguments (without the program's name) name a command of the command line or ask
/// for --help or
/// --version; everything else opens the window.
[[nodiscard]] bool isCommandLine(const QStringList &arguments);

/// Runs one command. Results go to `out`, messages and progress to `err`.
/// Returns 0 ok, 1 over budget (with --check), 2 usage, 3 bad input, 4 device or tool failure.
[[nodiscard]] int runCommandLine(const QStringList &arguments, QTextStream &out, QTextStream &err);

} // namespace atomnet
