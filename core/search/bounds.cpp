#include "core/search/bounds.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace atomnet
{

namespace
{

constexpr double never = -std::numeric_limits<double>::infinity();
constexpr int rounds = 40;
constexpr double rounding = 1e-12; ///< of sums of a few thousand doubles, relative to their size

} // namespace

Bound::Bound(const PreparedQuery &query) : m_query(query)
{
    const SpaceTables &tables = *query.tables;
    m_sramWeight = double(query.weights.sram);
    const PartFigures most = mostFigures(tables);
    // Code: of all kernels where Flash is wanted, else of none but the head's.
    PartFigures code;
    code.kernels = most.kernels;
    if (query.weights.flash <= 0) {
        code.kernels = 0xffff;
        for (const ShapeRows &head : tables.heads)
            for (const TableRow &row : head.rows)
                code.kernels = quint16(code.kernels & row.figures.kernels);
    } else {
        code.flash = most.flash;
    }
    m_constant = double(query.weights.flash) * double(tables.flashOf(code) - code.flash);
    if (m_sramWeight > 0)
        m_constant += m_sramWeight * double(most.sram + tables.sramBeside(most.kernels));
    m_size = std::abs(m_constant) + std::abs(m_sramWeight) * double(most.sram) +
             std::abs(double(query.weights.macs)) * double(most.macs) +
             std::abs(double(query.weights.latency)) * double(most.latency) +
             std::abs(double(query.weights.flash)) * double(most.flash) +
             std::abs(double(query.weights.params)) * double(most.params);
    findPrices();
}

Bound::Path Bound::solve()
{
    const std::size_t heads = m_query.tables->stages.size();
    m_rest.resize(heads + 1);
    std::vector<std::vector<Path>> paths(heads + 1);
    for (std::size_t s = heads + 1; s-- > 0;) {
        m_rest[s].assign(m_query.rows[s].size(), never);
        paths[s].resize(m_query.rows[s].size());
        for (std::size_t shape = 0; shape < m_query.rows[s].size(); ++shape) {
            for (const QueryRow &row : m_query.rows[s][shape]) {
                double value = double(row.score) - m_latencyPrice * double(row.latency) -
                               m_flashPrice * double(row.flash);
                const Path *behind = s == heads ? nullptr : &paths[s + 1][row.next];
                if (behind) value += m_rest[s + 1][row.next];
                if (!(value > m_rest[s][shape])) continue;
                m_rest[s][shape] = value;
                paths[s][shape] = {value, double(row.latency) + (behind ? behind->latency : 0),
                                   double(row.flash) + (behind ? behind->flash : 0)};
            }
        }
    }
    Path best;
    best.bound = never;
    for (std::size_t input = 0; input < m_rest[0].size(); ++input)
        if (m_rest[0][input] > best.bound) best = paths[0][input];
    // The prices of all that the limits allow.
    if (m_latencyPrice > 0) best.bound += m_latencyPrice * double(m_query.mostLatency);
    if (m_flashPrice > 0) best.bound += m_flashPrice * double(m_query.mostFlash);
    return best;
}

/// Subgradient steps: the price of what the path uses too much of rises, that of what it leaves
/// falls.
void Bound::findPrices()
{
    const bool latency = m_query.limits.latency && m_query.mostLatency > 0;
    const bool flash = m_query.limits.flashBytes && m_query.mostFlash > 0;
    Path path = solve();
    if (!(path.bound > never) || (!latency && !flash)) return;
    double best = path.bound, bestLatency = 0, bestFlash = 0;
    double step = 0.5 * std::max(std::abs(path.bound), m_size * 1e-3);
    for (int round = 0; round < rounds; ++round) {
        // In shares of the limits, so that both prices have one size.
        const double l = latency ? path.latency / double(m_query.mostLatency) - 1 : 0;
        const double f = flash ? path.flash / double(m_query.mostFlash) - 1 : 0;
        const double length = l * l + f * f;
        if (length < 1e-12) break;
        const double along = step / length;
        if (latency)
            m_latencyPrice =
                std::max(0.0, m_latencyPrice + along * l / double(m_query.mostLatency));
        if (flash)
            m_flashPrice = std::max(0.0, m_flashPrice + along * f / double(m_query.mostFlash));
        path = solve();
        if (path.bound < best) {
            best = path.bound;
            bestLatency = m_latencyPrice;
            bestFlash = m_flashPrice;
        } else {
            step *= 0.7;
            m_latencyPrice = bestLatency;
            m_flashPrice = bestFlash;
            path = solve();
        }
    }
    m_latencyPrice = bestLatency;
    m_flashPrice = bestFlash;
    solve();
}

void Bound::setGoal(Score goal)
{
    m_hasGoal = true;
    double allowed = 0;
    if (m_latencyPrice > 0) allowed += m_latencyPrice * double(m_query.mostLatency);
    if (m_flashPrice > 0) allowed += m_flashPrice * double(m_query.mostFlash);
    m_least = double(goal) - allowed - m_constant - rounding * (m_size + allowed);
}

} // namespace atomnet
