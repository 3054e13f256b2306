#include "core/model/unknown_keys.h"
#include "core/search/space_options.h"

#include <algorithm>

namespace atomnet
{

namespace
{

QString nameOf(const Stage &stage, std::size_t index)
{
    return stage.name.isEmpty() ? QString::number(index + 1) : stage.name;
}

QString seText(const Block &block)
{
    return block.se ? QStringLiteral("SE") : QStringLiteral("no SE");
}

/// What two padlocks of one stage disagree about, as "kernel 3 and kernel 5"; empty: nothing.
QString difference(const Block &a, const Block &b)
{
    const auto both = [](const QString &what, const auto &first, const auto &second) {
        return QStringLiteral("%1 %2 and %1 %3").arg(what).arg(first).arg(second);
    };
    if (a.type != b.type)
        return QStringLiteral("%1 and %2").arg(displayName(a.type), displayName(b.type));
    if (a.out != b.out) return both(QStringLiteral("width"), a.out, b.out);
    if (a.kernel != b.kernel) return both(QStringLiteral("kernel"), a.kernel, b.kernel);
    if (a.expand != b.expand) return both(QStringLiteral("expansion"), a.expand, b.expand);
    if (a.act != b.act)
        return both(QStringLiteral("activation"), displayName(a.act), displayName(b.act));
    if (a.se != b.se)
        return a.se.has_value() == b.se.has_value()
                   ? QStringLiteral("two different SE modules")
                   : QStringLiteral("%1 and %2").arg(seText(a), seText(b));
    return {};
}

/// Whether the stage has this block at its place, and as many blocks as are locked.
bool hasBlocks(const Stage &stage, const Block &kept, int position, int last)
{
    int at = 0;
    bool found = false;
    for (const Block &block : stage.blocks) {
        const bool holds = at < position && position <= at + block.repeat;
        found = found || (holds && difference(kept, block).isEmpty());
        at += block.repeat;
    }
    return found && at >= last;
}

/// A stage with some of its blocks locked: lists of one for what they have, and only depths that
/// reach the last of them.
Result<> lockBlocks(SpaceStage &space, const Stage &stage, const QString &name)
{
    const QString where = QStringLiteral("stage %1").arg(name);
    const Block *kept = nullptr;
    int keptPosition = 0, position = 0, last = 0;
    for (const Block &block : stage.blocks) {
        const int first = position + 1;
        position += block.repeat;
        if (!block.locked) continue;
        const int stride = first == 1 ? space.stride : 1;
        if (block.stride != stride)
            return fail(ErrorCode::BadInput,
                        QStringLiteral("the locked block %1 has stride %2, but the space has "
                                       "stride %3 there; unlock one or change the space")
                            .arg(first)
                            .arg(block.stride)
                            .arg(stride),
                        where);
        if (kept) {
            const QString differs = difference(*kept, block);
            if (!differs.isEmpty())
                return fail(ErrorCode::BadInput,
                            QStringLiteral("the locked blocks %1 and %2 differ (%3), but all "
                                           "blocks of a stage are equal in a search; unlock one "
                                           "of them or lock the whole stage")
                                .arg(keptPosition)
                                .arg(first)
                                .arg(differs),
                            where);
        } else {
            kept = &block;
            keptPosition = first;
        }
        last = position;
    }
    if (!kept) return {};
    if (!space.fixed.empty()) {
        std::erase_if(space.fixed, [&](const Stage &fixed) {
            return !hasBlocks(fixed, *kept, keptPosition, last);
        });
        if (space.fixed.empty())
            return fail(ErrorCode::BadInput,
                        QStringLiteral("the locked block %1 is in none of the stages that the "
                                       "space allows here; unlock it or change the space")
                            .arg(keptPosition),
                        where);
        return {};
    }
    const int deepest = depthRange(space).most;
    std::erase_if(space.depths, [last](int depth) { return depth < last; });
    if (space.depths.empty())
        return fail(ErrorCode::BadInput,
                    QStringLiteral("the locked block %1 needs a depth of at least %2, but the "
                                   "space has at most %3 there; unlock it or widen the space")
                        .arg(keptPosition)
                        .arg(last)
                        .arg(deepest),
                    where);
    space.types = {kept->type};
    space.widths = {kept->out};
    space.kernels = {kept->kernel};
    space.expands = {hasExpand(kept->type) ? kept->expand : 1};
    space.se = {mayHaveSe(kept->type) ? kept->se : std::nullopt};
    space.act = kept->act;
    return {};
}

} // namespace

Result<SearchSpace> lockedSpace(const SearchSpace &space, const Network &design)
{
    SearchSpace locked = space;
    if (design.inputLocked) {
        locked.resolutions.clear();
        locked.inputs = {design.input};
        locked.channels = design.input.c;
    }
    for (std::size_t s = 0; s < design.stages.size(); ++s) {
        const Stage &stage = design.stages[s];
        const auto isLocked = [](const Block &block) { return block.locked; };
        const bool any =
            stage.locked || std::any_of(stage.blocks.begin(), stage.blocks.end(), isLocked);
        if (!any) continue;
        const QString name = nameOf(stage, s);
        if (s >= locked.stages.size())
            return fail(ErrorCode::BadInput,
                        QStringLiteral("this is locked as stage %1 of the design, but the space "
                                       "has %2 stages only; unlock it or search another space")
                            .arg(s + 1)
                            .arg(locked.stages.size()),
                        QStringLiteral("stage %1").arg(name));
        SpaceStage &own = locked.stages[s];
        if (!stage.locked) {
            if (auto kept = lockBlocks(own, stage, name); !kept)
                return tl::make_unexpected(kept.error());
            continue;
        }
        Stage literal = stage;
        literal.id = {};
        for (Block &block : literal.blocks)
            block.id = {};
        own = SpaceStage{};
        own.name = stage.name;
        own.fixed = {literal};
    }
    if (auto valid = validate(locked); !valid) return tl::make_unexpected(valid.error());
    return locked;
}

} // namespace atomnet
