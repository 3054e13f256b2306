#pragma once

#include "core/quant/quantized_network.h"

#include <QByteArray>

#include <vector>

namespace atomnet::judges
{

/// One operator of a whole network as a network of its own. Pairs come as two pointwise
/// convolutions; activation tables are left out (they have a test of their own), so that what is
/// compared is what the convolution wrote.
struct Part {
    int atom = -1;
    int unit = -1; ///< index into the network's units; -1 without weights
    QuantizedNetwork network;
};

/// The parts of atom `atom`, in order: two for a pair, else one.
[[nodiscard]] std::vector<Part> partsOf(const QuantizedNetwork &network, int atom);

/// int8 values behind the unit's table, as the next operator reads them.
[[nodiscard]] QByteArray behindTable(const QuantizedNetwork &network, int unit,
                                     const QByteArray &convolved);

} // namespace atomnet::judges
