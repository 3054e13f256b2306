#include "core/measuring/space_operators.h"

#include "core/device/operator_request.h"
#include "core/lowering/atom_variant.h"
#include "core/lowering/graph_builder.h"
#include "core/lowering/lower.h"
#include "core/model/presets.h"
#include "core/search/space_options.h"

#include <QSet>

#include <algorithm>
#include <tuple>

namespace atomnet
{

namespace
{

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

/// Each option of a stage on its own, behind an input as the stage before leaves it. Of repeated
/// blocks the second is like all that follow.
void addStage(Collected &collected, const SearchSpace &space, const SpaceStage &stage,
              const Shape &in, bool last)
{
    for (Stage &option : stageOptions(stage)) {
        for (Block &block : option.blocks)
            block.repeat = std::min(block.repeat, 2);
        collected.add(networkOf(space, in, {std::move(option)}), last);
    }
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
    const SearchSpace space = paperSpace();
    Collected collected;
    for (const Shape &input : spaceInputs(space)) {
        int side = input.h;
        std::vector<int> channels{input.c};
        for (const SpaceStage &stage : space.stages) {
            const bool last = &stage == &space.stages.back();
            for (const int c : channels)
                addStage(collected, space, stage, {side, side, c}, last);
            side = convOutSide(side, 3, stage.stride);
            channels = stage.widths;
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
