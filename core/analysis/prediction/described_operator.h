#pragma once

#include "core/lowering/atom_key.h"
#include "core/model/runtime.h"

#include <optional>

// Operators as people name them.
namespace atomnet
{

/// A shape and what is done to it; sizes of the input are those before any padding.
struct DescribedOperator {
    AtomKind kind = AtomKind::Conv;
    Shape in = {};
    std::optional<int> out = {}; ///< output channels, where the kind has a choice; default: as many
    std::optional<int> kernel = {}; ///< of conv, depthwise and pad; default 3
    int stride = 1;                 ///< of conv, depthwise and pointwise
    Activation act = Activation::None;
    std::optional<int> squeeze = {}; ///< of squeeze_excite; default: a quarter of the channels
    std::optional<int> expand = {};  ///< expanded channels of pointwise_pair
};

/// The key that lowering gives this operator in a design for `runtime`. Usage when the runtime has
/// no operator of this kind or the description does not describe one: one sentence, what and why.
[[nodiscard]] Result<AtomKey> operatorKey(const DescribedOperator &described, Runtime runtime);

} // namespace atomnet
