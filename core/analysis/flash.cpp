#include "core/analysis/flash.h"

namespace atomnet
{

namespace
{

constexpr qint64 multiplierBytes = 4;
constexpr qint64 actTableBytes = 256;

} // namespace

qint64 layerFlashBytes(Runtime runtime, const AtomKey &key)
{
    const qint64 weights = weightBytesOf(key);
    if (runtime == Runtime::XCubeAi72) return weights;
    const bool hasTable = key.act == KeyAct::HSwish || key.act == KeyAct::HSigmoid;
    // Every channel that has a bias is requantised with a multiplier of its own.
    return weights + multiplierBytes * biasesOf(key) + (hasTable ? actTableBytes : 0);
}

RuntimeCode runtimeCode(Runtime runtime)
{
    if (runtime == Runtime::XCubeAi72) return {175'000, 171'000, 177'000};
    return {21 * 1024, 12 * 1024, 30 * 1024};
}

} // namespace atomnet
