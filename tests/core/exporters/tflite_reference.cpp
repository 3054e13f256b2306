#include "tests/core/exporters/tflite_reference.h"

#include "core/formats/tflite_generated.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <utility>

namespace atomnet::test
{

namespace
{

struct Problem {
    QString what;
};

void require(bool holds, const char *what, const QString &where = {})
{
    if (!holds) throw Problem{where + QStringLiteral(": ") + QLatin1String(what)};
}

std::size_t countOf(const std::vector<int> &shape)
{
    return std::accumulate(
        shape.begin(), shape.end(), std::size_t(1),
        [](std::size_t product, int side) { return product * std::size_t(side); });
}

double clamped(double value, double low, double high)
{
    return std::min(std::max(value, low), high);
}

class Interpreter
{
public:
    Interpreter(const QByteArray &file, const std::map<QString, std::vector<qint8>> &instead)
        : m_file(file), m_instead(instead)
    {
    }

    TfLiteRun run(const std::vector<qint8> &input)
    {
        const auto *bytes = reinterpret_cast<const quint8 *>(m_file.constData());
        flatbuffers::Verifier verifier(bytes, std::size_t(m_file.size()), 64, 100'000'000);
        require(tflite::VerifyModelBuffer(verifier), "the verifier refuses it");
        m_model = tflite::GetModel(bytes);
        require(m_model->version() == 3, "schema version");
        require(m_model->subgraphs()->size() == 1, "one graph");
        require(m_model->buffers()->Get(0)->data() == nullptr, "buffer 0 is empty");
        m_graph = m_model->subgraphs()->Get(0);
        for (const tflite::Tensor *tensor : *m_graph->tensors())
            m_tensors.push_back(read(*tensor));
        require(m_graph->inputs()->size() == 1 && m_graph->outputs()->size() == 1,
                "one input, one output");
        TfLiteTensor &in = at(m_graph->inputs()->Get(0));
        require(input.size() == countOf(in.shape), "the input's size");
        in.values = input;
        for (const tflite::Operator *op : *m_graph->operators()) {
            run(*op);
            replace(op->outputs()->Get(0));
        }
        for (auto &[index, computed] : m_replaced)
            at(index).values = std::move(computed);

        TfLiteRun result;
        for (std::size_t t = 0; t < m_tensors.size(); ++t)
            require(result.tensors.emplace(nameOf(int(t)), m_tensors[t]).second,
                    "a name given twice", nameOf(int(t)));
        result.output = nameOf(m_graph->outputs()->Get(0));
        result.versions = m_versions;
        return result;
    }

private:
    TfLiteTensor &at(int index) { return m_tensors[std::size_t(index)]; }
    QString nameOf(int index) const
    {
        return QString::fromStdString(
            m_graph->tensors()->Get(flatbuffers::uoffset_t(index))->name()->str());
    }

    TfLiteTensor read(const tflite::Tensor &stored) const
    {
        const QString name = QString::fromStdString(stored.name()->str());
        TfLiteTensor tensor;
        tensor.shape.assign(stored.shape()->begin(), stored.shape()->end());
        if (const auto *quant = stored.quantization()) {
            tensor.scales.assign(quant->scale()->begin(), quant->scale()->end());
            require(quant->zero_point()->size() == tensor.scales.size(),
                    "a zero point for each scale", name);
            tensor.zeroPoint = int(quant->zero_point()->Get(0));
            tensor.axis = quant->quantized_dimension();
            require(tensor.scales.size() == 1 ||
                        int(tensor.scales.size()) == tensor.shape[std::size_t(tensor.axis)],
                    "a scale for each channel", name);
            for (const float scale : tensor.scales)
                require(scale > 0 && std::isfinite(scale), "scales above 0", name);
            require(tensor.zeroPoint >= -128 && tensor.zeroPoint <= 127, "zero points of int8",
                    name);
        }
        const auto *data = m_model->buffers()->Get(stored.buffer())->data();
        if (data) {
            require(std::uintptr_t(data->data() -
                                   reinterpret_cast<const quint8 *>(m_file.constData())) %
                            16 ==
                        0,
                    "buffers aligned to 16", name);
            const bool wide = stored.type() == tflite::TensorType_INT32;
            require(data->size() == countOf(tensor.shape) * (wide ? 4 : 1), "the buffer's size",
                    name);
            if (wide) {
                tensor.integers.resize(countOf(tensor.shape));
                std::memcpy(tensor.integers.data(), data->data(), data->size());
            } else {
                tensor.values.resize(data->size());
                std::memcpy(tensor.values.data(), data->data(), data->size());
            }
        } else {
            require(stored.type() == tflite::TensorType_INT8 && tensor.scales.size() == 1,
                    "activations are int8", name);
        }
        return tensor;
    }

    void replace(int index)
    {
        const auto found = m_instead.find(nameOf(index));
        if (found == m_instead.end()) return;
        require(found->second.size() == at(index).values.size(), "the size", found->first);
        m_replaced[index] = std::exchange(at(index).values, found->second);
    }

    /// Sets the result from real numbers, one for each element.
    template <class Real>
    static void fill(TfLiteTensor &out, const Real &real)
    {
        out.values.resize(countOf(out.shape));
        for (std::size_t i = 0; i < out.values.size(); ++i)
            out.values[i] = qint8(
                clamped(std::round(real(i) / double(out.scales[0])) + out.zeroPoint, -128, 127));
    }

    void run(const tflite::Operator &op)
    {
        const auto *code = m_model->operator_codes()->Get(op.opcode_index());
        const auto type = code->builtin_code();
        require(code->deprecated_builtin_code() == std::min<int>(type, 127),
                "the code for old readers");
        m_versions[type] = code->version();
        std::vector<int> inputs(op.inputs()->begin(), op.inputs()->end());
        const int output = op.outputs()->Get(0);
        const QString name = nameOf(output);
        for (const int input : inputs)
            require(!at(input).values.empty() || !at(input).integers.empty(),
                    "read before it is written", name);
        require(at(output).values.empty(), "written twice", name);
        TfLiteTensor &in = at(inputs[0]), &out = at(output);
        switch (type) {
        case tflite::BuiltinOperator_CONV_2D: {
            const auto *options = op.builtin_options_as_Conv2DOptions();
            convolve(at(inputs[1]), at(inputs[2]), in, out, options->padding(), options->stride_h(),
                     options->stride_w(), false, name);
            break;
        }
        case tflite::BuiltinOperator_DEPTHWISE_CONV_2D: {
            const auto *options = op.builtin_options_as_DepthwiseConv2DOptions();
            require(options->depth_multiplier() == 1, "depth multiplier", name);
            convolve(at(inputs[1]), at(inputs[2]), in, out, options->padding(), options->stride_h(),
                     options->stride_w(), true, name);
            break;
        }
        case tflite::BuiltinOperator_PAD:
            pad(at(inputs[1]).integers, in, out, name);
            break;
        case tflite::BuiltinOperator_HARD_SWISH:
            require(in.shape == out.shape, "shapes", name);
            fill(out,
                 [&](std::size_t i) { return in.real(i) * clamped(in.real(i) + 3, 0, 6) / 6; });
            break;
        case tflite::BuiltinOperator_ADD:
            elementwise(in, at(inputs[1]), out, name,
                        op.builtin_options_as_AddOptions()->fused_activation_function() ==
                            tflite::ActivationFunctionType_RELU6,
                        [](double a, double b) { return a + b; });
            break;
        case tflite::BuiltinOperator_MUL:
            elementwise(in, at(inputs[1]), out, name, false,
                        [](double a, double b) { return a * b; });
            break;
        case tflite::BuiltinOperator_MEAN:
            require(op.builtin_options_as_ReducerOptions()->keep_dims(), "keeps its dimensions",
                    name);
            require(at(inputs[1]).integers == std::vector<qint32>{1, 2}, "axes", name);
            require(out.shape == std::vector<int>{1, 1, 1, in.shape[3]}, "shape", name);
            mean(in, out);
            break;
        case tflite::BuiltinOperator_RESHAPE:
            require(at(inputs[1]).integers == out.shape && countOf(in.shape) == countOf(out.shape),
                    "shape", name);
            require(in.scales == out.scales && in.zeroPoint == out.zeroPoint, "scale", name);
            out.values = in.values;
            break;
        case tflite::BuiltinOperator_SOFTMAX:
            require(in.shape == out.shape && out.scales[0] == 1.0F / 256 && out.zeroPoint == -128,
                    "result", name);
            softmax(in, out);
            break;
        default:
            require(false, "an operator that no network has", name);
        }
    }

    void convolve(const TfLiteTensor &weights, const TfLiteTensor &bias, const TfLiteTensor &in,
                  TfLiteTensor &out, tflite::Padding padding, int strideH, int strideW,
                  bool depthwise, const QString &name)
    {
        const int kernelH = weights.shape[1], kernelW = weights.shape[2];
        const auto padOf = [&](int side, int kernel, int stride, int result) {
            const bool same = padding == tflite::Padding_SAME;
            require(result == (same ? (side + stride - 1) / stride : (side - kernel) / stride + 1),
                    "sides", name);
            return same ? std::max((result - 1) * stride + kernel - side, 0) / 2 : 0;
        };
        const int top = padOf(in.shape[1], kernelH, strideH, out.shape[1]);
        const int left = padOf(in.shape[2], kernelW, strideW, out.shape[2]);
        const int channels = out.shape[3];
        require(weights.zeroPoint == 0 && weights.axis == (depthwise ? 3 : 0),
                "weights per channel", name);
        require(weights.shape[depthwise ? 3 : 0] == channels &&
                    int(bias.integers.size()) == channels,
                "widths", name);
        require(depthwise ? weights.shape[0] == 1 && in.shape[3] == channels
                          : weights.shape[3] == in.shape[3],
                "widths in", name);
        const auto scaleOf = [&](int c) {
            return weights.scales[weights.scales.size() == 1 ? 0 : std::size_t(c)];
        };
        for (int c = 0; c < channels; ++c)
            require(bias.scales[bias.scales.size() == 1 ? 0 : std::size_t(c)] ==
                        in.scales[0] * scaleOf(c),
                    "the bias' scale", name);
        const int each = depthwise ? 1 : in.shape[3];
        fill(out, [&](std::size_t i) {
            const int c = int(i) % channels, x = int(i) / channels % out.shape[2],
                      y = int(i) / channels / out.shape[2];
            qint64 sum = bias.integers[std::size_t(c)];
            for (int ky = 0; ky < kernelH; ++ky)
                for (int kx = 0; kx < kernelW; ++kx) {
                    const int h = y * strideH + ky - top, w = x * strideW + kx - left;
                    if (h < 0 || h >= in.shape[1] || w < 0 || w >= in.shape[2]) continue;
                    for (int k = 0; k < each; ++k) {
                        const int from = depthwise ? c : k;
                        const int pixel = (h * in.shape[2] + w) * in.shape[3] + from;
                        const int weight = depthwise
                                               ? (ky * kernelW + kx) * channels + c
                                               : ((c * kernelH + ky) * kernelW + kx) * each + k;
                        sum += qint64(in.values[std::size_t(pixel)] - in.zeroPoint) *
                               weights.values[std::size_t(weight)];
                    }
                }
            return double(sum) * double(in.scales[0]) * double(scaleOf(c));
        });
    }

    static void pad(const std::vector<qint32> &pads, const TfLiteTensor &in, TfLiteTensor &out,
                    const QString &name)
    {
        require(in.scales == out.scales && in.zeroPoint == out.zeroPoint, "scale", name);
        for (std::size_t d = 0; d < 4; ++d)
            require(out.shape[d] == in.shape[d] + pads[2 * d] + pads[2 * d + 1], "sides", name);
        require(in.shape[3] == out.shape[3], "width", name);
        out.values.assign(countOf(out.shape), qint8(out.zeroPoint));
        const std::size_t row = std::size_t(in.shape[2]) * std::size_t(in.shape[3]);
        for (int y = 0; y < in.shape[1]; ++y)
            std::copy_n(in.values.begin() + std::ptrdiff_t(std::size_t(y) * row), row,
                        out.values.begin() +
                            ((y + pads[2]) * out.shape[2] + pads[4]) * out.shape[3]);
    }

    template <class Function>
    static void elementwise(const TfLiteTensor &a, const TfLiteTensor &b, TfLiteTensor &out,
                            const QString &name, bool relu6, const Function &function)
    {
        require(a.shape == out.shape, "shapes", name);
        const std::size_t period = countOf(b.shape);
        require(b.shape == a.shape || period == 1 ||
                    b.shape == std::vector<int>{1, 1, 1, a.shape[3]},
                "shapes", name);
        fill(out, [&](std::size_t i) {
            const double value = function(a.real(i), b.real(i % period));
            return relu6 ? clamped(value, 0, 6) : value;
        });
    }

    static void mean(const TfLiteTensor &in, TfLiteTensor &out)
    {
        const std::size_t channels = std::size_t(in.shape[3]),
                          pixels = countOf(in.shape) / channels;
        fill(out, [&](std::size_t c) {
            double sum = 0;
            for (std::size_t p = 0; p < pixels; ++p)
                sum += in.real(p * channels + c);
            return sum / double(pixels);
        });
    }

    static void softmax(const TfLiteTensor &in, TfLiteTensor &out)
    {
        double sum = 0;
        for (std::size_t i = 0; i < in.values.size(); ++i)
            sum += std::exp(in.real(i));
        fill(out, [&](std::size_t i) { return std::exp(in.real(i)) / sum; });
    }

    const QByteArray &m_file;
    const std::map<QString, std::vector<qint8>> &m_instead;
    std::map<int, std::vector<qint8>> m_replaced; ///< what was computed, by tensor
    const tflite::Model *m_model = nullptr;
    const tflite::SubGraph *m_graph = nullptr;
    std::vector<TfLiteTensor> m_tensors;
    std::map<int, int> m_versions;
};

} // namespace

TfLiteRun runTfLite(const QByteArray &file, const std::vector<qint8> &input,
                    const std::map<QString, std::vector<qint8>> &instead)
{
    try {
        return Interpreter(file, instead).run(input);
    } catch (const Problem &problem) {
        return {problem.what, {}, {}, {}};
    }
}

} // namespace atomnet::test
