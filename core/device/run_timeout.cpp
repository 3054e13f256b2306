#include "core/device/session_private.h"

namespace atomnet
{

double multiplications(const ap_operator_t &op)
{
    const int stride = std::max<int>(op.stride, 1), kernel = std::max<int>(op.kernel, 1);
    const double inputs = double(op.in_h) * op.in_w, c = op.in_c;
    const double outputs = inputs / (stride * stride);
    switch (op.kind) {
    case AP_OP_CONV:
        return outputs * kernel * kernel * c * op.out_c;
    case AP_OP_DEPTHWISE:
        return outputs * kernel * kernel * c;
    case AP_OP_POINTWISE:
        return inputs * c * op.out_c;
    case AP_OP_POINTWISE_PAIR:
        return inputs * op.mid_c * (c + op.out_c);
    case AP_OP_FULLY_CONNECTED:
        return inputs * c * op.out_c;
    default:
        return inputs * c;
    }
}

int runTimeoutMs(const ap_operator_t &op, int repetitions, quint32 clockHz)
{
    // Instructions of the slowest path, with work at the borders; emulators make at least 10
    // million of them in a second even on a busy machine, boards about one in two cycles from Flash
    // without caches.
    const double tensors = double(op.in_h) * op.in_w * (op.in_c + op.out_c + op.mid_c);
    const double instructions = 10 * multiplications(op) + 40 * tensors + 1e6;
    const double seconds = instructions / (clockHz ? clockHz / 8.0 : 1e7);
    // One more for the first run, whose output is checked; inputs are made anew each time.
    return int(std::min(5000 + 1000 * seconds * (repetitions + 1), 3.6e6));
}

} // namespace atomnet
