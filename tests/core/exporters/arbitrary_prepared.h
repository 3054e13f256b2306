#pragma once

#include "core/exporters/export_request.h"
#include "tests/core/inference/quantised_example.h"

namespace atomnet::test
{

/// A design ready to be exported, with numbers that no quantiser made; equal for equal seeds.
inline Prepared arbitraryPrepared(const Network &network, quint32 seed)
{
    QRandomGenerator random(seed);
    Example e = arbitraryExample(network, random);
    e.quantized.normalisation = defaultNormalisation(network.input.c);
    return {e.graph, e.units, {}, e.quantized, e.plan, e.layerNames};
}

} // namespace atomnet::test
