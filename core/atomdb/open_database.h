#pragma once

#include "core/atomdb/sql_connection.h"

namespace atomnet
{

/// AtomDb::open without the class around it: the file, its folders, what SQLite needs set, version
/// and tables.
[[nodiscard]] Result<SqlConnection> openDatabase(const QString &path, bool write);

} // namespace atomnet
