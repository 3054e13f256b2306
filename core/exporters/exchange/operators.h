#pragma once

#include "core/exporters/export_request.h"

// What ONNX and TFLite are written from: the graph with its pairs taken apart (they know no fused
// ones) and a name for everything.
namespace atomnet
{

/// One operator. Conv, Depthwise, Pointwise and FullyConnected have a unit; Add, Scale and Mean
/// have none.
struct ExchangeOperator {
    AtomKind kind = AtomKind::Conv;
    Role role = Role::Conv;
    KeyAct act = KeyAct::None;
    QString
        name; ///< "stages.0.1.0.dw", "stages.0.1.0.add": unique; of a unit its name in weight files
    int unit = -1; ///< index into the units
    int kernel = 1, stride = 1;
    std::array<int, 2> inputs{-1, -1}; ///< values; the second for Add and Scale
    int output = -1;                   ///< value
};

/// A tensor between operators: those of the graph first, then what stands inside the pairs.
struct ExchangeValue {
    QString name; ///< "input", "input.1" without a producer; else its operator's name and ".output"
    Shape shape;
    bool isInput = false;
};

struct ExchangeGraph {
    std::vector<ExchangeOperator> operators; ///< in execution order; the last one writes the result
    std::vector<ExchangeValue> values;
    [[nodiscard]] const ExchangeValue &input(const ExchangeOperator &op, int which = 0) const
    {
        return values[std::size_t(op.inputs[std::size_t(which)])];
    }
    [[nodiscard]] const ExchangeValue &output(const ExchangeOperator &op) const
    {
        return values[std::size_t(op.output)];
    }
};
[[nodiscard]] ExchangeGraph exchangeGraph(const AtomGraph &graph,
                                          const std::vector<WeightUnit> &units);
/// Quantisation of every value.
[[nodiscard]] std::vector<TensorQuant> valueQuants(const ExchangeGraph &exchange,
                                                   const QuantizedNetwork &network);

/// [rows][columns] to [columns][rows].
template <class T>
[[nodiscard]] std::vector<T> transposed(const T *values, qint64 rows, qint64 columns)
{
    std::vector<T> turned(std::size_t(rows * columns));
    for (qint64 r = 0; r < rows; ++r)
        for (qint64 c = 0; c < columns; ++c)
            turned[std::size_t(c * rows + r)] = values[r * columns + c];
    return turned;
}
/// [out][k][k][in], as units hold their weights, to [out][in][k][k].
template <class T>
[[nodiscard]] std::vector<T> channelsFirst(const std::vector<T> &weights, const WeightUnit &unit)
{
    std::vector<T> turned;
    turned.reserve(weights.size());
    for (int o = 0; o < unit.out; ++o) {
        const auto one = transposed(weights.data() + o * unit.inputsPerOutput(),
                                    unit.kernel * unit.kernel, unit.in);
        turned.insert(turned.end(), one.begin(), one.end());
    }
    return turned;
}

/// What a file says beside its numbers: keys and values, as readers of weight files expect them.
struct FileNotes {
    QString design;    ///< name
    QString mean, std; ///< comma separated
    QString labels;    ///< JSON array; empty when unknown
    bool trained = false;
    [[nodiscard]] std::vector<std::pair<QString, QString>> entries() const; ///< without empty ones
};
[[nodiscard]] FileNotes fileNotes(const QString &design, const Normalisation &normalisation,
                                  const QStringList &labels, bool trained);

/// BadInput when the weights do not fit into one file of this format (2 GiB).
[[nodiscard]] Result<> checkFileSize(const std::vector<WeightUnit> &units, int bytesPerWeight);

} // namespace atomnet
