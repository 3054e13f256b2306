#include "core/quant/npy_header.h"

#include "tests/core/quant/file_bytes.h"

#include <QBuffer>
#include <QTest>

using namespace atomnet;
using test::npyOf;
using test::npyWith;

namespace
{

const QString fileName = QStringLiteral("x.npy");

Result<NpyHeader> read(const QByteArray &bytes)
{
    QBuffer buffer;
    buffer.setData(bytes);
    buffer.open(QIODevice::ReadOnly);
    DeviceStream stream(buffer, fileName);
    return readNpyHeader(stream, fileName);
}

} // namespace

class TestNpyHeader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsEveryType_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<int>("bytes");
        QTest::addColumn<QString>("name");
        const auto row = [](const char *type, int bytes, const char *name) {
            QTest::newRow(name) << QByteArray(type) << bytes << QString::fromLatin1(name);
        };
        row("|u1", 1, "uint8");
        row("|i1", 1, "int8");
        row("<u2", 2, "uint16");
        row("<i2", 2, "int16");
        row("<u4", 4, "uint32");
        row("<i4", 4, "int32");
        row("<u8", 8, "uint64");
        row("<i8", 8, "int64");
        row("<f2", 2, "float16");
        row("<f4", 4, "float32");
        row("<f8", 8, "float64");
    }
    void readsEveryType()
    {
        QFETCH(QByteArray, type);
        QFETCH(int, bytes);
        QFETCH(QString, name);
        const auto header = read(npyOf(type, "3, 2", QByteArray(6 * bytes, '\0')));
        QVERIFY2(header, header ? "" : qPrintable(header.error().message()));
        QCOMPARE(header->shape, (std::vector<qint64>{3, 2}));
        QCOMPARE(header->count, qint64{6});
        QCOMPARE(bytesPer(header->type), qsizetype(bytes));
        QCOMPARE(nameOf(header->type), name);
        QCOMPARE(isFloat(header->type), name.startsWith(QStringLiteral("float")));
    }

    void readsEveryVersionAndSpelling_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const QByteArray plain = "{'descr': '<i2', 'fortran_order': False, 'shape': (2,), }";
        const QByteArray data("\1\0\xff\xff", 4);
        for (const int version : {1, 2, 3})
            QTest::addRow("version %d", version) << npyWith(plain, data, version);
        QTest::newRow("padded") << npyWith(plain + QByteArray(60, ' '), data);
        QTest::newRow("another order")
            << npyWith(R"({"shape":(2,),"fortran_order":False,"descr":"<i2"})", data);
        QTest::newRow("Fortran order of one dimension")
            << npyWith("{'descr': '<i2', 'fortran_order': True, 'shape': (2,), }", data);
    }
    void readsEveryVersionAndSpelling()
    {
        QFETCH(QByteArray, bytes);
        const auto header = read(bytes);
        QVERIFY2(header, header ? "" : qPrintable(header.error().message()));
        QVERIFY(header->type == NpyType::I16);
        QCOMPARE(header->shape, std::vector<qint64>{2});
        QCOMPARE(header->headerBytes, qint64(bytes.size() - 4));
        QCOMPARE(integerAt(bytes.constData() + header->headerBytes, header->type), qint64{1});
        QCOMPARE(integerAt(bytes.constData() + header->headerBytes + 2, header->type), qint64{-1});
    }

    void readsASingleNumber()
    {
        const auto header = read(npyOf("<i8", "", QByteArray(8, '\0')));
        QVERIFY2(header, header ? "" : qPrintable(header.error().message()));
        QVERIFY(header->shape.empty() && header->count == 1);
    }

    void refusesDamage_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const QByteArray &bytes, const char *says) {
            QTest::newRow(name) << bytes << QString::fromLatin1(says);
        };
        const QByteArray whole = npyOf("<f4", "2, 2", QByteArray(16, '\0'));
        row("empty", {}, "the file ends too early");
        row("not NumPy's", "hello, world", "this is no array of NumPy");
        row("version 4", npyWith("{}", {}, 4), "version 4 of the .npy format is unknown");
        row("cut in the header", whole.left(20), "the header claims");
        row("cut in the data", whole.chopped(1),
            "2 x 2 of float32 are 16 bytes, but 15 follow the header");
        row("longer", whole + 'x', "but 17 follow the header");
        row("a header of 4 GB", QByteArray("\x93NUMPY\2\0\xff\xff\xff\xff{", 13),
            "the header claims 4294967295 bytes");
        row("big endian", npyOf(">f4", "1", QByteArray(4, '\0')), "save it after .astype('<f4')");
        row("objects", npyOf("|O", "1", QByteArray(8, '\0')),
            "the type \"|O\" holds no plain numbers");
        row("complex", npyOf("<c8", "1", QByteArray(8, '\0')), "holds no plain numbers");
        row("Fortran order",
            npyWith("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }",
                    QByteArray(16, '\0')),
            "numpy.ascontiguousarray");
        row("2^60", npyOf("<f4", "1152921504606846976, 4", {}),
            "claims the shape 1152921504606846976 x 4");
        row("beyond 64 bits", npyOf("<f4", "18446744073709551616", {}),
            "not the one of a plain array");
        row("negative", npyOf("<f4", "-1", {}), "not the one of a plain array");
        row("many dimensions", npyOf("<f4", QByteArray("1,").repeated(40), {}),
            "not the one of a plain array");
        const QByteArray order = "'fortran_order': False", shape = "'shape': (1,)",
                         descr = "'descr': '|u1'";
        for (const QByteArray &dictionary : std::initializer_list<QByteArray>{
                 "", "{", "{}", "[]", '{' + order + ", " + shape + '}',
                 '{' + descr + ", " + shape + '}', '{' + descr + ", " + order + '}',
                 '{' + descr + ", " + order + ", " + shape,
                 '{' + descr + ' ' + order + ", " + shape + '}',
                 '{' + descr + ", " + order + ", " + shape + ", " + shape + '}',
                 '{' + descr + ", " + order + ", " + shape + ", 'more': 1}",
                 '{' + descr + ", " + order + ", " + shape + "} x",
                 '{' + descr + ", " + order + ", 'shape': (1}",
                 '{' + descr + ", " + order + ", 'shape': 1}",
                 "{'descr': [('a', '<f4')], " + order + ", " + shape + '}',
                 '{' + descr + ", 'fortran_order': 0, " + shape + '}'})
            row(dictionary.isEmpty() ? "nothing" : dictionary.constData(),
                npyWith(dictionary, "\1"), "not the one of a plain array");
    }
    void refusesDamage()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, says);
        const auto header = read(bytes);
        QVERIFY(!header);
        QVERIFY(header.error().code == ErrorCode::BadInput);
        QCOMPARE(header.error().where, fileName);
        QVERIFY2(header.error().what.contains(says), qPrintable(header.error().what));
    }
};

QTEST_APPLESS_MAIN(TestNpyHeader)
#include "tst_npy_header.moc"
