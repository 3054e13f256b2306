#include "core/inference/program.h"

#include "core/inference/constants.h"
#include "core/quant/fixed_point.h"
#include "firmware/kernels/ak_pack.h"
#include "firmware/kernels/ak_softmax.h"

#include <cmath>
#include <limits>

namespace atomnet
{

namespace
{

constexpr int mostPooledPixels = 1 << 22; ///< ak_mean.h
constexpr qint64 mostAccumulator = std::numeric_limits<qint32>::max();

tl::unexpected<Error> tooLarge(const QString &layer)
{
    return fail(ErrorCode::BadInput,
                QStringLiteral("its sums do not fit 32 bits; use fewer input channels, a smaller "
                               "kernel or a smaller map"),
                layer);
}

/// A packed unit: constants by index.
struct PackedUnit {
    int weights = -1, packing = 0;
    OutputStage out;
};

/// How a kernel wants its weights.
using Pack = ak_status_t (*)(ak_packing_t packing, const WeightUnit &unit, const qint8 *weights,
                             qint32 *bias, qint8 *to);

ak_status_t packConv(ak_packing_t packing, const WeightUnit &unit, const qint8 *weights,
                     qint32 *bias, qint8 *to)
{
    return ak_pack_conv2d(packing, unit.kernel, unit.in, unit.out, weights, bias, to);
}

ak_status_t packDepthwise(ak_packing_t packing, const WeightUnit &unit, const qint8 *weights,
                          qint32 *bias, qint8 *to)
{
    return ak_pack_depthwise(packing, unit.kernel, unit.out, weights, bias, to);
}

ak_status_t packPointwise(ak_packing_t packing, const WeightUnit &unit, const qint8 *weights,
                          qint32 *bias, qint8 *to)
{
    return ak_pack_pointwise(packing, unit.in, unit.out, weights, bias, to);
}

ak_status_t packDense(ak_packing_t packing, const WeightUnit &unit, const qint8 *weights,
                      qint32 *bias, qint8 *to)
{
    return ak_pack_fully_connected(packing, unit.in, unit.out, weights, bias, to);
}

class Builder
{
public:
    Builder(const QuantizedNetwork &network, const ArenaPlan &plan, const QStringList &layerNames)
        : m_network(network), m_plan(plan), m_layerNames(layerNames)
    {
    }

    Result<Program> build(const ProgramOptions &options)
    {
        const AtomGraph &graph = m_network.graph;
        for (int atom = 0; atom < int(graph.atoms.size()); ++atom) {
            auto call = callOf(atom);
            if (!call) return tl::make_unexpected(call.error());
            m_program.steps.push_back(stepOf(atom, *std::move(call)));
        }
        const Tensor &input = graph.tensors.front();
        m_program.input = m_network.tensors.front();
        m_program.inputOffset = m_plan.tensorOffsets.front();
        m_program.inputBytes = input.bytes();
        const Step &last = m_program.steps.back();
        m_program.output = m_network.outputOf(last.atom);
        m_program.outputOffset = last.outputOffset;
        m_program.outputBytes = last.outputBytes;
        m_program.arenaBytes = m_plan.arenaBytes;
        if (options.softmax)
            if (auto added = addSoftmax(); !added) return tl::make_unexpected(added.error());
        m_program.constants = m_constants.take();
        return std::move(m_program);
    }

private:
    [[nodiscard]] QString layer(int atom) const { return m_layerNames.value(atom); }

    Step stepOf(int atom, Call call) const
    {
        const Atom &node = m_network.graph.atoms[std::size_t(atom)];
        Step step;
        step.atom = atom;
        step.name = layer(atom);
        step.call = std::move(call);
        for (std::size_t i = 0; i < node.inputs.size(); ++i)
            if (node.inputs[i] >= 0)
                step.inputOffsets[i] = m_plan.tensorOffsets[std::size_t(node.inputs[i])];
        step.outputOffset = m_plan.tensorOffsets[std::size_t(node.output)];
        step.outputBytes = m_network.graph.tensors[std::size_t(node.output)].bytes();
        step.scratchOffset = m_plan.scratchOffsets[std::size_t(atom)];
        return step;
    }

    Result<Call> callOf(int atom)
    {
        const AtomKey &key = m_network.graph.atoms[std::size_t(atom)].key;
        switch (key.kind) {
        case AtomKind::Conv:
            return conv(atom, key);
        case AtomKind::Depthwise:
            return depthwise(atom, key);
        case AtomKind::Pointwise:
            return pointwise(atom, key);
        case AtomKind::PointwisePair:
            return pair(atom, key);
        case AtomKind::FullyConnected:
            return dense(atom, key);
        case AtomKind::Add:
            return add(atom, key);
        case AtomKind::Scale:
            return mul(atom, key);
        case AtomKind::Mean:
            return mean(atom, key);
        default:
            break;
        }
        return fail(ErrorCode::BadInput,
                    QStringLiteral("atomnet-1 has no kernel for this operator"), layer(atom));
    }

    /// Packs one unit: by `packings` in turn, the first that is exact for its numbers.
    Result<PackedUnit> packed(int atom, int part, std::size_t bytes,
                              std::initializer_list<ak_packing_t> packings, Pack pack)
    {
        const int index = m_network.unitOf(atom, part);
        Q_ASSERT(index >= 0);
        const WeightUnit &unit = m_network.units[std::size_t(index)];
        const UnitQuant &quant = m_network.quants[std::size_t(index)];
        const QString partName = m_network.unitOf(atom, 1) < 0 ? QString()
                                 : part == 0                   ? QStringLiteral("expand")
                                                               : QStringLiteral("project");
        const qint64 accumulator = maxAccumulator(quant);
        if (accumulator > mostAccumulator) return tooLarge(layer(atom));

        const std::size_t padded = std::size_t(ak_padded_channels(unit.out));
        std::vector<qint32> folded = foldedBias(quant);
        folded.resize(padded, 0);
        FixedScales scales = fixedScales(requantScales(quant), accumulator);
        scales.multipliers.resize(padded, 0);

        PackedUnit result;
        std::vector<qint32> bias;
        QByteArray weights(qsizetype(bytes), '\0');
        ak_status_t status = AK_ERROR_PACKING;
        for (const ak_packing_t packing : packings) {
            bias = folded;
            result.packing = packing;
            status = pack(packing, unit, quant.weights.data(), bias.data(),
                          reinterpret_cast<qint8 *>(weights.data()));
            if (status != AK_ERROR_PACKING) break;
        }
        if (status != AK_OK)
            return fail(
                ErrorCode::BadInput,
                QStringLiteral("no kernel can hold its weights (status %1)").arg(int(status)),
                layer(atom));

        const auto name = [&](const char *what) {
            return constantName(layer(atom), partName, QLatin1String(what));
        };
        result.weights = m_constants.add(Constant::Type::Int8, name("weights"), std::move(weights));
        result.out.bias = m_constants.add(name("bias"), bias);
        result.out.multiplier = m_constants.add(name("multiplier"), scales.multipliers);
        result.out.zeroPoint = quant.convolved.zeroPoint;
        result.out.shift = scales.shift;
        if (unit.act == KeyAct::HSwish)
            result.out.table =
                m_constants.addTable(name("table"), hswishTable(quant.convolved, quant.output));
        else if (unit.act == KeyAct::HSigmoid)
            result.out.table = m_constants.addTable(name("table"), hsigmoidTable(quant.convolved));
        return result;
    }

    /// The fastest packing that is exact, then the one that always is.
    [[nodiscard]] ak_packing_t best(int atom, int part) const
    {
        const int index = m_network.unitOf(atom, part);
        const WeightUnit &unit = m_network.units[std::size_t(index)];
        const UnitQuant &quant = m_network.quants[std::size_t(index)];
        if (maxAccumulator(quant) > mostAccumulator) return AK_PACKING_PLAIN_4X2; // refused later
        std::vector<qint32> bias = foldedBias(quant);
        bias.resize(std::size_t(ak_padded_channels(unit.out)), 0);
        return ak_best_packing(qint32(unit.inputsPerOutput()), unit.out, quant.weights.data(),
                               bias.data());
    }

    Result<Call> conv(int atom, const AtomKey &key)
    {
        auto unit = packed(atom, 0, ak_pack_conv2d_bytes(key.kernelH, key.inC, key.outC),
                           {best(atom, 0), AK_PACKING_PLAIN_4X2}, packConv);
        if (!unit) return tl::make_unexpected(unit.error());
        return ConvCall{key.in(),
                        key.outC,
                        key.kernelH,
                        key.strideH,
                        m_network.inputOf(atom).zeroPoint,
                        unit->packing,
                        unit->weights,
                        unit->out};
    }

    Result<Call> depthwise(int atom, const AtomKey &key)
    {
        auto unit = packed(atom, 0, ak_pack_depthwise_bytes(key.kernelH, key.inC),
                           {AK_PACKING_DEPTHWISE}, packDepthwise);
        if (!unit) return tl::make_unexpected(unit.error());
        return DepthwiseCall{
            key.in(),      key.kernelH,   key.strideH, m_network.inputOf(atom).zeroPoint,
            unit->packing, unit->weights, unit->out};
    }

    Result<Call> pointwise(int atom, const AtomKey &key)
    {
        auto unit = packed(atom, 0, ak_pack_pointwise_bytes(key.inC, key.outC),
                           {best(atom, 0), AK_PACKING_PLAIN_4X2}, packPointwise);
        if (!unit) return tl::make_unexpected(unit.error());
        return PointwiseCall{key.inH * key.inW, key.inC,       key.outC,
                             unit->packing,     unit->weights, unit->out};
    }

    Result<Call> pair(int atom, const AtomKey &key)
    {
        auto expand = packed(atom, 0, ak_pack_pointwise_bytes(key.inC, key.squeeze),
                             {best(atom, 0), AK_PACKING_PLAIN_4X2}, packPointwise);
        if (!expand) return tl::make_unexpected(expand.error());
        auto project = packed(atom, 1, ak_pack_pointwise_bytes(key.squeeze, key.outC),
                              {best(atom, 1), AK_PACKING_PLAIN_4X2}, packPointwise);
        if (!project) return tl::make_unexpected(project.error());
        return PairCall{key.inH * key.inW, key.inC,          key.squeeze,     key.outC,
                        expand->packing,   project->packing, expand->weights, project->weights,
                        expand->out,       project->out};
    }

    Result<Call> dense(int atom, const AtomKey &key)
    {
        auto unit = packed(atom, 0, ak_pack_fully_connected_bytes(key.inC, key.outC),
                           {best(atom, 0), AK_PACKING_PLAIN_4X2}, packDense);
        if (!unit) return tl::make_unexpected(unit.error());
        return DenseCall{key.inC, key.outC, unit->packing, unit->weights, unit->out};
    }

    Result<Call> add(int atom, const AtomKey &key)
    {
        const AddFactors factors = addFactors(m_network.inputOf(atom, 0),
                                              m_network.inputOf(atom, 1), m_network.outputOf(atom));
        return AddCall{int(key.out().bytes()), factors.bias, factors.multiplierA,
                       factors.multiplierB, factors.shift};
    }

    Result<Call> mul(int atom, const AtomKey &key)
    {
        const TensorQuant &in = m_network.inputOf(atom, 0), &gate = m_network.inputOf(atom, 1),
                          &out = m_network.outputOf(atom);
        // The product in float first, as TFLite does.
        const double scale = double(in.scale * gate.scale) / double(out.scale);
        const FixedScales fixed = fixedScales({&scale, 1}, 255 * 255);
        return MulCall{key.inH * key.inW, key.inC,        fixed.multipliers.front(),
                       in.zeroPoint,      gate.zeroPoint, out.zeroPoint,
                       fixed.shift};
    }

    Result<Call> mean(int atom, const AtomKey &key)
    {
        const TensorQuant &in = m_network.inputOf(atom), &out = m_network.outputOf(atom);
        const int pixels = key.inH * key.inW;
        if (pixels > mostPooledPixels) return tooLarge(layer(atom));
        const double scale = double(in.scale) / (double(out.scale) * pixels);
        const FixedScales fixed = fixedScales({&scale, 1}, qint64(pixels) * 255);
        return MeanCall{
            pixels,        key.inC,    -pixels * in.zeroPoint, fixed.multipliers.front(),
            out.zeroPoint, fixed.shift};
    }

    /// Behind the classifier, in place.
    Result<> addSoftmax()
    {
        Step step;
        step.name = QStringLiteral("softmax");
        if (m_program.outputBytes > AK_SOFTMAX_MAX)
            return fail(ErrorCode::BadInput,
                        QStringLiteral("softmax takes at most %1 classes").arg(AK_SOFTMAX_MAX),
                        step.name);
        std::vector<quint32> exponents;
        for (int distance = 0; distance < 256; ++distance)
            exponents.push_back(quint32(
                std::lround(std::exp(-distance * double(m_program.output.scale)) * (1 << 20))));
        step.call = SoftmaxCall{int(m_program.outputBytes),
                                m_constants.add(QStringLiteral("softmax_exponents"), exponents)};
        step.inputOffsets[0] = step.outputOffset = m_program.outputOffset;
        step.outputBytes = m_program.outputBytes;
        m_program.steps.push_back(std::move(step));
        m_program.output = {1.0F / 256, -128};
        return {};
    }

    const QuantizedNetwork &m_network;
    const ArenaPlan &m_plan;
    const QStringList &m_layerNames;
    Constants m_constants;
    Program m_program;
};

} // namespace

Result<Program> makeProgram(const QuantizedNetwork &network, const ArenaPlan &plan,
                            const QStringList &layerNames, const ProgramOptions &options)
{
    Q_ASSERT(layerNames.size() == qsizetype(network.graph.atoms.size()));
    Q_ASSERT(plan.tensorOffsets.size() == network.graph.tensors.size());
    return Builder(network, plan, layerNames).build(options);
}

} // namespace atomnet
