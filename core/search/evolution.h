#pragma once

#include "core/search/search.h"

#include <functional>

// Regularised evolution (Real et al. 2019): for objectives that are no sum over operators, such as
// an accuracy.
namespace atomnet
{

/// How good a network is; larger is better. Asked for networks within the limits only. Errors end
/// the search (Device: the user's command; BadInput: a table without this network is no error, it
/// gives none).
using Score =
    std::function<Result<std::optional<double>>(const Network &network, const Report &report)>;

/// Scores by a CSV table: one row a network, a column for each gene that the space leaves open
/// ("resolution", "<stage>.type", "<stage>.width", "<stage>.depth", "<stage>.kernel",
/// "<stage>.expand", "<stage>.se") and "accuracy"; other columns are not read. Resolutions read
/// "160" or, height first, "120x160"; types as in design files; se "no" and "yes" ("r4" by its
/// reduction or "c16" by its channels where a stage has several). Expansions of stages that have
/// none and SE of convolutions are not read. BadInput with line and column: no number, a value that
/// the space has not, a network twice with different scores, a column that is missing.
[[nodiscard]] Result<Score> tableScore(const QString &csvPath, const SearchSpace &space);
/// The networks that such a table knows, in a fixed order.
[[nodiscard]] Result<std::vector<Network>> tableNetworks(const QString &csvPath,
                                                         const SearchSpace &space);
/// Scores by a command of the user's: the design as .atomnet JSON on its standard input, one number
/// on the first line of its standard output, exit code 0. A crash, another exit code, `timeoutMs`
/// without an end, or anything but a finite number is a Device error that quotes what it said. It
/// and all that it started end with it, with the timeout and when `control` cancels.
[[nodiscard]] Score commandScore(const QString &program, const QStringList &arguments,
                                 int timeoutMs, const RunControl &control = {});

struct EvolutionOptions {
    int population = 64, tournament = 16, evaluations = 1000; ///< evaluations: networks scored
    quint32 seed = 1;
    int top = 1;
    /// Looked at before any other is drawn, as far as they are of the space: designs at hand, the
    /// rows of a table.
    std::vector<Network> first = {};
};

struct EvolutionResult {
    std::vector<Candidate> top; ///< best first, distinct; Candidate::objective is the score
    int evaluated = 0, infeasible = 0, unknown = 0;
    std::vector<double> bestAfter; ///< best score after each evaluation
};

/// Same seed, same result. BadInput when no feasible network is found; says which limit most
/// networks broke.
[[nodiscard]] Result<EvolutionResult> evolve(const SearchSpace &space, const Target &target,
                                             const Knowledge &knowledge, const SearchLimits &limits,
                                             const ShapeBounds &shape, Estimates estimates,
                                             const Score &score, const EvolutionOptions &options,
                                             const RunControl &control = {});

} // namespace atomnet
