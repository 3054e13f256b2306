#include "app/cli/search_output.h"

#include "core/base/format.h"
#include "core/model/design_file.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>

#include <algorithm>

namespace atomnet
{

namespace
{

constexpr std::size_t shownOperators = 10;
constexpr std::size_t shownFront = 20;

bool clocked(const SearchRun &run)
{
    return !run.target.board.isVirtual;
}

QString amountText(const SearchRun &run, qint64 amount)
{
    return clocked(run) ? formatMs(amount)
                        : QStringLiteral("%1 instructions").arg(formatCount(amount));
}

/// A latency of a candidate; nothing is known of one that is 0.
QString latencyText(const SearchRun &run, qint64 latency)
{
    return latency > 0 ? amountText(run, latency) : QStringLiteral("unknown");
}

QString countText(double count)
{
    return QLocale(QLocale::English).toString(count, 'f', 0);
}

QString blockText(const Block &block)
{
    QString text =
        block.type == BlockType::ConvNext ? QStringLiteral("next") : toString(block.type);
    text += QStringLiteral(" %1").arg(block.out);
    if (block.kernel != 3) text += QStringLiteral(" k%1").arg(block.kernel);
    if (block.expand != 1) text += QStringLiteral(" e%1").arg(block.expand);
    if (block.repeat > 1) text += QStringLiteral(" x%1").arg(block.repeat);
    if (block.se) text += QStringLiteral(" se");
    return text;
}

QString inputText(const Shape &input)
{
    return input.h == input.w ? QString::number(input.h)
                              : QStringLiteral("%1x%2").arg(input.h).arg(input.w);
}

QString limitsText(const SearchRun &run)
{
    const SearchLimits &limits = run.query.limits;
    QStringList parts;
    if (limits.sramBytes) parts << QStringLiteral("SRAM %1").arg(formatKib(*limits.sramBytes));
    if (limits.flashBytes) parts << QStringLiteral("Flash %1").arg(formatKib(*limits.flashBytes));
    if (limits.latency) parts << amountText(run, *limits.latency);
    const ShapeBounds &shape = run.query.shape;
    if (shape.minDepth > 0) parts << QStringLiteral("at least %1 blocks").arg(shape.minDepth);
    if (shape.maxWidthGrowth > 0)
        parts << QStringLiteral("widths grow by at most %1").arg(shape.maxWidthGrowth);
    if (shape.neverNarrower) parts << QStringLiteral("widths never fall");
    return parts.isEmpty() ? QStringLiteral("none") : parts.join(QStringLiteral(", "));
}

QString estimatesText(Estimates estimates)
{
    switch (estimates) {
    case Estimates::MeasuredOnly:
        return QStringLiteral("measured operators only");
    case Estimates::Point:
        return QStringLiteral("point estimates where nothing is measured");
    case Estimates::Pessimistic:
        break;
    }
    return QStringLiteral("upper bounds of all figures");
}

/// The figures of the layers of one stage, added up.
struct StageFigures {
    qint64 macs = 0, flash = 0, sram = 0, latency = 0;
};

std::vector<StageFigures> stageFigures(const Report &report)
{
    std::vector<StageFigures> stages(std::size_t(report.stageNames.size()));
    for (const Layer &layer : report.layers) {
        StageFigures &of = stages[std::size_t(layer.atom.stage)];
        of.macs += layer.macs;
        of.flash += layer.flashBytes;
        of.sram = std::max(of.sram, layer.sram.total());
        of.latency += layer.latency.value;
    }
    return stages;
}

QString stageRow(const QString &name, const QString &blocks, const QString &out,
                 const QString &macs, const QString &flash, const QString &sram,
                 const QString &latency)
{
    QString row = QStringLiteral("  ") + name.left(10).leftJustified(10) +
                  blocks.leftJustified(26) + out.leftJustified(13) + macs.rightJustified(9) +
                  flash.rightJustified(12) + sram.rightJustified(12) + latency.rightJustified(11);
    return row + u'\n';
}

QString stageTable(const SearchRun &run, const Network &network)
{
    const bool ms = clocked(run);
    QString text =
        stageRow(QStringLiteral("stage"), QStringLiteral("blocks"), QStringLiteral("output"),
                 QStringLiteral("MACs"), QStringLiteral("Flash"), QStringLiteral("SRAM"),
                 ms ? QStringLiteral("latency") : QStringLiteral("instr."));
    const std::vector<StageFigures> figures = stageFigures(*run.report);
    const auto row = [&](const QString &name, const QString &blocks, const Shape &out,
                         const StageFigures &of) {
        text += stageRow(name, blocks, QStringLiteral("%1x%2x%3").arg(out.h).arg(out.w).arg(out.c),
                         formatCount(of.macs), formatKib(of.flash), formatKib(of.sram),
                         ms ? formatMs(of.latency) : formatCount(of.latency));
    };
    row(QStringLiteral("input"), {}, network.input, {});
    for (std::size_t i = 0; i < network.stages.size(); ++i) {
        QStringList blocks;
        for (const Block &block : network.stages[i].blocks)
            blocks << blockText(block);
        row(run.report->stageNames[qsizetype(i)], blocks.join(QStringLiteral(", ")),
            stageInput(network, int(i) + 1), figures[i]);
    }
    row(run.report->stageNames.last(), {}, {1, 1, network.head.classes}, figures.back());
    return text;
}

QString sourcesText(const SearchRun &run)
{
    const Report &report = *run.report;
    QString text = QStringLiteral("%1 of it measured")
                       .arg(formatPercent(run.result.top.front().measuredShare()));
    QStringList parts;
    if (report.measuredLayers) parts << QStringLiteral("%1 measured").arg(report.measuredLayers);
    if (report.estimatedLayers) parts << QStringLiteral("%1 estimated").arg(report.estimatedLayers);
    if (report.instructionLayers)
        parts << QStringLiteral("%1 of those from instructions").arg(report.instructionLayers);
    if (report.missingLayers) parts << QStringLiteral("%1 without data").arg(report.missingLayers);
    return text + QStringLiteral("; layers: ") + parts.join(QStringLiteral(", "));
}

QString optimumText(const SearchRun &run)
{
    const Candidate &best = run.result.top.front();
    const Report &report = *run.report;
    QString interval;
    if (best.latency <= 0)
        interval = {};
    else if (report.latency.high && report.latency.low != *report.latency.high)
        interval =
            QStringLiteral(" (%1 to %2)")
                .arg(amountText(run, report.latency.low), amountText(run, *report.latency.high));
    else if (!report.latency.high)
        interval = QStringLiteral(" at least");
    const auto estimated = [](const Budget &budget) {
        return budget.estimated
                   ? QStringLiteral(" (estimated, up to %1)").arg(formatKib(budget.high))
                   : QString();
    };
    QString text = QStringLiteral("  MACs     %1, elementwise work %2, %3 parameters\n")
                       .arg(formatCount(best.macs), formatCount(best.macsElementwise),
                            formatCount(best.params));
    text += QStringLiteral("  latency  %1%2, %3\n")
                .arg(latencyText(run, best.latency), interval, sourcesText(run));
    text +=
        QStringLiteral("  SRAM     %1%2\n").arg(formatKib(best.sramBytes), estimated(report.sram));
    text += QStringLiteral("  Flash    %1%2\n")
                .arg(formatKib(best.flashBytes), estimated(report.flash));
    return text + u'\n' + stageTable(run, best.network);
}

QString nextText(const SearchRun &run)
{
    const std::vector<AtomKey> keys = unmeasuredOperators(*run.report);
    if (keys.empty()) return {};
    QString text =
        QStringLiteral("\nTo measure next: %1 operators of it are not measured\n").arg(keys.size());
    for (std::size_t i = 0; i < std::min(keys.size(), shownOperators); ++i)
        text += QStringLiteral("  %1\n").arg(describe(keys[i]));
    if (keys.size() > shownOperators)
        text += QStringLiteral("  and %1 more\n").arg(keys.size() - shownOperators);
    return text;
}

QString topRow(const SearchRun &run, const QString &rank, const Candidate &candidate)
{
    const QString latency =
        clocked(run) ? formatMs(candidate.latency) : formatCount(candidate.latency);
    return rank.rightJustified(5) + formatCount(candidate.macs).rightJustified(10) +
           (candidate.latency > 0 ? latency : QStringLiteral("unknown")).rightJustified(10) +
           formatKib(candidate.sramBytes).rightJustified(12) +
           formatKib(candidate.flashBytes).rightJustified(12) +
           formatPercent(candidate.measuredShare()).rightJustified(10) + QStringLiteral("  ") +
           networkLine(candidate.network) + u'\n';
}

QString topText(const SearchRun &run)
{
    if (run.result.top.size() < 2) return {};
    QString text = QStringLiteral("\n    #      MACs   latency        SRAM       Flash  measured  "
                                  "network\n");
    for (std::size_t i = 0; i < run.result.top.size(); ++i)
        text += topRow(run, QString::number(i + 1), run.result.top[i]);
    return text;
}

QString frontText(const SearchRun &run)
{
    if (!run.hasFront) return {};
    QString text = QStringLiteral("\nPareto front of MACs, latency, SRAM and Flash: %1 networks, "
                                  "in %2 s (all of them: --json)\n")
                       .arg(countText(double(run.front.size())))
                       .arg(run.frontSeconds, 0, 'f', 2);
    if (!run.front.empty() && run.front.front().sramIsBound)
        text += QStringLiteral("SRAM is what each needs at least; a plan of its arena may need "
                               "more\n");
    for (std::size_t i = 0; i < std::min(run.front.size(), shownFront); ++i) {
        // Spread over the front, which is in order.
        const std::size_t at = i * run.front.size() / std::min(run.front.size(), shownFront);
        const FrontPoint &point = run.front[at];
        Candidate candidate;
        candidate.macs = point.macs;
        candidate.latency = point.latency;
        candidate.sramBytes = point.sramBytes;
        candidate.flashBytes = point.flashBytes;
        candidate.measuredLatency = point.measuredLatency;
        candidate.network = run.frontNetwork(point.choice);
        text += topRow(run, QString::number(at + 1), candidate);
    }
    return text;
}

QJsonObject designJson(const Network &network)
{
    return QJsonDocument::fromJson(writeDesign(network)).object();
}

QJsonValue known(const std::optional<qint64> &value)
{
    return value ? QJsonValue(*value) : QJsonValue();
}

/// The same figures for candidates and points of the front.
QJsonObject figuresJson(const SearchRun &run, qint64 macs, qint64 latency, qint64 sram,
                        qint64 flash, double measuredShare)
{
    const bool any = latency > 0;
    return {
        {QStringLiteral("macs"), macs},
        {QStringLiteral("latency_ms"),
         any && clocked(run) ? QJsonValue(double(latency) / 1e6) : QJsonValue()},
        {QStringLiteral("instructions"), any && !clocked(run) ? QJsonValue(latency) : QJsonValue()},
        {QStringLiteral("sram_bytes"), sram},
        {QStringLiteral("flash_bytes"), flash},
        {QStringLiteral("measured_share"), measuredShare}};
}

QJsonObject candidateJson(const SearchRun &run, const Candidate &candidate)
{
    QJsonObject object = figuresJson(run, candidate.macs, candidate.latency, candidate.sramBytes,
                                     candidate.flashBytes, candidate.measuredShare());
    object.insert(QStringLiteral("macs_elementwise"), candidate.macsElementwise);
    object.insert(QStringLiteral("params"), candidate.params);
    object.insert(QStringLiteral("objective"), candidate.objective);
    object.insert(QStringLiteral("design"), designJson(candidate.network));
    return object;
}

QJsonArray frontJson(const SearchRun &run)
{
    QJsonArray front;
    for (std::size_t i = 0; i < run.front.size(); ++i) {
        const FrontPoint &point = run.front[i];
        const double share =
            point.latency > 0 ? double(point.measuredLatency) / double(point.latency) : 0;
        QJsonObject object =
            figuresJson(run, point.macs, point.latency, point.sramBytes, point.flashBytes, share);
        object.insert(QStringLiteral("sram_is_bound"), point.sramIsBound);
        if (i < run.frontDesigns)
            object.insert(QStringLiteral("design"), designJson(run.frontNetwork(point.choice)));
        front.append(object);
    }
    return front;
}

QJsonObject limitsJson(const SearchRun &run)
{
    const SearchLimits &limits = run.query.limits;
    const bool ms = clocked(run) && limits.latency;
    return {{QStringLiteral("sram_bytes"), known(limits.sramBytes)},
            {QStringLiteral("flash_bytes"), known(limits.flashBytes)},
            {QStringLiteral("latency_ms"),
             ms ? QJsonValue(double(*limits.latency) / 1e6) : QJsonValue()},
            {QStringLiteral("instructions"), clocked(run) ? QJsonValue() : known(limits.latency)}};
}

/// What besides its figures is known of the optimum's latency.
void addReport(QJsonObject &optimum, const SearchRun &run)
{
    if (!run.report) return;
    const Report &report = *run.report;
    const auto amount = [&run](qint64 value) {
        return clocked(run) ? QJsonValue(double(value) / 1e6) : QJsonValue(value);
    };
    const QString unit = clocked(run) ? QStringLiteral("_ms") : QString();
    const QString name = clocked(run) ? QStringLiteral("latency") : QStringLiteral("instructions");
    optimum.insert(name + QStringLiteral("_low") + unit, amount(report.latency.low));
    optimum.insert(name + QStringLiteral("_high") + unit,
                   report.latency.high ? amount(*report.latency.high) : QJsonValue());
    optimum.insert(QStringLiteral("source"), toString(report.latency.source));
    optimum.insert(QStringLiteral("extrapolated"), report.latency.extrapolated);
    optimum.insert(QStringLiteral("from_instructions"), report.latency.fromInstructions);
    optimum.insert(QStringLiteral("layers_from_instructions"), report.instructionLayers);
    optimum.insert(QStringLiteral("layers_measured"), report.measuredLayers);
    optimum.insert(QStringLiteral("layers_estimated"), report.estimatedLayers);
    optimum.insert(QStringLiteral("layers_missing"), report.missingLayers);
    optimum.insert(QStringLiteral("sram_high_bytes"), report.sram.high);
    optimum.insert(QStringLiteral("flash_high_bytes"), report.flash.high);
}

QJsonArray bindingJson(const SearchRun &run)
{
    QJsonArray bindings;
    for (const Binding &binding : run.result.bindings)
        bindings.append(QJsonObject{{QStringLiteral("figure"), binding.figure},
                                    {QStringLiteral("limit"), binding.limit},
                                    {QStringLiteral("nearest"), known(binding.nearest)}});
    return bindings;
}

} // namespace

QString networkLine(const Network &network)
{
    QStringList stages;
    for (const Stage &stage : network.stages) {
        QStringList blocks;
        for (const Block &block : stage.blocks)
            blocks << blockText(block);
        stages << blocks.join(QStringLiteral(" + "));
    }
    return inputText(network.input) + QStringLiteral(": ") + stages.join(QStringLiteral(", "));
}

QString searchText(const SearchRun &run)
{
    QString text = QStringLiteral("%1 on %2, %3: %4 networks, %5 of them distinct\n"
                                  "  most     %6\n"
                                  "  within   %7\n"
                                  "  by       %8\n")
                       .arg(run.space.name, run.target.board.name, displayName(run.target.runtime),
                            run.count.labelledText, run.count.distinctText, run.objective,
                            limitsText(run), estimatesText(run.estimates));
    if (run.result.feasible)
        text += QStringLiteral("  feasible %1%2\n")
                    .arg(run.result.feasibleIsBound ? QStringLiteral("at most ") : QString(),
                         countText(*run.result.feasible));
    text += u'\n';
    if (run.exact)
        text += QStringLiteral("Optimum, %1 (%2), in %3 s\n")
                    .arg(run.result.proven ? QStringLiteral("proven for these tables")
                                           : QStringLiteral("not proven: at most %1 is possible")
                                                 .arg(run.result.upperBound),
                         QString::fromLatin1(run.result.tablesHash.left(12)))
                    .arg(run.seconds, 0, 'f', 3);
    else
        text += QStringLiteral("Best of %1 networks that were scored, %2; not proven, in %3 s\n")
                    .arg(run.evaluated.value_or(0))
                    .arg(run.result.top.front().objective)
                    .arg(run.seconds, 0, 'f', 3);
    return text + optimumText(run) + nextText(run) + topText(run) + frontText(run);
}

QString searchJson(const SearchRun &run)
{
    QJsonArray top, estimated;
    for (const Candidate &candidate : run.result.top)
        top.append(candidateJson(run, candidate));
    if (run.report)
        for (const AtomKey &key : unmeasuredOperators(*run.report))
            estimated.append(describe(key));
    QJsonValue optimum;
    if (!run.result.top.empty()) {
        QJsonObject best = candidateJson(run, run.result.top.front());
        addReport(best, run);
        optimum = best;
    }
    const auto number = [](const auto &value) { return value ? QJsonValue(*value) : QJsonValue(); };
    QJsonObject object{
        {QStringLiteral("format"), QStringLiteral("atomnet-search")},
        {QStringLiteral("version"), 1},
        {QStringLiteral("proven"), run.result.proven},
        {QStringLiteral("seconds"), run.seconds},
        {QStringLiteral("feasible"), number(run.result.feasible)},
        {QStringLiteral("feasible_is_bound"), run.result.feasibleIsBound},
        {QStringLiteral("upper_bound"),
         run.exact && !run.result.top.empty() ? QJsonValue(run.result.upperBound) : QJsonValue()},
        {QStringLiteral("tables_hash"),
         run.exact ? QJsonValue(QString::fromLatin1(run.result.tablesHash)) : QJsonValue()},
        {QStringLiteral("optimum"), optimum},
        {QStringLiteral("top"), top},
        {QStringLiteral("front"), frontJson(run)},
        {QStringLiteral("board"), run.target.board.id},
        {QStringLiteral("runtime"), runtimeId(run.target.runtime)},
        {QStringLiteral("space"), run.space.name},
        {QStringLiteral("labelled"), run.count.labelled},
        {QStringLiteral("distinct"), run.count.distinct},
        {QStringLiteral("limits"), limitsJson(run)},
        {QStringLiteral("objective"), run.objective},
        {QStringLiteral("method"),
         run.exact ? QStringLiteral("exact") : QStringLiteral("evolution")},
        {QStringLiteral("estimates"), toString(run.estimates)},
        {QStringLiteral("estimated_operators"), estimated},
        {QStringLiteral("binding"), bindingJson(run)},
        {QStringLiteral("count_seconds"), run.countSeconds},
        {QStringLiteral("front_seconds"), run.frontSeconds},
        {QStringLiteral("evaluated"), number(run.evaluated)}};
    if (run.result.top.empty()) {
        object.insert(QStringLiteral("why"), run.result.whyInfeasible);
        object.insert(QStringLiteral("nearest"),
                      run.result.nearest ? QJsonValue(candidateJson(run, *run.result.nearest))
                                         : QJsonValue());
    }
    return QString::fromUtf8(QJsonDocument(object).toJson());
}

} // namespace atomnet
