#include "tests/core/exporters/arbitrary_prepared.h"
#include "tests/support/c_project.h"

#include "core/analysis/analyze.h"
#include "core/analysis/runtime_footprint.h"
#include "core/exporters/cproject/c_model.h"
#include "core/exporters/writers.h"
#include "core/inference/runner.h"
#include "core/model/design_file.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace atomnet;
using namespace atomnet::test;

// What the designer promised of a design, against the linked project.
class TestExportedDesigns : public QObject
{
    Q_OBJECT

    /// The constants as space of their size: the C compiler need not read megabytes to tell how
    /// large they are.
    static QByteArray emptyConstants(const Program &program)
    {
        QByteArray text;
        for (const Constant &constant : program.constants) {
            const QByteArray name = "model_k_" + constant.name.toLatin1();
            text += "__asm__(\".section .rodata." + name + ", \\\"a\\\"\\n.balign 4\\n.global " +
                    name + "\\n" + name + ":\\n.space " +
                    QByteArray::number((constant.bytes.size() + 3) / 4 * 4) + "\\n\");\n";
        }
        return text + "typedef int not_empty;\n";
    }
    static Network preset(const QString &id)
    {
        return loadDesign(
                   QStringLiteral(ATOMNET_SOURCE_DIR "/resources/examples/atomnet-%1.atomnet")
                       .arg(id))
            .value()
            .network;
    }
    static qint64 tolerance(qint64 bytes) { return std::max<qint64>(1024, bytes / 200); }
    /// The predictions are those of the compiler that they were measured with.
    static bool anotherCompiler()
    {
        const CRun run = runProgram(QStringLiteral("arm-none-eabi-gcc"), {"-dumpversion"});
        return run.text.trimmed() != "12.2.1";
    }

    static void compareWithPrediction(CProject &project, const AtomGraph &graph,
                                      const ArenaPlan &plan, qint64 predictedFlash)
    {
        for (const CMachine machine : {CMachine::M4, CMachine::M7}) {
            const auto elf = project.link(machine, CProject::Program::Minimal);
            QVERIFY2(elf, elf ? "" : qPrintable(elf.error().what));
            const auto sizes = elfSizes(*elf);
            QVERIFY(sizes);
            QCOMPARE(symbolBytes(*elf, QStringLiteral("model_arena")), plan.arenaBytes);
            QCOMPARE(sizes->ram - plan.arenaBytes, dataBytes(graph));
            const QByteArray figures =
                QByteArray::number(sizes->flash) + " bytes linked, " +
                QByteArray::number(predictedFlash) + " predicted, " +
                QByteArray::number(sizes->code) +
                " of code; after a change of the kernels run measure_footprint.py";
            qInfo("%s", figures.constData());
            QVERIFY2(std::abs(sizes->flash - predictedFlash) <= tolerance(sizes->flash),
                     figures.constData());
            QVERIFY2(sizes->code < 24 * 1024, figures.constData());
        }
    }
    static qint64 predictedFlash(const Network &network)
    {
        Target target;
        target.board = boardById(QStringLiteral("qemu-m7")).value();
        const auto report = analyze(network, target, {});
        return report ? report->flash.value : -1;
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString tool = missingTool(CMachine::M7); !tool.isEmpty())
            QSKIP(qPrintable(tool + QStringLiteral(" is not installed")));
    }

    void atomNetsAreAsLargeAsPredicted_data()
    {
        QTest::addColumn<QString>("id");
        for (const char *id :
             {"256kb", "256kb-max", "320kb", "512kb", "512kb-large", "512kb-max", "10fps", "5fps"})
            QTest::newRow(id) << QString::fromLatin1(id);
    }
    void atomNetsAreAsLargeAsPredicted()
    {
        if (anotherCompiler()) QSKIP("another version of arm-none-eabi-gcc");
        QFETCH(QString, id);
        const Network network = preset(id);
        const Prepared ready = arbitraryPrepared(network, 1);
        CModel model;
        model.title = network.name;
        model.designHash = "0123456789abcdef";
        model.input = network.input;
        model.program = makeProgram(ready.quantized, ready.plan, ready.layerNames, {}).value();
        model.vectors = {{1,
                          1,
                          std::vector<qint8>(std::size_t(model.program.outputBytes)),
                          {}}}; // it is not run
        model.vectors[0].layerCrcs.resize(model.program.steps.size());
        auto files = projectFiles(model);
        for (ExportFile &file : files)
            if (file.path == QLatin1String("model_weights.c"))
                file.bytes = emptyConstants(model.program);
        const QTemporaryDir folder;
        QVERIFY(writeFiles(files, folder.path()));
        CProject project(folder.path());
        compareWithPrediction(project, ready.graph, ready.plan, predictedFlash(network));
    }

    void smallDesignsRunAlikeEverywhere_data()
    {
        QTest::addColumn<quint32>("seed");
        for (quint32 seed = 1; seed <= 4; ++seed)
            QTest::addRow("seed %u", seed) << seed;
    }
    void smallDesignsRunAlikeEverywhere()
    {
        QFETCH(quint32, seed);
        QRandomGenerator random(seed);
        const Network network = seed == 1 ? everyBlock() : smallNetwork(random);
        const Prepared ready = arbitraryPrepared(network, seed);
        const Program program =
            makeProgram(ready.quantized, ready.plan, ready.layerNames, {}).value();
        const QTemporaryDir folder;
        QVERIFY(writeFiles(writeCProject(network, ready, {}).value(), folder.path()));
        CProject project(folder.path());

        std::vector<std::vector<qint8>> inputs, expected;
        std::vector<std::vector<std::vector<qint8>>> layers;
        Runner runner(program);
        for (int i = 0; i < 3; ++i) {
            std::vector<qint8> input(std::size_t(program.inputBytes));
            for (qint8 &value : input)
                value = qint8(int(random.bounded(256U)) - 128);
            inputs.push_back(input);
            expected.emplace_back(std::size_t(program.outputBytes));
            layers.emplace_back();
            QVERIFY(runner.run(input, expected.back(),
                               [&layers](const Step &, std::span<const qint8> output) {
                                   layers.back().emplace_back(output.begin(), output.end());
                               }));
        }
        for (const CMachine machine : {CMachine::Host, CMachine::M4, CMachine::M7}) {
            const auto run = project.run(machine, inputs, true);
            QVERIFY2(run, run ? "" : qPrintable(run.error().what));
            QCOMPARE(run->layers, layers);
            QCOMPARE(run->outputs, expected);
        }
        if (!anotherCompiler())
            compareWithPrediction(project, ready.graph, ready.plan, predictedFlash(network));
    }

    void aWeightsFileAndSoftmaxArePredictedToo()
    {
        if (anotherCompiler()) QSKIP("another version of arm-none-eabi-gcc");
        const Network network = everyBlock();
        const Prepared ready = arbitraryPrepared(network, 1);
        ExportRequest request;
        request.softmax = request.weightsFile = true;
        const auto files = writeCProject(network, ready, request).value();
        const QTemporaryDir folder;
        QVERIFY(writeFiles(files, folder.path()));
        CProject project(folder.path());
        const auto readme = std::find_if(files.begin(), files.end(), [](const ExportFile &file) {
            return file.path == QLatin1String("README.md");
        });
        QVERIFY(readme != files.end());
        const auto shown = QRegularExpression(QStringLiteral("Flash in all \\| (\\d+) \\|"))
                               .match(QString::fromUtf8(readme->bytes));
        QVERIFY(shown.hasMatch());
        const auto elf = project.link(CMachine::M7, CProject::Program::Minimal);
        QVERIFY2(elf, elf ? "" : qPrintable(elf.error().what));
        const qint64 linked = elfSizes(*elf).value().flash;
        qInfo("%lld bytes linked, %s shown", linked, qPrintable(shown.captured(1)));
        QVERIFY(std::abs(linked - shown.captured(1).toLongLong()) <= tolerance(linked));
    }

    void atomNet256PassesItsSelfTest()
    {
        const Network network = preset(QStringLiteral("256kb"));
        const Prepared ready = arbitraryPrepared(network, 256);
        const QTemporaryDir folder;
        QVERIFY(writeFiles(writeCProject(network, ready, {}).value(), folder.path()));
        CProject project(folder.path());
        for (const CMachine machine : {CMachine::Host, CMachine::M4, CMachine::M7}) {
            const auto elf = project.link(machine, CProject::Program::SelfTest);
            QVERIFY2(elf, elf ? "" : qPrintable(elf.error().what));
            const CRun run = runOn(machine, *elf);
            QVERIFY2(run.exitCode == 0 && run.text.contains("PASSED"), run.text.constData());
            QVERIFY(
                run.text.contains("arena " + QByteArray::number(ready.plan.arenaBytes) + " bytes"));
            if (machine == CMachine::Host) continue;
            const auto stack = QRegularExpression(QStringLiteral("stack (\\d+) bytes"))
                                   .match(QString::fromUtf8(run.text))
                                   .captured(1)
                                   .toLongLong();
            qInfo("stack: %lld painted over, %lld predicted", stack, stackBytes(ready.graph));
            if (anotherCompiler()) continue;
            QVERIFY(stack <= stackBytes(ready.graph));
            QVERIFY(stack >= stackBytes(ready.graph) / 2);
        }
        if (!anotherCompiler()) // here with the constants as they are
            compareWithPrediction(project, ready.graph, ready.plan, predictedFlash(network));
    }
};

QTEST_GUILESS_MAIN(TestExportedDesigns)
#include "tst_exported_designs.moc"
