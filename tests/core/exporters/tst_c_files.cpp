#include "tests/core/exporters/hand_made_model.h"
#include "tests/support/c_project.h"

#include "core/exporters/cproject/crc32.h"
#include "core/inference/runner.h"

#include <QTemporaryDir>
#include <QTest>

using namespace atomnet;
using namespace atomnet::test;

class TestCFiles : public QObject
{
    Q_OBJECT

    static CModel model(bool weightsFile = false)
    {
        CModel made = handMadeModel();
        made.weightsFile = weightsFile;
        made.vectors = makeVectors(made.program).value();
        return made;
    }
    static QByteArray file(const std::vector<ExportFile> &files, const QString &path)
    {
        for (const ExportFile &f : files)
            if (f.path == path) return f.bytes;
        return {};
    }

private Q_SLOTS:
    void onlyTheKernelsInUseAreCopied()
    {
        const QStringList files = kernelFiles({"add", "softmax"});
        QCOMPARE(files.filter(QStringLiteral(".c")), (QStringList{"ak_add.c", "ak_softmax.c"}));
        QVERIFY(files.contains(QStringLiteral("ak_add.h")));
        QVERIFY(files.contains(QStringLiteral("ak_types.h")));
        QVERIFY(!files.contains(QStringLiteral("ak_mul.h")));
        for (const QString &name : files) {
            QFile original(QStringLiteral(ATOMNET_SOURCE_DIR "/firmware/kernels/") + name);
            QVERIFY(original.open(QIODevice::ReadOnly));
            QCOMPARE(kernelSource(name), original.readAll());
        }
    }

    void everyFileSaysItsLicence()
    {
        for (const bool weightsFile : {false, true})
            for (const ExportFile &f : projectFiles(model(weightsFile)))
                if (!f.path.endsWith(QLatin1String(".bin")) && f.path != QLatin1String("LICENSE"))
                    QVERIFY2(f.bytes.left(1500).contains("SPDX-License-Identifier: MIT"),
                             qPrintable(f.path));
    }

    void prefixIsOnEverySymbol()
    {
        CModel made = model();
        made.prefix = QStringLiteral("kws");
        const auto files = projectFiles(made);
        QVERIFY(file(files, QStringLiteral("kws.h")).contains("int kws_run(int8_t *out);"));
        for (const ExportFile &f : files)
            if (!f.path.startsWith(QLatin1String("kernels/")) &&
                f.path != QLatin1String("README.md"))
                QVERIFY2(!f.bytes.contains("model_"), qPrintable(f.path));
    }

    void constantsLieInOrderAndAligned()
    {
        Program program;
        program.constants = {{Constant::Type::Int8, QStringLiteral("a"), "abcde"},
                             {Constant::Type::Int32, QStringLiteral("b"), littleEndian({-2})}};
        const ConstantImage image = constantImage(program);
        QCOMPARE(image.offsets, (std::vector<qsizetype>{0, 8}));
        QCOMPARE(image.bytes, QByteArray("abcde\0\0\0\xfe\xff\xff\xff", 12));
        CModel made;
        made.program = program;
        QCOMPARE(constantDefinitions(made),
                 "\nconst uint32_t model_k_a[2] = {\n    0x64636261, 0x00000065,\n};\n"
                 "\nconst int32_t model_k_b[1] = {\n    -2,\n};\n");
    }

    void weightsFileHoldsWhatTheLoaderChecks()
    {
        const CModel made = model(true);
        const ConstantImage image = constantImage(made.program);
        const QByteArray bytes = weightsFile(made, image);
        QCOMPARE(bytes.size(), weightsHeaderBytes + image.bytes.size());
        QCOMPARE(bytes.left(8), QByteArray("AKWB\1\0\0\0", 8));
        QCOMPARE(bytes.mid(16, 8), QByteArray::fromHex("67452301efcdab89"));
        QCOMPARE(bytes.mid(weightsHeaderBytes), image.bytes);
        const quint32 crc = crc32({image.bytes.constData(), std::size_t(image.bytes.size())});
        QVERIFY(
            file(projectFiles(made), QStringLiteral("model.h"))
                .contains("WEIGHTS_CRC 0x" + QByteArray::number(crc, 16).rightJustified(8, '0')));
    }

    void vectorsAreWhatTheKernelsCompute()
    {
        const CModel made = model();
        Runner runner(made.program);
        QVERIFY(made.vectors.size() >= 2);
        for (const CVector &vector : made.vectors) {
            std::vector<qint8> out(4);
            QVERIFY(runner.run(vectorInput(vector, 256), out));
            QCOMPARE(out, vector.output);
            QCOMPARE(vector.layerCrcs.size(), made.program.steps.size());
        }
        QVERIFY(made.vectors[0].output != made.vectors[1].output);
    }

    void runsOnEveryMachine_data()
    {
        QTest::addColumn<int>("machine");
        QTest::addColumn<bool>("weightsFile");
        QTest::newRow("host, tables") << int(CMachine::Host) << false;
        QTest::newRow("host, weights file") << int(CMachine::Host) << true;
        QTest::newRow("Cortex-M4, tables") << int(CMachine::M4) << false;
        QTest::newRow("Cortex-M7, weights file") << int(CMachine::M7) << true;
    }
    void runsOnEveryMachine()
    {
        QFETCH(int, machine);
        QFETCH(bool, weightsFile);
        const CMachine on = CMachine(machine);
        if (const QString tool = missingTool(on); !tool.isEmpty())
            QSKIP(qPrintable(tool + QStringLiteral(" is not installed")));
        const CModel made = model(weightsFile);
        const QTemporaryDir folder;
        QVERIFY(writeFiles(projectFiles(made), folder.path()));
        CProject project(folder.path());
        const auto elf = project.link(on, CProject::Program::SelfTest);
        QVERIFY2(elf, elf ? "" : qPrintable(elf.error().what));
        const CRun run = runOn(on, *elf);
        QVERIFY2(run.exitCode == 0 && run.text.contains("PASSED"), run.text.constData());
        QVERIFY2(run.text.contains("layers checked: 6\n"), run.text.constData());
        QVERIFY2(run.text.contains("arena 1088 bytes\n"), run.text.constData());
        QCOMPARE(run.text.contains("stack "), on != CMachine::Host);
    }

    void selfTestNamesTheFirstWrongLayer()
    {
        if (!missingTool(CMachine::Host).isEmpty()) QSKIP("there is no C compiler");
        CModel made = model();
        auto &multiplier = std::get<MulCall>(made.program.steps[2].call).multiplier;
        multiplier += 1 << 20;
        const QTemporaryDir folder;
        QVERIFY(writeFiles(projectFiles(made), folder.path()));
        CProject project(folder.path());
        const auto elf = project.link(CMachine::Host, CProject::Program::SelfTest);
        QVERIFY2(elf, elf ? "" : qPrintable(elf.error().what));
        const CRun run = runOn(CMachine::Host, *elf);
        QCOMPARE(run.exitCode, 1);
        QVERIFY2(run.text.contains("the first wrong layer is 2, mul\n"), run.text.constData());
        QVERIFY2(run.text.contains("FAILED"), run.text.constData());
    }

    void runsInputsOfATest()
    {
        if (!missingTool(CMachine::M7).isEmpty()) QSKIP("there is no cross compiler or emulator");
        const CModel made = model();
        std::vector<std::vector<qint8>> inputs, expected;
        std::vector<std::vector<std::vector<qint8>>> layers;
        Runner runner(made.program);
        for (quint32 seed = 1; seed < 4; ++seed) {
            inputs.push_back(vectorInput({seed * 77, 100, {}, {}}, 256));
            expected.emplace_back(4);
            layers.emplace_back();
            QVERIFY(runner.run(inputs.back(), expected.back(),
                               [&](const Step &, std::span<const qint8> out) {
                                   layers.back().emplace_back(out.begin(), out.end());
                               }));
        }
        const QTemporaryDir folder;
        QVERIFY(writeFiles(projectFiles(made), folder.path()));
        CProject project(folder.path());
        for (const CMachine machine : {CMachine::Host, CMachine::M4, CMachine::M7}) {
            const auto run = project.run(machine, inputs, true);
            QVERIFY2(run, run ? "" : qPrintable(run.error().what));
            QCOMPARE(run->outputs, expected);
            QCOMPARE(run->layers, layers);
        }
    }
};

QTEST_GUILESS_MAIN(TestCFiles)
#include "tst_c_files.moc"
