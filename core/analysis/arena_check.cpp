#include "core/analysis/arena_plan.h"

#include <algorithm>
#include <vector>

// Told from the graph and the kernels alone, apart from how plans are made.
namespace atomnet
{

namespace
{

/// Bytes from `begin` to `end`, exclusive.
struct Range {
    qint64 begin = 0, end = 0;
};

bool disjoint(const Range &a, const Range &b)
{
    return a.end <= b.begin || b.end <= a.begin;
}

/// True when the kernel lets its output lie like this over its input `which`.
bool allowed(const AtomKey &key, int which, const Range &in, const Range &out)
{
    const Overlap overlap = overlapOf(key, which);
    switch (overlap.kind) {
    case Overlap::Kind::None:
        break;
    case Overlap::Kind::InPlace:
        return in.begin == out.begin;
    case Overlap::Kind::UpTo:
        return out.begin - in.begin <= overlap.maxOffset;
    }
    return false;
}

/// Follows one plan through the graph.
class Check
{
public:
    Check(const AtomGraph &graph, const ArenaPlan &plan) : m_graph(graph), m_plan(plan) {}

    [[nodiscard]] QString problem()
    {
        if (m_plan.tensorOffsets.size() != m_graph.tensors.size() ||
            m_plan.scratchOffsets.size() != m_graph.atoms.size() ||
            m_plan.scratchBytes.size() != m_graph.atoms.size())
            return QStringLiteral("the plan is of another graph");
        if (m_plan.lowerBound > m_plan.arenaBytes ||
            m_plan.optimal != (m_plan.lowerBound == m_plan.arenaBytes))
            return QStringLiteral("an arena of %1 bytes and a lower bound of %2 contradict")
                .arg(m_plan.arenaBytes)
                .arg(m_plan.lowerBound);
        m_alive.push_back(0);
        if (const QString text = misplaced(tensorName(0), tensor(0)); !text.isEmpty()) return text;
        for (std::size_t i = 0; i < m_graph.atoms.size(); ++i)
            if (const QString text = problemAt(i); !text.isEmpty()) return text;
        return {};
    }

private:
    [[nodiscard]] Range tensor(int index) const
    {
        const qint64 begin = m_plan.tensorOffsets[std::size_t(index)];
        return {begin, begin + m_graph.tensors[std::size_t(index)].bytes()};
    }
    [[nodiscard]] static QString tensorName(int index)
    {
        return QStringLiteral("tensor %1").arg(index);
    }

    [[nodiscard]] QString misplaced(const QString &name, const Range &range) const
    {
        if (range.begin < 0 || range.begin % 4 != 0)
            return QStringLiteral("%1 lies at %2, not at a multiple of 4")
                .arg(name)
                .arg(range.begin);
        if (range.end > m_plan.arenaBytes)
            return QStringLiteral("%1 ends at %2, behind the arena\'s %3 bytes")
                .arg(name)
                .arg(range.end)
                .arg(m_plan.arenaBytes);
        return {};
    }

    [[nodiscard]] bool outputMayShare(std::size_t atom, int other, const Range &out) const
    {
        if (m_graph.tensors[std::size_t(other)].lastUse != int(atom)) return false; // read later
        const Atom &a = m_graph.atoms[atom];
        bool isInput = false;
        for (int which = 0; which < 2; ++which) {
            if (a.inputs[std::size_t(which)] != other) continue;
            if (!allowed(a.key, which, tensor(other), out)) return false;
            isInput = true;
        }
        return isInput;
    }

    [[nodiscard]] QString problemAt(std::size_t i)
    {
        const Atom &atom = m_graph.atoms[i];
        const QString scratchName = QStringLiteral("scratch of operator %1").arg(i);
        const Range out = tensor(atom.output);
        const Range scratch{m_plan.scratchOffsets[i],
                            m_plan.scratchOffsets[i] + m_plan.scratchBytes[i]};
        if (m_plan.scratchBytes[i] < scratchBytes(atom.key))
            return QStringLiteral("%1 has %2 bytes and needs %3")
                .arg(scratchName)
                .arg(m_plan.scratchBytes[i])
                .arg(scratchBytes(atom.key));
        if (const QString text = misplaced(tensorName(atom.output), out); !text.isEmpty())
            return text;
        if (const QString text = misplaced(scratchName, scratch); !text.isEmpty()) return text;

        std::erase_if(m_alive, [&](int other) {
            return std::max(0, m_graph.tensors[std::size_t(other)].lastUse) < int(i);
        });
        for (const int other : m_alive) {
            if (!disjoint(tensor(other), out) && !outputMayShare(i, other, out))
                return QStringLiteral("%1 and %2 share bytes at operator %3")
                    .arg(tensorName(other), tensorName(atom.output))
                    .arg(i);
            if (m_plan.scratchBytes[i] > 0 && !disjoint(tensor(other), scratch))
                return QStringLiteral("%1 and %2 share bytes").arg(tensorName(other), scratchName);
        }
        if (m_plan.scratchBytes[i] > 0 && !disjoint(out, scratch))
            return QStringLiteral("%1 and %2 share bytes")
                .arg(tensorName(atom.output), scratchName);
        m_alive.push_back(atom.output);
        return {};
    }

    const AtomGraph &m_graph;
    const ArenaPlan &m_plan;
    std::vector<int> m_alive;
};

} // namespace

QString planProblem(const AtomGraph &graph, const ArenaPlan &plan)
{
    return Check(graph, plan).problem();
}

} // namespace atomnet
