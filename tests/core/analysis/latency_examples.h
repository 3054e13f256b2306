#pragma once

#include "core/analysis/latency_model.h"

#include <functional>

// Tables of operators whose latency follows a known law.
namespace atomnet
{

/// A table of `count` pointwise convolutions of many shapes; each median is `law` of its key.
[[nodiscard]] AtomTable pointwiseTable(int count, quint32 seed,
                                       const std::function<double(const AtomKey &)> &law);

/// A pointwise convolution.
[[nodiscard]] AtomKey pointwise(int side, int inC, int outC);

/// 1800 + 30 * outputs + 2 * MACs.
[[nodiscard]] double simpleLaw(const AtomKey &key);

} // namespace atomnet
