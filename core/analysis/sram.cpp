#include "core/analysis/sram.h"

#include "core/analysis/sram_atomnet1.h"
#include "core/analysis/sram_xcubeai.h"

#include <algorithm>

namespace atomnet
{

SramUsage sramUsage(const AtomGraph &graph)
{
    SramUsage usage =
        graph.runtime == Runtime::XCubeAi72 ? sramOfXCubeAi(graph) : sramOfAtomNet1(graph);
    const auto peak = std::max_element(
        usage.layers.begin(), usage.layers.end(),
        [](const SramParts &a, const SramParts &b) { return a.total() < b.total(); });
    usage.peakLayer = peak == usage.layers.end() ? -1 : int(peak - usage.layers.begin());
    return usage;
}

std::vector<TensorLife> tensorLives(const AtomGraph &graph)
{
    std::vector<TensorLife> lives;
    lives.reserve(graph.tensors.size());
    for (std::size_t t = 0; t < graph.tensors.size(); ++t) {
        const Tensor &tensor = graph.tensors[t];
        TensorLife life;
        life.tensor = int(t);
        life.first = std::max(tensor.producer, 0);
        life.last = std::max(tensor.lastUse, 0);
        life.bytes = tensor.bytes();
        life.producer = tensor.producer;
        lives.push_back(life);
    }
    return lives;
}

std::vector<int> tensorsAlive(const AtomGraph &graph, int layer)
{
    std::vector<int> alive;
    for (std::size_t t = 0; t < graph.tensors.size(); ++t)
        if (graph.tensors[t].producer <= layer && graph.tensors[t].lastUse >= layer)
            alive.push_back(int(t));
    return alive;
}

} // namespace atomnet
