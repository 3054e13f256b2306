#include "core/quant/int8_simulation.h"

#include "core/quant/fixed_point.h"
#include "core/quant/float_kernels.h"
#include "core/quant/scales.h"
#include "core/quant/tile_pool.h"

#include <algorithm>
#include <cmath>
#include <mutex>

namespace atomnet
{

namespace
{

using Bytes = std::vector<qint8>;
using BySample = std::vector<Bytes>;

/// The geometry of a unit: what it reads and writes.
ConvShape shapeOf(const Atom &atom, const WeightUnit &unit)
{
    const AtomKey &key = atom.key;
    if (key.kind != AtomKind::PointwisePair) return convShape(key);
    return {{key.inH, key.inW, unit.in}, {key.outH, key.outW, unit.out}, 1, 1};
}

/// Adds, for each tap and input channel, what all output positions read there (zero point removed).
void addPatchSums(const ConvShape &shape, const Bytes &in, int zeroPoint, std::vector<qint64> &sums)
{
    const int channels = shape.in.c;
    std::vector<qint32> row(std::size_t(channels), 0); // 255 * 4096 columns fit
    for (int ky = 0; ky < shape.kernel; ++ky)
        for (int kx = 0; kx < shape.kernel; ++kx) {
            qint64 *tap = sums.data() + std::ptrdiff_t(ky * shape.kernel + kx) * channels;
            for (int oy = 0; oy < shape.out.h; ++oy) {
                const int y = oy * shape.stride + ky - shape.kernel / 2;
                if (y < 0 || y >= shape.in.h) continue;
                std::fill(row.begin(), row.end(), 0);
                for (int ox = 0; ox < shape.out.w; ++ox) {
                    const int x = ox * shape.stride + kx - shape.kernel / 2;
                    if (x < 0 || x >= shape.in.w) continue;
                    const qint8 *pixel = in.data() + std::ptrdiff_t(y * shape.in.w + x) * channels;
                    for (int c = 0; c < channels; ++c)
                        row[std::size_t(c)] += pixel[c] - zeroPoint;
                }
                for (int c = 0; c < channels; ++c)
                    tap[c] += row[std::size_t(c)];
            }
        }
}

qint8 clampToInt8(double value)
{
    return qint8(std::clamp(value, -128.0, 127.0));
}

/// As ak_requantize().
qint8 requantize(qint64 accumulator, const FixedScales &fixed, int zeroPoint)
{
    const qint64 product = accumulator * (qint64(1) << fixed.shift) * fixed.multipliers.front();
    return clampToInt8(double(((product + (qint64(1) << 31)) >> 32) + zeroPoint));
}

} // namespace

struct Int8Simulation::Private {
    QuantizedNetwork &network;
    TilePool pool;
    std::vector<BySample> tensors; ///< by graph tensor
    int samples = 0;

    Private(QuantizedNetwork &n, int threads)
        : network(n), pool(threads), tensors(n.graph.tensors.size())
    {
    }

    void correct(const ConvShape &shape, bool depthwise, const BySample &in,
                 const std::vector<double> &means, UnitQuant &quant)
    {
        const std::size_t taps = std::size_t(shape.kernel * shape.kernel);
        std::vector<qint64> sums(taps * std::size_t(shape.in.c), 0);
        std::mutex mutex;
        pool.run(samples, [&](int sample) {
            std::vector<qint64> own(sums.size(), 0);
            addPatchSums(shape, in[std::size_t(sample)], quant.input.zeroPoint, own);
            const std::lock_guard lock(mutex);
            std::transform(own.begin(), own.end(), sums.begin(), sums.begin(), std::plus<>());
        });
        const double positions = double(samples) * shape.out.h * shape.out.w;
        const std::size_t inputs = quant.weights.size() / quant.bias.size();
        for (std::size_t o = 0; o < quant.bias.size(); ++o) {
            double sum = 0;
            for (std::size_t i = 0; i < inputs; ++i) {
                const qint64 read = depthwise ? sums[i * std::size_t(shape.in.c) + o] : sums[i];
                sum += double(quant.weights[o * inputs + i]) * double(read);
            }
            const double scale = double(quant.input.scale) * double(quant.scales[o]);
            quant.bias[o] = biasInRange(means[o] / scale - sum / positions);
        }
    }

    BySample convolve(const ConvShape &shape, const WeightUnit &unit, const UnitQuant &quant,
                      const BySample &in)
    {
        std::vector<float> weights(quant.weights.begin(), quant.weights.end());
        if (unit.depthwise) weights = depthwiseOrder(weights, unit.out);
        const std::vector<double> scales = requantScales(quant);
        std::array<qint8, 256> table{};
        const bool hasTable = unit.act == KeyAct::HSwish || unit.act == KeyAct::HSigmoid;
        if (hasTable)
            table = unit.act == KeyAct::HSwish ? hswishTable(quant.convolved, quant.output)
                                               : hsigmoidTable(quant.convolved);

        BySample results(in.size());
        pool.run(samples, [&](int sample) {
            const Bytes &bytes = in[std::size_t(sample)];
            std::vector<float> values(bytes.size());
            std::transform(bytes.begin(), bytes.end(), values.begin(),
                           [&](qint8 v) { return float(v - quant.input.zeroPoint); });
            std::vector<float> sums(std::size_t(shape.out.bytes()));
            const int tiles = unit.depthwise ? depthwiseTiles(shape) : convolveTiles(shape);
            for (int tile = 0; tile < tiles; ++tile)
                (unit.depthwise ? depthwiseTile : convolveTile)(
                    shape, tile, values.data(), weights.data(), nullptr, sums.data());
            Bytes &result = results[std::size_t(sample)];
            result.resize(sums.size());
            const std::size_t channels = scales.size();
            for (std::size_t i = 0; i < sums.size(); i += channels)
                for (std::size_t o = 0; o < channels; ++o) {
                    const double real = (double(sums[i + o]) + quant.bias[o]) * scales[o];
                    const double shifted = real + quant.convolved.zeroPoint;
                    const double inside = std::clamp(shifted, -128.0, 127.0);
                    const int rounded = int(inside + 128.5) - 128; // half up
                    result[i + o] = hasTable ? table[std::size_t(rounded + 128)] : qint8(rounded);
                }
        });
        return results;
    }

    void runUnits(int atom, int unit, const BySample &in, BySample &out,
                  const std::vector<std::vector<double>> &means)
    {
        const Atom &node = network.graph.atoms[std::size_t(atom)];
        const BySample *from = &in;
        BySample hidden;
        for (std::size_t u = std::size_t(unit);
             u < network.units.size() && network.units[u].atom == atom; ++u) {
            const WeightUnit &part = network.units[u];
            const ConvShape shape = shapeOf(node, part);
            UnitQuant &quant = network.quants[u];
            if (!means.empty())
                correct(shape, part.depthwise, *from, means[std::size_t(part.part)], quant);
            out = convolve(shape, part, quant, *from);
            hidden = std::move(out);
            from = &hidden;
        }
        out = std::move(hidden);
    }

    void add(const Atom &atom, BySample &out)
    {
        const BySample &a = tensors[std::size_t(atom.inputs[0])];
        const BySample &b = tensors[std::size_t(atom.inputs[1])];
        const AddFactors factors =
            addFactors(quantOf(atom.inputs[0]), quantOf(atom.inputs[1]), quantOf(atom.output));
        pool.run(samples, [&](int sample) {
            const std::size_t s = std::size_t(sample);
            out[s].resize(a[s].size());
            for (std::size_t i = 0; i < a[s].size(); ++i)
                out[s][i] = clampToInt8((factors.bias + a[s][i] * factors.multiplierA +
                                         b[s][i] * factors.multiplierB) >>
                                        factors.shift);
        });
    }

    void scale(const Atom &atom, BySample &out)
    {
        const BySample &in = tensors[std::size_t(atom.inputs[0])];
        const BySample &gates = tensors[std::size_t(atom.inputs[1])];
        const TensorQuant &from = quantOf(atom.inputs[0]), &gate = quantOf(atom.inputs[1]),
                          &to = quantOf(atom.output);
        const double real = double(from.scale * gate.scale) / double(to.scale);
        const FixedScales fixed = fixedScales({&real, 1}, 255 * 255);
        pool.run(samples, [&](int sample) {
            const std::size_t s = std::size_t(sample), channels = gates[s].size();
            out[s].resize(in[s].size());
            for (std::size_t i = 0; i < in[s].size(); ++i)
                out[s][i] = requantize(qint64(in[s][i] - from.zeroPoint) *
                                           (gates[s][i % channels] - gate.zeroPoint),
                                       fixed, to.zeroPoint);
        });
    }

    void mean(const Atom &atom, BySample &out)
    {
        const BySample &in = tensors[std::size_t(atom.inputs[0])];
        const TensorQuant &from = quantOf(atom.inputs[0]), &to = quantOf(atom.output);
        const std::size_t channels = std::size_t(atom.key.inC);
        const qint64 pixels = qint64(atom.key.inH) * atom.key.inW;
        const double real = double(from.scale) / (double(to.scale) * double(pixels));
        const FixedScales fixed = fixedScales({&real, 1}, pixels * 255);
        pool.run(samples, [&](int sample) {
            const std::size_t s = std::size_t(sample);
            std::vector<qint64> sums(channels, -pixels * from.zeroPoint);
            for (std::size_t i = 0; i < in[s].size(); i += channels)
                for (std::size_t c = 0; c < channels; ++c)
                    sums[c] += in[s][i + c];
            out[s].resize(channels);
            std::transform(sums.begin(), sums.end(), out[s].begin(),
                           [&](qint64 sum) { return requantize(sum, fixed, to.zeroPoint); });
        });
    }

    [[nodiscard]] const TensorQuant &quantOf(int tensor) const
    {
        return network.tensors[std::size_t(tensor)];
    }
};

qint64 Int8Simulation::bytesPerSample(const AtomGraph &graph)
{
    qint64 most = 0;
    for (std::size_t a = 0; a < graph.atoms.size(); ++a) {
        const AtomKey &key = graph.atoms[a].key;
        qint64 live = qint64(key.outH) * key.outW * key.squeeze;
        for (const Tensor &tensor : graph.tensors)
            if (tensor.producer <= int(a) && tensor.lastUse >= int(a)) live += tensor.bytes();
        most = std::max(most, live);
    }
    return most;
}

Int8Simulation::Int8Simulation(QuantizedNetwork &network, int threads)
    : d(std::make_unique<Private>(network, threads))
{
}

Int8Simulation::~Int8Simulation() = default;

void Int8Simulation::addSample(std::span<const float> input)
{
    Bytes bytes(input.size());
    std::transform(input.begin(), input.end(), bytes.begin(),
                   [this](float v) { return quantise(v, d->network.tensors.front()); });
    d->tensors.front().push_back(std::move(bytes));
    ++d->samples;
}

void Int8Simulation::runAtom(int atom, const std::vector<std::vector<double>> &means)
{
    const AtomGraph &graph = d->network.graph;
    const Atom &node = graph.atoms[std::size_t(atom)];
    BySample out(std::size_t(d->samples));
    const int unit = d->network.unitOf(atom);
    if (unit >= 0)
        d->runUnits(atom, unit, d->tensors[std::size_t(node.inputs[0])], out, means);
    else if (node.key.kind == AtomKind::Add)
        d->add(node, out);
    else if (node.key.kind == AtomKind::Scale)
        d->scale(node, out);
    else
        d->mean(node, out);
    d->tensors[std::size_t(node.output)] = std::move(out);
    for (const int input : node.inputs)
        if (input >= 0 && graph.tensors[std::size_t(input)].lastUse == atom)
            BySample().swap(d->tensors[std::size_t(input)]);
}

const std::vector<qint8> &Int8Simulation::output(int sample) const
{
    const int tensor = d->network.graph.atoms.back().output;
    return d->tensors[std::size_t(tensor)][std::size_t(sample)];
}

} // namespace atomnet
