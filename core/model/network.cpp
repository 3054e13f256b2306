#include "core/model/network.h"

#include "core/model/unknown_keys.h"

#include <QSet>

#include <algorithm>
#include <cmath>
#include <limits>

namespace atomnet
{

namespace
{

/// The design without what belongs to the running program only, and its unknown keys where writing
/// puts them.
Network asWritten(Network network)
{
    clearIds(network);
    network.nextId = 1;
    settlePlaces(network);
    return network;
}

/// Keeps the first holder of each id; returns the greatest id kept.
quint32 clearRepeatedIds(Network &network)
{
    QSet<StageId> stages;
    QSet<BlockId> blocks;
    quint32 greatest = 0;
    const auto keep = [&greatest](auto &id, auto &seen) {
        if (!id) return;
        if (seen.contains(id)) {
            id = {};
            return;
        }
        seen.insert(id);
        greatest = std::max(greatest, id.value);
    };
    for (Stage &stage : network.stages) {
        keep(stage.id, stages);
        for (Block &block : stage.blocks)
            keep(block.id, blocks);
    }
    return greatest;
}

quint32 countIds(const Network &network)
{
    size_t count = network.stages.size();
    for (const Stage &stage : network.stages)
        count += stage.blocks.size();
    return quint32(count);
}

} // namespace

BlockPlace findBlock(const Network &network, BlockId id)
{
    if (!id) return {};
    for (size_t s = 0; s < network.stages.size(); ++s) {
        const std::vector<Block> &blocks = network.stages[s].blocks;
        for (size_t b = 0; b < blocks.size(); ++b) {
            if (blocks[b].id == id) return {int(s), int(b)};
        }
    }
    return {};
}

int findStage(const Network &network, StageId id)
{
    if (!id) return -1;
    for (size_t s = 0; s < network.stages.size(); ++s) {
        if (network.stages[s].id == id) return int(s);
    }
    return -1;
}

const Block *blockById(const Network &network, BlockId id)
{
    const BlockPlace place = findBlock(network, id);
    if (!place.valid()) return nullptr;
    return &network.stages[size_t(place.stage)].blocks[size_t(place.index)];
}

bool sameDesign(const Network &a, const Network &b)
{
    return asWritten(a) == asWritten(b);
}

void clearIds(Network &network)
{
    for (Stage &stage : network.stages) {
        stage.id = {};
        for (Block &block : stage.blocks)
            block.id = {};
    }
}

void assignIds(Network &network)
{
    const quint32 greatest = clearRepeatedIds(network);
    constexpr quint32 last = std::numeric_limits<quint32>::max();
    const quint32 needed = countIds(network);
    if (greatest >= last - needed || network.nextId >= last - needed) {
        clearIds(network); // the numbers are used up: begin again
        network.nextId = 1;
    } else {
        network.nextId = std::max(network.nextId, greatest + 1);
    }
    for (Stage &stage : network.stages) {
        if (!stage.id) stage.id = {network.nextId++};
        for (Block &block : stage.blocks) {
            if (!block.id) block.id = {network.nextId++};
        }
    }
}

int makeDivisible(double value, int divisor)
{
    Q_ASSERT(divisor > 0);
    constexpr double most = 1 << 30; // beyond every legal width: results stay inside int
    if (!(value > 0)) return divisor;
    const double bounded = std::min(value, most);
    const qint64 steps = qint64((bounded + divisor / 2.0) / divisor);
    qint64 rounded = std::max<qint64>(divisor, steps * divisor);
    if (double(rounded) < 0.9 * bounded) rounded += divisor;
    return int(rounded);
}

int squeezeChannels(const SqueezeExcite &se, int c)
{
    if (se.channels) return *se.channels;
    return makeDivisible(c / std::max(se.reduction, 1), 8);
}

int convOutSide(int side, int kernel, int stride)
{
    Q_ASSERT(side >= 1 && kernel >= 1 && stride >= 1);
    return (side + 2 * (kernel / 2) - kernel) / stride + 1;
}

Shape outputShape(const Block &block, Shape in)
{
    // Repeats after the first have stride 1 and an odd kernel: they keep the map's size.
    return {convOutSide(in.h, block.kernel, block.stride),
            convOutSide(in.w, block.kernel, block.stride), block.out};
}

Shape stageInput(const Network &network, int stage)
{
    Q_ASSERT(stage >= 0 && size_t(stage) <= network.stages.size());
    Shape shape = network.input;
    for (size_t s = 0; s < size_t(stage); ++s) {
        for (const Block &block : network.stages[s].blocks)
            shape = outputShape(block, shape);
    }
    return shape;
}

QString toString(BlockType type)
{
    switch (type) {
    case BlockType::Conv:
        return QStringLiteral("conv");
    case BlockType::Sep:
        return QStringLiteral("sep");
    case BlockType::ConvNext:
        return QStringLiteral("convnext");
    case BlockType::MbConv:
        return QStringLiteral("mbconv");
    }
    Q_UNREACHABLE();
}

QString toString(Activation act)
{
    switch (act) {
    case Activation::None:
        return QStringLiteral("none");
    case Activation::Relu:
        return QStringLiteral("relu");
    case Activation::Relu6:
        return QStringLiteral("relu6");
    case Activation::HSwish:
        return QStringLiteral("hswish");
    case Activation::HSigmoid:
        return QStringLiteral("hsigmoid");
    }
    Q_UNREACHABLE();
}

std::optional<BlockType> blockTypeFrom(QStringView text)
{
    for (const BlockType type :
         {BlockType::Conv, BlockType::Sep, BlockType::ConvNext, BlockType::MbConv}) {
        if (text == toString(type)) return type;
    }
    return std::nullopt;
}

std::optional<Activation> activationFrom(QStringView text)
{
    for (const Activation act : {Activation::None, Activation::Relu, Activation::Relu6,
                                 Activation::HSwish, Activation::HSigmoid}) {
        if (text == toString(act)) return act;
    }
    return std::nullopt;
}

QString displayName(BlockType type)
{
    switch (type) {
    case BlockType::Conv:
        return QStringLiteral("Conv");
    case BlockType::Sep:
        return QStringLiteral("SEP");
    case BlockType::ConvNext:
        return QStringLiteral("ConvNeXt");
    case BlockType::MbConv:
        return QStringLiteral("MBConv");
    }
    Q_UNREACHABLE();
}

QString displayName(Activation act)
{
    switch (act) {
    case Activation::None:
        return QStringLiteral("none");
    case Activation::Relu:
        return QStringLiteral("ReLU");
    case Activation::Relu6:
        return QStringLiteral("ReLU6");
    case Activation::HSwish:
        return QStringLiteral("HSwish");
    case Activation::HSigmoid:
        return QStringLiteral("HSigmoid");
    }
    Q_UNREACHABLE();
}

} // namespace atomnet
