#include "app/cli/lint_output.h"

#include "core/analysis/guidelines/effect_text.h"
#include "core/analysis/report_text.h"
#include "core/base/format.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace atomnet
{

namespace
{

constexpr qsizetype columns = 100;

QString severityText(LintSeverity severity)
{
    switch (severity) {
    case LintSeverity::Info:
        return QStringLiteral("info");
    case LintSeverity::Advice:
        return QStringLiteral("advice");
    case LintSeverity::Problem:
        break;
    }
    return QStringLiteral("problem");
}

QString holdsText(Holds holds)
{
    switch (holds) {
    case Holds::Yes:
        return QStringLiteral("holds");
    case Holds::No:
        return QStringLiteral("does not hold here");
    case Holds::Unknown:
        break;
    }
    return QStringLiteral("cannot be told");
}

QString holdsId(Holds holds)
{
    return holds == Holds::Yes  ? QStringLiteral("yes")
           : holds == Holds::No ? QStringLiteral("no")
                                : QStringLiteral("unknown");
}

/// The text broken between words; the first line is begun already, the others are indented.
QString wrapped(const QString &text, int begun, int indent)
{
    QString result;
    qsizetype column = begun;
    for (const QString &word : printable(text).split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        if (column > indent && column + 1 + word.size() > columns) {
            result += QLatin1Char('\n') + QString(indent, QLatin1Char(' '));
            column = indent;
        } else if (!result.isEmpty()) {
            result += QLatin1Char(' ');
            ++column;
        }
        result += word;
        column += word.size();
    }
    return result + QLatin1Char('\n');
}

QString headline(const QString &designName, const Target &target)
{
    const QString of =
        QStringLiteral("%1 with %2").arg(target.board.name, displayName(target.runtime));
    return designName.isEmpty() ? of : QStringLiteral("%1 on %2").arg(printable(designName), of);
}

QString stageName(const Report &report, int stage)
{
    if (stage < 0) return QStringLiteral("the whole design");
    const QString name = report.stageNames.value(stage);
    return name.isEmpty() ? QStringLiteral("stage%1").arg(stage + 1) : printable(name);
}

QString fixLine(const QuickFix &fix, int number, TimeUnit unit)
{
    const QString begin = QStringLiteral("    [%1] ").arg(number);
    return begin + wrapped(QStringLiteral("%1: %2").arg(fix.text, effectText(fix.effect, unit)),
                           int(begin.size()), int(begin.size()));
}

QJsonObject effectJson(const Effect &effect, TimeUnit unit)
{
    QJsonObject json{{QStringLiteral("macs"), effect.macs},
                     {QStringLiteral("sram_bytes"), effect.sramBytes},
                     {QStringLiteral("flash_bytes"), effect.flashBytes}};
    if (unit == TimeUnit::Instructions) {
        json[QStringLiteral("latency_ms")] = QJsonValue::Null;
        json[QStringLiteral("instructions")] = effect.latency;
    } else {
        json[QStringLiteral("latency_ms")] = double(effect.latency) / 1e6;
    }
    return json;
}

QJsonArray fixesJson(const std::vector<QuickFix> &fixes, int &number, TimeUnit unit)
{
    QJsonArray array;
    for (const QuickFix &fix : fixes)
        array.append(QJsonObject{{QStringLiteral("number"), ++number},
                                 {QStringLiteral("text"), fix.text},
                                 {QStringLiteral("effect"), effectJson(fix.effect, unit)}});
    return array;
}

QString document(const Target &target, const QString &designName, QJsonObject json)
{
    json[QStringLiteral("board")] = target.board.id;
    json[QStringLiteral("runtime")] = runtimeId(target.runtime);
    if (!designName.isEmpty()) json[QStringLiteral("design")] = designName;
    return QString::fromUtf8(QJsonDocument(json).toJson());
}

QJsonArray numbers(const std::vector<double> &values)
{
    QJsonArray array;
    for (const double value : values)
        array.append(value);
    return array;
}

QString plain(double value)
{
    return value >= 1000 ? formatCount(qRound64(value)) : QString::number(value, 'g', 3);
}

/// A chart in words: every bar, or a few points of each series.
QString evidenceText(const EvidenceChart &chart)
{
    constexpr qsizetype fewPoints = 5;
    QString text;
    for (const EvidenceSeries &series : chart.series) {
        QStringList values;
        const qsizetype count = qsizetype(series.y.size());
        const qsizetype shown = chart.categories.isEmpty() ? std::min(fewPoints, count) : count;
        for (qsizetype i = 0; i < shown; ++i) {
            const std::size_t at =
                std::size_t(shown < 2 || shown == count ? i : i * (count - 1) / (shown - 1));
            const QString name =
                chart.categories.isEmpty() ? plain(series.x[at]) : chart.categories[qsizetype(at)];
            values << QStringLiteral("%1: %2").arg(name, plain(series.y[at]));
        }
        if (values.isEmpty()) continue;
        const QString begin = QStringLiteral("    ");
        text +=
            begin + wrapped(QStringLiteral("%1, %2 - %3")
                                .arg(series.name, chart.yTitle, values.join(QStringLiteral(", "))),
                            4, 8);
    }
    return text;
}

} // namespace

QString lintText(const std::vector<LintFinding> &findings, const Report &report,
                 const QString &designName)
{
    QString text =
        QStringLiteral("%1: %2\n")
            .arg(headline(designName, report.target),
                 findings.empty()       ? QStringLiteral("nothing to advise")
                 : findings.size() == 1 ? QStringLiteral("1 finding")
                                        : QStringLiteral("%1 findings").arg(findings.size()));
    int number = 0;
    const LintFinding *before = nullptr;
    for (const LintFinding &finding : findings) {
        if (!before || before->stage != finding.stage)
            text += QStringLiteral("\n%1\n").arg(stageName(report, finding.stage));
        before = &finding;
        const QString begin =
            QStringLiteral("  %1 %2: ").arg(severityText(finding.severity), finding.rule);
        text += begin + wrapped(finding.what, int(begin.size()), 4);
        text += QStringLiteral("    ") + wrapped(finding.why, 4, 4);
        for (const QuickFix &fix : finding.fixes)
            text += fixLine(fix, ++number, report.unit);
    }
    if (number > 0)
        text += QStringLiteral("\n--fix N -o FILE writes the design with fix [N] applied.\n");
    return text;
}

QString lintJson(const std::vector<LintFinding> &findings, const Report &report,
                 const Network &network)
{
    QJsonArray array;
    int number = 0;
    for (const LintFinding &finding : findings) {
        const BlockPlace place = findBlock(network, finding.block);
        QJsonObject json{{QStringLiteral("rule"), finding.rule},
                         {QStringLiteral("severity"), severityText(finding.severity)},
                         {QStringLiteral("what"), finding.what},
                         {QStringLiteral("why"), finding.why},
                         {QStringLiteral("fixes"), fixesJson(finding.fixes, number, report.unit)}};
        json[QStringLiteral("stage")] =
            finding.stage < 0 ? QJsonValue() : QJsonValue(report.stageNames.value(finding.stage));
        json[QStringLiteral("block")] = place.valid() ? QJsonValue(place.index + 1) : QJsonValue();
        array.append(json);
    }
    return document(report.target, network.name, {{QStringLiteral("findings"), array}});
}

QString peakText(const PeakExplanation &peak, const Report &report, const QString &designName)
{
    QString text = QStringLiteral("%1: the SRAM peak is at %2, %3 (%4)\n")
                       .arg(headline(designName, report.target), printable(peak.layerName),
                            formatKib(peak.bytes), formatBytes(peak.bytes));
    for (const PeakTensor &tensor : peak.tensors) {
        text += QStringLiteral("  %1  %2").arg(formatKib(tensor.bytes), 10).arg(tensor.part);
        if (!tensor.name.isEmpty()) text += QStringLiteral(" %1").arg(printable(tensor.name));
        text += QLatin1Char('\n');
    }
    if (peak.fixes.empty())
        return text + QStringLiteral("\nNo single edit that was tried lowers it.\n");
    text += QStringLiteral("\nWhat would lower it:\n");
    int number = 0;
    for (const QuickFix &fix : peak.fixes)
        text += fixLine(fix, ++number, report.unit);
    return text + QStringLiteral("\n--fix N -o FILE writes the design with fix [N] applied.\n");
}

QString peakJson(const PeakExplanation &peak, const Report &report, const QString &designName)
{
    QJsonArray tensors;
    for (const PeakTensor &tensor : peak.tensors)
        tensors.append(QJsonObject{{QStringLiteral("name"), tensor.name},
                                   {QStringLiteral("bytes"), tensor.bytes},
                                   {QStringLiteral("part"), tensor.part}});
    int number = 0;
    return document(report.target, designName,
                    {{QStringLiteral("layer"), peak.layerName},
                     {QStringLiteral("bytes"), peak.bytes},
                     {QStringLiteral("tensors"), tensors},
                     {QStringLiteral("fixes"), fixesJson(peak.fixes, number, report.unit)}});
}

QString guidelinesText(const std::vector<Guideline> &guidelines, const Target &target)
{
    QString text = QStringLiteral("Guidelines for %1\n").arg(headline({}, target));
    for (const Guideline &guideline : guidelines) {
        text += QStringLiteral("\n%1: %2 - %3\n")
                    .arg(guideline.id, guideline.title, holdsText(guideline.holds));
        text += QStringLiteral("    ") +
                wrapped(QStringLiteral("The paper: %1").arg(guideline.paper), 4, 4);
        text += QStringLiteral("    ") + wrapped(guideline.finding + QLatin1Char('.'), 4, 4);
        text += evidenceText(guideline.chart);
    }
    return text;
}

QString guidelinesJson(const std::vector<Guideline> &guidelines, const Target &target)
{
    QJsonArray array;
    for (const Guideline &guideline : guidelines) {
        const EvidenceChart &chart = guideline.chart;
        QJsonArray series;
        for (const EvidenceSeries &each : chart.series)
            series.append(QJsonObject{{QStringLiteral("name"), each.name},
                                      {QStringLiteral("x"), numbers(each.x)},
                                      {QStringLiteral("y"), numbers(each.y)}});
        array.append(QJsonObject{
            {QStringLiteral("id"), guideline.id},
            {QStringLiteral("title"), guideline.title},
            {QStringLiteral("paper"), guideline.paper},
            {QStringLiteral("holds"), holdsId(guideline.holds)},
            {QStringLiteral("finding"), guideline.finding},
            {QStringLiteral("value"), guideline.value},
            {QStringLiteral("chart"), QJsonObject{{QStringLiteral("title"), chart.title},
                                                  {QStringLiteral("x_title"), chart.xTitle},
                                                  {QStringLiteral("y_title"), chart.yTitle},
                                                  {QStringLiteral("categories"),
                                                   QJsonArray::fromStringList(chart.categories)},
                                                  {QStringLiteral("series"), series}}}});
    }
    return document(target, {}, {{QStringLiteral("guidelines"), array}});
}

} // namespace atomnet
