#include "app/cli/commands.h"
#include "app/cli/design_argument.h"
#include "app/cli/progress_line.h"
#include "app/cli/quant_options.h"
#include "core/analysis/report_text.h"
#include "core/base/format.h"
#include "core/exporters/export_request.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace atomnet
{

namespace
{

constexpr double quantizedDone = 0.8; ///< share of the work

CommandSpec quantizeSpec()
{
    return {QStringLiteral("quantize FILE [options]"),
            QStringLiteral(
                "Quantises the design in FILE (or the preset of this name) to int8 and prints, for "
                "each layer,\n"
                "its output's scale and zero point and how far the int8 kernels are from float: "
                "the signal to\n"
                "quantisation noise in dB over up to 16 calibration samples. Writes nothing."),
            quantOptions() +
                QList<OptionSpec>{{QStringLiteral("json"), {}, QStringLiteral("print JSON")}},
            1, 1};
}

/// What is printed.
struct Quantisation {
    Prepared prepared;
    Program program;
    std::vector<LayerSqnr> layers;
};

Result<Quantisation> quantised(const Network &network, const QuantSource &source,
                               const RunControl &control)
{
    const auto part = [&control](double from, double to) {
        return RunControl{control.isCancelled, [&control, from, to](double share) {
                              control.progress(from + share * (to - from));
                          }};
    };
    auto prepared = prepare(network, source, part(0, quantizedDone));
    if (!prepared) return tl::make_unexpected(prepared.error());
    auto program = makeProgram(prepared->quantized, prepared->plan, prepared->layerNames);
    if (!program) return tl::make_unexpected(program.error());
    const auto samples = calibrationSamples(*prepared, source, sqnrSamples);
    if (!samples) return tl::make_unexpected(samples.error());
    auto layers = layerSqnr(prepared->quantized, *program, prepared->weights, **samples,
                            part(quantizedDone, 1));
    if (!layers) return tl::make_unexpected(layers.error());
    return Quantisation{*std::move(prepared), *std::move(program), *std::move(layers)};
}

const LayerSqnr &worst(const Quantisation &q)
{
    return *std::min_element(q.layers.begin(), q.layers.end(),
                             [](const LayerSqnr &a, const LayerSqnr &b) { return a.db < b.db; });
}

qint64 weightCount(const Quantisation &q)
{
    qint64 sum = 0;
    for (const WeightUnit &unit : q.prepared.units)
        sum += unit.weightCount();
    return sum;
}

qint64 constantBytes(const Quantisation &q)
{
    qint64 sum = 0;
    for (const Constant &constant : q.program.constants)
        sum += constant.bytes.size();
    return sum;
}

QJsonObject toJson(const TensorQuant &quant)
{
    return {{QStringLiteral("scale"), double(quant.scale)},
            {QStringLiteral("zero_point"), quant.zeroPoint}};
}

/// Smallest and largest scale of the weights, of both units of a pair.
void addWeightScales(QJsonObject &json, const QuantizedNetwork &network, int atom)
{
    QJsonArray units;
    for (const int part : {0, 1}) {
        const int index = network.unitOf(atom, part);
        if (index < 0) continue;
        const auto &scales = network.quants[std::size_t(index)].scales;
        const auto [least, most] = std::minmax_element(scales.begin(), scales.end());
        units.append(QJsonObject{{QStringLiteral("name"), network.units[std::size_t(index)].name},
                                 {QStringLiteral("channels"), int(scales.size())},
                                 {QStringLiteral("scale_min"), double(*least)},
                                 {QStringLiteral("scale_max"), double(*most)}});
    }
    if (!units.isEmpty()) json.insert(QStringLiteral("weights"), units);
}

QString quantisationJson(const Quantisation &q, const Network &design, const QuantSource &source)
{
    const QuantizedNetwork &network = q.prepared.quantized;
    QJsonArray layers;
    for (const LayerSqnr &layer : q.layers) {
        QJsonObject json = toJson(network.outputOf(layer.atom));
        json.insert(QStringLiteral("index"), layer.atom);
        json.insert(QStringLiteral("name"), layer.name);
        json.insert(QStringLiteral("op"),
                    toString(network.graph.atoms[std::size_t(layer.atom)].key.kind));
        json.insert(QStringLiteral("sqnr_db"), layer.db);
        addWeightScales(json, network, layer.atom);
        layers.append(json);
    }
    const QJsonObject totals{{QStringLiteral("layers"), layers.size()},
                             {QStringLiteral("weights"), weightCount(q)},
                             {QStringLiteral("constant_bytes"), constantBytes(q)},
                             {QStringLiteral("arena_bytes"), q.program.arenaBytes},
                             {QStringLiteral("logits_sqnr_db"), q.layers.back().db},
                             {QStringLiteral("worst_sqnr_db"), worst(q).db},
                             {QStringLiteral("worst_layer"), worst(q).name}};
    const QJsonObject root{{QStringLiteral("name"), design.name},
                           {QStringLiteral("trained"), network.trained},
                           {QStringLiteral("ranges"), toString(source.options.ranges)},
                           {QStringLiteral("bias_correction"), source.options.biasCorrection},
                           {QStringLiteral("input"), toJson(q.program.input)},
                           {QStringLiteral("output"), toJson(q.program.output)},
                           {QStringLiteral("totals"), totals},
                           {QStringLiteral("layers"), layers}};
    return QString::fromUtf8(QJsonDocument(root).toJson());
}

QString row(const QString &index, const QString &name, const QString &kind, const QString &scale,
            const QString &zeroPoint, const QString &db)
{
    return index.rightJustified(4) + QLatin1Char(' ') + name.left(28).leftJustified(28) +
           QLatin1Char(' ') + kind.leftJustified(16) + scale.rightJustified(12) +
           zeroPoint.rightJustified(6) + db.rightJustified(10) + QLatin1Char('\n');
}

QString quantRow(const QString &index, const QString &name, const QString &kind,
                 const TensorQuant &quant, const QString &db)
{
    return row(index, name, kind, QString::number(double(quant.scale), 'g', 5),
               QString::number(quant.zeroPoint), db);
}

QString quantisationText(const Quantisation &q)
{
    const QuantizedNetwork &network = q.prepared.quantized;
    QString text = row(QStringLiteral("#"), QStringLiteral("layer"), QStringLiteral("operator"),
                       QStringLiteral("scale"), QStringLiteral("zero"), QStringLiteral("SQNR dB"));
    text += quantRow({}, QStringLiteral("input"), {}, q.program.input, {});
    for (const LayerSqnr &layer : q.layers)
        text += quantRow(QString::number(layer.atom), printable(layer.name),
                         toString(network.graph.atoms[std::size_t(layer.atom)].key.kind),
                         network.outputOf(layer.atom), QString::number(layer.db, 'f', 1));
    text += QStringLiteral("\n%1 weights, %2 of constants, arena %3\n")
                .arg(formatCount(weightCount(q)), formatKib(constantBytes(q)),
                     formatKib(q.program.arenaBytes));
    text += QStringLiteral("logits %1 dB; worst layer %2 with %3 dB\n")
                .arg(QString::number(q.layers.back().db, 'f', 1), printable(worst(q).name),
                     QString::number(worst(q).db, 'f', 1));
    if (!network.trained) text += QStringLiteral("the weights are seeded, not trained\n");
    return text;
}

} // namespace

Result<int> quantizeCommand(const QStringList &arguments, Console &console)
{
    const CommandSpec spec = quantizeSpec();
    const auto command = parseCommand(spec, arguments);
    if (!command) return tl::make_unexpected(command.error());
    if (command->help) {
        console.out << helpText(spec);
        return 0;
    }
    const auto source = quantSourceOf(*command);
    if (!source) return tl::make_unexpected(source.error());
    const auto network = designArgument(command->arguments.first(), console);
    if (!network) return tl::make_unexpected(network.error());

    ProgressLine progress(console, QStringLiteral("quantising"));
    const Interruptible interruptible;
    const auto result = quantised(*network, *source, interruptible.control(progress.control()));
    progress.finished();
    if (!result) return tl::make_unexpected(result.error());
    console.out << (command->has(QStringLiteral("json"))
                        ? quantisationJson(*result, *network, *source)
                        : quantisationText(*result));
    return 0;
}

} // namespace atomnet
