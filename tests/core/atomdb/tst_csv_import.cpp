#include "core/atomdb/csv_import.h"

#include <QFile>
#include <QTest>

#include <map>

Q_DECLARE_METATYPE(atomnet::AtomKind)

using namespace atomnet;

namespace
{

const QByteArray header("type,conv_type,groups,c_in,h_in,w_in,k1,k2,c_out,h_out,w_out,MACs,Flash,"
                        "latency,MACs/latency\r\n");
const QByteArray
    seHeader("config,c_in,h_in,w_in,reduction,MACs,Flash,SRAM,latency,MACs/latency\r\n");
const QByteArray
    pointwiseRow("conv2d,PointWise,1,80,3,3,1,1,480,3,3,346080,40320,1.305,265195\r\n");

CsvContents parsed(const QByteArray &bytes)
{
    Result<CsvContents> contents = parseCsv(bytes, QStringLiteral("test.csv"));
    if (!contents) qFatal("%s", qPrintable(contents.error().message()));
    return std::move(*contents);
}

/// One data row under the operators' header.
CsvContents oneRow(const QByteArray &row)
{
    return parsed(header + row);
}

QString messageOf(const QByteArray &bytes)
{
    const Result<CsvContents> contents = parseCsv(bytes, QStringLiteral("test.csv"));
    return contents ? QStringLiteral("no error") : contents.error().message();
}

QString reasonOf(const CsvContents &contents)
{
    const auto reasons = contents.report.reasons();
    return reasons.empty() ? QString() : reasons[0].reason;
}

} // namespace

class TestCsvImport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void mapsRowsToKeys_data();
    void mapsRowsToKeys();
    void trap1TypeColumnIsNotTrusted_data();
    void trap1TypeColumnIsNotTrusted();
    void trap2UnderTestIsSkipped();
    void trap3TwoElementwiseKinds();
    void trap4RepeatedKeysKeepEverySample();
    void trap5And6KindsAreCountedByKey();
    void trap7RowsWithoutLatencyAreSkipped();
    void trap8FullyConnectedHasNoConvType();
    void rejectsWhatContradictsItself_data();
    void rejectsWhatContradictsItself();
    void squeezeChannelsFollowFromMacs();
    void squeezeExciteThatDoesNotFitIsRejected_data();
    void squeezeExciteThatDoesNotFitIsRejected();
    void columnsAreFoundByName();
    void unusableFilesSayWhy_data();
    void unusableFilesSayWhy();
    void hostileRowsAreRejectedOneByOne();
    void millionBadRowsStayBounded();
    void cancelStops();
    void reportListsLineRanges();
};

void TestCsvImport::mapsRowsToKeys_data()
{
    QTest::addColumn<QByteArray>("row");
    QTest::addColumn<QString>("description");
    QTest::addColumn<QList<int>>("pads"); // t l b r
    QTest::addColumn<qint64>("nanoseconds");
    const QList<int> none{0, 0, 0, 0};
    QTest::newRow("pointwise") << pointwiseRow << "pointwise 3x3x80 -> 3x3x480" << none
                               << qint64(1305000);
    QTest::newRow("depthwise behind a pad, stride 1")
        << QByteArray("conv2d,DepthWise,48,48,22,22,3,3,48,20,20,172848,624,2.5,0")
        << "depthwise 3x3 22x22x48 -> 20x20x48" << none << qint64(2500000);
    QTest::newRow("depthwise behind a pad, stride 2")
        << QByteArray("conv2d,DepthWise,48,48,22,22,3,3,48,10,10,43248,624,2.5,0")
        << "depthwise 3x3 stride 2 22x22x48 -> 10x10x48" << none << qint64(2500000);
    QTest::newRow("stem pads itself")
        << QByteArray("conv2d,Ordinary,1,3,224,224,3,3,24,112,112,8128536,744,45.554,178437")
        << "conv 3x3 stride 2 224x224x3 -> 112x112x24" << QList<int>{1, 1, 1, 1}
        << qint64(45554000);
    QTest::newRow("stem 5x5") << QByteArray("conv2d,Ordinary,1,3,20,20,5,5,8,20,20,240008,632,1,0")
                              << "conv 5x5 20x20x3 -> 20x20x8" << QList<int>{2, 2, 2, 2}
                              << qint64(1000000);
    QTest::newRow("pointwise of 3 channels has nothing to pad")
        << QByteArray("conv2d,PointWise,1,3,8,8,1,1,8,8,8,1544,56,1,0")
        << "pointwise 8x8x3 -> 8x8x8" << none << qint64(1000000);
    QTest::newRow("conv not square")
        << QByteArray("conv2d,Ordinary,1,8,12,22,3,1,8,10,22,42248,224,1,0")
        << "conv 3x1 12x22x8 -> 10x22x8" << none << qint64(1000000);
    QTest::newRow("pad") << QByteArray("pad,,,80,5,5,,,80,7,7,0,0,0.006,") << "pad 5x5x80 -> 7x7x80"
                         << QList<int>{1, 1, 1, 1} << qint64(6000);
    QTest::newRow("pad for 7x7") << QByteArray("pad,,,8,208,208,,,8,214,214,0,0,0.758,")
                                 << "pad 208x208x8 -> 214x214x8" << QList<int>{3, 3, 3, 3}
                                 << qint64(758000);
    QTest::newRow("pad of odd size")
        << QByteArray("pad,,,8,5,6,,,8,6,9,0,0,1,") << "pad 5x6x8 -> 6x9x8"
        << QList<int>{0, 1, 1, 2} << qint64(1000000);
    QTest::newRow("add") << QByteArray("eltwise,,,,,,,,80,8,8,5120,0,0.45,11377") << "add 8x8x80"
                         << none << qint64(450000);
    QTest::newRow("scale") << QByteArray("eltwise,,,,,,,,416,10,10,83200,832,1.226,67862")
                           << "scale 10x10x416" << none << qint64(1226000);
    QTest::newRow("fully connected")
        << QByteArray("eltwise,,80,,,,,,1000,,,81000,84000,0.343,236151")
        << "fully connected 1x1x80 -> 1x1x1000" << none << qint64(343000);
}

void TestCsvImport::mapsRowsToKeys()
{
    QFETCH(QByteArray, row);
    const CsvContents contents = oneRow(row);
    QCOMPARE(reasonOf(contents), QString());
    QCOMPARE(contents.report.used, qint64(1));
    QCOMPARE(contents.report.repaired, qint64(0));
    const SampleBatch &batch = contents.batches.at(0);
    QVERIFY(!batch.condition);
    const AtomKey key = batch.keys().at(0);
    QTEST(describe(key), "description");
    const QList<int> pads{key.padT, key.padL, key.padB, key.padR};
    QTEST(pads, "pads");
    QTEST(batch.entries().at(0).value, "nanoseconds");
    QVERIFY(key.act == KeyAct::Unknown);
    QCOMPARE(key.groups, key.kind == AtomKind::Depthwise ? key.inC : 1);
    QCOMPARE(key.variant, quint16(0));
    QCOMPARE(key.squeeze, 0);
    if (key.kind == AtomKind::Pad) {
        QCOMPARE(key.kernelH, quint16(1));
        QCOMPARE(key.strideH, quint16(1));
    }
}

void TestCsvImport::trap1TypeColumnIsNotTrusted_data()
{
    QTest::addColumn<QByteArray>("row");
    QTest::addColumn<AtomKind>("kind");
    QTest::addColumn<QString>("repair");
    const QByteArray pointwise = pointwiseRow.sliced(6);
    QTest::newRow("pad for pointwise")
        << "pad" + pointwise << AtomKind::Pointwise << "type says pad, the columns say pointwise";
    QTest::newRow("eltwise for pointwise") << "eltwise" + pointwise << AtomKind::Pointwise
                                           << "type says eltwise, the columns say pointwise";
    QTest::newRow("conv2d for pad") << QByteArray("conv2d,,,256,20,20,,,256,24,24,0,0,0.246,")
                                    << AtomKind::Pad << "type says conv2d, the columns say pad";
    QTest::newRow("eltwise for pad") << QByteArray("eltwise,,,256,20,20,,,256,24,24,0,0,0.246,")
                                     << AtomKind::Pad << "type says eltwise, the columns say pad";
    QTest::newRow("pad for add") << QByteArray("pad,,,,,,,,80,8,8,5120,0,0.45,11377")
                                 << AtomKind::Add << "type says pad, the columns say add";
    QTest::newRow("conv2d for scale")
        << QByteArray("conv2d,,,,,,,,80,8,8,10240,160,0.45,1") << AtomKind::Scale
        << "type says conv2d, the columns say scale";
    QTest::newRow("unknown type")
        << "spam" + pointwise << AtomKind::Pointwise
        << "type is none of conv2d, pad and eltwise, the columns say pointwise";
}

void TestCsvImport::trap1TypeColumnIsNotTrusted()
{
    QFETCH(QByteArray, row);
    const CsvContents contents = oneRow(row);
    QCOMPARE(contents.report.used, qint64(1));
    QCOMPARE(contents.report.repaired, qint64(1));
    QTEST(reasonOf(contents), "repair");
    QFETCH(AtomKind, kind);
    QVERIFY(contents.batches.at(0).keys().at(0).kind == kind);
    QCOMPARE(contents.report.notes.at(0).line, qint64(2));
}

void TestCsvImport::trap2UnderTestIsSkipped()
{
    const CsvContents contents =
        oneRow("under_test,,,,,,,,,,,,,,\r\n" + pointwiseRow + "under_test,,,,,,,,,,,,,,");
    QCOMPARE(contents.report.lines, qint64(3));
    QCOMPARE(contents.report.skipped, qint64(2));
    QCOMPARE(contents.report.used, qint64(1));
    const auto reasons = contents.report.reasons();
    QCOMPARE(reasons.size(), std::size_t(1));
    QCOMPARE(reasons[0].reason, QStringLiteral("under_test: not measured yet"));
    QCOMPARE(reasons[0].lines, QStringLiteral("2, 4"));
}

void TestCsvImport::trap3TwoElementwiseKinds()
{
    const CsvContents contents = oneRow("eltwise,,,,,,,,16,10,10,1600,0,0.14,1\r\n"
                                        "eltwise,,,,,,,,16,10,10,3200,32,0.047,1\r\n"
                                        "eltwise,,,,,,,,16,10,10,3200,0,0.047,1\r\n"
                                        "eltwise,,,,,,,,16,10,10,1600,32,0.047,1\r\n"
                                        "eltwise,,,,,,,,16,10,10,4800,0,0.047,1");
    const SampleBatch &batch = contents.batches.at(0);
    QCOMPARE(batch.keys().size(), std::size_t(2));
    QVERIFY(batch.keys()[0].kind == AtomKind::Add);
    QVERIFY(batch.keys()[1].kind == AtomKind::Scale);
    QCOMPARE(batch.entries()[1].flashBytes, std::optional<qint64>(32));
    QCOMPARE(contents.report.rejected, qint64(3));
}

void TestCsvImport::trap4RepeatedKeysKeepEverySample()
{
    QByteArray rows;
    for (const char *latency : {"1.305", "1.761", "1.305", "1.310"})
        rows +=
            "conv2d,PointWise,1,80,3,3,1,1,480,3,3,346080,40320," + QByteArray(latency) + ",1\r\n";
    const CsvContents contents = oneRow(rows);
    const SampleBatch &batch = contents.batches.at(0);
    QCOMPARE(batch.keys().size(), std::size_t(1));
    QCOMPARE(batch.entries().size(), std::size_t(4));
    QCOMPARE(contents.report.repeatedKeys, qint64(1));
    QCOMPARE(contents.report.keys, qint64(1));
    QCOMPARE(contents.report.merged, qint64(3));
    QCOMPARE(contents.report.reasons()[0].lines, QStringLiteral("3-5"));
}

void TestCsvImport::trap5And6KindsAreCountedByKey()
{
    QFile file(QStringLiteral(ATOMNET_SOURCE_DIR "/../shared/atomdb/atomdb.csv"));
    if (!file.open(QIODevice::ReadOnly)) QSKIP("the authors' measurement files are absent");
    const CsvContents contents = parsed(file.readAll());
    const ImportReport &report = contents.report;
    QCOMPARE(report.lines, qint64(57437));
    QCOMPARE(report.used, qint64(54078));
    QCOMPARE(report.rejected, qint64(0));
    QCOMPARE(report.skipped, qint64(3256 + 103));
    QCOMPARE(report.repaired, qint64(10747));
    QCOMPARE(report.repeatedKeys, qint64(6744 + 10)); // the ten are fully connected
    QCOMPARE(report.keys, qint64(11682));
    QCOMPARE(report.merged, report.used - report.keys);
    QVERIFY(report.notes.size() < std::size_t(ImportReport::maxNotes));
    for (const ImportReport::Reason &reason : report.reasons()) {
        if (reason.reason.startsWith(QStringLiteral("empty")))
            QCOMPARE(reason.lines, QStringLiteral("54080-57335"));
        if (reason.reason.startsWith(QStringLiteral("under_test")))
            QCOMPARE(reason.lines, QStringLiteral("57336-57438"));
        if (reason.action == ImportReport::Action::Repaired)
            QVERIFY(reason.lines.section(u',', 0, 0).section(u'-', 0, 0).toInt() >= 34807);
    }
    std::map<AtomKind, int> kinds;
    for (const AtomKey &key : contents.batches.at(0).keys()) {
        ++kinds[key.kind];
        if (key.kind == AtomKind::Depthwise) QCOMPARE(key.kernelH, quint16(3));
    }
    const std::map<AtomKind, int> expected{
        {AtomKind::Pointwise, 6489},   {AtomKind::Depthwise, 1804}, {AtomKind::Conv, 161},
        {AtomKind::Pad, 2295},         {AtomKind::Add, 498},        {AtomKind::Scale, 424},
        {AtomKind::FullyConnected, 11}};
    QVERIFY(kinds == expected);
    std::map<AtomKind, int> samples;
    for (const SampleBatch::Entry &entry : contents.batches.at(0).entries())
        ++samples[contents.batches.at(0).keys()[entry.key].kind];
    QCOMPARE(samples[AtomKind::FullyConnected], 40);
}

void TestCsvImport::trap7RowsWithoutLatencyAreSkipped()
{
    const CsvContents contents = oneRow("conv2d,,,,,,,,,,,,,,\r\npad,,,,,,,,,,,,,,\r\n\r\n"
                                        "conv2d,PointWise,1,80,3,3,1,1,480,3,3,346080,40320,,\r\n");
    QCOMPARE(contents.report.used, qint64(0));
    QCOMPARE(contents.report.skipped, qint64(4));
    QCOMPARE(contents.report.rejected, qint64(0));
    QVERIFY(contents.batches.at(0).entries().empty());
}

void TestCsvImport::trap8FullyConnectedHasNoConvType()
{
    // Nothing but groups (its inputs), c_out, MACs and Flash; the type column may say anything.
    const CsvContents contents = oneRow("pad,,384,,,,,,1000,,,385000,388000,1.467,262440\r\n"
                                        "conv2d,,384,,,,,,1000,,,385001,388000,1.467,262440\r\n"
                                        "conv2d,,384,,,,,,1000,,,385000,388001,1.467,262440\r\n"
                                        "conv2d,,384,80,,,,,1000,,,385000,388000,1.467,262440");
    QCOMPARE(contents.report.used, qint64(1));
    QCOMPARE(contents.report.rejected, qint64(3));
    const AtomKey key = contents.batches.at(0).keys().at(0);
    QVERIFY(key.kind == AtomKind::FullyConnected);
    QVERIFY(key.in() == (Shape{1, 1, 384}));
    QVERIFY(key.out() == (Shape{1, 1, 1000}));
    QCOMPARE(key.groups, 1);
}

void TestCsvImport::rejectsWhatContradictsItself_data()
{
    QTest::addColumn<QByteArray>("row");
    QTest::addColumn<QString>("reason");
    const QString size = QStringLiteral("a size is missing, not a whole number or too large");
    const QString figures = QStringLiteral("MACs or Flash is not what the sizes give");
    const QString latency = QStringLiteral("latency is not a number of milliseconds that can be");
    const QString shape = QStringLiteral("kernel and groups are not those of its conv_type");
    const QString stride = QStringLiteral("no stride leads from the input size to the output size");
    QTest::newRow("MACs") << QByteArray("conv2d,PointWise,1,80,3,3,1,1,480,3,3,346081,40320,1.3,1")
                          << figures;
    QTest::newRow("Flash") << QByteArray("conv2d,PointWise,1,80,3,3,1,1,480,3,3,346080,40321,1.3,1")
                           << figures;
    QTest::newRow("MACs missing") << QByteArray(
                                         "conv2d,PointWise,1,80,3,3,1,1,480,3,3,,40320,1.3,1")
                                  << figures;
    QTest::newRow("size missing") << QByteArray(
                                         "conv2d,PointWise,1,80,3,,1,1,480,3,3,346080,40320,1.3,1")
                                  << size;
    QTest::newRow("negative") << QByteArray(
                                     "conv2d,PointWise,1,-80,3,3,1,1,480,3,3,346080,40320,1.3,1")
                              << size;
    QTest::newRow("zero") << QByteArray("conv2d,PointWise,1,0,3,3,1,1,480,3,3,480,1920,1.3,1")
                          << size;
    QTest::newRow("fraction") << QByteArray(
                                     "conv2d,PointWise,1,80.5,3,3,1,1,480,3,3,346080,40320,1.3,1")
                              << size;
    QTest::newRow("overflow")
        << QByteArray("conv2d,PointWise,1,99999999999999999999,3,3,1,1,480,3,3,346080,40320,1.3,1")
        << size;
    QTest::newRow("products overflow") << QByteArray("conv2d,Ordinary,1,1000000,60000,60000,255,"
                                                     "255,1000000,60000,60000,9223372036854775807,"
                                                     "9223372036854775807,1.3,1")
                                       << stride;
    QTest::newRow("latency text")
        << QByteArray("conv2d,PointWise,1,80,3,3,1,1,480,3,3,346080,40320,fast,1") << latency;
    QTest::newRow("latency negative")
        << QByteArray("conv2d,PointWise,1,80,3,3,1,1,480,3,3,346080,40320,-1.3,1") << latency;
    QTest::newRow("latency NaN") << QByteArray(
                                        "conv2d,PointWise,1,80,3,3,1,1,480,3,3,346080,40320,nan,1")
                                 << latency;
    QTest::newRow("latency huge")
        << QByteArray("conv2d,PointWise,1,80,3,3,1,1,480,3,3,346080,40320,1000000001,1") << latency;
    QTest::newRow("latency zero")
        << QByteArray("conv2d,PointWise,1,80,3,3,1,1,480,3,3,346080,40320,0.000,1")
        << QStringLiteral("latency is 0");
    QTest::newRow("pointwise 3x3")
        << QByteArray("conv2d,PointWise,1,8,5,5,3,3,8,3,3,5192,608,1.3,1") << shape;
    QTest::newRow("ordinary 1x1") << QByteArray(
                                         "conv2d,Ordinary,1,80,3,3,1,1,480,3,3,346080,40320,1.3,1")
                                  << shape;
    QTest::newRow("grouped") << QByteArray("conv2d,Ordinary,2,8,5,5,3,3,8,3,3,2600,320,1.3,1")
                             << shape;
    QTest::newRow("depthwise multiplier")
        << QByteArray("conv2d,DepthWise,8,8,5,5,3,3,16,3,3,1312,208,1.3,1") << shape;
    QTest::newRow("other conv_type")
        << QByteArray("conv2d,Dilated,1,80,3,3,1,1,480,3,3,346080,40320,1.3,1")
        << QStringLiteral("conv_type is none of Ordinary, DepthWise and PointWise");
    QTest::newRow("no stride") << QByteArray(
                                      "conv2d,PointWise,1,80,3,3,1,1,480,4,4,614880,40320,1.3,1")
                               << stride;
    QTest::newRow("pad that shrinks")
        << QByteArray("pad,,,80,7,7,,,80,5,5,0,0,0.006,")
        << QStringLiteral("a pad whose output is not its input and a border");
    QTest::newRow("pad that changes channels")
        << QByteArray("pad,,,80,5,5,,,88,7,7,0,0,0.006,")
        << QStringLiteral("a pad whose output is not its input and a border");
    QTest::newRow("pad with Flash") << QByteArray("pad,,,80,5,5,,,80,7,7,0,4,0.006,") << figures;
    QTest::newRow("add with other input")
        << QByteArray("eltwise,,,88,8,8,,,80,8,8,5120,0,0.45,1") << size;
    QTest::newRow("cut off") << QByteArray("conv2d,PointWise,1,80,3,3,1,1,480,3,3,346080,40320,1.3")
                             << QStringLiteral("the row has fewer fields than the first line");
    QTest::newRow("too long") << QByteArray(
                                     "conv2d,PointWise,1,80,3,3,1,1,480,3,3,346080,40320,1.3,1,1")
                              << QStringLiteral("the row has more fields than the first line");
    QTest::newRow("broken quote")
        << QByteArray("conv2d,\"PointWise,1,80,3,3,1,1,480,3,3,346080,40320,1.3,1")
        << QStringLiteral("a quote is not closed, or stands where none may be");
    QTest::newRow("NUL")
        << QByteArray("conv2d,PointWise,1,8?,3,3,1,1,480,3,3,346080,40320,1.3,1").replace('?', '\0')
        << size;
}

void TestCsvImport::rejectsWhatContradictsItself()
{
    QFETCH(QByteArray, row);
    const CsvContents contents = oneRow(pointwiseRow + row + "\r\n" + pointwiseRow);
    QCOMPARE(contents.report.used, qint64(2));
    QCOMPARE(contents.report.rejected, qint64(1));
    QCOMPARE(contents.report.notes.at(0).line, qint64(3));
    QTEST(reasonOf(contents), "reason");
}

void TestCsvImport::squeezeChannelsFollowFromMacs()
{
    const CsvContents contents = parsed(
        seHeader + "SE_C_1024_H_14,1024,14,14,4,\"928,000\",\"529,412\",213248,47.679,19463\r\n"
                   "SE_C_32_H_80,32,80,80,4,410184,676,205192,42.523,9646");
    QCOMPARE(contents.format, CsvFormat::SqueezeExcite);
    QCOMPARE(contents.report.used, qint64(2));
    const SampleBatch &batch = contents.batches.at(0);
    const AtomKey key = batch.keys().at(0);
    QVERIFY(key.kind == AtomKind::SqueezeExcite);
    QVERIFY(key.in() == (Shape{14, 14, 1024}));
    QVERIFY(key.out() == key.in());
    QCOMPARE(key.squeeze, 256);
    QCOMPARE(batch.keys().at(1).squeeze, 8);
    QCOMPARE(batch.entries().at(0).value, qint64(47679000));
    QCOMPARE(batch.entries().at(0).flashBytes, std::optional<qint64>(529412));
    QCOMPARE(batch.entries().at(0).sramBytes, std::optional<qint64>(213248));

    QFile file(QStringLiteral(ATOMNET_SOURCE_DIR "/../shared/atomdb/atomdb_se.csv"));
    if (!file.open(QIODevice::ReadOnly)) QSKIP("the authors' measurement files are absent");
    const CsvContents all = parsed(file.readAll());
    QCOMPARE(all.report.used, qint64(534));
    QCOMPARE(all.report.keys, qint64(534));
    QCOMPARE(all.report.rejected + all.report.skipped, qint64(0));
}

void TestCsvImport::squeezeExciteThatDoesNotFitIsRejected_data()
{
    QTest::addColumn<QByteArray>("row");
    QTest::newRow("MACs") << QByteArray("x,32,80,80,4,410185,676,205192,42.523,9646");
    QTest::newRow("MACs below the least")
        << QByteArray("x,32,80,80,4,409664,676,205192,42.523,9646");
    QTest::newRow("MACs missing") << QByteArray("x,32,80,80,4,,676,205192,42.523,9646");
    QTest::newRow("Flash") << QByteArray("x,32,80,80,4,410184,677,205192,42.523,9646");
    QTest::newRow("Flash missing") << QByteArray("x,32,80,80,4,410184,,205192,42.523,9646");
    QTest::newRow("latency") << QByteArray("x,32,80,80,4,410184,676,205192,0,9646");
    QTest::newRow("size") << QByteArray("x,32,0,80,4,584,676,205192,42.523,9646");
    QTest::newRow("huge") << QByteArray("x,99999999,80,80,4,410184,676,205192,42.523,9646");
    QTest::newRow("largest that is looked at")
        << QByteArray("x,1048576,1048576,1048576,4,9223372036854775807,676,1,1,1");
}

void TestCsvImport::squeezeExciteThatDoesNotFitIsRejected()
{
    QFETCH(QByteArray, row);
    const CsvContents contents = parsed(seHeader + row);
    QCOMPARE(contents.report.used, qint64(0));
    QCOMPARE(contents.report.rejected, qint64(1));
}

void TestCsvImport::columnsAreFoundByName()
{
    const CsvContents contents = parsed(
        "\xEF\xBB\xBF\n extra ,LATENCY,\"Flash\",macs,w_out,h_out,c_out,k2,k1,w_in,h_in,c_in,"
        "groups,conv_type,type\n"
        "hello,1.305,\"40,320\",\"346,080\",3,3,480,1,1,3,3,80,1,PointWise,conv2d,,\n");
    QCOMPARE(contents.format, CsvFormat::Operators);
    QCOMPARE(reasonOf(contents), QString());
    QCOMPARE(contents.report.used, qint64(1));
    QCOMPARE(describe(contents.batches.at(0).keys().at(0)),
             QStringLiteral("pointwise 3x3x80 -> 3x3x480"));
}

void TestCsvImport::unusableFilesSayWhy_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("message");
    QTest::newRow("empty") << QByteArray() << "test.csv: the file is empty";
    QTest::newRow("blank lines") << QByteArray("\r\n\r\n") << "test.csv: the file is empty";
    QTest::newRow("other file")
        << QByteArray("a,b\n1,2\n")
        << "test.csv:1: this is not a measurement file: its first line names none of the columns "
           "of AtomDB's files, such as c_in, MACs and latency";
    QTest::newRow("one column missing")
        << QByteArray(header).replace("h_out,", "")
        << "test.csv:1: the column h_out is missing for a file of AtomDB's operators; choose the "
           "file as it was published";
    QTest::newRow("three columns missing")
        << QByteArray(header)
               .replace("h_out,", "")
               .replace("latency,", "")
               .replace("conv_type,", "")
        << "test.csv:1: the columns conv_type, h_out and latency are missing for a file of "
           "AtomDB's operators; choose the "
           "file as it was published";
    QTest::newRow("column of the squeeze-excite file missing")
        << QByteArray(seHeader).replace("Flash,", "")
        << "test.csv:1: the column Flash is missing for a file of AtomDB's squeeze-excite modules; "
           "choose the file as it was "
           "published";
    QTest::newRow("column twice")
        << "latency," + header
        << "test.csv:1: the first line names latency twice; delete one of the columns";
    QTest::newRow("garbage") << QByteArray(10000, '\xff')
                             << "test.csv:1: this is not a measurement file: its first line names "
                                "none of the columns of "
                                "AtomDB's files, such as c_in, MACs and latency";
}

void TestCsvImport::unusableFilesSayWhy()
{
    QFETCH(QByteArray, bytes);
    QTEST(messageOf(bytes), "message");
}

void TestCsvImport::hostileRowsAreRejectedOneByOne()
{
    const QByteArray bytes = header + QByteArray(1'000'000, 'x') + "\r\n" + QByteArray(5'000, ',') +
                             "\r\n" + QByteArray(100, '\0') + "\r\n\"\r\n" + pointwiseRow +
                             "\xff\xfe\xfd\r\n" + pointwiseRow;
    const CsvContents contents = parsed(bytes);
    QCOMPARE(contents.report.lines, qint64(7));
    QCOMPARE(contents.report.used, qint64(2));
    QCOMPARE(contents.report.rejected, qint64(5));
}

void TestCsvImport::millionBadRowsStayBounded()
{
    const CsvContents contents =
        parsed(header + QByteArray("x,y,1,2,3,4,5,6,7,8,9,10,11,12.5,13\n").repeated(999'999) +
               pointwiseRow);
    QCOMPARE(contents.report.lines, qint64(1'000'000));
    QCOMPARE(contents.report.rejected, qint64(999'999));
    QCOMPARE(contents.report.used, qint64(1));
    QCOMPARE(contents.report.notes.size(), std::size_t(ImportReport::maxNotes));
    const auto reasons = contents.report.reasons();
    QCOMPARE(reasons.size(), std::size_t(1));
    QCOMPARE(reasons[0].count, qint64(999'999));
    QCOMPARE(reasons[0].lines, QStringLiteral("2-100001, ..."));
}

void TestCsvImport::cancelStops()
{
    RunControl control;
    control.isCancelled = [] { return true; };
    const Result<CsvContents> contents =
        parseCsv(header + pointwiseRow.repeated(10'000), QStringLiteral("test.csv"), control);
    QVERIFY(!contents);
    QCOMPARE(contents.error().code, ErrorCode::Cancelled);
}

void TestCsvImport::reportListsLineRanges()
{
    ImportReport report;
    for (const qint64 line : {2, 3, 4, 9, 11, 12, 20})
        report.note(ImportReport::Action::Skipped, line, QStringLiteral("a"));
    report.note(ImportReport::Action::Rejected, 5, QStringLiteral("a"));
    QCOMPARE(report.skipped, qint64(7));
    QCOMPARE(report.rejected, qint64(1));
    const auto all = report.reasons();
    QCOMPARE(all.size(), std::size_t(2));
    QCOMPARE(all[0].lines, QStringLiteral("2-4, 9, 11-12, 20"));
    QCOMPARE(all[1].lines, QStringLiteral("5"));
    QCOMPARE(report.reasons(2)[0].lines, QStringLiteral("2-4, 9, ..."));
    QCOMPARE(report.reasons(4)[0].lines, QStringLiteral("2-4, 9, 11-12, 20"));
}

QTEST_APPLESS_MAIN(TestCsvImport)
#include "tst_csv_import.moc"
