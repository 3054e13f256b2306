#include "core/inference/bound_call.h"

#include "firmware/kernels/ak_add.h"
#include "firmware/kernels/ak_conv2d.h"
#include "firmware/kernels/ak_depthwise.h"
#include "firmware/kernels/ak_fully_connected.h"
#include "firmware/kernels/ak_mean.h"
#include "firmware/kernels/ak_mul.h"
#include "firmware/kernels/ak_pointwise.h"
#include "firmware/kernels/ak_pointwise_pair.h"
#include "firmware/kernels/ak_softmax.h"

#include <QtGlobal>

// Constants are little endian and used as they lie.
static_assert(Q_BYTE_ORDER == Q_LITTLE_ENDIAN);

namespace atomnet
{

namespace
{

/// Fills the kernels' structures; a null program leaves the pointers null (shapes only).
class Binder
{
public:
    explicit Binder(const Program *program) : m_program(program) {}

    [[nodiscard]] ak_conv2d_t operator()(const ConvCall &c) const
    {
        return {bytes(c.weights), output(c.out),    c.in.h,
                c.in.w,           c.in.c,           c.outChannels,
                quint8(c.kernel), quint8(c.stride), qint8(c.inZeroPoint),
                quint8(c.packing)};
    }
    [[nodiscard]] ak_depthwise_t operator()(const DepthwiseCall &c) const
    {
        return {bytes(c.weights), output(c.out),    c.in.h,           c.in.w,
                c.in.c,           quint8(c.kernel), quint8(c.stride), qint8(c.inZeroPoint),
                quint8(c.packing)};
    }
    [[nodiscard]] ak_pointwise_t operator()(const PointwiseCall &c) const
    {
        return {bytes(c.weights), output(c.out), c.pixels,
                c.inChannels,     c.outChannels, quint8(c.packing)};
    }
    [[nodiscard]] ak_pointwise_pair_t operator()(const PairCall &c) const
    {
        return {bytes(c.expandWeights),
                bytes(c.projectWeights),
                output(c.expand),
                output(c.project),
                c.pixels,
                c.inChannels,
                c.midChannels,
                c.outChannels,
                quint8(c.expandPacking),
                quint8(c.projectPacking)};
    }
    [[nodiscard]] ak_fully_connected_t operator()(const DenseCall &c) const
    {
        return {bytes(c.weights), output(c.out), c.inChannels, c.outChannels, quint8(c.packing)};
    }
    [[nodiscard]] ak_add_t operator()(const AddCall &c) const
    {
        return {c.count, c.bias, c.multiplierA, c.multiplierB, quint8(c.shift)};
    }
    [[nodiscard]] ak_mul_t operator()(const MulCall &c) const
    {
        return {c.pixels,
                c.channels,
                c.multiplier,
                qint8(c.inZeroPoint),
                qint8(c.gateZeroPoint),
                qint8(c.zeroPoint),
                quint8(c.shift)};
    }
    [[nodiscard]] ak_mean_t operator()(const MeanCall &c) const
    {
        return {c.pixels, c.channels, c.bias, c.multiplier, qint8(c.zeroPoint), quint8(c.shift)};
    }
    [[nodiscard]] ak_softmax_t operator()(const SoftmaxCall &c) const
    {
        return {constant<quint32>(c.exponents), c.count};
    }

private:
    template <class T>
    [[nodiscard]] const T *constant(int index) const
    {
        if (!m_program || index < 0) return nullptr;
        return reinterpret_cast<const T *>(
            m_program->constants[std::size_t(index)].bytes.constData());
    }
    [[nodiscard]] const qint8 *bytes(int index) const { return constant<qint8>(index); }
    [[nodiscard]] ak_output_t output(const OutputStage &o) const
    {
        return {constant<qint32>(o.bias), constant<qint32>(o.multiplier), constant<qint8>(o.table),
                qint8(o.zeroPoint), quint8(o.shift)};
    }

    const Program *m_program;
};

struct Kernels {
    const CallMemory &m;
    ak_status_t operator()(const ak_conv2d_t &p) const
    {
        return ak_conv2d_s8(&p, m.inputs[0], m.output, m.scratch);
    }
    ak_status_t operator()(const ak_depthwise_t &p) const
    {
        return ak_depthwise_s8(&p, m.inputs[0], m.output, m.scratch);
    }
    ak_status_t operator()(const ak_pointwise_t &p) const
    {
        return ak_pointwise_s8(&p, m.inputs[0], m.output, m.scratch);
    }
    ak_status_t operator()(const ak_pointwise_pair_t &p) const
    {
        return ak_pointwise_pair_s8(&p, m.inputs[0], m.output, m.scratch);
    }
    ak_status_t operator()(const ak_fully_connected_t &p) const
    {
        return ak_fully_connected_s8(&p, m.inputs[0], m.output, m.scratch);
    }
    ak_status_t operator()(const ak_add_t &p) const
    {
        return ak_add_s8(&p, m.inputs[0], m.inputs[1], m.output);
    }
    ak_status_t operator()(const ak_mul_t &p) const
    {
        return ak_mul_s8(&p, m.inputs[0], m.inputs[1], m.output);
    }
    ak_status_t operator()(const ak_mean_t &p) const
    {
        return ak_mean_s8(&p, m.inputs[0], m.output);
    }
    ak_status_t operator()(const ak_softmax_t &p) const
    {
        return ak_softmax_s8(&p, m.inputs[0], m.output);
    }
};

struct ScratchSizes {
    std::size_t operator()(const ak_conv2d_t &p) const { return ak_conv2d_s8_scratch_bytes(&p); }
    std::size_t operator()(const ak_depthwise_t &p) const
    {
        return ak_depthwise_s8_scratch_bytes(&p);
    }
    std::size_t operator()(const ak_pointwise_t &p) const
    {
        return ak_pointwise_s8_scratch_bytes(&p);
    }
    std::size_t operator()(const ak_pointwise_pair_t &p) const
    {
        return ak_pointwise_pair_s8_scratch_bytes(&p);
    }
    std::size_t operator()(const ak_fully_connected_t &p) const
    {
        return ak_fully_connected_s8_scratch_bytes(&p);
    }
    template <class Other>
    std::size_t operator()(const Other &) const
    {
        return 0;
    }
};

} // namespace

ak_status_t runCall(const Program &program, const Call &call, const CallMemory &memory)
{
    const Binder binder(&program);
    return std::visit([&](const auto &c) { return Kernels{memory}(binder(c)); }, call);
}

qint64 scratchBytesOf(const Call &call)
{
    const Binder binder(nullptr);
    return qint64(std::visit([&](const auto &c) { return ScratchSizes{}(binder(c)); }, call));
}

} // namespace atomnet
