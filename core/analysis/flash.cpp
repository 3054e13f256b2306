#include "core/analysis/flash.h"

namespace atomnet
{

namespace
{

constexpr qint64 multiplierBytes = 4;
constexpr qint64 actTableBytes = 256;

/// Output channels that are requantised with a multiplier of their own.
qint64 requantisedChannels(const AtomKey &key)
{
    switch (key.kind) {
    case AtomKind::Conv:
    case AtomKind::Depthwise:
    case AtomKind::Pointwise:
    case AtomKind::FullyConnected:
        return key.outC;
    case AtomKind::PointwisePair:
        return qint64(key.squeeze) + key.outC;
    case AtomKind::SqueezeExcite:
        return qint64(key.squeeze) + key.inC;
    case AtomKind::Pad:
    case AtomKind::Add:
    case AtomKind::Mul:
    case AtomKind::Scale:
    case AtomKind::Mean:
        break;
    }
    return 0;
}

} // namespace

qint64 layerFlashBytes(Runtime runtime, const AtomKey &key)
{
    const qint64 weights = weightBytesOf(key);
    if (runtime == Runtime::XCubeAi72) return weights;
    const bool hasTable = key.act == KeyAct::HSwish || key.act == KeyAct::HSigmoid;
    return weights + multiplierBytes * requantisedChannels(key) + (hasTable ? actTableBytes : 0);
}

RuntimeCode runtimeCode(Runtime runtime)
{
    if (runtime == Runtime::XCubeAi72) return {175'000, 171'000, 177'000};
    return {21 * 1024, 12 * 1024, 30 * 1024};
}

} // namespace atomnet
