#include "app/cli/db_predict.h"

#include "app/cli/design_argument.h"
#include "app/cli/prediction_output.h"
#include "app/cli/target_options.h"
#include "core/analysis/prediction/described_operator.h"
#include "core/lowering/lower.h"

#include <QRegularExpression>

namespace atomnet
{

namespace
{

tl::unexpected<Error> wrong(const QString &what)
{
    return fail(ErrorCode::Usage, what, QStringLiteral("db predict"));
}

Result<std::optional<int>> number(const ParsedCommand &command, const QString &option)
{
    if (!command.has(option)) return std::nullopt;
    bool good = false;
    const int value = command.value(option).toInt(&good);
    if (good) return value;
    return wrong(
        QStringLiteral("'%1' is no whole number for --%2").arg(command.value(option), option));
}

Result<Shape> shapeFrom(const QString &text)
{
    static const QRegularExpression form(QStringLiteral("^(\\d{1,9})x(\\d{1,9})x(\\d{1,9})$"));
    const auto match = form.match(text);
    if (!match.hasMatch())
        return wrong(QStringLiteral("'%1' is no input shape; write height x width x channels, "
                                    "such as 20x20x48")
                         .arg(text));
    return Shape{match.captured(1).toInt(), match.captured(2).toInt(), match.captured(3).toInt()};
}

QString kindNames()
{
    QStringList names;
    for (int kind = 1; kind < atomKindCount; ++kind)
        names << toString(AtomKind(kind));
    return names.join(QStringLiteral(", "));
}

Result<DescribedOperator> described(const ParsedCommand &command)
{
    if (command.arguments.size() != 2)
        return wrong(QStringLiteral("give a kind and an input shape, or --design FILE"));
    DescribedOperator op;
    const auto kind = atomKindFrom(command.arguments[0]);
    if (!kind)
        return wrong(QStringLiteral("'%1' is no kind of operator; there are %2")
                         .arg(command.arguments[0], kindNames()));
    op.kind = *kind;
    const auto shape = shapeFrom(command.arguments[1]);
    if (!shape) return tl::make_unexpected(shape.error());
    op.in = *shape;
    std::optional<int> stride;
    for (const auto &[option, value] : {std::pair{"out", &op.out},
                                        {"kernel", &op.kernel},
                                        {"stride", &stride},
                                        {"squeeze", &op.squeeze},
                                        {"expand", &op.expand}}) {
        const auto given = number(command, QString::fromLatin1(option));
        if (!given) return tl::make_unexpected(given.error());
        *value = *given;
    }
    op.stride = stride.value_or(1);
    if (command.has(QStringLiteral("act"))) {
        const QString name = command.value(QStringLiteral("act"));
        const auto act = activationFrom(name);
        if (!act)
            return wrong(QStringLiteral("'%1' is no activation; there are none, relu, relu6, "
                                        "hswish and hsigmoid")
                             .arg(name));
        op.act = *act;
    }
    return op;
}

Result<int> predictDesign(const ParsedCommand &command, const Target &target,
                          const Knowledge &knowledge, Console &console)
{
    for (const char *option : {"out", "kernel", "stride", "act", "squeeze", "expand"})
        if (command.has(QString::fromLatin1(option)) || !command.arguments.isEmpty())
            return wrong(QStringLiteral("with --design the operators are those of the design; "
                                        "leave kind, shape and their options away"));
    const auto network = designArgument(command.value(QStringLiteral("design")), console);
    if (!network) return tl::make_unexpected(network.error());
    const auto graph = lower(*network, target.runtime);
    if (!graph) return tl::make_unexpected(graph.error());
    DesignPrediction design{network->name, {}};
    for (const Atom &atom : graph->atoms)
        design.layers.push_back(
            {layerName(stageNames(*network), atom), predictOperator(atom.key, target, knowledge)});
    console.out << (command.has(QStringLiteral("json")) ? predictionJson(design, target)
                                                        : predictionText(design, target));
    return 0;
}

} // namespace

CommandSpec dbPredictSpec()
{
    return {QStringLiteral("db predict KIND HxWxC | --design FILE [options]"),
            QStringLiteral(
                "What an operator takes on a board: as measured, where AtomDB has it, and as "
                "predicted,\n"
                "with the bounds of 90 %, the scratch memory and the Flash it needs. HxWxC is the "
                "input\nbefore any padding. KIND is one of\n  ") +
                kindNames() +
                QStringLiteral(".\nWith --design every operator of a design (a file, or a preset), "
                               "measured against predicted."),
            {{QStringLiteral("design"), QStringLiteral("FILE"),
              QStringLiteral("a .atomnet file, or the name of a preset")},
             boardOption(),
             runtimeOption(),
             {QStringLiteral("out"), QStringLiteral("C"),
              QStringLiteral("output channels; default: as many as input channels")},
             {QStringLiteral("kernel"), QStringLiteral("K"),
              QStringLiteral("side of the kernel of conv, depthwise and pad; default 3")},
             {QStringLiteral("stride"), QStringLiteral("S"), QStringLiteral("default 1")},
             {QStringLiteral("act"), QStringLiteral("A"),
              QStringLiteral("none (default), relu, relu6, hswish or hsigmoid")},
             {QStringLiteral("squeeze"), QStringLiteral("M"),
              QStringLiteral("squeeze channels of squeeze_excite; default: a quarter")},
             {QStringLiteral("expand"), QStringLiteral("M"),
              QStringLiteral("expanded channels of pointwise_pair")},
             knowledgeOption(),
             {QStringLiteral("json"), {}, QStringLiteral("print JSON")}},
            0,
            2};
}

Result<int> dbPredict(const ParsedCommand &command, Console &console)
{
    const auto target = targetOf(command);
    if (!target) return tl::make_unexpected(target.error());
    const bool ofDesign = command.has(QStringLiteral("design"));
    AtomKey key;
    if (!ofDesign) {
        const auto op = described(command);
        if (!op) return tl::make_unexpected(op.error());
        const auto made = operatorKey(*op, target->runtime);
        if (!made) return wrong(made.error().what);
        key = *made;
    }
    const auto knowledge = knowledgeOf(command, *target);
    if (!knowledge) return tl::make_unexpected(knowledge.error());
    if (ofDesign) return predictDesign(command, *target, *knowledge, console);
    const OperatorPrediction prediction = predictOperator(key, *target, *knowledge);
    console.out << (command.has(QStringLiteral("json")) ? predictionJson(prediction, *target)
                                                        : predictionText(prediction, *target));
    return 0;
}

} // namespace atomnet
