#include "core/measuring/design_plan.h"

namespace atomnet
{

std::optional<double> NetworkComparison::difference() const
{
    if (!sum || *sum == 0) return std::nullopt;
    return double(network - *sum) / double(*sum);
}

} // namespace atomnet
