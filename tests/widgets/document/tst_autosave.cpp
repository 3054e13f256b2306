#include "tests/widgets/document/small_network.h"
#include "widgets/document/autosave.h"
#include "widgets/document/document.h"

#include <QDir>
#include <QElapsedTimer>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>

using namespace atomnet;

namespace
{
BlockId lastBlock(const Document &document)
{
    return document.network().stages.back().blocks.back().id;
}

/// The second process of the tests: makes an edit, tells when it is protected, and waits to be
/// killed.
int runChild(QCoreApplication &app, const QString &folder)
{
    Document document;
    document.setRecovered(smallNetwork(), QStringLiteral("/designs/mine.atomnet"));
    Autosave autosave(document, nullptr, folder);
    if (!document.edit(widthEdit(lastBlock(document), 72), QStringLiteral("Widen"))) return 1;
    autosave.flush();
    std::puts("ready");
    std::fflush(stdout);
    return app.exec();
}
} // namespace

class TestAutosave : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_document = std::make_unique<Document>();
        m_document->setNew(smallNetwork());
        m_autosave = std::make_unique<Autosave>(*m_document, nullptr, m_folder->path());
    }
    void cleanup()
    {
        m_autosave.reset();
        m_document.reset();
        m_folder.reset();
    }
    void aChangeIsOnDiskByItself()
    {
        widen(24);
        QTRY_VERIFY(QFile::exists(m_autosave->file()));
    }
    void continuousEditsDoNotPutItOff()
    {
        QElapsedTimer since;
        since.start();
        int out = 16;
        while (!QFile::exists(m_autosave->file()) && since.elapsed() < 20000) {
            widen(out += 8);
            QTest::qWait(Autosave::delayMs / 8);
        }
        QVERIFY(QFile::exists(m_autosave->file()));
    }
    void anUntouchedDesignAndAPreviewLeaveNoFile()
    {
        QVERIFY(m_document->preview(widthEdit(lastBlock(*m_document), 64)));
        m_autosave->flush();
        QVERIFY(!QFile::exists(m_autosave->file()));
    }
    void savingRemovesTheFile()
    {
        widen(24);
        m_autosave->flush();
        QVERIFY(QFile::exists(m_autosave->file()));
        QVERIFY(m_document->saveAs(m_folder->filePath(QStringLiteral("net.atomnet"))));
        m_autosave->flush();
        QVERIFY(!QFile::exists(m_autosave->file()));
    }
    void undoingEverythingRemovesTheFile()
    {
        widen(24);
        m_autosave->flush();
        m_document->undoStack().undo();
        m_autosave->flush();
        QVERIFY(!QFile::exists(m_autosave->file()));
    }
    void closingLeavesTheFolderEmpty()
    {
        widen(24);
        m_autosave->flush();
        m_autosave.reset();
        QVERIFY(QDir(m_folder->path()).isEmpty());
    }
    void workOfALivingInstanceIsNotTaken()
    {
        widen(24);
        m_autosave->flush();
        QVERIFY(findRecoveredWork(m_folder->path()).isEmpty());
        QVERIFY(QFile::exists(m_autosave->file()));
    }
    void workOfAKilledProcessIsFoundOnce()
    {
        QProcess child;
        child.start(QCoreApplication::applicationFilePath(),
                    {QStringLiteral("--child"), m_folder->path()});
        QVERIFY(child.waitForReadyRead());
        QCOMPARE(child.readAllStandardOutput().trimmed(), QByteArray("ready"));
        QVERIFY(findRecoveredWork(m_folder->path()).isEmpty()); // it still lives
        child.kill();
        QVERIFY(child.waitForFinished());
        QCOMPARE(child.exitStatus(), QProcess::CrashExit);

        const auto found = findRecoveredWork(m_folder->path());
        QCOMPARE(found.size(), 1);
        QCOMPARE(found[0].designPath, QStringLiteral("/designs/mine.atomnet"));
        QCOMPARE(found[0].network.stages.back().blocks.back().out, 72);
        QVERIFY(found[0].savedAt.isValid());
        // Whoever found it holds it.
        QVERIFY(findRecoveredWork(m_folder->path()).isEmpty());

        m_autosave->adopt(found[0]);
        QVERIFY(m_document->isModified());
        QCOMPARE(m_document->path(), QStringLiteral("/designs/mine.atomnet"));
        QVERIFY(sameDesign(m_document->network(), found[0].network));
        QVERIFY(!QFile::exists(found[0].file));     // it lives on ...
        QVERIFY(QFile::exists(m_autosave->file())); // ... in the file of this instance
    }
    void discardedWorkIsGone()
    {
        QFile::copy(writtenFile(), copyPath());
        const auto found = findRecoveredWork(m_folder->path());
        QCOMPARE(found.size(), 1);
        discardRecoveredWork(found[0]);
        QVERIFY(!QFile::exists(copyPath()));
    }
    void damagedFilesAreLeftAlone_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("no JSON") << QByteArray("\xff\x00garbage");
        QTest::newRow("other JSON") << QByteArray("{\"path\":1}");
        QTest::newRow("bad design")
            << QByteArray("{\"format\":\"atomnet-recovery\",\"design\":\"{\"}");
    }
    void damagedFilesAreLeftAlone()
    {
        QFETCH(QByteArray, bytes);
        QFile file(copyPath());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
        file.close();
        QVERIFY(findRecoveredWork(m_folder->path()).isEmpty());
        QVERIFY(QFile::exists(copyPath()));
    }
    void aFolderThatCannotBeWrittenIsToldOnce()
    {
        const QString notAFolder = m_folder->filePath(QStringLiteral("file"));
        QFile file(notAFolder);
        QVERIFY(file.open(QIODevice::WriteOnly));
        Autosave autosave(*m_document, nullptr, notAFolder);
        QSignalSpy failed(&autosave, &Autosave::failed);
        widen(24);
        autosave.flush();
        widen(32);
        autosave.flush();
        QCOMPARE(failed.size(), 1);
        QVERIFY(!failed[0][0].toString().isEmpty());
    }

private:
    void widen(int out)
    {
        QVERIFY(m_document->edit(widthEdit(lastBlock(*m_document), out), QStringLiteral("Widen")));
    }
    [[nodiscard]] QString writtenFile()
    {
        widen(24);
        m_autosave->flush();
        return m_autosave->file();
    }
    [[nodiscard]] QString copyPath() const
    {
        return m_folder->filePath(QStringLiteral("left.atomnet-recovery"));
    }
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Document> m_document;
    std::unique_ptr<Autosave> m_autosave;
};

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = app.arguments();
    if (arguments.size() == 3 && arguments[1] == QStringLiteral("--child"))
        return runChild(app, arguments[2]);
    TestAutosave test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_autosave.moc"
