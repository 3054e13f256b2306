#include "core/lowering/graph_builder.h"

// Our own kernels: padding folded into the convolutions, squeeze-and-excite from general atoms,
// adjacent pointwise convolutions as a pair whose expanded tensor never exists.
namespace atomnet
{

namespace
{

class AtomNet1Emitter final : public Emitter
{
public:
    int conv(GraphBuilder &graph, int in, const ConvSpec &wanted) const override
    {
        ConvSpec spec = wanted;
        // The pointwise kernel walks every pixel; one that skips some is a convolution with kernel 1.
        if (spec.kind == AtomKind::Pointwise && spec.stride > 1) spec.kind = AtomKind::Conv;
        return graph.append(paddedConvKey(spec, graph.shape(in)), spec.role, in);
    }

    int squeezeExcite(GraphBuilder &graph, int in, const SqueezeExcite &se) const override
    {
        const Shape shape = graph.shape(in);
        const Shape pooled{1, 1, shape.c};
        const Shape squeezed{1, 1, squeezeChannels(se, int(shape.c))};
        int gate = graph.append(shapedKey(AtomKind::Mean, shape, pooled), Role::SePool, in);
        AtomKey reduce = shapedKey(AtomKind::FullyConnected, pooled, squeezed);
        reduce.act = keyAct(se.act);
        gate = graph.append(reduce, Role::SeReduce, gate);
        AtomKey expand = shapedKey(AtomKind::FullyConnected, squeezed, pooled);
        expand.act = keyAct(se.gate);
        gate = graph.append(expand, Role::SeExpand, gate);
        return graph.append(shapedKey(AtomKind::Scale, shape, shape), Role::SeScale, in, gate);
    }

    int expandProject(GraphBuilder &graph, int in, int expanded, int out, KeyAct act) const override
    {
        const Shape shape = graph.shape(in);
        AtomKey key = shapedKey(AtomKind::PointwisePair, shape, {shape.h, shape.w, out});
        key.squeeze = expanded;
        key.act = act;
        return graph.append(key, Role::ExpandProject, in);
    }
};

} // namespace

const Emitter &atomNet1Emitter()
{
    static const AtomNet1Emitter emitter;
    return emitter;
}

} // namespace atomnet
