#include "core/exporters/write_export.h"

#include "tests/support/hostile_system.h"

#include <QDir>
#include <QDirIterator>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace atomnet;

namespace
{

const std::vector<ExportFile> project{
    {"README.md", "read me\n"}, {"src/model.c", "int x;\n"}, {"run.sh", "#!/bin/sh\n", true}};
const std::vector<ExportFile> newer{{"README.md", "read me again\n"},
                                    {"src/deep/er/model.c", "int y;\n"}};
constexpr auto all = QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot;

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("?");
}

bool write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

/// Paths and contents of all that is below a folder.
QMap<QString, QByteArray> tree(const QString &path)
{
    QMap<QString, QByteArray> files;
    QDirIterator entries(path, all, QDirIterator::Subdirectories);
    while (entries.hasNext()) {
        const QString entry = entries.next();
        files.insert(QDir(path).relativeFilePath(entry),
                     entries.fileInfo().isDir() ? QByteArray("folder") : contentOf(entry));
    }
    return files;
}

QByteArray onnx(const QByteArray &rest)
{
    return "\x08\x08\x12\x10"
           "AtomNet Designer" +
           rest;
}
QByteArray tflite(const QByteArray &rest)
{
    return QByteArray("\x1c\0\0\0", 4) + "TFL3 made by AtomNet Designer" + rest;
}

} // namespace

class TestWriteExport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = m_folder->filePath("out");
    }

    void aFolderHoldsItsFilesAndTheMarker()
    {
        const auto written = writeExport(m_path, ExportFormat::CProject, project);
        QVERIFY2(written, qPrintable(written ? QString() : written.error().message()));
        for (const ExportFile &file : project) {
            QCOMPARE(contentOf(m_path + '/' + file.path), file.bytes);
            QCOMPARE(QFileInfo(m_path + '/' + file.path).isExecutable(), file.executable);
        }
        QVERIFY(contentOf(m_path + "/.atomnet-export").contains("export c"));
        QCOMPARE(QDir(m_folder->path()).entryList(all), QStringList{"out"}); // nothing beside it
    }

    void aFolderIsAsOpenAsAnyOther()
    {
        const mode_t before = umask(022);
        QVERIFY(writeExport(m_path, ExportFormat::CProject, project));
        umask(before);
        QVERIFY(QFileInfo(m_path).permission(QFile::ReadOther | QFile::ExeOther));
        QVERIFY(QFileInfo(m_path + "/run.sh").permission(QFile::ExeOther));
    }

    void anUnchangedOlderExportIsReplacedWhole()
    {
        QVERIFY(writeExport(m_path, ExportFormat::CProject, project));
        QVERIFY(writeExport(m_path, ExportFormat::CProject, newer));
        auto files = tree(m_path);
        QVERIFY(files.remove(".atomnet-export"));
        QCOMPARE(files.keys(), QStringList({"README.md", "src", "src/deep", "src/deep/er",
                                            "src/deep/er/model.c"}));
        QCOMPARE(files.value("README.md"), QByteArray("read me again\n"));
        QVERIFY(writeExport(m_path + '/', ExportFormat::CProject, project));
        QCOMPARE(QDir(m_folder->path()).entryList(all), QStringList{"out"});
    }

    void anEmptyFolderIsFilled()
    {
        QVERIFY(QDir().mkpath(m_path));
        QVERIFY(writeExport(m_path, ExportFormat::PyTorch, project));
        QCOMPARE(contentOf(m_path + "/README.md"), QByteArray("read me\n"));
    }

    void aLinkedFolderStaysLinked()
    {
        const QString real = m_folder->filePath("real");
        QVERIFY(QDir().mkpath(real));
        QVERIFY(QFile::link(real, m_path));
        QVERIFY(writeExport(m_path, ExportFormat::PyTorch, project));
        QVERIFY(QFileInfo(m_path).isSymLink());
        QCOMPARE(contentOf(real + "/README.md"), QByteArray("read me\n"));
    }

    void somebodysWorkIsNeverReplaced_data()
    {
        QTest::addColumn<QString>("change");
        QTest::addColumn<QString>("told");
        QTest::newRow("no marker") << "unmark"
                                   << "not an export of ours";
        QTest::newRow("another format") << "format"
                                        << "another format";
        QTest::newRow("a file more") << "add"
                                     << "notes.txt";
        QTest::newRow("a hidden file more") << "add hidden"
                                            << ".git/config";
        QTest::newRow("a link") << "link"
                                << "linked";
        QTest::newRow("a changed file") << "edit"
                                        << "src/model.c";
        QTest::newRow("a broken marker") << "damage"
                                         << "another format";
    }
    void somebodysWorkIsNeverReplaced()
    {
        QFETCH(QString, change);
        QFETCH(QString, told);
        QVERIFY(writeExport(
            m_path, change == u"format" ? ExportFormat::PyTorch : ExportFormat::CProject, project));
        if (change == u"unmark") QVERIFY(QFile::remove(m_path + "/.atomnet-export"));
        if (change == u"damage") QVERIFY(write(m_path + "/.atomnet-export", "x"));
        if (change == u"add") QVERIFY(write(m_path + "/notes.txt", "mine"));
        if (change == u"add hidden")
            QVERIFY(QDir(m_path).mkdir(".git") && write(m_path + "/.git/config", "mine"));
        if (change == u"link") QVERIFY(QFile::link(m_folder->path(), m_path + "/linked"));
        if (change == u"edit") QVERIFY(write(m_path + "/src/model.c", "int z;\n"));
        const auto before = tree(m_path);
        refused(m_path, ExportFormat::CProject, told);
        QCOMPARE(tree(m_path), before);
    }

    void filesAndFoldersAreNotConfused()
    {
        const QString file = m_folder->filePath("file");
        QVERIFY(write(file, "mine"));
        refused(file, ExportFormat::CProject, "this is a file");
        QVERIFY(QDir().mkpath(m_path));
        refused(m_path, ExportFormat::Onnx, "this is a folder");
        refused(m_folder->filePath("new/"), ExportFormat::TfLite, "one file");
        refused("/dev/null", ExportFormat::TfLite, "no ordinary file");
        QCOMPARE(contentOf(file), QByteArray("mine"));
    }

    void theFolderAroundItMustExist()
    {
        refused(m_folder->filePath("no/such/out"), ExportFormat::CProject, "no/such");
        refused(m_folder->filePath("no/such/out.onnx"), ExportFormat::Onnx, "no/such");
    }

    void theCurrentFolderIsNotPulledAway()
    {
        QVERIFY(QDir().mkpath(m_path + "/below"));
        const QString before = QDir::currentPath();
        QVERIFY(QDir::setCurrent(m_path + "/below"));
        const auto here = checkDestination(".", ExportFormat::CProject);
        const auto above = checkDestination("..", ExportFormat::CProject);
        QVERIFY(QDir::setCurrent(before));
        QVERIFY(!here && here.error().what.contains("you are in"));
        QVERIFY(!above && above.error().what.contains("you are in"));
    }

    void aReadOnlyFolderIsTold()
    {
        const test::OrdinaryUser user;
        QTemporaryDir locked;
        QVERIFY(QFile::setPermissions(locked.path(), QFile::ReadOwner | QFile::ExeOwner));
        refused(locked.filePath("out"), ExportFormat::CProject,
                "cannot be written|nothing can be written");
        refused(locked.filePath("out.onnx"), ExportFormat::Onnx, "cannot be written");
        QVERIFY(QDir(locked.path()).isEmpty(all));
        QVERIFY(QFile::setPermissions(locked.path(),
                                      QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    }

    void aFullDiskLeavesNothingHalfWritten()
    {
        std::vector<ExportFile> large = project;
        large.push_back({"weights.bin", QByteArray(100'000, 'w')});
        QVERIFY(writeExport(m_path, ExportFormat::CProject, project));
        const auto before = tree(m_folder->path());
        {
            const test::FullDisk disk(50'000);
            refused(m_path, ExportFormat::CProject, "weights.bin", large);
            refused(m_folder->filePath("fresh"), ExportFormat::CProject, "weights.bin", large);
            refused(m_folder->filePath("fresh.onnx"), ExportFormat::Onnx, "cannot be written",
                    {{{}, QByteArray(100'000, 'w')}});
        }
        QCOMPARE(tree(m_folder->path()), before);
    }

    void cancellingLeavesNothingBehind()
    {
        QVERIFY(writeExport(m_path, ExportFormat::CProject, project));
        const auto before = tree(m_folder->path());
        for (int after = 0; after <= 4; ++after) {
            int asked = 0;
            const auto cancelled = writeExport(m_path, ExportFormat::CProject, newer,
                                               {[&] { return asked++ >= after; }, {}});
            if (after == 4) {
                QVERIFY(cancelled); // asked once, then for two files and the marker
                break;
            }
            QVERIFY(!cancelled);
            QCOMPARE(cancelled.error().code, ErrorCode::Cancelled);
            QCOMPARE(tree(m_folder->path()), before);
        }
    }

    void aFileIsWrittenAndReplaced_data()
    {
        QTest::addColumn<ExportFormat>("format");
        QTest::addColumn<QByteArray>("first");
        QTest::addColumn<QByteArray>("second");
        QTest::newRow("onnx") << ExportFormat::Onnx << onnx("1") << onnx("2");
        QTest::newRow("onnx-qdq") << ExportFormat::OnnxQdq << onnx("1") << onnx("2");
        QTest::newRow("tflite") << ExportFormat::TfLite << tflite("1") << tflite("2");
    }
    void aFileIsWrittenAndReplaced()
    {
        QFETCH(ExportFormat, format);
        QFETCH(QByteArray, first);
        QFETCH(QByteArray, second);
        QVERIFY(writeExport(m_path, format, {{{}, first}}));
        QCOMPARE(contentOf(m_path), first);
        QVERIFY(writeExport(m_path, format, {{{}, second}}));
        QCOMPARE(contentOf(m_path), second);
        QCOMPARE(QDir(m_folder->path()).entryList(all), QStringList{"out"});
    }

    void aForeignFileIsNotReplaced_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("text") << QByteArray("my notes on AtomNet Designer");
        QTest::newRow("ONNX of others") << QByteArray("\x08\x08\x12\x07pytorch");
        QTest::newRow("another format") << tflite("");
    }
    void aForeignFileIsNotReplaced()
    {
        QFETCH(QByteArray, bytes);
        QVERIFY(write(m_path, bytes));
        refused(m_path, ExportFormat::Onnx, "not an export of ours");
        QCOMPARE(contentOf(m_path), bytes);
    }

private:
    /// Refused with one sentence that matches `told`, by the check or at the latest by the writing.
    static void refused(const QString &path, ExportFormat format, const QString &told,
                        const std::vector<ExportFile> &files = project)
    {
        const auto written = writeExport(path, format,
                                         writesFolder(format) || files.size() == 1
                                             ? files
                                             : std::vector<ExportFile>{{{}, onnx("x")}});
        QVERIFY(!written);
        QCOMPARE(written.error().code, ErrorCode::Io);
        QVERIFY2(written.error().message().contains(QRegularExpression(told)),
                 qPrintable(written.error().message()));
        QVERIFY(!written.error().message().contains('\n'));
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
};

QTEST_APPLESS_MAIN(TestWriteExport)
#include "tst_write_export.moc"
