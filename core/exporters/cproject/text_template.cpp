#include "core/exporters/cproject/text_template.h"

#include <QList>

namespace atomnet
{

namespace
{

/// The lines that the conditions keep, without the markers.
QByteArray keptLines(const QByteArray &text, const QSet<QByteArray> &conditions)
{
    QByteArray kept;
    kept.reserve(text.size());
    QList<bool> keeping{true}; // of the enclosing conditions, innermost last
    qsizetype start = 0;
    while (start < text.size()) {
        qsizetype end = text.indexOf('\n', start);
        end = end < 0 ? text.size() : end + 1;
        const QByteArray line = text.mid(start, end - start);
        const QByteArray word = line.trimmed();
        const bool outer = keeping.size() < 2 || keeping[keeping.size() - 2];
        if (word.startsWith("//if "))
            keeping.append(keeping.last() && conditions.contains(word.mid(5)));
        else if (word == "//else")
            keeping.last() = outer && !keeping.last();
        else if (word == "//end")
            keeping.removeLast();
        else if (keeping.last())
            kept += line;
        start = end;
    }
    Q_ASSERT(keeping.size() == 1);
    return kept;
}

} // namespace

QByteArray fillTemplate(const QByteArray &text, const TextValues &values,
                        const QSet<QByteArray> &conditions)
{
    const QByteArray lines = keptLines(text, conditions);
    QByteArray filled;
    filled.reserve(lines.size());
    qsizetype start = 0;
    for (;;) {
        const qsizetype open = lines.indexOf('@', start);
        if (open < 0) break;
        const qsizetype close = lines.indexOf('@', open + 1);
        Q_ASSERT(close > open);
        const auto value = values.constFind(lines.mid(open + 1, close - open - 1));
        Q_ASSERT(value != values.constEnd());
        filled += lines.mid(start, open - start);
        filled += *value;
        start = close + 1;
    }
    return filled + lines.mid(start);
}

QByteArray cString(const QString &text)
{
    QByteArray literal = "\"";
    for (const char c : text.toUtf8()) {
        const auto byte = uchar(c);
        if (c == '"' || c == '\\' || c == '?')
            (literal += '\\') += c;
        else if (byte >= 32 && byte < 127)
            literal += c;
        else // three digits, so that a digit behind it does not join
            literal += '\\' + QByteArray::number(byte, 8).rightJustified(3, '0');
    }
    return literal + '"';
}

QByteArray commentText(const QString &text)
{
    QString shown;
    for (const QChar c : text) {
        if (c.category() == QChar::Other_Format || c.category() == QChar::Other_Surrogate) continue;
        const bool plain = c.isPrint() && c != QLatin1Char('@') && c != QLatin1Char('\\');
        shown += plain ? c : QLatin1Char(' ');
    }
    shown.replace(QLatin1String("*/"), QLatin1String("* /"));
    shown.replace(QLatin1String("/*"), QLatin1String("/ *"));
    shown.replace(QLatin1String("??"), QLatin1String("? ?"));
    return shown.simplified().toUtf8();
}

} // namespace atomnet
