#pragma once

#include "core/search/prepared_query.h"

namespace atomnet
{

/// What any network can reach at most: the limits of latency and Flash are given up for a price in
/// the objective (Lagrange multipliers), which leaves a longest path. That bounds at any prices
/// from 0 on. Each input has its own, those that bound its networks best.
class Bound
{
public:
    explicit Bound(const PreparedQuery &query);

    /// Networks below this score are of no use.
    void setGoal(Score goal);
    /// Whether a label that has come to this shape may still end at the goal or above.
    [[nodiscard]] bool mayWin(std::size_t stage, quint32 shape, const Label &label) const
    {
        if (!m_hasGoal) return true;
        for (const std::size_t input : m_inputsOf[stage][shape])
            if (promise(m_prices[input], label) + m_prices[input].rest[stage][shape] <
                m_prices[input].least)
                return false;
        return true;
    }
    /// The score of a label that has come to this shape, less the price of what it uses.
    [[nodiscard]] double promise(std::size_t stage, quint32 shape, const Label &label) const
    {
        return promise(m_prices[m_inputsOf[stage][shape].front()], label);
    }

private:
    /// Of one input.
    struct Prices {
        double latency = 0, flash = 0;
        std::vector<std::vector<double>> rest; ///< by stage and shape, where the input leads
        double least = 0; ///< what a label and its rest have to be worth for the goal
    };
    /// The bound of an input's networks, and what the path that has it uses.
    struct Path {
        double value = 0, latency = 0, flash = 0;
    };

    [[nodiscard]] double promise(const Prices &prices, const Label &label) const
    {
        return double(label.score) - prices.latency * double(label.latency) -
               prices.flash * double(label.flash) +
               (m_sramWeight < 0 ? m_sramWeight * double(label.sram) : 0);
    }
    void findInputs();
    Path solve(std::size_t input);
    void findPrices(std::size_t input);
    /// The price of all that the limits allow.
    [[nodiscard]] double allowed(const Prices &prices) const;

    const PreparedQuery &m_query;
    double m_sramWeight = 0;
    double m_constant = 0; ///< what whole networks add at most
    double m_size = 0;     ///< of the sums, for rounding
    bool m_hasGoal = false;
    std::vector<Prices> m_prices;                              ///< by input
    std::vector<std::vector<std::vector<quint32>>> m_shapesOf; ///< by input and stage
    std::vector<std::vector<std::vector<quint32>>> m_inputsOf; ///< by stage and shape, a few
    std::vector<std::vector<Path>> m_paths;
};

} // namespace atomnet
