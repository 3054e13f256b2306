#pragma once

#include "core/search/dominance_search.h"

namespace atomnet
{

struct Searcher::Private {
    SearchSpace space;
    Target target;
    SpaceTables tables;
    std::vector<qint64> besideLevels;
    double seconds = 0;

    /// What whole networks have beside their parts' SRAM, as far as it matters: searched one by
    /// one.
    [[nodiscard]] std::vector<std::optional<qint64>> besides(const SearchQuery &query) const;
    /// The best of the tables, not yet confirmed; `query.top` of them or all.
    [[nodiscard]] Result<FoundLabels> best(const SearchQuery &query,
                                           const RunControl &control) const;
    [[nodiscard]] bool exists(quint64 choice) const;
    [[nodiscard]] Network network(quint64 choice) const;
    /// Of a choice that exists.
    [[nodiscard]] PartFigures sum(quint64 choice) const;
    /// By the tables; sramBytes and flashBytes in full.
    [[nodiscard]] Candidate summed(quint64 choice) const;
    /// With the SRAM of its own arena plan.
    [[nodiscard]] Candidate confirmed(quint64 choice, const Objective &objective) const;
    [[nodiscard]] bool within(const SearchLimits &limits, const Candidate &candidate) const;

    /// Fills in bindings, nearest and whyInfeasible.
    [[nodiscard]] Result<> explain(const SearchQuery &query, const RunControl &control,
                                   SearchResult &result) const;

    /// The distinct networks within the limits, by the tables; none when there are too many to
    /// count.
    [[nodiscard]] Result<std::optional<double>> countFeasible(const SearchQuery &query,
                                                              const RunControl &control) const;

private:
    [[nodiscard]] bool explainWithoutLimits(const SearchQuery &query, SearchResult &result) const;
    [[nodiscard]] Result<std::optional<Candidate>> bestConfirmed(const SearchQuery &query,
                                                                 const RunControl &control) const;
    [[nodiscard]] Result<std::optional<Candidate>> leastSram(const SearchQuery &query,
                                                             const RunControl &control) const;
    [[nodiscard]] Result<std::optional<Candidate>> leastOver(const SearchQuery &query,
                                                             const RunControl &control) const;
    struct Choice {
        quint32 input = 0;
        std::vector<quint32> options;
    };
    [[nodiscard]] Choice decoded(quint64 choice) const;
};

/// A search without the answers that cost more than the best networks.
[[nodiscard]] inline SearchQuery quietly(SearchQuery query)
{
    query.count = false;
    query.top = 1;
    return query;
}

} // namespace atomnet
