#include "core/quant/quantize.h"

#include "core/quant/int8_simulation.h"
#include "core/quant/scales.h"

#include <algorithm>
#include <array>
#include <utility>

namespace atomnet
{

namespace
{

constexpr std::array<std::pair<RangeMethod, const char16_t *>, 3> methodNames{
    {{RangeMethod::MinMax, u"min-max"},
     {RangeMethod::Percentile, u"percentile"},
     {RangeMethod::Mse, u"mse"}}};

constexpr qint64 mostKeptBytes = qint64(256)
                                 << 20; ///< of samples, and of what is computed from them
constexpr int mostCorrecting = 256;     ///< samples for the bias correction

/// The calibration samples, checked; kept when they fit, so that no image is decoded twice.
class Samples
{
public:
    Samples(const SampleSource &source, const AtomGraph &graph)
        : m_source(source), m_values(std::size_t(graph.tensors.front().bytes()))
    {
        if (qint64(m_values * sizeof(float)) * source.count() <= mostKeptBytes)
            m_kept.resize(std::size_t(source.count()));
    }

    [[nodiscard]] int count() const { return m_source.count(); }

    Result<std::vector<float>> read(int index)
    {
        if (!m_kept.empty() && !m_kept[std::size_t(index)].empty())
            return m_kept[std::size_t(index)];
        auto values = m_source.sample(index);
        if (!values) return values;
        if (values->size() != m_values)
            return fail(ErrorCode::BadInput,
                        QStringLiteral("the sample has %1 values, the network's input %2")
                            .arg(values->size())
                            .arg(m_values),
                        QStringLiteral("calibration sample %1").arg(index + 1));
        if (!m_kept.empty()) m_kept[std::size_t(index)] = *values;
        return values;
    }

private:
    const SampleSource &m_source;
    std::size_t m_values;
    std::vector<std::vector<float>> m_kept;
};

QString layerName(const AtomGraph &graph, const std::vector<WeightUnit> &units,
                  const ForwardPoint &point)
{
    for (const WeightUnit &unit : units)
        if (unit.atom == point.atom && unit.part == point.part) return unit.name;
    const Atom &atom = graph.atoms[std::size_t(point.atom)];
    const QString part = toString(atom.role);
    if (atom.block < 0) return QStringLiteral("head.") + part;
    return QStringLiteral("stages.%1.%2.%3.%4")
        .arg(atom.stage)
        .arg(atom.block)
        .arg(atom.repeat)
        .arg(part);
}

class Quantizer
{
public:
    Quantizer(const AtomGraph &graph, const FloatWeights &weights, const SampleSource &calibration,
              const QuantizeOptions &options, const RunControl &control)
        : m_graph(graph)
        , m_weights(weights)
        , m_units(weightUnits(graph))
        , m_samples(calibration, graph)
        , m_options(options)
        , m_control(control)
        , m_forward(graph, weights)
        , m_recorder(graph, m_units)
    {
        const int passes = options.ranges == RangeMethod::MinMax ? 1 : 2;
        m_work = (passes + (options.biasCorrection ? 1 : 0)) * double(m_samples.count());
        const qint64 each = std::max<qint64>(1, Int8Simulation::bytesPerSample(graph));
        m_correcting = int(std::clamp<qint64>(mostKeptBytes / each, 1, mostCorrecting));
        m_correcting = std::min(m_correcting, m_samples.count());
    }

    Result<QuantizedNetwork> run()
    {
        if (m_samples.count() < 1)
            return fail(ErrorCode::BadInput,
                        QStringLiteral("there is no calibration sample; give at least one image"));
        if (auto done = measure(); !done) return tl::make_unexpected(done.error());
        if (m_options.ranges != RangeMethod::MinMax)
            if (auto done = count(); !done) return tl::make_unexpected(done.error());
        auto network = quantizeTensors(m_graph, m_weights, m_recorder, m_options);
        if (!network || !m_options.biasCorrection) return network;
        if (auto done = correct(*network); !done) return tl::make_unexpected(done.error());
        return network;
    }

private:
    Result<> step(double share)
    {
        if (m_control.cancelled())
            return fail(ErrorCode::Cancelled, QStringLiteral("quantising was cancelled"));
        m_done += share;
        m_control.progress(std::min(1.0, m_done / m_work));
        return {};
    }

    /// Evenly spread over all samples.
    [[nodiscard]] int correctingSample(int i) const
    {
        return int(qint64(i) * m_samples.count() / m_correcting);
    }

    Result<> measure()
    {
        for (int i = 0, next = 0; i < m_samples.count(); ++i) {
            const bool means = next < m_correcting && correctingSample(next) == i;
            if (means) ++next;
            const auto values = m_samples.read(i);
            if (!values) return tl::make_unexpected(values.error());
            (void)m_forward.run(*values, [&](const ForwardPoint &point, std::span<float> seen) {
                m_recorder.measure(point, seen, means);
            });
            if (const auto &broken = m_recorder.broken()) return tellBroken(*broken, i);
            if (auto done = step(1); !done) return done;
        }
        return {};
    }

    tl::unexpected<Error> tellBroken(const ForwardPoint &point, int sample) const
    {
        if (point.atom < 0)
            return fail(ErrorCode::BadInput,
                        QStringLiteral("the sample holds NaN, infinity or values beyond 1e15"),
                        QStringLiteral("calibration sample %1").arg(sample + 1));
        return fail(ErrorCode::BadInput,
                    QStringLiteral("its output is NaN, infinite or beyond 1e15 for calibration "
                                   "sample %1; the weights are damaged or their training diverged")
                        .arg(sample + 1),
                    layerName(m_graph, m_units, point));
    }

    Result<> count()
    {
        for (int i = 0; i < m_samples.count(); ++i) {
            const auto values = m_samples.read(i);
            if (!values) return tl::make_unexpected(values.error());
            (void)m_forward.run(*values, [&](const ForwardPoint &point, std::span<float> seen) {
                m_recorder.count(point, seen);
            });
            if (auto done = step(1); !done) return done;
        }
        return {};
    }

    Result<> correct(QuantizedNetwork &network)
    {
        Int8Simulation simulation(network);
        for (int i = 0; i < m_correcting; ++i) {
            const auto values = m_samples.read(correctingSample(i));
            if (!values) return tl::make_unexpected(values.error());
            simulation.addSample(*values);
        }
        const int atoms = int(m_graph.atoms.size());
        std::size_t unit = 0;
        for (int atom = 0; atom < atoms; ++atom) {
            std::vector<std::vector<double>> means;
            for (; unit < m_units.size() && m_units[unit].atom == atom; ++unit)
                means.push_back(m_recorder.means(int(unit)));
            simulation.runAtom(atom, means);
            if (auto done = step(double(m_samples.count()) / atoms); !done) return done;
        }
        return {};
    }

    const AtomGraph &m_graph;
    const FloatWeights &m_weights;
    const std::vector<WeightUnit> m_units;
    Samples m_samples;
    const QuantizeOptions &m_options;
    const RunControl &m_control;
    FloatForward m_forward;
    RangeRecorder m_recorder;
    int m_correcting = 0; ///< samples that the bias correction looks at
    double m_work = 1, m_done = 0;
};

} // namespace

QString toString(RangeMethod method)
{
    const auto found = std::find_if(methodNames.begin(), methodNames.end(),
                                    [=](const auto &entry) { return entry.first == method; });
    return QString::fromUtf16(found->second);
}

std::optional<RangeMethod> rangeMethodFrom(QStringView text)
{
    for (const auto &[method, name] : methodNames)
        if (text == QStringView(name)) return method;
    return std::nullopt;
}

Result<QuantizedNetwork> quantize(const AtomGraph &graph, const FloatWeights &weights,
                                  const SampleSource &calibration, const QuantizeOptions &options,
                                  const RunControl &control)
{
    return Quantizer(graph, weights, calibration, options, control).run();
}

} // namespace atomnet
