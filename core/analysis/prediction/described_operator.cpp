#include "core/analysis/prediction/described_operator.h"

#include "core/lowering/atom_variant.h"
#include "core/lowering/graph_builder.h"

namespace atomnet
{

namespace
{

constexpr int largestKernel = 31;

bool isConvolution(AtomKind kind)
{
    return kind == AtomKind::Conv || kind == AtomKind::Depthwise || kind == AtomKind::Pointwise;
}

bool hasKernel(AtomKind kind)
{
    return kind == AtomKind::Conv || kind == AtomKind::Depthwise || kind == AtomKind::Pad;
}

bool hasOut(AtomKind kind)
{
    return kind == AtomKind::Conv || kind == AtomKind::Pointwise ||
           kind == AtomKind::PointwisePair || kind == AtomKind::FullyConnected;
}

/// What is wrong with the description, "" when nothing is.
QString fault(const DescribedOperator &op, Runtime runtime)
{
    const bool xCube = runtime == Runtime::XCubeAi72;
    if (xCube ? op.kind == AtomKind::PointwisePair
              : op.kind == AtomKind::Pad || op.kind == AtomKind::SqueezeExcite ||
                    op.kind == AtomKind::Mul)
        return QStringLiteral("%1 has no operator %2; it %3")
            .arg(runtimeId(runtime), toString(op.kind),
                 xCube ? QStringLiteral("runs two pointwise instead")
                 : op.kind == AtomKind::Pad
                     ? QStringLiteral("pads inside its convolutions")
                     : QStringLiteral("runs mean, two fully_connected and scale instead"));
    const Shape &in = op.in;
    if (in.h < 1 || in.w < 1 || in.c < 1 || in.h > maxSide || in.w > maxSide ||
        in.c > maxChannels || in.bytes() > maxTensorBytes)
        return QStringLiteral("the input %1x%2x%3 is no shape that a design can have")
            .arg(in.h)
            .arg(in.w)
            .arg(in.c);
    if (op.out && !hasOut(op.kind) && *op.out != in.c)
        return QStringLiteral("%1 has as many output channels as input channels; leave --out away")
            .arg(toString(op.kind));
    const int out = op.out.value_or(in.c);
    if (out < 1 || out > maxChannels)
        return QStringLiteral("output channels must lie between 1 and %1").arg(maxChannels);
    if (op.kernel && !hasKernel(op.kind) && *op.kernel != 1)
        return QStringLiteral("%1 has no kernel").arg(toString(op.kind));
    const int kernel = op.kernel.value_or(3);
    if (kernel < 1 || kernel > largestKernel || kernel % 2 == 0)
        return QStringLiteral("the kernel must be odd and at most %1").arg(largestKernel);
    if (op.stride < 1 || op.stride > maxStride || (op.stride > 1 && !isConvolution(op.kind)))
        return op.stride > 1 && op.stride <= maxStride
                   ? QStringLiteral("%1 has no stride").arg(toString(op.kind))
                   : QStringLiteral("the stride must lie between 1 and %1").arg(maxStride);
    if (op.squeeze && op.kind != AtomKind::SqueezeExcite)
        return QStringLiteral("only squeeze_excite has squeeze channels");
    if (op.expand && op.kind != AtomKind::PointwisePair)
        return QStringLiteral("only pointwise_pair has expanded channels");
    if (op.kind == AtomKind::PointwisePair && !op.expand)
        return QStringLiteral("a pointwise_pair needs --expand, its expanded channels");
    for (const std::optional<int> &width : {op.squeeze, op.expand})
        if (width && (*width < 1 || *width > maxChannels))
            return QStringLiteral("channels must lie between 1 and %1").arg(maxChannels);
    return {};
}

AtomKey convolutionKey(const DescribedOperator &op, const Emitter &emitter, GraphBuilder &graph)
{
    ConvSpec spec;
    spec.kind = op.kind;
    spec.role = op.kind == AtomKind::Depthwise ? Role::Depthwise : Role::Conv;
    spec.out = op.kind == AtomKind::Depthwise ? op.in.c : op.out.value_or(op.in.c);
    spec.kernel = op.kind == AtomKind::Pointwise ? 1 : op.kernel.value_or(3);
    spec.stride = op.stride;
    spec.act = keyAct(op.act);
    if (op.kind == AtomKind::Conv && spec.kernel == 1 && spec.stride == 1)
        spec.kind = AtomKind::Pointwise; // what lowering makes of it
    emitter.conv(graph, 0, spec);
    return graph.take().atoms.back().key;
}

AtomKey padKey(const DescribedOperator &op)
{
    const int border = op.kernel.value_or(3) / 2;
    AtomKey key =
        shapedKey(AtomKind::Pad, op.in, {op.in.h + 2 * border, op.in.w + 2 * border, op.in.c});
    key.padT = key.padL = key.padB = key.padR = quint16(border);
    return key;
}

} // namespace

Result<AtomKey> operatorKey(const DescribedOperator &op, Runtime runtime)
{
    if (const QString wrong = fault(op, runtime); !wrong.isEmpty())
        return fail(ErrorCode::Usage, wrong);
    const Emitter &emitter = runtime == Runtime::XCubeAi72 ? xCubeAiEmitter() : atomNet1Emitter();
    GraphBuilder graph(runtime, op.in, 2);
    const Shape &in = op.in;
    const int out = op.out.value_or(in.c);
    AtomKey key;
    switch (op.kind) {
    case AtomKind::Conv:
    case AtomKind::Depthwise:
    case AtomKind::Pointwise:
        return convolutionKey(op, emitter, graph);
    case AtomKind::PointwisePair:
        emitter.expandProject(graph, 0, *op.expand, out, keyAct(op.act));
        return graph.take().atoms.back().key;
    case AtomKind::SqueezeExcite: {
        SqueezeExcite module;
        module.channels = op.squeeze;
        emitter.squeezeExcite(graph, 0, module);
        return graph.take().atoms.back().key;
    }
    case AtomKind::Pad:
        return padKey(op);
    case AtomKind::Mean:
        key = shapedKey(op.kind, in, {1, 1, in.c});
        break;
    case AtomKind::FullyConnected:
        key = shapedKey(op.kind, {1, 1, in.c}, {1, 1, out});
        if (in.h != 1 || in.w != 1)
            return fail(ErrorCode::Usage,
                        QStringLiteral("fully_connected reads a 1x1 map: 1x1x%1").arg(in.bytes()));
        break;
    case AtomKind::Add:
    case AtomKind::Mul:
    case AtomKind::Scale:
        key = shapedKey(op.kind, in, in);
        break;
    }
    key.act = keyAct(op.act);
    if (runtime == Runtime::AtomNet1) key.variant = typicalVariant(key);
    return key;
}

} // namespace atomnet
