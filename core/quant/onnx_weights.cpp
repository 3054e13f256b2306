#include "core/formats/onnx.pb.h"
#include "core/quant/onnx_model.h"
#include "core/quant/weight_file.h"

#include <QHash>
#include <QSet>
#include <QtEndian>

#include <algorithm>
#include <bit>
#include <cmath>

namespace atomnet
{

namespace
{

using onnx::AttributeProto;
using onnx::NodeProto;
using onnx::TensorProto;

/// Numbers of all layers together, shared ones counted each time; far beyond what any board could
/// hold.
constexpr qint64 maxWeights = qint64(1) << 27;

QString text(const std::string &bytes)
{
    return QString::fromUtf8(bytes.data(), qsizetype(bytes.size()));
}

const AttributeProto *attribute(const NodeProto &node, const char *name)
{
    for (const AttributeProto &a : node.attribute())
        if (a.name() == name) return &a;
    return nullptr;
}

/// A stored tensor and the name under which an operator reads it.
struct Stored {
    QString name;
    const TensorProto *tensor = nullptr; ///< null: no such input
};

/// A convolution or matrix product with its numbers.
struct Layer {
    Stored weights, bias;
    bool transposed = false; ///< [in][out] in the file
};

/// "onnx::Conv_123" or "123": a name that the exporter made up.
bool isMadeUp(const QString &name)
{
    return name.isEmpty() || name.startsWith(QLatin1String("onnx::")) ||
           std::all_of(name.begin(), name.end(), [](QChar c) { return c.isDigit(); });
}

class Reader
{
public:
    Reader(const onnx::ModelProto &model, const QString &fileName)
        : m_model(model), m_graph(model.graph()), m_fileName(fileName)
    {
    }

    Result<WeightFile> read()
    {
        if (const Result<> done = collectStored(); !done) return tl::make_unexpected(done.error());
        for (const NodeProto &node : m_graph.node())
            if (const Result<> done = visit(node); !done) return tl::make_unexpected(done.error());
        if (m_layers.empty())
            return bad(QStringLiteral("the model has no convolution or fully connected layer with "
                                      "stored weights"));
        const bool namesLost = std::any_of(m_layers.begin(), m_layers.end(),
                                           [](const Layer &l) { return isMadeUp(l.weights.name); });
        const Result<> done = namesLost ? emitInOrder() : emitByName();
        if (!done) return tl::make_unexpected(done.error());
        if (const Result<> ok = readMetadata(); !ok) return tl::make_unexpected(ok.error());
        return std::move(m_file);
    }

private:
    tl::unexpected<Error> bad(const QString &what) const
    {
        return fail(ErrorCode::BadInput, what, m_fileName);
    }

    Result<> define(const std::string &name)
    {
        const QString key = text(name);
        if (m_defined.contains(key))
            return bad(QStringLiteral("%1 is given twice; the file is damaged").arg(quoted(key)));
        m_defined.insert(key);
        return {};
    }

    Result<> collectStored()
    {
        for (const TensorProto &tensor : m_graph.initializer()) {
            if (const Result<> done = define(tensor.name()); !done) return done;
            m_stored.insert(text(tensor.name()), &tensor);
        }
        for (const auto &input : m_graph.input()) // old files list the stored ones here too
            m_defined.insert(text(input.name()));
        return {};
    }

    /// Operators stand in the order in which they run: so a value is known before it is read, and
    /// there are no cycles.
    Result<> visit(const NodeProto &node)
    {
        for (const std::string &input : node.input())
            if (!input.empty() && !m_defined.contains(text(input)))
                return bad(
                    QStringLiteral("%1 reads %2, which nothing before it gives: the graph has a "
                                   "cycle or is out of order; export it again")
                        .arg(nameOf(node), quoted(text(input))));
        const std::string &type = node.op_type();
        Result<> done;
        if (type == "Identity")
            alias(node);
        else if (type == "Constant")
            constant(node);
        else if (type == "Conv")
            done = convolution(node);
        else if (type == "Gemm")
            done = gemm(node);
        else if (type == "MatMul")
            matMul(node);
        else if (type == "Add")
            add(node);
        else if (type == "BatchNormalization")
            done = batchNorm(node);
        if (!done) return done;
        for (const std::string &output : node.output()) {
            if (output.empty()) continue;
            if (Result<> defined = define(output); !defined) return defined;
        }
        return {};
    }

    static QString nameOf(const NodeProto &node)
    {
        const QString type = text(node.op_type()).left(40);
        if (node.name().empty()) return QStringLiteral("an operator %1").arg(quoted(type));
        return QStringLiteral("the operator %1").arg(quoted(text(node.name())));
    }

    Stored stored(const NodeProto &node, int input) const
    {
        if (input >= node.input_size() || node.input(input).empty()) return {};
        const QString name = text(node.input(input));
        return {name, m_stored.value(name, nullptr)};
    }

    void alias(const NodeProto &node)
    {
        const Stored source = stored(node, 0);
        if (source.tensor && node.output_size() == 1)
            m_stored.insert(text(node.output(0)), source.tensor);
    }

    void constant(const NodeProto &node)
    {
        const AttributeProto *value = attribute(node, "value");
        if (value && value->has_t() && node.output_size() == 1)
            m_stored.insert(text(node.output(0)), &value->t());
    }

    tl::unexpected<Error> computed(const NodeProto &node) const
    {
        return bad(
            QStringLiteral("%1 computes its weights instead of storing them, as quantised models "
                           "do; give the float model")
                .arg(nameOf(node)));
    }

    void addLayer(const NodeProto &node, Layer layer)
    {
        if (node.output_size() > 0 && !layer.bias.tensor)
            m_withoutBias.insert(text(node.output(0)), m_layers.size());
        m_layers.push_back(std::move(layer));
    }

    Result<> convolution(const NodeProto &node)
    {
        Layer layer{stored(node, 1), stored(node, 2), false};
        if (!layer.weights.tensor || (!layer.bias.name.isEmpty() && !layer.bias.tensor))
            return computed(node);
        addLayer(node, std::move(layer));
        return {};
    }

    Result<> gemm(const NodeProto &node)
    {
        Layer layer{stored(node, 1), stored(node, 2), true};
        if (!layer.weights.tensor || (!layer.bias.name.isEmpty() && !layer.bias.tensor))
            return computed(node);
        const auto number = [&](const char *name) {
            const AttributeProto *a = attribute(node, name);
            return a ? a->f() : 1.0F;
        };
        const auto flag = [&](const char *name) {
            const AttributeProto *a = attribute(node, name);
            return a && a->i() != 0;
        };
        if (number("alpha") != 1.0F || number("beta") != 1.0F || flag("transA"))
            return bad(
                QStringLiteral("%1 scales or transposes its input, which no fully connected layer "
                               "of a design does")
                    .arg(nameOf(node)));
        layer.transposed = !flag("transB");
        addLayer(node, std::move(layer));
        return {};
    }

    void matMul(const NodeProto &node)
    {
        const Stored weights = stored(node, 1);
        if (weights.tensor) addLayer(node, {weights, {}, true});
    }

    /// The bias of a product that has none of its own; any other sum joins two branches.
    void add(const NodeProto &node)
    {
        for (const int side : {0, 1}) {
            const Stored bias = stored(node, side);
            if (!bias.tensor || node.input_size() != 2) continue;
            const auto layer = m_withoutBias.constFind(text(node.input(1 - side)));
            if (layer != m_withoutBias.constEnd()) m_layers[*layer].bias = bias;
        }
    }

    Result<> batchNorm(const NodeProto &node)
    {
        const AttributeProto *epsilon = attribute(node, "epsilon");
        if (epsilon && !(std::fabs(epsilon->f() - 1e-5F) < 1e-9F))
            return bad(QStringLiteral("%1 has epsilon %2; designs are trained with 1e-5")
                           .arg(nameOf(node))
                           .arg(double(epsilon->f())));
        for (int i = 1; i <= 4; ++i) {
            m_norms.push_back(stored(node, i));
            if (!m_norms.back().tensor) return computed(node);
        }
        return {};
    }

    /// The numbers as floats. Stored as raw little-endian bytes, or in the list for their type.
    Result<NamedTensor> decode(const Stored &from, const QString &name, bool transposed)
    {
        const TensorProto &tensor = *from.tensor;
        const QString shown = quoted(from.name);
        if (tensor.data_location() == TensorProto::EXTERNAL)
            return bad(
                QStringLiteral("%1 lies in another file; save the model as one file").arg(shown));
        NamedTensor result{name, {tensor.dims().begin(), tensor.dims().end()}, {}};
        const auto count = elementCount(result.shape);
        if (!count)
            return bad(QStringLiteral("%1 claims the shape %2, which no file can hold")
                           .arg(shown, shapeText(result.shape)));
        m_weights += *count;
        if (m_weights > maxWeights)
            return bad(
                QStringLiteral("the layers claim more than %1 million weights; no design has")
                    .arg(maxWeights / 1'000'000));
        const auto format = floatFormat(tensor.data_type());
        if (!format)
            return bad(QStringLiteral("%1 holds no floats (ONNX type %2); give the float model")
                           .arg(shown)
                           .arg(tensor.data_type()));
        if (tensor.has_raw_data()) {
            const QByteArrayView raw(tensor.raw_data().data(), qsizetype(tensor.raw_data().size()));
            if (raw.size() != *count * bytesPer(*format)) return wrongLength(shown, result.shape);
            result.values = toFloats(raw, *format);
        } else {
            result.values = listed(tensor, *format);
            if (qint64(result.values.size()) != *count) return wrongLength(shown, result.shape);
        }
        if (transposed && result.shape.size() == 2) transpose(result);
        return result;
    }

    tl::unexpected<Error> wrongLength(const QString &shown, const std::vector<qint64> &shape) const
    {
        return bad(
            QStringLiteral("%1 is %2, but holds another count of numbers; the file is damaged")
                .arg(shown, shapeText(shape)));
    }

    static std::optional<FloatFormat> floatFormat(int type)
    {
        switch (type) {
        case TensorProto::FLOAT:
            return FloatFormat::F32;
        case TensorProto::DOUBLE:
            return FloatFormat::F64;
        case TensorProto::FLOAT16:
            return FloatFormat::F16;
        case TensorProto::BFLOAT16:
            return FloatFormat::BF16;
        default:
            return std::nullopt;
        }
    }

    static std::vector<float> listed(const TensorProto &tensor, FloatFormat format)
    {
        if (format == FloatFormat::F32)
            return {tensor.float_data().begin(), tensor.float_data().end()};
        QByteArray bytes; // 64-bit numbers, or halves whose bits lie in an int32 each
        if (format == FloatFormat::F64) {
            for (const double value : tensor.double_data()) {
                const quint64 bits = qToLittleEndian(std::bit_cast<quint64>(value));
                bytes.append(reinterpret_cast<const char *>(&bits), 8);
            }
        } else {
            for (const qint32 value : tensor.int32_data()) {
                const quint16 bits = qToLittleEndian(quint16(value));
                bytes.append(reinterpret_cast<const char *>(&bits), 2);
            }
        }
        return toFloats(bytes, format);
    }

    static void transpose(NamedTensor &matrix)
    {
        const std::size_t in = std::size_t(matrix.shape[0]), out = std::size_t(matrix.shape[1]);
        std::vector<float> turned(matrix.values.size());
        for (std::size_t o = 0; o < out && !turned.empty(); ++o)
            for (std::size_t i = 0; i < in; ++i)
                turned[o * in + i] = matrix.values[i * out + o];
        matrix.values = std::move(turned);
        std::swap(matrix.shape[0], matrix.shape[1]);
    }

    Result<> emit(const Stored &from, const QString &name, bool transposed)
    {
        auto tensor = decode(from, name, transposed);
        if (!tensor) return tl::make_unexpected(tensor.error());
        m_file.tensors.push_back(std::move(*tensor));
        return {};
    }

    /// A sum may have its bias as 1 x C x 1 x 1: it is C numbers.
    Result<> emitBias(const Stored &from, const QString &name)
    {
        if (const Result<> done = emit(from, name, false); !done) return done;
        std::vector<qint64> &shape = m_file.tensors.back().shape;
        const qint64 count = qint64(m_file.tensors.back().values.size());
        if (std::find(shape.begin(), shape.end(), count) != shape.end()) shape = {count};
        return {};
    }

    Result<> emitInOrder()
    {
        m_file.inOrder = true;
        if (!m_norms.empty())
            return bad(
                QStringLiteral("the model has batch norms but its layers have lost their names; "
                               "export it with torch.onnx.export's defaults, or with "
                               "training=TrainingMode.PRESERVE and do_constant_folding=False"));
        for (std::size_t i = 0; i < m_layers.size(); ++i) {
            const Layer &layer = m_layers[i];
            Result<> done =
                emit(layer.weights, QStringLiteral("%1.weight").arg(i), layer.transposed);
            if (done && layer.bias.tensor)
                done = emitBias(layer.bias, QStringLiteral("%1.bias").arg(i));
            if (!done) return done;
        }
        return {};
    }

    /// A name that two layers read is given once.
    bool isNew(const Stored &from)
    {
        if (!from.tensor || m_emitted.contains(from.name)) return false;
        m_emitted.insert(from.name);
        return true;
    }

    Result<> emitByName()
    {
        Result<> done;
        for (const Layer &layer : m_layers) {
            if (isNew(layer.weights))
                done = emit(layer.weights, layer.weights.name, layer.transposed);
            if (done && isNew(layer.bias)) done = emitBias(layer.bias, layer.bias.name);
            if (!done) return done;
        }
        for (const Stored &norm : m_norms) {
            if (isNew(norm)) done = emit(norm, norm.name, false);
            if (!done) return done;
        }
        return {};
    }

    Result<> readMetadata()
    {
        WeightMetadata metadata;
        for (const auto &entry : m_model.metadata_props()) {
            if (entry.key() == "mean") metadata.mean = text(entry.value());
            if (entry.key() == "std") metadata.std = text(entry.value());
            if (entry.key() == "labels") metadata.labels = text(entry.value());
        }
        return addMetadata(metadata, m_file, m_fileName);
    }

    const onnx::ModelProto &m_model;
    const onnx::GraphProto &m_graph;
    const QString &m_fileName;
    QSet<QString> m_defined, m_emitted;
    QHash<QString, const TensorProto *> m_stored;
    QHash<QString, std::size_t> m_withoutBias; ///< output -> layer
    std::vector<Layer> m_layers;
    std::vector<Stored> m_norms;
    qint64 m_weights = 0;
    WeightFile m_file;
};

} // namespace

Result<WeightFile> readOnnxWeights(const QByteArray &bytes, const QString &fileName)
{
    onnx::ModelProto model;
    if (const Result<> done = parseOnnx(bytes, fileName, model); !done)
        return tl::make_unexpected(done.error());
    return Reader(model, fileName).read();
}

} // namespace atomnet
