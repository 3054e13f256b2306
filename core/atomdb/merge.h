#pragma once

#include "core/atomdb/atom_db.h"
#include "core/atomdb/sql_connection.h"

namespace atomnet
{

/// Takes over from `theirs` what `ours` lacks. Conflicts are keys whose measured intervals did not
/// meet before: the 5 to 95 % range, at least 1 % and 1 us (or 1 instruction) each way, a single
/// sample with the spread of its kind. Their samples are taken over as well; the report says so.
[[nodiscard]] Result<MergeReport>
mergeDatabases(const SqlConnection &ours, const SqlConnection &theirs, const RunControl &control);

} // namespace atomnet
