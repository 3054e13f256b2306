#pragma once

#include "core/search/space.h"

// Networks and spaces that the paper compares its own with.
namespace atomnet
{

/// ResNet-18 at half width as a line of convolutions: the blocks here have no max pooling, so the
/// first convolution behind the stem halves the map instead, and no 1x1 convolutions in shortcuts
/// (1 % of the MACs and Flash).
[[nodiscard]] Network halfResNet18();
/// TinyNet-E (Han et al. 2020): EfficientNet-B0 at resolution 106, width 0.51, depth 0.6; hswish
/// for swish.
[[nodiscard]] Network tinyNetE();
/// TinyNet-E with SEP without SE in its stages before the map is 14 x 14.
[[nodiscard]] Network tinyNetWithoutEarlySe();

enum class Pattern : quint8 { Hybrid, Sep, ConvNext, MbConv };
[[nodiscard]] QString toString(Pattern pattern); ///< "hybrid", "SEP only", ...
/// The same input, widths, depths, kernels, strides and SE with blocks of this pattern alone behind
/// the stem. Expansion 3 where a block had none.
[[nodiscard]] Network inPattern(Network network, Pattern pattern);
/// Table 2 with blocks of this pattern alone behind the stem; expansions 1, 3 and 6 for stages that
/// were SEP.
[[nodiscard]] SearchSpace spaceInPattern(Pattern pattern);

} // namespace atomnet
