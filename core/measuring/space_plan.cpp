#include "core/measuring/space_plan.h"

#include "core/analysis/timing.h"
#include "core/lowering/lower.h"
#include "core/measuring/space_operators.h"
#include "core/model/validate.h"
#include "core/search/space_options.h"

#include <QHash>

#include <algorithm>
#include <map>
#include <tuple>

namespace atomnet
{

namespace
{

constexpr qint64 mostSteps = 2'000'000;     ///< stages on their own that are lowered: about 10 s
constexpr qint64 overheadNs = 1'100'000;    ///< an operator: request, self-check, result
constexpr int repetitions = 10;             ///< of the queue on real boards
constexpr double emulatedPerSecond = 150e6; ///< instructions, of QEMU on one core of a desktop
constexpr double cyclesPerMac = 2;          ///< where there is no estimate

struct ShapeLess {
    bool operator()(const Shape &a, const Shape &b) const
    {
        return std::tie(a.h, a.w, a.c) < std::tie(b.h, b.w, b.c);
    }
};
template <class T>
using ByShape = std::map<Shape, T, ShapeLess>;

/// How often networks of a space use each operator, on average.
class Uses
{
public:
    Uses(const SearchSpace &space, const Target &target, const RunControl &control)
        : m_space(space), m_target(target), m_control(control)
    {
    }
    [[nodiscard]] Result<QHash<AtomKey, double>> take();

private:
    /// What a stage does to a shape that enters it.
    struct Step {
        std::size_t option = 0;
        Shape out;
    };
    [[nodiscard]] Result<> walk();
    void countBackwards();
    [[nodiscard]] Result<> addStage(std::size_t stage);
    /// A stage on its own. Only behind the last one the head is the network's.
    [[nodiscard]] Network alone(const Shape &in, const Stage &stage, bool last) const;

    const SearchSpace &m_space;
    const Target &m_target;
    const RunControl &m_control;
    std::vector<std::vector<Stage>> m_options;       ///< by stage
    std::vector<ByShape<std::vector<Step>>> m_steps; ///< by stage and input
    std::vector<ByShape<double>> m_before, m_behind; ///< networks, by stage and input
    qint64 m_all = 0, m_done = 0;
    QHash<AtomKey, double> m_uses;
};

Network Uses::alone(const Shape &in, const Stage &stage, bool last) const
{
    SearchSpace space;
    if (last) space.head = m_space.head;
    return networkOf(space, in, {stage});
}

Result<> Uses::walk()
{
    m_before.resize(m_space.stages.size() + 1);
    m_steps.resize(m_space.stages.size());
    for (const Shape &input : spaceInputs(m_space))
        m_before.front()[input] += 1;
    for (std::size_t i = 0; i < m_space.stages.size(); ++i) {
        m_options.push_back(stageOptions(m_space.stages[i]));
        m_all += qint64(m_options[i].size()) * qint64(m_before[i].size());
        if (m_all > mostSteps)
            return fail(ErrorCode::BadInput,
                        QStringLiteral("the space is too large to list its operators: more than %1 "
                                       "choices of stages; give fewer widths or resolutions")
                            .arg(mostSteps),
                        m_space.name);
        for (const auto &[in, networks] : m_before[i]) {
            std::vector<Step> &steps = m_steps[i][in];
            for (std::size_t option = 0; option < m_options[i].size(); ++option) {
                const Stage &stage = m_options[i][option];
                // Stages that do not fit this input are in no network.
                if (findFault(alone(in, stage, false))) continue;
                Shape out = in;
                for (const Block &block : stage.blocks)
                    out = outputShape(block, out);
                steps.push_back({option, out});
                m_before[i + 1][out] += networks;
            }
        }
    }
    return {};
}

void Uses::countBackwards()
{
    m_behind.resize(m_before.size());
    for (const auto &[shape, networks] : m_before.back())
        m_behind.back()[shape] = 1;
    for (std::size_t i = m_steps.size(); i-- > 0;)
        for (const auto &[in, steps] : m_steps[i])
            for (const Step &step : steps)
                m_behind[i][in] += m_behind[i + 1][step.out];
}

Result<> Uses::addStage(std::size_t stage)
{
    const bool last = stage + 1 == m_steps.size();
    double all = 0;
    for (const auto &[shape, networks] : m_before.back())
        all += networks;
    for (const auto &[in, steps] : m_steps[stage]) {
        for (const Step &step : steps) {
            if (m_control.cancelled())
                return fail(ErrorCode::Cancelled, QStringLiteral("the plan was stopped"));
            m_control.progress(double(++m_done) / double(m_all));
            const double share = m_before[stage].at(in) * m_behind[stage + 1].at(step.out) / all;
            const Network network = alone(in, m_options[stage][step.option], last);
            if (share == 0 || network.stages.front().blocks.empty()) continue;
            const Result<AtomGraph> graph = lower(network, m_target.runtime);
            if (!graph) return tl::make_unexpected(graph.error());
            for (const Atom &atom : graph->atoms)
                if (last || atom.block >= 0) m_uses[atom.key] += share;
        }
    }
    return {};
}

Result<QHash<AtomKey, double>> Uses::take()
{
    if (Result<> walked = walk(); !walked) return tl::make_unexpected(walked.error());
    countBackwards();
    for (std::size_t i = 0; i < m_steps.size(); ++i)
        if (Result<> added = addStage(i); !added) return tl::make_unexpected(added.error());
    return std::move(m_uses);
}

/// Whether the board could hold it. What other runtimes need around an operator is not known.
bool measurable(const AtomKey &key, const Target &target)
{
    if (target.runtime != Runtime::AtomNet1)
        return std::max(key.in().bytes(), key.out().bytes()) <= target.board.sramBytes &&
               weightBytesOf(key) <= target.board.flashBytes;
    const OperatorPlace place = ownPlace(key);
    return operatorRequest(key, place) && arenaNeed(key, place) <= target.board.sramBytes &&
           windowNeed(key) <= target.board.flashBytes;
}

qint64 work(const AtomKey &key)
{
    return macsOf(key) + elementwiseMacsOf(key);
}

qint64 expectedNs(const AtomKey &key, const Latency &estimate, const TimingBasis &basis)
{
    const bool missing = estimate.source == Source::Missing;
    if (basis.unit == TimeUnit::Instructions) {
        const double instructions = missing ? double(work(key)) : double(estimate.value);
        return overheadNs + qint64(instructions / emulatedPerSecond * 1e9);
    }
    const double clock = basis.clockHz > 0 ? double(basis.clockHz) : 100e6;
    const double once =
        missing ? double(work(key)) * cyclesPerMac / clock * 1e9 : double(estimate.value);
    return overheadNs + qint64(once * repetitions);
}

} // namespace

Result<SpacePlan> spacePlan(const SearchSpace &space, const Target &target,
                            const Knowledge &knowledge, const RunControl &control)
{
    if (Result<> valid = validate(space); !valid) return tl::make_unexpected(valid.error());
    const auto uses = Uses(space, target, control).take();
    if (!uses) return tl::make_unexpected(uses.error());
    if (uses->isEmpty())
        return fail(ErrorCode::BadInput,
                    QStringLiteral("no network of this space can be built: its stages do not fit "
                                   "each other"),
                    space.name);

    const TimingBasis basis = timingBasis(target, knowledge);
    TimingBasis withoutSamples = basis;
    withoutSamples.table = nullptr;
    SpacePlan plan;
    plan.space = space.name;
    plan.operators = uses->size();
    struct Operator {
        SpacePlanItem item;
        bool measured = false;
    };
    std::vector<Operator> operators;
    double widest = 0;
    for (auto use = uses->begin(); use != uses->end(); ++use) {
        const AtomKey &key = use.key();
        const bool measured = operatorLatency(key, basis).source == Source::Measured;
        plan.measured += measured;
        if (!measured && !measurable(key, target)) {
            ++plan.unmeasurable;
            continue;
        }
        Operator one{{key, 0, use.value(), 0, operatorLatency(key, withoutSamples)}, measured};
        one.item.expectedNs = expectedNs(key, one.item.estimate, basis);
        if (one.item.estimate.high)
            widest = std::max(widest, double(*one.item.estimate.high - one.item.estimate.low));
        operators.push_back(std::move(one));
    }
    // In one order whatever the hash is: sums of doubles depend on it.
    std::sort(operators.begin(), operators.end(),
              [](const Operator &a, const Operator &b) { return keyLess(a.item.key, b.item.key); });
    double all = 0, covered = 0;
    for (Operator &one : operators) {
        const Latency &estimate = one.item.estimate;
        const double width = estimate.high ? double(*estimate.high - estimate.low)
                                           : widest + 1 + double(work(one.item.key));
        one.item.weight = width * one.item.uses;
        all += one.item.weight;
        if (one.measured) {
            covered += one.item.weight;
            continue;
        }
        plan.expectedNs += one.item.expectedNs;
        plan.items.push_back(one.item);
    }
    plan.coveredUncertainty = all > 0 ? covered / all : 1;
    std::stable_sort(
        plan.items.begin(), plan.items.end(),
        [](const SpacePlanItem &a, const SpacePlanItem &b) { return a.weight > b.weight; });
    return plan;
}

Result<MeasurePlan> measurePlan(const SpacePlan &plan, const Target &target, int most)
{
    if (target.runtime != Runtime::AtomNet1)
        return fail(ErrorCode::BadInput,
                    QStringLiteral("only operators of the runtime atomnet-1 can be measured; "
                                   "choose it for the plan"),
                    plan.space);
    MeasurePlan made;
    made.name = plan.space;
    made.board = target.board.id;
    made.kernelHash = kernelHash();
    const auto count = std::min(plan.items.size(), std::size_t(std::max(most, 0)));
    for (std::size_t i = 0; i < count; ++i) {
        const SpacePlanItem &item = plan.items[i];
        made.items.push_back({item.key, ownPlace(item.key), item.weight, {}});
    }
    return sorted(std::move(made));
}

} // namespace atomnet
