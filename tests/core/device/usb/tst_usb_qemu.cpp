#include "core/device/operator_request.h"
#include "core/device/process_link.h"
#include "core/device/usb_link.h"
#include "tests/core/device/pointwise_operator.h"
#include "tests/support/emulated_usb.h"

#include <QTest>
#include <QThread>

using namespace atomnet;
using namespace atomnet::test;

namespace
{

QByteArray emulatorCommand()
{
    const QString qemu = EmulatorLink::program();
    const auto image = firmwareFile(QStringLiteral("profiler-qemu-m7.elf"));
    if (qemu.isEmpty() || !image) return {};
    return (QStringLiteral("'") + qemu + QStringLiteral("' ") +
            EmulatorLink::arguments(QStringLiteral("qemu-m7"), *image).join(QLatin1Char(' ')))
        .toLocal8Bit();
}

} // namespace

/// An emulated connector with an emulated board behind it: the firmware's image in QEMU.
class TestUsbQemu : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void pulledOutWhileItMeasuresAndPutBack();
};

void TestUsbQemu::initTestCase()
{
    if (!test::usbIsEmulated() || emulatorCommand().isEmpty())
        QSKIP("umockdev, qemu-system-arm or arm-none-eabi-gcc is not installed");
}

void TestUsbQemu::pulledOutWhileItMeasuresAndPutBack()
{
    auto board = Session::open(std::make_unique<UsbLink>(QString()));
    QVERIFY2(board, complaint(board).constData());
    QCOMPARE(board->info().board, QStringLiteral("qemu-m7"));
    const auto trusted = board->trust();
    QVERIFY2(trusted, complaint(trusted).constData());
    const auto before = board->run(pointwise(8, 16), 2);
    QVERIFY2(before, complaint(before).constData());
    QCOMPARE(before->unit, SampleUnit::Instructions);

    const std::unique_ptr<QThread> other(QThread::create([] {
        QThread::msleep(100);
        QVERIFY(orderUsb("unplug 0"));
        QThread::msleep(200);
        QVERIFY(orderUsb("plug 0"));
    }));
    other->start();
    const auto gone =
        board->run(pointwise(40, 64), 100); // takes half a minute when nothing happens
    QVERIFY(!gone);
    QCOMPARE(gone.error().fault, LinkFault::Gone);
    const auto back = board->reconnect(10'000);
    other->wait();
    QVERIFY2(back, complaint(back).constData());
    const auto after = board->run(pointwise(8, 16), 2);
    QVERIFY2(after, complaint(after).constData());
    QCOMPARE(after->median, before->median);
}

int main(int argc, char **argv)
{
    if (const QByteArray command = emulatorCommand(); !command.isEmpty())
        test::emulateUsb(argv, {{"QEMU0001", command}});
    const QCoreApplication app(argc, argv);
    TestUsbQemu test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_usb_qemu.moc"
