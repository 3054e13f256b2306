#include "app/window/int8_work.h"

#include "app/window/int8_panel.h"
#include "app/window/window_settings.h"
#include "core/base/format.h"
#include "widgets/common/progress_strip.h"
#include "widgets/inspectors/export_dialog.h"
#include "widgets/inspectors/quant_dialog.h"

#include <QDir>
#include <QFileInfo>

namespace atomnet
{

namespace
{

/// Clauses as sentences: "the weights are seeded" -> "The weights are seeded."
QString asSentences(const QStringList &clauses)
{
    QStringList sentences;
    for (QString clause : clauses) {
        if (clause.isEmpty()) continue;
        clause[0] = clause[0].toUpper();
        if (!clause.endsWith(u'.')) clause += u'.';
        sentences << clause;
    }
    return sentences.join(u' ');
}

} // namespace

Int8Work::Int8Work(Document &document, Int8Panel &panel, ProgressStrip &progress, QWidget *window)
    : QObject(window), m_document(document), m_panel(panel), m_progress(progress), m_window(window)
{
    recall();
    connect(&panel, &Int8Panel::quantiseRequested, this, &Int8Work::askQuantise);
    connect(&panel, &Int8Panel::evaluateRequested, this, &Int8Work::askEvaluate);
    connect(&panel, &Int8Panel::exportRequested, this, &Int8Work::askExport);
    connect(&progress, &ProgressStrip::cancelRequested, &m_service, &Int8Service::cancel);
    connect(&m_service, &Int8Service::progress, this,
            [this](const QString &what, double share) { m_progress.setProgress(what, share); });
    connect(&m_service, &Int8Service::finished, this, [this] {
        m_progress.finish();
        m_panel.setBusy(m_service.busy());
    });
    connect(&m_service, &Int8Service::failed, this,
            [this](const Error &error) { Q_EMIT failed(error.message()); });
    connect(&m_service, &Int8Service::quantized, this,
            [this](const std::shared_ptr<const QuantisationResult> &result) {
                m_panel.setQuantised(result);
                Q_EMIT done(QStringLiteral("Quantised: the logits keep %1 dB of signal to noise.")
                                .arg(result->layers.back().db, 0, 'f', 1),
                            {});
            });
    connect(&m_service, &Int8Service::evaluated, this,
            [this](const std::shared_ptr<const EvaluationResult> &result) {
                m_panel.setEvaluated(result);
                const Evaluation &e = result->evaluation;
                Q_EMIT done(QStringLiteral("Evaluated on %1 samples: float %2 %, int8 %3 % right.")
                                .arg(e.asInt8.total())
                                .arg(100 * e.asFloat.top1(), 0, 'f', 2)
                                .arg(100 * e.asInt8.top1(), 0, 'f', 2),
                            {});
            });
    connect(&m_service, &Int8Service::exported, this, [this](const ExportSummary &summary) {
        const QFileInfo info(summary.outputPath);
        const QString folder = info.isDir() ? info.absoluteFilePath() : info.absolutePath();
        QString sentence =
            QStringLiteral("Wrote %1 (%2).")
                .arg(QDir::toNativeSeparators(summary.outputPath), formatKib(summary.bytes));
        if (summary.warnings.isEmpty())
            Q_EMIT done(sentence, folder);
        else
            Q_EMIT warned(sentence + QLatin1Char(' ') + asSentences(summary.warnings),
                          folder);
    });
}

void Int8Work::askQuantise()
{
    QuantDialog dialog(QuantDialog::Purpose::Quantise, m_last.source, {}, m_window);
    if (dialog.exec() == QDialog::Accepted) quantise(dialog.source());
}

void Int8Work::askEvaluate()
{
    QuantDialog dialog(QuantDialog::Purpose::Evaluate, m_last.source, m_data, m_window);
    if (dialog.exec() == QDialog::Accepted) evaluate(dialog.source(), dialog.data());
}

void Int8Work::askExport()
{
    m_last.target.board = m_document.target().board;
    ExportDialog dialog(m_document.network(), m_last, m_window);
    if (dialog.exec() == QDialog::Accepted) exportAs(dialog.request());
}

void Int8Work::quantise(const QuantSource &source)
{
    m_last.source = source;
    remember();
    m_panel.setBusy(true);
    m_service.quantize(m_document.network(), source);
}

void Int8Work::evaluate(const QuantSource &source, const QString &data)
{
    m_last.source = source;
    m_data = data;
    remember();
    m_panel.setBusy(true);
    m_service.evaluate(m_document.network(), source, data);
}

void Int8Work::exportAs(const ExportRequest &request)
{
    m_last = request;
    remember();
    m_panel.setBusy(true);
    m_service.exportDesign(m_document.network(), request);
}

void Int8Work::remember() const
{
    const auto settings = windowSettings();
    const QuantSource &source = m_last.source;
    settings->setValue("int8/weights", source.weightsPath);
    settings->setValue("int8/calibration", source.calibrationPath);
    settings->setValue("int8/limit", source.calibrationLimit);
    settings->setValue("int8/seed", source.seed);
    settings->setValue("int8/ranges", toString(source.options.ranges));
    settings->setValue("int8/percentile", source.options.percentile);
    settings->setValue("int8/biasCorrection", source.options.biasCorrection);
    settings->setValue("int8/data", m_data);
    settings->setValue("export/format", toString(m_last.format));
    settings->setValue("export/path", m_last.outputPath);
    settings->setValue("export/prefix", m_last.prefix);
    settings->setValue("export/softmax", m_last.softmax);
    settings->setValue("export/weightsFile", m_last.weightsFile);
}

void Int8Work::recall()
{
    const auto settings = windowSettings();
    QuantSource &source = m_last.source;
    source.weightsPath = settings->value("int8/weights").toString();
    source.calibrationPath = settings->value("int8/calibration").toString();
    source.calibrationLimit = settings->value("int8/limit", source.calibrationLimit).toInt();
    source.seed = settings->value("int8/seed", source.seed).toULongLong();
    source.options.ranges =
        rangeMethodFrom(settings->value("int8/ranges").toString()).value_or(source.options.ranges);
    source.options.percentile =
        settings->value("int8/percentile", source.options.percentile).toDouble();
    source.options.biasCorrection = settings->value("int8/biasCorrection", true).toBool();
    m_data = settings->value("int8/data").toString();
    m_last.format =
        exportFormatFrom(settings->value("export/format").toString()).value_or(m_last.format);
    m_last.outputPath = settings->value("export/path").toString();
    m_last.prefix = settings->value("export/prefix", m_last.prefix).toString();
    m_last.softmax = settings->value("export/softmax", false).toBool();
    m_last.weightsFile = settings->value("export/weightsFile", false).toBool();
}

} // namespace atomnet
