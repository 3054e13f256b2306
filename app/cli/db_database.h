#pragma once

#include "app/cli/commands.h"
#include "app/cli/options.h"
#include "core/atomdb/atom_db.h"

// What the db commands do alike with their database.
namespace atomnet
{

/// --db, for commands that work on a database of one's own.
[[nodiscard]] OptionSpec databaseOption();
[[nodiscard]] QString databasePath(const ParsedCommand &command);
/// Opens a database that has to be there already; for the user's own, what ships will do.
[[nodiscard]] Result<AtomDb> openExisting(const QString &path);
[[nodiscard]] bool sameFile(const QString &a, const QString &b);

/// Fits the models whose data have changed; how many. What was stored before stays whatever
/// happens: a failure is a sentence on the error stream, no more.
int refitModels(AtomDb &db, Console &console);

} // namespace atomnet
