#include "core/analysis/guidelines/candidates.h"

#include "core/model/validate.h"

#include <algorithm>

namespace atomnet
{

namespace
{

bool expands(BlockType type)
{
    return type == BlockType::ConvNext || type == BlockType::MbConv;
}

std::vector<BlockId> idsOf(const std::vector<PlacedBlock> &blocks)
{
    std::vector<BlockId> ids;
    for (const PlacedBlock &placed : blocks)
        ids.push_back(placed.block->id);
    return ids;
}

/// One patch for all of the blocks that may be changed and that `wanted` names.
template <class Wanted, class Words>
MaybeCandidate patched(const Network &network, std::vector<PlacedBlock> blocks,
                       const BlockPatch &patch, const Wanted &wanted, const Words &words)
{
    std::erase_if(blocks, [&](const PlacedBlock &placed) {
        return placed.locked || !placed.block->id || !wanted(*placed.block);
    });
    if (blocks.empty()) return std::nullopt;
    return EditCandidate{words(*blocks.front().block, blockNames(network, blocks)),
                         {ChangeBlocks{idsOf(blocks), patch}}};
}

QString number(double value)
{
    return QString::number(value, 'g', 4);
}

ChangeBlocks strideOf(BlockId id, int stride)
{
    BlockPatch patch;
    patch.stride = stride;
    return {{id}, patch};
}

} // namespace

std::vector<PlacedBlock> placedBlocks(const Network &network)
{
    std::vector<PlacedBlock> placed;
    Shape shape = network.input;
    for (std::size_t s = 0; s < network.stages.size(); ++s) {
        const Stage &stage = network.stages[s];
        for (std::size_t b = 0; b < stage.blocks.size(); ++b) {
            const Block &block = stage.blocks[b];
            placed.push_back({&block, int(s), int(b), shape, stage.locked || block.locked});
            shape = outputShape(block, shape);
        }
    }
    return placed;
}

QString blockName(const Network &network, const PlacedBlock &placed)
{
    QString name = network.stages[std::size_t(placed.stage)].name;
    if (name.isEmpty()) name = QStringLiteral("stage%1").arg(placed.stage + 1);
    return QStringLiteral("%1.%2").arg(name).arg(placed.index + 1);
}

QString blockNames(const Network &network, const std::vector<PlacedBlock> &blocks)
{
    constexpr std::size_t mostNamed = 3;
    QStringList names;
    for (std::size_t i = 0; i < blocks.size() && i < mostNamed; ++i)
        names << blockName(network, blocks[i]);
    if (blocks.size() > mostNamed)
        return QStringLiteral("%1 and %2 more")
            .arg(names.join(QStringLiteral(", ")))
            .arg(blocks.size() - mostNamed);
    const QString last = names.isEmpty() ? QString() : names.takeLast();
    if (names.isEmpty()) return last;
    return QStringLiteral("%1 and %2").arg(names.join(QStringLiteral(", ")), last);
}

MaybeCandidate withoutSe(const Network &network, std::vector<PlacedBlock> blocks)
{
    BlockPatch patch;
    patch.se = std::optional<SqueezeExcite>();
    return patched(
        network, std::move(blocks), patch, [](const Block &block) { return block.se.has_value(); },
        [](const Block &, const QString &names) {
            return QStringLiteral("Remove the SE of %1").arg(names);
        });
}

MaybeCandidate asType(const Network &network, std::vector<PlacedBlock> blocks, BlockType type)
{
    BlockPatch patch;
    patch.type = type;
    return patched(
        network, std::move(blocks), patch, [&](const Block &block) { return block.type != type; },
        [&](const Block &first, const QString &names) {
            return QStringLiteral("%1 instead of %2 in %3")
                .arg(displayName(type), displayName(first.type), names);
        });
}

MaybeCandidate withExpansion(const Network &network, std::vector<PlacedBlock> blocks, double expand)
{
    BlockPatch patch;
    patch.expand = expand;
    return patched(
        network, std::move(blocks), patch,
        [&](const Block &block) { return expands(block.type) && block.expand > expand; },
        [&](const Block &first, const QString &names) {
            return QStringLiteral("Expansion %1 instead of %2 in %3")
                .arg(number(expand), number(first.expand), names);
        });
}

MaybeCandidate withKernel(const Network &network, std::vector<PlacedBlock> blocks, int kernel)
{
    BlockPatch patch;
    patch.kernel = kernel;
    return patched(
        network, std::move(blocks), patch,
        [&](const Block &block) { return block.kernel > kernel; },
        [&](const Block &first, const QString &names) {
            return QStringLiteral("Kernel %1 instead of %2 in %3")
                .arg(kernel)
                .arg(first.kernel)
                .arg(names);
        });
}

MaybeCandidate withWidth(const Network &network, const PlacedBlock &block, int out)
{
    if (out < 1 || out > maxChannels) return std::nullopt;
    BlockPatch patch;
    patch.out = out;
    return patched(
        network, {block}, patch, [&](const Block &each) { return each.out != out; },
        [&](const Block &first, const QString &names) {
            return QStringLiteral("Width %1 instead of %2 in %3")
                .arg(out)
                .arg(first.out)
                .arg(names);
        });
}

MaybeCandidate narrower(const Network &network, std::vector<PlacedBlock> blocks, double share)
{
    const auto target = [&](const Block &block) {
        return std::max(8, int(block.out * share) / 8 * 8);
    };
    std::erase_if(blocks, [&](const PlacedBlock &placed) {
        return placed.locked || !placed.block->id || target(*placed.block) >= placed.block->out;
    });
    if (blocks.empty()) return std::nullopt;
    if (blocks.size() == 1) return withWidth(network, blocks[0], target(*blocks[0].block));
    EditCandidate candidate{QStringLiteral("Widths at %1 % in %2")
                                .arg(qRound(share * 100))
                                .arg(blockNames(network, blocks)),
                            {}};
    for (const PlacedBlock &placed : blocks) {
        BlockPatch patch;
        patch.out = target(*placed.block);
        candidate.edits.push_back(ChangeBlocks{{placed.block->id}, patch});
    }
    return candidate;
}

MaybeCandidate withRepeat(const Network &network, const PlacedBlock &block, int repeat)
{
    if (repeat < 1) return std::nullopt;
    BlockPatch patch;
    patch.repeat = repeat;
    return patched(
        network, {block}, patch, [&](const Block &each) { return each.repeat != repeat; },
        [&](const Block &first, const QString &names) {
            return QStringLiteral("%1 instead of %2 repeats of %3")
                .arg(repeat)
                .arg(first.repeat)
                .arg(names);
        });
}

MaybeCandidate withInput(const Network &network, qint32 h, qint32 w)
{
    if (network.inputLocked || h < 1 || w < 1) return std::nullopt;
    if (h == network.input.h && w == network.input.w) return std::nullopt;
    return EditCandidate{QStringLiteral("Input %1x%2 instead of %3x%4")
                             .arg(h)
                             .arg(w)
                             .arg(network.input.h)
                             .arg(network.input.w),
                         {SetInput{{h, w, network.input.c}}}};
}

MaybeCandidate strideEarlier(const Network &network, const PlacedBlock &block)
{
    const std::vector<PlacedBlock> all = placedBlocks(network);
    const auto here = std::find_if(all.begin(), all.end(), [&](const PlacedBlock &placed) {
        return placed.stage == block.stage && placed.index == block.index;
    });
    if (here == all.end()) return std::nullopt;
    auto earlier = here, later = here;
    if (here->block->stride > 1) {
        if (here == all.begin()) return std::nullopt;
        earlier = std::prev(here);
    } else {
        later = std::find_if(here, all.end(),
                             [](const PlacedBlock &placed) { return placed.block->stride > 1; });
        if (later == all.end()) return std::nullopt;
    }
    const Block &first = *earlier->block, &second = *later->block;
    if (earlier->locked || later->locked || !first.id || !second.id) return std::nullopt;
    const int stride = first.stride * second.stride;
    if (stride > maxStride) return std::nullopt;
    return EditCandidate{QStringLiteral("Stride %1 in %2 already, none in %3")
                             .arg(stride)
                             .arg(blockName(network, *earlier), blockName(network, *later)),
                         {strideOf(first.id, stride), strideOf(second.id, 1)}};
}

MaybeCandidate split(const Network &network, const PlacedBlock &block)
{
    const double half = block.block->expand / 2;
    if (!expands(block.block->type) || half < 1 || block.block->repeat > maxRepeat / 2)
        return std::nullopt;
    BlockPatch patch;
    patch.expand = half;
    patch.repeat = 2 * block.block->repeat;
    return patched(
        network, {block}, patch, [](const Block &) { return true; },
        [&](const Block &first, const QString &names) {
            return QStringLiteral("%1 blocks of expansion %2 instead of %3 of %4 in %5")
                .arg(2 * first.repeat)
                .arg(number(half))
                .arg(first.repeat)
                .arg(number(first.expand), names);
        });
}

} // namespace atomnet
