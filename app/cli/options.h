#pragma once

#include "core/base/result.h"

#include <QHash>
#include <QList>
#include <QStringList>

namespace atomnet
{

/// An option of a command; without a value name it is a flag.
struct OptionSpec {
    QString name;      ///< "reserve-sram"; one letter makes a short option: "o"
    QString valueName; ///< "N"
    QString help;
};

/// One command as people type it: parsed and explained from the same description.
struct CommandSpec {
    QString usage;   ///< "analyze FILE [options]"
    QString summary; ///< sentences below the usage line
    QList<OptionSpec> options;
    int minArguments = 0;
    int maxArguments = 0; ///< -1: any number
};

/// What was given: arguments that are no options, and options with their values.
struct ParsedCommand {
    bool help = false; ///< asked for; nothing else is checked then
    QStringList arguments;
    QHash<QString, QString> values;
    QHash<QString, QStringList> repeated; ///< all values of an option, as often as it was given

    [[nodiscard]] bool has(const QString &option) const { return values.contains(option); }
    [[nodiscard]] QString value(const QString &option, const QString &otherwise = {}) const
    {
        return values.value(option, otherwise);
    }
};

/// Errors: Usage for an unknown option, a missing value, too few or too many arguments.
[[nodiscard]] Result<ParsedCommand> parseCommand(const CommandSpec &spec,
                                                 const QStringList &arguments);
[[nodiscard]] QString helpText(const CommandSpec &spec);

/// "65536", "64KiB", "1 MiB" in bytes; a sign is allowed, judging it is the caller's. Usage
/// otherwise.
[[nodiscard]] Result<qint64> parseByteSize(const QString &text, const QString &option);

} // namespace atomnet
