#include "core/search/labels.h"

#include "core/search/staircase.h"

#include <algorithm>

namespace atomnet
{

namespace
{

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

void prune(std::vector<Label> &labels, int keep, const Dimensions &dimensions,
           const RunControl &control)
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
    constexpr std::size_t often = 1U << 14; // cancelling is asked for
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (i % often == often - 1 && control.cancelled()) return;
        const Label label = labels[i];
        const qint64 latency = dimensions.latency ? label.latency : 0;
        const qint64 flash = dimensions.flash ? label.flash : 0;
        const std::size_t rank = dimensions.sram != 0 ? rankOf(label) : 0;
        // Each layer that dominates holds a label of its own that does. What one layer dominates,
        // those above it do: each of its labels is dominated by one of theirs.
        const auto layer = std::partition_point(layers.begin(), layers.end(), [&](const Layer &l) {
            return l.dominates(rank, latency, flash);
        });
        if (layer - layers.begin() == keep) continue;
        (layer == layers.end() ? layers.emplace_back(ranks) : *layer).insert(rank, latency, flash);
        labels[kept++] = label;
    }
    labels.resize(kept);
}

} // namespace atomnet
