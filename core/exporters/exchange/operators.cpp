#include "core/exporters/exchange/operators.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace atomnet
{

namespace
{

QString nameWithoutUnit(const Atom &atom)
{
    const QString place =
        atom.block < 0
            ? QStringLiteral("head")
            : QStringLiteral("stages.%1.%2.%3").arg(atom.stage).arg(atom.block).arg(atom.repeat);
    return place + QLatin1Char('.') +
           toString(atom.role).replace(QLatin1Char('-'), QLatin1Char('.'));
}

ExchangeOperator operatorOf(const Atom &atom)
{
    ExchangeOperator op;
    op.kind = atom.key.kind == AtomKind::Mul ? AtomKind::Scale : atom.key.kind;
    op.role = atom.role;
    op.act = atom.key.act;
    op.kernel = atom.key.kernelH;
    op.stride = atom.key.strideH;
    op.inputs = atom.inputs;
    op.output = atom.output;
    op.name = nameWithoutUnit(atom);
    return op;
}

QString joined(const std::vector<float> &values)
{
    QStringList texts;
    for (const float value : values)
        texts << QString::number(double(value), 'g', 9);
    return texts.join(QLatin1Char(','));
}

} // namespace

ExchangeGraph exchangeGraph(const AtomGraph &graph, const std::vector<WeightUnit> &units)
{
    ExchangeGraph exchange;
    int inputs = 0;
    for (const Tensor &tensor : graph.tensors) {
        ExchangeValue value{{}, tensor.shape, tensor.producer < 0};
        if (value.isInput) {
            value.name =
                inputs == 0 ? QStringLiteral("input") : QStringLiteral("input.%1").arg(inputs);
            ++inputs;
        }
        exchange.values.push_back(value);
    }

    std::size_t unit = 0; // units follow the atoms' order
    for (std::size_t a = 0; a < graph.atoms.size(); ++a) {
        const Atom &atom = graph.atoms[a];
        ExchangeOperator op = operatorOf(atom);
        const auto takeUnit = [&] {
            Q_ASSERT(unit < units.size() && units[unit].atom == int(a));
            op.unit = int(unit);
            op.name = units[unit].name;
            op.act = units[unit].act;
            ++unit;
        };
        switch (atom.key.kind) {
        case AtomKind::PointwisePair:
            op.kind = AtomKind::Pointwise;
            takeUnit();
            op.output = int(exchange.values.size());
            exchange.values.push_back({{}, {atom.key.inH, atom.key.inW, atom.key.squeeze}, false});
            exchange.operators.push_back(op);
            op.inputs[0] = op.output;
            op.output = atom.output;
            takeUnit();
            break;
        case AtomKind::Conv:
        case AtomKind::Depthwise:
        case AtomKind::Pointwise:
        case AtomKind::FullyConnected:
            takeUnit();
            break;
        default:
            break;
        }
        exchange.operators.push_back(op);
    }
    for (const ExchangeOperator &op : exchange.operators)
        exchange.values[std::size_t(op.output)].name = op.name + QStringLiteral(".output");
    return exchange;
}

std::vector<TensorQuant> valueQuants(const ExchangeGraph &exchange, const QuantizedNetwork &network)
{
    std::vector<TensorQuant> quants = network.tensors;
    quants.resize(exchange.values.size());
    for (const ExchangeOperator &op : exchange.operators)
        if (op.unit >= 0)
            quants[std::size_t(op.output)] = network.quants[std::size_t(op.unit)].output;
    return quants;
}

std::vector<std::pair<QString, QString>> FileNotes::entries() const
{
    std::vector<std::pair<QString, QString>> all;
    const auto add = [&all](const char *key, const QString &value) {
        if (!value.isEmpty()) all.emplace_back(QLatin1String(key), value);
    };
    add("design", design);
    add("mean", mean);
    add("std", std);
    add("labels", labels);
    add("trained", trained ? QStringLiteral("true") : QStringLiteral("false"));
    return all;
}

FileNotes fileNotes(const QString &design, const Normalisation &normalisation,
                    const QStringList &labels, bool trained)
{
    FileNotes notes;
    notes.design = design;
    notes.mean = joined(normalisation.mean);
    notes.std = joined(normalisation.std);
    if (!labels.isEmpty())
        notes.labels = QString::fromUtf8(
            QJsonDocument(QJsonArray::fromStringList(labels)).toJson(QJsonDocument::Compact));
    notes.trained = trained;
    return notes;
}

Result<> checkFileSize(const std::vector<WeightUnit> &units, int bytesPerWeight)
{
    constexpr qint64 most =
        (qint64(1) << 31) - (qint64(1) << 26); // names and shapes have room in the rest
    qint64 bytes = 0;
    for (const WeightUnit &unit : units)
        bytes += unit.weightCount() * bytesPerWeight + qint64(unit.out) * 16;
    if (bytes <= most) return {};
    return fail(ErrorCode::BadInput, QStringLiteral("the weights take %1 MiB, but a file of this "
                                                    "format holds 2048 MiB; use narrower layers")
                                         .arg(bytes >> 20));
}

} // namespace atomnet
