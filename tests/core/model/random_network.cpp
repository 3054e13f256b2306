#include "tests/core/model/random_network.h"

#include <array>

namespace atomnet::test
{

namespace
{

int from(QRandomGenerator &random, int least, int most)
{
    return least + int(random.bounded(quint32(most - least + 1)));
}

bool chance(QRandomGenerator &random, int percent)
{
    return from(random, 1, 100) <= percent;
}

Activation randomActivation(QRandomGenerator &random)
{
    return Activation(from(random, 0, int(Activation::HSigmoid)));
}

QString randomName(QRandomGenerator &random)
{
    static const std::array<const char16_t *, 6> names{u"",
                                                       u"s1",
                                                       u"a \"quoted\" \\ name",
                                                       u"tab\tnl\n\u0001",
                                                       u"Gr\u00f6\u00dfe",
                                                       u"\U0001F600 smile"};
    return QString::fromUtf16(names[size_t(from(random, 0, int(names.size()) - 1))]);
}

UnknownKeys randomKeys(QRandomGenerator &random, bool wanted)
{
    static const std::array<const char *, 6> values{
        "1", "\"x, : \\\" y\"", "[1,2,{\"a\":null}]", "1e-3", "{\"out\":3,\"deep\":[[]]}", "true"};
    UnknownKeys keys;
    if (!wanted) return keys;
    for (int i = 0, count = chance(random, 30) ? from(random, 1, 3) : 0; i < count; ++i) {
        const QByteArray json = values[size_t(from(random, 0, int(values.size()) - 1))];
        keys.push_back({from(random, 0, 9), QStringLiteral("x-%1").arg(i), json});
    }
    return keys;
}

SqueezeExcite randomSe(QRandomGenerator &random, bool unknownKeys)
{
    SqueezeExcite se;
    if (chance(random, 30)) se.channels = from(random, 1, 64);
    if (chance(random, 50)) se.reduction = from(random, 1, 16);
    se.act = randomActivation(random);
    se.gate = randomActivation(random);
    se.unknown = randomKeys(random, unknownKeys);
    return se;
}

std::optional<HeadLayer> randomHeadLayer(QRandomGenerator &random, bool unknownKeys)
{
    if (chance(random, 60)) return std::nullopt;
    return HeadLayer{from(random, 1, 1280), randomActivation(random),
                     randomKeys(random, unknownKeys)};
}

} // namespace

Block randomBlock(QRandomGenerator &random, Shape in, bool unknownKeys)
{
    Block block;
    block.type = BlockType(from(random, 0, int(BlockType::MbConv)));
    block.out = from(random, 1, 160);
    block.kernel = 1 + 2 * from(random, 0, 3);
    block.stride = in.h == 1 && in.w == 1 ? 1 : from(random, 1, chance(random, 10) ? maxStride : 2);
    if (block.type == BlockType::ConvNext || block.type == BlockType::MbConv) {
        static const std::array<double, 6> expands{1, 1.5, 3, 6, 0.1, 4.000000000000001};
        block.expand = expands[size_t(from(random, 0, int(expands.size()) - 1))];
    }
    block.act = randomActivation(random);
    if (block.type != BlockType::Conv && chance(random, 40))
        block.se = randomSe(random, unknownKeys);
    block.repeat = chance(random, 60) ? 1 : from(random, 2, 5);
    block.locked = unknownKeys && chance(random, 15);
    block.unknown = randomKeys(random, unknownKeys);
    return block;
}

Network randomNetwork(QRandomGenerator &random, const RandomLimits &limits)
{
    const bool unknown = limits.unknownKeys;
    Network network;
    network.name = randomName(random);
    network.input = {from(random, 1, 224), from(random, 1, 224), from(random, 1, 4)};
    network.inputLocked = unknown && chance(random, 15);
    network.inputUnknown = randomKeys(random, unknown);
    Shape shape = network.input;
    for (int s = 0, stages = from(random, 0, limits.stages); s < stages; ++s) {
        Stage stage;
        stage.name = randomName(random);
        for (int b = 0, blocks = from(random, 0, limits.blocksPerStage); b < blocks; ++b) {
            stage.blocks.push_back(randomBlock(random, shape, unknown));
            shape = outputShape(stage.blocks.back(), shape);
        }
        stage.locked = unknown && chance(random, 15);
        stage.unknown = randomKeys(random, unknown);
        network.stages.push_back(stage);
    }
    network.head.conv = randomHeadLayer(random, unknown);
    network.head.hidden = randomHeadLayer(random, unknown);
    network.head.classes = from(random, 1, 1000);
    network.head.unknown = randomKeys(random, unknown);
    network.unknown = randomKeys(random, unknown);
    assignIds(network);
    return network;
}

} // namespace atomnet::test
