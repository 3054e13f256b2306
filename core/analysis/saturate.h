#pragma once

#include <QtGlobal>

#include <limits>

namespace atomnet
{

/// a + b for amounts that are not negative; sticks at the largest number instead of overflowing.
[[nodiscard]] inline qint64 saturatingAdd(qint64 a, qint64 b)
{
    qint64 sum = 0;
    return __builtin_add_overflow(a, b, &sum) ? std::numeric_limits<qint64>::max() : sum;
}

} // namespace atomnet
