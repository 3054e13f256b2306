// The exported C projects of the eight AtomNets, at their real resolution, compute the same bytes
// on the host, an emulated Cortex-M4 and a Cortex-M7, in every layer.
#include "core/inference/runner.h"
#include "core/model/presets.h"
#include "tests/judges/judged.h"
#include "tests/support/c_project.h"

#include <QTemporaryDir>
#include <QTest>

using namespace atomnet;
using namespace atomnet::test;

class TestEmulatedNetworks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void sameBytesEverywhere_data();
    void sameBytesEverywhere();
};

void TestEmulatedNetworks::initTestCase()
{
    for (const CMachine machine : {CMachine::M4, CMachine::M7})
        if (const QString tool = missingTool(machine); !tool.isEmpty())
            QSKIP(qPrintable(QStringLiteral("%1 is not installed").arg(tool)));
}

void TestEmulatedNetworks::sameBytesEverywhere_data()
{
    QTest::addColumn<QString>("preset");
    for (const Preset &preset : presets())
        QTest::newRow(qPrintable(preset.id)) << preset.id;
}

void TestEmulatedNetworks::sameBytesEverywhere()
{
    QFETCH(QString, preset);
    const Network &network = presetById(preset)->network;
    QuantSource source;
    source.calibrationLimit =
        2; // what the weights are does not matter, only that all machines agree
    source.options.biasCorrection = false;
    const Result<Prepared> prepared = prepare(network, source);
    QVERIFY2(prepared.has_value(), prepared ? "" : qPrintable(prepared.error().message()));
    const Result<Program> program =
        makeProgram(prepared->quantized, prepared->plan, prepared->layerNames);
    QVERIFY(program.has_value());

    const auto samples = seededSamples(network.input, 1, 31);
    const auto sample = samples->sample(0);
    QVERIFY(sample.has_value());
    std::vector<qint8> input;
    for (const float value : *sample)
        input.push_back(quantise(value, program->input));
    std::vector<qint8> logits(std::size_t(program->outputBytes));
    std::vector<std::vector<qint8>> layers;
    const auto ran =
        Runner(*program).run(input, logits, [&](const Step &, std::span<const qint8> output) {
            layers.emplace_back(output.begin(), output.end());
        });
    QVERIFY(ran.has_value());

    ExportRequest request;
    request.source = source;
    request.target.board = boardById(QStringLiteral("qemu-m7")).value();
    request.target.runtime = Runtime::AtomNet1;
    const auto files = writeCProject(network, *prepared, request);
    QVERIFY2(files.has_value(), files ? "" : qPrintable(files.error().message()));
    const QTemporaryDir folder;
    QVERIFY(writeFiles(*files, folder.path()));
    CProject project(folder.path());
    for (const CMachine machine : {CMachine::Host, CMachine::M4, CMachine::M7}) {
        const auto outputs = project.run(machine, {input}, true);
        QVERIFY2(outputs.has_value(), outputs ? "" : qPrintable(outputs.error().message()));
        QCOMPARE(outputs->outputs.size(), std::size_t(1));
        QVERIFY(outputs->outputs.front() == logits);
        const auto &theirs = outputs->layers.front();
        QCOMPARE(theirs.size(), layers.size());
        for (std::size_t i = 0; i < layers.size(); ++i)
            QVERIFY2(theirs[i] == layers[i], qPrintable(prepared->layerNames[int(i)]));
    }
}

QTEST_APPLESS_MAIN(TestEmulatedNetworks)
#include "tst_emulated_networks.moc"
