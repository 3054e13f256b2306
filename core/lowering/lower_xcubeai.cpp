#include "core/lowering/graph_builder.h"

// X-CUBE-AI 7.2, as AtomDB's files show it: padding is a layer of its own except at the stem, and
// squeeze-and-excite was measured as one module.
namespace atomnet
{

namespace
{

constexpr qint64 stemChannels = 3;

/// The files do not say strides, so keys carry the smallest one that explains the sizes
/// (atom_key.h).
void useSmallestStrides(AtomKey &key)
{
    key.strideH = quint16(smallestStride(key.inH, key.padT + key.padB, key.kernelH, key.outH));
    key.strideW = quint16(smallestStride(key.inW, key.padL + key.padR, key.kernelW, key.outW));
}

class XCubeAiEmitter final : public Emitter
{
public:
    int conv(GraphBuilder &graph, int in, const ConvSpec &spec) const override
    {
        const Shape raw = graph.shape(in);
        AtomKey key = paddedConvKey(spec, raw);
        const bool isStem = spec.kind == AtomKind::Conv && raw.c == stemChannels;
        if (spec.kernel > 1 && !isStem) {
            in = pad(graph, in, key);
            const Shape &padded = graph.shape(in);
            key.inH = qint32(padded.h);
            key.inW = qint32(padded.w);
            key.padT = key.padL = key.padB = key.padR = 0;
        }
        useSmallestStrides(key);
        return graph.append(key, spec.role, in);
    }

    int squeezeExcite(GraphBuilder &graph, int in, const SqueezeExcite &se) const override
    {
        const Shape shape = graph.shape(in);
        AtomKey key = shapedKey(AtomKind::SqueezeExcite, shape, shape);
        key.squeeze = squeezeChannels(se, int(shape.c));
        key.act = keyAct(se.act);
        return graph.append(key, Role::Se, in);
    }

    int expandProject(GraphBuilder &graph, int in, int expanded, int out, KeyAct act) const override
    {
        in = conv(graph, in, {AtomKind::Pointwise, Role::Expand, expanded, 1, 1, act});
        return conv(graph, in, {AtomKind::Pointwise, Role::Project, out, 1, 1, KeyAct::None});
    }

private:
    static int pad(GraphBuilder &graph, int in, const AtomKey &conv)
    {
        const Shape raw = graph.shape(in);
        AtomKey key =
            shapedKey(AtomKind::Pad, raw,
                      {raw.h + conv.padT + conv.padB, raw.w + conv.padL + conv.padR, raw.c});
        key.padT = conv.padT;
        key.padL = conv.padL;
        key.padB = conv.padB;
        key.padR = conv.padR;
        return graph.append(key, Role::Pad, in);
    }
};

} // namespace

const Emitter &xCubeAiEmitter()
{
    static const XCubeAiEmitter emitter;
    return emitter;
}

} // namespace atomnet
