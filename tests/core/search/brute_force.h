#pragma once

#include "core/search/search.h"

#include <QRandomGenerator>

// Small spaces, and their answers by looking at every network's own Report.
namespace atomnet::test
{

/// Every combination of the lists, those that mean the same once.
[[nodiscard]] std::vector<Network> everyNetwork(const SearchSpace &space);

/// A space of up to `most` networks, of all block types; sometimes with a stage that is given.
[[nodiscard]] SearchSpace randomSpace(QRandomGenerator &random, double most);

/// A table that holds `share` of the operators of these networks, with made-up latencies.
[[nodiscard]] std::shared_ptr<const AtomTable>
madeUpTable(const std::vector<Network> &networks, const Target &target, double share, quint32 seed);

struct BruteNetwork {
    Network network;
    Candidate figures;    ///< without network
    bool unknown = false; ///< its latency
    int depth = 0;
    std::vector<int> widths; ///< of its stages
};

/// Every network that the mode allows, with its figures as its Report has them.
[[nodiscard]] std::vector<BruteNetwork> bruteForce(const std::vector<Network> &networks,
                                                   const Target &target, const Knowledge &knowledge,
                                                   Estimates estimates);

/// Those within the query's limits and shape.
[[nodiscard]] std::vector<const BruteNetwork *> feasible(const std::vector<BruteNetwork> &all,
                                                         const SearchQuery &query);

/// The objective, added up a second time.
[[nodiscard]] double objectiveOf(const BruteNetwork &network, const Objective &objective);

} // namespace atomnet::test
