#include "tests/judges/one_operator.h"

#include <algorithm>
#include <cmath>

namespace atomnet::judges
{

namespace
{

int between(Random &random, int low, int high)
{
    return std::uniform_int_distribution<int>(low, high)(random);
}

/// Log-uniform, and no power of two.
float scaleBetween(Random &random, double low, double high)
{
    for (;;) {
        const float scale = float(std::exp(
            std::uniform_real_distribution<double>(std::log(low), std::log(high))(random)));
        int exponent = 0;
        if (std::frexp(scale, &exponent) != 0.5f) return scale;
    }
}

QByteArray randomBytes(Random &random, qint64 count)
{
    QByteArray bytes(qsizetype(count), Qt::Uninitialized);
    for (char &byte : bytes)
        byte = char(between(random, -128, 127));
    return bytes;
}

TensorQuant anyQuant(Random &random)
{
    return {scaleBetween(random, 0.002, 0.5), between(random, -128, 127)};
}

OneOperator withAtom(const AtomKey &key, Role role, const std::vector<Shape> &inputs,
                     Random &random)
{
    OneOperator one;
    AtomGraph &graph = one.network.graph;
    graph.runtime = Runtime::AtomNet1;
    Atom atom;
    atom.key = key;
    atom.role = role;
    atom.stage = atom.block = 0;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        atom.inputs[i] = int(i);
        graph.tensors.push_back({inputs[i], -1, 0});
        one.network.tensors.push_back(anyQuant(random));
        one.inputs.push_back(randomBytes(random, inputs[i].bytes()));
    }
    atom.output = int(inputs.size());
    graph.tensors.push_back({key.out(), 0, 0});
    one.network.tensors.push_back(anyQuant(random));
    graph.atoms.push_back(atom);
    one.network.units = weightUnits(graph);
    one.network.normalisation = {std::vector<float>(std::size_t(inputs[0].c), 0.5f),
                                 std::vector<float>(std::size_t(inputs[0].c), 0.5f)};
    one.network.trained = true;
    return one;
}

/// Weights, scales and biases of the only unit, so that outputs spread over the int8 range.
void fillUnit(OneOperator &one, Random &random)
{
    const WeightUnit &unit = one.network.units.front();
    UnitQuant quant;
    quant.input = one.network.tensors[0];
    TensorQuant out = one.network.tensors.back();
    if (unit.act == KeyAct::Relu || unit.act == KeyAct::Relu6) out.zeroPoint = -128;
    if (unit.act == KeyAct::Relu6) out.scale = 6.0f / 255.0f;
    one.network.tensors.back() = quant.convolved = quant.output = out;

    quant.weights.resize(std::size_t(unit.weightCount()));
    for (qint8 &weight : quant.weights)
        weight = qint8(between(random, -127, 127));
    const double spread =
        double(out.scale) * 60 /
        (double(quant.input.scale) * 70 * 70 * std::sqrt(double(unit.inputsPerOutput())));
    const double most = 0.499 * double(out.scale) / double(quant.input.scale);
    for (int o = 0; o < unit.out; ++o) {
        quant.scales.push_back(
            float(std::min(most, spread * double(scaleBetween(random, 0.3, 6)))));
        // A bias worth up to a hundred steps of the output.
        const double step =
            double(out.scale) / (double(quant.input.scale) * double(quant.scales.back()));
        quant.bias.push_back(qint32(std::clamp(step * between(random, -100, 100), -1e6, 1e6)));
    }
    one.network.quants = {quant};
}

KeyAct anyAct(Random &random)
{
    constexpr std::array<KeyAct, 3> acts{KeyAct::None, KeyAct::Relu, KeyAct::Relu6};
    return acts[std::size_t(between(random, 0, 2))];
}

AtomKey plainKey(AtomKind kind, const Shape &in, const Shape &out)
{
    AtomKey key;
    key.kind = kind;
    key.inH = in.h, key.inW = in.w, key.inC = in.c;
    key.outH = out.h, key.outW = out.w, key.outC = out.c;
    key.act = KeyAct::None;
    return key;
}

OneOperator convolution(AtomKind kind, Random &random)
{
    constexpr std::array<int, 4> kernels{1, 3, 5, 7};
    const Shape in{between(random, 1, 14), between(random, 1, 14), between(random, 1, 33)};
    const int kernel =
        kind == AtomKind::Pointwise
            ? 1
            : kernels[std::size_t(between(random, kind == AtomKind::Conv ? 1 : 0, 3))];
    const int stride = kind == AtomKind::Pointwise ? 1 : between(random, 1, 3);
    const int channels = kind == AtomKind::Depthwise ? int(in.c) : between(random, 1, 40);
    AtomKey key = plainKey(
        kind, in, {convOutSide(in.h, kernel, stride), convOutSide(in.w, kernel, stride), channels});
    key.kernelH = key.kernelW = quint16(kernel);
    key.strideH = key.strideW = quint16(stride);
    key.padT = key.padL = key.padB = key.padR = quint16(kernel / 2);
    key.groups = kind == AtomKind::Depthwise ? in.c : 1;
    key.act = anyAct(random);
    const Role role = kind == AtomKind::Depthwise ? Role::Depthwise
                      : kind == AtomKind::Conv    ? Role::Conv
                                                  : Role::Pointwise;
    OneOperator one = withAtom(key, role, {in}, random);
    fillUnit(one, random);
    return one;
}

OneOperator fullyConnected(Random &random)
{
    const Shape in{1, 1, between(random, 1, 200)};
    AtomKey key = plainKey(AtomKind::FullyConnected, in, {1, 1, between(random, 1, 60)});
    key.act = anyAct(random);
    OneOperator one = withAtom(key, Role::Classifier, {in}, random);
    fillUnit(one, random);
    return one;
}

OneOperator addition(Random &random)
{
    const Shape shape{between(random, 1, 9), between(random, 1, 9), between(random, 1, 24)};
    OneOperator one =
        withAtom(plainKey(AtomKind::Add, shape, shape), Role::Add, {shape, shape}, random);
    std::vector<TensorQuant> &tensors = one.network.tensors;
    tensors[1].scale = tensors[0].scale * scaleBetween(random, 0.2, 5);
    tensors[2].scale = (tensors[0].scale + tensors[1].scale) * scaleBetween(random, 0.4, 1.2);
    return one;
}

OneOperator scaling(Random &random)
{
    const Shape shape{between(random, 1, 9), between(random, 1, 9), between(random, 1, 24)};
    OneOperator one = withAtom(plainKey(AtomKind::Scale, shape, shape), Role::SeScale,
                               {shape, {1, 1, shape.c}}, random);
    std::vector<TensorQuant> &tensors = one.network.tensors;
    tensors[1] = {1.0f / 256, -128};
    tensors[2].scale = tensors[0].scale * scaleBetween(random, 0.3, 1.1);
    return one;
}

OneOperator mean(Random &random)
{
    const Shape shape{between(random, 1, 14), between(random, 1, 14), between(random, 1, 40)};
    OneOperator one =
        withAtom(plainKey(AtomKind::Mean, shape, {1, 1, shape.c}), Role::Pool, {shape}, random);
    one.network.tensors[1].scale = one.network.tensors[0].scale * scaleBetween(random, 0.1, 1.2);
    return one;
}

} // namespace

OneOperator randomOperator(AtomKind kind, Random &random)
{
    switch (kind) {
    case AtomKind::Conv:
    case AtomKind::Depthwise:
    case AtomKind::Pointwise:
        return convolution(kind, random);
    case AtomKind::FullyConnected:
        return fullyConnected(random);
    case AtomKind::Add:
        return addition(random);
    case AtomKind::Scale:
        return scaling(random);
    default:
        return mean(random);
    }
}

OneOperator activationOperator(KeyAct act, Random &random)
{
    const bool isTable = act == KeyAct::HSwish;
    const Shape in = isTable ? Shape{16, 16, 1} : Shape{1, 1, 256};
    AtomKey key = plainKey(isTable ? AtomKind::Pointwise : AtomKind::FullyConnected, in, in);
    key.act = act;
    OneOperator one = withAtom(key, isTable ? Role::Pointwise : Role::SeExpand, {in}, random);
    const TensorQuant convolved{scaleBetween(random, 0.01, 0.15), between(random, -60, 60)};
    one.network.tensors[0] = {scaleBetween(random, 0.01, 0.15), convolved.zeroPoint};

    // 127 / 127 of the input: what the table reads is what came in, without any rounding near a
    // tie.
    const WeightUnit &unit = one.network.units.front();
    UnitQuant quant;
    quant.input = one.network.tensors[0];
    quant.weights.assign(std::size_t(unit.weightCount()), 0);
    for (int o = 0; o < unit.out; ++o)
        quant.weights[std::size_t(o) * std::size_t(unit.in) + std::size_t(unit.in == 1 ? 0 : o)] =
            127;
    quant.scales.assign(std::size_t(unit.out), convolved.scale / (127 * quant.input.scale));
    quant.bias.assign(std::size_t(unit.out), 0);
    quant.convolved = convolved;
    if (isTable) {
        const double most = (127 - convolved.zeroPoint) * double(convolved.scale);
        quant.output = {float(std::max(most, 0.5) * double(scaleBetween(random, 0.9, 1.3)) / 255),
                        between(random, -128, -90)};
    } else {
        quant.output = {1.0f / 256, -128};
    }
    one.network.tensors[1] = quant.output;
    one.network.quants = {quant};
    for (int i = 0; i < 256; ++i)
        one.inputs[0][i] = char(i - 128);
    return one;
}

Exact exactOutput(const OneOperator &one, qint64 index)
{
    const AtomKey &key = one.atom().key;
    const WeightUnit &unit = one.network.units.front();
    const UnitQuant &quant = one.network.quants.front();
    const auto *in = reinterpret_cast<const qint8 *>(one.inputs[0].constData());
    const int channel = int(index % key.outC);
    const int column = int(index / key.outC % key.outW), row = int(index / key.outC / key.outW);
    Exact exact{quant.bias[std::size_t(channel)], double(quant.input.scale) *
                                                      double(quant.scales[std::size_t(channel)]) /
                                                      double(quant.convolved.scale)};
    const qint8 *weight = quant.weights.data() + channel * unit.inputsPerOutput();
    for (int y = 0; y < unit.kernel; ++y)
        for (int x = 0; x < unit.kernel; ++x)
            for (int c = 0; c < unit.in; ++c, ++weight) {
                const int h = row * key.strideH + y - key.padT,
                          w = column * key.strideW + x - key.padL;
                if (h < 0 || h >= key.inH || w < 0 || w >= key.inW) continue;
                const int from = unit.depthwise ? channel : c;
                exact.accumulator +=
                    qint64(in[(qint64(h) * key.inW + w) * key.inC + from] - quant.input.zeroPoint) *
                    *weight;
            }
    return exact;
}

} // namespace atomnet::judges
