#include "core/search/bounds.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace atomnet
{

namespace
{

constexpr double never = -std::numeric_limits<double>::infinity();
constexpr int rounds = 60;
constexpr std::size_t mostPrices = 4; ///< that are looked at for one label
constexpr double rounding = 1e-12;    ///< of sums of a few thousand doubles, relative to their size

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
    findInputs();
    m_prices.resize(m_shapesOf.size());
    for (std::size_t input = 0; input < m_prices.size(); ++input)
        findPrices(input);
    for (Prices &prices : m_prices)
        lookBack(prices);
}

/// Which shapes each input leads to.
void Bound::findInputs()
{
    const std::size_t heads = m_query.tables->stages.size();
    m_paths.resize(heads + 1);
    m_inputsOf.resize(heads + 1);
    for (std::size_t s = 0; s <= heads; ++s) {
        m_paths[s].resize(m_query.rows[s].size());
        m_inputsOf[s].resize(m_query.rows[s].size());
    }
    std::vector<bool> seen;
    for (quint32 input = 0; input < m_query.rows.front().size(); ++input) {
        auto &shapes = m_shapesOf.emplace_back(heads + 1);
        shapes[0] = {input};
        for (std::size_t s = 0; s <= heads; ++s) {
            if (s < heads) seen.assign(m_query.rows[s + 1].size(), false);
            for (const quint32 shape : shapes[s]) {
                auto &inputs = m_inputsOf[s][shape];
                if (inputs.size() < mostPrices) inputs.push_back(input);
                for (const QueryRow &row : m_query.rows[s][shape]) {
                    if (s == heads || seen[row.next]) continue;
                    seen[row.next] = true;
                    shapes[s + 1].push_back(row.next);
                }
            }
        }
    }
}

Bound::Path Bound::solve(std::size_t input)
{
    const std::size_t heads = m_query.tables->stages.size();
    Prices &prices = m_prices[input];
    prices.rest.resize(heads + 1);
    for (std::size_t s = heads + 1; s-- > 0;) {
        prices.rest[s].resize(m_query.rows[s].size(), never);
        for (const quint32 shape : m_shapesOf[input][s]) {
            double best = never;
            const QueryRow *chosen = nullptr;
            for (const QueryRow &row : m_query.rows[s][shape]) {
                double value = row.worth - prices.latency * double(row.latency) -
                               prices.flash * double(row.flash);
                if (s < heads) value += prices.rest[s + 1][row.next];
                if (!(value > best)) continue;
                best = value;
                chosen = &row;
            }
            prices.rest[s][shape] = best;
            Path &path = m_paths[s][shape];
            path = {};
            if (!chosen) continue;
            if (s < heads) path = m_paths[s + 1][chosen->next];
            path.latency += double(chosen->latency);
            path.flash += double(chosen->flash);
        }
    }
    Path path = m_paths[0][input];
    path.value = prices.rest[0][input] + allowed(prices);
    return path;
}

double Bound::allowed(const Prices &prices) const
{
    return (prices.latency > 0 ? prices.latency * double(m_query.mostLatency) : 0) +
           (prices.flash > 0 ? prices.flash * double(m_query.mostFlash) : 0);
}

/// Subgradient steps: the price of what the path uses too much of rises, that of what it leaves
/// falls.
void Bound::findPrices(std::size_t input)
{
    Prices &prices = m_prices[input];
    const bool latency = m_query.limits.latency && m_query.mostLatency > 0;
    const bool flash = m_query.limits.flashBytes && m_query.mostFlash > 0;
    Path path = solve(input);
    if (!(path.value > never) || (!latency && !flash)) return;
    double best = path.value, bestLatency = 0, bestFlash = 0;
    double step = 0.5 * std::max(std::abs(path.value), m_size * 1e-3);
    for (int round = 0; round < rounds; ++round) {
        // In shares of the limits, so that both prices have one size.
        const double l = latency ? path.latency / double(m_query.mostLatency) - 1 : 0;
        const double f = flash ? path.flash / double(m_query.mostFlash) - 1 : 0;
        const double length = l * l + f * f;
        if (length < 1e-12) break;
        const double along = step / length;
        if (latency)
            prices.latency =
                std::max(0.0, prices.latency + along * l / double(m_query.mostLatency));
        if (flash)
            prices.flash = std::max(0.0, prices.flash + along * f / double(m_query.mostFlash));
        path = solve(input);
        if (path.value < best) {
            best = path.value;
            bestLatency = prices.latency;
            bestFlash = prices.flash;
        } else {
            step *= 0.8;
        }
    }
    prices.latency = bestLatency;
    prices.flash = bestFlash;
    solve(input);
}

void Bound::lookBack(Prices &prices) const
{
    const std::size_t heads = m_query.tables->stages.size();
    prices.before.resize(heads + 1);
    prices.before[0].assign(m_query.rows[0].size(), 0);
    for (std::size_t s = 0; s < heads; ++s) {
        prices.before[s + 1].assign(m_query.rows[s + 1].size(), never);
        for (std::size_t shape = 0; shape < m_query.rows[s].size(); ++shape) {
            for (const QueryRow &row : m_query.rows[s][shape]) {
                double &most = prices.before[s + 1][row.next];
                most = std::max(most, prices.before[s][shape] + row.worth -
                                          prices.latency * double(row.latency) -
                                          prices.flash * double(row.flash));
            }
        }
    }
}

double Bound::leastPromise(std::size_t stage, quint32 shape, const QueryRow &row) const
{
    if (!m_hasGoal) return never;
    const Prices &prices = m_prices[m_inputsOf[stage][shape].front()];
    const bool isHead = stage + 1 == prices.rest.size();
    return prices.least - (isHead ? 0 : prices.rest[stage + 1][row.next]) - row.worth +
           prices.latency * double(row.latency) + prices.flash * double(row.flash);
}

void Bound::setGoal(ExactScore goal)
{
    m_hasGoal = true;
    m_leastWorth = double(goal) - m_constant - rounding * m_size;
    for (Prices &prices : m_prices)
        prices.least =
            double(goal) - allowed(prices) - m_constant - rounding * (m_size + allowed(prices));
}

} // namespace atomnet
