#include "core/measuring/space_operators.h"

#include "core/device/operator_request.h"
#include "core/lowering/atom_variant.h"
#include "core/lowering/graph_builder.h"
#include "core/lowering/lower.h"
#include "core/model/presets.h"

#include <QSet>

#include <algorithm>
#include <tuple>

namespace atomnet
{

namespace
{

/// One row of Table 2. Depths only say whether a block of stride 1 follows the first one.
struct SpaceStage {
    std::vector<BlockType> types;
    std::vector<int> widths;
    std::vector<double> expands; ///< of ConvNeXt
    bool repeats = false;
    bool squeezed = false;
    int stride = 2;
};

const std::vector<int> resolutions{256, 224, 192, 160, 128, 92, 80, 64, 48};

const std::vector<SpaceStage> &spaceStages()
{
    static const std::vector<SpaceStage> stages{
        {{BlockType::Conv}, {16, 24, 32, 48, 64}, {}, false, false, 2},
        {{BlockType::Sep}, {16, 24, 32, 48, 64}, {}, false, false, 1},
        {{BlockType::Sep}, {32, 48, 64, 80, 96, 112}, {}, true, false, 2},
        {{BlockType::Sep, BlockType::ConvNext},
         {48, 64, 80, 96, 112, 128},
         {1, 3, 6},
         true,
         false,
         2},
        {{BlockType::ConvNext}, {48, 64, 80, 96, 112, 128, 144}, {6}, true, true, 2},
        {{BlockType::ConvNext}, {64, 80, 96, 112, 128, 144, 160}, {6}, true, true, 2}};
    return stages;
}

class Collected
{
public:
    void add(const AtomKey &key) { m_keys.insert(key); }
    /// The atoms of one design; without its head unless asked.
    void add(const Network &network, bool head)
    {
        const auto graph = lower(network, Runtime::AtomNet1);
        Q_ASSERT(graph);
        for (const Atom &atom : graph->atoms)
            if (head || atom.block >= 0) add(atom.key);
    }
    [[nodiscard]] std::vector<AtomKey> take() const
    {
        std::vector<AtomKey> keys(m_keys.begin(), m_keys.end());
        std::sort(keys.begin(), keys.end(), keyLess);
        return keys;
    }

private:
    QSet<AtomKey> m_keys;
};

/// A stage on its own, behind an input as the stage before leaves it.
Network stageAlone(const SpaceStage &stage, Shape in, BlockType type, double expand, int out)
{
    Block block;
    block.type = type;
    block.kernel = 3;
    block.stride = stage.stride;
    block.out = out;
    block.expand = type == BlockType::ConvNext ? expand : 1;
    block.act = type == BlockType::Conv ? Activation::Relu : Activation::HSwish;
    if (stage.squeezed) block.se = SqueezeExcite{};
    block.repeat = stage.repeats ? 2 : 1;
    Network network;
    network.input = in;
    network.stages = {{{}, QStringLiteral("s"), {block}, {}}};
    assignIds(network);
    return network;
}

void addStage(Collected &collected, const SpaceStage &stage, const Shape &in, bool last)
{
    for (const BlockType type : stage.types)
        for (const double expand :
             type == BlockType::ConvNext ? stage.expands : std::vector<double>{1})
            for (const int out : stage.widths)
                collected.add(stageAlone(stage, in, type, expand, out), last);
}

/// Numbers that are the same everywhere (xorshift32).
class Draw
{
public:
    int upTo(int most) { return 1 + int(next() % quint32(most)); }
    template <class T>
    T of(const std::vector<T> &values)
    {
        return values[next() % values.size()];
    }

private:
    quint32 next()
    {
        m_state ^= m_state << 13;
        m_state ^= m_state >> 17;
        m_state ^= m_state << 5;
        return m_state >> 8;
    }
    quint32 m_state = 2463534242U;
};

AtomKey drawnKey(Draw &draw, AtomKind kind)
{
    // One at a time: the order in which a compiler evaluates arguments is its own.
    const int h = draw.upTo(20), w = draw.upTo(20);
    const int c = draw.upTo(kind == AtomKind::Conv ? 20 : 96), out = draw.upTo(96);
    const int kernel = draw.of<int>({3, 5, 7}), stride = draw.upTo(2), mid = 8 * draw.upTo(40);
    const KeyAct act = draw.of<KeyAct>({KeyAct::None, KeyAct::Relu, KeyAct::Relu6, KeyAct::HSwish});
    const Shape in{h, w, c};
    AtomKey key;
    switch (kind) {
    case AtomKind::Conv:
        key = paddedConvKey({kind, Role::Conv, out, kernel, stride, act}, in);
        break;
    case AtomKind::Depthwise:
        key = paddedConvKey({kind, Role::Depthwise, c, kernel, stride, act}, in);
        break;
    case AtomKind::FullyConnected:
        key = shapedKey(kind, {1, 1, 4 * c + h % 4}, {1, 1, 2 * out});
        key.act = w % 4 == 0 ? KeyAct::HSigmoid : act;
        break;
    case AtomKind::Mean:
        key = shapedKey(kind, in, {1, 1, c});
        break;
    case AtomKind::Add:
    case AtomKind::Scale:
        key = shapedKey(kind, in, in);
        break;
    default:
        key = shapedKey(kind, in, {h, w, out});
        key.act = act;
        if (kind == AtomKind::PointwisePair) key.squeeze = mid;
        break;
    }
    key.variant = typicalVariant(key);
    return key;
}

} // namespace

bool keyLess(const AtomKey &a, const AtomKey &b)
{
    const auto fields = [](const AtomKey &k) {
        return std::tie(k.kind, k.inH, k.inW, k.inC, k.outH, k.outW, k.outC, k.kernelH, k.kernelW,
                        k.strideH, k.strideW, k.padT, k.padL, k.padB, k.padR, k.dilation, k.groups,
                        k.squeeze, k.act, k.type, k.weights, k.variant);
    };
    return fields(a) < fields(b);
}

std::vector<AtomKey> presetOperators()
{
    Collected collected;
    for (const Preset &preset : presets())
        collected.add(preset.network, true);
    return collected.take();
}

std::vector<AtomKey> paperSpaceOperators()
{
    Collected collected;
    for (const int resolution : resolutions) {
        int side = resolution;
        std::vector<int> inputs{3};
        for (const SpaceStage &stage : spaceStages()) {
            const bool last = &stage == &spaceStages().back();
            for (const int in : inputs)
                addStage(collected, stage, {side, side, in}, last);
            side = convOutSide(side, 3, stage.stride);
            inputs = stage.widths;
        }
    }
    return collected.take();
}

std::vector<AtomKey> modelOperators()
{
    constexpr int ofEachKind = 80;
    Draw draw;
    Collected collected;
    for (const AtomKind kind :
         {AtomKind::Conv, AtomKind::Depthwise, AtomKind::Pointwise, AtomKind::PointwisePair,
          AtomKind::Add, AtomKind::Scale, AtomKind::Mean, AtomKind::FullyConnected})
        for (int i = 0; i < ofEachKind; ++i)
            collected.add(drawnKey(draw, kind));
    return collected.take();
}

std::vector<AtomKey> shippedOperators()
{
    Collected collected;
    for (const auto &keys : {presetOperators(), paperSpaceOperators(), modelOperators()})
        for (const AtomKey &key : keys)
            if (arenaNeed(key, ownPlace(key)) <= mostOperatorArena &&
                windowNeed(key) <= mostOperatorWeights)
                collected.add(key);
    return collected.take();
}

} // namespace atomnet
