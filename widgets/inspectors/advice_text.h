#pragma once

#include "widgets/document/advice.h"

#include <QString>

// How findings and fixes are worded.
namespace atomnet
{

/// What a fix changes: "−12.4 KiB SRAM, +3.00 ms"; what stays is left out. "changes no figure".
[[nodiscard]] QString effectText(const Effect &effect, TimeUnit unit);
/// Where a finding is: "s2, block 3", "Stage s2", "Head", "Design".
[[nodiscard]] QString placeText(const Network &network, const FindingPlace &place);

} // namespace atomnet
