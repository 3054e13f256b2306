#include "core/search/space_options.h"

#include "core/model/unknown_keys.h"
#include "core/model/validate.h"

#include <algorithm>

namespace atomnet
{

namespace
{

using MaybeFault = std::optional<SpaceFault>;

constexpr std::size_t mostItems = 4096; ///< of one list

Stage bare(Stage stage)
{
    stage.id = {};
    stage.locked = false;
    for (Block &block : stage.blocks) {
        block.id = {};
        block.locked = false;
    }
    return stage;
}

int blocksOf(const Stage &stage)
{
    qint64 blocks = 0;
    for (const Block &block : stage.blocks)
        blocks += block.repeat;
    return int(std::min<qint64>(blocks, maxBlocks + 1));
}

/// Empty, too long or with a value twice.
template <class T>
MaybeFault checkList(const char *key, const QString &name, const std::vector<T> &list)
{
    if (list.empty())
        return SpaceFault{key, -1, QStringLiteral("the %1 are empty; give at least one").arg(name)};
    if (list.size() > mostItems)
        return SpaceFault{key, -1,
                          QStringLiteral("there are %1 %2; at most %3 are possible")
                              .arg(list.size())
                              .arg(name)
                              .arg(mostItems)};
    for (std::size_t i = 1; i < list.size(); ++i)
        if (std::find(list.begin(), list.begin() + std::ptrdiff_t(i), list[i]) !=
            list.begin() + std::ptrdiff_t(i))
            return SpaceFault{
                key, int(i),
                QStringLiteral("this value stands twice in the %1; remove one").arg(name)};
    return std::nullopt;
}

/// Tries each value of a list in a block; `set` puts it there.
template <class T, class Set>
MaybeFault checkValues(const char *key, const std::vector<T> &list, Block block, const Set &set)
{
    for (std::size_t i = 0; i < list.size(); ++i) {
        set(block, list[i]);
        if (const auto fault = findFault(block)) return SpaceFault{key, int(i), fault->what};
    }
    return std::nullopt;
}

MaybeFault checkFixed(const SpaceStage &stage)
{
    for (std::size_t i = 0; i < stage.fixed.size(); ++i) {
        const Stage &fixed = stage.fixed[i];
        for (const Block &block : fixed.blocks)
            if (const auto fault = findFault(block))
                return SpaceFault{"fixed", int(i), fault->what};
        if (blocksOf(fixed) > maxBlocks)
            return SpaceFault{
                "fixed", int(i),
                QStringLiteral("this has more than %1 blocks; remove some").arg(maxBlocks)};
        for (std::size_t other = 0; other < i; ++other)
            if (sameBlocks(fixed, stage.fixed[other]))
                return SpaceFault{"fixed", int(i),
                                  QStringLiteral("these blocks stand twice; remove one of them")};
    }
    return std::nullopt;
}

} // namespace

bool sameBlocks(const Stage &a, const Stage &b)
{
    return bare(a).blocks == bare(b).blocks;
}

std::vector<Shape> spaceInputs(const SearchSpace &space)
{
    std::vector<Shape> inputs;
    const auto add = [&inputs](const Shape &shape) {
        if (std::find(inputs.begin(), inputs.end(), shape) == inputs.end()) inputs.push_back(shape);
    };
    for (const int side : space.resolutions)
        add({side, side, space.channels});
    for (const Shape &shape : space.inputs)
        add(shape);
    return inputs;
}

std::vector<Stage> stageOptions(const SpaceStage &stage)
{
    std::vector<Stage> options;
    for (const Stage &fixed : stage.fixed) {
        options.push_back(fixed);
        options.back().id = {};
        for (Block &block : options.back().blocks)
            block.id = {};
    }
    if (!stage.fixed.empty()) return options;
    const std::vector<double> noExpands{1};
    const std::vector<std::optional<SqueezeExcite>> noSe{std::nullopt};
    for (const BlockType type : stage.types)
        for (const int width : stage.widths)
            for (const int kernel : stage.kernels)
                for (const double expand : hasExpand(type) ? stage.expands : noExpands)
                    for (const auto &se : mayHaveSe(type) ? stage.se : noSe)
                        for (const int depth : stage.depths) {
                            Block block;
                            block.type = type;
                            block.out = width;
                            block.kernel = kernel;
                            block.stride = stage.stride;
                            block.expand = expand;
                            block.act = stage.act;
                            block.se = se;
                            block.repeat = depth;
                            options.push_back({{}, stage.name, {block}, {}});
                        }
    return options;
}

OptionCount countOptions(const SpaceStage &stage)
{
    if (!stage.fixed.empty()) {
        const double fixed = double(stage.fixed.size());
        return {fixed, fixed};
    }
    const double expands = double(stage.expands.size()), se = double(stage.se.size());
    const double others =
        double(stage.widths.size()) * double(stage.depths.size()) * double(stage.kernels.size());
    OptionCount count;
    for (const BlockType type : stage.types) {
        count.labelled += others * expands * se;
        count.distinct += others * (hasExpand(type) ? expands : 1) * (mayHaveSe(type) ? se : 1);
    }
    return count;
}

DepthRange depthRange(const SpaceStage &stage)
{
    DepthRange range;
    if (!stage.fixed.empty()) {
        const auto fewer = [](const Stage &a, const Stage &b) { return blocksOf(a) < blocksOf(b); };
        const auto [least, most] =
            std::minmax_element(stage.fixed.begin(), stage.fixed.end(), fewer);
        return {blocksOf(*least), blocksOf(*most)};
    }
    if (stage.depths.empty()) return range;
    const auto [least, most] = std::minmax_element(stage.depths.begin(), stage.depths.end());
    return {*least, *most};
}

Network networkOf(const SearchSpace &space, const Shape &input, std::vector<Stage> stages)
{
    Network network;
    network.name = space.name;
    network.input = input;
    network.stages = std::move(stages);
    network.head = space.head;
    assignIds(network);
    return network;
}

std::optional<SpaceFault> findFault(const SpaceStage &stage)
{
    if (!stage.name.isValidUtf16())
        return SpaceFault{"name", -1,
                          QStringLiteral("the name holds half a character; type it anew")};
    if (!stage.fixed.empty()) return checkFixed(stage);
    if (auto f = checkList("types", QStringLiteral("block types"), stage.types)) return f;
    if (auto f = checkList("widths", QStringLiteral("widths"), stage.widths)) return f;
    if (auto f = checkList("depths", QStringLiteral("depths"), stage.depths)) return f;
    if (auto f = checkList("kernels", QStringLiteral("kernels"), stage.kernels)) return f;
    if (auto f = checkList("expands", QStringLiteral("expansions"), stage.expands)) return f;
    if (auto f = checkList("se", QStringLiteral("choices of SE"), stage.se)) return f;
    // Each list in a block that allows for all of its values.
    Block block;
    block.type = BlockType::ConvNext;
    const auto checked = [&block](const char *key, const auto &list, const auto &set) {
        return checkValues(key, list, block, set);
    };
    if (auto f = checked("widths", stage.widths, [](Block &b, int v) { b.out = v; })) return f;
    if (auto f = checked("depths", stage.depths, [](Block &b, int v) { b.repeat = v; })) return f;
    if (auto f = checked("kernels", stage.kernels, [](Block &b, int v) { b.kernel = v; })) return f;
    if (auto f = checked("expands", stage.expands, [](Block &b, double v) { b.expand = v; }))
        return f;
    if (auto f = checked("se", stage.se, [](Block &b, const auto &v) { b.se = v; })) return f;
    if (auto f = checked("stride", std::vector<int>{stage.stride},
                         [](Block &b, int v) { b.stride = v; }))
        return SpaceFault{"stride", -1, f->what};
    if (auto f = checked("act", std::vector<Activation>{stage.act},
                         [](Block &b, Activation v) { b.act = v; }))
        return SpaceFault{"act", -1, f->what};
    return std::nullopt;
}

std::optional<SpaceFault> findFault(const SearchSpace &space)
{
    if (!space.name.isValidUtf16())
        return SpaceFault{"name", -1,
                          QStringLiteral("the name holds half a character; type it anew")};
    if (space.inputs.empty())
        if (auto f = checkList("resolutions", QStringLiteral("resolutions"), space.resolutions))
            return f;
    if (!space.resolutions.empty())
        if (auto f = checkList("resolutions", QStringLiteral("resolutions"), space.resolutions))
            return f;
    if (!space.inputs.empty())
        if (auto f = checkList("inputs", QStringLiteral("inputs"), space.inputs)) return f;
    Network network;
    network.head = space.head;
    for (std::size_t i = 0; i < space.resolutions.size(); ++i) {
        network.input = {space.resolutions[i], space.resolutions[i], space.channels};
        const auto fault = findFault(network);
        if (!fault) continue;
        const bool ofHead = QByteArray(fault->key).startsWith("head");
        return ofHead ? SpaceFault{"head", -1, fault->what}
                      : SpaceFault{"resolutions", int(i), fault->what};
    }
    for (std::size_t i = 0; i < space.inputs.size(); ++i) {
        network.input = space.inputs[i];
        const auto fault = findFault(network);
        if (!fault) continue;
        const bool ofHead = QByteArray(fault->key).startsWith("head");
        return ofHead ? SpaceFault{"head", -1, fault->what}
                      : SpaceFault{"inputs", int(i), fault->what};
    }
    if (space.stages.empty())
        return SpaceFault{"stages", -1, QStringLiteral("the space has no stages; add one")};
    if (space.stages.size() > std::size_t(maxStages))
        return SpaceFault{"stages", -1,
                          QStringLiteral("the space has %1 stages; at most %2 are possible")
                              .arg(space.stages.size())
                              .arg(maxStages)};
    qint64 blocks = 0;
    for (const SpaceStage &stage : space.stages)
        blocks += depthRange(stage).most;
    if (blocks > maxBlocks)
        return SpaceFault{"stages", -1,
                          QStringLiteral("networks of this space have up to %1 blocks; at most %2 "
                                         "are possible")
                              .arg(blocks)
                              .arg(maxBlocks)};
    return std::nullopt;
}

Result<> validate(const SearchSpace &space)
{
    if (const auto fault = findFault(space)) return fail(ErrorCode::BadInput, fault->what);
    for (std::size_t s = 0; s < space.stages.size(); ++s) {
        const auto fault = findFault(space.stages[s]);
        if (!fault) continue;
        const QString &name = space.stages[s].name;
        return fail(ErrorCode::BadInput, fault->what,
                    QStringLiteral("stage %1 of the space")
                        .arg(name.isEmpty() ? QString::number(s + 1) : name));
    }
    return {};
}

} // namespace atomnet
