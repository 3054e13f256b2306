#include "core/analysis/kernel_facts.h"

#include "firmware/kernels/ak_add.h"
#include "firmware/kernels/ak_conv2d.h"
#include "firmware/kernels/ak_depthwise.h"
#include "firmware/kernels/ak_fully_connected.h"
#include "firmware/kernels/ak_mul.h"
#include "firmware/kernels/ak_pack.h"
#include "firmware/kernels/ak_pointwise.h"
#include "firmware/kernels/ak_pointwise_pair.h"

namespace atomnet
{

namespace
{

// Sizes that say the shape alone: what a kernel needs does not depend on the rest.

ak_conv2d_t convOf(const AtomKey &key)
{
    ak_conv2d_t p{};
    p.in_h = key.inH;
    p.in_w = key.inW;
    p.in_c = key.inC;
    p.out_c = key.outC;
    p.kernel = uint8_t(key.kernelH);
    p.stride = uint8_t(key.strideH);
    return p;
}

ak_depthwise_t depthwiseOf(const AtomKey &key)
{
    ak_depthwise_t p{};
    p.in_h = key.inH;
    p.in_w = key.inW;
    p.channels = key.inC;
    p.kernel = uint8_t(key.kernelH);
    p.stride = uint8_t(key.strideH);
    return p;
}

ak_pointwise_t pointwiseOf(const AtomKey &key)
{
    ak_pointwise_t p{};
    p.pixels = key.inH * key.inW;
    p.in_c = key.inC;
    p.out_c = key.outC;
    return p;
}

ak_pointwise_pair_t pairOf(const AtomKey &key)
{
    ak_pointwise_pair_t p{};
    p.pixels = key.inH * key.inW;
    p.in_c = key.inC;
    p.mid_c = key.squeeze;
    p.out_c = key.outC;
    return p;
}

ak_fully_connected_t denseOf(const AtomKey &key)
{
    ak_fully_connected_t p{};
    p.in_c = int32_t(key.in().bytes());
    p.out_c = key.outC;
    return p;
}

Overlap overlapUpTo(int32_t maxOffset)
{
    if (maxOffset == AK_NO_OVERLAP) return {};
    if (maxOffset == AK_IN_PLACE_ONLY) return {Overlap::Kind::InPlace, 0};
    return {Overlap::Kind::UpTo, maxOffset};
}

/// Bias and multiplier of every channel, 4 bytes each.
qint64 channelBytes(qint32 channels)
{
    return qint64(2) * 4 * ak_padded_channels(channels);
}

} // namespace

qint64 scratchBytes(const AtomKey &key)
{
    switch (key.kind) {
    case AtomKind::Conv: {
        const ak_conv2d_t p = convOf(key);
        return qint64(ak_conv2d_s8_scratch_bytes(&p));
    }
    case AtomKind::Depthwise: {
        const ak_depthwise_t p = depthwiseOf(key);
        return qint64(ak_depthwise_s8_scratch_bytes(&p));
    }
    case AtomKind::Pointwise: {
        const ak_pointwise_t p = pointwiseOf(key);
        return qint64(ak_pointwise_s8_scratch_bytes(&p));
    }
    case AtomKind::PointwisePair: {
        const ak_pointwise_pair_t p = pairOf(key);
        return qint64(ak_pointwise_pair_s8_scratch_bytes(&p));
    }
    case AtomKind::FullyConnected: {
        const ak_fully_connected_t p = denseOf(key);
        return qint64(ak_fully_connected_s8_scratch_bytes(&p));
    }
    case AtomKind::Add:
    case AtomKind::Mul:
    case AtomKind::Scale:
    case AtomKind::Mean:
    case AtomKind::Pad:
    case AtomKind::SqueezeExcite:
        break;
    }
    return 0;
}

Overlap overlapOf(const AtomKey &key, int which)
{
    if (key.kind == AtomKind::Add) {
        const ak_add_t p{};
        return overlapUpTo(ak_add_s8_max_offset(&p));
    }
    if (which != 0) return {}; // the gate of a scale
    switch (key.kind) {
    case AtomKind::Conv: {
        const ak_conv2d_t p = convOf(key);
        return overlapUpTo(ak_conv2d_s8_max_offset(&p));
    }
    case AtomKind::Depthwise: {
        const ak_depthwise_t p = depthwiseOf(key);
        return overlapUpTo(ak_depthwise_s8_max_offset(&p));
    }
    case AtomKind::Pointwise: {
        const ak_pointwise_t p = pointwiseOf(key);
        return overlapUpTo(ak_pointwise_s8_max_offset(&p));
    }
    case AtomKind::PointwisePair: {
        const ak_pointwise_pair_t p = pairOf(key);
        return overlapUpTo(ak_pointwise_pair_s8_max_offset(&p));
    }
    case AtomKind::Scale: {
        const ak_mul_t p{};
        return overlapUpTo(ak_mul_s8_max_offset(&p));
    }
    case AtomKind::Add:
    case AtomKind::Mul:
    case AtomKind::Mean:
    case AtomKind::FullyConnected:
    case AtomKind::Pad:
    case AtomKind::SqueezeExcite:
        break;
    }
    return {};
}

qint64 packedBytes(const AtomKey &key)
{
    switch (key.kind) {
    case AtomKind::Conv:
        return qint64(ak_pack_conv2d_bytes(key.kernelH, key.inC, key.outC)) +
               channelBytes(key.outC);
    case AtomKind::Depthwise:
        return qint64(ak_pack_depthwise_bytes(key.kernelH, key.outC)) + channelBytes(key.outC);
    case AtomKind::Pointwise:
        return qint64(ak_pack_pointwise_bytes(key.inC, key.outC)) + channelBytes(key.outC);
    case AtomKind::PointwisePair:
        return qint64(ak_pack_pointwise_bytes(key.inC, key.squeeze)) + channelBytes(key.squeeze) +
               qint64(ak_pack_pointwise_bytes(key.squeeze, key.outC)) + channelBytes(key.outC);
    case AtomKind::FullyConnected:
        return qint64(ak_pack_fully_connected_bytes(int32_t(key.in().bytes()), key.outC)) +
               channelBytes(key.outC);
    case AtomKind::Add:
    case AtomKind::Mul:
    case AtomKind::Scale:
    case AtomKind::Mean:
    case AtomKind::Pad:
    case AtomKind::SqueezeExcite:
        break;
    }
    return 0;
}

int actTables(const AtomKey &key)
{
    return key.act == KeyAct::HSwish || key.act == KeyAct::HSigmoid ? 1 : 0;
}

} // namespace atomnet
