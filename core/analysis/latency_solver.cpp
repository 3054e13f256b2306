#include "core/analysis/latency_solver.h"

#include <algorithm>
#include <cmath>

namespace atomnet
{

namespace
{

using Vector = std::vector<double>;

/// Normal equations G x = r of a weighted least squares problem, columns scaled to length 1.
struct Normal {
    int n = 0;
    Vector g, r, scale;
    [[nodiscard]] double at(int i, int j) const { return g[std::size_t(i * n + j)]; }
};

Normal normalEquations(const Samples &samples, const Vector &weights)
{
    Normal normal;
    const int n = normal.n = samples.columns;
    normal.g.assign(std::size_t(n * n), 0);
    normal.r.assign(std::size_t(n), 0);
    normal.scale.assign(std::size_t(n), 1);
    Vector row(static_cast<std::size_t>(n));
    for (int s = 0; s < samples.count(); ++s) {
        const double weight = weights[std::size_t(s)];
        for (int i = 0; i < n; ++i)
            row[std::size_t(i)] = samples.row(s)[i] * weight;
        const double target = samples.targets[std::size_t(s)] * weight;
        for (int i = 0; i < n; ++i) {
            normal.r[std::size_t(i)] += row[std::size_t(i)] * target;
            for (int j = 0; j <= i; ++j)
                normal.g[std::size_t(i * n + j)] += row[std::size_t(i)] * row[std::size_t(j)];
        }
    }
    for (int i = 0; i < n; ++i)
        if (normal.at(i, i) > 0) normal.scale[std::size_t(i)] = std::sqrt(normal.at(i, i));
    for (int i = 0; i < n; ++i) {
        normal.r[std::size_t(i)] /= normal.scale[std::size_t(i)];
        for (int j = 0; j <= i; ++j) {
            const double value =
                normal.at(i, j) / (normal.scale[std::size_t(i)] * normal.scale[std::size_t(j)]);
            normal.g[std::size_t(i * n + j)] = normal.g[std::size_t(j * n + i)] = value;
        }
    }
    return normal;
}

/// Solves G x = r on the columns in `active`; empty when they depend on each other.
Vector solveActive(const Normal &normal, const std::vector<int> &active)
{
    const std::size_t m = active.size();
    Vector l(m * m), x(m);
    for (std::size_t i = 0; i < m; ++i) {
        for (std::size_t j = 0; j <= i; ++j) {
            double sum = normal.at(active[i], active[j]);
            for (std::size_t k = 0; k < j; ++k)
                sum -= l[i * m + k] * l[j * m + k];
            if (i != j) {
                l[i * m + j] = sum / l[j * m + j];
            } else {
                if (!(sum > 1e-11)) return {}; // columns have length 1: this one is nothing new
                l[i * m + i] = std::sqrt(sum);
            }
        }
    }
    for (std::size_t i = 0; i < m; ++i) {
        double sum = normal.r[std::size_t(active[i])];
        for (std::size_t k = 0; k < i; ++k)
            sum -= l[i * m + k] * x[k];
        x[i] = sum / l[i * m + i];
    }
    for (std::size_t i = m; i-- > 0;) {
        double sum = x[i];
        for (std::size_t k = i + 1; k < m; ++k)
            sum -= l[k * m + i] * x[k];
        x[i] = sum / l[i * m + i];
    }
    return x;
}

/// The column outside `active` that promises most; -1 when none does.
int steepest(const Normal &normal, const Vector &x, const std::vector<char> &barred)
{
    double most = 0;
    for (const double r : normal.r)
        most = std::max(most, std::abs(r));
    int best = -1;
    double bestGain = most * 1e-9;
    for (int i = 0; i < normal.n; ++i) {
        if (barred[std::size_t(i)]) continue;
        double gain = normal.r[std::size_t(i)];
        for (int j = 0; j < normal.n; ++j)
            gain -= normal.at(i, j) * x[std::size_t(j)];
        if (gain > bestGain * (1 + 1e-9)) { // equal columns differ by rounding: the first is used
            best = i;
            bestGain = gain;
        }
    }
    return best;
}

Vector solveNonNegative(const Normal &normal)
{
    const std::size_t n = std::size_t(normal.n);
    Vector x(n, 0);
    std::vector<int> active;
    std::vector<char> barred(n, 0); // active, or found to depend on the active ones
    // The method ends by itself; the bound is against rounding that makes it turn in a circle.
    for (int step = 0; step < 10 * normal.n; ++step) {
        const int column = steepest(normal, x, barred);
        if (column < 0) break;
        active.push_back(column);
        barred[std::size_t(column)] = 1;
        while (!active.empty()) {
            const Vector wanted = solveActive(normal, active);
            if (wanted.empty()) {
                active.pop_back(); // stays barred
                break;
            }
            double share = 1; // of the way from x to wanted that stays >= 0
            std::size_t blocking = active.size();
            for (std::size_t i = 0; i < active.size(); ++i) {
                if (wanted[i] > 0) continue;
                const double now = x[std::size_t(active[i])];
                const double reach = now / (now - wanted[i]);
                if (now <= 0 || reach < share) {
                    share = now <= 0 ? 0 : reach;
                    blocking = i;
                }
            }
            for (std::size_t i = 0; i < active.size(); ++i) {
                double &value = x[std::size_t(active[i])];
                value += share * (wanted[i] - value);
            }
            if (blocking == active.size()) break;
            x[std::size_t(active[blocking])] = 0;
            // The newest column can only be here by rounding: it would come back at once.
            if (active[blocking] != column) barred[std::size_t(active[blocking])] = 0;
            active.erase(active.begin() + std::ptrdiff_t(blocking));
        }
    }
    for (std::size_t i = 0; i < n; ++i)
        x[i] /= normal.scale[i];
    return x;
}

} // namespace

double dot(const double *row, const std::vector<double> &coefficients)
{
    double sum = 0;
    for (std::size_t i = 0; i < coefficients.size(); ++i)
        sum += row[i] * coefficients[i];
    return sum;
}

std::vector<double> fitRelative(const Samples &samples)
{
    if (samples.count() == 0) return {};
    Vector weights(std::size_t(samples.count()));
    for (std::size_t i = 0; i < weights.size(); ++i)
        weights[i] = 1 / samples.targets[i];

    constexpr int iterations = 12; // the errors settle after about eight
    constexpr double least = 0.01; // errors below 1 % are as good as none
    Vector coefficients;
    for (int iteration = 0;; ++iteration) {
        coefficients = solveNonNegative(normalEquations(samples, weights));
        if (iteration == iterations) return coefficients;
        for (int i = 0; i < samples.count(); ++i) {
            const double target = samples.targets[std::size_t(i)];
            const double error = std::abs(dot(samples.row(i), coefficients) / target - 1);
            weights[std::size_t(i)] = 1 / (target * std::sqrt(std::max(error, least)));
        }
    }
}

} // namespace atomnet
