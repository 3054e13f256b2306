#include "core/analysis/arena_problem.h"

#include <algorithm>

namespace atomnet
{

namespace
{

qint64 aligned(qint64 bytes)
{
    return (bytes + 3) & ~qint64(3);
}

/// Most bytes that an output of `out` bytes may share with its input of `in` bytes.
qint64 mostShared(const Overlap &overlap, qint64 in, qint64 out)
{
    switch (overlap.kind) {
    case Overlap::Kind::None:
        return 0;
    case Overlap::Kind::InPlace:
        return std::min(in, out);
    case Overlap::Kind::UpTo:
        break;
    }
    // At offset d the smaller lies wholly in the larger for d between 0 and in - out. Where only
    // smaller d are allowed, the output's end lies d + out behind the input's begin.
    if (overlap.maxOffset >= std::min(qint64(0), in - out)) return std::min(in, out);
    return std::max(qint64(0), overlap.maxOffset + out);
}

/// How the output of `atom` may lie over this tensor, which dies there.
Overlap overlapWith(const Atom &atom, int tensor)
{
    // A tensor read twice by one operator: both readers have to agree.
    Overlap overlap;
    bool seen = false;
    for (int which = 0; which < 2; ++which) {
        if (atom.inputs[std::size_t(which)] != tensor) continue;
        const Overlap here = overlapOf(atom.key, which);
        if (!seen)
            overlap = here;
        else if (here.kind != overlap.kind)
            return {};
        else
            overlap.maxOffset = std::min(overlap.maxOffset, here.maxOffset);
        seen = true;
    }
    return overlap;
}

} // namespace

ArenaProblem arenaProblem(const AtomGraph &graph)
{
    ArenaProblem problem;
    const std::size_t atoms = graph.atoms.size();
    problem.buffers.reserve(2 * atoms + 1);
    problem.pairs.reserve(6 * atoms);
    problem.scratchOf.assign(atoms, -1);
    for (const Tensor &tensor : graph.tensors)
        problem.buffers.push_back(
            {aligned(tensor.bytes()), std::max(tensor.producer, 0), std::max(tensor.lastUse, 0)});

    // Two buffers meet first where the later one is born: each is paired with who is alive then.
    std::vector<int> alive;
    const auto bear = [&](int buffer, const Atom *producer) {
        for (const int other : alive) {
            ArenaPair pair{other, buffer, {}};
            const bool dies = problem.buffers[std::size_t(other)].last ==
                              problem.buffers[std::size_t(buffer)].first;
            if (producer && dies) pair.overlap = overlapWith(*producer, other);
            problem.pairs.push_back(pair);
        }
        alive.push_back(buffer);
    };
    if (!graph.tensors.empty()) bear(0, nullptr);
    for (std::size_t i = 0; i < atoms; ++i) {
        const Atom &atom = graph.atoms[i];
        std::erase_if(
            alive, [&](int buffer) { return problem.buffers[std::size_t(buffer)].last < int(i); });
        bear(atom.output, &atom);
        const qint64 scratch = aligned(scratchBytes(atom.key));
        if (scratch == 0) continue;
        problem.scratchOf[i] = int(problem.buffers.size());
        problem.buffers.push_back({scratch, int(i), int(i)});
        bear(problem.scratchOf[i], nullptr);
    }
    problem.lowerBound = leastArena(problem);
    return problem;
}

// Proof. Fix a step. Buffers alive there lie pairwise disjoint, except outputs born at it over
// inputs dying at it. So their union is at least the sum of their bytes less, for each output, what
// it shares with its inputs: at most its own size, and at most the sum of mostShared() over them,
// which bounds each pair's intersection at every allowed offset. The arena covers that union.
qint64 leastArena(const ArenaProblem &problem)
{
    int last = -1;
    for (const ArenaBuffer &buffer : problem.buffers)
        last = std::max(last, buffer.last);
    std::vector<qint64> live(std::size_t(last) + 2, 0);
    for (const ArenaBuffer &buffer : problem.buffers) {
        live[std::size_t(buffer.first)] += buffer.bytes;
        live[std::size_t(buffer.last) + 1] -= buffer.bytes;
    }
    for (std::size_t step = 1; step < live.size(); ++step)
        live[step] += live[step - 1];

    std::vector<qint64> shared(problem.buffers.size(), 0); // by output
    for (const ArenaPair &pair : problem.pairs)
        shared[std::size_t(pair.b)] +=
            mostShared(pair.overlap, problem.buffers[std::size_t(pair.a)].bytes,
                       problem.buffers[std::size_t(pair.b)].bytes);
    for (std::size_t b = 0; b < shared.size(); ++b)
        live[std::size_t(problem.buffers[b].first)] -=
            std::min(problem.buffers[b].bytes, shared[b]);
    return *std::max_element(live.begin(), live.end());
}

std::vector<qint64> pressures(const ArenaProblem &problem)
{
    // Live sets grow only where a buffer is born, and all that are alive there are paired with it.
    const std::size_t count = problem.buffers.size();
    std::vector<qint64> atBirth(count), pressure(count, 0);
    for (std::size_t i = 0; i < count; ++i)
        atBirth[i] = problem.buffers[i].bytes;
    for (const ArenaPair &pair : problem.pairs)
        atBirth[std::size_t(pair.b)] += problem.buffers[std::size_t(pair.a)].bytes;
    for (std::size_t i = 0; i < count; ++i)
        pressure[i] = atBirth[i];
    for (const ArenaPair &pair : problem.pairs)
        pressure[std::size_t(pair.a)] =
            std::max(pressure[std::size_t(pair.a)], atBirth[std::size_t(pair.b)]);
    return pressure;
}

bool keepsApart(const ArenaProblem &problem, const ArenaPair &pair, qint64 a, qint64 b)
{
    if (a + problem.buffers[std::size_t(pair.a)].bytes <= b) return true;
    if (b + problem.buffers[std::size_t(pair.b)].bytes <= a) return true;
    switch (pair.overlap.kind) {
    case Overlap::Kind::None:
        break;
    case Overlap::Kind::InPlace:
        return a == b;
    case Overlap::Kind::UpTo:
        return b - a <= pair.overlap.maxOffset;
    }
    return false;
}

qint64 arenaEnd(const ArenaProblem &problem, const std::vector<qint64> &offsets)
{
    qint64 end = 0;
    for (std::size_t i = 0; i < offsets.size(); ++i)
        if (offsets[i] >= 0) end = std::max(end, offsets[i] + problem.buffers[i].bytes);
    return end;
}

} // namespace atomnet
