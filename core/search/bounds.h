#pragma once

#include "core/search/prepared_query.h"

#include <limits>

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
    void setGoal(ExactScore goal);
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
    /// Whether an ending behind this shape may still complete a network at the goal or above.
    [[nodiscard]] bool mayEnd(std::size_t stage, quint32 shape, double worth, qint64 latency,
                              qint64 flash) const
    {
        if (!m_hasGoal) return true;
        for (const std::size_t input : m_inputsOf[stage][shape]) {
            const Prices &prices = m_prices[input];
            if (worth - prices.latency * double(latency) - prices.flash * double(flash) +
                    prices.before[stage][shape] <
                prices.least)
                return false;
        }
        return true;
    }
    /// What a label has to promise at the least so that it may still win with this row.
    [[nodiscard]] double leastPromise(std::size_t stage, quint32 shape, const QueryRow &row) const;
    /// What a label and an ending behind it have to be worth together.
    [[nodiscard]] double leastWorth() const { return m_leastWorth; }
    /// What a label is worth by itself.
    [[nodiscard]] double worth(const Label &label) const
    {
        return double(label.score) + (m_sramWeight < 0 ? m_sramWeight * double(label.sram) : 0);
    }
    [[nodiscard]] bool hasGoal() const { return m_hasGoal; }
    /// The score of a label that has come to this shape, less the price of what it uses.
    [[nodiscard]] double promise(std::size_t stage, quint32 shape, const Label &label) const
    {
        return promise(m_prices[m_inputsOf[stage][shape].front()], label);
    }

private:
    /// Of one input.
    struct Prices {
        double latency = 0, flash = 0;
        std::vector<std::vector<double>> rest;   ///< by stage and shape, where the input leads
        std::vector<std::vector<double>> before; ///< the same of what leads there, from any input
        double least = 0; ///< what a label and its rest have to be worth for the goal
    };
    /// The bound of an input's networks, and what the path that has it uses.
    struct Path {
        double value = 0, latency = 0, flash = 0;
    };

    [[nodiscard]] double promise(const Prices &prices, const Label &label) const
    {
        return worth(label) - prices.latency * double(label.latency) -
               prices.flash * double(label.flash);
    }
    void findInputs();
    Path solve(std::size_t input);
    void findPrices(std::size_t input);
    void lookBack(Prices &prices) const;
    /// The price of all that the limits allow.
    [[nodiscard]] double allowed(const Prices &prices) const;

    const PreparedQuery &m_query;
    double m_sramWeight = 0;
    double m_constant = 0; ///< what whole networks add at most
    double m_size = 0;     ///< of the sums, for rounding
    bool m_hasGoal = false;
    double m_leastWorth = -std::numeric_limits<double>::infinity();
    std::vector<Prices> m_prices;                              ///< by input
    std::vector<std::vector<std::vector<quint32>>> m_shapesOf; ///< by input and stage
    std::vector<std::vector<std::vector<quint32>>> m_inputsOf; ///< by stage and shape, a few
    std::vector<std::vector<Path>> m_paths;
};

} // namespace atomnet
