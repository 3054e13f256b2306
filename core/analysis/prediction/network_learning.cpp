#include "core/analysis/prediction/network_learning.h"

#include "core/analysis/prediction/factor_fit.h"
#include "core/analysis/timing.h"
#include "core/lowering/lower.h"
#include "core/model/presets.h"

#include <algorithm>
#include <cmath>

namespace atomnet
{

namespace
{

constexpr double deviationsIn90 = 1.645; // half an interval of 90 % in standard deviations

/// What one operator adds to a constraint.
struct Part {
    Latency latency;   ///< of the operator, or of the one it is compared with
    QString parameter; ///< name; empty: known
    AtomKind kind = AtomKind::Depthwise;
    int kernel = 0;
};

/// Tells what is known of operators and what only networks can teach.
class Operators
{
public:
    Operators(const Target &target, const Knowledge &knowledge)
        : m_basis(timingBasis(target, knowledge))
    {
    }

    [[nodiscard]] Part part(const AtomKey &key) const
    {
        const KindModel *kind = m_basis.model ? m_basis.model->kind(key.kind) : nullptr;
        const bool measured = m_basis.table && m_basis.table->find(key);
        if (measured || !kind || !isMeasurable(key)) return {operatorLatency(key, m_basis), {}};
        const std::optional<int> seen = seenKernel(*kind, key);
        if (!seen) return {operatorLatency(key, m_basis), {}};
        Part part;
        part.latency = operatorLatency(withKernel(key, *seen), m_basis);
        part.parameter =
            QStringLiteral("%1 %2x%2 / %3x%3").arg(toString(key.kind)).arg(key.kernelH).arg(*seen);
        part.kind = key.kind;
        part.kernel = key.kernelH;
        return part;
    }

private:
    /// The kernel to compare with; none when this one was seen, or is not square.
    static std::optional<int> seenKernel(const KindModel &kind, const AtomKey &key)
    {
        if (kind.kernels.empty() || key.kernelH != key.kernelW) return std::nullopt;
        const auto distance = [&](int side) {
            return std::abs(side * side - key.kernelH * key.kernelH);
        };
        const int nearest =
            *std::min_element(kind.kernels.begin(), kind.kernels.end(),
                              [&](int a, int b) { return distance(a) < distance(b); });
        if (nearest == key.kernelH) return std::nullopt;
        return nearest;
    }

    const TimingBasis m_basis;
};

/// "10 % above what its operators tell".
QString outlierText(qint64 reported, qint64 fitted)
{
    const double share = double(fitted) / double(reported) - 1;
    return QStringLiteral("its operators tell %1 % %2")
        .arg(std::abs(share) * 100, 0, 'f', 1)
        .arg(share > 0 ? QStringLiteral("more") : QStringLiteral("less"));
}

/// Everything that the networks say, as arithmetic.
class Learning
{
public:
    Learning(const Target &target, const Knowledge &knowledge)
        : m_target(target), m_operators(target, knowledge)
    {
    }

    void add(const NetworkLatency &network)
    {
        NetworkFit::Residual residual{network.name, network.latency, 0, false, {}};
        FactorProblem::Constraint constraint;
        residual.why = toConstraint(network, constraint);
        if (residual.why.isEmpty()) {
            residual.used = true;
            m_rows.push_back(m_result.residuals.size());
            m_problem.constraints.push_back(std::move(constraint));
        }
        m_result.residuals.push_back(std::move(residual));
    }

    NetworkFit result()
    {
        m_problem.factors = int(m_result.parameters.size());
        for (FactorProblem::Constraint &constraint : m_problem.constraints)
            constraint.parts.resize(m_result.parameters.size(), 0);
        const FactorSolution solution = fitFactors(m_problem);
        for (std::size_t i = 0; i < m_rows.size(); ++i) {
            NetworkFit::Residual &residual = m_result.residuals[m_rows[i]];
            residual.fitted = qint64(std::llround(solution.fitted[i]));
            residual.used = !solution.outlier[i];
            if (solution.outlier[i]) residual.why = outlierText(residual.reported, residual.fitted);
        }
        for (std::size_t p = 0; p < solution.factors.size(); ++p) {
            LearnedParameter &parameter = m_result.parameters[p];
            const Factor &factor = solution.factors[p];
            parameter.value = factor.value;
            parameter.standardError = factor.standardError;
            parameter.identified = factor.identified;
            for (const int other : factor.collinearWith)
                parameter.collinearWith << m_result.parameters[std::size_t(other)].name;
        }
        m_result.noise = solution.noise;
        return m_result;
    }

private:
    /// Why the network says nothing; empty when it does.
    QString toConstraint(const NetworkLatency &network, FactorProblem::Constraint &constraint)
    {
        if (network.latency <= 0) return QStringLiteral("its latency is not above 0");
        const Result<AtomGraph> graph = lower(network.network, m_target.runtime);
        if (!graph) return graph.error().message();
        constraint.total = double(network.latency);
        QString unknown;
        double uncertain = 0;
        for (const Atom &atom : graph->atoms) {
            const Part part = m_operators.part(atom.key);
            const bool known =
                part.latency.source != Source::Missing && !part.latency.fromInstructions;
            if (!part.parameter.isEmpty()) {
                const std::size_t column = parameter(part);
                if (constraint.parts.size() <= column) constraint.parts.resize(column + 1, 0);
                if (known) constraint.parts[column] += double(part.latency.value);
            } else {
                constraint.known += double(part.latency.value);
                if (part.latency.source == Source::Estimated && part.latency.high)
                    uncertain += double(*part.latency.high - part.latency.low) / 2;
            }
            if (!known && unknown.isEmpty()) unknown = describe(atom.key);
        }
        constraint.uncertainty = uncertain / deviationsIn90 / constraint.total;
        return unknown.isEmpty() ? QString()
                                 : QStringLiteral("nothing is known of %1").arg(unknown);
    }

    std::size_t parameter(const Part &part)
    {
        std::vector<LearnedParameter> &all = m_result.parameters;
        const auto found =
            std::find_if(all.begin(), all.end(), [&](const LearnedParameter &parameter) {
                return parameter.name == part.parameter;
            });
        if (found != all.end()) return std::size_t(found - all.begin());
        all.push_back({part.parameter, part.kind, part.kernel, 0, 0, false, {}});
        return all.size() - 1;
    }

    const Target &m_target;
    const Operators m_operators;
    NetworkFit m_result;
    FactorProblem m_problem;
    std::vector<std::size_t> m_rows; ///< residual of each constraint
};

} // namespace

std::vector<KernelRatio> kernelRatios(const NetworkFit &fit)
{
    std::vector<KernelRatio> ratios;
    for (const LearnedParameter &parameter : fit.parameters)
        if (parameter.identified)
            ratios.push_back(
                {parameter.kind, parameter.kernel, parameter.value, parameter.standardError});
    std::sort(ratios.begin(), ratios.end(), [](const KernelRatio &a, const KernelRatio &b) {
        return std::pair(a.kind, a.kernel) < std::pair(b.kind, b.kernel);
    });
    return ratios;
}

AtomKey withKernel(const AtomKey &key, int kernel)
{
    AtomKey other = key;
    other.kernelH = other.kernelW = quint16(kernel);
    // Half the kernel is padded, in the key or in the input that it names.
    const int more = kernel / 2 - key.kernelH / 2, moreW = kernel / 2 - key.kernelW / 2;
    const auto side = [](qint32 in, int by) { return std::max(1, in + 2 * by); };
    const auto pad = [](quint16 before, int by) { return quint16(std::max(0, before + by)); };
    if (key.padT == 0 && key.padB == 0) {
        other.inH = side(key.inH, more);
    } else {
        other.padT = pad(key.padT, more);
        other.padB = pad(key.padB, more);
    }
    if (key.padL == 0 && key.padR == 0) {
        other.inW = side(key.inW, moreW);
    } else {
        other.padL = pad(key.padL, moreW);
        other.padR = pad(key.padR, moreW);
    }
    return other;
}

Result<NetworkFit> learnFromNetworks(const std::vector<NetworkLatency> &networks,
                                     const Target &target, const Knowledge &knowledge)
{
    Learning learning(target, knowledge);
    for (const NetworkLatency &network : networks)
        learning.add(network);
    return learning.result();
}

std::vector<NetworkLatency> reportedNetworks(const Target &target)
{
    std::vector<NetworkLatency> networks;
    // What the presets' file holds was measured there (ReportedFigures).
    if (target.board.id != u"stm32h743" || target.runtime != Runtime::XCubeAi72) return networks;
    for (const Preset &preset : presets())
        if (preset.reported.latencyNs)
            networks.push_back({preset.network.name.isEmpty() ? preset.id : preset.network.name,
                                preset.network, *preset.reported.latencyNs});
    return networks;
}

} // namespace atomnet
