#pragma once

#include "core/inference/program.h"
#include "firmware/kernels/ak_types.h"

// A call of a program as a call of its C kernel.
namespace atomnet
{

struct CallMemory {
    std::array<const qint8 *, 2> inputs{};
    qint8 *output = nullptr;
    qint8 *scratch = nullptr;
};
[[nodiscard]] ak_status_t runCall(const Program &program, const Call &call,
                                  const CallMemory &memory);
[[nodiscard]] qint64 scratchBytesOf(const Call &call);

} // namespace atomnet
