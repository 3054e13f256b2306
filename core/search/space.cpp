#include "core/search/space.h"

#include <QFile>

namespace atomnet
{

namespace
{

constexpr qint64 mostFileBytes = 16 * 1024 * 1024;

SpaceStage stage(const QString &name, std::vector<BlockType> types, std::vector<int> widths,
                 std::vector<int> depths, int stride)
{
    SpaceStage stage;
    stage.name = name;
    stage.types = std::move(types);
    stage.widths = std::move(widths);
    stage.depths = std::move(depths);
    stage.stride = stride;
    return stage;
}

Result<QByteArray> bytesOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io,
                    QStringLiteral("cannot read the space: %1; give paper, paper96, paper-wide or "
                                   "a file")
                        .arg(file.errorString()),
                    path);
    // A pipe has no size: one byte more than may be is enough to know.
    const QByteArray bytes = file.read(mostFileBytes + 1);
    if (bytes.size() > mostFileBytes)
        return fail(
            ErrorCode::BadInput,
            QStringLiteral("the file is larger than %1 MiB; no space is").arg(mostFileBytes >> 20),
            path);
    return bytes;
}

} // namespace

SearchSpace paperSpace(bool resolution96)
{
    const std::vector<BlockType> sep{BlockType::Sep}, next{BlockType::ConvNext};
    SearchSpace space;
    space.name = resolution96 ? QStringLiteral("paper96") : QStringLiteral("paper");
    space.resolutions = {256, 224, 192, 160, 128, resolution96 ? 96 : 92, 80, 64, 48};
    space.stages = {
        stage(QStringLiteral("stem"), {BlockType::Conv}, {16, 24, 32, 48, 64}, {1}, 2),
        stage(QStringLiteral("s1"), sep, {16, 24, 32, 48, 64}, {1}, 1),
        stage(QStringLiteral("s2"), sep, {32, 48, 64, 80, 96, 112}, {1, 2}, 2),
        stage(QStringLiteral("s3"), {BlockType::Sep, BlockType::ConvNext},
              {48, 64, 80, 96, 112, 128}, {1, 2}, 2),
        stage(QStringLiteral("s4"), next, {48, 64, 80, 96, 112, 128, 144}, {2, 4, 6}, 2),
        stage(QStringLiteral("s5"), next, {64, 80, 96, 112, 128, 144, 160}, {1, 2}, 2)};
    space.stages[0].act = Activation::Relu;
    space.stages[3].expands = {1, 3, 6};
    for (const std::size_t squeezed : {std::size_t(4), std::size_t(5)}) {
        space.stages[squeezed].expands = {6};
        space.stages[squeezed].se = {SqueezeExcite{}};
    }
    return space;
}

SearchSpace widePaperSpace()
{
    SearchSpace space = paperSpace();
    space.name = QStringLiteral("paper-wide");
    space.stages[3].se = {std::nullopt, SqueezeExcite{}};
    space.stages[4].expands = space.stages[5].expands = {3, 6};
    return space;
}

Result<SearchSpace> spaceByName(const QString &nameOrPath)
{
    if (nameOrPath == u"paper") return paperSpace();
    if (nameOrPath == u"paper96") return paperSpace(true);
    if (nameOrPath == u"paper-wide") return widePaperSpace();
    const Result<QByteArray> bytes = bytesOf(nameOrPath);
    if (!bytes) return tl::make_unexpected(bytes.error());
    return readSpace(*bytes, nameOrPath);
}

} // namespace atomnet
