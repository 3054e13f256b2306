#include "core/device/trust_operators.h"

#include "firmware/kernels/ak_types.h"

namespace atomnet
{

namespace
{

constexpr qint32 side = 7;

/// side x side x 9 to 10 channels.
AtomKey base(AtomKind kind, int packing, KeyAct act)
{
    AtomKey key;
    key.kind = kind;
    key.act = act;
    key.variant = quint16(packing);
    key.inH = key.inW = key.outH = key.outW = side;
    key.inC = 9;
    key.outC = 10;
    return key;
}

AtomKey withKernel(AtomKey key, quint16 kernel, quint16 stride)
{
    key.kernelH = key.kernelW = kernel;
    key.strideH = key.strideW = stride;
    key.padT = key.padL = key.padB = key.padR = quint16(kernel / 2);
    key.outH = key.outW = (side + 2 * (kernel / 2) - kernel) / stride + 1;
    return key;
}

AtomKey depthwise(quint16 kernel, quint16 stride, KeyAct act)
{
    AtomKey key = withKernel(base(AtomKind::Depthwise, AK_PACKING_DEPTHWISE, act), kernel, stride);
    key.outC = key.groups = key.inC;
    return key;
}

AtomKey pair(int expand, int project)
{
    AtomKey key = base(AtomKind::PointwisePair, expand | project << 4, KeyAct::Relu);
    // A multiple of 4, as lowering makes them: behind others the second kernel relies on weights
    // that are 0, which the pattern's are not.
    key.squeeze = 24;
    return key;
}

AtomKey elementwise(AtomKind kind)
{
    AtomKey key = base(kind, AK_PACKING_NONE, KeyAct::None);
    key.outC = key.inC;
    if (kind == AtomKind::Mean) key.outH = key.outW = 1;
    return key;
}

AtomKey fullyConnected(int packing, KeyAct act)
{
    AtomKey key = base(AtomKind::FullyConnected, packing, act);
    key.inH = key.inW = key.outH = key.outW = 1;
    key.inC = 37;
    return key;
}

} // namespace

std::vector<AtomKey> trustOperators()
{
    constexpr int plain = AK_PACKING_PLAIN_4X2, hilo = AK_PACKING_HILO_4X2;
    return {withKernel(base(AtomKind::Conv, plain, KeyAct::Relu6), 3, 2),
            withKernel(base(AtomKind::Conv, hilo, KeyAct::None), 5, 1),
            depthwise(3, 1, KeyAct::Relu),
            depthwise(5, 2, KeyAct::HSwish),
            base(AtomKind::Pointwise, plain, KeyAct::HSwish),
            base(AtomKind::Pointwise, hilo, KeyAct::Relu6),
            pair(plain, plain),
            pair(hilo, hilo),
            elementwise(AtomKind::Add),
            elementwise(AtomKind::Scale),
            elementwise(AtomKind::Mean),
            fullyConnected(plain, KeyAct::None),
            fullyConnected(hilo, KeyAct::HSigmoid)};
}

} // namespace atomnet
