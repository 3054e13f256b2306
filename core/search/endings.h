#pragma once

#include "core/base/run_control.h"
#include "core/search/bounds.h"

namespace atomnet
{

/// All ways in which networks end behind each shape, from some stage on, without those that others
/// dominate: what a label can still become, which is less than prices promise. They leave out what
/// only whole networks have, such as code and SRAM, and so are bounds too.
class Endings
{
public:
    Endings(const PreparedQuery &query, const Bound &bound, const RunControl &control);

    /// Forgets endings that cannot come to the bound's goal any more, and adds those of earlier
    /// stages as long as no more than `mostTried` have to be looked at. Stops early when cancelled.
    void extend(double mostTried);

    /// Whether a label that has come to this shape may still end at the bound's goal or above.
    [[nodiscard]] bool mayWin(std::size_t stage, quint32 shape, const Label &label) const;
    /// What a label is worth with the best ending behind it, at most; none where endings are not
    /// known.
    [[nodiscard]] std::optional<double> promise(std::size_t stage, quint32 shape,
                                                const Label &label) const;

private:
    struct Ending {
        double worth = 0;
        qint64 latency = 0, flash = 0;
    };
    /// Of one shape.
    struct Behind {
        std::vector<Ending> endings; ///< worth down
        /// The most that is worth anything up to a latency and a Flash, by cells of both.
        std::vector<double> most;
        qint64 leastLatency = 0, leastFlash = 0;
        double perLatency = 0, perFlash = 0; ///< cells
        /// At most this; the best ending within both, or one that is hardly beyond.
        [[nodiscard]] double mostWithin(qint64 latency, qint64 flash) const;
        [[nodiscard]] bool reaches(double worth, qint64 latency, qint64 flash) const;
        /// Only where that is clear at once.
        [[nodiscard]] bool dominates(const Ending &ending) const;
        void prune();
        void lookUp();
    };

    void forget();
    /// False when there were too many.
    [[nodiscard]] bool precede(std::size_t stage, double mostTried);
    void append(std::size_t stage, quint32 shape, const QueryRow &row, Behind &to) const;

    const PreparedQuery &m_query;
    const Bound &m_bound;
    const RunControl &m_control;
    std::vector<std::vector<Behind>> m_behind; ///< by stage and shape; empty: none known
    std::size_t m_first = 0;                   ///< stage whose endings are known
};

} // namespace atomnet
