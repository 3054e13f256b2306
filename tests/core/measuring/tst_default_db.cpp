#include "core/measuring/default_db.h"

#include "core/atomdb/atom_db.h"
#include "core/lowering/lower.h"
#include "core/measuring/space_operators.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace atomnet;

namespace
{

template <class T>
T valueOf(Result<T> result)
{
    if (!result) qFatal("%s", qPrintable(result.error().message()));
    return *std::move(result);
}

/// The profiler on this computer: it counts nanoseconds, which differ from run to run.
DeviceAddress host()
{
    return valueOf(deviceAddress(QStringLiteral("program:" ATOMNET_HOST_PROFILER)));
}
constexpr double anyTime = 1e9;

std::vector<AtomKey> fewOperators()
{
    Block block;
    block.type = BlockType::ConvNext;
    block.out = 8;
    block.expand = 2;
    block.act = Activation::HSwish;
    block.se = SqueezeExcite{};
    Network n;
    n.input = {9, 7, 8};
    n.stages.push_back({{}, QStringLiteral("s"), {block}, {}});
    n.head.classes = 3;
    assignIds(n);
    std::vector<AtomKey> keys;
    for (const Atom &atom : valueOf(lower(n, Runtime::AtomNet1)).atoms)
        keys.push_back(atom.key);
    return keys;
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
}

} // namespace

class TestDefaultDb : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_csv;

private Q_SLOTS:
    void initTestCase()
    {
        m_csv = m_folder.filePath(QStringLiteral("few.csv"));
        int finished = 0;
        MeasureListener listener;
        listener.finished = [&finished](const MeasureOutcome &) { ++finished; };
        const auto summaries = measureToCsv(fewOperators(), {host()}, m_csv, listener);
        QVERIFY2(summaries, summaries ? "" : qPrintable(summaries.error().message()));
        QCOMPARE(summaries->size(), std::size_t(1));
        QCOMPARE(summaries->front().measured, finished);
        // Equal operators once: the reduced and the pooled one are what stands twice.
        std::vector<AtomKey> keys = fewOperators();
        std::sort(keys.begin(), keys.end(), keyLess);
        keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
        QCOMPARE(summaries->front().measured, int(keys.size()));
    }

    void theFileIsAnExportOfAtomDb()
    {
        AtomDb db = valueOf(AtomDb::open(m_folder.filePath(QStringLiteral("a.sqlite"))));
        const ImportReport report = valueOf(db.importCsv(m_csv, AtomDb::xCubeAiH743()));
        QCOMPARE(report.rejected, qint64(0));
        QCOMPARE(report.merged, qint64(0));
        for (const AtomKey &key : fewOperators()) {
            const auto conditions = valueOf(db.conditions());
            QCOMPARE(conditions.size(), std::size_t(1));
            QVERIFY(valueOf(db.table(conditions.front().id)).findExact(key));
        }
        const QString again = m_folder.filePath(QStringLiteral("again.csv"));
        valueOf(db.exportCsv(again));
        QCOMPARE(contentOf(again), contentOf(m_csv));
    }

    void rowsMeasuredAgainAreEqual()
    {
        const RowCheck check = valueOf(checkDefaultDb(m_csv, host(), 3, 1, {}, anyTime));
        QCOMPARE(check.rows, 3);
        QVERIFY(check.differences.empty());
        QCOMPARE(check.board, QStringLiteral("host"));
        // More rows than there are: all of them.
        QVERIFY(valueOf(checkDefaultDb(m_csv, host(), 1000, 1, {}, anyTime)).rows > 3);
    }

    void theSeedSaysWhichRows()
    {
        const auto measured = [&](quint32 seed) {
            QStringList keys;
            MeasureListener listener;
            int count = 0;
            listener.finished = [&](const MeasureOutcome &outcome) {
                count += outcome.what == MeasureOutcome::What::Measured;
                keys << QString::number(outcome.result.raw.output_crc);
            };
            const RowCheck check =
                valueOf(checkDefaultDb(m_csv, host(), 4, seed, listener, anyTime));
            Q_ASSERT(check.rows == count);
            return keys;
        };
        QCOMPARE(measured(1), measured(1));
        QVERIFY(measured(1) != measured(2) || measured(1) != measured(3));
    }

    void aRowThatDiffersIsNamed()
    {
        QByteArrayList lines = contentOf(m_csv).split('\n');
        QByteArrayList cells = lines[1].split(',');
        const qsizetype value = lines[0].split(',').indexOf("value");
        QVERIFY(value > 0 && !lines[1].contains('"'));
        const QByteArray before = cells[value];
        cells[value] = "1000000000000";
        lines[1] = cells.join(',');
        const QString changed = m_folder.filePath(QStringLiteral("changed.csv"));
        write(changed, lines.join('\n'));
        const RowCheck check = valueOf(checkDefaultDb(changed, host(), 1000, 1, {}, 0.9));
        const auto found =
            std::find_if(check.differences.begin(), check.differences.end(),
                         [](const RowDifference &row) { return row.stored == 1'000'000'000'000; });
        QVERIFY(found != check.differences.end());
        QVERIFY(found->measured < 1'000'000'000);
    }

    void otherKernelsAreToldApart()
    {
        const QString version = [&] {
            AtomDb db = valueOf(AtomDb::open(m_folder.filePath(QStringLiteral("v.sqlite"))));
            valueOf(db.importCsv(m_csv, AtomDb::xCubeAiH743()));
            return valueOf(db.conditions()).front().condition.kernelVersion;
        }();
        const QString old = m_folder.filePath(QStringLiteral("old.csv"));
        write(old, contentOf(m_csv).replace(version.toUtf8(), "1-00c0ffee"));
        const auto check = checkDefaultDb(old, host(), 3, 1, {}, anyTime);
        QVERIFY(!check);
        QVERIFY(check.error().code == ErrorCode::BadInput);
        QVERIFY2(check.error().what.contains(QStringLiteral("kernels \"1-00c0ffee\" instead of")),
                 qPrintable(check.error().what));
        QVERIFY(check.error().what.contains(QStringLiteral("db rebuild")));
        QCOMPARE(check.error().where, old);
    }

    void whatCannotBeMeasuredFailsTheWholeFile()
    {
        std::vector<AtomKey> keys = fewOperators();
        keys.push_back(keys.front());
        keys.back().act = KeyAct::Unknown;
        const QString csv = m_folder.filePath(QStringLiteral("none.csv"));
        const auto summaries = measureToCsv(keys, {host()}, csv, {});
        QVERIFY(!summaries);
        QVERIFY(summaries.error().code == ErrorCode::Device);
        QVERIFY2(summaries.error().what.startsWith(QStringLiteral("1 of")),
                 qPrintable(summaries.error().what));
        QVERIFY(!QFile::exists(csv));
    }

    void aDeviceThatIsNotThereIsToldAtOnce()
    {
        const auto address = valueOf(deviceAddress(QStringLiteral("program:/nowhere/profiler")));
        const auto summaries =
            measureToCsv(fewOperators(), {address}, m_folder.filePath(QStringLiteral("n.csv")), {});
        QVERIFY(!summaries);
        QVERIFY(summaries.error().code == ErrorCode::Device);
    }
};

QTEST_GUILESS_MAIN(TestDefaultDb)
#include "tst_default_db.moc"
