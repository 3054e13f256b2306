#include "core/device/operator_shape.h"

#include "firmware/kernels/ak_add.h"
#include "firmware/kernels/ak_conv2d.h"
#include "firmware/kernels/ak_depthwise.h"
#include "firmware/kernels/ak_fully_connected.h"
#include "firmware/kernels/ak_mul.h"
#include "firmware/kernels/ak_pack.h"
#include "firmware/kernels/ak_pointwise.h"
#include "firmware/kernels/ak_pointwise_pair.h"

#include <algorithm>

namespace atomnet
{

namespace
{

constexpr qint64 mostElements = qint64(1)
                                << 28; ///< of a tensor or of weights, as the kernels have it
constexpr qint32 mostSide = 65535;     ///< the protocol's fields

std::optional<qint64> offsetOf(int32_t maxOffset)
{
    if (maxOffset == AK_NO_OVERLAP) return std::nullopt;
    return maxOffset == AK_IN_PLACE_ONLY ? 0 : qint64(maxOffset);
}

bool isConvolution(AtomKind kind)
{
    return kind == AtomKind::Conv || kind == AtomKind::Depthwise;
}

bool hasWeights(AtomKind kind)
{
    return isConvolution(kind) || kind == AtomKind::Pointwise || kind == AtomKind::PointwisePair ||
           kind == AtomKind::FullyConnected;
}

Shape outputShape(const AtomKey &key)
{
    const auto side = [&](qint32 in) {
        return (in + 2 * (key.kernelH / 2) - key.kernelH) / key.strideH + 1;
    };
    switch (key.kind) {
    case AtomKind::Conv:
        return {side(key.inH), side(key.inW), key.outC};
    case AtomKind::Depthwise:
        return {side(key.inH), side(key.inW), key.inC};
    case AtomKind::Pointwise:
    case AtomKind::PointwisePair:
        return {key.inH, key.inW, key.outC};
    case AtomKind::FullyConnected:
        return {1, 1, key.outC};
    case AtomKind::Mean:
        return {1, 1, key.inC};
    default:
        return key.in();
    }
}

/// Kernel, stride, padding and groups are ones that our kernels have.
bool isOurConvolution(const AtomKey &key)
{
    const int kernel = key.kernelH, stride = key.strideH, pad = kernel / 2;
    const int groups = key.kind == AtomKind::Depthwise ? key.inC : 1;
    const int most = isConvolution(key.kind) ? 7 : 1, mostStride = isConvolution(key.kind) ? 4 : 1;
    return key.kernelW == kernel && key.strideW == stride && kernel % 2 == 1 && kernel <= most &&
           stride >= 1 && stride <= mostStride && key.padT == pad && key.padL == pad &&
           key.padB == pad && key.padR == pad && key.dilation == 1 && key.groups == groups;
}

bool packingsFit(const AtomKey &key)
{
    const int first = key.variant & 15, second = key.variant >> 4;
    if (key.variant == 0) return true;
    const auto dense = [](int packing) {
        return packing == AK_PACKING_PLAIN_4X2 || packing == AK_PACKING_HILO_4X2;
    };
    if (key.kind == AtomKind::PointwisePair) return dense(first) && dense(second);
    if (key.kind == AtomKind::Depthwise) return key.variant == AK_PACKING_DEPTHWISE;
    return hasWeights(key.kind) && second == 0 && dense(first);
}

} // namespace

QString operatorProblem(const AtomKey &key)
{
    switch (key.kind) {
    case AtomKind::Conv:
    case AtomKind::Depthwise:
    case AtomKind::Pointwise:
    case AtomKind::PointwisePair:
    case AtomKind::Add:
    case AtomKind::Scale:
    case AtomKind::Mean:
    case AtomKind::FullyConnected:
        break;
    default:
        return QStringLiteral("is none of the runtime atomnet-1");
    }
    if (key.act == KeyAct::Unknown) return QStringLiteral("has an unknown activation");
    if (!hasWeights(key.kind) && key.act != KeyAct::None)
        return QStringLiteral("has an activation, which only convolutions have");
    for (const qint32 side : {key.inH, key.inW, key.inC, key.outH, key.outW, key.outC})
        if (side < 1 || side > mostSide)
            return QStringLiteral("has a side that is not between 1 and 65535");
    const bool pair = key.kind == AtomKind::PointwisePair;
    if (key.squeeze < (pair ? 1 : 0) || key.squeeze > (pair ? mostSide : 0))
        return QStringLiteral("has an impossible number of channels in its middle");
    if (!isOurConvolution(key))
        return QStringLiteral("has a kernel, stride, padding or groups that no kernel has");
    if (key.out() != outputShape(key))
        return QStringLiteral("has another output than its input gives");
    const qint64 taps = qint64(key.kernelH) * key.kernelW;
    const qint64 inputs = key.kind == AtomKind::FullyConnected ? key.in().bytes() : key.inC;
    // Factors below 2^16 each, the third one below 50.
    const qint64 weights =
        key.kind == AtomKind::Depthwise ? taps * key.inC
        : pair ? std::max(qint64(key.inC) * key.squeeze, qint64(key.squeeze) * key.outC)
               : taps * std::min(inputs, mostElements) * key.outC;
    if (key.in().bytes() > mostElements || key.out().bytes() > mostElements ||
        (hasWeights(key.kind) && weights > mostElements))
        return QStringLiteral("is larger than any kernel takes");
    if (key.kind == AtomKind::FullyConnected && inputs > mostSide)
        return QStringLiteral("has more inputs than the protocol can say");
    if (!packingsFit(key)) return QStringLiteral("has a packing that its kernel does not read");
    return {};
}

OperatorShape operatorShape(const AtomKey &key)
{
    OperatorShape shape;
    shape.inputs[0] = key.in().bytes();
    shape.output = key.out().bytes();
    const qint32 pixels = key.inH * key.inW;
    switch (key.kind) {
    case AtomKind::Conv: {
        ak_conv2d_t p{};
        p.in_h = key.inH;
        p.in_w = key.inW;
        p.in_c = key.inC;
        p.out_c = key.outC;
        p.kernel = uint8_t(key.kernelH);
        p.stride = uint8_t(key.strideH);
        shape.scratch = qint64(ak_conv2d_s8_scratch_bytes(&p));
        shape.maxOffset = offsetOf(ak_conv2d_s8_max_offset(&p));
        shape.weights[0] = qint64(ak_pack_conv2d_bytes(key.kernelH, key.inC, key.outC));
        break;
    }
    case AtomKind::Depthwise: {
        ak_depthwise_t p{};
        p.in_h = key.inH;
        p.in_w = key.inW;
        p.channels = key.inC;
        p.kernel = uint8_t(key.kernelH);
        p.stride = uint8_t(key.strideH);
        shape.scratch = qint64(ak_depthwise_s8_scratch_bytes(&p));
        shape.maxOffset = offsetOf(ak_depthwise_s8_max_offset(&p));
        shape.weights[0] = qint64(ak_pack_depthwise_bytes(key.kernelH, key.inC));
        break;
    }
    case AtomKind::Pointwise: {
        ak_pointwise_t p{};
        p.pixels = pixels;
        p.in_c = key.inC;
        p.out_c = key.outC;
        shape.scratch = qint64(ak_pointwise_s8_scratch_bytes(&p));
        shape.maxOffset = offsetOf(ak_pointwise_s8_max_offset(&p));
        shape.weights[0] = qint64(ak_pack_pointwise_bytes(key.inC, key.outC));
        break;
    }
    case AtomKind::PointwisePair: {
        ak_pointwise_pair_t p{};
        p.pixels = pixels;
        p.in_c = key.inC;
        p.mid_c = key.squeeze;
        p.out_c = key.outC;
        shape.scratch = qint64(ak_pointwise_pair_s8_scratch_bytes(&p));
        shape.maxOffset = offsetOf(ak_pointwise_pair_s8_max_offset(&p));
        shape.weights = {qint64(ak_pack_pointwise_bytes(key.inC, key.squeeze)),
                         qint64(ak_pack_pointwise_bytes(key.squeeze, key.outC))};
        break;
    }
    case AtomKind::FullyConnected: {
        ak_fully_connected_t p{};
        p.in_c = int32_t(key.in().bytes());
        p.out_c = key.outC;
        shape.scratch = qint64(ak_fully_connected_s8_scratch_bytes(&p));
        shape.weights[0] = qint64(ak_pack_fully_connected_bytes(p.in_c, key.outC));
        break;
    }
    case AtomKind::Add: {
        const ak_add_t p{};
        shape.inputs[1] = shape.inputs[0];
        shape.maxOffset = offsetOf(ak_add_s8_max_offset(&p));
        break;
    }
    case AtomKind::Scale: {
        const ak_mul_t p{};
        shape.inputs[1] = key.inC;
        shape.maxOffset = offsetOf(ak_mul_s8_max_offset(&p));
        break;
    }
    default:
        break;
    }
    return shape;
}

} // namespace atomnet
