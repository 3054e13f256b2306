#include "tests/core/quant/reference_network.h"

#include "core/lowering/lower.h"
#include "core/model/presets.h"
#include "core/quant/fixed_point.h"
#include "tests/core/model/random_network.h"

#include <algorithm>
#include <cmath>

namespace atomnet::test
{

namespace
{

/// out[pixel][o] = sum of in * weights over the patch; values outside the map count as 0.
template <class Sum, class In, class Weight>
std::vector<Sum> convolve(const Shape &in, const Shape &out, int kernel, int stride, bool depthwise,
                          const std::vector<In> &values, const std::vector<Weight> &weights)
{
    std::vector<Sum> sums;
    const int inputs = depthwise ? 1 : in.c;
    for (int y = 0; y < out.h; ++y)
        for (int x = 0; x < out.w; ++x)
            for (int o = 0; o < out.c; ++o) {
                Sum sum = 0;
                for (int ky = 0; ky < kernel; ++ky)
                    for (int kx = 0; kx < kernel; ++kx) {
                        const int iy = y * stride + ky - kernel / 2;
                        const int ix = x * stride + kx - kernel / 2;
                        if (iy < 0 || ix < 0 || iy >= in.h || ix >= in.w) continue;
                        for (int i = 0; i < inputs; ++i) {
                            const int c = depthwise ? o : i;
                            const int tap = ((o * kernel + ky) * kernel + kx) * inputs + i;
                            sum += Sum(values[std::size_t((iy * in.w + ix) * in.c + c)]) *
                                   Sum(weights[std::size_t(tap)]);
                        }
                    }
                sums.push_back(sum);
            }
    return sums;
}

Shape unitIn(const AtomKey &key, const WeightUnit &unit)
{
    return {key.inH, key.inW, unit.depthwise ? key.inC : unit.in};
}

Shape unitOut(const AtomKey &key, const WeightUnit &unit)
{
    return {key.outH, key.outW, unit.out};
}

double activated(KeyAct act, double x)
{
    switch (act) {
    case KeyAct::Relu:
        return std::max(x, 0.0);
    case KeyAct::Relu6:
        return std::clamp(x, 0.0, 6.0);
    case KeyAct::HSwish:
        return x * std::clamp(x + 3, 0.0, 6.0) / 6;
    case KeyAct::HSigmoid:
        return std::clamp(x + 3, 0.0, 6.0) / 6;
    default:
        return x;
    }
}

/// Units of an atom, in order.
std::vector<std::size_t> unitsOf(const std::vector<WeightUnit> &units, std::size_t atom)
{
    std::vector<std::size_t> found;
    for (std::size_t u = 0; u < units.size(); ++u)
        if (units[u].atom == int(atom)) found.push_back(u);
    return found;
}

qint8 clamped(qint64 value)
{
    return qint8(std::clamp<qint64>(value, -128, 127));
}

/// As the kernels' scalar definition says.
qint8 requantized(qint64 sum, qint32 multiplier, int shift, int zeroPoint)
{
    const qint64 product = (sum << shift) * multiplier + (qint64(1) << 31);
    return clamped((product >> 32) + zeroPoint);
}

std::vector<qint8> int8Unit(const AtomKey &key, const WeightUnit &unit, const UnitQuant &quant,
                            const std::vector<qint8> &in, std::vector<double> &preActivation)
{
    std::vector<int> shifted;
    for (const qint8 v : in)
        shifted.push_back(v - quant.input.zeroPoint);
    const auto sums = convolve<qint64>(unitIn(key, unit), unitOut(key, unit), unit.kernel,
                                       key.strideH, unit.depthwise, shifted, quant.weights);
    const FixedScales fixed = fixedScales(requantScales(quant), maxAccumulator(quant));
    std::array<qint8, 256> table{};
    for (int i = 0; i < 256; ++i)
        table[std::size_t(i)] = qint8(i - 128);
    if (unit.act == KeyAct::HSwish) table = hswishTable(quant.convolved, quant.output);
    if (unit.act == KeyAct::HSigmoid) table = hsigmoidTable(quant.convolved);
    std::vector<qint8> out;
    for (std::size_t i = 0; i < sums.size(); ++i) {
        const std::size_t o = i % quant.bias.size();
        const qint64 sum = sums[i] + quant.bias[o];
        preActivation.push_back(double(sum) * double(quant.input.scale) * double(quant.scales[o]));
        const int value =
            requantized(sum, fixed.multipliers[o], fixed.shift, quant.convolved.zeroPoint);
        out.push_back(table[std::size_t(value + 128)]);
    }
    return out;
}

} // namespace

FloatTrace floatReference(const AtomGraph &graph, const FloatWeights &weights,
                          const std::vector<float> &input)
{
    const std::vector<WeightUnit> units = weightUnits(graph);
    FloatTrace trace;
    trace.tensors.resize(graph.tensors.size());
    trace.preActivations.resize(units.size());
    trace.tensors.front().assign(input.begin(), input.end());
    for (std::size_t a = 0; a < graph.atoms.size(); ++a) {
        const Atom &atom = graph.atoms[a];
        const AtomKey &key = atom.key;
        std::vector<double> values = trace.tensors[std::size_t(atom.inputs[0])];
        for (const std::size_t u : unitsOf(units, a)) {
            const WeightUnit &unit = units[u];
            values =
                convolve<double>(unitIn(key, unit), unitOut(key, unit), unit.kernel, key.strideH,
                                 unit.depthwise, values, weights.units[u].weights);
            for (std::size_t i = 0; i < values.size(); ++i)
                values[i] += double(weights.units[u].bias[i % std::size_t(unit.out)]);
            trace.preActivations[u] = values;
            for (double &value : values)
                value = activated(unit.act, value);
        }
        if (key.kind == AtomKind::Mean) {
            std::vector<double> means(std::size_t(key.inC), 0);
            for (std::size_t i = 0; i < values.size(); ++i)
                means[i % means.size()] += values[i] / (key.inH * key.inW);
            values = means;
        } else if (key.kind == AtomKind::Add || key.kind == AtomKind::Scale) {
            const std::vector<double> &other = trace.tensors[std::size_t(atom.inputs[1])];
            for (std::size_t i = 0; i < values.size(); ++i)
                values[i] = key.kind == AtomKind::Add ? values[i] + other[i]
                                                      : values[i] * other[i % other.size()];
        }
        trace.tensors[std::size_t(atom.output)] = values;
    }
    return trace;
}

Int8Trace int8Reference(const QuantizedNetwork &network, const std::vector<float> &input)
{
    const AtomGraph &graph = network.graph;
    Int8Trace trace;
    trace.tensors.resize(graph.tensors.size());
    trace.preActivations.resize(network.units.size());
    for (const float value : input)
        trace.tensors.front().push_back(quantise(value, network.tensors.front()));
    for (std::size_t a = 0; a < graph.atoms.size(); ++a) {
        const Atom &atom = graph.atoms[a];
        const AtomKey &key = atom.key;
        std::vector<qint8> values = trace.tensors[std::size_t(atom.inputs[0])];
        for (const std::size_t u : unitsOf(network.units, a))
            values =
                int8Unit(key, network.units[u], network.quants[u], values, trace.preActivations[u]);
        const TensorQuant &in = network.inputOf(int(a)), &out = network.outputOf(int(a));
        if (key.kind == AtomKind::Mean) {
            const qint64 pixels = qint64(key.inH) * key.inW;
            const double real = double(in.scale) / (double(out.scale) * double(pixels));
            const FixedScales fixed = fixedScales({&real, 1}, pixels * 255);
            std::vector<qint64> sums(std::size_t(key.inC), -pixels * in.zeroPoint);
            for (std::size_t i = 0; i < values.size(); ++i)
                sums[i % sums.size()] += values[i];
            values.clear();
            for (const qint64 sum : sums)
                values.push_back(
                    requantized(sum, fixed.multipliers.front(), fixed.shift, out.zeroPoint));
        } else if (key.kind == AtomKind::Add) {
            const AddFactors f = addFactors(in, network.inputOf(int(a), 1), out);
            const std::vector<qint8> &other = trace.tensors[std::size_t(atom.inputs[1])];
            for (std::size_t i = 0; i < values.size(); ++i)
                values[i] = clamped(
                    (f.bias + values[i] * f.multiplierA + other[i] * f.multiplierB) >> f.shift);
        } else if (key.kind == AtomKind::Scale) {
            const TensorQuant &gate = network.inputOf(int(a), 1);
            const double real = double(in.scale * gate.scale) / double(out.scale);
            const FixedScales fixed = fixedScales({&real, 1}, 255 * 255);
            const std::vector<qint8> &gates = trace.tensors[std::size_t(atom.inputs[1])];
            for (std::size_t i = 0; i < values.size(); ++i)
                values[i] = requantized((values[i] - in.zeroPoint) *
                                            (gates[i % gates.size()] - gate.zeroPoint),
                                        fixed.multipliers.front(), fixed.shift, out.zeroPoint);
        }
        trace.tensors[std::size_t(atom.output)] = values;
    }
    return trace;
}

double sqnrDb(const std::vector<double> &signal, const std::vector<qint8> &values,
              const TensorQuant &quant)
{
    double power = 0, noise = 0;
    for (std::size_t i = 0; i < signal.size(); ++i) {
        const double error = double(dequantise(values[i], quant)) - signal[i];
        power += signal[i] * signal[i];
        noise += error * error;
    }
    return noise > 0 ? 10 * std::log10(power / noise) : 120;
}

AtomGraph randomGraph(QRandomGenerator &random, qint64 mostMacs)
{
    for (;;) {
        Network network = randomNetwork(random, {3, 3, false});
        network.input.h = 1 + qint32(random.bounded(17));
        network.input.w = 1 + qint32(random.bounded(17));
        network.head.classes = 1 + int(random.bounded(30));
        auto graph = lower(network, Runtime::AtomNet1);
        if (!graph) continue; // a stride too many for so small a map
        qint64 macs = 0;
        for (const Atom &atom : graph->atoms)
            macs += macsOf(atom.key);
        if (macs <= mostMacs) return *std::move(graph);
    }
}

AtomGraph presetGraph(const QString &id)
{
    return lower(presetById(id)->network, Runtime::AtomNet1).value();
}

FloatWeights randomWeights(const AtomGraph &graph, QRandomGenerator &random)
{
    FloatWeights weights = seededWeights(weightUnits(graph), random.generate64());
    for (UnitWeights &unit : weights.units)
        for (float &bias : unit.bias)
            bias = float(random.bounded(2.0) - 1.0);
    return weights;
}

} // namespace atomnet::test
