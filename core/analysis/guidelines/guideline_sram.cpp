#include "core/analysis/guidelines/block_figures.h"
#include "core/analysis/guidelines/evidence.h"
#include "core/base/format.h"

#include <array>

// G2: what a shortcut and squeeze-and-excite need in SRAM by the runtime's own rule, for blocks of
// 24 channels as their map grows. A block with a shortcut is a ConvNeXt of expansion 1: a SEP with
// one more pointwise and an add.
namespace atomnet
{

namespace
{

constexpr int width = 24;
constexpr std::array<int, 6> sides{10, 20, 40, 56, 80, 112};

Block blockOf(BlockType type, bool se)
{
    Block block;
    block.type = type;
    block.out = width;
    block.act = Activation::HSwish;
    if (se) block.se = SqueezeExcite{};
    return block;
}

/// SRAM of the layer with one of these roles, over the map's bytes.
double overMap(const BlockAlone &block, std::initializer_list<Role> roles, qint64 map)
{
    for (const Layer &layer : block.layers)
        for (const Role role : roles)
            if (layer.atom.role == role) return double(layer.sram.total()) / double(map);
    return 0;
}

} // namespace

Guideline sramGuideline(const Target &target, const Knowledge &knowledge)
{
    Guideline g;
    g.id = QStringLiteral("G2");
    g.title = QStringLiteral("No multiply or add behind large maps");
    g.paper = QStringLiteral("SRAM: Mul and Add need twice their input map; reduce or avoid them "
                             "behind features with a large resolution.");
    g.chart.title = QStringLiteral("SRAM of a block with %1 channels").arg(width);
    g.chart.xTitle = QStringLiteral("side of the map");
    g.chart.yTitle = QStringLiteral("KiB");
    struct Variant {
        QString name;
        Block block;
    };
    const std::array<Variant, 3> variants{
        Variant{QStringLiteral("SEP"), blockOf(BlockType::Sep, false)},
        Variant{QStringLiteral("SEP with SE"), blockOf(BlockType::Sep, true)},
        Variant{QStringLiteral("with a shortcut"), [] {
                    Block block = blockOf(BlockType::ConvNext, false);
                    block.expand = 1;
                    return block;
                }()}};
    Analyzer analyzer(target, knowledge);
    std::array<qint64, 3> largest{};
    double add = 0, multiply = 0;
    for (std::size_t v = 0; v < variants.size(); ++v) {
        EvidenceSeries series{variants[v].name, {}, {}};
        for (const int side : sides) {
            const auto found =
                analyzeAlone(analyzer, variants[v].block, {side, side, width}, width);
            if (!found) continue;
            series.x.push_back(side);
            series.y.push_back(double(found->sramBytes) / 1024);
            largest[v] = found->sramBytes;
            const qint64 map = qint64(side) * side * width;
            if (v == 1) multiply = overMap(*found, {Role::Se, Role::SeScale}, map);
            if (v == 2) add = overMap(*found, {Role::Add}, map);
        }
        g.chart.series.push_back(std::move(series));
    }
    if (largest[0] <= 0 || add <= 0) {
        g.finding = QStringLiteral("The blocks cannot be analysed for %1").arg(target.board.name);
        return g;
    }
    constexpr double twice = 1.9, noticeably = 1.2;
    const double shortcut = double(largest[2]) / double(largest[0]);
    g.value = add;
    g.holds = add >= twice && shortcut >= noticeably ? Holds::Yes : Holds::No;
    g.finding =
        QStringLiteral("Behind a map of %1x%1x%2 an add needs %3 times the map and the block with "
                       "it %4 times the SRAM of a SEP (%5 instead of %6); an SE's multiply, which "
                       "works in place, %7 times the map (by the SRAM rule of %8)")
            .arg(sides.back())
            .arg(width)
            .arg(ratioText3(add), ratioText3(shortcut), formatKib(largest[2]),
                 formatKib(largest[0]), ratioText3(multiply), displayName(target.runtime));
    return g;
}

} // namespace atomnet
