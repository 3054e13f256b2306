#include "core/search/endings.h"

#include "core/search/staircase.h"

#include <algorithm>
#include <limits>

namespace atomnet
{

namespace
{

constexpr double never = -std::numeric_limits<double>::infinity();
constexpr std::size_t side = 64; ///< cells
constexpr std::size_t waiting = 1U << 12;
constexpr std::size_t mostEndings = 3'000'000; ///< of all stages: 72 MB
constexpr std::size_t mostLookedAt = 256;      ///< for one label

/// Which cell holds what is so much above the least.
std::size_t cell(qint64 above, double per)
{
    return std::size_t(std::min(double(side - 1), double(above) * per));
}

} // namespace

Endings::Endings(const PreparedQuery &query, const Bound &bound, const RunControl &control)
    : m_query(query), m_bound(bound), m_control(control), m_first(query.rows.size())
{
    m_behind.resize(query.rows.size());
    if (!query.dimensions.latency && !query.dimensions.flash) m_first = 0; // prices say it all
}

void Endings::extend(double mostTried)
{
    forget();
    while (m_first > 1 && precede(m_first - 1, mostTried))
        --m_first;
}

void Endings::forget()
{
    for (std::size_t s = m_first; s < m_behind.size(); ++s) {
        for (quint32 shape = 0; shape < m_behind[s].size(); ++shape) {
            Behind &behind = m_behind[s][shape];
            std::erase_if(behind.endings, [&](const Ending &ending) {
                return !m_bound.mayEnd(s, shape, ending.worth, ending.latency, ending.flash);
            });
            behind.lookUp();
        }
    }
}

bool Endings::precede(std::size_t stage, double mostTried)
{
    const bool isHead = stage + 1 == m_query.rows.size();
    double tried = 0;
    for (const auto &rows : m_query.rows[stage])
        for (const QueryRow &row : rows)
            tried += isHead ? 1 : double(m_behind[stage + 1][row.next].endings.size());
    if (tried > mostTried) return false;
    std::vector<Behind> found(m_query.rows[stage].size());
    std::size_t total = 0;
    for (const auto &shapes : m_behind)
        for (const Behind &behind : shapes)
            total += behind.endings.size();
    for (quint32 shape = 0; shape < found.size(); ++shape) {
        Behind &behind = found[shape];
        std::size_t pruneAt = waiting;
        for (const QueryRow &row : m_query.rows[stage][shape]) {
            append(stage, shape, row, behind);
            if (behind.endings.size() < pruneAt) continue;
            behind.prune();
            behind.lookUp();
            if (total + behind.endings.size() > mostEndings || m_control.cancelled()) return false;
            pruneAt = 2 * behind.endings.size() + waiting;
        }
        behind.prune();
        behind.lookUp();
        total += behind.endings.size();
        if (total > mostEndings || m_control.cancelled()) return false;
    }
    m_behind[stage] = std::move(found);
    return true;
}

void Endings::append(std::size_t stage, quint32 shape, const QueryRow &row, Behind &to) const
{
    const auto add = [&](const Ending &behind) {
        const Ending ending{behind.worth + row.worth, behind.latency + row.latency,
                            behind.flash + row.flash};
        if (ending.latency <= m_query.mostLatency && ending.flash <= m_query.mostFlash &&
            m_bound.mayEnd(stage, shape, ending.worth, ending.latency, ending.flash) &&
            !to.dominates(ending))
            to.endings.push_back(ending);
    };
    if (stage + 1 == m_query.rows.size()) return add({});
    for (const Ending &behind : m_behind[stage + 1][row.next].endings)
        add(behind);
}

void Endings::Behind::prune()
{
    std::sort(endings.begin(), endings.end(), [](const Ending &a, const Ending &b) {
        if (a.worth != b.worth) return a.worth > b.worth;
        if (a.latency != b.latency) return a.latency < b.latency;
        return a.flash < b.flash;
    });
    Staircase stairs;
    std::size_t kept = 0;
    for (const Ending &ending : endings) {
        if (stairs.dominates(ending.latency, ending.flash)) continue;
        stairs.insert(ending.latency, ending.flash);
        endings[kept++] = ending;
    }
    endings.resize(kept);
}

void Endings::Behind::lookUp()
{
    most.clear();
    if (endings.empty()) return;
    const Ending &first = endings.front();
    qint64 mostLatency = first.latency, mostFlash = first.flash;
    leastLatency = first.latency;
    leastFlash = first.flash;
    for (const Ending &ending : endings) {
        leastLatency = std::min(leastLatency, ending.latency);
        leastFlash = std::min(leastFlash, ending.flash);
        mostLatency = std::max(mostLatency, ending.latency);
        mostFlash = std::max(mostFlash, ending.flash);
    }
    const auto per = [](qint64 least, qint64 most) {
        return double(side - 1) / double(std::max<qint64>(1, most - least));
    };
    perLatency = per(leastLatency, mostLatency);
    perFlash = per(leastFlash, mostFlash);
    most.assign(side * side, never);
    for (const Ending &ending : endings) {
        double &in = most[cell(ending.flash - leastFlash, perFlash) * side +
                          cell(ending.latency - leastLatency, perLatency)];
        in = std::max(in, ending.worth);
    }
    for (std::size_t line = 0; line < side; ++line) {
        for (std::size_t column = 0; column < side; ++column) {
            double &in = most[line * side + column];
            if (line > 0) in = std::max(in, most[(line - 1) * side + column]);
            if (column > 0) in = std::max(in, most[line * side + column - 1]);
        }
    }
}

double Endings::Behind::mostWithin(qint64 latency, qint64 flash) const
{
    if (endings.empty() || latency < leastLatency || flash < leastFlash) return never;
    return most[cell(flash - leastFlash, perFlash) * side +
                cell(latency - leastLatency, perLatency)];
}

bool Endings::Behind::dominates(const Ending &ending) const
{
    if (most.empty() || ending.latency < leastLatency || ending.flash < leastFlash) return false;
    const std::size_t column = cell(ending.latency - leastLatency, perLatency);
    const std::size_t line = cell(ending.flash - leastFlash, perFlash);
    return line > 0 && column > 0 && most[(line - 1) * side + column - 1] >= ending.worth;
}

bool Endings::Behind::reaches(double worth, qint64 latency, qint64 flash) const
{
    if (mostWithin(latency, flash) < worth || endings.empty()) return false;
    if (dominates({worth, latency, flash})) return true;
    const std::size_t end = std::min(endings.size(), mostLookedAt);
    for (std::size_t i = 0; i < end && endings[i].worth >= worth; ++i)
        if (endings[i].latency <= latency && endings[i].flash <= flash) return true;
    return end < endings.size() && endings[end].worth >= worth;
}

bool Endings::mayWin(std::size_t stage, quint32 shape, const Label &label) const
{
    if (m_behind[stage].empty()) return true;
    return m_behind[stage][shape].reaches(m_bound.leastWorth() - m_bound.worth(label),
                                          m_query.mostLatency - label.latency,
                                          m_query.mostFlash - label.flash);
}
std::optional<double> Endings::promise(std::size_t stage, quint32 shape, const Label &label) const
{
    if (m_behind[stage].empty()) return std::nullopt;
    return m_bound.worth(label) +
           m_behind[stage][shape].mostWithin(m_query.mostLatency - label.latency,
                                             m_query.mostFlash - label.flash);
}

} // namespace atomnet
