#include "core/atomdb/csv_reader.h"
#include "core/atomdb/csv_values.h"

#include <QTest>

#include <optional>

using namespace atomnet;

namespace
{

/// "a|b" per record, "!" behind malformed ones, with line numbers: "1:a|b 2:c".
QByteArray readAll(const QByteArray &bytes)
{
    CsvReader csv(bytes);
    QByteArrayList records;
    while (csv.next()) {
        QByteArrayList fields;
        for (const QByteArrayView field : csv.fields())
            fields << field.toByteArray();
        records << QByteArray::number(csv.line()) + ':' +
                       (csv.malformed() ? QByteArray("!") : fields.join('|'));
    }
    return records.join(' ');
}

} // namespace

class TestCsvReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsRecords_data();
    void readsRecords();
    void recoversFromBrokenQuotes_data();
    void recoversFromBrokenQuotes();
    void hugeFieldsAreViews();
    void tooManyFieldsAreMalformed();
    void knotsOfQuotesTakeLinearWork();
    void progressRunsFromZeroToOne();
    void wholeNumbers_data();
    void wholeNumbers();
    void milliseconds_data();
    void milliseconds();
};

void TestCsvReader::readsRecords_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("nothing") << QByteArray() << QByteArray();
    QTest::newRow("LF") << QByteArray("a,b\nc,d\n") << QByteArray("1:a|b 2:c|d");
    QTest::newRow("CRLF") << QByteArray("a,b\r\nc,d\r\n") << QByteArray("1:a|b 2:c|d");
    QTest::newRow("CR alone") << QByteArray("a,b\rc,d\r") << QByteArray("1:a|b 2:c|d");
    QTest::newRow("no final line end") << QByteArray("a\r\nb") << QByteArray("1:a 2:b");
    QTest::newRow("BOM") << QByteArray("\xEF\xBB\xBF"
                                       "a,b\n")
                         << QByteArray("1:a|b");
    QTest::newRow("BOM alone") << QByteArray("\xEF\xBB\xBF") << QByteArray();
    QTest::newRow("empty fields") << QByteArray(",,\n,\n") << QByteArray("1:|| 2:|");
    QTest::newRow("final comma at the end") << QByteArray("a,") << QByteArray("1:a|");
    QTest::newRow("blank lines") << QByteArray("\n\r\na\n") << QByteArray("1: 2: 3:a");
    QTest::newRow("quotes") << QByteArray("\"928,000\",b\n") << QByteArray("1:928,000|b");
    QTest::newRow("empty quotes") << QByteArray("\"\",\"\"") << QByteArray("1:|");
    QTest::newRow("doubled quotes")
        << QByteArray("\"a\"\"b\",\"\"\"\",\"c\"\"\"\n") << QByteArray("1:a\"b|\"|c\"");
    QTest::newRow("lines in quotes")
        << QByteArray("\"a\nb\r\nc\",d\ne\n") << QByteArray("1:a\nb\r\nc|d 4:e");
    QTest::newRow("NUL") << QByteArray("a\0b,c\n", 6) << QByteArray("1:a\0b|c", 7);
    QTest::newRow("spaces stay") << QByteArray(" a , b \n") << QByteArray("1: a | b ");
}

void TestCsvReader::readsRecords()
{
    QFETCH(QByteArray, bytes);
    QTEST(readAll(bytes), "expected");
}

void TestCsvReader::recoversFromBrokenQuotes_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("never closed") << QByteArray("a,\"b\nc,d\ne,f\n")
                                  << QByteArray("1:! 2:c|d 3:e|f");
    QTest::newRow("text behind") << QByteArray("\"a\"b,c\nd\n") << QByteArray("1:! 2:d");
    QTest::newRow("space behind") << QByteArray("\"a\" ,c\nd\n") << QByteArray("1:! 2:d");
    QTest::newRow("quote inside text") << QByteArray("5\",c\nd\n") << QByteArray("1:! 2:d");
    QTest::newRow("last byte") << QByteArray("a\n\"") << QByteArray("1:a 2:!");
    QTest::newRow("closed two lines later by text")
        << QByteArray("a,\"b\nc\nd\"e\nf\n") << QByteArray("1:! 2:c 3:! 4:f");
    QTest::newRow("longer than a quoted field may be") << "\"" + QByteArray(70000, 'x') + "\"\nb\n"
                                                       << QByteArray("1:! 2:b");
}

void TestCsvReader::recoversFromBrokenQuotes()
{
    QFETCH(QByteArray, bytes);
    QTEST(readAll(bytes), "expected");
}

void TestCsvReader::hugeFieldsAreViews()
{
    const QByteArray bytes = QByteArray(10'000'000, 'x') + ",y\n";
    CsvReader csv(bytes);
    QVERIFY(csv.next());
    QCOMPARE(csv.fields().size(), std::size_t(2));
    QCOMPARE(csv.fields()[0].data(), bytes.constData());
    QCOMPARE(csv.fields()[0].size(), qsizetype(10'000'000));
}

void TestCsvReader::tooManyFieldsAreMalformed()
{
    const QByteArray bytes = QByteArray(1'000'000, ',') + "\na,b\n";
    CsvReader csv(bytes);
    QVERIFY(csv.next());
    QVERIFY(csv.malformed());
    QCOMPARE(csv.fields().size(), CsvReader::maxFields);
    QVERIFY(csv.next());
    QVERIFY(!csv.malformed());
    QCOMPARE(csv.fields().size(), std::size_t(2));
    QVERIFY(!csv.next());
}

void TestCsvReader::knotsOfQuotesTakeLinearWork()
{
    // Patterns that would make a reader which starts over at every line read the rest again and
    // again; the test's time limit ends such a reader.
    for (const QByteArray &line :
         {QByteArray("x\",,\"\n"), QByteArray(",\"\",,\"\n"), QByteArray("\",,\"\n"),
          QByteArray("\"\"\",\"\n"), QByteArray("\"\n")}) {
        const QByteArray bytes = line.repeated(300'000);
        CsvReader csv(bytes);
        qint64 records = 0, last = 0;
        while (csv.next()) {
            ++records;
            QVERIFY(csv.line() > last);
            last = csv.line();
        }
        QVERIFY(records >= 150'000);
        QVERIFY(last <= 300'000);
    }
}

void TestCsvReader::progressRunsFromZeroToOne()
{
    const QByteArray bytes("a\nb\n");
    CsvReader csv(bytes);
    QCOMPARE(csv.progress(), 0.0);
    QVERIFY(csv.next());
    QCOMPARE(csv.progress(), 0.5);
    QVERIFY(csv.next());
    QCOMPARE(csv.progress(), 1.0);
    QVERIFY(!csv.next());
    QCOMPARE(CsvReader(QByteArray()).progress(), 1.0);
}

void TestCsvReader::wholeNumbers_data()
{
    QTest::addColumn<QByteArray>("cell");
    QTest::addColumn<qint64>("expected"); // -1: none
    QTest::newRow("zero") << QByteArray("0") << qint64(0);
    QTest::newRow("plain") << QByteArray("346080") << qint64(346080);
    QTest::newRow("spaces") << QByteArray(" 12\t") << qint64(12);
    QTest::newRow("thousands") << QByteArray("928,000") << qint64(928000);
    QTest::newRow("millions") << QByteArray("1,928,000") << qint64(1928000);
    QTest::newRow("largest") << QByteArray("9223372036854775807") << qint64(9223372036854775807LL);
    for (const char *bad : {"", " ", "9223372036854775808", "99999999999999999999999", "-1", "+1",
                            "1.0", "1e3", "0x10", "nan", "1 2", "1,00", "1,0000", ",100", "100,",
                            "1000,000", "1,,000", "1\xC2\xA0"})
        QTest::newRow(bad[0] ? bad : "empty") << QByteArray(bad) << qint64(-1);
    QTest::newRow("NUL") << QByteArray("1\0", 2) << qint64(-1);
}

void TestCsvReader::wholeNumbers()
{
    QFETCH(QByteArray, cell);
    QTEST(wholeNumber(cell).value_or(-1), "expected");
}

void TestCsvReader::milliseconds_data()
{
    QTest::addColumn<QByteArray>("cell");
    QTest::addColumn<qint64>("expected"); // nanoseconds; -1: none
    QTest::newRow("thousandths") << QByteArray("1.305") << qint64(1305000);
    QTest::newRow("tenth") << QByteArray("0.1") << qint64(100000);
    QTest::newRow("whole") << QByteArray("47") << qint64(47000000);
    QTest::newRow("exact where a double is not")
        << QByteArray("9007199254.740993") << qint64(9007199254740993);
    QTest::newRow("nanosecond") << QByteArray("0.000001") << qint64(1);
    QTest::newRow("more zeros") << QByteArray("0.5000000000") << qint64(500000);
    QTest::newRow("zero") << QByteArray("0.000") << qint64(0);
    QTest::newRow("thousands") << QByteArray("1,000.5") << qint64(1000500000);
    for (const char *bad : {"", ".", "1.", ".5", "1.2.3", "1.0000001", "-1", "1e3", "inf", "1,5",
                            "9223372036855", "1.-5"})
        QTest::newRow(bad[0] ? bad : "empty") << QByteArray(bad) << qint64(-1);
}

void TestCsvReader::milliseconds()
{
    QFETCH(QByteArray, cell);
    QTEST(nanosecondsFromMs(cell).value_or(-1), "expected");
}

QTEST_APPLESS_MAIN(TestCsvReader)
#include "tst_csv_reader.moc"
