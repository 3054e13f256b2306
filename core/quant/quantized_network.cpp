#include "core/quant/quantized_network.h"

#include <algorithm>
#include <cmath>

namespace atomnet
{

int QuantizedNetwork::unitOf(int atom, int part) const
{
    const auto found = std::find_if(units.begin(), units.end(), [=](const WeightUnit &unit) {
        return unit.atom == atom && unit.part == part;
    });
    return found == units.end() ? -1 : int(found - units.begin());
}

const TensorQuant &QuantizedNetwork::inputOf(int atom, int which) const
{
    const int tensor = graph.atoms[std::size_t(atom)].inputs[std::size_t(which)];
    return tensors[std::size_t(tensor)];
}

const TensorQuant &QuantizedNetwork::outputOf(int atom) const
{
    return tensors[std::size_t(graph.atoms[std::size_t(atom)].output)];
}

qint8 quantise(float value, const TensorQuant &to)
{
    const double q = std::round(double(value) / double(to.scale)) + to.zeroPoint;
    return qint8(std::clamp(q, -128.0, 127.0));
}

} // namespace atomnet
