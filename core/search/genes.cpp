#include "core/search/genes.h"

#include "core/search/space_options.h"

#include <algorithm>

namespace atomnet
{

namespace
{

bool expands(BlockType type)
{
    return type == BlockType::ConvNext || type == BlockType::MbConv;
}

/// One block type with one value from each list.
Stage stageOf(const SpaceStage &stage, BlockType type, int width, int depth, int kernel,
              double expand, const std::optional<SqueezeExcite> &se)
{
    Block block;
    block.type = type;
    block.out = width;
    block.kernel = kernel;
    block.stride = stage.stride;
    block.expand = expands(type) ? expand : 1;
    block.act = stage.act;
    if (type != BlockType::Conv) block.se = se;
    block.repeat = depth;
    Stage made;
    made.name = stage.name;
    made.blocks = {block};
    return made;
}

template <class T>
std::optional<quint16> indexOf(const std::vector<T> &list, const T &value)
{
    const auto found = std::find(list.begin(), list.end(), value);
    if (found == list.end()) return {};
    return quint16(found - list.begin());
}

} // namespace

Genes::Genes(SearchSpace space) : m_space(std::move(space))
{
    const auto add = [this](Gene::What what, int stage, std::size_t choices) {
        if (stage >= 0) m_places[std::size_t(stage)][std::size_t(what)] = int(m_genes.size());
        m_genes.push_back({what, stage, std::max(1, int(choices))});
    };
    m_places.resize(m_space.stages.size());
    for (auto &places : m_places)
        places.fill(-1);
    add(Gene::What::Input, -1, spaceInputs(m_space).size());
    for (std::size_t i = 0; i < m_space.stages.size(); ++i) {
        const SpaceStage &stage = m_space.stages[i];
        if (!stage.fixed.empty()) {
            add(Gene::What::Fixed, int(i), stage.fixed.size());
            continue;
        }
        add(Gene::What::Type, int(i), stage.types.size());
        add(Gene::What::Width, int(i), stage.widths.size());
        add(Gene::What::Depth, int(i), stage.depths.size());
        add(Gene::What::Kernel, int(i), stage.kernels.size());
        add(Gene::What::Expand, int(i), stage.expands.size());
        add(Gene::What::Se, int(i), stage.se.size());
    }
}

std::size_t Genes::valueOf(const Genome &genome, Gene::What what, int stage) const
{
    const int place = m_places[std::size_t(stage)][std::size_t(what)];
    return place < 0 ? 0 : genome[std::size_t(place)];
}

BlockType Genes::typeOf(const Genome &genome, int stage) const
{
    return m_space.stages[std::size_t(stage)].types[valueOf(genome, Gene::What::Type, stage)];
}

bool Genes::means(const Genome &genome, std::size_t index) const
{
    const Gene &gene = m_genes[index];
    if (gene.choices < 2) return false;
    if (gene.what == Gene::What::Expand) return expands(typeOf(genome, gene.stage));
    if (gene.what == Gene::What::Se) return typeOf(genome, gene.stage) != BlockType::Conv;
    return true;
}

Genome Genes::canonical(Genome genome) const
{
    for (std::size_t i = 0; i < genome.size(); ++i)
        if (!means(genome, i)) genome[i] = 0;
    return genome;
}

Network Genes::network(const Genome &genome) const
{
    std::vector<Stage> stages;
    for (std::size_t i = 0; i < m_space.stages.size(); ++i) {
        const SpaceStage &stage = m_space.stages[i];
        const auto value = [&](Gene::What what) { return valueOf(genome, what, int(i)); };
        if (!stage.fixed.empty()) {
            stages.push_back(stage.fixed[value(Gene::What::Fixed)]);
            continue;
        }
        stages.push_back(stageOf(
            stage, stage.types[value(Gene::What::Type)], stage.widths[value(Gene::What::Width)],
            stage.depths[value(Gene::What::Depth)], stage.kernels[value(Gene::What::Kernel)],
            stage.expands[value(Gene::What::Expand)], stage.se[value(Gene::What::Se)]));
    }
    return networkOf(m_space, spaceInputs(m_space)[genome[0]], std::move(stages));
}

/// Which choice of this gene the network made; none when it is not of this space.
std::optional<quint16> Genes::choiceOf(const Gene &gene, const Network &network) const
{
    if (gene.choices < 2) return quint16(0);
    if (gene.stage < 0) return indexOf(spaceInputs(m_space), network.input);
    const SpaceStage &stage = m_space.stages[std::size_t(gene.stage)];
    if (std::size_t(gene.stage) >= network.stages.size()) return {};
    const std::vector<Block> &blocks = network.stages[std::size_t(gene.stage)].blocks;
    if (blocks.empty()) return {};
    const Block &block = blocks.front();
    int depth = 0;
    for (const Block &one : blocks)
        depth += one.repeat;
    switch (gene.what) {
    case Gene::What::Type:
        return indexOf(stage.types, block.type);
    case Gene::What::Width:
        return indexOf(stage.widths, block.out);
    case Gene::What::Depth:
        return indexOf(stage.depths, depth);
    case Gene::What::Kernel:
        return indexOf(stage.kernels, block.kernel);
    case Gene::What::Expand:
        // A block that has none says 1; what it stands for is no choice then.
        return indexOf(stage.expands, block.expand).value_or(quint16(0));
    case Gene::What::Se:
        return indexOf(stage.se, block.se).value_or(quint16(0));
    case Gene::What::Fixed:
        for (std::size_t i = 0; i < stage.fixed.size(); ++i)
            if (sameBlocks(stage.fixed[i], network.stages[std::size_t(gene.stage)]))
                return quint16(i);
        return {};
    default:
        return {};
    }
}

std::optional<Genome> Genes::genomeOf(const Network &network) const
{
    Genome genome;
    for (const Gene &gene : m_genes) {
        const auto choice = choiceOf(gene, network);
        if (!choice) return {};
        genome.push_back(*choice);
    }
    return canonical(std::move(genome));
}

} // namespace atomnet
