#pragma once

#include "core/base/result.h"
#include "core/model/network.h"

#include <optional>
#include <vector>

// A search space: which networks may be built, stage by stage, in the shape of the paper's Table 2.
namespace atomnet
{

/// What a stage may be. All blocks of a stage are equal; the stride is that of the first. A list of
/// one is a choice already made. Expansions mean nothing for conv and sep: such networks are the
/// same whatever they say.
struct SpaceStage {
    QString name;
    std::vector<BlockType> types;
    std::vector<int> widths, depths{1}, kernels{3};
    std::vector<double> expands{1};
    std::vector<std::optional<SqueezeExcite>> se{std::nullopt}; ///< without and with
    int stride = 1;
    Activation act = Activation::HSwish;
    /// Literal stages instead of the lists (a locked stage that the lists do not hold); any blocks.
    std::vector<Stage> fixed;
    bool operator==(const SpaceStage &) const = default;
};

struct SearchSpace {
    QString name;
    std::vector<int> resolutions; ///< input height and width
    std::vector<Shape> inputs;    ///< more inputs, not square perhaps (a locked input)
    int channels = 3;
    std::vector<SpaceStage> stages;
    Head head;
    bool operator==(const SearchSpace &) const = default;
};

/// Table 2 of the paper, 1,000 classes; resolution 92 as printed, or 96 instead of it.
[[nodiscard]] SearchSpace paperSpace(bool resolution96 = false);
/// Table 2 widened until it holds AtomNet-256KB: expansion 3 and 6 from the fifth stage on, SE or
/// none in the fourth, and whatever else that network needs.
[[nodiscard]] SearchSpace widePaperSpace();

/// "paper", "paper96", "paper-wide", or a file: {"format": "atomnet-space", "version": 1, ...},
/// described in core/search/README.md. BadInput with line:column, also for lists that are empty,
/// repeat or leave the design's limits.
[[nodiscard]] Result<SearchSpace> spaceByName(const QString &nameOrPath);
[[nodiscard]] Result<SearchSpace> readSpace(const QByteArray &bytes, const QString &fileName);
[[nodiscard]] QByteArray writeSpace(const SearchSpace &space);

/// Networks of the space. labelled counts every combination of the lists, distinct those that
/// differ as networks. Doubles are exact to 2^53; the text has all digits ("57,153,600").
struct SpaceCount {
    double labelled = 0, distinct = 0;
    QString labelledText, distinctText;
};
[[nodiscard]] SpaceCount countNetworks(const SearchSpace &space);

/// The space with what is locked in `design` kept (Network::inputLocked, Stage::locked,
/// Block::locked), stage i of the design for stage i of the space. A locked stage stays exactly as
/// it is, be it in the space or not. A locked block keeps its type, width, kernel, expansion and
/// SE; the stage's depth is at least its position. BadInput for locks that contradict each other or
/// the space, one sentence that names the stage and both sides.
[[nodiscard]] Result<SearchSpace> lockedSpace(const SearchSpace &space, const Network &design);

} // namespace atomnet
