#pragma once

#include "firmware/port/port.h"

/// A model for tests: 24 bytes in, 8 out, each the sum of three inputs plus 1. Returns 7 when its
/// first input is 99.
inline constexpr uint32_t fakeModelInput = 24, fakeModelOutput = 8;
