#pragma once

#include "core/base/run_control.h"

#include <QStringList>

namespace atomnet
{

/// A program of others and what to give it.
struct ToolCall {
    QString program; ///< "st-flash": looked for in PATH
    QStringList arguments;
    bool operator==(const ToolCall &) const = default;
};

/// How a program ended and all that it said.
struct ToolRun {
    enum class End : quint8 {
        Finished,
        Missing, ///< not in PATH
        NotStarted,
        Crashed,
        Silent,    ///< said nothing for too long, and was ended
        Cancelled, ///< by RunControl, and was ended
    } end = End::Finished;
    int exitCode = -1; ///< of Finished
    QString output;    ///< standard output and error as they came
};

/// Whether `program` is in PATH.
[[nodiscard]] bool isInstalled(const QString &program);

/// Runs it to its end, on the calling thread (no event loop needed). `line` gets each line as it
/// comes; those that end in a carriage return (progress) count, too. Ends the program within 200 ms
/// once cancelled, and after `silenceMs` without a word.
[[nodiscard]] ToolRun runTool(const ToolCall &call, int silenceMs, const RunControl &control = {},
                              const std::function<void(const QString &)> &line = {});

} // namespace atomnet
