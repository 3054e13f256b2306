#pragma once

#include "core/atomdb/sql_connection.h"

#include <QStringList>

#include <span>
#include <vector>

// The tables of AtomDB and how they change from version to version. The version stands in PRAGMA
// user_version.
namespace atomnet
{

/// Marks the file as an AtomDB ("ATDB" in PRAGMA application_id).
inline constexpr int atomDbApplicationId = 0x41544442;
inline constexpr int currentSchemaVersion = 2;

/// Columns of atom_key in the order of keyValues() and keyFrom(), with commas.
[[nodiscard]] const QString &keyColumns();
inline constexpr int keyColumnCount = 22;

/// The statements that lead from one version to the next.
using Migration = QStringList;
/// [0] leads from version 1 to 2, and so on up to the current version.
[[nodiscard]] std::span<const Migration> schemaMigrations();

enum class SchemaState : quint8 { Empty, AtomDb };
/// Reads what kind of file it is. Errors: BadInput for another program's database, or damage.
[[nodiscard]] Result<SchemaState> schemaState(const SqlConnection &connection);
[[nodiscard]] Result<int> schemaVersionOf(const SqlConnection &connection);

/// Makes the tables in an empty file, in one transaction.
[[nodiscard]] Result<> createSchema(const SqlConnection &connection);

/// Runs what leads from the file's version to 1 + steps.size(), all or nothing, after copying the
/// file to
/// "<path>.v<version>.backup" (an older backup of that name is kept, the new one gets a number).
/// Does nothing when there is nothing to do.
[[nodiscard]] Result<> migrate(const SqlConnection &connection, std::span<const Migration> steps);

/// That every table and column of the file's version is there; BadInput when not.
[[nodiscard]] Result<> checkSchema(const SqlConnection &connection);

} // namespace atomnet
