#pragma once

#include "core/analysis/analyze.h"
#include "core/search/space.h"

#include <memory>

// Exact search: the best networks of a space within limits, proven for the tables that they are
// summed from.
namespace atomnet
{

/// What operators without samples count as.
enum class Estimates : quint8 {
    MeasuredOnly, ///< networks with any such operator are left out
    Point,        ///< their point estimate
    Pessimistic,  ///< upper bounds: of every operator's latency, of SRAM and of Flash
};
[[nodiscard]] QString toString(Estimates estimates); ///< "measured", "point", "pessimistic"
[[nodiscard]] std::optional<Estimates> estimatesFrom(QStringView text);

/// Inclusive; none: no limit. Latency in ns; instructions on virtual boards. A network whose
/// latency is unknown (an operator that is missing) is within no latency limit.
struct SearchLimits {
    std::optional<qint64> sramBytes, flashBytes, latency;
    bool operator==(const SearchLimits &) const = default;
};

/// What is made as large as possible: a weighted sum of Report figures. Default: MACs (convolutions
/// and fully connected).
struct Objective {
    double macs = 1, latency = 0, sram = 0, flash = 0, params = 0;
    bool operator==(const Objective &) const = default;
};
/// "macs" or "macs=1,latency_ms=-0.5,sram_kib=-2,flash_kib=0,params=0"; Usage otherwise.
/// latency_ms: of a clock.
[[nodiscard]] Result<Objective> objectiveFrom(const QString &text);

/// Bounds on the shape, as MACs alone pile up in few wide layers.
struct ShapeBounds {
    int minDepth = 0;           ///< blocks, repeats counted
    double maxWidthGrowth = 0;  ///< width of a stage / width of the one before; 0: any
    bool neverNarrower = false; ///< widths never fall
    bool operator==(const ShapeBounds &) const = default;
};

struct SearchQuery {
    SearchLimits limits;
    Objective objective;
    ShapeBounds shape;
    int top = 1;
    bool count = true; ///< feasible networks too (costs more than the optimum)
    bool operator==(const SearchQuery &) const = default;
};

/// A network of the space with its figures as the search sums them: those of its Report in point
/// mode, bounds of them in pessimistic mode.
struct Candidate {
    Network network;
    double objective = 0;
    qint64 macs = 0, macsElementwise = 0, latency = 0, sramBytes = 0, flashBytes = 0, params = 0;
    qint64 measuredLatency = 0; ///< of the latency, the part of measured operators
    [[nodiscard]] double measuredShare() const
    {
        return latency > 0 ? double(measuredLatency) / double(latency) : 0;
    }
};

/// The weighted sum of a network's figures, as Candidate holds them.
[[nodiscard]] double objectiveOf(const Objective &objective, const Candidate &candidate);

/// Which limit makes a query infeasible: the least that the space needs of each figure when only
/// the others are limited.
struct Binding {
    QString figure; ///< "SRAM", "Flash", "latency", "measured operators"
    qint64 limit = 0;
    std::optional<qint64> nearest; ///< the smallest limit at which a network is feasible, all
                                   ///< others kept; none: not by this one alone
};

struct SearchResult {
    bool proven = false;   ///< nothing of the space is better, for these tables
    double upperBound = 0; ///< of the objective; equals the optimum when proven
    std::optional<double>
        feasible; ///< networks within the limits (distinct ones), when counted; exact to 2^53
    /// atomnet-1 with a limit of SRAM: `feasible` is "at most", as it counts by what an arena needs
    /// at least.
    bool feasibleIsBound = false;
    std::vector<Candidate> top;       ///< best first; ties in a fixed order. Empty: infeasible
    std::vector<Binding> bindings;    ///< when infeasible
    std::optional<Candidate> nearest; ///< when infeasible: the network that breaks the limits least
    QString whyInfeasible;            ///< one sentence, with the nearest feasible limits
    QByteArray tablesHash;            ///< hex; of the tables that the proof is about
    double seconds = 0;               ///< of this query; tables apart
    qint64 nodes = 0;                 ///< partial networks looked at
};

/// A point of the Pareto front of MACs (more is better), latency, SRAM and Flash (less is better).
struct FrontPoint {
    qint64 macs = 0, latency = 0, sramBytes = 0, flashBytes = 0, measuredLatency = 0;
    quint64 choice = 0; ///< for Searcher::network()
    /// atomnet-1: "SRAM at least", the tables' bound; candidate() plans the arena.
    bool sramIsBound = false;
};

/// The tables of one space for one target and Knowledge. Making it costs the tables; queries are
/// then answered in milliseconds. Immutable and safe to share between threads.
class Searcher
{
public:
    /// BadInput when the space is larger than can be searched exactly (says the count), or its
    /// stages do not fit each other. Cancelled.
    [[nodiscard]] static Result<Searcher> make(const SearchSpace &space, const Target &target,
                                               const Knowledge &knowledge, Estimates estimates,
                                               const RunControl &control = {});
    Searcher(Searcher &&) noexcept;
    Searcher &operator=(Searcher &&) noexcept;
    ~Searcher();

    [[nodiscard]] Result<SearchResult> solve(const SearchQuery &query,
                                             const RunControl &control = {}) const;
    /// The whole front within the limits, in a fixed order.
    [[nodiscard]] Result<std::vector<FrontPoint>> front(const SearchQuery &query,
                                                        const RunControl &control = {}) const;
    [[nodiscard]] Network network(quint64 choice) const;
    [[nodiscard]] Candidate candidate(quint64 choice) const;

    [[nodiscard]] const SearchSpace &space() const;
    [[nodiscard]] const Target &target() const;
    [[nodiscard]] double seconds() const; ///< that the tables took
    [[nodiscard]] QByteArray tablesHash() const;
    /// Least and largest of each figure over the space (sliders' ranges).
    struct Range {
        qint64 least = 0, most = 0;
    };
    struct Ranges {
        Range macs, latency, sramBytes, flashBytes;
    };
    [[nodiscard]] Ranges ranges() const;

private:
    struct Private;
    explicit Searcher(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

/// The operators of a network that are not measured, each once, with the layers that use it:
/// offered to the queue.
[[nodiscard]] std::vector<AtomKey> unmeasuredOperators(const Report &report);

} // namespace atomnet
