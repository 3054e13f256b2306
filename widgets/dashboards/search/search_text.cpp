#include "widgets/dashboards/search/search_text.h"

#include "core/base/format.h"
#include "widgets/dashboards/search/search_figures.h"

#include <QStringList>

#include <algorithm>
#include <cmath>

namespace atomnet
{

namespace
{

constexpr double exactIntegers = 9007199254740992.0; // 2^53
constexpr QChar times(0x00d7);

QString number(double value)
{
    return QString::number(value, 'g', 4);
}

/// A block without its repeats, so that equal ones are counted together.
QString blockText(const Block &block)
{
    QString text = QStringLiteral("%1 %2").arg(displayName(block.type)).arg(block.out);
    const bool expands = block.type == BlockType::ConvNext || block.type == BlockType::MbConv;
    if (expands) text += QStringLiteral(" e") + number(block.expand);
    if (block.kernel != 3) text += QStringLiteral(" k%1").arg(block.kernel);
    if (block.se) text += QStringLiteral(" SE");
    return text;
}

int depthOf(const Stage &stage)
{
    int depth = 0;
    for (const Block &block : stage.blocks)
        depth += block.repeat;
    return depth;
}

} // namespace

QString stageText(const Stage &stage)
{
    QStringList parts;
    QString open;
    int count = 0;
    const auto close = [&] {
        if (count > 1) open += QStringLiteral(" %1%2").arg(times).arg(count);
        if (count > 0) parts << open;
    };
    for (const Block &block : stage.blocks) {
        const QString text = blockText(block);
        if (text != open || count == 0) {
            close();
            open = text;
            count = 0;
        }
        count += block.repeat;
    }
    close();
    return parts.join(QStringLiteral(", "));
}

QString networkText(const Network &network)
{
    QStringList stages;
    for (const Stage &stage : network.stages)
        if (!stage.blocks.empty())
            stages << QStringLiteral("%1%2%3")
                          .arg(stage.blocks.back().out)
                          .arg(times)
                          .arg(depthOf(stage));
    const Shape in = network.input;
    const QString side = in.h == in.w ? QString::number(in.h)
                                      : QStringLiteral("%1%2%3").arg(in.h).arg(times).arg(in.w);
    return QStringLiteral("%1: %2").arg(side, stages.join(QLatin1Char(' ')));
}

QString countText(double count)
{
    if (count <= exactIntegers) return groupedDigits(qint64(count));
    const double power = std::floor(std::log10(count));
    return QStringLiteral("about %1e%2")
        .arg(count / std::pow(10, power), 0, 'f', 1)
        .arg(int(power));
}

QString durationText(double seconds)
{
    return formatMs(std::llround(seconds * 1e9));
}

QString proofText(const SearchResult &result, const SpaceCount &space)
{
    QStringList parts;
    const QString networks =
        space.distinctText.isEmpty() ? countText(space.distinct) : space.distinctText;
    parts << (result.proven
                  ? QStringLiteral("Proven best of %1 networks").arg(networks)
                  : QStringLiteral("Best found of %1 networks, not proven").arg(networks));
    if (result.feasible)
        parts << (result.feasibleIsBound ? QStringLiteral("at most %1 feasible")
                                         : QStringLiteral("%1 feasible"))
                     .arg(countText(*result.feasible));
    parts << durationText(result.seconds);
    return parts.join(QStringLiteral(", "));
}

QString lockedText(const Network &design)
{
    QStringList kept;
    if (design.inputLocked) kept << QStringLiteral("input");
    for (const Stage &stage : design.stages) {
        const auto blocks = std::count_if(stage.blocks.begin(), stage.blocks.end(),
                                          [](const Block &block) { return block.locked; });
        if (stage.locked)
            kept << stage.name;
        else if (blocks > 0)
            kept << QStringLiteral("%1 in part").arg(stage.name);
    }
    return kept.join(QStringLiteral(", "));
}

QString estimatesText(Estimates estimates)
{
    switch (estimates) {
    case Estimates::MeasuredOnly:
        return QStringLiteral("Only networks whose every operator is measured on this board: what "
                              "is found is as sure as the samples, but much of the space is left "
                              "out.");
    case Estimates::Point:
        return QStringLiteral("Operators without samples count as their best estimate: the whole "
                              "space, but the search likes operators that are estimated too low.");
    case Estimates::Pessimistic:
        break;
    }
    return QStringLiteral("Operators without samples count as the upper end of their 90 % "
                          "interval, SRAM and Flash as their upper bounds: what is found will "
                          "hardly break the limits once it is measured.");
}

Network withLocksOf(Network found, const Network &design)
{
    found.inputLocked = design.inputLocked && found.input == design.input;
    const std::size_t stages = std::min(found.stages.size(), design.stages.size());
    for (std::size_t s = 0; s < stages; ++s) {
        Stage &stage = found.stages[s];
        const Stage &kept = design.stages[s];
        stage.locked = kept.locked;
        // Repeated blocks of the design may stand one by one in what was found, or the other way.
        const auto lockedAt = [&kept](int position) {
            int at = 0;
            for (const Block &block : kept.blocks) {
                at += block.repeat;
                if (position < at) return block.locked;
            }
            return false;
        };
        int at = 0;
        for (Block &block : stage.blocks) {
            block.locked = false;
            for (int i = 0; i < block.repeat; ++i)
                block.locked = block.locked || lockedAt(at + i);
            at += block.repeat;
        }
    }
    return found;
}

} // namespace atomnet
