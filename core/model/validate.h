#pragma once

#include "core/base/result.h"
#include "core/model/network.h"

namespace atomnet
{

/// Checks every value of the design against what a network may be (network.h: limits; kernel 1/3/5/7; stride
/// 1 to maxStride; expand only on ConvNeXt and MBConv; expanded and squeeze widths within maxChannels; no
/// stride above 1 on a 1x1 map). An empty network is valid here: lowering refuses it.
/// The error's `where` reads like "stage s2, block 3".
[[nodiscard]] Result<> validate(const Network &network);

/// One block alone, without its surroundings.
[[nodiscard]] Result<> validate(const Block &block);

} // namespace atomnet
