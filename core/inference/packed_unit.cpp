#include "core/inference/packed_unit.h"

#include "core/quant/fixed_point.h"
#include "firmware/kernels/ak_pack.h"

#include <limits>

namespace atomnet
{

namespace
{

constexpr qint64 mostAccumulator = std::numeric_limits<qint32>::max();

std::size_t packedBytes(UnitKernel kernel, const WeightUnit &unit)
{
    switch (kernel) {
    case UnitKernel::Conv:
        return ak_pack_conv2d_bytes(unit.kernel, unit.in, unit.out);
    case UnitKernel::Depthwise:
        return ak_pack_depthwise_bytes(unit.kernel, unit.out);
    case UnitKernel::Pointwise:
        return ak_pack_pointwise_bytes(unit.in, unit.out);
    case UnitKernel::Dense:
        return ak_pack_fully_connected_bytes(unit.in, unit.out);
    }
    return 0;
}

ak_status_t pack(UnitKernel kernel, ak_packing_t packing, const WeightUnit &unit,
                 const qint8 *weights, qint32 *bias, qint8 *to)
{
    switch (kernel) {
    case UnitKernel::Conv:
        return ak_pack_conv2d(packing, unit.kernel, unit.in, unit.out, weights, bias, to);
    case UnitKernel::Depthwise:
        return ak_pack_depthwise(packing, unit.kernel, unit.out, weights, bias, to);
    case UnitKernel::Pointwise:
        return ak_pack_pointwise(packing, unit.in, unit.out, weights, bias, to);
    case UnitKernel::Dense:
        return ak_pack_fully_connected(packing, unit.in, unit.out, weights, bias, to);
    }
    return AK_ERROR_PACKING;
}

/// The fastest packing that is exact, then the one that always is.
std::array<ak_packing_t, 2> packings(UnitKernel kernel, const WeightUnit &unit,
                                     const UnitQuant &quant, const std::vector<qint32> &bias)
{
    if (kernel == UnitKernel::Depthwise) return {AK_PACKING_DEPTHWISE, AK_PACKING_DEPTHWISE};
    return {ak_best_packing(qint32(unit.inputsPerOutput()), unit.out, quant.weights.data(),
                            bias.data()),
            AK_PACKING_PLAIN_4X2};
}

/// Of the two in a pair.
QString partName(const QuantizedNetwork &network, int atom, int part)
{
    if (network.unitOf(atom, 1) < 0) return {};
    return part == 0 ? QStringLiteral("expand") : QStringLiteral("project");
}

} // namespace

tl::unexpected<Error> sumsTooLarge(const QString &layer)
{
    return fail(ErrorCode::BadInput,
                QStringLiteral("its sums do not fit 32 bits; use fewer input channels, a smaller "
                               "kernel or a smaller map"),
                layer);
}

Result<PackedUnit> packUnit(const QuantizedNetwork &network, int atom, int part, UnitKernel kernel,
                            const QString &layer, Constants &constants)
{
    const int index = network.unitOf(atom, part);
    Q_ASSERT(index >= 0);
    const WeightUnit &unit = network.units[std::size_t(index)];
    const UnitQuant &quant = network.quants[std::size_t(index)];
    const qint64 accumulator = maxAccumulator(quant);
    if (accumulator > mostAccumulator) return sumsTooLarge(layer);

    const std::size_t padded = std::size_t(ak_padded_channels(unit.out));
    std::vector<qint32> folded = foldedBias(quant), bias;
    folded.resize(padded, 0);
    FixedScales scales = fixedScales(requantScales(quant), accumulator);
    scales.multipliers.resize(padded, 0);

    PackedUnit result;
    QByteArray weights(qsizetype(packedBytes(kernel, unit)), '\0');
    ak_status_t status = AK_ERROR_PACKING;
    for (const ak_packing_t packing : packings(kernel, unit, quant, folded)) {
        bias = folded;
        result.packing = packing;
        status = pack(kernel, packing, unit, quant.weights.data(), bias.data(),
                      reinterpret_cast<qint8 *>(weights.data()));
        if (status != AK_ERROR_PACKING) break;
    }
    if (status != AK_OK)
        return fail(ErrorCode::BadInput,
                    QStringLiteral("no kernel can hold its weights (status %1)").arg(int(status)),
                    layer);

    const auto name = [&](const char *what) {
        return constantName(layer, partName(network, atom, part), QLatin1String(what));
    };
    result.weights = constants.add(Constant::Type::Int8, name("weights"), std::move(weights));
    result.out.bias = constants.add(name("bias"), bias);
    result.out.multiplier = constants.add(name("multiplier"), scales.multipliers);
    result.out.zeroPoint = quant.convolved.zeroPoint;
    result.out.shift = scales.shift;
    if (unit.act == KeyAct::HSwish)
        result.out.table =
            constants.addTable(name("table"), hswishTable(quant.convolved, quant.output));
    else if (unit.act == KeyAct::HSigmoid)
        result.out.table = constants.addTable(name("table"), hsigmoidTable(quant.convolved));
    return result;
}

} // namespace atomnet
