#include "core/measuring/default_db.h"

#include <QStandardPaths>
#include <QTest>

using namespace atomnet;

// The AtomDB that ships is what the kernels of this source tree do: seeded rows of it, measured
// again.
class AtomDbShippedRows : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rowsMeasuredAgainAreEqual_data()
    {
        QTest::addColumn<QString>("board");
        QTest::newRow("M4") << "qemu-m4";
        QTest::newRow("M7") << "qemu-m7";
    }
    void rowsMeasuredAgainAreEqual()
    {
        QFETCH(QString, board);
        if (QStandardPaths::findExecutable(QStringLiteral("qemu-system-arm")).isEmpty())
            QSKIP("QEMU is not installed");
        if (!firmwareFile(QStringLiteral("profiler-%1.elf").arg(board)))
            QSKIP("the firmware was not built: arm-none-eabi-gcc is not installed");
        const auto address = deviceAddress(board);
        QVERIFY(address);
        const auto check =
            checkDefaultDb(QStringLiteral(ATOMNET_SOURCE_DIR "/resources/atomdb/atomnet-1.csv"),
                           *address, 50, 20231, {});
        QVERIFY2(check, check ? "" : qPrintable(check.error().message()));
        QCOMPARE(check->rows, 50);
        for (const RowDifference &row : check->differences)
            qWarning("%s: %lld in the file, %lld now", qPrintable(describe(row.key)), row.stored,
                     row.measured);
        QVERIFY(check->differences.empty());
    }
};

QTEST_GUILESS_MAIN(AtomDbShippedRows)
#include "atomdb_shipped_rows.moc"
