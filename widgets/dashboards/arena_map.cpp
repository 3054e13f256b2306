#include "widgets/dashboards/arena_map.h"

#include <algorithm>
#include <numeric>

namespace atomnet
{

namespace
{

/// First free lane for each life, in order of birth: as many lanes as tensors that live at once.
std::vector<int> lanesOf(const std::vector<TensorLife> &lives)
{
    std::vector<std::size_t> order(lives.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::stable_sort(order.begin(), order.end(), [&lives](std::size_t a, std::size_t b) {
        return lives[a].first < lives[b].first;
    });
    std::vector<int> lanes(lives.size(), 0);
    std::vector<int> busyUntil; // by lane: the last layer of its newest life
    for (const std::size_t i : order) {
        const auto free = std::find_if(busyUntil.begin(), busyUntil.end(),
                                       [&](int last) { return last < lives[i].first; });
        const auto lane = free - busyUntil.begin();
        if (free == busyUntil.end()) busyUntil.push_back(0);
        busyUntil[std::size_t(lane)] = lives[i].last;
        lanes[i] = int(lane);
    }
    return lanes;
}

/// True when the tensor shares bytes with another one while its producer runs.
bool liesOverInput(const Report &report, const TensorLife &life)
{
    if (life.producer < 0 || life.producer >= int(report.layers.size()) || !life.offset)
        return false;
    for (const int input : report.layers[std::size_t(life.producer)].atom.inputs) {
        if (input < 0 || input >= int(report.tensors.size())) continue;
        const TensorLife &other = report.tensors[std::size_t(input)];
        if (other.offset && *life.offset < *other.offset + other.bytes &&
            *other.offset < *life.offset + life.bytes)
            return true;
    }
    return false;
}

} // namespace

ArenaMap toArenaMap(const Report &report)
{
    ArenaMap map;
    map.layers = int(report.layers.size());
    map.peakLayer = report.peak.layer;
    map.hasOffsets = !report.tensors.empty() &&
                     std::all_of(report.tensors.begin(), report.tensors.end(),
                                 [](const TensorLife &life) { return life.offset.has_value(); });
    qint64 largest = 1;
    for (const TensorLife &life : report.tensors)
        largest = std::max(largest, life.bytes);
    const std::vector<int> lanes = map.hasOffsets ? std::vector<int>() : lanesOf(report.tensors);

    for (std::size_t i = 0; i < report.tensors.size(); ++i) {
        const TensorLife &life = report.tensors[i];
        ArenaBar bar;
        bar.life = int(i);
        bar.first = std::clamp(life.first, 0, std::max(0, map.layers - 1));
        bar.last = std::clamp(life.last, bar.first, std::max(0, map.layers - 1));
        bar.held = life.last > std::max(life.producer, life.first) + 1;
        bar.atPeak = std::find(report.peak.tensors.begin(), report.peak.tensors.end(),
                               life.tensor) != report.peak.tensors.end();
        if (map.hasOffsets) {
            bar.from = double(*life.offset) / 1024;
            bar.to = double(*life.offset + life.bytes) / 1024;
            bar.overInput = liesOverInput(report, life);
        } else {
            bar.from = lanes[i];
            bar.to = lanes[i] + 0.85 * double(life.bytes) / double(largest);
        }
        map.top = std::max(map.top, map.hasOffsets ? bar.to : bar.from + 1);
        map.bars.append(bar);
    }
    return map;
}

int barAt(const ArenaMap &map, int layer, double value)
{
    for (qsizetype i = map.bars.size() - 1; i >= 0; --i) {
        const ArenaBar &bar = map.bars[i];
        const double to =
            map.hasOffsets ? bar.to : bar.from + 1; // the whole lane, small tensors are thin
        if (layer >= bar.first && layer <= bar.last && value >= bar.from && value < to)
            return int(i);
    }
    return -1;
}

} // namespace atomnet
