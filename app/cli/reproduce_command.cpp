#include "app/cli/commands.h"
#include "app/cli/progress_line.h"
#include "app/cli/reproduce.h"
#include "app/cli/target_options.h"
#include "core/base/format.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cmath>

namespace atomnet
{

namespace
{

struct Named {
    const char *id;
    Result<Reproduction> (*reproduce)(const ReproductionInput &);
};
constexpr Named reproductions[]{{"figure4", reproduceFigure4},
                                {"table3", reproduceTable3},
                                {"table4", reproduceTable4},
                                {"table5", reproduceTable5}};

CommandSpec reproduceSpec()
{
    return {QStringLiteral("reproduce figure4|table3|table4|table5 [options]"),
            QStringLiteral(
                "Computes a figure or a table of the AtomNet paper anew, without training, and "
                "prints what the\n"
                "paper reports beside what comes out, with the error of each. The paper's figures "
                "are of the\n"
                "STM32H743 with X-CUBE-AI 7.2; its latencies need the authors' samples in AtomDB "
                "(db import\n"
                "atomdb.csv atomdb_se.csv). Without them the model that ships estimates them."),
            {boardOption(),
             runtimeOption(),
             knowledgeOption(),
             {QStringLiteral("json"), {}, QStringLiteral("print JSON")}},
            1,
            1};
}

bool hasSamples(const ReproductionInput &input)
{
    return input.knowledge.table && !input.knowledge.table->isEmpty();
}

QString numberText(const std::optional<double> &value, const QString &unit)
{
    if (!value) return QStringLiteral("-");
    const double size = std::abs(*value);
    const int digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
    return (QString::number(*value, 'f', digits) + u' ' + unit).trimmed();
}

QString errorText(const ReproducedLine &line)
{
    const auto error = line.error();
    if (!error) return {};
    if (line.figure == u"cost") return {};
    const double tenths = std::round(*error * 1000);
    return QStringLiteral("%1%2 %")
        .arg(tenths > 0 ? QStringLiteral("+") : QString())
        .arg(tenths == 0 ? 0.0 : tenths / 10, 0, 'f', 1);
}

QString rowText(const QString &network, const QString &figure, const QString &paper,
                const QString &ours, const QString &error, const QString &source,
                const QString &note)
{
    QString row = network.leftJustified(30) + figure.leftJustified(14) + paper.rightJustified(10) +
                  ours.rightJustified(12) + error.rightJustified(10) + QStringLiteral("  ") +
                  source.leftJustified(10) + note;
    while (row.endsWith(u' '))
        row.chop(1);
    return row + u'\n';
}

/// SRAM of the layers, stage by stage: the largest of each.
QString seriesText(const Reproduction &made)
{
    if (made.series.empty()) return {};
    QString text = QStringLiteral("\nSRAM of each stage's largest layer, KB\n");
    for (const ReproducedSeries &series : made.series) {
        text += series.network.leftJustified(26);
        QString stage;
        qint64 most = 0;
        const auto flush = [&] {
            if (!stage.isEmpty())
                text += QString::number(double(most) / 1000, 'f', 0).rightJustified(7);
            most = 0;
        };
        for (const ReproducedSeries::Layer &layer : series.layers) {
            const QString name = layer.name.section(u'.', 0, 0);
            if (name != stage) flush();
            stage = name;
            most = std::max(most, layer.sramBytes);
        }
        flush();
        text += u'\n';
    }
    return text;
}

QString basisText(const ReproductionInput &input)
{
    const QString what =
        QStringLiteral("%1 on %2").arg(displayName(input.target.runtime), input.target.board.name);
    if (hasSamples(input))
        return QStringLiteral("%1: %2 measured operators in AtomDB")
            .arg(what, formatCount(qint64(input.knowledge.table->rows().size())));
    QString text = QStringLiteral("%1: AtomDB holds no samples of it, so latencies are %2")
                       .arg(what, input.knowledge.model || input.knowledge.instructionModel
                                      ? QStringLiteral("estimated by the model that ships")
                                      : QStringLiteral("unknown"));
    if (isPapersTarget(input.target))
        text += QStringLiteral("; for the authors' measurements: atomnet-designer db import "
                               "atomdb.csv atomdb_se.csv");
    return text;
}

QStringList notesOf(const ReproductionInput &input, const Reproduction &made)
{
    QStringList notes{basisText(input)};
    if (!isPapersTarget(input.target))
        notes << QStringLiteral("the paper's SRAM, Flash and latency are of the STM32H743 with "
                                "X-CUBE-AI 7.2, so only its MACs stand here");
    return notes + made.notes;
}

QString reproductionText(const ReproductionInput &input, const Reproduction &made)
{
    QString text =
        made.title + QStringLiteral("\n\n") +
        rowText(QStringLiteral("network"), QStringLiteral("figure"), QStringLiteral("paper"),
                QStringLiteral("ours"), QStringLiteral("error"), QStringLiteral("source"), {});
    QString network;
    for (const ReproducedLine &line : made.lines) {
        text += rowText(line.network == network ? QString() : line.network, line.figure,
                        numberText(line.paper, line.unit), numberText(line.ours, line.unit),
                        errorText(line), line.source, line.note);
        network = line.network;
    }
    text += seriesText(made) + u'\n';
    for (const QString &note : notesOf(input, made))
        text += QStringLiteral("- %1\n").arg(note);
    return text;
}

QString reproductionJson(const ReproductionInput &input, const Reproduction &made)
{
    const auto number = [](const std::optional<double> &value) {
        return value ? QJsonValue(*value) : QJsonValue();
    };
    QJsonArray lines, series;
    for (const ReproducedLine &line : made.lines)
        lines.append(QJsonObject{
            {QStringLiteral("network"), line.network},
            {QStringLiteral("figure"), line.figure},
            {QStringLiteral("unit"), line.unit},
            {QStringLiteral("paper"), number(line.paper)},
            {QStringLiteral("ours"), number(line.ours)},
            {QStringLiteral("error"), number(line.error())},
            {QStringLiteral("source"), line.source},
            {QStringLiteral("note"), line.note.isEmpty() ? QJsonValue() : QJsonValue(line.note)}});
    for (const ReproducedSeries &one : made.series) {
        QJsonArray layers;
        for (const ReproducedSeries::Layer &layer : one.layers)
            layers.append(QJsonObject{{QStringLiteral("layer"), layer.name},
                                      {QStringLiteral("sram_bytes"), layer.sramBytes}});
        series.append(QJsonObject{{QStringLiteral("network"), one.network},
                                  {QStringLiteral("peak_bytes"), one.peakBytes},
                                  {QStringLiteral("balance"), one.balance},
                                  {QStringLiteral("layers"), layers}});
    }
    const QJsonObject object{
        {QStringLiteral("format"), QStringLiteral("atomnet-reproduction")},
        {QStringLiteral("version"), 1},
        {QStringLiteral("what"), made.id},
        {QStringLiteral("title"), made.title},
        {QStringLiteral("board"), input.target.board.id},
        {QStringLiteral("runtime"), runtimeId(input.target.runtime)},
        {QStringLiteral("samples"),
         hasSamples(input) ? input.knowledge.table->sampleCount() : qint64(0)},
        {QStringLiteral("lines"), lines},
        {QStringLiteral("series"), series},
        {QStringLiteral("notes"), QJsonArray::fromStringList(notesOf(input, made))}};
    return QString::fromUtf8(QJsonDocument(object).toJson());
}

} // namespace

Result<int> reproduceCommand(const QStringList &arguments, Console &console)
{
    const CommandSpec spec = reproduceSpec();
    const auto command = parseCommand(spec, arguments);
    if (!command) return tl::make_unexpected(command.error());
    if (command->help) {
        console.out << helpText(spec);
        return 0;
    }
    const QString what = command->arguments.first();
    const auto *named =
        std::find_if(std::begin(reproductions), std::end(reproductions),
                     [&what](const Named &one) { return what == QLatin1String(one.id); });
    if (named == std::end(reproductions))
        return fail(ErrorCode::Usage,
                    QStringLiteral("\"%1\" cannot be reproduced; choose figure4, table3, table4 or "
                                   "table5")
                        .arg(what),
                    QStringLiteral("reproduce"));
    const auto target = targetOf(*command);
    if (!target) return tl::make_unexpected(target.error());
    const auto knowledge = knowledgeOf(*command, *target);
    if (!knowledge) return tl::make_unexpected(knowledge.error());

    const Interruptible interruptible;
    ProgressLine progress(console, QStringLiteral("reproducing %1").arg(what));
    const ReproductionInput input{*target, *knowledge, interruptible.control(progress.control())};
    const auto made = named->reproduce(input);
    progress.finished();
    if (!made) return tl::make_unexpected(made.error());
    console.out << (command->has(QStringLiteral("json")) ? reproductionJson(input, *made)
                                                         : reproductionText(input, *made));
    return 0;
}

} // namespace atomnet
