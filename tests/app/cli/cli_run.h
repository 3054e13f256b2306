#pragma once

#include "app/cli/cli.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

// One run of the command line inside the test's process.
struct CliRun {
    int code = -1;
    QString out;
    QString err;

    explicit CliRun(const QStringList &arguments)
    {
        QTextStream outStream(&out);
        QTextStream errStream(&err);
        code = atomnet::runCommandLine(arguments, outStream, errStream);
    }
    /// The output as JSON; an empty document when it is none.
    QJsonDocument json() const { return QJsonDocument::fromJson(out.toUtf8()); }
};

inline bool writeFile(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

inline QByteArray readFile(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Keeps a test away from the user's own AtomDB and from the one that ships:
/// <folder>/atomnet-designer/... is the data folder from now on.
inline void useDataFolder(const QString &folder)
{
    QCoreApplication::setApplicationName(QStringLiteral("atomnet-designer"));
    qputenv("XDG_DATA_HOME", folder.toLocal8Bit());
    qputenv("ATOMNET_SHIPPED_ATOMDB", "");
}
