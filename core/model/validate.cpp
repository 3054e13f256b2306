#include "core/model/validate.h"

#include "core/model/unknown_keys.h"

#include <array>
#include <cmath>

namespace atomnet
{

namespace
{

using MaybeFault = std::optional<Fault>;

MaybeFault fault(const char *key, const QString &what)
{
    return Fault{-1, -1, key, what};
}

MaybeFault outside(const char *key, const QString &name, qint64 value, qint64 most)
{
    if (value >= 1 && value <= most) return std::nullopt;
    return fault(key, QStringLiteral("%1 is %2; use 1 to %3").arg(name).arg(value).arg(most));
}

/// Enumerations come from outside too, through casts of bytes; a value of none of ours must not
/// pass.
bool isKnown(Activation act)
{
    return act <= Activation::HSigmoid;
}

MaybeFault checkName(const char *key, const QString &name)
{
    if (name.isValidUtf16()) return std::nullopt;
    return fault(key, QStringLiteral(
                          "the name holds half a character (an unpaired surrogate); type it anew"));
}

MaybeFault checkAct(const char *key, Activation act)
{
    if (isKnown(act)) return std::nullopt;
    return fault(
        key, QStringLiteral("the activation is none of none, relu, relu6, hswish and hsigmoid"));
}

MaybeFault checkSe(const SqueezeExcite &se)
{
    if (se.channels) {
        const QString name = QStringLiteral("the number of squeeze channels");
        if (auto f = outside("se.channels", name, *se.channels, maxChannels)) return f;
    }
    if (auto f = outside("se.reduction", QStringLiteral("the squeeze reduction"), se.reduction,
                         maxChannels))
        return f;
    if (auto f = checkAct("se.act", se.act)) return f;
    return checkAct("se.gate", se.gate);
}

MaybeFault checkExpand(const Block &block)
{
    if (!hasExpand(block.type)) {
        if (block.expand == 1) return std::nullopt;
        return fault("expand", QStringLiteral(
                                   "a %1 block has no expansion; only ConvNeXt and MBConv have one")
                                   .arg(displayName(block.type)));
    }
    if (block.expand > 0 && block.expand <= maxExpand) return std::nullopt; // false for NaN
    return fault("expand", QStringLiteral("the expansion is %1; use a number above 0, at most %2")
                               .arg(block.expand)
                               .arg(maxExpand));
}

MaybeFault checkBlock(const Block &block)
{
    if (block.type > BlockType::MbConv)
        return fault("type", QStringLiteral("the type is none of conv, sep, convnext and mbconv"));
    if (auto f =
            outside("out", QStringLiteral("the number of output channels"), block.out, maxChannels))
        return f;
    if (block.kernel < 1 || block.kernel > 7 || block.kernel % 2 == 0) {
        return fault("kernel",
                     QStringLiteral("the kernel is %1; use 1, 3, 5 or 7").arg(block.kernel));
    }
    if (auto f = outside("stride", QStringLiteral("the stride"), block.stride, maxStride)) return f;
    if (auto f = checkExpand(block)) return f;
    if (auto f = checkAct("act", block.act)) return f;
    if (block.se && !mayHaveSe(block.type)) {
        return fault("se",
                     QStringLiteral("a Conv block has no squeeze-and-excite; remove it or use "
                                    "another block type"));
    }
    if (block.se) {
        if (auto f = checkSe(*block.se)) return f;
    }
    return outside("repeat", QStringLiteral("the repeat count"), block.repeat, maxRepeat);
}

MaybeFault checkTensor(const char *key, const QString &name, Shape shape)
{
    if (shape.c > maxChannels) {
        return fault(key, QStringLiteral("%1 has %2 channels; at most %3 are possible")
                              .arg(name)
                              .arg(shape.c)
                              .arg(maxChannels));
    }
    if (shape.bytes() > maxTensorBytes) {
        return fault(key, QStringLiteral("%1 of %2x%3x%4 takes %5 MiB; at most %6 MiB are possible")
                              .arg(name)
                              .arg(shape.h)
                              .arg(shape.w)
                              .arg(shape.c)
                              .arg(double(shape.bytes()) / (1 << 20), 0, 'f', 1)
                              .arg(maxTensorBytes >> 20));
    }
    return std::nullopt;
}

/// One pass of a block (its first, or a repeat) over a map of this shape.
MaybeFault checkOn(const Block &block, Shape in, int stride)
{
    if (stride > 1 && in.h == 1 && in.w == 1) {
        return fault("stride",
                     QStringLiteral("stride %1 on a 1x1 map would shrink below 1x1; use stride 1")
                         .arg(stride));
    }
    const Shape out{convOutSide(in.h, block.kernel, stride),
                    convOutSide(in.w, block.kernel, stride), block.out};
    if (hasExpand(block.type)) {
        const int width = makeDivisible(in.c * block.expand, 8);
        // ConvNeXt expands behind the depthwise, MBConv before it, on the larger map.
        const Shape map = block.type == BlockType::MbConv ? in : out;
        const Shape expanded{map.h, map.w, width};
        if (auto f = checkTensor("expand", QStringLiteral("the expanded tensor"), expanded))
            return f;
    }
    return checkTensor("out", QStringLiteral("the output"), out);
}

/// A block where it stands; moves `shape` behind it.
MaybeFault checkInPlace(const Block &block, Shape &shape)
{
    if (auto f = checkBlock(block)) return f;
    if (auto f = checkOn(block, shape, block.stride)) return f;
    shape = outputShape(block, shape);
    if (block.repeat > 1) return checkOn(block, shape, 1);
    return std::nullopt;
}

MaybeFault checkInput(Shape input)
{
    if (auto f = outside("input.height", QStringLiteral("the input height"), input.h, maxSide))
        return f;
    if (auto f = outside("input.width", QStringLiteral("the input width"), input.w, maxSide))
        return f;
    const QString channels = QStringLiteral("the number of input channels");
    if (auto f = outside("input.channels", channels, input.c, maxChannels)) return f;
    return checkTensor("input", QStringLiteral("the input"), input);
}

MaybeFault checkHead(const Head &head, Shape in)
{
    if (head.conv) {
        const QString width = QStringLiteral("the width of the head's convolution");
        if (auto f = outside("head.conv.out", width, head.conv->out, maxChannels)) return f;
        if (auto f = checkAct("head.conv.act", head.conv->act)) return f;
        const Shape out{in.h, in.w, head.conv->out};
        const QString output = QStringLiteral("the output of the head's convolution");
        if (auto f = checkTensor("head.conv.out", output, out)) return f;
    }
    if (head.hidden) {
        const QString width = QStringLiteral("the width of the head's hidden layer");
        if (auto f = outside("head.hidden.out", width, head.hidden->out, maxChannels)) return f;
        if (auto f = checkAct("head.hidden.act", head.hidden->act)) return f;
    }
    return outside("head.classes", QStringLiteral("the number of classes"), head.classes,
                   maxChannels);
}

MaybeFault at(MaybeFault f, size_t stage, int block)
{
    f->stage = int(stage);
    f->block = block;
    return f;
}

} // namespace

MaybeFault findFault(const Block &block)
{
    return checkBlock(block);
}

MaybeFault findFault(const Network &network)
{
    if (auto f = checkName("name", network.name)) return f;
    if (auto f = checkInput(network.input)) return f;
    if (network.stages.size() > size_t(maxStages)) {
        return fault("stages", QStringLiteral("the design has %1 stages; at most %2 are possible")
                                   .arg(network.stages.size())
                                   .arg(maxStages));
    }
    Shape shape = network.input;
    qint64 blocks = 0;
    for (size_t s = 0; s < network.stages.size(); ++s) {
        const Stage &stage = network.stages[s];
        if (auto f = checkName("name", stage.name)) return at(f, s, -1);
        for (size_t b = 0; b < stage.blocks.size(); ++b) {
            if (auto f = checkInPlace(stage.blocks[b], shape)) return at(f, s, int(b));
            blocks += stage.blocks[b].repeat;
            if (blocks > maxBlocks) {
                const QString what =
                    QStringLiteral("with this one the design has more than %1 blocks "
                                   "(repeats counted); remove some");
                return at(fault("repeat", what.arg(maxBlocks)), s, int(b));
            }
        }
    }
    return checkHead(network.head, shape);
}

QString placeName(const Network &network, int stage, int block)
{
    if (stage < 0 || size_t(stage) >= network.stages.size()) return {};
    const QString &name = network.stages[size_t(stage)].name;
    QString place = QStringLiteral("stage ") + (name.isEmpty() ? QString::number(stage + 1) : name);
    if (block >= 0) place += QStringLiteral(", block %1").arg(block + 1);
    return place;
}

Result<> validate(const Network &network)
{
    const MaybeFault f = findFault(network);
    if (!f) return {};
    return fail(ErrorCode::BadInput, f->what, placeName(network, f->stage, f->block));
}

Result<> validate(const Block &block)
{
    const MaybeFault f = findFault(block);
    if (!f) return {};
    return fail(ErrorCode::BadInput, f->what);
}

} // namespace atomnet
