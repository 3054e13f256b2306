#include "core/quant/forward.h"

#include "core/quant/float_kernels.h"
#include "core/quant/tile_pool.h"

#include <algorithm>

namespace atomnet
{

namespace
{

void activate(KeyAct act, std::span<float> values)
{
    switch (act) {
    case KeyAct::Relu:
        for (float &v : values)
            v = std::max(v, 0.0F);
        break;
    case KeyAct::Relu6:
        for (float &v : values)
            v = std::min(std::max(v, 0.0F), 6.0F);
        break;
    case KeyAct::HSwish:
        for (float &v : values)
            v *= std::min(std::max(v + 3.0F, 0.0F), 6.0F) / 6.0F;
        break;
    case KeyAct::HSigmoid:
        for (float &v : values)
            v = std::min(std::max(v + 3.0F, 0.0F), 6.0F) / 6.0F;
        break;
    default:
        break;
    }
}

constexpr int tileValues = 1 << 15; ///< of elementwise work

int elementTiles(std::size_t count)
{
    return int((count + tileValues - 1) / tileValues);
}

std::size_t tileBegin(int tile)
{
    return std::size_t(tile) * tileValues;
}

std::size_t tileEnd(int tile, std::size_t count)
{
    return std::min(count, tileBegin(tile + 1));
}

} // namespace

struct FloatForward::Private {
    const AtomGraph &graph;
    const FloatWeights &weights;
    int threads;
    std::vector<WeightUnit> units;
    std::vector<std::vector<float>> depthwise; ///< by unit: weights in depthwiseTile()'s order
    std::vector<int> firstUnit;                ///< by atom, -1 without weights

    Private(const AtomGraph &g, const FloatWeights &w, int t)
        : graph(g)
        , weights(w)
        , threads(t)
        , units(weightUnits(g))
        , depthwise(units.size())
        , firstUnit(g.atoms.size(), -1)
    {
        Q_ASSERT(units.size() == weights.units.size());
        for (std::size_t i = 0; i < units.size(); ++i) {
            if (units[i].part == 0) firstUnit[std::size_t(units[i].atom)] = int(i);
            if (units[i].depthwise)
                depthwise[i] = depthwiseOrder(weights.units[i].weights, units[i].out);
        }
    }
};

namespace
{

using Values = std::vector<float>;

/// One run: the tensors as they come and go.
class Pass
{
public:
    Pass(int threads, const ForwardWatcher &watch) : m_pool(threads), m_watch(watch) {}

    void show(const ForwardPoint &point, Values &values)
    {
        if (m_watch) m_watch(point, values);
    }

    /// Convolution and activation of one unit.
    Values unit(ForwardPoint point, const ConvShape &shape, const Values &in,
                const WeightUnit &unit, const float *weights, const float *bias)
    {
        Values out(std::size_t(shape.out.bytes()));
        if (unit.depthwise)
            m_pool.run(depthwiseTiles(shape), [&](int tile) {
                depthwiseTile(shape, tile, in.data(), weights, bias, out.data());
            });
        else
            m_pool.run(convolveTiles(shape), [&](int tile) {
                convolveTile(shape, tile, in.data(), weights, bias, out.data());
            });
        point.preActivation = true;
        show(point, out);
        if (unit.act != KeyAct::None)
            m_pool.run(elementTiles(out.size()), [&](int tile) {
                const std::size_t begin = tileBegin(tile), end = tileEnd(tile, out.size());
                activate(unit.act, std::span(out).subspan(begin, end - begin));
            });
        point.preActivation = false;
        show(point, out);
        return out;
    }

    Values add(const Values &a, const Values &b)
    {
        Values out(a.size());
        m_pool.run(elementTiles(out.size()), [&](int tile) {
            for (std::size_t i = tileBegin(tile); i < tileEnd(tile, out.size()); ++i)
                out[i] = a[i] + b[i];
        });
        return out;
    }

    Values scale(const Values &in, const Values &factors)
    {
        Values out(in.size());
        const int pixels = int(in.size() / factors.size());
        const int tilePixels = std::max(1, tileValues / int(factors.size()));
        m_pool.run((pixels + tilePixels - 1) / tilePixels, [&](int tile) {
            const std::size_t begin = std::size_t(tile * tilePixels) * factors.size();
            const std::size_t end =
                std::min(in.size(), begin + std::size_t(tilePixels) * factors.size());
            for (std::size_t i = begin; i < end; i += factors.size())
                for (std::size_t c = 0; c < factors.size(); ++c)
                    out[i + c] = in[i + c] * factors[c];
        });
        return out;
    }

    static Values mean(const Values &in, std::size_t channels)
    {
        std::vector<double> sums(channels, 0.0);
        for (std::size_t i = 0; i < in.size(); i += channels)
            for (std::size_t c = 0; c < channels; ++c)
                sums[c] += double(in[i + c]);
        Values out(channels);
        for (std::size_t c = 0; c < channels; ++c)
            out[c] = float(sums[c] / double(in.size() / channels));
        return out;
    }

private:
    TilePool m_pool;
    const ForwardWatcher &m_watch;
};

} // namespace

FloatForward::FloatForward(const AtomGraph &graph, const FloatWeights &weights, int threads)
    : d(std::make_unique<Private>(graph, weights, threads))
{
}

FloatForward::~FloatForward() = default;

std::vector<float> FloatForward::run(std::span<const float> input,
                                     const ForwardWatcher &watch) const
{
    const AtomGraph &graph = d->graph;
    std::vector<Values> tensors(graph.tensors.size());
    Q_ASSERT(qint64(input.size()) == graph.tensors.front().bytes());
    tensors.front().assign(input.begin(), input.end());
    Pass pass(d->threads, watch);
    pass.show({-1, 0, false, int(graph.tensors.front().shape.c)}, tensors.front());

    const auto unit = [&](int index, ForwardPoint point, const ConvShape &shape, const Values &in) {
        const std::size_t i = std::size_t(index);
        const UnitWeights &weights = d->weights.units[i];
        const Values &ordered = d->units[i].depthwise ? d->depthwise[i] : weights.weights;
        return pass.unit(point, shape, in, d->units[i], ordered.data(), weights.bias.data());
    };
    for (std::size_t a = 0; a < graph.atoms.size(); ++a) {
        const Atom &atom = graph.atoms[a];
        const AtomKey &key = atom.key;
        const Values &in = tensors[std::size_t(atom.inputs[0])];
        Values &out = tensors[std::size_t(atom.output)];
        ForwardPoint point{int(a), 0, false, key.outC};
        const int first = d->firstUnit[a];
        if (key.kind == AtomKind::PointwisePair) {
            const Shape hidden{key.outH, key.outW, key.squeeze};
            const Values expanded =
                unit(first, {int(a), 0, false, key.squeeze}, {key.in(), hidden, 1, 1}, in);
            point.part = 1;
            out = unit(first + 1, point, {hidden, key.out(), 1, 1}, expanded);
        } else if (first >= 0) {
            out = unit(first, point, convShape(key), in);
        } else {
            switch (key.kind) {
            case AtomKind::Add:
                out = pass.add(in, tensors[std::size_t(atom.inputs[1])]);
                break;
            case AtomKind::Scale:
                out = pass.scale(in, tensors[std::size_t(atom.inputs[1])]);
                break;
            case AtomKind::Mean:
                out = Pass::mean(in, std::size_t(key.inC));
                break;
            default:
                Q_ASSERT_X(false, "FloatForward", "not an operator of atomnet-1");
            }
            pass.show(point, out);
        }
        for (const int input : atom.inputs)
            if (input >= 0 && graph.tensors[std::size_t(input)].lastUse == int(a))
                Values().swap(tensors[std::size_t(input)]);
    }
    return std::move(tensors[std::size_t(graph.atoms.back().output)]);
}

} // namespace atomnet
