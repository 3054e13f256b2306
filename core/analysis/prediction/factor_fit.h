#pragma once

#include <vector>

// Factors from sums: the arithmetic behind learning from whole networks.
namespace atomnet
{

/// Constraints total_i = known_i + sum over p of factor_p * part_ip.
struct FactorProblem {
    int factors = 0;
    struct Constraint {
        double total = 1, known = 0; ///< total above 0
        double uncertainty = 0;      ///< standard deviation of `known`, as a share of total
        std::vector<double> parts;   ///< one a factor, at least 0
    };
    std::vector<Constraint> constraints;
};

struct Factor {
    double value = 0, standardError = 0;
    bool identified = false;
    /// Factors that it cannot be told from, itself first; only itself when no constraint holds it.
    /// Empty when identified, or when the constraints hold it but leave its value open.
    std::vector<int> collinearWith;
};

struct FactorSolution {
    std::vector<Factor> factors;
    std::vector<double> fitted; ///< totals
    std::vector<bool> outlier;
    double noise = 0; ///< standard deviation of total / fitted - 1 without outliers
};

/// Least squares of the errors relative to the totals. Constraints are weighted by 1 / (1 % squared
/// + uncertainty squared). Robust: a fit by least absolute errors comes first; what lies further
/// from it than 3.5 times the median error (at least 3.5 %) is an outlier, as long as two
/// constraints more than factors remain, and does not take part. Identifiability comes from a
/// singular value decomposition: of factors whose parts are proportional only the sum is known, so
/// none of them is given a value; nor is one whose standard error exceeds a quarter of it. The
/// noise is that of the constraints together with one of 2 % that is assumed, so that few of them
/// do not pretend to be exact.
[[nodiscard]] FactorSolution fitFactors(const FactorProblem &problem);

} // namespace atomnet
