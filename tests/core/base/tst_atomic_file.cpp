#include "core/base/atomic_file.h"

#include "tests/support/hostile_system.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace atomnet;

namespace
{

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestAtomicFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void replacesTheOldFile()
    {
        QTemporaryDir dir;
        const QString path = dir.filePath(QStringLiteral("a"));
        QCOMPARE(writeAtomically(path, "first"), QString());
        QCOMPARE(writeAtomically(path, "second"), QString());
        QCOMPARE(contentOf(path), QByteArray("second"));
    }

    void aFullDiskKeepsTheOldFile_data()
    {
        QTest::addColumn<int>("bytes");
        QTest::newRow("less than one buffer") << 2000;
        QTest::newRow("more than one buffer") << 200000;
    }
    void aFullDiskKeepsTheOldFile()
    {
        QFETCH(int, bytes);
        QTemporaryDir dir;
        const QString path = dir.filePath(QStringLiteral("a"));
        QCOMPARE(writeAtomically(path, "old"), QString());
        {
            const test::FullDisk disk(1000);
            QVERIFY(!writeAtomically(path, QByteArray(bytes, 'x')).isEmpty());
        }
        QCOMPARE(contentOf(path), QByteArray("old"));
        QCOMPARE(QDir(dir.path()).entryList(QDir::Files).size(),
                 1); // nothing half written beside it
    }

    void tellsWhyAFolderIsMissing()
    {
        QTemporaryDir dir;
        QVERIFY(!writeAtomically(dir.filePath(QStringLiteral("no/such/a")), "x").isEmpty());
    }
};

QTEST_APPLESS_MAIN(TestAtomicFile)
#include "tst_atomic_file.moc"
