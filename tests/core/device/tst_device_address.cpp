#include "core/device/device_address.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace atomnet;
using Kind = DeviceAddress::Kind;

/// What --device takes, and where images are looked for.
class TestDeviceAddress : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void linksSayWhereTheyGo();
    void imagesAreFoundInTheFolderThatIsNamed();
    void anAbsentImageSaysWhatToInstall();
};

void TestDeviceAddress::reads_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("detail");
    QTest::addColumn<int>("baud");
    const auto row = [](const char *text, Kind kind, const char *detail, int baud) {
        QTest::newRow(text) << int(kind) << QString::fromLatin1(detail) << baud;
    };
    row("usb", Kind::Usb, "", 0);
    row("usb:0123:4", Kind::Usb, "0123:4", 0);
    row("serial:/dev/ttyACM0", Kind::Serial, "/dev/ttyACM0", 0);
    row("serial:COM3@115200", Kind::Serial, "COM3", 115200);
    row("serial:/dev/by@id/x@2250000", Kind::Serial, "/dev/by@id/x", 2250000);
    row("qemu-m4", Kind::Emulator, "qemu-m4", 0);
    row("qemu-m7", Kind::Emulator, "qemu-m7", 0);
    row("program:/a b/c", Kind::Program, "/a b/c", 0);
}

void TestDeviceAddress::reads()
{
    QFETCH(int, kind);
    QFETCH(QString, detail);
    QFETCH(int, baud);
    const QString text = QString::fromLatin1(QTest::currentDataTag());
    const auto address = deviceAddress(text);
    QVERIFY2(address, qPrintable(address ? QString() : address.error().message()));
    QCOMPARE(int(address->kind), kind);
    QCOMPARE(address->detail, detail);
    QCOMPARE(address->baud, baud);
    QCOMPARE(toString(*address), text);
}

void TestDeviceAddress::refuses_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text :
         {"", "usb:", "USB", "serial", "serial:", "serial:@9600", "serial:/dev/x@",
          "serial:/dev/x@fast", "serial:/dev/x@10", "serial:/dev/x@99999999999", "qemu-m3",
          "qemu-m7:x", "program:", "tcp:host", ":"})
        QTest::newRow(text) << QString::fromLatin1(text);
}

void TestDeviceAddress::refuses()
{
    QFETCH(QString, text);
    const auto address = deviceAddress(text);
    QVERIFY(!address);
    QCOMPARE(address.error().code, ErrorCode::Usage);
    QVERIFY(address.error().what.contains(text));
}

void TestDeviceAddress::linksSayWhereTheyGo()
{
    for (const auto &[text, part] :
         {std::pair("usb:77", "serial 77"), std::pair("serial:/dev/ttyACM9", "/dev/ttyACM9"),
          std::pair("qemu-m4", "qemu-m4"), std::pair("program:/bin/x", "/bin/x")}) {
        const auto address = deviceAddress(QLatin1String(text));
        QVERIFY(address);
        const std::unique_ptr<Link> link = makeLink(*address);
        QVERIFY2(link->name().contains(QLatin1String(part)), qPrintable(link->name()));
    }
}

void TestDeviceAddress::imagesAreFoundInTheFolderThatIsNamed()
{
    const QTemporaryDir folder;
    QFile image(folder.filePath(QStringLiteral("some.elf")));
    QVERIFY(image.open(QIODevice::WriteOnly));
    qputenv("ATOMNET_FIRMWARE_DIR", QFile::encodeName(folder.path()));
    const auto found = firmwareFile(QStringLiteral("some.elf"));
    qunsetenv("ATOMNET_FIRMWARE_DIR");
    QVERIFY(found);
    QCOMPARE(*found, image.fileName());
}

void TestDeviceAddress::anAbsentImageSaysWhatToInstall()
{
    const QTemporaryDir folder;
    qputenv("ATOMNET_FIRMWARE_DIR", QFile::encodeName(folder.path()));
    const auto absent = firmwareFile(QStringLiteral("profiler-qemu-m7.elf"));
    auto address = deviceAddress(QStringLiteral("qemu-m7"));
    QVERIFY(address);
    const auto opened = makeLink(*address)->open();
    qunsetenv("ATOMNET_FIRMWARE_DIR");
    QVERIFY(!absent);
    QCOMPARE(absent.error().code, ErrorCode::Device);
    QVERIFY(absent.error().what.contains(u"gcc-arm-none-eabi"));
    QVERIFY(!opened); // for lack of the image, or of QEMU
    QCOMPARE(opened.error().fault, LinkFault::NotInstalled);
}

QTEST_GUILESS_MAIN(TestDeviceAddress)
#include "tst_device_address.moc"
