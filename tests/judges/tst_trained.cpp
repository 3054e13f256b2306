// Real data, end to end: a design is exported as PyTorch project, trained by its train.py, brought
// back, quantised, exported as C project and run on an emulated Cortex-M7 over the whole test set.
#include "core/exporters/export_request.h"
#include "core/exporters/writers.h"
#include "core/inference/runner.h"
#include "core/model/design_file.h"
#include "tests/support/c_project.h"
#include "tests/support/python_tools.h"

#include <QDir>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace atomnet;
using namespace atomnet::test;

namespace
{

/// A design and what it is trained with.
struct Course {
    QString design;      ///< below tests/data
    QString data;        ///< for train.py
    QStringList options; ///< for train.py
    int timeoutSeconds = 600;
    double leastFloat = 0; ///< share that the float network must get right
    int tested = 0;        ///< samples of the test set that are run; 0: all
};

} // namespace

class TestTrained : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void digits();
    void mnist();

private:
    void follow(const Course &course);
    QString m_python;
};

void TestTrained::initTestCase()
{
    m_python = pythonWith({QStringLiteral("torch"), QStringLiteral("sklearn")});
    if (m_python.isEmpty())
        QSKIP("no Python with torch and sklearn (python3-torch, python3-sklearn)");
    if (const QString tool = missingTool(CMachine::M7); !tool.isEmpty())
        QSKIP(qPrintable(QStringLiteral("%1 is not installed").arg(tool)));
}

void TestTrained::follow(const Course &course)
{
    const QTemporaryDir folder;
    const auto design =
        loadDesign(QStringLiteral(ATOMNET_SOURCE_DIR "/tests/data/") + course.design);
    QVERIFY(design.has_value());
    const Network &network = design->network;

    ExportRequest request;
    request.format = ExportFormat::PyTorch;
    request.outputPath = folder.filePath(QStringLiteral("pytorch"));
    request.target.board = boardById(QStringLiteral("stm32h743")).value();
    request.target.runtime = Runtime::AtomNet1;
    const auto asPyTorch = exportDesign(network, request);
    QVERIFY2(asPyTorch.has_value(), asPyTorch ? "" : qPrintable(asPyTorch.error().message()));

    QStringList arguments{QStringLiteral("train.py"),
                          QStringLiteral("--data"),
                          course.data,
                          QStringLiteral("--threads"),
                          QStringLiteral("1"),
                          QStringLiteral("--seed"),
                          QStringLiteral("1"),
                          QStringLiteral("--out"),
                          folder.filePath(QStringLiteral("trained"))};
    const PythonRun trained =
        runPython(m_python, arguments + course.options, request.outputPath, course.timeoutSeconds);
    QVERIFY2(trained.exitCode == 0, trained.err.right(2000).constData());

    QuantSource source;
    source.weightsPath = folder.filePath(QStringLiteral("trained/weights.safetensors"));
    source.calibrationPath = folder.filePath(QStringLiteral("trained/data/calibration.npz"));
    source.calibrationLimit = 150;
    const auto prepared = prepare(network, source);
    QVERIFY2(prepared.has_value(), prepared ? "" : qPrintable(prepared.error().message()));
    const auto program = makeProgram(prepared->quantized, prepared->plan, prepared->layerNames);
    QVERIFY(program.has_value());
    const auto samples =
        openSamples(folder.filePath(QStringLiteral("trained/data/test.npz")),
                    {network.input, prepared->quantized.normalisation, course.tested});
    QVERIFY2(samples.has_value(), samples ? "" : qPrintable(samples.error().message()));
    const auto evaluation = evaluate(prepared->quantized, *program, prepared->weights, **samples);
    QVERIFY2(evaluation.has_value(), evaluation ? "" : qPrintable(evaluation.error().message()));

    request.format = ExportFormat::CProject;
    request.source = source;
    const auto files = writeCProject(network, *prepared, request);
    QVERIFY2(files.has_value(), files ? "" : qPrintable(files.error().message()));
    const QString cFolder = folder.filePath(QStringLiteral("c"));
    QVERIFY(writeFiles(*files, cFolder));
    std::vector<std::vector<qint8>> inputs;
    for (int i = 0; i < (*samples)->count(); ++i) {
        std::vector<qint8> input;
        const auto sample = (*samples)->sample(i);
        QVERIFY2(sample.has_value(), sample ? "" : qPrintable(sample.error().message()));
        for (const float value : *sample)
            input.push_back(quantise(value, program->input));
        inputs.push_back(std::move(input));
    }
    const auto outputs = CProject(cFolder).run(CMachine::M7, inputs);
    QVERIFY2(outputs.has_value(), outputs ? "" : qPrintable(outputs.error().message()));
    QCOMPARE(outputs->outputs.size(), inputs.size());
    int right = 0;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const std::vector<qint8> &logits = outputs->outputs[i];
        right += std::max_element(logits.begin(), logits.end()) - logits.begin() ==
                 (*samples)->label(int(i));
    }
    const double asFloat = evaluation->asFloat.top1(),
                 onBoard = double(right) / double(inputs.size());
    qInfo("%zu samples: float %.2f %%, int8 on the Cortex-M7 %.2f %%", inputs.size(), 100 * asFloat,
          100 * onBoard);
    QCOMPARE(right, evaluation->asInt8.correct()); // the host counts what the board counts
    QVERIFY(asFloat >= course.leastFloat);
    QVERIFY(onBoard >= asFloat - 0.01);
}

void TestTrained::digits()
{
    follow({QStringLiteral("digits.atomnet"),
            QStringLiteral("digits"),
            {QStringLiteral("--epochs"), QStringLiteral("40"), QStringLiteral("--batch"),
             QStringLiteral("32"), QStringLiteral("--lr"), QStringLiteral("0.1")},
            300,
            0.95,
            0});
}

/// MNIST is fetched and run only on demand: ATOMNET_MNIST names the folder with its idx files or
/// its .npz.
void TestTrained::mnist()
{
    const QString data = qEnvironmentVariable("ATOMNET_MNIST");
    if (data.isEmpty() || !QFileInfo(data).isDir())
        QSKIP("ATOMNET_MNIST does not name a folder with MNIST; ./check --mnist installs one");
    follow({QStringLiteral("mnist.atomnet"),
            data,
            {QStringLiteral("--epochs"), QStringLiteral("3"), QStringLiteral("--batch"),
             QStringLiteral("64"), QStringLiteral("--lr"), QStringLiteral("0.1")},
            1200,
            0.97,
            2000});
}

QTEST_APPLESS_MAIN(TestTrained)
#include "tst_trained.moc"
