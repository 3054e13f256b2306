#pragma once

#include "core/atomdb/atom_db.h"

// The AtomDB that ships with the designer: operators of our own runtime, counted on the virtual
// boards (resources/atomdb, made into SQLite by the build).
namespace atomnet
{

/// Where it is: ATOMNET_SHIPPED_ATOMDB (set but empty: nowhere), else beside the program
/// (../share/atomnet-designer/atomdb.sqlite), else in the build tree. Empty when it is nowhere.
[[nodiscard]] QString shippedAtomDb();

/// As AtomDb::open; but the user's own AtomDB (AtomDb::defaultPath()) starts with what ships, and
/// takes over a newer version of it the first time it is opened. To read alone, what ships serves
/// where the user has none yet, and an own one that cannot be written stays as it is.
[[nodiscard]] Result<AtomDb> openAtomDb(const QString &path,
                                        AtomDb::Mode mode = AtomDb::Mode::ReadWrite);

/// Makes `path` from an export (as AtomDb::exportCsv writes it), remembering its fingerprint. A
/// file that is there is replaced.
[[nodiscard]] Result<qint64> makeShippedAtomDb(const QString &csvPath, const QString &path);

} // namespace atomnet
