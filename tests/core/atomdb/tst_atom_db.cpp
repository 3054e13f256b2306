#include "core/atomdb/atom_db.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace atomnet;

namespace
{

const QByteArray header("type,conv_type,groups,c_in,h_in,w_in,k1,k2,c_out,h_out,w_out,MACs,Flash,"
                        "latency,MACs/latency\r\n");

/// A pad row of this size and latency.
QByteArray pad(int side, const char *latency)
{
    const QByteArray in = QByteArray::number(side), out = QByteArray::number(side + 2);
    return "pad,,,8," + in + ',' + in + ",,,8," + out + ',' + out + ",0,0," + latency + ",\r\n";
}

AtomKey padKey(int side)
{
    AtomKey key;
    key.kind = AtomKind::Pad;
    key.inH = key.inW = side;
    key.outH = key.outW = side + 2;
    key.inC = key.outC = 8;
    key.padT = key.padL = key.padB = key.padR = 1;
    return key;
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

template <class T>
T valueOf(Result<T> result)
{
    if (!result) qFatal("%s", qPrintable(result.error().message()));
    return std::move(*result);
}

} // namespace

class TestAtomDb : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void createsWithItsFolders();
    void importsBothKindsOfFile();
    void secondImportChangesNothing();
    void reorderedFileAddsNothing();
    void appendedFileAddsOnlyTheNew();
    void conditionsStandApart();
    void aggregatesFollowTheSamples();
    void addSamplesKeepsUnitsApart();
    void whatIsMeasuredAgainCountsAgain();
    void impossibleSamplesAreRefused();
    void tableOfAnUnknownBoardIsEmpty();
    void tableTakesTheConditionWithMostSamples();
    void samplesFallBackToUnknownActivation();
    void exportAndImportGiveAnEqualDatabase();
    void exportQuotesWhatItMust();
    void mergeAddsWhatIsLacking();
    void mergeReportsConflicts();
    void mergeWithItselfIsRefused();
    void cancelledImportChangesNothing();
    void missingFileIsSaid();
    void authorsFilesGiveTheirCounts();

private:
    [[nodiscard]] QString path(const char *name) const
    {
        return m_folder->filePath(QString::fromLatin1(name));
    }
    [[nodiscard]] QString write(const char *name, const QByteArray &bytes) const;
    [[nodiscard]] AtomDb open(const char *name = "a.sqlite") const
    {
        return valueOf(AtomDb::open(path(name)));
    }
    [[nodiscard]] QByteArray exported(const AtomDb &db) const;
    ImportReport importInto(AtomDb &db, const QByteArray &rows) const;

    std::unique_ptr<QTemporaryDir> m_folder;
    const RunCondition m_h743 = AtomDb::xCubeAiH743();
};

void TestAtomDb::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

QString TestAtomDb::write(const char *name, const QByteArray &bytes) const
{
    QFile file(path(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", name);
    return file.fileName();
}

QByteArray TestAtomDb::exported(const AtomDb &db) const
{
    valueOf(db.exportCsv(path("export.csv")));
    return contentOf(path("export.csv"));
}

ImportReport TestAtomDb::importInto(AtomDb &db, const QByteArray &rows) const
{
    return valueOf(db.importCsv(write("in.csv", header + rows), m_h743));
}

void TestAtomDb::createsWithItsFolders()
{
    const QString deep = path("a/b/c.sqlite");
    {
        const AtomDb db = valueOf(AtomDb::open(deep));
        const DbInfo info = valueOf(db.info());
        QVERIFY2(info.fileBytes > 16 * 1024, "what the write-ahead log holds counts");
        QCOMPARE(info.schemaVersion, AtomDb::schemaVersion);
        QCOMPARE(info.samples, qint64(0));
        QCOMPARE(info.path, deep);
        QVERIFY(info.conditions.empty() && info.sources.empty() && info.kinds.empty());
    }
    QVERIFY(QFileInfo(deep).size() > 0);
    const AtomDb again = valueOf(AtomDb::open(deep, AtomDb::Mode::ReadOnly));
    QVERIFY(valueOf(again.conditions()).empty());
    QVERIFY(AtomDb::defaultPath().endsWith(QStringLiteral("/atomnet-designer/atomdb.sqlite")));
}

void TestAtomDb::importsBothKindsOfFile()
{
    AtomDb db = open();
    const ImportReport report = importInto(db, pad(5, "0.006") + pad(5, "0.007") + pad(6, "0.009"));
    QCOMPARE(report.file, QStringLiteral("in.csv"));
    QCOMPARE(report.added, qint64(3));
    QCOMPARE(report.present, qint64(0));
    const QString se = write("se.csv", "config,c_in,h_in,w_in,reduction,MACs,Flash,SRAM,latency\n"
                                       "x,32,80,80,4,410184,676,205192,42.523\n");
    QCOMPARE(valueOf(db.importCsv(se, m_h743)).added, qint64(1));
    const DbInfo info = valueOf(db.info());
    QCOMPARE(info.samples, qint64(4));
    QCOMPARE(info.keys, qint64(3));
    QCOMPARE(info.conditions.size(), std::size_t(1));
    QVERIFY(info.conditions[0].condition == m_h743);
    QVERIFY(info.conditions[0].unit == SampleUnit::Nanoseconds);
    QCOMPARE(info.sources.size(), std::size_t(2));
    QCOMPARE(info.sources[0].name, QStringLiteral("in.csv"));
    QCOMPARE(info.sources[0].samples, qint64(3));
    QCOMPARE(info.sources[0].sha256.size(), qsizetype(64));
    QVERIFY(info.sources[1].addedAt.endsWith(u'Z'));
    QCOMPARE(info.kinds.size(), std::size_t(2));
    QVERIFY(info.kinds[0].kind == AtomKind::Pad);
    QCOMPARE(info.kinds[0].keys, qint64(2));
    QCOMPARE(info.kinds[0].samples, qint64(3));
    const AtomTable table =
        valueOf(db.table(QStringLiteral("stm32h743"), QStringLiteral("x-cube-ai-7.2")));
    QCOMPARE(table.rows().size(), std::size_t(3));
    QCOMPARE(table.find(padKey(6))->median, qint64(9000));
    QVERIFY(table.condition() == m_h743);
}

void TestAtomDb::secondImportChangesNothing()
{
    const QByteArray rows = pad(5, "0.006") + pad(5, "0.006") + pad(6, "0.009");
    {
        AtomDb db = open();
        importInto(db, rows);
    }
    const QByteArray before = contentOf(path("a.sqlite"));
    QVERIFY(!before.isEmpty());
    {
        AtomDb db = open();
        const ImportReport report = importInto(db, rows);
        QCOMPARE(report.added, qint64(0));
        QCOMPARE(report.present, qint64(3));
        QCOMPARE(report.used, qint64(3));
        // The same figures in another file: its name is no news either.
        QCOMPARE(valueOf(db.importCsv(write("copy.csv", header + rows), m_h743)).added, qint64(0));
        QCOMPARE(valueOf(db.info()).sources.size(), std::size_t(1));
    }
    QVERIFY(contentOf(path("a.sqlite")) == before);
}

void TestAtomDb::reorderedFileAddsNothing()
{
    AtomDb db = open();
    importInto(db, pad(5, "0.006") + pad(6, "0.009") + pad(5, "0.007") + pad(5, "0.006"));
    const QByteArray before = exported(db);
    QCOMPARE(
        importInto(db, pad(6, "0.009") + pad(5, "0.006") + pad(5, "0.006") + pad(5, "0.007")).added,
        qint64(0));
    QCOMPARE(exported(db), before);
}

void TestAtomDb::appendedFileAddsOnlyTheNew()
{
    AtomDb db = open();
    importInto(db, pad(5, "0.006") + pad(6, "0.009"));
    // A further equal sample of a known key, another value of it, and a new key.
    const ImportReport report = importInto(db, pad(5, "0.006") + pad(6, "0.009") + pad(5, "0.006") +
                                                   pad(5, "0.004") + pad(7, "0.010"));
    QCOMPARE(report.added, qint64(3));
    QCOMPARE(report.present, qint64(2));
    const auto conditions = valueOf(db.conditions());
    const KeySamples samples = valueOf(db.samples(conditions[0].id, padKey(5)));
    QCOMPARE(samples.values, (std::vector<qint64>{4000, 6000, 6000}));
    // A shorter file holds nothing new and takes nothing away.
    QCOMPARE(importInto(db, pad(5, "0.006")).added, qint64(0));
    QCOMPARE(valueOf(db.info()).samples, qint64(5));
    QCOMPARE(valueOf(db.info()).sources.size(), std::size_t(2));
}

void TestAtomDb::conditionsStandApart()
{
    AtomDb db = open();
    importInto(db, pad(5, "0.006"));
    RunCondition slower = m_h743;
    slower.clockHz = 200'000'000;
    const QString csv = write("in.csv", header + pad(5, "0.012"));
    QCOMPARE(valueOf(db.importCsv(csv, slower)).added, qint64(1));
    QCOMPARE(valueOf(db.importCsv(csv, slower)).added, qint64(0));
    const auto conditions = valueOf(db.conditions());
    QCOMPARE(conditions.size(), std::size_t(2));
    QCOMPARE(valueOf(db.table(conditions[0].id)).find(padKey(5))->median, qint64(6000));
    QCOMPARE(valueOf(db.table(conditions[1].id)).find(padKey(5))->median, qint64(12000));
    QCOMPARE(db.table(99).error().code, ErrorCode::Usage);
}

void TestAtomDb::aggregatesFollowTheSamples()
{
    AtomDb db = open();
    QByteArray rows;
    for (const char *latency : {"0.1", "0.4", "0.2", "0.3"}) {
        rows += pad(5, latency);
        importInto(db, rows);
        const auto conditions = valueOf(db.conditions());
        const KeySamples samples = valueOf(db.samples(conditions[0].id, padKey(5)));
        const AtomTable table = valueOf(db.table(conditions[0].id));
        QVERIFY(*table.find(padKey(5)) == samples.stats);
    }
    const AtomTable table = valueOf(db.table(1));
    QVERIFY(*table.find(padKey(5)) == (AtomStats{250'000, 115'000, 385'000, 4}));
}

void TestAtomDb::whatIsMeasuredAgainCountsAgain()
{
    AtomDb db = open();
    Sample sample;
    sample.key = padKey(6);
    sample.value = 1000;
    const auto add = [&](std::vector<Sample> samples, Occurrences occurrences) {
        return valueOf(db.addSamples(m_h743, QStringLiteral("board"), samples, occurrences));
    };
    QCOMPARE(add({sample}, Occurrences::AllNew), qint64(1));
    QCOMPARE(add({sample, sample}, Occurrences::AllNew), qint64(2));
    sample.value = 1001;
    QCOMPARE(add({sample}, Occurrences::AllNew), qint64(1));
    sample.value = 1000;
    QCOMPARE(add({sample, sample, sample}, Occurrences::MayBeKnown), qint64(0));
    QCOMPARE(add({sample, sample, sample, sample}, Occurrences::MayBeKnown), qint64(1));
    const qint64 condition = valueOf(db.conditions()).front().id;
    QCOMPARE(valueOf(db.samples(condition, sample.key)).values,
             (std::vector<qint64>{1000, 1000, 1000, 1000, 1001}));
    QCOMPARE(valueOf(db.table(condition)).find(sample.key)->count, 5U);
}

void TestAtomDb::addSamplesKeepsUnitsApart()
{
    AtomDb db = open();
    RunCondition board;
    board.board = QStringLiteral("virt-m7");
    board.runtime = QStringLiteral("atomnet-1");
    board.kernelVersion = QStringLiteral("abc");
    AtomKey key = padKey(5);
    key.act = KeyAct::Relu;
    key.variant = 3;
    Sample time{key, 500, SampleUnit::Nanoseconds, 200, {}, 64};
    Sample instructions{key, 77, SampleUnit::Instructions, {}, {}, {}};
    QCOMPARE(
        valueOf(db.addSamples(board, QStringLiteral("probe"), {time, instructions, instructions})),
        qint64(3));
    QCOMPARE(valueOf(db.addSamples(board, QStringLiteral("probe"), {instructions})), qint64(0));
    const auto conditions = valueOf(db.conditions());
    QCOMPARE(conditions.size(), std::size_t(2));
    const AtomTable table =
        valueOf(db.table(QStringLiteral("virt-m7"), QStringLiteral("atomnet-1")));
    QVERIFY(table.unit() == SampleUnit::Instructions); // two samples against one
    QVERIFY(*table.find(key) == (AtomStats{77, 77, 77, 2}));
    QVERIFY(!table.find(padKey(5)));
    QVERIFY(exported(db).contains(
        "ns,pad,5,5,8,7,7,8,1,1,1,1,1,1,1,1,1,1,0,relu,int8,flash,3,500,0,200,,64,probe\n"));
}

void TestAtomDb::impossibleSamplesAreRefused()
{
    AtomDb db = open();
    Sample good{padKey(5), 500, SampleUnit::Nanoseconds, {}, {}, {}};
    Sample zero = good, huge = good, shapeless = good;
    zero.value = 0;
    huge.value = std::numeric_limits<qint64>::max();
    shapeless.key.inH = 0;
    for (const Sample &bad : {zero, huge, shapeless}) {
        const Result<qint64> added = db.addSamples(m_h743, QStringLiteral("probe"), {good, bad});
        QVERIFY(!added);
        QCOMPARE(added.error().code, ErrorCode::BadInput);
    }
    QVERIFY(!db.addSamples({}, QStringLiteral("probe"), {good}));
    QCOMPARE(valueOf(db.info()).samples, qint64(0));
}

void TestAtomDb::tableOfAnUnknownBoardIsEmpty()
{
    AtomDb db = open();
    importInto(db, pad(5, "0.006"));
    const AtomTable table =
        valueOf(db.table(QStringLiteral("stm32f746"), QStringLiteral("x-cube-ai-7.2")));
    QVERIFY(table.isEmpty());
    QCOMPARE(table.condition().board, QStringLiteral("stm32f746"));
    QVERIFY(!table.find(padKey(5)));
}

void TestAtomDb::tableTakesTheConditionWithMostSamples()
{
    AtomDb db = open();
    importInto(db, pad(5, "0.006"));
    RunCondition flags = m_h743;
    flags.flags = QStringLiteral("-O3");
    valueOf(db.importCsv(write("in.csv", header + pad(5, "0.001") + pad(6, "0.002")), flags));
    const AtomTable table = valueOf(db.table(m_h743.board, m_h743.runtime));
    QCOMPARE(table.condition().flags, QStringLiteral("-O3"));
    QCOMPARE(table.sampleCount(), qint64(2));
}

void TestAtomDb::samplesFallBackToUnknownActivation()
{
    AtomDb db = open();
    importInto(db, pad(5, "0.006"));
    AtomKey relu = padKey(5), hswish = padKey(5);
    relu.act = KeyAct::Relu;
    hswish.act = KeyAct::HSwish;
    valueOf(db.addSamples(m_h743, QStringLiteral("probe"),
                          {{relu, 42, SampleUnit::Nanoseconds, {}, {}, {}}}));
    QCOMPARE(valueOf(db.samples(1, relu)).values, std::vector<qint64>{42});
    QCOMPARE(valueOf(db.samples(1, hswish)).values, std::vector<qint64>{6000});
    QCOMPARE(valueOf(db.samples(1, padKey(9))).stats.count, 0U);
    QCOMPARE(valueOf(db.samples(7, padKey(5))).stats.count, 0U);
}

void TestAtomDb::exportAndImportGiveAnEqualDatabase()
{
    AtomDb db = open();
    importInto(db, pad(5, "0.006") + pad(5, "0.006") + pad(5, "0.007") + pad(40, "0.1") +
                       pad(6, "0.009"));
    RunCondition other = m_h743;
    other.compiler = QStringLiteral("gcc, \"12\"\nsecond line");
    other.caches = QStringLiteral(" I+D ");
    AtomKey key = padKey(5);
    key.weights = WeightPlace::Ram;
    key.act = KeyAct::HSwish;
    valueOf(db.addSamples(other, QStringLiteral("probe, first"),
                          {{key, 99, SampleUnit::Instructions, 7, 8, 9},
                           {key, 99, SampleUnit::Instructions, {}, {}, {}}}));
    const QByteArray csv = exported(db);
    QCOMPARE(csv.count('\n'),
             1 + 7 + 2); // header, samples, and two line ends in the compiler's name

    AtomDb copy = open("copy.sqlite");
    const ImportReport report = valueOf(copy.importCsv(path("export.csv"), {}));
    QCOMPARE(report.added, qint64(7));
    QCOMPARE(report.rejected, qint64(0));
    QCOMPARE(exported(copy), csv);
    const auto ours = valueOf(db.conditions()), theirs = valueOf(copy.conditions());
    QCOMPARE(theirs.size(), ours.size());
    for (const ConditionInfo &info : ours) {
        const auto same = std::find_if(theirs.begin(), theirs.end(), [&](const ConditionInfo &c) {
            return c.condition == info.condition && c.unit == info.unit;
        });
        QVERIFY(same != theirs.end());
        const AtomTable a = valueOf(db.table(info.id)), b = valueOf(copy.table(same->id));
        QCOMPARE(b.rows().size(), a.rows().size());
        for (const AtomTable::Row &row : a.rows())
            QVERIFY(*b.findExact(row.key) == row.stats);
    }
    // Neither file is news to either database.
    QCOMPARE(valueOf(copy.importCsv(path("export.csv"), {})).added, qint64(0));
    QCOMPARE(valueOf(db.importCsv(path("export.csv"), {})).added, qint64(0));
}

void TestAtomDb::exportQuotesWhatItMust()
{
    AtomDb db = open();
    RunCondition condition = m_h743;
    condition.flags = QStringLiteral("a,\"b\"");
    valueOf(db.addSamples(condition, QStringLiteral("s"),
                          {{padKey(5), 1, SampleUnit::Nanoseconds, {}, {}, {}}}));
    QVERIFY(
        exported(db).contains("\nstm32h743,x-cube-ai-7.2,400000000,,,\"a,\"\"b\"\"\",,ns,pad,"));
    const Result<qint64> nowhere = db.exportCsv(path("no/such/folder.csv"));
    QVERIFY(!nowhere);
    QCOMPARE(nowhere.error().code, ErrorCode::Io);
}

void TestAtomDb::mergeAddsWhatIsLacking()
{
    AtomDb ours = open();
    importInto(ours, pad(5, "0.006") + pad(6, "0.009"));
    {
        AtomDb theirs = open("b.sqlite");
        importInto(theirs, pad(6, "0.009") + pad(6, "0.009") + pad(7, "0.020"));
        RunCondition other = m_h743;
        other.board = QStringLiteral("stm32f746");
        valueOf(theirs.importCsv(write("f746.csv", header + pad(5, "0.03")), other));
    }
    const MergeReport report = valueOf(ours.merge(path("b.sqlite")));
    QCOMPARE(report.added, qint64(3));
    QCOMPARE(report.present, qint64(1));
    QVERIFY(report.conflicts.empty());
    const DbInfo info = valueOf(ours.info());
    QCOMPARE(info.samples, qint64(5));
    QCOMPARE(info.conditions.size(), std::size_t(2));
    QCOMPARE(info.sources.back().name, QStringLiteral("f746.csv"));
    QCOMPARE(info.sources.back().sha256.size(), qsizetype(64));
    QCOMPARE(valueOf(ours.merge(path("b.sqlite"))).added, qint64(0));
    QVERIFY(!ours.merge(path("none.sqlite")));
}

void TestAtomDb::mergeReportsConflicts()
{
    AtomDb ours = open();
    importInto(ours,
               pad(5, "1.000") + pad(5, "1.020") + pad(6, "1.0") + pad(6, "1.0") + pad(7, "0.004"));
    {
        AtomDb theirs = open("b.sqlite");
        importInto(theirs, pad(5, "1.300") + pad(5, "1.310")       // apart
                               + pad(6, "1.015") + pad(6, "1.016") // within 1 % each way
                               + pad(7, "0.005"));                 // within 1 us each way
    }
    const MergeReport report = valueOf(ours.merge(path("b.sqlite")));
    QCOMPARE(report.added, qint64(5));
    QCOMPARE(report.conflicts.size(), std::size_t(1));
    const MergeReport::Conflict &conflict = report.conflicts[0];
    QVERIFY(conflict.key == padKey(5));
    QVERIFY(conflict.condition == m_h743);
    QVERIFY(conflict.ours == (AtomStats{1'010'000, 1'000'000, 1'020'000, 2}));
    QVERIFY(conflict.theirs == (AtomStats{1'305'000, 1'300'000, 1'310'000, 2}));
}

void TestAtomDb::mergeWithItselfIsRefused()
{
    AtomDb db = open();
    const Result<MergeReport> report = db.merge(path("a.sqlite"));
    QVERIFY(!report);
    QCOMPARE(report.error().code, ErrorCode::Usage);
}

void TestAtomDb::cancelledImportChangesNothing()
{
    AtomDb db = open();
    QByteArray rows;
    for (int side = 1; side <= 200; ++side)
        rows += pad(side, "0.5");
    for (const int after : {0, 50, 199}) {
        int asked = 0;
        RunControl control;
        control.isCancelled = [&] { return asked++ >= after; };
        const Result<ImportReport> report =
            db.importCsv(write("in.csv", header + rows), m_h743, control);
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::Cancelled);
        const DbInfo info = valueOf(db.info());
        QCOMPARE(info.samples, qint64(0));
        QVERIFY(info.sources.empty() && info.conditions.empty());
    }
    double last = 0;
    RunControl control;
    control.reportProgress = [&](double share) {
        QVERIFY(share >= last);
        last = share;
    };
    QCOMPARE(valueOf(db.importCsv(path("in.csv"), m_h743, control)).added, qint64(200));
    QCOMPARE(last, 1.0);
}

void TestAtomDb::missingFileIsSaid()
{
    AtomDb db = open();
    for (const QString &bad : {path("none.csv"), m_folder->path()}) {
        const Result<ImportReport> report = db.importCsv(bad, m_h743);
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::Io);
        QCOMPARE(report.error().where, bad);
    }
    const Result<ImportReport> wrong = db.importCsv(write("in.csv", "a,b\n"), m_h743);
    QVERIFY(!wrong);
    QCOMPARE(wrong.error().code, ErrorCode::BadInput);
}

void TestAtomDb::authorsFilesGiveTheirCounts()
{
    const QString folder = QStringLiteral(ATOMNET_SOURCE_DIR "/../shared/atomdb/");
    const QString operators = folder + QStringLiteral("atomdb.csv"),
                  modules = folder + QStringLiteral("atomdb_se.csv");
    if (!QFileInfo::exists(operators)) QSKIP("the authors' measurement files are absent");
    AtomDb db = open();
    QCOMPARE(valueOf(db.importCsv(operators, m_h743)).added, qint64(54078));
    QCOMPARE(valueOf(db.importCsv(modules, m_h743)).added, qint64(534));
    QCOMPARE(valueOf(db.importCsv(operators, m_h743)).present, qint64(54078));
    QCOMPARE(valueOf(db.importCsv(modules, m_h743)).present, qint64(534));
    const DbInfo info = valueOf(db.info());
    QCOMPARE(info.samples, qint64(54612));
    QCOMPARE(info.keys, qint64(11682 + 534));
    QCOMPARE(info.sources.size(), std::size_t(2));
    QCOMPARE(valueOf(db.exportCsv(path("export.csv"))), qint64(54612));
    AtomDb copy = open("copy.sqlite");
    QCOMPARE(valueOf(copy.importCsv(path("export.csv"), {})).added, qint64(54612));
    QVERIFY(exported(copy) == exported(db));
}

QTEST_GUILESS_MAIN(TestAtomDb)
#include "tst_atom_db.moc"
