#include "tests/core/exporters/arbitrary_prepared.h"
#include "tests/support/c_project.h"

#include "core/exporters/writers.h"
#include "core/inference/runner.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace atomnet;
using namespace atomnet::test;

// From a quantised design to a project that refuses what it must.
class TestCProject : public QObject
{
    Q_OBJECT

    static std::vector<ExportFile> exported(const Network &network, const Prepared &prepared,
                                            const ExportRequest &request = {})
    {
        auto files = writeCProject(network, prepared, request);
        if (!files) qFatal("%s", qPrintable(files.error().message()));
        return *std::move(files);
    }
    static QByteArray file(const std::vector<ExportFile> &files, const char *path)
    {
        for (const ExportFile &f : files)
            if (f.path == QLatin1String(path)) return f.bytes;
        return {};
    }
    /// Links a main with the project on the host and runs it.
    static CRun runMain(const QTemporaryDir &folder, const QByteArray &text,
                        const QStringList &defines = {})
    {
        if (!writeFiles({{"test/main.c", text, false}}, folder.path())) return {};
        CProject project(folder.path());
        const auto program =
            project.linkWith(CMachine::Host, {folder.filePath("test/main.c")}, defines);
        if (!program) return {-1, program.error().what.toUtf8()};
        return runProgram(*program, {});
    }

private Q_SLOTS:
    void prefixesThatAreTakenAreRefused_data()
    {
        QTest::addColumn<QString>("prefix");
        for (const char *prefix : {"", "1a", "a-b", "ak", "ak_conv", "minimal", "stdio", "String",
                                   "all", "a23456789012345678901234567890123", "m\n"})
            QTest::newRow(prefix) << QString::fromLatin1(prefix);
    }
    void prefixesThatAreTakenAreRefused()
    {
        QFETCH(QString, prefix);
        const Network network = everyBlock();
        ExportRequest request;
        request.prefix = prefix;
        const auto files = writeCProject(network, arbitraryPrepared(network, 1), request);
        QVERIFY(!files);
        QCOMPARE(files.error().code, ErrorCode::Usage);
    }

    void twoExportsAreEqualAndKnowNoMachine()
    {
        const Network network = everyBlock();
        const auto files = exported(network, arbitraryPrepared(network, 1));
        const auto again = exported(network, arbitraryPrepared(network, 1));
        QCOMPARE(files.size(), again.size());
        for (std::size_t i = 0; i < files.size(); ++i) {
            QCOMPARE(files[i].path, again[i].path);
            QCOMPARE(files[i].bytes, again[i].bytes);
            QVERIFY2(!files[i].bytes.contains(ATOMNET_SOURCE_DIR), qPrintable(files[i].path));
            QVERIFY2(!files[i].bytes.contains(QDir::homePath().toUtf8() + '/'),
                     qPrintable(files[i].path));
            QVERIFY2(!files[i].bytes.contains("__DATE__"), qPrintable(files[i].path));
        }
    }

    void readmeShowsTheFigures()
    {
        const Network network = everyBlock();
        const Prepared ready = arbitraryPrepared(network, 1);
        const QByteArray readme = file(exported(network, ready), "README.md");
        QVERIFY(readme.contains("| " + QByteArray::number(ready.plan.arenaBytes) + " | exact |"));
        QVERIFY(readme.contains("**Its weights are seeded, not trained**"));
        QCOMPARE(readme.count("\n| "), 1 + 6 + 1 + 3 + 1 + int(ready.graph.atoms.size()) - 1 + 1);
    }

    void namesOfAnyKindCompile()
    {
        if (!missingTool(CMachine::Host).isEmpty()) QSKIP("there is no C compiler");
        Network network = everyBlock();
        network.name = QStringLiteral("*/ #error \"x\" \\");
        network.stages[0].name = QStringLiteral("a\"b\\?\?/%s @x@ */");
        network.stages[1].name = QString::fromUtf8("stufe-ü\u202e");
        Prepared ready = arbitraryPrepared(network, 1);
        ready.quantized.labels =
            QStringList{"cat", "d\"o\\g", QString::fromUtf8("Größe"), "?\?=", ""};
        const QTemporaryDir folder;
        QVERIFY(writeFiles(exported(network, ready), folder.path()));
        const CRun run = runMain(
            folder,
            "#include \"model.h\"\n#include <stdio.h>\n"
            "int main(void) {\n"
            "    for (int i = -1; i <= MODEL_OUTPUT_BYTES; ++i) printf(\"%s|\", model_label(i));\n"
            "    printf(\"%s|%s|%s\", model_layer_name(0), model_layer_name(-1),\n"
            "           model_layer_name(MODEL_LAYERS));\n"
            "    return 0;\n}\n");
        QCOMPARE(run.exitCode, 0);
        const QString expected = QStringLiteral("|cat|d\"o\\g|Größe|?\?=|||") +
                                 ready.layerNames[0] + QStringLiteral("||");
        QCOMPARE(QString::fromUtf8(run.text), expected);
    }

    void damagedWeightsAreRefused()
    {
        if (!missingTool(CMachine::Host).isEmpty()) QSKIP("there is no C compiler");
        const Network network = everyBlock();
        ExportRequest request;
        request.weightsFile = true;
        const QTemporaryDir folder;
        QVERIFY(
            writeFiles(exported(network, arbitraryPrepared(network, 1), request), folder.path()));
        const CRun run = runMain(
            folder,
            "#include \"model.h\"\n#include <stdio.h>\n#include <string.h>\n"
            "extern const uint8_t model_weights_file[];\n"
            "static _Alignas(4) uint8_t copy[MODEL_WEIGHTS_BYTES + 4];\n"
            "static void damaged(size_t at) {\n"
            "    memcpy(copy, model_weights_file, MODEL_WEIGHTS_BYTES);\n"
            "    copy[at] ^= 0x10;\n"
            "    printf(\"%d \", model_set_weights(copy, MODEL_WEIGHTS_BYTES));\n"
            "}\n"
            "int main(void) {\n"
            "    printf(\"%d \", model_run(NULL));\n"
            "    printf(\"%d \", model_set_weights(NULL, MODEL_WEIGHTS_BYTES));\n"
            "    printf(\"%d \", model_set_weights(model_weights_file, 31));\n"
            "    printf(\"%d \", model_set_weights(model_weights_file, MODEL_WEIGHTS_BYTES - 1));\n"
            "    memcpy(copy + 1, model_weights_file, MODEL_WEIGHTS_BYTES);\n"
            "    printf(\"%d \", model_set_weights(copy + 1, MODEL_WEIGHTS_BYTES));\n"
            "    damaged(0); damaged(4); damaged(8); damaged(16); damaged(24);\n"
            "    damaged(32); damaged(MODEL_WEIGHTS_BYTES - 1);\n"
            "    printf(\"%d \", model_run(NULL));\n"
            "    printf(\"%d \", model_set_weights(model_weights_file, MODEL_WEIGHTS_BYTES));\n"
            "    printf(\"%d\\n%s\\n\", model_run(NULL), "
            "model_error_text(MODEL_ERROR_WEIGHTS_CRC));\n"
            "    return 0;\n}\n");
        QCOMPARE(run.text, "7 1 8 8 4 9 9 9 10 10 11 11 7 0 0\nthe weights are damaged\n");
    }

    void aWrongArenaIsRefused()
    {
        if (!missingTool(CMachine::Host).isEmpty()) QSKIP("there is no C compiler");
        const Network network = everyBlock();
        const Prepared ready = arbitraryPrepared(network, 1);
        const QTemporaryDir folder;
        QVERIFY(writeFiles(exported(network, ready), folder.path()));
        const CRun run =
            runMain(folder,
                    "#include \"model.h\"\n#include <stdio.h>\n"
                    "static _Alignas(4) int8_t mine[MODEL_ARENA_BYTES + 4];\n"
                    "int main(void) {\n"
                    "    printf(\"%d %d \", model_run(NULL), model_input() == NULL);\n"
                    "    printf(\"%d \", model_set_arena(NULL, sizeof mine));\n"
                    "    printf(\"%d \", model_set_arena(mine, MODEL_ARENA_BYTES - 1));\n"
                    "    printf(\"%d \", model_set_arena(mine + 2, MODEL_ARENA_BYTES));\n"
                    "    printf(\"%d \", model_run(NULL));\n"
                    "    printf(\"%d \", model_set_arena(mine + 4, MODEL_ARENA_BYTES));\n"
                    "    printf(\"%d\", model_run(NULL));\n"
                    "    return mine[0] + mine[1] + mine[2] + mine[3];\n}\n",
                    {"-DMODEL_ARENA_EXTERNAL"});
        QCOMPARE(run.text, "5 1 1 6 4 5 0 0");
        QCOMPARE(run.exitCode, 0);
    }

    void pixelsAndGuessesAreThoseOfTheDesigner()
    {
        if (!missingTool(CMachine::Host).isEmpty()) QSKIP("there is no C compiler");
        const Network network = everyBlock();
        Prepared ready = arbitraryPrepared(network, 1);
        const QTemporaryDir folder;
        QVERIFY(writeFiles(exported(network, ready), folder.path()));
        const CRun run = runMain(
            folder,
            "#include \"model_pixels.h\"\n#include <stdio.h>\n"
            "int main(void) {\n"
            "    static uint8_t pixels[MODEL_INPUT_BYTES];\n"
            "    for (int i = 0; i < MODEL_INPUT_BYTES; ++i) pixels[i] = (uint8_t)(i * 5);\n"
            "    if (model_set_pixels(NULL) != MODEL_ERROR_NULL || model_set_pixels(pixels)) "
            "return 1;\n"
            "    for (int i = 0; i < 90; ++i) printf(\"%d \", model_input()[i]);\n"
            "    const int8_t out[MODEL_OUTPUT_BYTES] = {3, -7, 9, 3, 9};\n"
            "    model_guess_t best[MODEL_OUTPUT_BYTES + 1];\n"
            "    for (int k = 0; k < 8; k += 3) {\n"
            "        const int n = model_top_k(out, k, best);\n"
            "        printf(\"\\n%d:\", n);\n"
            "        for (int i = 0; i < n; ++i) printf(\" %d=%d\", best[i].index, "
            "best[i].value);\n"
            "    }\n"
            "    return 0;\n}\n");
        QByteArray expected;
        for (int i = 0; i < 90; ++i)
            expected += QByteArray::number(
                            int(pixelTable(ready.quantized, i % 3)[std::size_t(i * 5 % 256)])) +
                        ' ';
        expected += "\n0:\n3: 2=9 4=9 0=3\n5: 2=9 4=9 0=3 3=3 1=-7";
        QCOMPARE(run.text, expected);
    }

    void softmaxIsTheLastLayer()
    {
        if (!missingTool(CMachine::Host).isEmpty()) QSKIP("there is no C compiler");
        const Network network = everyBlock();
        ExportRequest request;
        request.softmax = true;
        const auto files = exported(network, arbitraryPrepared(network, 1), request);
        QVERIFY(file(files, "model.h").contains("one probability a class"));
        const QTemporaryDir folder;
        QVERIFY(writeFiles(files, folder.path()));
        CProject project(folder.path());
        const auto program = project.link(CMachine::Host, CProject::Program::SelfTest);
        QVERIFY2(program, program ? "" : qPrintable(program.error().what));
        const CRun run = runProgram(*program, {});
        QVERIFY2(run.exitCode == 0, run.text.constData());
    }
};

QTEST_GUILESS_MAIN(TestCProject)
#include "tst_c_project.moc"
