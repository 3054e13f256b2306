#include "core/lowering/lower.h"

#include "core/lowering/graph_builder.h"
#include "core/model/validate.h"

#include <limits>

namespace atomnet
{

namespace
{

static_assert(maxStages < std::numeric_limits<qint16>::max(), "Atom::stage holds the head's index");
constexpr std::size_t typicalAtomsPerBlock = 7;

/// Writes the blocks of one design with one runtime's emitter.
class Walk
{
public:
    Walk(GraphBuilder &graph, const Emitter &emitter) : m_graph(graph), m_emitter(emitter) {}

    int block(const Block &block, int in, int stride)
    {
        const Shape shape = m_graph.shape(in);
        m_graph.place.inShortcut = hasShortcut(block, shape, stride);
        int out = in;
        switch (block.type) {
        case BlockType::Conv:
            out = m_emitter.conv(m_graph, in,
                                 {block.kernel > 1 ? AtomKind::Conv : AtomKind::Pointwise,
                                  Role::Conv, block.out, block.kernel, stride, keyAct(block.act)});
            break;
        case BlockType::Sep:
            out = depthwise(block, in, stride);
            out = pointwise(out, Role::Pointwise, block.out, keyAct(block.act));
            break;
        case BlockType::ConvNext:
            out = depthwise(block, in, stride);
            out = m_emitter.expandProject(m_graph, out, expandedChannels(block, shape), block.out,
                                          keyAct(block.act));
            break;
        case BlockType::MbConv:
            if (block.expand != 1)
                out =
                    pointwise(out, Role::Expand, expandedChannels(block, shape), keyAct(block.act));
            out = depthwise(block, out, stride);
            out = pointwise(out, Role::Project, block.out, KeyAct::None);
            break;
        }
        if (!m_graph.place.inShortcut) return out;
        out = m_graph.append(shapedKey(AtomKind::Add, shape, shape), Role::Add, in, out);
        m_graph.place.inShortcut = false;
        return out;
    }

    void head(const Head &head, int in)
    {
        if (head.conv) in = pointwise(in, Role::HeadConv, head.conv->out, keyAct(head.conv->act));
        const Shape shape = m_graph.shape(in);
        in = m_graph.append(shapedKey(AtomKind::Mean, shape, {1, 1, shape.c}), Role::Pool, in);
        if (head.hidden)
            in = fullyConnected(in, Role::Hidden, head.hidden->out, keyAct(head.hidden->act));
        fullyConnected(in, Role::Classifier, head.classes, KeyAct::None);
    }

private:
    [[nodiscard]] static bool hasShortcut(const Block &block, const Shape &in, int stride)
    {
        const bool kept = block.type == BlockType::ConvNext || block.type == BlockType::MbConv;
        return kept && stride == 1 && in.c == block.out;
    }

    [[nodiscard]] static int expandedChannels(const Block &block, const Shape &in)
    {
        return makeDivisible(double(in.c) * block.expand, 8);
    }

    int pointwise(int in, Role role, int out, KeyAct act)
    {
        return m_emitter.conv(m_graph, in, {AtomKind::Pointwise, role, out, 1, 1, act});
    }

    int depthwise(const Block &block, int in, int stride)
    {
        const int channels = int(m_graph.shape(in).c);
        in = m_emitter.conv(m_graph, in,
                            {AtomKind::Depthwise, Role::Depthwise, channels, block.kernel, stride,
                             keyAct(block.act)});
        return block.se ? m_emitter.squeezeExcite(m_graph, in, *block.se) : in;
    }

    int fullyConnected(int in, Role role, int out, KeyAct act)
    {
        AtomKey key = shapedKey(AtomKind::FullyConnected, m_graph.shape(in), {1, 1, out});
        key.act = act;
        return m_graph.append(key, role, in);
    }

    GraphBuilder &m_graph;
    const Emitter &m_emitter;
};

[[nodiscard]] const Emitter &emitterOf(Runtime runtime)
{
    return runtime == Runtime::XCubeAi72 ? xCubeAiEmitter() : atomNet1Emitter();
}

[[nodiscard]] std::size_t blockCount(const Network &network)
{
    std::size_t count = 0;
    for (const Stage &stage : network.stages)
        for (const Block &block : stage.blocks)
            count += std::size_t(block.repeat);
    return count;
}

} // namespace

Result<AtomGraph> lower(const Network &network, Runtime runtime)
{
    if (auto valid = validate(network); !valid) return tl::make_unexpected(valid.error());
    const std::size_t blocks = blockCount(network);
    if (blocks == 0)
        return fail(ErrorCode::BadInput,
                    QStringLiteral("the design has no blocks; add one to a stage"));

    GraphBuilder graph(runtime, network.input, blocks * typicalAtomsPerBlock + 4);
    Walk walk(graph, emitterOf(runtime));
    int tensor = 0;
    for (std::size_t s = 0; s < network.stages.size(); ++s) {
        const Stage &stage = network.stages[s];
        for (std::size_t b = 0; b < stage.blocks.size(); ++b) {
            const Block &block = stage.blocks[b];
            for (int repeat = 0; repeat < block.repeat; ++repeat) {
                graph.place = {qint16(s), qint16(b), qint16(repeat), block.id, false};
                tensor = walk.block(block, tensor, repeat == 0 ? block.stride : 1);
            }
        }
    }
    graph.place = {qint16(network.stages.size()), -1, 0, {}, false};
    walk.head(network.head, tensor);

    AtomGraph lowered = graph.take();
    Q_ASSERT(verify(lowered));
    return lowered;
}

AtomGraph lowerBlock(const Block &block, const Shape &in, Runtime runtime)
{
    GraphBuilder graph(runtime, in, typicalAtomsPerBlock);
    graph.place = {0, 0, 0, block.id, false};
    Walk(graph, emitterOf(runtime)).block(block, 0, block.stride);
    return graph.take();
}

AtomGraph lowerHead(const Head &head, const Shape &in, Runtime runtime)
{
    GraphBuilder graph(runtime, in, 4);
    graph.place = {0, -1, 0, {}, false};
    Walk(graph, emitterOf(runtime)).head(head, 0);
    return graph.take();
}

} // namespace atomnet
