#include "core/analysis/guidelines/block_figures.h"
#include "core/analysis/guidelines/evidence.h"
#include "core/base/format.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

// R3, R4 and R5: the paper's ranks of blocks, over a grid of places where a block may stand: widths
// 16 to 128 (input and output alike), square maps of 5 to 40, expansion 3 and 6 (of ConvNeXt and
// MBConv), without and with SE, kernel 3, stride 1. At each place the three blocks are lowered for
// the runtime and compared:
// - Flash: constants over MACs, as a block is there to compute; and, told beside it, the whole of
//   block and 1,000-class head with SEP widened until it has the MACs of the ConvNeXt
// - SRAM: the block's largest layer
// - latency: over MACs
// A rank holds at a place when no block is worse than the next (equal ones do not contradict it),
// and as a whole when it does at three quarters of the places or more.
namespace atomnet
{

namespace
{

constexpr std::array<int, 6> widths{16, 24, 32, 64, 96, 128};
constexpr std::array<int, 4> sides{5, 10, 20, 40};
constexpr std::array<double, 2> expansions{3, 6};
constexpr double enough = 0.75;

/// Blocks at one place, in the order of `types`.
constexpr std::array<BlockType, 3> types{BlockType::Sep, BlockType::ConvNext, BlockType::MbConv};
struct Place {
    std::array<BlockAlone, 3> blocks;
    std::optional<BlockAlone> wideSep;
    bool se = false;
};

Block blockOf(BlockType type, int width, double expand, bool se)
{
    Block block;
    block.type = type;
    block.out = width;
    block.act = Activation::HSwish;
    if (type != BlockType::Sep) block.expand = expand;
    if (se) block.se = SqueezeExcite{};
    return block;
}

/// Width at which a SEP does so many multiply-accumulates a pixel: w^2 + 9w = macs.
int sepWidth(double macsOfPixel)
{
    return std::max(8, makeDivisible((std::sqrt(81 + 4 * macsOfPixel) - 9) / 2, 8));
}

std::vector<Place> places(const Target &target, const Knowledge &knowledge,
                          const RunControl &control)
{
    Analyzer analyzer(target, knowledge);
    std::vector<Place> all;
    for (const int side : sides)
        for (const int width : widths)
            for (const double expand : expansions)
                for (const bool se : {false, true}) {
                    if (control.cancelled()) return {};
                    Place place;
                    place.se = se;
                    bool complete = true;
                    const Shape in{side, side, width};
                    for (std::size_t t = 0; t < types.size(); ++t) {
                        auto found =
                            analyzeAlone(analyzer, blockOf(types[t], width, expand, se), in);
                        complete = complete && found;
                        if (found) place.blocks[t] = *std::move(found);
                    }
                    if (!complete) continue;
                    const double wanted = double(place.blocks[1].macs) / (double(side) * side);
                    const int wide = sepWidth(wanted);
                    place.wideSep = analyzeAlone(analyzer, blockOf(BlockType::Sep, wide, 1, se),
                                                 {side, side, wide});
                    all.push_back(std::move(place));
                }
    return all;
}

/// What a rank compares at one place, by type; none where it cannot.
using Figures = std::array<double, 3>;
using Compare = std::function<std::optional<Figures>(const Place &)>;

struct Comparison {
    std::vector<Figures> without, with; ///< SE
    /// Of figures over those of the rank's first block.
    [[nodiscard]] static Figures medians(const std::vector<Figures> &all,
                                         const std::array<int, 3> &order)
    {
        Figures result{};
        for (std::size_t n = 0; n < order.size(); ++n) {
            std::vector<double> ratios;
            for (const Figures &each : all)
                ratios.push_back(each[std::size_t(order[n])] / each[std::size_t(order[0])]);
            result[n] = quartiles(std::move(ratios)).median;
        }
        return result;
    }
};

Comparison compared(const std::vector<Place> &places, const Compare &compare)
{
    Comparison result;
    for (const Place &place : places)
        if (const auto figures = compare(place))
            (place.se ? result.with : result.without).push_back(*figures);
    return result;
}

QString orderText(const std::array<int, 3> &order)
{
    QStringList names;
    for (const int type : order)
        names << displayName(types[std::size_t(type)]);
    return names.join(QStringLiteral(" > "));
}

/// Share of the places at which the order holds.
double shareHolding(const std::vector<Figures> &all, const std::array<int, 3> &order)
{
    const auto worse = [](double a, double b) { return a > b * (1 + 1e-9); };
    std::size_t holding = 0;
    for (const Figures &each : all) {
        const double first = each[std::size_t(order[0])], second = each[std::size_t(order[1])],
                     third = each[std::size_t(order[2])];
        holding += !worse(first, second) && !worse(second, third);
    }
    return all.empty() ? 0 : double(holding) / double(all.size());
}

/// Fills in what all ranks have; `order`: indices of types, best first.
void judgeRank(Guideline &g, const Comparison &found, const std::array<int, 3> &order,
               const QString &what)
{
    std::vector<Figures> all = found.without;
    all.insert(all.end(), found.with.begin(), found.with.end());
    const auto name = [&](int n) { return displayName(types[std::size_t(order[std::size_t(n)])]); };
    g.value = shareHolding(all, order);
    g.holds = g.value >= enough ? Holds::Yes : Holds::No;
    const Figures medians = Comparison::medians(all, order);
    g.finding =
        QStringLiteral("%1 at %2 of %3 places (%4 without SE, %5 with); %6 relative to %7: %8 %9, ")
            .arg(orderText(order), formatPercent(g.value), countText(all.size()),
                 formatPercent(shareHolding(found.without, order)),
                 formatPercent(shareHolding(found.with, order)), what, name(0), name(1),
                 ratioText3(medians[1])) +
        QStringLiteral("%1 %2 in the median").arg(name(2), ratioText3(medians[2]));
    std::array<int, 3> seen{0, 1, 2};
    std::stable_sort(seen.begin(), seen.end(), [&](int a, int b) {
        return medians[std::size_t(a)] < medians[std::size_t(b)];
    });
    for (int &each : seen)
        each = order[std::size_t(each)];
    if (g.holds == Holds::No && seen != order)
        g.finding += QStringLiteral(", which is %1").arg(orderText(seen));
    for (const int type : order)
        g.chart.categories << displayName(types[std::size_t(type)]);
    for (const auto &[series, figures] :
         {std::pair{QStringLiteral("without SE"), Comparison::medians(found.without, order)},
          std::pair{QStringLiteral("with SE"), Comparison::medians(found.with, order)}})
        g.chart.series.push_back({series, {}, {figures.begin(), figures.end()}});
    g.chart.title = QStringLiteral("%1, relative to %2").arg(what, name(0));
    g.chart.yTitle = QStringLiteral("ratio, median");
}

std::optional<Figures> perMac(const Place &place, qint64 BlockAlone::*figure)
{
    Figures result{};
    for (std::size_t t = 0; t < types.size(); ++t) {
        const BlockAlone &block = place.blocks[t];
        if (block.macs <= 0 || block.*figure <= 0) return std::nullopt;
        result[t] = double(block.*figure) / double(block.macs);
    }
    return result;
}

Guideline flashRank(const std::vector<Place> &all)
{
    Guideline g;
    g.id = QStringLiteral("R3");
    g.title = QStringLiteral("Flash: ConvNeXt before MBConv before SEP");
    g.paper = QStringLiteral("For Flash ConvNeXt is better than MBConv, and MBConv than SEP.");
    judgeRank(g, compared(all, [](const Place &p) { return perMac(p, &BlockAlone::flashBytes); }),
              {1, 2, 0}, QStringLiteral("Bytes a MAC"));
    const Comparison whole = compared(all, [](const Place &p) -> std::optional<Figures> {
        if (!p.wideSep) return std::nullopt;
        return Figures{double(p.wideSep->flashWithHead), double(p.blocks[1].flashWithHead),
                       double(p.blocks[2].flashWithHead)};
    });
    std::vector<Figures> both = whole.without;
    both.insert(both.end(), whole.with.begin(), whole.with.end());
    const Figures medians = Comparison::medians(both, {1, 2, 0});
    g.finding += QStringLiteral("; with a head of 1,000 classes, and SEP widened to the same MACs: "
                                "MBConv %1, SEP %2")
                     .arg(ratioText3(medians[1]), ratioText3(medians[2]));
    return g;
}

Guideline sramRank(const std::vector<Place> &all)
{
    Guideline g;
    g.id = QStringLiteral("R4");
    g.title = QStringLiteral("SRAM: SEP before ConvNeXt before MBConv");
    g.paper = QStringLiteral("For SRAM SEP is better than ConvNeXt, and ConvNeXt than MBConv; take "
                             "SEP in the stages that SRAM binds.");
    const auto sram = [](const Place &place) -> std::optional<Figures> {
        return Figures{double(place.blocks[0].sramBytes), double(place.blocks[1].sramBytes),
                       double(place.blocks[2].sramBytes)};
    };
    judgeRank(g, compared(all, sram), {0, 1, 2}, QStringLiteral("SRAM"));
    return g;
}

Guideline latencyRank(const std::vector<Place> &all, const Target &target)
{
    Guideline g;
    g.id = QStringLiteral("R5");
    g.title = QStringLiteral("Latency: ConvNeXt before MBConv before SEP");
    g.paper =
        QStringLiteral("For latency ConvNeXt is better than MBConv, and MBConv than SEP; take "
                       "ConvNeXt in the stages that Flash binds.");
    qint64 total = 0, measured = 0;
    const Comparison found = compared(all, [&](const Place &place) -> std::optional<Figures> {
        for (const BlockAlone &block : place.blocks)
            if (block.missing) return std::nullopt;
        for (const BlockAlone &block : place.blocks) {
            total += block.latency;
            measured += block.measured;
        }
        return perMac(place, &BlockAlone::latency);
    });
    if (found.without.empty() || found.with.empty()) {
        g.finding = QStringLiteral("The latency of these blocks on %1 with %2 is not known; import "
                                   "or measure some operators")
                        .arg(target.board.name, displayName(target.runtime));
        return g;
    }
    judgeRank(g, found, {1, 2, 0},
              target.board.isVirtual ? QStringLiteral("Instructions a MAC")
                                     : QStringLiteral("Time a MAC"));
    g.finding += QStringLiteral(" (%1 of it measured, the rest estimated)")
                     .arg(formatPercent(total > 0 ? double(measured) / double(total) : 0));
    return g;
}

} // namespace

std::vector<Guideline> rankGuidelines(const Target &target, const Knowledge &knowledge,
                                      const RunControl &control)
{
    const std::vector<Place> all = places(target, knowledge, control);
    if (all.empty()) return {};
    return {flashRank(all), sramRank(all), latencyRank(all, target)};
}

} // namespace atomnet
