#include "core/device/operator_request.h"

#include "core/device/operator_shape.h"
#include "firmware/kernels/ak_types.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace atomnet
{

namespace
{

/// FNV-1a over the key, whose fields leave no gaps: the same on every machine.
quint32 seedOf(const AtomKey &key)
{
    std::array<uchar, sizeof(AtomKey)> bytes;
    std::memcpy(bytes.data(), &key, bytes.size());
    quint32 hash = 2166136261U;
    for (const uchar byte : bytes)
        hash = (hash ^ byte) * 16777619U;
    return hash == 0 ? 1 : hash;
}

/// Ends of what an operator touches.
struct Extent {
    qint64 inputs = 0, output = 0, scratch = 0, weights = 0;
    [[nodiscard]] qint64 end() const { return std::max({inputs, output, scratch, weights}); }
};

qint64 endOf(qint64 offset, qint64 bytes)
{
    return bytes > 0 ? offset + bytes : 0;
}

Extent extentOf(const AtomKey &key, const OperatorPlace &place, const OperatorShape &shape)
{
    Extent extent;
    extent.inputs =
        std::max(endOf(place.inputs[0], shape.inputs[0]), endOf(place.inputs[1], shape.inputs[1]));
    extent.output = endOf(place.output, shape.output);
    extent.scratch = endOf(place.scratch, shape.scratch);
    if (key.weights == WeightPlace::Ram)
        extent.weights = alignedUp(extent.end()) + alignedUp(shape.weights[0]) + shape.weights[1];
    return extent;
}

/// A shift after which about a thousandth to a half of the outputs saturate, on seeded inputs and
/// the constants that every image has: multipliers of 1.5 * 2^24 scale by 2^(shift - 7.4).
uint8_t convShift(qint64 inputsPerOutput, quint32 seed)
{
    // Biases alone deviate by 2^13; more than 256 products of inputs with small weights add as much
    // again.
    return inputsPerOutput <= 256 ? uint8_t(seed & 1) : 0;
}

/// The mean of n seeded inputs deviates by 74 / sqrt(n): makes it about 50. 128 n << shift stays
/// within 31 bits.
uint8_t meanShift(qint64 pixels)
{
    const int halfLog = int(std::bit_width(quint64(pixels))) / 2;
    return uint8_t(std::max(7 - halfLog, 0));
}

constexpr uint8_t scaleShift = 1; ///< products deviate by 74 * 74
constexpr uint8_t addShift = 20;  ///< of multipliers around 1.5 * 2^19

/// A zero point near 0, or that of a clamp at zero.
int8_t zeroPointOf(KeyAct act, quint32 bits)
{
    if (act == KeyAct::Relu || act == KeyAct::Relu6) return -128;
    return int8_t(int(bits % 9) - 4);
}

quint8 packingOf(const AtomKey &key, int which)
{
    const int wanted = key.variant >> (4 * which) & 15;
    if (wanted != AK_PACKING_NONE) return quint8(wanted);
    return key.kind == AtomKind::Depthwise ? AK_PACKING_DEPTHWISE : AK_PACKING_PLAIN_4X2;
}

qint64 inputsPerOutput(const AtomKey &key)
{
    const qint64 taps = qint64(key.kernelH) * key.kernelW;
    if (key.kind == AtomKind::Depthwise) return taps;
    return key.kind == AtomKind::FullyConnected ? key.in().bytes() : taps * key.inC;
}

/// Numbers that the kind uses; the others stay 0, as the protocol wants them.
void setNumbers(const AtomKey &key, ap_operator_t &op)
{
    const auto inputZeroPoint = [&op](int which) {
        return zeroPointOf(KeyAct::None, op.seed >> (8 + 4 * which));
    };
    op.out_zero_point = zeroPointOf(key.act, op.seed >> 16);
    switch (key.kind) {
    case AtomKind::Add:
    case AtomKind::Scale:
        op.shift = key.kind == AtomKind::Add ? addShift : scaleShift;
        op.in_zero_point = inputZeroPoint(0);
        op.in2_zero_point = inputZeroPoint(1);
        return;
    case AtomKind::Mean:
        op.shift = meanShift(qint64(key.inH) * key.inW);
        op.in_zero_point = inputZeroPoint(0);
        return;
    case AtomKind::PointwisePair:
        op.shift = convShift(key.inC, op.seed);
        op.shift2 = convShift(key.squeeze, op.seed >> 1);
        op.mid_zero_point = op.out_zero_point; // the activation stands in the middle
        op.out_zero_point = zeroPointOf(KeyAct::None, op.seed >> 20);
        op.packing2 = packingOf(key, 1);
        op.mid_c = uint16_t(key.squeeze);
        break;
    case AtomKind::Conv:
    case AtomKind::Depthwise:
        op.kernel = uint8_t(key.kernelH);
        op.stride = uint8_t(key.strideH);
        op.in_zero_point = inputZeroPoint(0);
        op.shift = convShift(inputsPerOutput(key), op.seed);
        break;
    default:
        op.shift = convShift(inputsPerOutput(key), op.seed);
        break;
    }
    op.act = uint8_t(key.act);
    op.packing = packingOf(key, 0);
}

tl::unexpected<Error> refused(const AtomKey &key, const QString &why)
{
    return fail(ErrorCode::BadInput,
                QStringLiteral("this operator %1; it cannot be measured").arg(why), describe(key));
}

} // namespace

OperatorPlace ownPlace(const AtomKey &key)
{
    OperatorPlace place;
    if (!operatorProblem(key).isEmpty()) return place;
    const OperatorShape shape = operatorShape(key);
    place.inputs[0] = shape.maxOffset ? alignedUp(std::max<qint64>(-*shape.maxOffset, 0)) : 0;
    qint64 end = place.inputs[0] + shape.inputs[0];
    const auto append = [&end](qint64 bytes) {
        const qint64 offset = alignedUp(end);
        end = offset + bytes;
        return offset;
    };
    if (shape.maxOffset)
        end = std::max(end, shape.output);
    else
        place.output = append(shape.output);
    if (shape.inputs[1] > 0) place.inputs[1] = append(shape.inputs[1]);
    if (shape.scratch > 0) place.scratch = append(shape.scratch);
    return place;
}

qint64 arenaNeed(const AtomKey &key, const OperatorPlace &place)
{
    if (!operatorProblem(key).isEmpty()) return 0;
    return extentOf(key, place, operatorShape(key)).end();
}

qint64 windowNeed(const AtomKey &key)
{
    if (!operatorProblem(key).isEmpty()) return 0;
    const OperatorShape shape = operatorShape(key);
    return alignedUp(shape.weights[0]) + shape.weights[1];
}

Result<ap_operator_t> operatorRequest(const AtomKey &key, const OperatorPlace &place,
                                      qint64 weightsOffset)
{
    if (const QString problem = operatorProblem(key); !problem.isEmpty())
        return refused(key, problem);
    const OperatorShape shape = operatorShape(key);
    const bool two = shape.inputs[1] > 0;
    for (const qint64 offset :
         {place.inputs[0], two ? place.inputs[1] : 0, place.output, place.scratch, weightsOffset})
        if (offset < 0 || offset % 4 != 0 || offset > std::numeric_limits<qint32>::max())
            return refused(key, QStringLiteral("lies at an address that is no multiple of 4"));

    ap_operator_t op{};
    op.kind = uint8_t(key.kind); // AP_OP_* are AtomKind's numbers
    const Shape in =
        key.kind == AtomKind::FullyConnected ? Shape{1, 1, qint32(shape.inputs[0])} : key.in();
    op.in_h = uint16_t(in.h);
    op.in_w = uint16_t(in.w);
    op.in_c = uint16_t(in.c);
    op.out_c = uint16_t(key.outC);
    op.in_offset = uint32_t(place.inputs[0]);
    if (two) op.in2_offset = uint32_t(place.inputs[1]);
    op.out_offset = uint32_t(place.output);
    op.scratch_bytes = uint32_t(shape.scratch);
    if (shape.scratch > 0) op.scratch_offset = uint32_t(place.scratch);
    if (shape.weights[0] > 0) {
        op.weights_offset = uint32_t(weightsOffset);
        if (shape.weights[1] > 0)
            op.weights2_offset = uint32_t(weightsOffset + alignedUp(shape.weights[0]));
        if (key.weights == WeightPlace::Ram) {
            AtomKey inFlash = key;
            inFlash.weights = WeightPlace::Flash;
            op.weight_place = 1;
            op.weights_ram = uint32_t(alignedUp(extentOf(inFlash, place, shape).end()));
        }
    }
    op.seed = seedOf(key);
    setNumbers(key, op);
    return op;
}

QString whyNotOn(const ap_hello_t &hello, const AtomKey &key, const ap_operator_t &op)
{
    const OperatorPlace place{{qint64(op.in_offset), qint64(op.in2_offset)},
                              qint64(op.out_offset),
                              qint64(op.scratch_offset)};
    const auto tooLarge = [](const QString &what, qint64 need, qint64 has) {
        return QStringLiteral("it needs %1 bytes of %2, the board has %3")
            .arg(need)
            .arg(what)
            .arg(has);
    };
    const qint64 arena = arenaNeed(key, place);
    if (arena > qint64(hello.arena_bytes))
        return tooLarge(QStringLiteral("RAM"), arena, hello.arena_bytes);
    const qint64 window = windowNeed(key) == 0 ? 0 : qint64(op.weights_offset) + windowNeed(key);
    if (window > qint64(hello.window_bytes))
        return tooLarge(QStringLiteral("Flash for weights"), window, hello.window_bytes);
    const qint32 channels = std::max(key.outC, key.squeeze); // each has a bias
    if (windowNeed(key) > 0 && channels > qint64(hello.max_channels))
        return QStringLiteral("it has %1 channels, the firmware takes up to %2")
            .arg(channels)
            .arg(hello.max_channels);
    return {};
}

} // namespace atomnet
