#pragma once

#include "core/analysis/guidelines/lint.h"

// Edits that advice may consist of, with the words for them. None touches what is locked.
namespace atomnet
{

struct EditCandidate {
    QString text; ///< "Expansion 3 instead of 6 in s4.1"
    std::vector<Edit> edits;
};

/// A block where it stands.
struct PlacedBlock {
    const Block *block = nullptr;
    int stage = -1, index = -1;
    Shape in;            ///< of its first repeat
    bool locked = false; ///< it or its stage
};
[[nodiscard]] std::vector<PlacedBlock> placedBlocks(const Network &network);
/// "s4.1", as layers are named.
[[nodiscard]] QString blockName(const Network &network, const PlacedBlock &placed);
/// "s4.1", "s4.1 and s4.2", "s4.1, s4.2 and 3 more".
[[nodiscard]] QString blockNames(const Network &network, const std::vector<PlacedBlock> &blocks);

// Each for the blocks that are open and that it would change; none when there are none.
using MaybeCandidate = std::optional<EditCandidate>;
[[nodiscard]] MaybeCandidate withoutSe(const Network &network, std::vector<PlacedBlock> blocks);
[[nodiscard]] MaybeCandidate asType(const Network &network, std::vector<PlacedBlock> blocks,
                                    BlockType type);
[[nodiscard]] MaybeCandidate withExpansion(const Network &network, std::vector<PlacedBlock> blocks,
                                           double expand); ///< of those with more
[[nodiscard]] MaybeCandidate withKernel(const Network &network, std::vector<PlacedBlock> blocks,
                                        int kernel); ///< of those with a larger one
[[nodiscard]] MaybeCandidate withWidth(const Network &network, const PlacedBlock &block, int out);
/// Widths times share, rounded down to multiples of 8, at least 8.
[[nodiscard]] MaybeCandidate narrower(const Network &network, std::vector<PlacedBlock> blocks,
                                      double share);
[[nodiscard]] MaybeCandidate withRepeat(const Network &network, const PlacedBlock &block,
                                        int repeat);
[[nodiscard]] MaybeCandidate withInput(const Network &network, qint32 h, qint32 w);
/// The next stride above 1 behind this block comes with it already (or with the block before it,
/// when it has one itself), so that its map is smaller and the network's last map stays.
[[nodiscard]] MaybeCandidate strideEarlier(const Network &network, const PlacedBlock &block);
/// Twice the repeats with half the expansion: about the same MACs and weights, a smaller expanded
/// tensor.
[[nodiscard]] MaybeCandidate split(const Network &network, const PlacedBlock &block);

} // namespace atomnet
