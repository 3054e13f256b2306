#pragma once

#include "core/base/result.h"
#include "core/model/network.h"

namespace atomnet
{

/// The first value of a design that may not be, and where it stands.
struct Fault {
    int stage = -1; ///< -1: not in a stage
    int block = -1; ///< -1: the stage itself
    const char *key =
        ""; ///< path of file keys inside that object: "kernel", "se.channels", "head.conv.out"
    QString what; ///< "the kernel is 4; use 1, 3, 5 or 7"
};

/// Checks every value of the design against what a network may be (network.h: limits; kernel
/// 1/3/5/7; stride 1 to maxStride; expand only on ConvNeXt and MBConv; expanded and squeeze widths
/// within maxChannels; tensors within maxTensorBytes; no stride above 1 on a 1x1 map). An empty
/// network is valid here: lowering refuses it.
[[nodiscard]] std::optional<Fault> findFault(const Network &network);
/// One block alone, without its surroundings.
[[nodiscard]] std::optional<Fault> findFault(const Block &block);

/// findFault as a Result. The error's `where` reads like "stage s2, block 3".
[[nodiscard]] Result<> validate(const Network &network);
[[nodiscard]] Result<> validate(const Block &block);

/// "stage s2, block 3"; a stage without a name goes by its number, block -1 names the stage alone.
[[nodiscard]] QString placeName(const Network &network, int stage, int block);

} // namespace atomnet
