#pragma once

#include "core/device/operator_request.h"

namespace atomnet
{

/// What the kernels of atomnet-1 say about an operator. Bytes.
struct OperatorShape {
    std::array<qint64, 2> inputs{0, 0}; ///< the second of add and scale, else 0
    qint64 output = 0, scratch = 0;
    std::array<qint64, 2> weights{0, 0}; ///< packed; the second of a pair's project
    /// Largest (output - first input) at which the two may overlap; none: not at all.
    std::optional<qint64> maxOffset;
};
/// Of a key without problem.
[[nodiscard]] OperatorShape operatorShape(const AtomKey &key);

/// Why atomnet-1's kernels or the protocol have no such operator: a clause behind "this operator",
/// "" when they have.
[[nodiscard]] QString operatorProblem(const AtomKey &key);

/// Tensors begin at multiples of 4.
[[nodiscard]] constexpr qint64 alignedUp(qint64 bytes)
{
    return (bytes + 3) & ~qint64(3);
}

} // namespace atomnet
