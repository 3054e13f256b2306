#include "core/lowering/atom_key.h"

#include <array>
#include <cstring>
#include <initializer_list>
#include <limits>

namespace atomnet
{

namespace
{

struct KindName {
    AtomKind kind;
    const char *name;
};
constexpr std::array<KindName, atomKindCount - 1> kindNames{{
    {AtomKind::Conv, "conv"},
    {AtomKind::Depthwise, "depthwise"},
    {AtomKind::Pointwise, "pointwise"},
    {AtomKind::PointwisePair, "pointwise_pair"},
    {AtomKind::Pad, "pad"},
    {AtomKind::Add, "add"},
    {AtomKind::Mul, "mul"},
    {AtomKind::Scale, "scale"},
    {AtomKind::SqueezeExcite, "squeeze_excite"},
    {AtomKind::Mean, "mean"},
    {AtomKind::FullyConnected, "fully_connected"},
}};

struct ActName {
    KeyAct act;
    const char *name;
};
constexpr std::array<ActName, 6> actNames{{
    {KeyAct::None, "none"},
    {KeyAct::Relu, "relu"},
    {KeyAct::Relu6, "relu6"},
    {KeyAct::HSwish, "hswish"},
    {KeyAct::HSigmoid, "hsigmoid"},
    {KeyAct::Unknown, "unknown"},
}};

// Keys also come from files: products stick at the largest number instead of overflowing.
qint64 plus(qint64 a, qint64 b)
{
    qint64 sum = 0;
    return __builtin_add_overflow(a, b, &sum) ? std::numeric_limits<qint64>::max() : sum;
}

qint64 product(std::initializer_list<qint64> factors)
{
    qint64 result = 1;
    bool overflow = false;
    for (const qint64 factor : factors) {
        if (factor == 0) return 0;
        overflow = overflow || __builtin_mul_overflow(result, factor, &result);
    }
    return overflow ? std::numeric_limits<qint64>::max() : result;
}

qint64 channelsPerGroup(const AtomKey &key)
{
    return key.groups > 0 ? key.inC / key.groups : 0;
}

/// Weights without biases.
qint64 weightsOf(const AtomKey &key)
{
    switch (key.kind) {
    case AtomKind::Conv:
    case AtomKind::Depthwise:
    case AtomKind::Pointwise:
        return product({key.outC, channelsPerGroup(key), key.kernelH, key.kernelW});
    case AtomKind::FullyConnected:
        return product({key.inH, key.inW, key.inC, key.outC});
    case AtomKind::PointwisePair:
        return plus(product({key.inC, key.squeeze}), product({key.squeeze, key.outC}));
    case AtomKind::SqueezeExcite:
        return product({2, key.inC, key.squeeze});
    case AtomKind::Pad:
    case AtomKind::Add:
    case AtomKind::Mul:
    case AtomKind::Scale:
    case AtomKind::Mean:
        break;
    }
    return 0;
}

/// Folded 64x64 -> 128 bit product: one multiplication mixes all bits.
quint64 mix(quint64 a, quint64 b) noexcept
{
    __extension__ using Wide = unsigned __int128;
    const Wide wide = Wide(a) * b;
    return quint64(wide) ^ quint64(wide >> 64);
}

} // namespace

qint64 biasesOf(const AtomKey &key)
{
    switch (key.kind) {
    case AtomKind::Conv:
    case AtomKind::Depthwise:
    case AtomKind::Pointwise:
    case AtomKind::FullyConnected:
        return key.outC;
    case AtomKind::PointwisePair:
        return plus(key.squeeze, key.outC);
    case AtomKind::SqueezeExcite:
        return plus(key.inC, key.squeeze);
    case AtomKind::Pad:
    case AtomKind::Add:
    case AtomKind::Mul:
    case AtomKind::Scale:
    case AtomKind::Mean:
        break;
    }
    return 0;
}

quint64 hashOf(const AtomKey &key) noexcept
{
    std::array<quint64, 7> words;
    static_assert(sizeof(words) == sizeof(key));
    std::memcpy(words.data(), &key, sizeof(key));
    constexpr quint64 c0 = 0xa0761d6478bd642fULL, c1 = 0xe7037ed1a0b428dbULL,
                      c2 = 0x8ebc6af09c88c6e3ULL, c3 = 0x589965cc75374cc3ULL;
    // Four independent products, so that the processor overlaps them.
    const quint64 a = mix(words[0] ^ c0, words[1] ^ c1);
    const quint64 b = mix(words[2] ^ c1, words[3] ^ c2);
    const quint64 c = mix(words[4] ^ c2, words[5] ^ c3);
    const quint64 d = mix(words[6] ^ c3, c0);
    return mix(a ^ (b << 1 | b >> 63) ^ c1, c ^ (d << 1 | d >> 63) ^ c3);
}

qint64 macsOf(const AtomKey &key)
{
    switch (key.kind) {
    case AtomKind::Conv:
    case AtomKind::Depthwise:
    case AtomKind::Pointwise:
        return plus(product({key.outH, key.outW, key.outC, channelsPerGroup(key), key.kernelH,
                             key.kernelW}),
                    key.outC);
    case AtomKind::PointwisePair:
        return plus(product({key.outH, key.outW, weightsOf(key)}), biasesOf(key));
    case AtomKind::FullyConnected:
    case AtomKind::SqueezeExcite:
        return plus(weightsOf(key), biasesOf(key));
    case AtomKind::Pad:
    case AtomKind::Add:
    case AtomKind::Mul:
    case AtomKind::Scale:
    case AtomKind::Mean:
        break;
    }
    return 0;
}

qint64 elementwiseMacsOf(const AtomKey &key)
{
    const qint64 elements = product({key.inH, key.inW, key.inC});
    switch (key.kind) {
    case AtomKind::Add:
    case AtomKind::Mul:
    case AtomKind::Scale:
    case AtomKind::Mean:
        return elements;
    case AtomKind::SqueezeExcite:
        return plus(product({2, elements}), key.inC);
    case AtomKind::Conv:
    case AtomKind::Depthwise:
    case AtomKind::Pointwise:
    case AtomKind::PointwisePair:
    case AtomKind::Pad:
    case AtomKind::FullyConnected:
        break;
    }
    return 0;
}

qint64 paramsOf(const AtomKey &key)
{
    return plus(weightsOf(key), biasesOf(key));
}

qint64 weightBytesOf(const AtomKey &key)
{
    const qint64 bytes = plus(weightsOf(key), product({4, biasesOf(key)}));
    // x-cube-ai counts one word more for the whole module, constant on all its measured rows.
    return key.kind == AtomKind::SqueezeExcite ? plus(bytes, 4) : bytes;
}

int smallestStride(int in, int pads, int kernel, int out)
{
    const qint64 room = qint64(in) + pads - kernel; // how far the kernel can move
    if (room < 0 || out < 1) return 0;
    // floor(room / s) == out - 1 needs s > room / out; the smallest such s is the only candidate.
    const qint64 stride = room / out + 1;
    if (stride > std::numeric_limits<int>::max()) return 0;
    return room / stride == out - 1 ? int(stride) : 0;
}

QString toString(AtomKind kind)
{
    for (const KindName &entry : kindNames)
        if (entry.kind == kind) return QString::fromLatin1(entry.name);
    return QStringLiteral("kind %1").arg(int(kind));
}

std::optional<AtomKind> atomKindFrom(QStringView text)
{
    for (const KindName &entry : kindNames)
        if (text == QLatin1String(entry.name)) return entry.kind;
    return std::nullopt;
}

QString toString(KeyAct act)
{
    for (const ActName &entry : actNames)
        if (entry.act == act) return QString::fromLatin1(entry.name);
    return QStringLiteral("activation %1").arg(int(act));
}

std::optional<KeyAct> keyActFrom(QStringView text)
{
    for (const ActName &entry : actNames)
        if (text == QLatin1String(entry.name)) return entry.act;
    return std::nullopt;
}

KeyAct keyAct(Activation act)
{
    switch (act) {
    case Activation::None:
        return KeyAct::None;
    case Activation::Relu:
        return KeyAct::Relu;
    case Activation::Relu6:
        return KeyAct::Relu6;
    case Activation::HSwish:
        return KeyAct::HSwish;
    case Activation::HSigmoid:
        return KeyAct::HSigmoid;
    }
    return KeyAct::Unknown;
}

QString describe(const AtomKey &key)
{
    const auto shape = [](Shape s) {
        return QStringLiteral("%1x%2x%3").arg(s.h).arg(s.w).arg(s.c);
    };
    QString text = toString(key.kind).replace(QLatin1Char('_'), QLatin1Char(' '));
    if (key.kernelH != 1 || key.kernelW != 1)
        text += QStringLiteral(" %1x%2").arg(key.kernelH).arg(key.kernelW);
    if (key.strideH == key.strideW && key.strideH != 1)
        text += QStringLiteral(" stride %1").arg(key.strideH);
    else if (key.strideH != key.strideW)
        text += QStringLiteral(" stride %1x%2").arg(key.strideH).arg(key.strideW);
    text += QLatin1Char(' ') + shape(key.in());
    if (key.kind == AtomKind::PointwisePair) text += QStringLiteral(" -> %1").arg(key.squeeze);
    if (key.in() != key.out() || key.kind == AtomKind::PointwisePair)
        text += QStringLiteral(" -> ") + shape(key.out());
    if (key.kind == AtomKind::SqueezeExcite)
        text += QStringLiteral(", %1 squeeze channels").arg(key.squeeze);
    return text;
}

} // namespace atomnet
