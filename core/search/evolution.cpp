#include "core/search/evolution.h"

#include "core/model/validate.h"
#include "core/search/genes.h"
#include "core/search/space_options.h"

#include <QHash>
#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>

namespace atomnet
{

namespace
{

/// Numbers that are the same on every machine (splitmix64).
class Draw
{
public:
    explicit Draw(quint32 seed) : m_state(seed) {}
    /// 0 to choices - 1.
    std::size_t below(std::size_t choices) { return std::size_t(next() % choices); }

private:
    quint64 next()
    {
        quint64 z = m_state += 0x9e3779b97f4a7c15ULL;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31);
    }
    quint64 m_state;
};

/// Why a network is not scored.
enum class Broken : quint8 { Shape, Sram, Flash, Latency, Unmeasured, Unknown, Count };

/// One network that was looked at.
struct Looked {
    Candidate candidate; ///< its network only when it is scored
    double excess = 0;   ///< 0: within all limits; else how far beyond, in shares of the limits
    std::optional<double> score;
};

double excessOf(std::optional<qint64> limit, qint64 value)
{
    if (!limit || value <= *limit) return 0;
    return double(value - *limit) / double(std::max<qint64>(*limit, 1));
}

QString figureText(const std::optional<qint64> &limit, bool instructions, Broken what)
{
    const QLocale c = QLocale::c();
    if (what == Broken::Latency && !instructions)
        return QStringLiteral("%1 ms").arg(double(*limit) / 1e6);
    return c.toString(*limit) +
           (what == Broken::Latency ? QStringLiteral(" instructions") : QStringLiteral(" bytes"));
}

class Evolution
{
public:
    Evolution(const SearchSpace &space, const Target &target, const Knowledge &knowledge,
              const SearchLimits &limits, const ShapeBounds &shape, Estimates estimates,
              const Score &score, const EvolutionOptions &options, const RunControl &control)
        : m_genes(space)
        , m_analyzer(target, knowledge)
        , m_limits(limits)
        , m_shape(shape)
        , m_estimates(estimates)
        , m_score(score)
        , m_options(options)
        , m_control(control)
        , m_draw(options.seed)
    {
    }
    [[nodiscard]] Result<EvolutionResult> run();

private:
    [[nodiscard]] Genome drawn();
    [[nodiscard]] Genome mutated(const Genome &genome);
    [[nodiscard]] const Genome &bestOfTournament();
    [[nodiscard]] Genome next();
    /// False when it was looked at before.
    [[nodiscard]] Result<bool> look(const Genome &genome);
    [[nodiscard]] Result<Looked> judge(const Genome &genome);
    [[nodiscard]] double shapeExcess(const Network &network) const;
    void figures(const Report &report, Looked &looked);
    [[nodiscard]] tl::unexpected<Error> nothingFound() const;
    void broke(Broken why, bool broken)
    {
        if (broken) ++m_broken[std::size_t(why)];
    }

    Genes m_genes;
    Analyzer m_analyzer;
    const SearchLimits &m_limits;
    const ShapeBounds &m_shape;
    const Estimates m_estimates;
    const Score &m_score;
    const EvolutionOptions &m_options;
    const RunControl &m_control;
    Draw m_draw;

    QHash<QByteArray, int> m_seen; ///< canonical genomes; index into m_scored or -1
    std::vector<Looked> m_scored;
    std::deque<std::pair<Genome, double>> m_population; ///< oldest first
    std::optional<std::pair<Genome, double>> m_least;   ///< breaks the limits least; its excess
    std::array<int, std::size_t(Broken::Count)> m_broken{};
    bool m_instructions = false;
    EvolutionResult m_result;
};

Genome Evolution::drawn()
{
    Genome genome;
    for (const Gene &gene : m_genes.all())
        genome.push_back(quint16(m_draw.below(std::size_t(gene.choices))));
    return m_genes.canonical(std::move(genome));
}

/// One gene that says something takes another value.
Genome Evolution::mutated(const Genome &genome)
{
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < genome.size(); ++i)
        if (m_genes.means(genome, i)) open.push_back(i);
    if (open.empty()) return genome;
    Genome child = genome;
    const std::size_t place = open[m_draw.below(open.size())];
    const auto choices = std::size_t(m_genes.all()[place].choices);
    child[place] = quint16((child[place] + 1 + m_draw.below(choices - 1)) % choices);
    return m_genes.canonical(std::move(child));
}

const Genome &Evolution::bestOfTournament()
{
    std::size_t best = m_draw.below(m_population.size());
    for (int i = 1; i < m_options.tournament; ++i) {
        const std::size_t other = m_draw.below(m_population.size());
        if (m_population[other].second > m_population[best].second) best = other;
    }
    return m_population[best].first;
}

Genome Evolution::next()
{
    if (int(m_population.size()) >= m_options.population) return mutated(bestOfTournament());
    // While the population fills up: draws, and where those miss the limits, steps towards them.
    if (m_least && m_population.empty() && m_draw.below(2) == 0) return mutated(m_least->first);
    if (!m_population.empty() && m_draw.below(2) == 0)
        return mutated(m_population[m_draw.below(m_population.size())].first);
    return drawn();
}

double Evolution::shapeExcess(const Network &network) const
{
    int depth = 0;
    double excess = 0;
    int before = 0;
    for (const Stage &stage : network.stages) {
        for (const Block &block : stage.blocks)
            depth += block.repeat;
        if (stage.blocks.empty()) continue;
        const int width = stage.blocks.back().out;
        if (before > 0) {
            const double growth = double(width) / before;
            if (m_shape.maxWidthGrowth > 0 && growth > m_shape.maxWidthGrowth)
                excess += growth / m_shape.maxWidthGrowth - 1;
            if (m_shape.neverNarrower && width < before) excess += 1 - growth;
        }
        before = width;
    }
    if (depth < m_shape.minDepth) excess += double(m_shape.minDepth - depth) / m_shape.minDepth;
    return excess;
}

void Evolution::figures(const Report &report, Looked &looked)
{
    const bool pessimistic = m_estimates == Estimates::Pessimistic;
    Candidate &of = looked.candidate;
    of.macs = report.macs;
    of.macsElementwise = report.macsElementwise;
    of.params = report.params;
    of.sramBytes = pessimistic ? report.sram.high : report.sram.value;
    of.flashBytes = pessimistic ? report.flash.high : report.flash.value;
    bool unknown = false;
    for (const Layer &layer : report.layers) {
        unknown = unknown || !layer.latency.high;
        const qint64 latency =
            pessimistic && layer.latency.high ? *layer.latency.high : layer.latency.value;
        of.latency += latency;
        if (layer.latency.source == Source::Measured) of.measuredLatency += latency;
    }
    m_instructions = report.unit == TimeUnit::Instructions;

    const double sram = excessOf(m_limits.sramBytes, of.sramBytes);
    const double flash = excessOf(m_limits.flashBytes, of.flashBytes);
    const double latency = excessOf(m_limits.latency, of.latency);
    const int guessed = report.estimatedLayers + report.missingLayers;
    const bool unmeasured = m_estimates == Estimates::MeasuredOnly && guessed > 0;
    unknown = unknown && m_limits.latency;
    broke(Broken::Sram, sram > 0);
    broke(Broken::Flash, flash > 0);
    broke(Broken::Latency, latency > 0);
    broke(Broken::Unmeasured, unmeasured);
    broke(Broken::Unknown, unknown);
    looked.excess += sram + flash + latency + (unmeasured ? guessed : 0) + (unknown ? 1 : 0);
}

Result<Looked> Evolution::judge(const Genome &genome)
{
    Looked looked;
    const Network network = m_genes.network(genome);
    // Stages that do not fit each other (a map of one pixel that is halved) are no network.
    if (findFault(network)) {
        looked.excess = 1000;
        broke(Broken::Shape, true);
        return looked;
    }
    looked.excess = shapeExcess(network);
    broke(Broken::Shape, looked.excess > 0);
    const Result<Report> report = m_analyzer.analyze(network, {m_control.isCancelled, {}});
    if (!report) return tl::make_unexpected(report.error());
    figures(*report, looked);
    if (looked.excess > 0) return looked;
    const auto score = m_score(network, *report);
    if (!score) return tl::make_unexpected(score.error());
    looked.score = *score;
    looked.candidate.network = network;
    looked.candidate.objective = score->value_or(0);
    return looked;
}

Result<bool> Evolution::look(const Genome &genome)
{
    const QByteArray key(reinterpret_cast<const char *>(genome.data()),
                         qsizetype(genome.size() * sizeof(quint16)));
    const auto seen = m_seen.constFind(key);
    if (seen != m_seen.constEnd()) {
        // Known ones may live again, but are not asked again.
        if (*seen >= 0 && int(m_population.size()) >= m_options.population) {
            m_population.emplace_back(genome, m_scored[std::size_t(*seen)].candidate.objective);
            m_population.pop_front();
        }
        return false;
    }
    Result<Looked> looked = judge(genome);
    if (!looked) return tl::make_unexpected(looked.error());
    m_seen.insert(key, looked->score ? int(m_scored.size()) : -1);
    if (looked->excess > 0) {
        ++m_result.infeasible;
        if (!m_least || looked->excess <= m_least->second) m_least = {genome, looked->excess};
        return true;
    }
    if (!looked->score) {
        ++m_result.unknown;
        m_least = {genome, 0}; // near it there may be one that is known
        return true;
    }
    m_population.emplace_back(genome, *looked->score);
    if (int(m_population.size()) > m_options.population) m_population.pop_front();
    const double best = m_result.bestAfter.empty()
                            ? *looked->score
                            : std::max(m_result.bestAfter.back(), *looked->score);
    m_result.bestAfter.push_back(best);
    ++m_result.evaluated;
    m_scored.push_back(*std::move(looked));
    return true;
}

tl::unexpected<Error> Evolution::nothingFound() const
{
    const int looked = m_result.infeasible + m_result.unknown;
    if (m_result.unknown > 0)
        return fail(ErrorCode::BadInput,
                    QStringLiteral("of %1 networks, %2 are within the limits, but none of those "
                                   "has a score; add rows to the table, or choose a smaller space")
                        .arg(looked)
                        .arg(m_result.unknown));
    const auto most =
        std::size_t(std::max_element(m_broken.begin(), m_broken.end()) - m_broken.begin());
    QString why;
    switch (Broken(most)) {
    case Broken::Shape:
        why = QStringLiteral("break the bounds on the shape");
        break;
    case Broken::Sram:
        why = QStringLiteral("need more SRAM than %1")
                  .arg(figureText(m_limits.sramBytes, false, Broken::Sram));
        break;
    case Broken::Flash:
        why = QStringLiteral("need more Flash than %1")
                  .arg(figureText(m_limits.flashBytes, false, Broken::Flash));
        break;
    case Broken::Latency:
        why = QStringLiteral("take longer than %1")
                  .arg(figureText(m_limits.latency, m_instructions, Broken::Latency));
        break;
    case Broken::Unmeasured:
        why = QStringLiteral("have operators that are not measured");
        break;
    default:
        why = QStringLiteral("have a latency that nothing is known about");
        break;
    }
    return fail(ErrorCode::BadInput,
                QStringLiteral("no network within the limits was found; of %1 that were looked "
                               "at, %2 %3")
                    .arg(looked)
                    .arg(m_broken[most])
                    .arg(why));
}

Result<EvolutionResult> Evolution::run()
{
    // A space may hold fewer networks than are to be scored, or none that is feasible.
    const int mostIdle = 200 * m_options.population;
    constexpr int staleAfter = 50; // known networks in a row, then a draw from the whole space
    int idle = 0, stale = 0;
    std::size_t first = 0;
    while (m_result.evaluated < m_options.evaluations && idle < mostIdle) {
        if (m_control.cancelled())
            return fail(ErrorCode::Cancelled, QStringLiteral("the search was stopped"));
        m_control.progress(double(m_result.evaluated) / m_options.evaluations);
        if (first < m_options.first.size()) {
            const auto genome = m_genes.genomeOf(m_options.first[first++]);
            if (!genome) continue;
            const Result<bool> given = look(*genome);
            if (!given) return tl::make_unexpected(given.error());
            continue;
        }
        const int before = m_result.evaluated;
        const Result<bool> isNew = look(stale >= staleAfter ? drawn() : next());
        if (!isNew) return tl::make_unexpected(isNew.error());
        stale = *isNew ? 0 : stale + 1;
        idle = m_result.evaluated > before ? 0 : idle + 1;
    }
    if (m_scored.empty()) return nothingFound();
    std::stable_sort(m_scored.begin(), m_scored.end(), [](const Looked &a, const Looked &b) {
        return a.candidate.objective > b.candidate.objective;
    });
    for (Looked &looked : m_scored) {
        if (int(m_result.top.size()) >= m_options.top) break;
        const bool known = std::any_of(
            m_result.top.begin(), m_result.top.end(), [&looked](const Candidate &candidate) {
                return sameDesign(candidate.network, looked.candidate.network);
            });
        if (!known) m_result.top.push_back(std::move(looked.candidate));
    }
    return std::move(m_result);
}

} // namespace

Result<EvolutionResult> evolve(const SearchSpace &space, const Target &target,
                               const Knowledge &knowledge, const SearchLimits &limits,
                               const ShapeBounds &shape, Estimates estimates, const Score &score,
                               const EvolutionOptions &options, const RunControl &control)
{
    if (options.population < 1 || options.tournament < 1 || options.evaluations < 1 ||
        options.top < 1)
        return fail(ErrorCode::Usage,
                    QStringLiteral("population, tournament, evaluations and top are at least 1"));
    const bool empty =
        std::any_of(space.stages.begin(), space.stages.end(), [](const SpaceStage &stage) {
            return stage.fixed.empty() &&
                   (stage.types.empty() || stage.widths.empty() || stage.depths.empty() ||
                    stage.kernels.empty() || stage.expands.empty() || stage.se.empty());
        });
    if (empty || space.stages.empty() || spaceInputs(space).empty())
        return fail(ErrorCode::BadInput, QStringLiteral("the space holds no network"), space.name);
    return Evolution(space, target, knowledge, limits, shape, estimates, score, options, control)
        .run();
}

} // namespace atomnet
