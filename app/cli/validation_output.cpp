#include "app/cli/validation_output.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>

namespace atomnet
{

namespace
{

QString percent(double share, int width = 7)
{
    return QStringLiteral("%1 %").arg(share * 100, width - 2, 'f', 2);
}

QString signedPercent(double share)
{
    const double percent = std::round(share * 1000) / 10;
    return QStringLiteral("%1%2 %")
        .arg(percent > 0 ? QStringLiteral("+") : QString())
        .arg(percent == 0 ? 0.0 : percent, 0, 'f', 1);
}

bool counts(const AtomTable &table)
{
    return table.unit() == SampleUnit::Instructions;
}

QString amount(qint64 value, const AtomTable &table)
{
    return counts(table) ? QStringLiteral("%1 instructions").arg(value)
                         : QStringLiteral("%1 ms").arg(double(value) / 1e6, 0, 'f', 1);
}

double inUnit(qint64 value, const AtomTable &table)
{
    return counts(table) ? double(value) : double(value) / 1e6;
}

/// What was found out about a network while fitting on all of them.
const NetworkFit::Residual *residualOf(const NetworkFit &fit, const QString &name)
{
    for (const NetworkFit::Residual &residual : fit.residuals)
        if (residual.name == name) return &residual;
    return nullptr;
}

QString openText(const LearnedParameter &parameter)
{
    QStringList others = parameter.collinearWith;
    others.removeAll(parameter.name);
    if (!others.isEmpty())
        return QStringLiteral("the data cannot tell it from %1")
            .arg(others.join(QStringLiteral(", ")));
    return parameter.collinearWith.isEmpty() ? QStringLiteral("the data leave its value open")
                                             : QStringLiteral("no usable network holds it");
}

QString kindsText(const std::vector<KindValidation> &kinds)
{
    QString text = QStringLiteral("Operators held out, errors of their predictions; intervals of "
                                  "90 %:\n  %1  keys     mean   median   groups  covered   narrow  "
                                  "   wide  half-width\n")
                       .arg(QStringLiteral("kind"), -16);
    for (const KindValidation &kind : kinds)
        text += QStringLiteral("  %1 %2  %3  %4  %5  %6  %7  %8  %9\n")
                    .arg(toString(kind.kind), -16)
                    .arg(kind.keys, 5)
                    .arg(percent(kind.meanError), percent(kind.medianError),
                         percent(kind.groupMeanError), percent(kind.coverage),
                         percent(kind.narrowCoverage), percent(kind.wideCoverage),
                         percent(kind.medianHalfWidth));
    return text +
           QStringLiteral("  mean, median: 5 folds over operators; groups: whole channel counts or "
                          "map sizes held out;\n  narrow, wide: coverage of the narrower and the "
                          "wider half of the intervals.\n");
}

QString networksText(const ModelValidation &validation, const AtomTable &table)
{
    if (validation.networks.empty()) return {};
    QString text = QStringLiteral("Networks, each predicted by a model that learned from the "
                                  "others:\n");
    for (const NetworkValidation &network : validation.networks) {
        text += QStringLiteral("  %1 %2 known, ")
                    .arg(network.name, -22)
                    .arg(amount(network.reported, table));
        text +=
            network.predicted > 0
                ? QStringLiteral("%1 predicted (%2)")
                      .arg(amount(network.predicted, table),
                           signedPercent(double(network.predicted) / double(network.reported) - 1))
                : QStringLiteral("not all of its operators are known");
        const NetworkFit::Residual *residual = residualOf(validation.fit, network.name);
        if (residual && !residual->used)
            text += QStringLiteral("; not learned from: %1").arg(residual->why);
        text += u'\n';
    }
    return text;
}

QString parametersText(const NetworkFit &fit)
{
    if (fit.parameters.empty()) return {};
    QString learned, open;
    for (const LearnedParameter &parameter : fit.parameters) {
        if (parameter.identified)
            learned += QStringLiteral("  %1: %2 +- %3\n")
                           .arg(parameter.name)
                           .arg(parameter.value, 0, 'f', 2)
                           .arg(parameter.standardError, 0, 'f', 2);
        else
            open += QStringLiteral("  %1: %2\n").arg(parameter.name, openText(parameter));
    }
    QString text;
    if (!learned.isEmpty())
        text += QStringLiteral("Learned from whole networks, times the latency of the operator "
                               "with the same output:\n") +
                learned;
    if (!open.isEmpty()) text += QStringLiteral("Not identified:\n") + open;
    return text;
}

QJsonArray networksJson(const ModelValidation &validation, const AtomTable &table)
{
    QJsonArray networks;
    for (const NetworkValidation &network : validation.networks) {
        const NetworkFit::Residual *residual = residualOf(validation.fit, network.name);
        const bool known = network.predicted > 0;
        networks.append(QJsonObject{
            {QStringLiteral("name"), network.name},
            {QStringLiteral("reported"), inUnit(network.reported, table)},
            {QStringLiteral("predicted"),
             known ? QJsonValue(inUnit(network.predicted, table)) : QJsonValue()},
            {QStringLiteral("error"),
             known ? QJsonValue(double(network.predicted) / double(network.reported) - 1)
                   : QJsonValue()},
            {QStringLiteral("used"), residual && residual->used},
            {QStringLiteral("why"), residual ? residual->why : QString()}});
    }
    return networks;
}

} // namespace

QString validationText(const ModelValidation &validation, const AtomTable &table)
{
    return QStringLiteral("Latency model for %1, %2, on %3 operators, %4 samples.\n")
               .arg(table.condition().board, table.condition().runtime)
               .arg(table.rows().size())
               .arg(table.sampleCount()) +
           kindsText(validation.kinds) + networksText(validation, table) +
           parametersText(validation.fit);
}

QString validationJson(const ModelValidation &validation, const AtomTable &table)
{
    QJsonArray kinds, learned, open;
    for (const KindValidation &kind : validation.kinds)
        kinds.append(QJsonObject{{QStringLiteral("kind"), toString(kind.kind)},
                                 {QStringLiteral("keys"), kind.keys},
                                 {QStringLiteral("mean_error"), kind.meanError},
                                 {QStringLiteral("median_error"), kind.medianError},
                                 {QStringLiteral("group_mean_error"), kind.groupMeanError},
                                 {QStringLiteral("coverage"), kind.coverage},
                                 {QStringLiteral("narrow_coverage"), kind.narrowCoverage},
                                 {QStringLiteral("wide_coverage"), kind.wideCoverage},
                                 {QStringLiteral("median_half_width"), kind.medianHalfWidth}});
    for (const LearnedParameter &parameter : validation.fit.parameters) {
        if (parameter.identified)
            learned.append(
                QJsonObject{{QStringLiteral("name"), parameter.name},
                            {QStringLiteral("kind"), toString(parameter.kind)},
                            {QStringLiteral("kernel"), parameter.kernel},
                            {QStringLiteral("value"), parameter.value},
                            {QStringLiteral("standard_error"), parameter.standardError}});
        else
            open.append(QJsonObject{{QStringLiteral("name"), parameter.name},
                                    {QStringLiteral("collinear_with"),
                                     QJsonArray::fromStringList(parameter.collinearWith)}});
    }
    const QJsonObject root{{QStringLiteral("board"), table.condition().board},
                           {QStringLiteral("runtime"), table.condition().runtime},
                           {QStringLiteral("operators"), qint64(table.rows().size())},
                           {QStringLiteral("samples"), table.sampleCount()},
                           {QStringLiteral("unit"),
                            counts(table) ? QStringLiteral("instructions") : QStringLiteral("ms")},
                           {QStringLiteral("kinds"), kinds},
                           {QStringLiteral("networks"), networksJson(validation, table)},
                           {QStringLiteral("learned"), learned},
                           {QStringLiteral("not_identified"), open},
                           {QStringLiteral("network_noise"), validation.fit.noise}};
    return QString::fromUtf8(QJsonDocument(root).toJson());
}

} // namespace atomnet
