#pragma once

#include <vector>

// Small dense least squares for the latency models.
namespace atomnet
{

/// Rows of features, one after the other, and what they should give.
struct Samples {
    int columns = 0;
    std::vector<double> rows;    ///< targets.size() * columns values, at least 0
    std::vector<double> targets; ///< above 0
    [[nodiscard]] int count() const { return int(targets.size()); }
    [[nodiscard]] const double *row(int i) const
    {
        return rows.data() + std::size_t(i) * std::size_t(columns);
    }
};

[[nodiscard]] double dot(const double *row, const std::vector<double> &coefficients);

/// Coefficients >= 0 that minimise the sum of relative errors |row . x / target - 1|, robust
/// against the share of samples that follow another law. Iteratively reweighted non-negative least
/// squares: each step is Lawson and Hanson's active set method on the normal equations with columns
/// scaled to length 1, Cholesky inside. Of columns that say the same only the first is used. Empty
/// when there are no samples.
[[nodiscard]] std::vector<double> fitRelative(const Samples &samples);

} // namespace atomnet
