#pragma once

#include "core/lowering/atom_graph.h"

// What a runtime needs in Flash: constants of each layer, and code.
namespace atomnet
{

/// Constants of one operator. X-CUBE-AI 7.2: weights (1 byte each) and biases (4 bytes each). Our
/// own runtime: weights as its kernels pack them, bias and multiplier of every channel, the
/// 256-byte table of an hswish or hard-sigmoid (equal tables are shared once their scales are
/// known; each counts here) and the structures that describe the call.
[[nodiscard]] qint64 layerFlashBytes(Runtime runtime, const AtomKey &key);

/// The runtime's code. The bounds are about the whole of Flash: constants are exact for
/// X-CUBE-AI 7.2; of our own runtime the linker's padding is not known.
struct RuntimeCode {
    qint64 value = 0, low = 0, high = 0;
};
/// X-CUBE-AI 7.2: 175 kB (1000 bytes), constant; the three AtomNets that can be checked leave 171
/// to 177 kB over after weights and biases. Our own runtime: the kernels that the graph uses,
/// model_run and start-up as measured in linked projects, off by at most 0.5 % of the whole or 1
/// KiB. `constants`: the sum of layerFlashBytes().
[[nodiscard]] RuntimeCode runtimeCode(const AtomGraph &graph, qint64 constants);

} // namespace atomnet
