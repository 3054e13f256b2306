#include "core/model/presets.h"
#include "widgets/inspectors/export_dialog.h"
#include "widgets/inspectors/path_field.h"
#include "widgets/inspectors/quant_dialog.h"
#include "widgets/inspectors/quant_form.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QLineEdit>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

using namespace atomnet;

namespace
{

ExportRequest lastRequest()
{
    ExportRequest last;
    last.target.board = boardById(QStringLiteral("stm32h743")).value();
    return last;
}

template <class W>
W *named(const QWidget &parent, const QString &accessibleName)
{
    for (W *widget : parent.findChildren<W *>())
        if (widget->accessibleName() == accessibleName) return widget;
    return nullptr;
}

void choose(const QWidget &dialog, ExportFormat format)
{
    auto *box = named<QComboBox>(dialog, QStringLiteral("Format"));
    box->setCurrentIndex(box->findData(int(format)));
}

QPushButton *acceptButton(const QDialog &dialog)
{
    for (QPushButton *button : dialog.findChildren<QPushButton *>())
        if (button->isDefault()) return button;
    return nullptr;
}

QString touched(const QTemporaryDir &folder, const QString &name)
{
    QFile file(folder.filePath(name));
    if (!file.open(QIODevice::WriteOnly)) return {};
    return file.fileName();
}

} // namespace

class TestExportDialog : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysWhatItWillCost();
    void suggestsANameThatFollowsTheFormat();
    void typedPathStays();
    void trainedWeightsNeedCalibration();
    void badPrefixIsRefused();
    void rememberedRequestComesBack();
    void evaluatingNeedsData();
};

void TestExportDialog::saysWhatItWillCost()
{
    ExportDialog dialog(presetById(QStringLiteral("atomnet-256kb"))->network, lastRequest());
    choose(dialog, ExportFormat::CProject);
    QVERIFY2(dialog.costText().contains(QStringLiteral("of 512.0 KiB")),
             qPrintable(dialog.costText()));
    QVERIFY2(dialog.costText().contains(QStringLiteral("of 2048 KiB")),
             qPrintable(dialog.costText()));
    QVERIFY(dialog.costText().contains(QStringLiteral("STM32H743")));
    choose(dialog, ExportFormat::Onnx);
    const QString asFloat = dialog.costText();
    choose(dialog, ExportFormat::TfLite);
    QVERIFY(asFloat != dialog.costText());
}

void TestExportDialog::suggestsANameThatFollowsTheFormat()
{
    ExportDialog dialog(presetById(QStringLiteral("atomnet-256kb"))->network, lastRequest());
    choose(dialog, ExportFormat::TfLite);
    QVERIFY2(dialog.request().outputPath.endsWith(QStringLiteral(".tflite")),
             qPrintable(dialog.request().outputPath));
    choose(dialog, ExportFormat::OnnxQdq);
    QVERIFY(dialog.request().outputPath.endsWith(QStringLiteral("-int8.onnx")));
    QVERIFY(acceptButton(dialog)->isEnabled());
    QVERIFY(dialog.request().format == ExportFormat::OnnxQdq);
}

void TestExportDialog::typedPathStays()
{
    ExportDialog dialog(presets().front().network, lastRequest());
    auto *path = named<QLineEdit>(dialog, QStringLiteral("Write to"));
    QVERIFY(path);
    path->setText(QStringLiteral("/somewhere/mine.bin"));
    choose(dialog, ExportFormat::TfLite);
    QCOMPARE(dialog.request().outputPath, QStringLiteral("/somewhere/mine.bin"));
    path->clear();
    QVERIFY(!acceptButton(dialog)->isEnabled());
    QVERIFY(!dialog.problem().isEmpty());
}

void TestExportDialog::trainedWeightsNeedCalibration()
{
    const QTemporaryDir folder;
    const QString weights = touched(folder, QStringLiteral("w.safetensors"));
    ExportDialog dialog(presets().front().network, lastRequest());
    choose(dialog, ExportFormat::CProject);
    named<QLineEdit>(dialog, QStringLiteral("Weights"))->setText(weights);
    QVERIFY(dialog.problem().contains(QStringLiteral("calibration")));
    QVERIFY(!acceptButton(dialog)->isEnabled());
    // The float formats do not.
    choose(dialog, ExportFormat::Onnx);
    QVERIFY2(dialog.problem().isEmpty(), qPrintable(dialog.problem()));
    choose(dialog, ExportFormat::CProject);
    named<QLineEdit>(dialog, QStringLiteral("Calibration"))->setText(folder.path());
    QVERIFY2(dialog.problem().isEmpty(), qPrintable(dialog.problem()));
    QCOMPARE(dialog.request().source.calibrationPath, folder.path());
    named<QLineEdit>(dialog, QStringLiteral("Weights"))
        ->setText(folder.filePath(QStringLiteral("absent.onnx")));
    QVERIFY(dialog.problem().contains(QStringLiteral("absent.onnx")));
}

void TestExportDialog::badPrefixIsRefused()
{
    ExportDialog dialog(presets().front().network, lastRequest());
    choose(dialog, ExportFormat::CProject);
    auto *prefix = named<QLineEdit>(dialog, QStringLiteral("Prefix of every C name"));
    for (const char *bad : {"", "2nd", "a-b", "\u00fcber"}) {
        prefix->setText(QString::fromUtf8(bad));
        QVERIFY2(!dialog.problem().isEmpty(), bad);
    }
    prefix->setText(QStringLiteral("net_2"));
    QVERIFY(dialog.problem().isEmpty());
    QCOMPARE(dialog.request().prefix, QStringLiteral("net_2"));
}

void TestExportDialog::rememberedRequestComesBack()
{
    ExportRequest last = lastRequest();
    last.format = ExportFormat::TfLite;
    last.softmax = true;
    last.prefix = QStringLiteral("digits");
    last.source.seed = 42;
    last.source.calibrationLimit = 17;
    last.source.options.ranges = RangeMethod::Percentile;
    last.source.options.percentile = 99.5;
    last.source.options.biasCorrection = false;
    const ExportRequest again = ExportDialog(presets().front().network, last).request();
    QVERIFY(again.format == last.format);
    QCOMPARE(again.softmax, true);
    QCOMPARE(again.prefix, last.prefix);
    QCOMPARE(again.source.seed, last.source.seed);
    QCOMPARE(again.source.calibrationLimit, last.source.calibrationLimit);
    QVERIFY(again.source.options == last.source.options);
    QVERIFY(again.target.runtime == Runtime::AtomNet1);
}

void TestExportDialog::evaluatingNeedsData()
{
    const QTemporaryDir folder;
    QuantDialog quantise(QuantDialog::Purpose::Quantise, {}, {});
    QVERIFY(acceptButton(quantise)->isEnabled());
    QuantDialog evaluate(QuantDialog::Purpose::Evaluate, {}, {});
    QVERIFY(!acceptButton(evaluate)->isEnabled());
    named<QLineEdit>(evaluate, QStringLiteral("Data with labels"))->setText(folder.path());
    QVERIFY(acceptButton(evaluate)->isEnabled());
    QCOMPARE(evaluate.data(), folder.path());
}

QTEST_MAIN(TestExportDialog)
#include "tst_export_dialog.moc"
