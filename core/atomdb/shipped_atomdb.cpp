#include "core/atomdb/shipped_atomdb.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace atomnet
{

QString shippedAtomDb()
{
    constexpr auto variable = "ATOMNET_SHIPPED_ATOMDB";
    QStringList candidates;
    if (qEnvironmentVariableIsSet(variable)) {
        candidates << qEnvironmentVariable(variable);
    } else {
        if (QCoreApplication::instance())
            candidates << QDir(QCoreApplication::applicationDirPath())
                              .filePath(QStringLiteral("../share/atomnet-designer/atomdb.sqlite"));
        candidates << QStringLiteral(ATOMNET_BUILT_ATOMDB);
    }
    for (const QString &file : candidates)
        if (!file.isEmpty() && QFileInfo(file).isFile())
            return QDir::cleanPath(QFileInfo(file).absoluteFilePath());
    return {};
}

Result<AtomDb> openAtomDb(const QString &path, AtomDb::Mode mode)
{
    const QString shipped = path == AtomDb::defaultPath() ? shippedAtomDb() : QString();
    if (shipped.isEmpty()) return AtomDb::open(path, mode);
    const bool reading = mode == AtomDb::Mode::ReadOnly;
    if (reading && !QFileInfo::exists(path)) return AtomDb::open(shipped, mode);
    auto own = AtomDb::open(path);
    if (!own) return reading ? AtomDb::open(path, mode) : std::move(own);
    const auto taken = own->takeOverShipped(shipped);
    if (taken) return own;
    if (reading) return AtomDb::open(path, mode);
    return tl::make_unexpected(taken.error());
}

Result<qint64> makeShippedAtomDb(const QString &csvPath, const QString &path)
{
    for (const char *suffix : {"", "-wal", "-shm"})
        QFile::remove(path + QLatin1String(suffix));
    auto db = AtomDb::open(path);
    if (!db) return tl::make_unexpected(db.error());
    return db->importShipped(csvPath);
}

} // namespace atomnet
