#include "core/analysis/prediction/factor_fit.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace atomnet
{

namespace
{

constexpr double leastDeviation = 0.01; // a whole network is not known better
constexpr double assumedNoise = 0.02;   // counts as one more constraint
constexpr double outlierDeviations = 3.5;
constexpr double medianToDeviation = 1.4826; // of a normal distribution
constexpr double nullShare = 1e-5;   // singular values below this share of the greatest are 0
constexpr double widestError = 0.25; // of a factor that counts as identified
constexpr double strongCorrelation = 0.9;

using Vector = std::vector<double>;

double dotOf(const Vector &a, const Vector &b)
{
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// A = U * diag(s) * V', by columns; u[j] has length 1 where s[j] > 0.
struct Svd {
    std::vector<Vector> u, v;
    Vector s;
};

/// One-sided Jacobi: turns pairs of columns until all stand at right angles.
Svd decompose(std::vector<Vector> columns)
{
    const std::size_t n = columns.size();
    Svd result;
    result.v.assign(n, Vector(n, 0));
    for (std::size_t j = 0; j < n; ++j)
        result.v[j][j] = 1;
    const auto turn = [](Vector &a, Vector &b, double cosine, double sine) {
        for (std::size_t i = 0; i < a.size(); ++i) {
            const double left = a[i];
            a[i] = cosine * left - sine * b[i];
            b[i] = sine * left + cosine * b[i];
        }
    };
    constexpr int sweeps = 60;
    for (int sweep = 0; sweep < sweeps; ++sweep) {
        bool turned = false;
        for (std::size_t p = 0; p + 1 < n; ++p)
            for (std::size_t q = p + 1; q < n; ++q) {
                const double alpha = dotOf(columns[p], columns[p]);
                const double beta = dotOf(columns[q], columns[q]);
                const double gamma = dotOf(columns[p], columns[q]);
                if (std::abs(gamma) <= 1e-15 * std::sqrt(alpha * beta)) continue;
                turned = true;
                const double zeta = (beta - alpha) / (2 * gamma);
                const double tangent =
                    (zeta < 0 ? -1 : 1) / (std::abs(zeta) + std::sqrt(1 + zeta * zeta));
                const double cosine = 1 / std::sqrt(1 + tangent * tangent);
                turn(columns[p], columns[q], cosine, cosine * tangent);
                turn(result.v[p], result.v[q], cosine, cosine * tangent);
            }
        if (!turned) break;
    }
    for (Vector &column : columns) {
        const double length = std::sqrt(dotOf(column, column));
        result.s.push_back(length);
        if (length > 0)
            for (double &value : column)
                value /= length;
    }
    result.u = std::move(columns);
    return result;
}

/// The rows that take part, each relative to its total and times its weight.
struct Rows {
    std::vector<Vector> columns; ///< by factor
    Vector targets;
};

class Fit
{
public:
    explicit Fit(const FactorProblem &problem) : m_problem(problem)
    {
        for (const FactorProblem::Constraint &row : problem.constraints)
            m_weights.push_back(1 / std::hypot(leastDeviation, row.uncertainty));
        m_outlier.assign(problem.constraints.size(), false);
    }

    FactorSolution run()
    {
        findOutliers();
        solve(m_weights);
        FactorSolution solution;
        solution.noise = noise();
        solution.outlier = m_outlier;
        for (std::size_t i = 0; i < m_problem.constraints.size(); ++i)
            solution.fitted.push_back(fitted(i));
        setFactors(solution);
        return solution;
    }

private:
    [[nodiscard]] std::size_t factors() const { return std::size_t(m_problem.factors); }

    [[nodiscard]] double fitted(std::size_t i) const
    {
        const FactorProblem::Constraint &row = m_problem.constraints[i];
        return row.known + dotOf(row.parts, m_values);
    }
    [[nodiscard]] double error(std::size_t i) const
    {
        const FactorProblem::Constraint &row = m_problem.constraints[i];
        return (row.total - fitted(i)) / row.total;
    }

    /// Of all least squares solutions the shortest, into m_values.
    void solve(const Vector &weights)
    {
        Rows rows;
        rows.columns.resize(factors());
        for (std::size_t i = 0; i < m_problem.constraints.size(); ++i) {
            if (m_outlier[i]) continue;
            const FactorProblem::Constraint &row = m_problem.constraints[i];
            for (std::size_t p = 0; p < factors(); ++p)
                rows.columns[p].push_back(weights[i] * row.parts[p] / row.total);
            rows.targets.push_back(weights[i] * (row.total - row.known) / row.total);
        }
        // Columns of length 1, so that a kernel that takes little time is not taken for nothing.
        m_scale.assign(factors(), 0);
        for (std::size_t p = 0; p < factors(); ++p) {
            m_scale[p] = std::sqrt(dotOf(rows.columns[p], rows.columns[p]));
            if (m_scale[p] > 0)
                for (double &value : rows.columns[p])
                    value /= m_scale[p];
        }
        m_svd = decompose(rows.columns);
        const double greatest =
            m_svd.s.empty() ? 0 : *std::max_element(m_svd.s.begin(), m_svd.s.end());
        m_values.assign(factors(), 0);
        m_kept.assign(factors(), false);
        for (std::size_t j = 0; j < factors(); ++j) {
            m_kept[j] = m_svd.s[j] > nullShare * greatest;
            if (!m_kept[j]) continue;
            const double along = dotOf(m_svd.u[j], rows.targets) / m_svd.s[j];
            for (std::size_t p = 0; p < factors(); ++p)
                if (m_scale[p] > 0) m_values[p] += along * m_svd.v[j][p] / m_scale[p];
        }
    }

    [[nodiscard]] std::size_t rank() const
    {
        return std::size_t(std::count(m_kept.begin(), m_kept.end(), true));
    }

    /// Least absolute errors, by least squares that are weighted anew again and again.
    void solveRobustly()
    {
        Vector weights = m_weights;
        constexpr int rounds = 60;
        constexpr double least = 1e-4;
        for (int round = 0; round < rounds; ++round) {
            solve(weights);
            for (std::size_t i = 0; i < weights.size(); ++i)
                weights[i] = std::sqrt(m_weights[i] / std::max(std::abs(error(i)), least));
        }
    }

    void findOutliers()
    {
        solveRobustly();
        const std::size_t rows = m_problem.constraints.size();
        if (rows < rank() + 3) return; // two would have to agree against one
        Vector errors;
        for (std::size_t i = 0; i < rows; ++i)
            errors.push_back(std::abs(error(i)));
        Vector sorted = errors;
        std::sort(sorted.begin(), sorted.end());
        // The fit goes through as many constraints as it has factors: those say nothing.
        const std::size_t free = rows - rank();
        const double median = sorted[rank() + (free - 1) / 2];
        const double bound =
            outlierDeviations * std::max(leastDeviation, medianToDeviation * median);
        std::vector<std::size_t> order(rows);
        std::iota(order.begin(), order.end(), std::size_t(0));
        std::sort(order.begin(), order.end(),
                  [&](std::size_t a, std::size_t b) { return errors[a] > errors[b]; });
        std::size_t left = rows;
        for (const std::size_t i : order) {
            if (errors[i] <= bound || left < rank() + 3) break;
            m_outlier[i] = true;
            --left;
        }
    }

    [[nodiscard]] double noise() const
    {
        double sum = assumedNoise * assumedNoise;
        double rows = 1;
        for (std::size_t i = 0; i < m_outlier.size(); ++i) {
            if (m_outlier[i]) continue;
            sum += error(i) * error(i);
            rows += 1;
        }
        return std::sqrt(sum / std::max(1.0, rows - double(rank())));
    }

    /// Element of a matrix made of the kept or the lost directions: sum of v_pj * v_qj * f_j.
    [[nodiscard]] double along(std::size_t p, std::size_t q, bool kept) const
    {
        double sum = 0;
        for (std::size_t j = 0; j < factors(); ++j)
            if (m_kept[j] == kept)
                sum += m_svd.v[j][p] * m_svd.v[j][q] / (kept ? m_svd.s[j] * m_svd.s[j] : 1);
        return sum;
    }

    void setFactors(FactorSolution &solution) const
    {
        for (std::size_t p = 0; p < factors(); ++p) {
            Factor factor;
            if (m_scale[p] <= 0) {
                factor.collinearWith.push_back(int(p));
                solution.factors.push_back(factor);
                continue;
            }
            constexpr double none = 1e-6;
            if (along(p, p, false) > none) {
                factor.collinearWith.push_back(int(p));
                for (std::size_t q = 0; q < factors(); ++q)
                    if (q != p && m_scale[q] > 0 && std::abs(along(p, q, false)) > none)
                        factor.collinearWith.push_back(int(q));
                solution.factors.push_back(factor);
                continue;
            }
            // Rows are weighted as if each had the least deviation or more; what they really
            // scatter by may be more.
            const double variance = along(p, p, true);
            factor.value = m_values[p];
            factor.standardError =
                std::sqrt(variance) / m_scale[p] * std::max(1.0, solution.noise / leastDeviation);
            factor.identified =
                factor.value > 0 && factor.standardError <= widestError * factor.value;
            if (!factor.identified)
                for (std::size_t q = 0; q < factors(); ++q)
                    if (q != p && m_scale[q] > 0 &&
                        std::abs(along(p, q, true)) >
                            strongCorrelation * std::sqrt(variance * along(q, q, true))) {
                        if (factor.collinearWith.empty()) factor.collinearWith.push_back(int(p));
                        factor.collinearWith.push_back(int(q));
                    }
            solution.factors.push_back(factor);
        }
    }

    const FactorProblem &m_problem;
    Vector m_weights;
    std::vector<bool> m_outlier;
    Vector m_scale, m_values;
    std::vector<bool> m_kept; ///< directions that the data determine
    Svd m_svd;
};

} // namespace

FactorSolution fitFactors(const FactorProblem &problem)
{
    return Fit(problem).run();
}

} // namespace atomnet
