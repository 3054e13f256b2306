#pragma once

#include "core/lowering/atom_graph.h"

// What an exported C project needs in Flash and RAM besides packed constants and the arena: code,
// records of its layers, its own data, the stack. Measured on linked projects (Cortex-M, GCC 12,
// -O2, no self-test), so a prediction of them.
namespace atomnet
{

/// Code and read-only data: the kernels that the graph uses, model_run and start-up. The numbers
/// come from tests/firmware/cproject/measure_footprint.py.
[[nodiscard]] qint64 codeBytes(const AtomGraph &graph, bool softmax = false);
/// Constant structures that describe one layer to its kernel; packed weights and tables apart.
[[nodiscard]] qint64 recordBytes(const AtomKey &key);
inline constexpr qint64 softmaxRecordBytes = 32;
/// .data and .bss besides the arena.
[[nodiscard]] qint64 dataBytes(const AtomGraph &graph);
/// Deepest stack below model_run, itself included: the worst of the kernels that the graph uses.
[[nodiscard]] qint64 stackBytes(const AtomGraph &graph);

} // namespace atomnet
