#include "core/quant/weights.h"

#include "tests/core/quant/weight_bytes.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace atomnet;
using test::safetensorsOf;

namespace
{

const QString fileName = QStringLiteral("net.safetensors");

/// JSON with ' for ".
QByteArray json(const char *text)
{
    return QByteArray(text).replace('\'', '"');
}

} // namespace

class TestSafetensors : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void givesBackWhatWasWritten()
    {
        const std::vector<NamedTensor> tensors = test::trainedTensors();
        const auto file = readSafetensors(safetensorsOf(tensors), fileName);
        QVERIFY2(file, file ? "" : qPrintable(file.error().message()));
        QVERIFY(!file->inOrder && !file->normalisation && file->labels.isEmpty());
        QCOMPARE(file->tensors.size(), tensors.size());
        for (std::size_t i = 0; i < tensors.size(); ++i) {
            QCOMPARE(file->tensors[i].name, tensors[i].name);
            QCOMPARE(file->tensors[i].shape, tensors[i].shape);
            QCOMPARE(file->tensors[i].values, tensors[i].values);
        }
    }

    void readsHalves()
    {
        // 1, -2, the smallest subnormal, infinity as F16; 1, -2.5 as BF16.
        const QByteArray header = json("{'h':{'dtype':'F16','shape':[4],'data_offsets':[0,8]},"
                                       "'b':{'dtype':'BF16','shape':[2],'data_offsets':[8,12]}}");
        const QByteArray data = QByteArray::fromHex("003c00c00100007c"
                                                    "803f20c0");
        const auto file = readSafetensors(safetensorsOf(header, data), fileName);
        QVERIFY2(file, file ? "" : qPrintable(file.error().message()));
        const float infinity = std::numeric_limits<float>::infinity();
        QCOMPARE(file->tensors[0].values,
                 (std::vector<float>{1.0F, -2.0F, std::ldexp(1.0F, -24), infinity}));
        QCOMPARE(file->tensors[1].values, (std::vector<float>{1.0F, -2.5F}));
    }

    void otherTypesHaveNoValues()
    {
        const QByteArray header = json("{'n':{'dtype':'I64','shape':[],'data_offsets':[0,8]},"
                                       "'new':{'dtype':'F4','shape':[3],'data_offsets':[8,10]}}");
        const auto file = readSafetensors(safetensorsOf(header, QByteArray(10, '\1')), fileName);
        QVERIFY2(file, file ? "" : qPrintable(file.error().message()));
        QCOMPARE(file->tensors.size(), std::size_t{2});
        QVERIFY(file->tensors[0].values.empty() && file->tensors[1].values.empty());
    }

    void readsMetadata()
    {
        const auto file = readSafetensors(
            safetensorsOf(std::vector<NamedTensor>{},
                          json("{'mean':'0.5, 0.25,0','std':'1,2,4','labels':'[\\'a, "
                               "b\\',\\'ä\\']','format':'pt'}")),
            fileName);
        QVERIFY2(file, file ? "" : qPrintable(file.error().message()));
        QCOMPARE(file->normalisation, (Normalisation{{0.5F, 0.25F, 0.0F}, {1, 2, 4}}));
        QCOMPARE(file->labels, QStringList({QStringLiteral("a, b"), QStringLiteral("ä")}));
    }

    void refusesDamage_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const QByteArray &header, const char *says) {
            QTest::newRow(name) << safetensorsOf(header, QByteArray(16, '\0'))
                                << QString::fromLatin1(says);
        };
        const QByteArray whole = safetensorsOf({test::counting(QStringLiteral("w"), {2, 2})});
        QTest::newRow("empty") << QByteArray() << QStringLiteral("ends before its header");
        QTest::newRow("only a length")
            << whole.left(8) << QStringLiteral("but the file ends after 0");
        QTest::newRow("cut in the header")
            << whole.left(20) << QStringLiteral("but the file ends after 12");
        QTest::newRow("cut in the data")
            << whole.chopped(1)
            << QStringLiteral("\"w\" lies at bytes 0 to 16, but the data has 15");
        QTest::newRow("longer") << whole + 'x' << QStringLiteral("owns the last 1 bytes");
        QTest::newRow("a header of 2^63 bytes") << QByteArray(7, '\0') + QByteArray("\x80{}")
                                                << QStringLiteral("more than 100 million");
        row("not JSON", "{\"w\":}", "the header is not JSON (byte 5)");
        row("an array", "[]", "not a JSON object");
        row("a byte order mark", "\xEF\xBB\xBF{}", "not a JSON object");
        row("twice", json("{'w':{'dtype':'F32','shape':[4],'data_offsets':[0,16]},'w':1}"),
            "the key \"w\" is here twice");
        row("a number as tensor", json("{'w':1}"), "\"w\" is not an object");
        row("no shape", json("{'w':{'dtype':'F32','data_offsets':[0,16]}}"),
            "needs a dtype, a shape");
        row("three offsets", json("{'w':{'dtype':'F32','shape':[4],'data_offsets':[0,8,16]}}"),
            "two data_offsets");
        row("a negative side", json("{'w':{'dtype':'F32','shape':[-4],'data_offsets':[0,16]}}"),
            "whole numbers of at least 0");
        row("a side with a fraction",
            json("{'w':{'dtype':'F32','shape':[4.0],'data_offsets':[0,16]}}"),
            "whole numbers of at least 0");
        row("beyond 64 bits",
            json("{'w':{'dtype':'F32','shape':[4],'data_offsets':[0,18446744073709551632]}}"),
            "whole numbers of at least 0");
        row("beyond the file", json("{'w':{'dtype':'F32','shape':[4],'data_offsets':[16,32]}}"),
            "lies at bytes 16 to 32, but the data has 16");
        row("far beyond the file",
            json("{'w':{'dtype':'F32','shape':[4],'data_offsets':[9223372036854775792,"
                 "9223372036854775807]}}"),
            "but the data has 16");
        row("backwards", json("{'w':{'dtype':'F32','shape':[4],'data_offsets':[16,0]}}"),
            "lies at bytes 16 to 0");
        row("2^60",
            json("{'w':{'dtype':'F32','shape':[1152921504606846976],'data_offsets':[0,16]}}"),
            "claims the shape 1152921504606846976, more than a file can hold");
        // 2^32 * 2^32 = 0 and 2^62 * 4 bytes = 0 where 64 bits overflow
        row("a product that overflows",
            json("{'w':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,0]}}"),
            "claims the shape");
        row("other size", json("{'w':{'dtype':'F32','shape':[3],'data_offsets':[0,16]}}"),
            "\"w\" is 3 of type F32, but its data_offsets span 16 bytes");
        row("overlap",
            json("{'a':{'dtype':'U8','shape':[10],'data_offsets':[0,10]},'b':{'dtype':'U8','shape':"
                 "[10],'data_offsets':[6,16]}}"),
            "\"b\" overlaps the tensor before it");
        row("a gap",
            json("{'a':{'dtype':'U8','shape':[4],'data_offsets':[0,4]},'b':{'dtype':'U8','shape':["
                 "8],'data_offsets':[8,16]}}"),
            "no tensor owns the 4 bytes before \"b\"");
        row("a long name with a line feed", "{\"" + QByteArray(500, 'n') + "\\n\":1}",
            "nnn...\" is not an object");
        row("mean alone", json("{'__metadata__':{'mean':'0.5'}}"),
            "\"mean\" and \"std\" must both");
        row("no number", json("{'__metadata__':{'mean':'0.5,x','std':'1,1'}}"),
            "must both be numbers");
        row("std of 0", json("{'__metadata__':{'mean':'0.5','std':'0'}}"), "std above 0");
        row("an infinite mean", json("{'__metadata__':{'mean':'inf','std':'1'}}"),
            "must both be numbers");
        row("labels of numbers", json("{'__metadata__':{'labels':'[1,2]'}}"),
            "array of class names");
        row("labels cut", json("{'__metadata__':{'labels':'[\\'a\\''}}"), "array of class names");
    }
    void refusesDamage()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, says);
        const auto file = readSafetensors(bytes, fileName);
        QVERIFY(!file);
        QVERIFY(file.error().code == ErrorCode::BadInput);
        QCOMPARE(file.error().where, fileName);
        QVERIFY2(file.error().what.contains(says), qPrintable(file.error().what));
        QVERIFY(file.error().what.size() < 300 && !file.error().what.contains(QLatin1Char('\n')));
    }

    void everyCutIsRefused()
    {
        const QByteArray whole = safetensorsOf(test::trainedTensors());
        for (qsizetype size = 0; size < whole.size(); ++size)
            QVERIFY2(!readSafetensors(whole.left(size), fileName),
                     qPrintable(QString::number(size)));
    }

    void orderOfTheHeaderDoesNotMatter()
    {
        const QByteArray header = json("{'b':{'dtype':'F32','shape':[1],'data_offsets':[4,8]},"
                                       "'none':{'dtype':'F32','shape':[0,5],'data_offsets':[4,4]},"
                                       "'a':{'shape':[1],'data_offsets':[0,4],'dtype':'F32'}}");
        const auto file =
            readSafetensors(safetensorsOf(header, test::floatBytes({1, 2})), fileName);
        QVERIFY2(file, file ? "" : qPrintable(file.error().message()));
        QCOMPARE(file->tensors[0].values, std::vector<float>{2});
        QVERIFY(file->tensors[1].values.empty());
        QCOMPARE(file->tensors[2].values, std::vector<float>{1});
    }
};

QTEST_APPLESS_MAIN(TestSafetensors)
#include "tst_safetensors.moc"
