#include "core/analysis/arena_plan.h"

#include "core/analysis/arena_search.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace atomnet
{

namespace
{

constexpr std::size_t fewTensors = 8;     ///< up to this many the plan is exact
constexpr std::size_t mostSearched = 128; ///< buffers that are searched at once
constexpr qint64 mostNodes = 512;

/// Some of a problem's buffers, and the pairs among them.
struct Part {
    ArenaProblem problem;
    std::vector<int> buffers; ///< of the whole problem
};

/// The buffers with `chosen`, apart where no pair connects them.
std::vector<Part> partsOf(const ArenaProblem &problem, const std::vector<bool> &chosen)
{
    std::vector<int> parent(problem.buffers.size());
    std::iota(parent.begin(), parent.end(), 0);
    const auto root = [&parent](int i) {
        while (parent[std::size_t(i)] != i)
            i = parent[std::size_t(i)] = parent[std::size_t(parent[std::size_t(i)])];
        return i;
    };
    const auto within = [&chosen](const ArenaPair &pair) {
        return chosen[std::size_t(pair.a)] && chosen[std::size_t(pair.b)];
    };
    for (const ArenaPair &pair : problem.pairs)
        if (within(pair)) parent[std::size_t(root(pair.b))] = root(pair.a);

    std::vector<Part> parts;
    std::vector<int> partOf(problem.buffers.size(), -1), inPart(problem.buffers.size(), -1);
    for (std::size_t i = 0; i < problem.buffers.size(); ++i) {
        if (!chosen[i]) continue;
        int &part = partOf[std::size_t(root(int(i)))];
        if (part < 0) {
            part = int(parts.size());
            parts.emplace_back();
        }
        Part &own = parts[std::size_t(part)];
        inPart[i] = int(own.buffers.size());
        own.buffers.push_back(int(i));
        own.problem.buffers.push_back(problem.buffers[i]);
    }
    for (const ArenaPair &pair : problem.pairs) {
        if (!within(pair)) continue;
        Part &own = parts[std::size_t(partOf[std::size_t(root(pair.a))])];
        own.problem.pairs.push_back(
            {inPart[std::size_t(pair.a)], inPart[std::size_t(pair.b)], pair.overlap});
    }
    for (Part &part : parts)
        part.problem.lowerBound = leastArena(part.problem);
    return parts;
}

/// A plan of some buffers on the way down.
struct Found {
    std::vector<qint64> offsets;
    qint64 arenaBytes = 0, lowerBound = 0;
};

/// Better ones until none can be, or at most `goal` bytes are enough. False when it gave up.
bool improve(const ArenaProblem &problem, qint64 goal, qint64 nodes, Found &found)
{
    const auto asked = [&](qint64 bytes) {
        ArenaSearch search = searchArena(problem, bytes, nodes);
        if (search.offsets) {
            found.offsets = *std::move(search.offsets);
            found.arenaBytes = arenaEnd(problem, found.offsets);
        } else if (search.complete) {
            found.lowerBound = bytes + 4;
        }
        return search.complete;
    };
    if (found.arenaBytes <= goal) return true;
    if (!asked(std::max(goal, found.lowerBound))) return false;
    while (found.arenaBytes > std::max(goal, found.lowerBound))
        if (!asked(found.arenaBytes - 4)) return false;
    return true;
}

/// Where tensors have to overlap to stay below the bound decides the arena's size: each connected
/// piece of those with more than `hotBytes` alive at once is searched by itself, which also proves
/// bounds, and the rest is placed around it.
void searchHotParts(const ArenaProblem &problem, qint64 hotBytes, Found &found)
{
    const std::vector<qint64> pressure = pressures(problem);
    std::vector<bool> hot(pressure.size());
    for (std::size_t i = 0; i < hot.size(); ++i)
        hot[i] = pressure[i] > hotBytes;
    std::vector<qint64> fixed(problem.buffers.size(), -1);
    for (const Part &part : partsOf(problem, hot)) {
        Found own;
        own.offsets = placeByOrders(part.problem);
        own.arenaBytes = arenaEnd(part.problem, own.offsets);
        own.lowerBound = part.problem.lowerBound;
        if (part.buffers.size() <= mostSearched)
            improve(part.problem, found.lowerBound, mostNodes, own);
        found.lowerBound = std::max(found.lowerBound, own.lowerBound);
        for (std::size_t i = 0; i < part.buffers.size(); ++i)
            fixed[std::size_t(part.buffers[i])] = own.offsets[i];
    }
    if (found.arenaBytes <= found.lowerBound) return;
    std::vector<qint64> offsets = placeByOrders(problem, fixed);
    const qint64 arenaBytes = arenaEnd(problem, offsets);
    if (arenaBytes >= found.arenaBytes) return;
    found.offsets = std::move(offsets);
    found.arenaBytes = arenaBytes;
}

} // namespace

ArenaPlan planArena(const AtomGraph &graph)
{
    const ArenaProblem problem = arenaProblem(graph);
    Found found;
    found.offsets = placeByOrders(problem);
    found.arenaBytes = arenaEnd(problem, found.offsets);
    found.lowerBound = problem.lowerBound;
    if (graph.tensors.size() <= fewTensors)
        improve(problem, found.lowerBound, std::numeric_limits<qint64>::max(), found);
    // What fits at every step may still not fit around the hot parts; then more counts as hot.
    for (const int quarters : {4, 3, 2})
        if (found.arenaBytes > found.lowerBound)
            searchHotParts(problem, found.lowerBound / 4 * quarters, found);

    ArenaPlan plan;
    plan.tensorOffsets.assign(found.offsets.begin(),
                              found.offsets.begin() + std::ptrdiff_t(graph.tensors.size()));
    plan.scratchOffsets.assign(graph.atoms.size(), 0);
    plan.scratchBytes.assign(graph.atoms.size(), 0);
    for (std::size_t i = 0; i < graph.atoms.size(); ++i) {
        if (problem.scratchOf[i] < 0) continue;
        const std::size_t scratch = std::size_t(problem.scratchOf[i]);
        plan.scratchOffsets[i] = found.offsets[scratch];
        plan.scratchBytes[i] = problem.buffers[scratch].bytes;
    }
    plan.arenaBytes = found.arenaBytes;
    plan.lowerBound = found.lowerBound;
    plan.optimal = found.arenaBytes == found.lowerBound;
    return plan;
}

} // namespace atomnet
