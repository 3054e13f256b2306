#include "core/inference/program.h"

#include "core/inference/packed_unit.h"
#include "core/quant/fixed_point.h"
#include "firmware/kernels/ak_softmax.h"

#include <cmath>

namespace atomnet
{

namespace
{

constexpr int mostPooledPixels = 1 << 22; ///< ak_mean.h

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

    Result<PackedUnit> packed(int atom, int part, UnitKernel kernel)
    {
        return packUnit(m_network, atom, part, kernel, layer(atom), m_constants);
    }

    Result<Call> conv(int atom, const AtomKey &key)
    {
        auto unit = packed(atom, 0, UnitKernel::Conv);
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
        auto unit = packed(atom, 0, UnitKernel::Depthwise);
        if (!unit) return tl::make_unexpected(unit.error());
        return DepthwiseCall{
            key.in(),      key.kernelH,   key.strideH, m_network.inputOf(atom).zeroPoint,
            unit->packing, unit->weights, unit->out};
    }

    Result<Call> pointwise(int atom, const AtomKey &key)
    {
        auto unit = packed(atom, 0, UnitKernel::Pointwise);
        if (!unit) return tl::make_unexpected(unit.error());
        return PointwiseCall{key.inH * key.inW, key.inC,       key.outC,
                             unit->packing,     unit->weights, unit->out};
    }

    Result<Call> pair(int atom, const AtomKey &key)
    {
        auto expand = packed(atom, 0, UnitKernel::Pointwise);
        if (!expand) return tl::make_unexpected(expand.error());
        auto project = packed(atom, 1, UnitKernel::Pointwise);
        if (!project) return tl::make_unexpected(project.error());
        return PairCall{key.inH * key.inW, key.inC,          key.squeeze,     key.outC,
                        expand->packing,   project->packing, expand->weights, project->weights,
                        expand->out,       project->out};
    }

    Result<Call> dense(int atom, const AtomKey &key)
    {
        auto unit = packed(atom, 0, UnitKernel::Dense);
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
        if (pixels > mostPooledPixels) return sumsTooLarge(layer(atom));
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
