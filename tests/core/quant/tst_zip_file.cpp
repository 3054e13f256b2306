#include "core/quant/zip_file.h"

#include "tests/core/quant/file_bytes.h"

#include <QBuffer>
#include <QTest>

using namespace atomnet;
using test::zipOf;

namespace
{

const QString fileName = QStringLiteral("x.npz");

Result<QByteArray> unpacked(QIODevice &device, const ZipEntry &entry, qint64 step)
{
    const auto stream = openZipEntry(device, entry, fileName);
    if (!stream) return tl::make_unexpected(stream.error());
    QByteArray all;
    while (all.size() < (*stream)->size()) {
        QByteArray part(std::min<qint64>(step, (*stream)->size() - all.size()), '\0');
        if (const Result<> done = (*stream)->read(part.data(), part.size()); !done)
            return tl::make_unexpected(done.error());
        all += part;
    }
    char more = 0;
    if ((*stream)->read(&more, 1)) return fail(ErrorCode::BadInput, QStringLiteral("endless"));
    return all;
}

/// Everything in it, or the first error.
Result<QByteArrayList> contents(const QByteArray &bytes, qint64 step = 1000)
{
    QBuffer buffer;
    buffer.setData(bytes);
    buffer.open(QIODevice::ReadOnly);
    const auto entries = readZipDirectory(buffer, fileName);
    if (!entries) return tl::make_unexpected(entries.error());
    QByteArrayList all;
    for (const ZipEntry &entry : *entries) {
        const auto one = unpacked(buffer, entry, step);
        if (!one) return tl::make_unexpected(one.error());
        all << *one;
    }
    return all;
}

QByteArray longText()
{
    QByteArray text;
    for (int i = 0; i < 60'000; ++i)
        text += QByteArray::number(i * 7 % 1009 * i % 8191);
    return text;
}

/// The directory's record of the only file; its fields by their offsets.
template <class T>
QByteArray changed(QByteArray bytes, int field, T value)
{
    const qsizetype record = bytes.lastIndexOf("PK\1\2");
    return bytes.replace(record + field, qsizetype(sizeof value), test::littleEndian(value));
}

} // namespace

class TestZipFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void unpacksStoredAndDeflated()
    {
        const QByteArray text = longText();
        const QByteArray bytes = zipOf(
            {{"a", text}, {"b", text, true}, {"empty", {}}, {"c", "short", true}}, "a comment");
        for (const qint64 step : {1, 4096, 1 << 20}) {
            const auto all = contents(bytes, step);
            QVERIFY2(all, all ? "" : qPrintable(all.error().message()));
            QVERIFY(*all == QByteArrayList({text, text, {}, "short"}));
        }
        QCOMPARE(contents(zipOf({}))->size(), 0);
    }

    void refusesDamage_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const QByteArray &bytes, const char *says) {
            QTest::newRow(name) << bytes << QString::fromLatin1(says);
        };
        const QByteArray stored = zipOf({{"a", longText()}});
        const QByteArray deflated = zipOf({{"a", longText(), true}});
        const char *const damaged = "the zip is cut or damaged";
        row("empty", {}, damaged);
        row("text", "PK is how a zip begins", damaged);
        row("cut", stored.chopped(1), damaged);
        row("without its start", stored.mid(20), damaged);
        row("a wrong checksum, stored", changed(stored, 16, quint32(1)), damaged);
        row("a wrong checksum, deflated", changed(deflated, 16, quint32(1)), damaged);
        row("more than is packed", changed(deflated, 24, quint32(4'000'000'000U)), damaged);
        row("less than is packed", changed(deflated, 24, quint32(1000)), damaged);
        row("stored of two sizes", changed(stored, 24, quint32(1000)), damaged);
        row("data beyond the end", changed(stored, 20, quint32(4'000'000'000U)), damaged);
        row("a header beyond the end", changed(stored, 42, quint32(4'000'000'000U)), damaged);
        row("a long name", changed(stored, 28, quint16(65'535)), damaged);
        QByteArray broken = deflated;
        broken.replace(200, 40, QByteArray(40, '\xff'));
        row("broken bits", broken, damaged);
        row("encrypted", changed(stored, 8, quint16(1)), "it is encrypted");
        row("another method", changed(stored, 10, quint16(12)), "packed by method 12");
        row("zip64 in the file", changed(stored, 24, quint32(0xFFFFFFFF)),
            "(zip64), which is not read");
        QByteArray many = stored;
        many.replace(many.size() - 12, 2, "\xff\xff");
        row("zip64 in the directory", many, "(zip64), which is not read");
        many.replace(many.size() - 12, 2, QByteArray("\2\0", 2));
        row("fewer files than claimed", many, damaged);
    }
    void refusesDamage()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, says);
        const auto all = contents(bytes);
        QVERIFY(!all);
        QVERIFY(all.error().code == ErrorCode::BadInput);
        QCOMPARE(all.error().where, fileName);
        QVERIFY2(all.error().what.contains(says), qPrintable(all.error().what));
    }
};

QTEST_APPLESS_MAIN(TestZipFile)
#include "tst_zip_file.moc"
