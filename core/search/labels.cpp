#include "core/search/labels.h"

#include <algorithm>

namespace atomnet
{

namespace
{

/// The least Flash at or below each latency, of points in the plane.
class Staircase
{
public:
    [[nodiscard]] bool dominates(qint64 latency, qint64 flash) const
    {
        const auto behind =
            std::upper_bound(m_steps.begin(), m_steps.end(), latency,
                             [](qint64 wanted, const Step &step) { return wanted < step.latency; });
        return behind != m_steps.begin() && (behind - 1)->flash <= flash;
    }
    /// A point that is not dominated.
    void insert(qint64 latency, qint64 flash)
    {
        const auto at =
            std::lower_bound(m_steps.begin(), m_steps.end(), latency,
                             [](const Step &step, qint64 wanted) { return step.latency < wanted; });
        auto end = at;
        while (end != m_steps.end() && end->flash >= flash)
            ++end;
        if (end == at) {
            m_steps.insert(at, {latency, flash});
            return;
        }
        *at = {latency, flash};
        m_steps.erase(at + 1, end);
    }

private:
    struct Step {
        qint64 latency = 0, flash = 0;
    };
    std::vector<Step> m_steps; ///< latency up, Flash down
};

/// Points in space: a Fenwick tree over the ranks of SRAM whose nodes hold staircases.
class Layer
{
public:
    explicit Layer(std::size_t ranks) : m_nodes(ranks + 1) {}
    [[nodiscard]] bool dominates(std::size_t rank, qint64 latency, qint64 flash) const
    {
        for (std::size_t i = rank + 1; i > 0; i -= i & (~i + 1))
            if (m_nodes[i].dominates(latency, flash)) return true;
        return false;
    }
    void insert(std::size_t rank, qint64 latency, qint64 flash)
    {
        for (std::size_t i = rank + 1; i < m_nodes.size(); i += i & (~i + 1))
            if (!m_nodes[i].dominates(latency, flash)) m_nodes[i].insert(latency, flash);
    }

private:
    std::vector<Staircase> m_nodes;
};

} // namespace

bool better(const Label &a, const Label &b, const Dimensions &dimensions)
{
    if (a.score != b.score) return a.score > b.score;
    if (a.latency != b.latency) return a.latency < b.latency;
    if (a.flash != b.flash) return a.flash < b.flash;
    if (dimensions.sram != 0 && a.sram != b.sram) return (a.sram < b.sram) == (dimensions.sram > 0);
    return a.choice < b.choice;
}

void prune(std::vector<Label> &labels, int keep, const Dimensions &dimensions)
{
    const auto first = [&dimensions](const Label &a, const Label &b) {
        return better(a, b, dimensions);
    };
    const std::size_t most = std::size_t(keep);
    if (!dimensions.latency && !dimensions.flash && dimensions.sram == 0) {
        if (labels.size() > most) {
            const auto end = labels.begin() + std::ptrdiff_t(most);
            std::partial_sort(labels.begin(), end, labels.end(), first);
            labels.resize(most);
        } else {
            std::sort(labels.begin(), labels.end(), first);
        }
        return;
    }
    std::sort(labels.begin(), labels.end(), first);
    std::vector<qint64> levels;
    if (dimensions.sram != 0) {
        for (const Label &label : labels)
            levels.push_back(label.sram * dimensions.sram);
        std::sort(levels.begin(), levels.end());
        levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
    }
    const auto rankOf = [&](const Label &label) {
        return std::size_t(
            std::lower_bound(levels.begin(), levels.end(), label.sram * dimensions.sram) -
            levels.begin());
    };
    const std::size_t ranks = std::max<std::size_t>(1, levels.size());
    std::vector<Layer> layers;
    std::size_t kept = 0;
    for (const Label &label : labels) {
        const qint64 latency = dimensions.latency ? label.latency : 0;
        const qint64 flash = dimensions.flash ? label.flash : 0;
        const std::size_t rank = dimensions.sram != 0 ? rankOf(label) : 0;
        // Each layer that dominates holds a label of its own that does.
        std::size_t layer = 0;
        while (layer < layers.size() && layers[layer].dominates(rank, latency, flash))
            ++layer;
        if (layer == most) continue;
        if (layer == layers.size()) layers.emplace_back(ranks);
        layers[layer].insert(rank, latency, flash);
        labels[kept++] = label;
    }
    labels.resize(kept);
}

} // namespace atomnet
