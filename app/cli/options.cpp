#include "app/cli/options.h"

#include <QCommandLineParser>
#include <QRegularExpression>

#include <limits>

namespace atomnet
{

namespace
{

QString typed(const QString &option)
{
    return (option.size() == 1 ? QStringLiteral("-") : QStringLiteral("--")) + option;
}

QString commandName(const CommandSpec &spec)
{
    // The words before the first operand: "db import CSV..." is the command "db import".
    QStringList words;
    for (const QString &word : spec.usage.split(u' ')) {
        if (word.isEmpty() || !word.front().isLower()) break;
        words << word;
    }
    return words.join(u' ');
}

tl::unexpected<Error> usageError(const CommandSpec &spec, const QString &what)
{
    return fail(ErrorCode::Usage,
                QStringLiteral("%1; see atomnet-designer %2 --help").arg(what, commandName(spec)),
                commandName(spec));
}

} // namespace

Result<ParsedCommand> parseCommand(const CommandSpec &spec, const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.addOption(QCommandLineOption(QStringList{QStringLiteral("h"), QStringLiteral("help")}));
    for (const OptionSpec &option : spec.options)
        parser.addOption(QCommandLineOption(option.name, QString(), option.valueName));

    // The parser takes the first entry for the program's name.
    if (!parser.parse(QStringList{QStringLiteral("atomnet-designer")} + arguments)) {
        QString what = parser.errorText();
        while (what.endsWith(u'.'))
            what.chop(1);
        if (!what.isEmpty()) what[0] = what[0].toLower();
        return usageError(spec, what);
    }
    ParsedCommand parsed;
    if (parser.isSet(QStringLiteral("help"))) {
        parsed.help = true;
        return parsed;
    }
    parsed.arguments = parser.positionalArguments();
    for (const OptionSpec &option : spec.options) {
        if (!parser.isSet(option.name)) continue;
        parsed.values.insert(option.name, parser.value(option.name));
        parsed.repeated.insert(option.name, parser.values(option.name));
    }
    if (parsed.arguments.size() < spec.minArguments)
        return usageError(spec, QStringLiteral("an argument is missing"));
    if (spec.maxArguments >= 0 && parsed.arguments.size() > spec.maxArguments)
        return usageError(
            spec,
            QStringLiteral("unexpected argument '%1'").arg(parsed.arguments.at(spec.maxArguments)));
    return parsed;
}

QString helpText(const CommandSpec &spec)
{
    QString text =
        QStringLiteral("Usage: atomnet-designer %1\n\n%2\n").arg(spec.usage, spec.summary);
    if (spec.options.isEmpty()) return text;
    text += QStringLiteral("\nOptions:\n");
    for (const OptionSpec &option : spec.options) {
        QString left = typed(option.name);
        if (!option.valueName.isEmpty()) left += u' ' + option.valueName;
        text += QStringLiteral("  %1  %2\n").arg(left, -20).arg(option.help);
    }
    return text;
}

Result<qint64> parseByteSize(const QString &text, const QString &option)
{
    static const QRegularExpression pattern(
        QStringLiteral("^\\s*([+-]?[0-9]+)\\s*(B|KiB|MiB)?\\s*$"));
    const auto match = pattern.match(text);
    bool ok = false;
    const qint64 number = match.captured(1).toLongLong(&ok);
    const QString suffix = match.captured(2);
    const qint64 unit = suffix == u"MiB" ? 1024 * 1024 : suffix == u"KiB" ? 1024 : 1;
    constexpr qint64 largest = std::numeric_limits<qint64>::max();
    if (!ok || number > largest / unit || number < -(largest / unit))
        return fail(ErrorCode::Usage,
                    QStringLiteral("'%1' is not a size; write bytes, or a number with KiB or MiB "
                                   "such as 64KiB")
                        .arg(text),
                    typed(option));
    return number * unit;
}

} // namespace atomnet
