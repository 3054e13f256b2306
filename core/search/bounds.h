#pragma once

#include "core/search/prepared_query.h"

namespace atomnet
{

/// What any network can reach at most: the limits of latency and Flash are given up for a price in
/// the objective (Lagrange multipliers), which leaves a longest path. Valid for any prices from 0
/// on; those that bound best are looked for.
class Bound
{
public:
    explicit Bound(const PreparedQuery &query);

    /// Networks below this score are of no use.
    void setGoal(Score goal);
    /// Whether a label that has come to this shape may still end at the goal or above.
    [[nodiscard]] bool mayWin(std::size_t stage, quint32 shape, const Label &label) const
    {
        return !m_hasGoal || promise(label) + m_rest[stage][shape] >= m_least;
    }
    /// The score of a label, less the price of what it uses.
    [[nodiscard]] double promise(const Label &label) const
    {
        return double(label.score) - m_latencyPrice * double(label.latency) -
               m_flashPrice * double(label.flash) +
               (m_sramWeight < 0 ? m_sramWeight * double(label.sram) : 0);
    }

private:
    /// Sets m_rest for the present prices. Returns the bound of all networks, and what of latency
    /// and Flash the path that has it uses.
    struct Path {
        double bound = 0, latency = 0, flash = 0;
    };
    Path solve();
    void findPrices();

    const PreparedQuery &m_query;
    double m_latencyPrice = 0, m_flashPrice = 0;
    double m_sramWeight = 0;
    double m_constant = 0; ///< what whole networks add at most
    double m_size = 0;     ///< of the sums, for rounding
    double m_least = 0;
    bool m_hasGoal = false;
    std::vector<std::vector<double>> m_rest;
};

} // namespace atomnet
