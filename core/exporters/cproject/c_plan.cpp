#include "core/exporters/cproject/c_model.h"

namespace atomnet
{

namespace
{

/// Writes the records; one overload for each kind of call.
class RecordWriter
{
public:
    RecordWriter(const CModel &model, const ConstantImage &image) : m_model(model), m_image(image)
    {
    }

    QByteArray record(const ConvCall &c) const
    {
        return pointer(".weights", "int8_t", c.weights) + output(".out", c.out) +
               shape(c.in, ".in_c") + number(".out_c", c.outChannels) + window(c) +
               packing(".packing", c.packing);
    }
    QByteArray record(const DepthwiseCall &c) const
    {
        return pointer(".weights", "int8_t", c.weights) + output(".out", c.out) +
               shape(c.in, ".channels") + window(c) + packing(".packing", c.packing);
    }
    QByteArray record(const PointwiseCall &c) const
    {
        return pointer(".weights", "int8_t", c.weights) + output(".out", c.out) +
               number(".pixels", c.pixels) + number(".in_c", c.inChannels) +
               number(".out_c", c.outChannels) + packing(".packing", c.packing);
    }
    QByteArray record(const PairCall &c) const
    {
        return pointer(".expand_weights", "int8_t", c.expandWeights) +
               pointer(".project_weights", "int8_t", c.projectWeights) +
               output(".expand", c.expand) + output(".project", c.project) +
               number(".pixels", c.pixels) + number(".in_c", c.inChannels) +
               number(".mid_c", c.midChannels) + number(".out_c", c.outChannels) +
               packing(".expand_packing", c.expandPacking) +
               packing(".project_packing", c.projectPacking);
    }
    QByteArray record(const DenseCall &c) const
    {
        return pointer(".weights", "int8_t", c.weights) + output(".out", c.out) +
               number(".in_c", c.inChannels) + number(".out_c", c.outChannels) +
               packing(".packing", c.packing);
    }
    QByteArray record(const AddCall &c) const
    {
        return number(".count", c.count) + number(".bias", c.bias) +
               number(".multiplier_a", c.multiplierA) + number(".multiplier_b", c.multiplierB) +
               number(".shift", c.shift);
    }
    QByteArray record(const MulCall &c) const
    {
        return number(".pixels", c.pixels) + number(".channels", c.channels) +
               number(".multiplier", c.multiplier) + number(".in_zero_point", c.inZeroPoint) +
               number(".gate_zero_point", c.gateZeroPoint) + number(".zero_point", c.zeroPoint) +
               number(".shift", c.shift);
    }
    QByteArray record(const MeanCall &c) const
    {
        return number(".pixels", c.pixels) + number(".channels", c.channels) +
               number(".bias", c.bias) + number(".multiplier", c.multiplier) +
               number(".zero_point", c.zeroPoint) + number(".shift", c.shift);
    }
    QByteArray record(const SoftmaxCall &c) const
    {
        return pointer(".exponents", "uint32_t", c.exponents) + number(".count", c.count);
    }

private:
    static QByteArray number(const char *field, int value)
    {
        return QByteArray("    ") + field + " = " + QByteArray::number(value) + ",\n";
    }
    static QByteArray shape(const Shape &in, const char *channels)
    {
        return number(".in_h", in.h) + number(".in_w", in.w) + number(channels, in.c);
    }
    template <class Windowed>
    static QByteArray window(const Windowed &c)
    {
        return number(".kernel", c.kernel) + number(".stride", c.stride) +
               number(".in_zero_point", c.inZeroPoint);
    }
    static QByteArray packing(const char *field, int value)
    {
        return QByteArray("    ") + field + " = " + QByteArray::number(value) + ",\n";
    }
    /// The constant's address; with a weights file its place there, which the adapter resolves.
    QByteArray address(const char *type, int constant) const
    {
        if (constant < 0) return "NULL";
        const auto index = std::size_t(constant);
        const QByteArray cast = QByteArray("(const ") + type + " *)";
        if (m_model.weightsFile)
            return cast + "(uintptr_t)" +
                   QByteArray::number(weightsHeaderBytes + m_image.offsets[index]) + 'u';
        return cast + m_model.prefix.toLatin1() + "_k_" +
               m_model.program.constants[index].name.toLatin1();
    }
    QByteArray pointer(const char *field, const char *type, int constant) const
    {
        return QByteArray("    ") + field + " = " + address(type, constant) + ",\n";
    }
    QByteArray output(const char *field, const OutputStage &out) const
    {
        return QByteArray("    ") + field + " = {.bias = " + address("int32_t", out.bias) +
               ",\n     .multiplier = " + address("int32_t", out.multiplier) +
               ",\n     .table = " + address("int8_t", out.table) +
               ",\n     .zero_point = " + QByteArray::number(out.zeroPoint) +
               ", .shift = " + QByteArray::number(out.shift) + "},\n";
    }

    const CModel &m_model;
    const ConstantImage &m_image;
};

struct KindNames {
    const char *kind; ///< condition and adapter
    const char *type;
};
constexpr std::array<KindNames, std::variant_size_v<Call>> kindNames{{
    {"conv", "ak_conv2d_t"},
    {"depthwise", "ak_depthwise_t"},
    {"pointwise", "ak_pointwise_t"},
    {"pair", "ak_pointwise_pair_t"},
    {"dense", "ak_fully_connected_t"},
    {"add", "ak_add_t"},
    {"mul", "ak_mul_t"},
    {"mean", "ak_mean_t"},
    {"softmax", "ak_softmax_t"},
}};

QByteArray place(qint64 offset)
{
    return QByteArray::number(std::max<qint64>(offset, 0)); // -1: the kernel has no such tensor
}

} // namespace

PlanText planText(const CModel &model, const ConstantImage &image)
{
    const RecordWriter writer(model, image);
    const QByteArray prefix = model.prefix.toLatin1();
    PlanText text;
    for (std::size_t i = 0; i < model.program.steps.size(); ++i) {
        const Step &step = model.program.steps[i];
        const KindNames &names = kindNames[step.call.index()];
        const QByteArray call = prefix + "_call_" + QByteArray::number(i);
        text.kinds.insert(names.kind);
        text.records += QByteArray("static const ") + names.type + ' ' + call + " = { /* " +
                        commentText(step.name) + " */\n" +
                        std::visit([&](const auto &c) { return writer.record(c); }, step.call) +
                        "};\n";
        text.steps += "    {" + prefix + '_' + names.kind + ", &" + call + ", " +
                      place(step.inputOffsets[0]) + ", " + place(step.inputOffsets[1]) + ", " +
                      place(step.outputOffset) + ", " + place(step.scratchOffset) + "},\n";
    }
    return text;
}

} // namespace atomnet
