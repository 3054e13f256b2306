#include "core/exporters/pytorch/safetensors.h"
#include "core/exporters/writers.h"
#include "core/quant/forward.h"
#include "tests/core/exporters/exported_designs.h"
#include "tests/support/python_tools.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace atomnet;
using namespace atomnet::test;

namespace
{

Prepared preparedWith(const ExportedDesign &design, bool trained)
{
    auto prepared = prepareFloat(design.network, {});
    if (!prepared)
        qFatal("%s: %s", design.name.constData(), qPrintable(prepared.error().message()));
    prepared->weights.trained = trained;
    return *std::move(prepared);
}

bool putProject(const QString &folder, const Network &network, const Prepared &prepared)
{
    const auto files = writePyTorchProject(network, prepared, {});
    return files && std::all_of(files->begin(), files->end(), [&](const ExportFile &file) {
               return putFile(folder, file.path, file.bytes);
           });
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Trains in a second or two.
ExportedDesign tinyDesign()
{
    ExportedDesign tiny = exportedDesigns()[1];
    Q_ASSERT(tiny.name == "digits");
    tiny.network.stages.resize(2);
    tiny.network.stages[0].blocks[0].out = 16;
    tiny.network.stages[0].blocks[0].stride = 2;
    tiny.network.head.conv.reset();
    return tiny;
}

} // namespace

class TestPyTorchProject : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hasWeightsOnlyWhenTrained();
    void safetensorsComeBackUnchanged();
    void modelIsTheNetwork();
    void trainingComesBack();
};

void TestPyTorchProject::hasWeightsOnlyWhenTrained()
{
    const ExportedDesign design = exportedDesigns().front();
    for (const bool trained : {false, true}) {
        const auto files = writePyTorchProject(design.network, preparedWith(design, trained), {});
        QVERIFY(files.has_value());
        QStringList names;
        for (const ExportFile &file : *files) {
            names << file.path;
            QVERIFY2(!file.bytes.isEmpty(), qPrintable(file.path));
        }
        for (const char *name :
             {"model.py", "train.py", "README.md", "requirements.txt", "design.atomnet", "LICENSE"})
            QVERIFY2(names.contains(QLatin1String(name)), name);
        QCOMPARE(names.contains(QLatin1String("weights.safetensors")), trained);
    }
}

void TestPyTorchProject::safetensorsComeBackUnchanged()
{
    for (const ExportedDesign &design : exportedDesigns()) {
        Prepared prepared = preparedWith(design, true);
        for (UnitWeights &unit : prepared.weights.units) // biases that are not 0
            for (std::size_t o = 0; o < unit.bias.size(); ++o)
                unit.bias[o] = float(o) / 7 - 1;
        const FileNotes notes =
            fileNotes(design.network.name, *prepared.weights.normalisation, {}, true);
        const QByteArray bytes = writeSafetensors(prepared.units, prepared.weights, notes);
        const auto file = readSafetensors(bytes, QStringLiteral("w"));
        QVERIFY2(file.has_value(), file ? "" : qPrintable(file.error().message()));
        QVERIFY(file->normalisation == prepared.weights.normalisation);
        const auto weights = assignWeights(prepared.units, *file, QStringLiteral("w"));
        QVERIFY2(weights.has_value(), weights ? "" : qPrintable(weights.error().message()));
        QVERIFY2(weights->units == prepared.weights.units, design.name.constData());
    }
}

/// model.py computes what our own float engine does, and its weights come back from torch's own
/// ONNX export by name.
void TestPyTorchProject::modelIsTheNetwork()
{
    const QString python = pythonWith({QStringLiteral("torch"), QStringLiteral("onnx")});
    if (python.isEmpty()) QSKIP("no Python with torch and onnx (python3-torch, python3-onnx)");
    QTemporaryDir folder;
    QStringList arguments{QStringLiteral(ATOMNET_SOURCE_DIR "/tests/support/run_exports.py")};
    const std::vector<ExportedDesign> designs = exportedDesigns();
    for (const ExportedDesign &design : designs) {
        const QString place = folder.filePath(QString::number(arguments.size()));
        arguments << place;
        QVERIFY(putInput(place, seededInput(design.network.input, 9), design.network.input));
        QVERIFY(putProject(place, design.network, preparedWith(design, true)));
    }
    const PythonRun run = runPython(python, arguments);
    QVERIFY2(run.exitCode == 0, run.err.right(2000).constData());
    const QList<QByteArray> lines = run.out.trimmed().split('\n');
    QCOMPARE(lines.size(), qsizetype(designs.size()));
    for (std::size_t i = 0; i < designs.size(); ++i) {
        const Prepared prepared = preparedWith(designs[i], true);
        const std::vector<float> ours = FloatForward(prepared.graph, prepared.weights)
                                            .run(seededInput(designs[i].network.input, 9));
        const QJsonArray theirs =
            QJsonDocument::fromJson(lines[qsizetype(i)])[QLatin1String("model.py")].toArray();
        QCOMPARE(std::size_t(theirs.size()), ours.size());
        double largest = 0, apart = 0;
        for (std::size_t k = 0; k < ours.size(); ++k) {
            largest = std::max(largest, std::abs(double(ours[k])));
            apart = std::max(apart, std::abs(theirs[qsizetype(k)].toDouble() - double(ours[k])));
        }
        QVERIFY(largest > 0);
        QVERIFY2(
            apart <= 1e-4 * largest,
            qPrintable(
                QStringLiteral("%1: %2").arg(QLatin1String(designs[i].name)).arg(apart / largest)));

        const auto back = loadWeights(prepared.units, arguments[qsizetype(i) + 1] +
                                                          QStringLiteral("/exported.onnx"));
        QVERIFY2(back.has_value(), back ? "" : qPrintable(back.error().message()));
        QVERIFY(back->units == prepared.weights.units);
    }
}

/// Training on digits, interrupted and resumed, gives the same bytes as in one go; what it writes
/// is read back and reproduces the accuracy that it printed.
void TestPyTorchProject::trainingComesBack()
{
    const QString python =
        pythonWith({QStringLiteral("torch"), QStringLiteral("sklearn"), QStringLiteral("onnx")});
    if (python.isEmpty())
        QSKIP("no Python with torch, sklearn and onnx (python3-torch, python3-sklearn, "
              "python3-onnx)");
    QTemporaryDir folder;
    const ExportedDesign design = tinyDesign();
    const Prepared prepared = preparedWith(design, false);
    QVERIFY(putProject(folder.path(), design.network, prepared));
    const QStringList recipe =
        QStringLiteral("train.py --data digits --epochs 4 --batch 16 --lr 0.1 --threads 1 --out")
            .split(QLatin1Char(' '));

    // As soon as one epoch is complete the power fails.
    QProcess interrupted;
    interrupted.setWorkingDirectory(folder.path());
    interrupted.start(python, recipe + QStringList{QStringLiteral("resumed")});
    QByteArray seen;
    while (!seen.contains("epoch 1/4") && interrupted.waitForReadyRead(60'000))
        seen += interrupted.readAllStandardOutput();
    interrupted.kill();
    QVERIFY(interrupted.waitForFinished());
    QVERIFY2(seen.contains("epoch 1/4"),
             interrupted.readAllStandardError().right(2000).constData());

    const PythonRun whole =
        runPython(python, recipe + QStringList{QStringLiteral("whole")}, folder.path());
    QVERIFY2(whole.exitCode == 0, whole.err.right(2000).constData());
    const PythonRun resumed =
        runPython(python,
                  QStringLiteral("train.py --resume resumed/checkpoint.pt --out resumed")
                      .split(QLatin1Char(' ')),
                  folder.path());
    QVERIFY2(resumed.exitCode == 0, resumed.err.right(2000).constData());
    const QByteArray weights =
        contentOf(folder.filePath(QStringLiteral("whole/weights.safetensors")));
    QVERIFY(!weights.isEmpty());
    QVERIFY(weights == contentOf(folder.filePath(QStringLiteral("resumed/weights.safetensors"))));

    const QRegularExpression line(QStringLiteral("^accuracy [0-9.]+ \\(([0-9]+) of ([0-9]+)\\)$"),
                                  QRegularExpression::MultilineOption);
    const auto printed = line.match(QString::fromUtf8(whole.out));
    QVERIFY2(printed.hasMatch(), whole.out.constData());
    const auto loaded =
        loadWeights(prepared.units, folder.filePath(QStringLiteral("whole/weights.safetensors")));
    QVERIFY2(loaded.has_value(), loaded ? "" : qPrintable(loaded.error().message()));
    QCOMPARE(loaded->labels.size(), 10);
    const auto sameFromOnnx =
        loadWeights(prepared.units, folder.filePath(QStringLiteral("whole/model.onnx")));
    QVERIFY2(sameFromOnnx.has_value(),
             sameFromOnnx ? "" : qPrintable(sameFromOnnx.error().message()));
    QVERIFY(sameFromOnnx->units == loaded->units);
    QVERIFY(sameFromOnnx->normalisation == loaded->normalisation);

    const SampleOptions options{design.network.input, *loaded->normalisation, 0};
    const auto samples =
        openSamples(folder.filePath(QStringLiteral("whole/data/test.npz")), options);
    QVERIFY2(samples.has_value(), samples ? "" : qPrintable(samples.error().message()));
    QCOMPARE((*samples)->count(), printed.captured(2).toInt());
    const FloatForward forward(prepared.graph, *loaded);
    int correct = 0;
    for (int i = 0; i < (*samples)->count(); ++i) {
        const std::vector<float> logits = forward.run((*samples)->sample(i).value());
        correct +=
            std::max_element(logits.begin(), logits.end()) - logits.begin() == (*samples)->label(i);
    }
    qInfo("%d of %d", correct, (*samples)->count());
    QCOMPARE(correct, printed.captured(1).toInt());
    QVERIFY(correct > (*samples)->count() / 2); // it has learned
    const auto calibration =
        openSamples(folder.filePath(QStringLiteral("whole/data/calibration.npz")), options);
    QVERIFY(calibration.has_value());
    QCOMPARE((*calibration)->count(), 200);
}

QTEST_APPLESS_MAIN(TestPyTorchProject)
#include "tst_pytorch_project.moc"
