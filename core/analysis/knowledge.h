#pragma once

#include "core/analysis/analyze.h"
#include "core/atomdb/atom_db.h"

// What the analysis of a target stands on, gathered.
namespace atomnet
{

/// The models that ship for this board and runtime, and for the virtual board that counts
/// instructions for it.
[[nodiscard]] Knowledge shippedKnowledge(const Board &board, Runtime runtime);
/// The samples which `db` holds, and the models that were fitted on them (refit.h); what ships
/// where there are none.
[[nodiscard]] Result<Knowledge> knowledgeFrom(const AtomDb &db, const Board &board,
                                              Runtime runtime);

/// What samples of the kernels that the designer is built with are stored under ("1-89ab12cd");
/// empty for other runtimes. Samples of other versions count only where there are none of this one.
[[nodiscard]] QString kernelVersion(Runtime runtime);

/// Board id to load instructions from, for this target; empty when there is none.
[[nodiscard]] QString instructionsBoard(const Board &board, Runtime runtime);

} // namespace atomnet
