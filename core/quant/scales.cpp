#include "core/quant/scales.h"

#include "core/quant/fixed_point.h"

#include <algorithm>
#include <cmath>

namespace atomnet
{

namespace
{

constexpr double smallestScale = 1e-12;
constexpr double mostRequantScale = 0.5;
constexpr int mostRounds = 1000;
constexpr qint64 mostAccumulator = (qint64(1) << 31) - 1;

/// A scale to be found. Fixed ones belong to relu6 and hsigmoid.
struct Node {
    Range range;
    double scale = smallestScale; ///< always a float
    bool fixed = false;

    [[nodiscard]] TensorQuant quant() const
    {
        if (fixed) return {float(scale), -128};
        return {float(scale), int(std::clamp(std::round(-128 - range.lo / scale), -128.0, 127.0))};
    }
};

Node nodeOf(const Range &range)
{
    Node node{range, smallestScale, false};
    node.scale = double(float(std::max(smallestScale, (range.hi - range.lo) / 255)));
    return node;
}

Node fixedNode(float scale)
{
    return {{}, double(scale), true};
}

/// Weight scale of each channel, 0 where all weights are 0: the largest becomes 127, and 128 * sum
/// |w| stays below 2^29 however many inputs there are.
std::vector<double> channelScales(const std::vector<float> &weights, std::size_t channels)
{
    std::vector<double> scales;
    const std::size_t inputs = weights.size() / channels;
    for (std::size_t begin = 0; begin < weights.size(); begin += inputs) {
        double largest = 0, sum = 0;
        for (std::size_t i = begin; i < begin + inputs; ++i) {
            const double magnitude = std::fabs(double(weights[i]));
            largest = std::max(largest, magnitude);
            sum += magnitude;
        }
        scales.push_back(std::max(largest / 127, sum * 0x1p-21));
    }
    return scales;
}

/// Smallest s_in * s_w / s_out that a channel gets. Smaller weights than that are coarser than they
/// need be, by at most a quarter of an output step in all.
double leastRequantScale(const WeightUnit &unit)
{
    return 1.1 * std::max(0x1p-20, 0x1p-8 / double(unit.inputsPerOutput()));
}

class Scales
{
public:
    Scales(const AtomGraph &graph, const FloatWeights &weights, const RangeRecorder &ranges,
           const QuantizeOptions &options)
        : m_graph(graph), m_weights(weights), m_ranges(ranges), m_options(options)
    {
        m_network.graph = graph;
        m_network.units = weightUnits(graph);
        m_network.trained = weights.trained;
        m_network.labels = weights.labels;
        m_network.normalisation = weights.normalisation.value_or(
            defaultNormalisation(int(graph.tensors.front().shape.c)));
    }

    Result<QuantizedNetwork> find()
    {
        makeNodes();
        if (const auto unit = widenAll()) return tooLarge(*unit);
        for (const Node &node : m_tensors)
            m_network.tensors.push_back(node.quant());
        for (std::size_t u = 0; u < m_network.units.size(); ++u) {
            m_network.quants.push_back(quantise(u));
            const UnitQuant &quant = m_network.quants.back();
            const qint64 accumulator = maxAccumulator(quant);
            const std::vector<double> scales = requantScales(quant);
            // Of relu6 only: a scale that needs the accumulator shifted.
            double largest = *std::max_element(scales.begin(), scales.end());
            for (qint64 reach = accumulator; largest >= mostRequantScale; largest /= 2)
                if ((reach *= 2) > mostAccumulator) return tooLarge(int(u));
        }
        return std::move(m_network);
    }

private:
    tl::unexpected<Error> tooLarge(int unit) const
    {
        return fail(ErrorCode::BadInput,
                    QStringLiteral("its weights are too large against what it computes for int8; "
                                   "train it with weight decay, or check the file"),
                    m_network.units[std::size_t(unit)].name);
    }

    [[nodiscard]] Range rangeAt(int atom, int part, bool preActivation) const
    {
        return m_ranges.range({atom, part, preActivation, 0}, m_options);
    }

    [[nodiscard]] static bool hasTable(const WeightUnit &unit)
    {
        return unit.act == KeyAct::HSwish || unit.act == KeyAct::HSigmoid;
    }

    [[nodiscard]] Node outputNode(const WeightUnit &unit) const
    {
        switch (unit.act) {
        case KeyAct::Relu6:
            return fixedNode(6.0F / 255.0F);
        case KeyAct::HSigmoid:
            return fixedNode(1.0F / 256.0F);
        default:
            return nodeOf(rangeAt(unit.atom, unit.part, false));
        }
    }

    [[nodiscard]] Node convolvedNode(const WeightUnit &unit) const
    {
        Range range = rangeAt(unit.atom, unit.part, true);
        range.lo = std::max(range.lo, -3.0);
        if (unit.act == KeyAct::HSigmoid) range.hi = std::min(range.hi, 3.0);
        return nodeOf(range);
    }

    void makeNodes()
    {
        m_tensors.resize(m_graph.tensors.size());
        m_tensors.front() = nodeOf(rangeAt(-1, 0, false));
        for (std::size_t a = 0; a < m_graph.atoms.size(); ++a)
            if (m_network.unitOf(int(a)) < 0)
                m_tensors[std::size_t(m_graph.atoms[a].output)] = nodeOf(rangeAt(int(a), 0, false));
        const std::size_t units = m_network.units.size();
        m_convolved.resize(units);
        m_hidden.resize(units);
        for (std::size_t u = 0; u < units; ++u) {
            const WeightUnit &unit = m_network.units[u];
            output(u) = outputNode(unit);
            if (hasTable(unit)) m_convolved[u] = convolvedNode(unit);
            m_weightScales.push_back(
                channelScales(m_weights.units[u].weights, std::size_t(unit.out)));
        }
    }

    /// The first of a pair writes a tensor of its own, which the graph does not know.
    [[nodiscard]] bool writesHidden(std::size_t u) const
    {
        const std::vector<WeightUnit> &units = m_network.units;
        return u + 1 < units.size() && units[u + 1].part == 1;
    }
    [[nodiscard]] Node &output(std::size_t u)
    {
        if (writesHidden(u)) return m_hidden[u];
        const Atom &atom = m_graph.atoms[std::size_t(m_network.units[u].atom)];
        return m_tensors[std::size_t(atom.output)];
    }
    [[nodiscard]] Node &convolved(std::size_t u)
    {
        return hasTable(m_network.units[u]) ? m_convolved[u] : output(u);
    }
    [[nodiscard]] Node &input(std::size_t u)
    {
        if (m_network.units[u].part == 1) return output(u - 1);
        const Atom &atom = m_graph.atoms[std::size_t(m_network.units[u].atom)];
        return m_tensors[std::size_t(atom.inputs[0])];
    }

    /// True when the scale had to grow.
    static bool widen(Node &node, double atLeast)
    {
        if (node.fixed || node.scale >= atLeast) return false;
        node.scale = double(float(atLeast * 1.000001));
        return true;
    }

    bool widenUnit(std::size_t u)
    {
        const std::vector<double> &scales = m_weightScales[u];
        const double product = input(u).scale * *std::max_element(scales.begin(), scales.end());
        bool grown = widen(convolved(u), product / mostRequantScale * 1.000001);
        // Other runtimes write hard-sigmoid as an addition, which takes no finer steps than this;
        // its table could not tell them apart anyway.
        if (m_network.units[u].act == KeyAct::HSigmoid)
            grown |= widen(convolved(u), 6.0 / 255 / 64);
        // TFLite's hswish wants at most 2^7.
        if (hasTable(m_network.units[u])) grown |= widen(output(u), convolved(u).scale / 64);
        return grown;
    }

    bool widenAtom(const Atom &atom)
    {
        Node &out = m_tensors[std::size_t(atom.output)];
        Node &first = m_tensors[std::size_t(atom.inputs[0])];
        bool grown = false;
        if (atom.key.kind == AtomKind::Mean) grown |= widen(out, first.scale / 64);
        if (atom.key.kind == AtomKind::Scale) {
            const Node &gate = m_tensors[std::size_t(atom.inputs[1])];
            grown |= widen(out, first.scale * gate.scale / mostRequantScale * 1.000001);
        }
        if (atom.key.kind == AtomKind::Add)
            for (const int tensor : atom.inputs) {
                Node &in = m_tensors[std::size_t(tensor)];
                grown |= widen(out, in.scale / 16);
                grown |= widen(in, out.scale / 64);
            }
        return grown;
    }

    /// Scales only ever grow, so this ends unless they drive each other; then a unit of that ring.
    std::optional<int> widenAll()
    {
        std::optional<int> last;
        for (int round = 0; round < mostRounds; ++round) {
            bool grown = false;
            last.reset();
            for (std::size_t u = 0; u < m_network.units.size(); ++u)
                if (widenUnit(u)) last = int(u);
            for (const Atom &atom : m_graph.atoms)
                grown |= widenAtom(atom);
            if (!grown && !last) return std::nullopt;
        }
        return last.value_or(0);
    }

    UnitQuant quantise(std::size_t u)
    {
        const WeightUnit &unit = m_network.units[u];
        const UnitWeights &from = m_weights.units[u];
        UnitQuant quant;
        quant.input = input(u).quant();
        quant.convolved = convolved(u).quant();
        quant.output = output(u).quant();
        const std::size_t inputs = std::size_t(unit.inputsPerOutput());
        const double least =
            leastRequantScale(unit) * double(quant.convolved.scale) / double(quant.input.scale);
        quant.weights.reserve(from.weights.size());
        for (std::size_t o = 0; o < std::size_t(unit.out); ++o) {
            const float scale = float(std::max(m_weightScales[u][o], least));
            for (std::size_t i = o * inputs; i < (o + 1) * inputs; ++i) {
                const double q = std::round(double(from.weights[i]) / double(scale));
                quant.weights.push_back(qint8(std::clamp(q, -127.0, 127.0)));
            }
            quant.scales.push_back(scale);
            quant.bias.push_back(
                biasInRange(double(from.bias[o]) / (double(quant.input.scale) * double(scale))));
        }
        return quant;
    }

    const AtomGraph &m_graph;
    const FloatWeights &m_weights;
    const RangeRecorder &m_ranges;
    const QuantizeOptions &m_options;
    QuantizedNetwork m_network;
    std::vector<Node> m_tensors;                     ///< by graph tensor
    std::vector<Node> m_convolved, m_hidden;         ///< by unit, where it has one
    std::vector<std::vector<double>> m_weightScales; ///< by unit and channel
};

} // namespace

qint32 biasInRange(double bias)
{
    constexpr double most = (1 << 30) - 1;
    return qint32(std::clamp(std::round(bias), -most, most));
}

Result<QuantizedNetwork> quantizeTensors(const AtomGraph &graph, const FloatWeights &weights,
                                         const RangeRecorder &ranges,
                                         const QuantizeOptions &options)
{
    return Scales(graph, weights, ranges, options).find();
}

} // namespace atomnet
