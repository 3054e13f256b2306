#include "tests/core/exporters/hand_made_model.h"
#include "tests/support/c_project.h"

#include "core/inference/runner.h"

#include <QFile>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace atomnet;
using namespace atomnet::test;

// The exported CMake project as a user builds it.
class TestCMakeProject : public QObject
{
    Q_OBJECT

    static CModel model(const QString &prefix, bool weightsFile = false)
    {
        CModel made = handMadeModel();
        made.prefix = prefix;
        made.weightsFile = weightsFile;
        made.vectors = makeVectors(made.program).value();
        return made;
    }
    static bool has(const char *tool)
    {
        return !QStandardPaths::findExecutable(QLatin1String(tool)).isEmpty();
    }
    static CRun cmake(const QString &folder, const QStringList &arguments)
    {
        return runProgram(QStringLiteral("cmake"), arguments, folder, 200);
    }
    static CRun build(const QString &folder, const QStringList &options)
    {
        CRun run = cmake(folder, QStringList{"-S", ".", "-B", "build"} + options);
        if (run.exitCode != 0) return run;
        return cmake(folder, {"--build", "build"});
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (!has("cmake")) QSKIP("cmake is not installed");
    }

    void selfTestRunsHereAndUnderQemu()
    {
        const QTemporaryDir folder;
        QVERIFY(writeFiles(projectFiles(model(QStringLiteral("model"))), folder.path()));
        const CRun built = build(folder.path(), {});
        QVERIFY2(built.exitCode == 0 && !built.text.contains("warning"), built.text.constData());
        const CRun tested =
            runProgram(QStringLiteral("ctest"), {"--test-dir", "build", "--verbose", "-j2"},
                       folder.path(), 200);
        QVERIFY2(tested.exitCode == 0, tested.text.constData());
        const bool emulated = missingTool(CMachine::M7).isEmpty();
        QVERIFY2(tested.text.contains(emulated ? "tests failed out of 3" : "tests failed out of 1"),
                 tested.text.constData());
        QCOMPARE(tested.text.count("PASSED\n"), emulated ? 3 : 1);
    }

    void buildsWithClang()
    {
        if (!has("clang")) QSKIP("clang is not installed");
        const QTemporaryDir folder;
        QVERIFY(writeFiles(projectFiles(model(QStringLiteral("model"), true)), folder.path()));
        const CRun built = build(folder.path(), {"-DCMAKE_C_COMPILER=clang"});
        QVERIFY2(built.exitCode == 0 && !built.text.contains("warning"), built.text.constData());
        const CRun tested = runProgram(folder.filePath(QStringLiteral("build/model_selftest")), {});
        QVERIFY2(tested.exitCode == 0, tested.text.constData());
    }

    void linksForABoard()
    {
        if (!has("arm-none-eabi-gcc")) QSKIP("arm-none-eabi-gcc is not installed");
        const QTemporaryDir folder;
        QVERIFY(writeFiles(projectFiles(model(QStringLiteral("model"))), folder.path()));
        const CRun built =
            build(folder.path(), {"--toolchain", "cmake/cortex-m7.cmake", "-DBOARD=stm32h743"});
        QVERIFY2(built.exitCode == 0 && !built.text.contains("warning"), built.text.constData());
        const CRun symbols = runProgram(QStringLiteral("arm-none-eabi-nm"),
                                        {"build/model_minimal.elf"}, folder.path());
        QVERIFY2(symbols.text.contains(" model_arena"), symbols.text.constData());
        QVERIFY2(!symbols.text.contains("ak_table_s8"), "a kernel that nobody uses is linked");
        QVERIFY2(!symbols.text.contains("model_layer_name"),
                 "names that nobody asks for are linked");
        QVERIFY(QFile::exists(folder.filePath(QStringLiteral("build/model_selftest.elf"))));
    }

    void memoryMapsAreTheBoards_data()
    {
        QTest::addColumn<QString>("board");
        QTest::addColumn<int>("machine");
        QTest::addColumn<QByteArray>("arena"); ///< its address
        QTest::addColumn<QByteArray>("stack"); ///< its end
        QTest::newRow("F412") << "stm32f412" << int(CMachine::M4) << QByteArray("20001000")
                              << QByteArray("20001000");
        QTest::newRow("F746") << "stm32f746" << int(CMachine::M7) << QByteArray("20001000")
                              << QByteArray("20001000");
        QTest::newRow("H743") << "stm32h743" << int(CMachine::M7) << QByteArray("24000000")
                              << QByteArray("20001000");
    }
    void memoryMapsAreTheBoards()
    {
        if (!has("arm-none-eabi-gcc")) QSKIP("arm-none-eabi-gcc is not installed");
        QFETCH(QString, board);
        QFETCH(int, machine);
        QFETCH(QByteArray, arena);
        QFETCH(QByteArray, stack);
        const QTemporaryDir folder;
        QVERIFY(writeFiles(projectFiles(model(QStringLiteral("model"))), folder.path()));
        CProject project(folder.path());
        project.setBoard(board);
        const auto elf = project.link(CMachine(machine), CProject::Program::Minimal);
        QVERIFY2(elf, elf ? "" : qPrintable(elf.error().what));
        const CRun symbols = runProgram(QStringLiteral("arm-none-eabi-nm"), {*elf});
        QVERIFY2(symbols.text.contains(arena + " b model_arena\n"), symbols.text.constData());
        QVERIFY2(symbols.text.contains(stack + " B __stack_top\n"), symbols.text.constData());
        QVERIFY2(symbols.text.contains("08000000 T vectors\n") ||
                     symbols.text.contains("08000000 t vectors\n"),
                 symbols.text.constData());
    }

    void whatIsTooLargeForABoardDoesNotLink()
    {
        if (!has("arm-none-eabi-gcc")) QSKIP("arm-none-eabi-gcc is not installed");
        CModel large = model(QStringLiteral("model"));
        large.program.arenaBytes = 256 * 1024;
        const QTemporaryDir folder;
        QVERIFY(writeFiles(projectFiles(large), folder.path()));
        CProject project(folder.path());
        QVERIFY(project.link(CMachine::M4, CProject::Program::Minimal));
        project.setBoard(QStringLiteral("stm32f412"));
        const auto elf = project.link(CMachine::M4, CProject::Program::Minimal);
        QVERIFY(!elf);
        QVERIFY2(elf.error().what.contains(QLatin1String("region `RAM' overflowed by")),
                 qPrintable(elf.error().what));
    }

    void modelsShareOneProgram()
    {
        const QTemporaryDir folder;
        QVERIFY(writeFiles(projectFiles(model(QStringLiteral("first"))),
                           folder.filePath(QStringLiteral("a"))));
        CModel other = model(QStringLiteral("second"));
        other.program.steps.pop_back(); // without softmax: another set of kernels
        other.vectors = makeVectors(other.program).value();
        QVERIFY(writeFiles(projectFiles(other), folder.filePath(QStringLiteral("b"))));
        const QByteArray main = "#include \"first.h\"\n#include \"second.h\"\n#include <stdio.h>\n"
                                "int main(void) {\n"
                                "    int8_t a[FIRST_OUTPUT_BYTES], b[SECOND_OUTPUT_BYTES];\n"
                                "    for (int i = 0; i < FIRST_INPUT_BYTES; ++i)\n"
                                "        first_input()[i] = second_input()[i] = (int8_t)(i * 7);\n"
                                "    if (second_run(b) || first_run(a)) return 1;\n"
                                "    for (int i = 0; i < 4; ++i) printf(\"%d %d \", a[i], b[i]);\n"
                                "    return 0;\n}\n";
        const QByteArray list =
            "cmake_minimum_required(VERSION 3.21)\nproject(two LANGUAGES C)\n"
            "add_subdirectory(b)\nadd_subdirectory(a)\n"
            "add_executable(two main.c)\ntarget_link_libraries(two first second)\n";
        QVERIFY(
            writeFiles({{"main.c", main, false}, {"CMakeLists.txt", list, false}}, folder.path()));
        const CRun built = build(folder.path(), {});
        QVERIFY2(built.exitCode == 0 && !built.text.contains("warning"), built.text.constData());
        const CRun run = runProgram(folder.filePath(QStringLiteral("build/two")), {});

        QByteArray expected;
        std::vector<qint8> input(256), a(4), b(4);
        for (std::size_t i = 0; i < input.size(); ++i)
            input[i] = qint8(i * 7);
        const CModel first = model(QStringLiteral("first"));
        QVERIFY(Runner(first.program).run(input, a));
        QVERIFY(Runner(other.program).run(input, b));
        for (std::size_t i = 0; i < 4; ++i)
            expected += QByteArray::number(int(a[i])) + ' ' + QByteArray::number(int(b[i])) + ' ';
        QCOMPARE(run.text, expected);
        QVERIFY(a != b);
    }

    void modelsOfDifferentKernelsAreRefused()
    {
        const QTemporaryDir folder;
        QVERIFY(writeFiles(projectFiles(model(QStringLiteral("first"))),
                           folder.filePath(QStringLiteral("a"))));
        auto files = projectFiles(model(QStringLiteral("second")));
        for (ExportFile &file : files)
            if (file.path == QLatin1String("CMakeLists.txt")) {
                const qsizetype at = file.bytes.indexOf("AK_KERNEL_HASH ") + 15;
                QByteArray hash = file.bytes.mid(at, 16);
                file.bytes.replace(hash,
                                   QByteArray(hash).replace(0, 1, hash[0] == '0' ? "1" : "0"));
            }
        QVERIFY(writeFiles(files, folder.filePath(QStringLiteral("b"))));
        const QByteArray list = "cmake_minimum_required(VERSION 3.21)\nproject(two LANGUAGES C)\n"
                                "add_subdirectory(a)\nadd_subdirectory(b)\n";
        QVERIFY(writeFiles({{"CMakeLists.txt", list, false}}, folder.path()));
        const CRun run = cmake(folder.path(), {"-S", ".", "-B", "build"});
        QVERIFY(run.exitCode != 0);
        QVERIFY2(run.text.contains("different versions of the kernels"), run.text.constData());
    }
};

QTEST_GUILESS_MAIN(TestCMakeProject)
#include "tst_cmake_project.moc"
