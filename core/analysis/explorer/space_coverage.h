#pragma once

#include "core/lowering/atom_key.h"

#include <QString>

#include <vector>

namespace atomnet
{

/// What AtomDB lacks of a search space.
struct SpaceCoverage {
    struct Gap {
        AtomKey key;
        double uses = 0;       ///< in a network of the space, on average
        qint64 expectedNs = 0; ///< of measuring it
    };
    QString space;                         ///< its name
    std::vector<Gap> gaps;                 ///< what could be measured, the most telling first
    qint64 operators = 0;                  ///< distinct ones of the space
    qint64 measured = 0, unmeasurable = 0; ///< of them; beyond the board's memory
    double coveredUncertainty = 0;         ///< as SpacePlan
};

} // namespace atomnet
