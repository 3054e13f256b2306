#pragma once

#include "core/lowering/atom_graph.h"

// What a runtime needs in Flash: constants of each layer, and code.
namespace atomnet
{

/// Weights (1 byte each) and biases (4 bytes each) of one operator; for our own runtime also a
/// 4-byte multiplier per output channel and the 256-byte table of an hswish or hard-sigmoid.
[[nodiscard]] qint64 layerFlashBytes(Runtime runtime, const AtomKey &key);

/// The runtime's code, always an estimate.
struct RuntimeCode {
    qint64 value = 0, low = 0, high = 0;
};
/// X-CUBE-AI 7.2: 175 kB (1000 bytes), constant; the three AtomNets that can be checked leave 171
/// to 177 kB over after weights and biases. Our own runtime: its kernels are not linked yet; 12 to
/// 30 KiB, from the code sizes of comparable kernels (CMSIS-NN as linked: pointwise 2.6,
/// depthwise 7.0, convolution 7.9, dense 3.8, add 2.2 KiB).
[[nodiscard]] RuntimeCode runtimeCode(Runtime runtime);

} // namespace atomnet
