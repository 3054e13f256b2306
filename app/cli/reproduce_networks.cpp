#include "app/cli/reproduce_networks.h"

#include <algorithm>

namespace atomnet
{

namespace
{

Block blockOf(BlockType type, int out, int kernel, int stride, Activation act)
{
    Block block;
    block.type = type;
    block.out = out;
    block.kernel = kernel;
    block.stride = stride;
    block.act = act;
    return block;
}

Stage stageOf(const QString &name, std::vector<Block> blocks)
{
    Stage stage;
    stage.name = name;
    stage.blocks = std::move(blocks);
    return stage;
}

/// The squeeze channels of EfficientNet: a quarter of what enters the block.
SqueezeExcite quarterOf(int channels)
{
    SqueezeExcite se;
    se.channels = std::max(1, channels / 4);
    return se;
}

std::optional<BlockType> typeOf(Pattern pattern)
{
    switch (pattern) {
    case Pattern::Sep:
        return BlockType::Sep;
    case Pattern::ConvNext:
        return BlockType::ConvNext;
    case Pattern::MbConv:
        return BlockType::MbConv;
    case Pattern::Hybrid:
        break;
    }
    return {};
}

} // namespace

Network halfResNet18()
{
    Network network;
    network.name = QStringLiteral("ResNet-18 at half width");
    network.input = {224, 224, 3};
    network.stages.push_back(
        stageOf(QStringLiteral("stem"), {blockOf(BlockType::Conv, 32, 7, 2, Activation::Relu)}));
    for (int i = 0; i < 4; ++i) {
        // Two blocks of two convolutions; the first one halves the map.
        Block first = blockOf(BlockType::Conv, 32 << i, 3, 2, Activation::Relu);
        Block others = blockOf(BlockType::Conv, 32 << i, 3, 1, Activation::Relu);
        others.repeat = 3;
        network.stages.push_back(stageOf(QStringLiteral("s%1").arg(i + 1), {first, others}));
    }
    assignIds(network);
    return network;
}

Network tinyNetE()
{
    struct Row {
        int out, repeat, kernel, stride;
        double expand;
    };
    // EfficientNet-B0 with widths * 0.51 to multiples of 8 and depths * 0.6, rounded.
    static constexpr Row rows[]{{8, 1, 3, 1, 1},  {16, 1, 3, 2, 6}, {24, 1, 5, 2, 6},
                                {40, 2, 3, 2, 6}, {56, 2, 5, 1, 6}, {96, 2, 5, 2, 6},
                                {160, 1, 3, 1, 6}};
    Network network;
    network.name = QStringLiteral("TinyNet-E");
    network.input = {106, 106, 3};
    network.stages.push_back(
        stageOf(QStringLiteral("stem"), {blockOf(BlockType::Conv, 32, 3, 2, Activation::HSwish)}));
    int in = 32;
    for (const Row &row : rows) {
        // One block at a time: the squeeze channels follow from each one's input.
        std::vector<Block> blocks;
        for (int i = 0; i < row.repeat; ++i) {
            Block block = blockOf(BlockType::MbConv, row.out, row.kernel, i == 0 ? row.stride : 1,
                                  Activation::HSwish);
            block.expand = row.expand;
            block.se = quarterOf(in);
            in = row.out;
            blocks.push_back(block);
        }
        network.stages.push_back(
            stageOf(QStringLiteral("s%1").arg(network.stages.size()), std::move(blocks)));
    }
    network.head.conv = HeadLayer{1280, Activation::HSwish, {}};
    assignIds(network);
    return network;
}

Network tinyNetWithoutEarlySe()
{
    Network network = tinyNetE();
    network.name = QStringLiteral("TinyNet-E, SEP without SE early");
    for (std::size_t i = 1; i < network.stages.size(); ++i) {
        if (stageInput(network, int(i)).h <= 14) break;
        for (Block &block : network.stages[i].blocks) {
            block.type = BlockType::Sep;
            block.expand = 1;
            block.se.reset();
        }
    }
    return network;
}

QString toString(Pattern pattern)
{
    switch (pattern) {
    case Pattern::Sep:
        return QStringLiteral("SEP only");
    case Pattern::ConvNext:
        return QStringLiteral("ConvNeXt only");
    case Pattern::MbConv:
        return QStringLiteral("MBConv only");
    case Pattern::Hybrid:
        break;
    }
    return QStringLiteral("hybrid");
}

Network inPattern(Network network, Pattern pattern)
{
    const auto type = typeOf(pattern);
    if (!type) return network;
    network.name += QStringLiteral(", ") + toString(pattern);
    for (Stage &stage : network.stages) {
        for (Block &block : stage.blocks) {
            if (block.type == BlockType::Conv) continue;
            if (*type == BlockType::Sep)
                block.expand = 1;
            else if (block.type == BlockType::Sep)
                block.expand = 3;
            block.type = *type;
        }
    }
    return network;
}

SearchSpace spaceInPattern(Pattern pattern)
{
    SearchSpace space = paperSpace();
    const auto type = typeOf(pattern);
    if (!type) return space;
    space.name = QStringLiteral("Table 2, ") + toString(pattern);
    for (SpaceStage &stage : space.stages) {
        const bool stem = stage.types == std::vector{BlockType::Conv};
        if (stem) continue;
        const bool expanded = std::find(stage.types.begin(), stage.types.end(),
                                        BlockType::ConvNext) != stage.types.end();
        stage.types = {*type};
        if (*type == BlockType::Sep)
            stage.expands = {1};
        else if (!expanded)
            stage.expands = {1, 3, 6};
    }
    return space;
}

} // namespace atomnet
