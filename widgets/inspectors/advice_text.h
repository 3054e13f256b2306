#pragma once

#include "widgets/document/advice.h"

#include <QString>

// How findings and fixes are worded.
namespace atomnet
{

/// effectText() with a real minus sign: "−12.4 KiB SRAM, +3.00 ms".
[[nodiscard]] QString effectLabel(const Effect &effect, TimeUnit unit);
/// Where a finding is: "s2, block 3", "Stage s2", "Head", "Design".
[[nodiscard]] QString placeText(const Network &network, const FindingPlace &place);

} // namespace atomnet
