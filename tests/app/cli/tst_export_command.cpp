#include "core/exporters/export_request.h"
#include "tests/app/cli/int8_folder.h"
#include "tests/support/hostile_system.h"

#include <QDir>
#include <QJsonArray>
#include <QTest>

using namespace atomnet;

namespace
{

const QStringList allFormats{"pytorch", "onnx", "onnx-qdq", "tflite", "c"};

QStringList entriesOf(const QString &path)
{
    return QDir(path).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
}

} // namespace

class TestExportCommand : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_folder = std::make_unique<Int8Folder>(); }

    void init()
    {
        m_out = std::make_unique<QTemporaryDir>();
        m_path = m_out->filePath("out");
    }

    void everyFormatIsWritten_data() { formats(); }
    void everyFormatIsWritten()
    {
        QFETCH(QString, format);
        const CliRun run(
            QStringList{"export", m_folder->design(), "--format", format, "-o", m_path, "--json"} +
            m_folder->trained());
        QVERIFY2(run.code == 0, qPrintable(run.err));
        QVERIFY2(run.err.isEmpty(), qPrintable(run.err));
        const QJsonObject json = run.json().object();
        QCOMPARE(json.value("format").toString(), format);
        QCOMPARE(json.value("path").toString(), m_path);
        QCOMPARE(json.contains("arena_bytes"), format == "c");
        QCOMPARE(json.value("warnings").toArray().size(), qsizetype(0));
        QCOMPARE(entriesOf(m_out->path()), QStringList{"out"});
        if (writesFolder(*exportFormatFrom(format))) {
            QVERIFY(QFile::exists(m_path + "/README.md"));
            QVERIFY(QFile::exists(m_path + "/.atomnet-export"));
            QVERIFY(json.value("files").toInt() >= 4);
        } else {
            QCOMPARE(json.value("bytes").toInteger(), QFileInfo(m_path).size());
            QCOMPARE(json.value("files").toInt(), 1);
        }
    }

    void exportingAgainReplacesAndChangesNothing_data() { formats(); }
    void exportingAgainReplacesAndChangesNothing()
    {
        QFETCH(QString, format);
        const QStringList arguments{"export", m_folder->design(), "--format", format, "-o", m_path,
                                    "--json"};
        const CliRun first(arguments);
        QVERIFY2(first.code == 0, qPrintable(first.err));
        const QString checked =
            writesFolder(*exportFormatFrom(format)) ? m_path + "/.atomnet-export" : m_path;
        const QByteArray before = readFile(checked); // the marker holds every file's hash
        QVERIFY(!before.isEmpty());
        const CliRun again(arguments);
        QVERIFY2(again.code == 0, qPrintable(again.err));
        QCOMPARE(again.out, first.out);
        QCOMPARE(readFile(checked), before);
        QCOMPARE(entriesOf(m_out->path()), QStringList{"out"});
    }

    void seededWeightsAreTold()
    {
        const CliRun run({"export", m_folder->design(), "--format", "c", "-o", m_path});
        QVERIFY2(run.code == 0, qPrintable(run.err));
        QVERIFY(run.err.contains("seeded, not trained"));
        QVERIFY(run.out.contains("arena ") && run.out.contains("Flash "));
        QVERIFY(CliRun({"export", m_folder->design(), "--format", "pytorch", "-o",
                        m_out->filePath("torch")})
                    .err.isEmpty());
    }

    void figuresAreThoseOfTheProject()
    {
        for (const bool softmax : {false, true}) {
            QStringList arguments{"export", m_folder->design(), "--format", "c", "-o", m_path,
                                  "--json"};
            if (softmax) arguments << "--softmax";
            const CliRun run(arguments);
            QVERIFY2(run.code == 0, qPrintable(run.err));
            const QString readme = QString::fromUtf8(readFile(m_path + "/README.md"));
            const auto figure = [&readme](const QString &row) {
                return QRegularExpression("^\\| " + row + "[^|]*\\| ([0-9]+) ",
                                          QRegularExpression::MultilineOption)
                    .match(readme)
                    .captured(1)
                    .toLongLong();
            };
            const QJsonObject json = run.json().object();
            QCOMPARE(json.value("arena_bytes").toInteger(), figure("arena"));
            // Equal tables are there once in the project.
            const qint64 flash = json.value("flash_bytes").toInteger();
            QVERIFY2(std::abs(flash - figure("Flash in all")) <= 1024,
                     qPrintable(QString::number(flash)));
            QVERIFY(flash > 8000);
        }
    }

    void aBoardThatIsTooSmallIsAWarning()
    {
        // 288 KiB of activations and 1.2 MiB of weights, and little to compute.
        Network large;
        large.input = {96, 96, 8};
        Block block;
        block.type = BlockType::Conv;
        block.kernel = 1;
        block.out = 32;
        Block narrow = block;
        narrow.stride = 4;
        large.stages = {{{}, "s", {block, narrow}, {}}};
        large.head.hidden = HeadLayer{1200, Activation::Relu, {}};
        large.head.classes = 1000;
        assignIds(large);
        const QString design = m_out->filePath("large.atomnet");
        QVERIFY(writeFile(design, writeDesign(large)));
        const QStringList arguments{"export", design, "--format", "c", "-o", m_path, "--json"};
        const CliRun run(arguments + QStringList{"--board", "stm32f412"});
        QVERIFY2(run.code == 0, qPrintable(run.err));
        QCOMPARE(run.err.count("links for the virtual boards only"), 2);
        QVERIFY2(run.err.contains("SRAM") && run.err.contains("Flash"), qPrintable(run.err));
        QCOMPARE(run.json().object().value("warnings").toArray().size(),
                 qsizetype(3)); // and untrained
        const CliRun unlimited(arguments + QStringList{"--board", "qemu-m7"});
        QVERIFY2(unlimited.code == 0, qPrintable(unlimited.err));
        QVERIFY(!unlimited.err.contains("virtual boards only"));
    }

    void wrongUsageExitsWithTwo_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QString>("told");
        QTest::newRow("no format") << QStringList{"-o", "O"} << "--format is missing";
        QTest::newRow("format") << QStringList{"--format", "caffe", "-o", "O"} << "onnx-qdq";
        QTest::newRow("no output") << QStringList{"--format", "c"} << "-o is missing";
        QTest::newRow("empty output") << QStringList{"--format", "c", "-o", ""} << "-o is missing";
        QTest::newRow("board") << QStringList{"--format", "c", "-o", "O", "--board", "uno"}
                               << "stm32h743";
        QTest::newRow("prefix") << QStringList{"--format", "c", "-o", "O", "--prefix", "2nd"}
                                << "2nd";
        QTest::newRow("prefix with a space")
            << QStringList{"--format", "c", "-o", "O", "--prefix", "a b"} << "a b";
        QTest::newRow("prefix of another format")
            << QStringList{"--format", "onnx", "-o", "O", "--prefix", "p"} << "--format c";
        QTest::newRow("weights file of another format")
            << QStringList{"--format", "onnx", "-o", "O", "--weights-file"} << "--format c";
        QTest::newRow("no calibration")
            << QStringList{"--format", "tflite", "-o", "O", "--weights", "W"} << "calibration";
        QTest::newRow("over its own weights")
            << QStringList{"--format", "onnx", "-o", "W", "--weights", "W"} << "another name";
    }
    void wrongUsageExitsWithTwo()
    {
        QFETCH(QStringList, options);
        QFETCH(QString, told);
        options.replaceInStrings(QRegularExpression("^W$"), m_folder->weights());
        options.replaceInStrings(QRegularExpression("^O$"), m_path);
        const QByteArray weights = readFile(m_folder->weights());
        const CliRun run(QStringList{"export", m_folder->design()} + options);
        QCOMPARE(run.code, 2);
        QVERIFY(run.out.isEmpty());
        QVERIFY2(run.err.contains(told), qPrintable(run.err));
        QCOMPARE(run.err.count('\n'), 1);
        QVERIFY(entriesOf(m_out->path()).isEmpty());
        QCOMPARE(readFile(m_folder->weights()), weights);
    }

    void whatIsThereStays_data() { formats(); }
    void whatIsThereStays()
    {
        QFETCH(QString, format);
        const bool folder = writesFolder(*exportFormatFrom(format));
        if (folder) QVERIFY(QDir().mkpath(m_path));
        const QString file = folder ? m_path + "/work" : m_path;
        QVERIFY(writeFile(file, "mine"));
        const CliRun run({"export", m_folder->design(), "--format", format, "-o", m_path});
        QCOMPARE(run.code, 3);
        QVERIFY2(run.err.contains("not an export of ours"), qPrintable(run.err));
        QCOMPARE(readFile(file), QByteArray("mine"));
        // The design itself is no place either.
        QCOMPARE(
            CliRun({"export", m_folder->design(), "--format", format, "-o", m_folder->design()})
                .code,
            3);
        QCOMPARE(readFile(m_folder->design()), writeDesign(m_folder->network()));
    }

    void aFullDiskLeavesNothing_data() { formats(); }
    void aFullDiskLeavesNothing()
    {
        QFETCH(QString, format);
        const test::FullDisk disk(1000);
        const CliRun run({"export", m_folder->design(), "--format", format, "-o", m_path});
        QCOMPARE(run.code, 3);
        QVERIFY2(run.err.contains("cannot be written"), qPrintable(run.err));
        QVERIFY(run.out.isEmpty());
        QVERIFY(entriesOf(m_out->path()).isEmpty());
    }

    void aMissingFolderIsTold()
    {
        const CliRun run(
            {"export", m_folder->design(), "--format", "c", "-o", m_out->filePath("no/such/out")});
        QCOMPARE(run.code, 3);
        QVERIFY2(run.err.contains("no/such"), qPrintable(run.err));
    }

    void helpExplains()
    {
        const CliRun run({"export", "--help"});
        QCOMPARE(run.code, 0);
        for (const QString &format : allFormats)
            QVERIFY(run.out.contains(format));
        for (const char *option : {"--format F", "-o PATH", "--softmax", "--board B", "--prefix P",
                                   "--weights-file", "--json"})
            QVERIFY2(run.out.contains(option), option);
    }

private:
    static void formats()
    {
        QTest::addColumn<QString>("format");
        for (const QString &format : allFormats)
            QTest::newRow(qPrintable(format)) << format;
    }

    std::unique_ptr<Int8Folder> m_folder;
    std::unique_ptr<QTemporaryDir> m_out;
    QString m_path;
};

QTEST_GUILESS_MAIN(TestExportCommand)
#include "tst_export_command.moc"
