#pragma once

#include "core/atomdb/atom_db.h"

#include <QFile>

// The measurements that the paper's authors published, where they are beside the checkout.
namespace atomnet
{

inline QStringList publicCsvFiles()
{
    const QString folder = QStringLiteral(ATOMNET_SOURCE_DIR "/../shared/atomdb/");
    QStringList files{folder + QStringLiteral("atomdb.csv"),
                      folder + QStringLiteral("atomdb_se.csv")};
    for (const QString &file : std::as_const(files))
        if (!QFile::exists(file)) return {};
    return files;
}

/// A new AtomDB at `path` with all of them; nothing when they are not there.
inline std::optional<AtomDb> publicAtomDb(const QString &path)
{
    const QStringList files = publicCsvFiles();
    if (files.isEmpty()) return std::nullopt;
    auto db = AtomDb::open(path);
    if (!db) qFatal("%s", qPrintable(db.error().message()));
    for (const QString &file : files)
        if (const auto report = db->importCsv(file, AtomDb::xCubeAiH743()); !report)
            qFatal("%s", qPrintable(report.error().message()));
    return *std::move(db);
}

} // namespace atomnet
