#include "app/cli/measure_output.h"

#include "app/cli/db_output.h"
#include "core/base/format.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace atomnet
{

namespace
{

QString outcomeId(MeasureOutcome::What what)
{
    switch (what) {
    case MeasureOutcome::What::Measured:
        return QStringLiteral("measured");
    case MeasureOutcome::What::Known:
        return QStringLiteral("known");
    case MeasureOutcome::What::DoesNotFit:
        return QStringLiteral("does_not_fit");
    case MeasureOutcome::What::Failed:
        return QStringLiteral("failed");
    }
    return {};
}

QString figure(qint64 value, SampleUnit unit)
{
    return unit == SampleUnit::Instructions
               ? QStringLiteral("%1 instructions").arg(formatCount(value))
               : formatMs(value);
}

const PlanItem &itemOf(const MeasureRun &run, const MeasureOutcome &outcome)
{
    return run.plan.items[std::size_t(outcome.item)];
}

QString nameOf(const PlanItem &item)
{
    return item.layer.isEmpty() ? describe(item.key)
                                : QStringLiteral("%1 (%2)").arg(item.layer, describe(item.key));
}

int countOf(const MeasureRun &run, MeasureOutcome::What what)
{
    return int(std::count_if(run.outcomes.begin(), run.outcomes.end(),
                             [what](const MeasureOutcome &o) { return o.what == what; }));
}

QString runText(const MeasureRun &run)
{
    using What = MeasureOutcome::What;
    QString text = QStringLiteral("  %1 operators: %2 measured")
                       .arg(run.plan.items.size())
                       .arg(countOf(run, What::Measured));
    const auto also = [&](What what, const QString &words) {
        if (const int count = countOf(run, what)) text += words.arg(count);
    };
    also(What::Known, QStringLiteral(", %1 known before"));
    also(What::DoesNotFit, QStringLiteral(", %1 too large for the board"));
    also(What::Failed, QStringLiteral(", %1 failed"));
    text += QStringLiteral(", in %1\n").arg(durationText(run.summary.seconds * 1000));
    for (const MeasureOutcome &outcome : run.outcomes) {
        if (!outcome.reason.isEmpty())
            text += QStringLiteral("  %1: %2\n").arg(nameOf(itemOf(run, outcome)), outcome.reason);
        if (outcome.wideSpread)
            text += QStringLiteral("  %1: repetitions differ by %2 %\n")
                        .arg(nameOf(itemOf(run, outcome)))
                        .arg(outcome.result.spread() * 100, 0, 'f', 1);
    }
    if (!run.network) return text;
    text += QStringLiteral("  the network as one: %1").arg(figure(run.network->network, run.unit));
    if (const auto difference = run.network->difference())
        text += QStringLiteral(", the sum of its operators: %1 (%2 %)")
                    .arg(figure(*run.network->sum, run.unit))
                    .arg(*difference * 100, 0, 'f', 3);
    else
        text += QStringLiteral("; not all of its operators are measured");
    return text + u'\n';
}

QJsonObject toJson(const MeasureRun &run, const MeasureOutcome &outcome)
{
    const PlanItem &item = itemOf(run, outcome);
    const bool measured = outcome.what == MeasureOutcome::What::Measured;
    const OperatorResult &result = outcome.result;
    const auto value = [measured](qint64 number) {
        return measured ? QJsonValue(number) : QJsonValue();
    };
    const bool cycles = measured && run.unit == SampleUnit::Nanoseconds;
    return {
        {QStringLiteral("layer"), item.layer},
        {QStringLiteral("operator"), describe(item.key)},
        {QStringLiteral("kind"), toString(item.key.kind)},
        {QStringLiteral("outcome"), outcomeId(outcome.what)},
        {QStringLiteral("reason"),
         outcome.reason.isEmpty() ? QJsonValue() : QJsonValue(outcome.reason)},
        {QStringLiteral("median"), value(result.median)},
        {QStringLiteral("min"), value(result.min)},
        {QStringLiteral("max"), value(result.max)},
        {QStringLiteral("cycles"), cycles ? QJsonValue(qint64(result.raw.median)) : QJsonValue()},
        {QStringLiteral("repetitions"), value(result.raw.repetitions)},
        {QStringLiteral("wide_spread"), outcome.wideSpread},
        {QStringLiteral("stack_bytes"), value(result.raw.stack_bytes)},
        {QStringLiteral("scratch_bytes"), value(result.raw.scratch_bytes)}};
}

QJsonValue toJson(const std::optional<NetworkComparison> &network)
{
    if (!network) return {};
    const auto optional = [](const auto &value) {
        return value ? QJsonValue(*value) : QJsonValue();
    };
    QJsonArray steps;
    for (const NetworkComparison::Step &step : network->steps)
        steps.append(QJsonObject{{QStringLiteral("layer"), step.layer},
                                 {QStringLiteral("in_network"), step.inNetwork},
                                 {QStringLiteral("alone"), optional(step.alone)}});
    return QJsonObject{{QStringLiteral("value"), network->network},
                       {QStringLiteral("sum"), optional(network->sum)},
                       {QStringLiteral("difference"), optional(network->difference())},
                       {QStringLiteral("steps"), steps}};
}

QJsonObject toJson(const MeasureRun &run)
{
    using What = MeasureOutcome::What;
    QJsonArray operators;
    for (const MeasureOutcome &outcome : run.outcomes)
        operators.append(toJson(run, outcome));
    return {{QStringLiteral("condition"), conditionJson(run.condition)},
            {QStringLiteral("unit"), unitText(run.unit)},
            {QStringLiteral("planned"), qint64(run.plan.items.size())},
            {QStringLiteral("measured"), countOf(run, What::Measured)},
            {QStringLiteral("known"), countOf(run, What::Known)},
            {QStringLiteral("does_not_fit"), countOf(run, What::DoesNotFit)},
            {QStringLiteral("failed"), countOf(run, What::Failed)},
            {QStringLiteral("seconds"), run.summary.seconds},
            {QStringLiteral("operators"), operators},
            {QStringLiteral("network"), toJson(run.network)}};
}

} // namespace

QString durationText(qint64 milliseconds)
{
    const qint64 seconds = (milliseconds + 999) / 1000;
    if (seconds < 100) return QStringLiteral("%1 s").arg(seconds);
    const qint64 minutes = (seconds + 30) / 60;
    if (minutes < 100) return QStringLiteral("%1 min").arg(minutes);
    return QStringLiteral("%1 h %2 min").arg(minutes / 60).arg(minutes % 60);
}

QString measureText(const std::vector<DeviceRuns> &devices, const QString &dbPath)
{
    QString text;
    bool any = false;
    for (const DeviceRuns &device : devices) {
        text += QStringLiteral("%1: %2\n")
                    .arg(device.device,
                         device.summary.isEmpty() ? QStringLiteral("no answer") : device.summary);
        for (const MeasureRun &run : device.runs) {
            if (device.runs.size() > 1)
                text += QStringLiteral("  caches %1:\n").arg(run.condition.caches);
            text += runText(run);
            any = any || countOf(run, MeasureOutcome::What::Measured) > 0;
        }
    }
    if (any) text += QStringLiteral("kept in %1\n").arg(dbPath);
    return text;
}

QString measureJson(const std::vector<DeviceRuns> &devices, const QString &dbPath,
                    const QString &name)
{
    QJsonArray list;
    for (const DeviceRuns &device : devices) {
        QJsonArray runs;
        for (const MeasureRun &run : device.runs)
            runs.append(toJson(run));
        list.append(
            QJsonObject{{QStringLiteral("device"), device.device},
                        {QStringLiteral("answered"), device.summary},
                        {QStringLiteral("runs"), runs},
                        {QStringLiteral("error"),
                         device.error ? QJsonValue(device.error->message()) : QJsonValue()}});
    }
    const QJsonObject object{{QStringLiteral("format"), QStringLiteral("atomnet-measurement")},
                             {QStringLiteral("version"), 1},
                             {QStringLiteral("name"), name},
                             {QStringLiteral("db"), dbPath},
                             {QStringLiteral("devices"), list}};
    return QString::fromUtf8(QJsonDocument(object).toJson());
}

} // namespace atomnet
