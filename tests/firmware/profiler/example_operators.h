#pragma once

#include "firmware/profiler/ap_operator.h"

#include <vector>

struct ExampleOperator {
    const char *name;
    ap_operator_t op;
};

/// Small operators of every kind, packing and place of weights, at most 16 KiB of arena.
std::vector<ExampleOperator> exampleOperators(uint32_t seed);
