#include "app/cli/commands.h"
#include "app/cli/design_argument.h"
#include "app/cli/progress_line.h"
#include "app/cli/quant_options.h"
#include "core/analysis/report_text.h"
#include "core/exporters/export_request.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace atomnet
{

namespace
{

constexpr double quantizedDone = 0.3; ///< share of the work
constexpr int mostClassesShown = 20;  ///< of a whole matrix
constexpr int mistakesShown = 10;
constexpr int longestLabel = 16;

CommandSpec evaluateSpec()
{
    return {QStringLiteral("evaluate FILE --weights W --calibration PATH --data PATH [options]"),
            QStringLiteral("Classifies the labelled samples of --data with the float network and "
                           "with the int8 one (through\n"
                           "the very kernels that the C export ships) and prints how many are "
                           "right, how often the two\n"
                           "agree, and which classes are taken for which."),
            quantOptions() +
                QList<OptionSpec>{
                    {QStringLiteral("data"), QStringLiteral("PATH"),
                     QStringLiteral(
                         "samples: a folder with one subfolder a class, or an .npz with labels")},
                    {QStringLiteral("limit"), QStringLiteral("N"),
                     QStringLiteral("at most so many samples, spread evenly")},
                    {QStringLiteral("json"), {}, QStringLiteral("print JSON")}},
            1, 1};
}

/// What was asked for.
struct EvaluateRequest {
    QuantSource source;
    QString data;
    int limit = 0;
};

Result<EvaluateRequest> requestOf(const ParsedCommand &command)
{
    EvaluateRequest request;
    for (const QString &option : {QStringLiteral("weights"), QStringLiteral("data")})
        if (command.value(option).isEmpty())
            return fail(
                ErrorCode::Usage,
                QStringLiteral("--%1 is missing; see atomnet-designer evaluate --help").arg(option),
                QStringLiteral("evaluate"));
    request.data = command.value(QStringLiteral("data"));
    if (command.has(QStringLiteral("limit"))) {
        const auto limit =
            parseCount(command.value(QStringLiteral("limit")), QStringLiteral("limit"));
        if (!limit) return tl::make_unexpected(limit.error());
        request.limit = *limit;
    }
    auto source = quantSourceOf(command);
    if (!source) return tl::make_unexpected(source.error());
    request.source = *std::move(source);
    return request;
}

Result<Evaluation> evaluated(const Network &network, const EvaluateRequest &request,
                             const RunControl &control)
{
    const auto part = [&control](double from, double to) {
        return RunControl{control.isCancelled, [&control, from, to](double share) {
                              control.progress(from + share * (to - from));
                          }};
    };
    const auto prepared = prepare(network, request.source, part(0, quantizedDone));
    if (!prepared) return tl::make_unexpected(prepared.error());
    const auto program = makeProgram(prepared->quantized, prepared->plan, prepared->layerNames);
    if (!program) return tl::make_unexpected(program.error());
    const auto samples = openSamples(
        request.data, {network.input, prepared->quantized.normalisation, request.limit});
    if (!samples) return tl::make_unexpected(samples.error());
    auto result = evaluate(prepared->quantized, *program, prepared->weights, **samples,
                           part(quantizedDone, 1));
    if (!result)
        return fail(result.error().code, result.error().what,
                    result.error().where.isEmpty() ? request.data : result.error().where);
    return result;
}

QJsonObject toJson(const Confusion &confusion)
{
    QJsonArray rows;
    for (int truth = 0; truth < confusion.classes; ++truth) {
        QJsonArray row;
        for (int guess = 0; guess < confusion.classes; ++guess)
            row.append(confusion.at(truth, guess));
        rows.append(row);
    }
    return {{QStringLiteral("top1"), confusion.top1()},
            {QStringLiteral("correct"), confusion.correct()},
            {QStringLiteral("confusion"), rows}};
}

QString evaluationJson(const Evaluation &evaluation)
{
    const int total = evaluation.asInt8.total();
    const QJsonObject root{
        {QStringLiteral("samples"), total},
        {QStringLiteral("labels"), QJsonArray::fromStringList(evaluation.labels)},
        {QStringLiteral("float"), toJson(evaluation.asFloat)},
        {QStringLiteral("int8"), toJson(evaluation.asInt8)},
        {QStringLiteral("agreeing"), evaluation.agreeing},
        {QStringLiteral("agreement"), double(evaluation.agreeing) / total}};
    return QString::fromUtf8(QJsonDocument(root).toJson());
}

QString label(const Evaluation &evaluation, int index)
{
    return printable(evaluation.labels.value(index)).left(longestLabel);
}

QString matrixText(const Evaluation &evaluation)
{
    const Confusion &confusion = evaluation.asInt8;
    QString text =
        QStringLiteral("\nint8: a row is what a sample is, a column what it is taken for\n");
    const int width = std::max(5, int(QString::number(confusion.total()).size()) + 1);
    QString head = QString(longestLabel + 5, QLatin1Char(' '));
    for (int guess = 0; guess < confusion.classes; ++guess)
        head += QString::number(guess).rightJustified(width);
    text += head + QLatin1Char('\n');
    for (int truth = 0; truth < confusion.classes; ++truth) {
        text += QString::number(truth).rightJustified(4) + QLatin1Char(' ') +
                label(evaluation, truth).leftJustified(longestLabel);
        for (int guess = 0; guess < confusion.classes; ++guess)
            text += QString::number(confusion.at(truth, guess)).rightJustified(width);
        text += QLatin1Char('\n');
    }
    return text;
}

QString mistakesText(const Evaluation &evaluation)
{
    struct Mistake {
        int count, truth, guess;
    };
    const Confusion &confusion = evaluation.asInt8;
    std::vector<Mistake> mistakes;
    for (int truth = 0; truth < confusion.classes; ++truth)
        for (int guess = 0; guess < confusion.classes; ++guess)
            if (truth != guess && confusion.at(truth, guess) > 0)
                mistakes.push_back({confusion.at(truth, guess), truth, guess});
    if (mistakes.empty()) return {};
    std::stable_sort(mistakes.begin(), mistakes.end(),
                     [](const Mistake &a, const Mistake &b) { return a.count > b.count; });
    if (mistakes.size() > mistakesShown) mistakes.resize(mistakesShown);
    QString text = QStringLiteral("\nint8: most frequent mistakes (all of them with --json)\n");
    for (const Mistake &mistake : mistakes)
        text += QStringLiteral("%1x %2 taken for %3\n")
                    .arg(mistake.count, 6)
                    .arg(label(evaluation, mistake.truth), label(evaluation, mistake.guess));
    return text;
}

QString evaluationText(const Evaluation &evaluation)
{
    const int total = evaluation.asInt8.total();
    const auto line = [total](const char *name, int count) {
        return QStringLiteral("%1 %2 % (%3 of %4)\n")
            .arg(QLatin1String(name), -11)
            .arg(100.0 * count / total, 0, 'f', 2)
            .arg(count)
            .arg(total);
    };
    const QString text = line("float top-1", evaluation.asFloat.correct()) +
                         line("int8 top-1", evaluation.asInt8.correct()) +
                         line("agreeing", evaluation.agreeing);
    return text + (evaluation.asInt8.classes <= mostClassesShown ? matrixText(evaluation)
                                                                 : mistakesText(evaluation));
}

} // namespace

Result<int> evaluateCommand(const QStringList &arguments, Console &console)
{
    const CommandSpec spec = evaluateSpec();
    const auto command = parseCommand(spec, arguments);
    if (!command) return tl::make_unexpected(command.error());
    if (command->help) {
        console.out << helpText(spec);
        return 0;
    }
    const auto request = requestOf(*command);
    if (!request) return tl::make_unexpected(request.error());
    const auto network = designArgument(command->arguments.first(), console);
    if (!network) return tl::make_unexpected(network.error());

    ProgressLine progress(console, QStringLiteral("evaluating"));
    const Interruptible interruptible;
    const auto result = evaluated(*network, *request, interruptible.control(progress.control()));
    progress.finished();
    if (!result) return tl::make_unexpected(result.error());
    console.out << (command->has(QStringLiteral("json")) ? evaluationJson(*result)
                                                         : evaluationText(*result));
    return 0;
}

} // namespace atomnet
