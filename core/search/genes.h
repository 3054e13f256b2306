#pragma once

#include "core/search/space.h"

#include <array>
#include <vector>

// A space as genes: one number a choice, so that networks can be drawn, mutated and told apart.
namespace atomnet
{

/// One choice of a space.
struct Gene {
    enum class What : quint8 { Input, Fixed, Type, Width, Depth, Kernel, Expand, Se } what;
    int stage = -1;  ///< -1: the input
    int choices = 1; ///< at least 1
    bool operator==(const Gene &) const = default;
};
using Genome = std::vector<quint16>; ///< by gene, each below its choices

class Genes
{
public:
    explicit Genes(SearchSpace space);

    [[nodiscard]] const std::vector<Gene> &all() const { return m_genes; }
    [[nodiscard]] const SearchSpace &space() const { return m_space; }
    /// Genes that mean nothing in this genome (expansion of SEP, SE of a convolution) set to 0:
    /// equal networks have equal canonical genomes, as far as the lists of the space differ.
    [[nodiscard]] Genome canonical(Genome genome) const;
    /// Whether gene `index` says something in this genome.
    [[nodiscard]] bool means(const Genome &genome, std::size_t index) const;
    [[nodiscard]] Network network(const Genome &genome) const;
    /// Canonical; none when a choice of the network is not in the space's lists.
    [[nodiscard]] std::optional<Genome> genomeOf(const Network &network) const;

private:
    [[nodiscard]] std::optional<quint16> choiceOf(const Gene &gene, const Network &network) const;
    [[nodiscard]] BlockType typeOf(const Genome &genome, int stage) const;
    [[nodiscard]] std::size_t valueOf(const Genome &genome, Gene::What what, int stage) const;

    SearchSpace m_space;
    std::vector<Gene> m_genes;
    std::vector<std::array<int, 8>> m_places; ///< by stage and Gene::What; -1: no such gene
};

} // namespace atomnet
