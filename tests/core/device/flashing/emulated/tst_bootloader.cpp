#include "core/device/flashing/flash_job.h"
#include "tests/core/device/flashing/example_images.h"
#include "tests/support/dfu_emulator.h"
#include "tests/support/hostile_system.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QTest>

using namespace atomnet;
using namespace atomnet::test;

namespace
{

Result<QString> answers(const FlashRequest &, const RunControl &)
{
    return QStringLiteral("STM32F412 at 100 MHz");
}

DfuRom::Options h743()
{
    DfuRom::Options options;
    options.layout = "/0x08000000/16*128Kg";
    options.sectorsKib.assign(16, 128);
    return options;
}

} // namespace

/// Boards in their bootloader: the real dfu-util through libusb against an emulated ROM.
class TestBootloader : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    FlashRequest m_request;
    QByteArray m_image;

    QString file(const QString &name) const { return m_folder.filePath(name); }
    void write(const QString &name, const QByteArray &bytes) const
    {
        QFile opened(file(name));
        if (!opened.open(QIODevice::WriteOnly) || opened.write(bytes) != bytes.size())
            qFatal("cannot write");
    }
    QByteArray read(const QString &name) const
    {
        QFile opened(file(name));
        return opened.open(QIODevice::ReadOnly) ? opened.readAll() : QByteArray();
    }
    Result<FlashReport> run(const RunControl &control = {})
    {
        return flashWith(m_request, false, answers, control, {});
    }
    QString failure(const RunControl &control = {})
    {
        const auto report = run(control);
        return report ? QStringLiteral("it worked:\n") + report->log : report.error().what;
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString why = whyNoUmockdev(); !why.isEmpty()) QSKIP(qPrintable(why));
        if (!isInstalled("dfu-util")) QSKIP("dfu-util is not installed");
    }
    void init()
    {
        m_image = exampleProfiler();
        write("image.bin", m_image);
        QFile::remove(file("backup.bin"));
        m_request = {};
        m_request.variant = *boardVariant("stm32f412-nucleo");
        m_request.probe = {
            Probe::Kind::Dfu, "STM32 bootloader (DFU)", "357A37593037", 0x0483, 0xdf11, 0, {}};
        m_request.image = file("image.bin");
    }

    void itIsFoundWithItsSerialNumber()
    {
        QVERIFY(findProbes().empty());
        const DfuEmulator board;
        const auto probes = findProbes();
        QCOMPARE(probes.size(), std::size_t(1));
        QCOMPARE(probes.front(), m_request.probe);
    }

    void withoutPermissionItIsFoundWithTheProblem()
    {
        const DfuEmulator board;
        QVERIFY(QFile::setPermissions(board.node(), {}));
        const OrdinaryUser user;
        const auto probes = findProbes();
        QCOMPARE(probes.size(), std::size_t(1));
        QVERIFY2(probes.front().problem.contains("permission"), qPrintable(probes.front().problem));
        QVERIFY(probes.front().problem.contains("--install-udev"));
    }

    void theImageIsInFlashByteForByteAndRuns()
    {
        DfuEmulator board;
        board.rom().flash.replace(0, 200 * 1024, exampleProgram(200 * 1024, 3));
        const QByteArray before = board.rom().flash;
        std::vector<double> shares;
        const auto report = run({{}, [&](double share) { shares.push_back(share); }});
        QVERIFY2(report, qPrintable(report ? QString() : report.error().what));
        QVERIFY(report->tool == FlashTool::DfuUtil);
        QCOMPARE(report->firmware, QString("STM32F412 at 100 MHz"));
        QCOMPARE(board.rom().flash.left(m_image.size()), m_image);
        QCOMPARE(board.rom().erases, 3); // 40 KiB are three sectors of 16 KiB
        QCOMPARE(board.rom().flash.mid(48 * 1024), before.mid(48 * 1024));
        QVERIFY(board.rom().left);
        QCOMPARE(board.rom().startAddress, 0x08000000u);
        QTRY_VERIFY(!board.pluggedIn());
        QVERIFY(shares.size() > 10);
        QVERIFY(std::is_sorted(shares.begin(), shares.end()));
    }

    void aBackupComesBackByteForByte()
    {
        DfuRom::Options small; // a smaller brother: reading and writing 1 MiB takes long
        small.layout = "/0x08000000/04*016Kg,01*064Kg";
        small.sectorsKib = {16, 16, 16, 16, 64};
        m_request.variant.flashBytes = 128 * 1024;
        DfuEmulator board(small);
        board.rom().flash.replace(0, 90 * 1024, exampleProgram(90 * 1024, 5));
        const QByteArray before = board.rom().flash;
        m_request.backup = file("backup.bin");
        const auto report = run();
        QVERIFY2(report, qPrintable(report ? QString() : report.error().what));
        QCOMPARE(read("backup.bin"), before);
        QVERIFY(board.rom().flash != before);
        board.plugIn();
        FlashRequest back = m_request;
        back.image = m_request.backup;
        back.backup.clear();
        const auto restored = flashWith(back, true, answers, {}, {});
        QVERIFY2(restored, qPrintable(restored ? QString() : restored.error().what));
        QCOMPARE(board.rom().flash, before);
    }

    void whatIsOnTheBoardIsDescribed()
    {
        DfuEmulator board;
        const auto contents = [&] {
            const RunControl control;
            FlashJob job(m_request, control);
            if (!job.choose(lookBytes) || !job.identify()) return QStringLiteral("no job");
            const auto flash = job.read(lookBytes);
            return flash ? toString(contentsOf(*flash)) : flash.error().what;
        };
        QCOMPARE(contents(), QString("nothing"));
        board.rom().flash.replace(0, m_image.size(), m_image);
        QCOMPARE(contents(), QString("the AtomNet profiler"));
        board.rom().flash.replace(0, 50 * 1024, exampleProgram(50 * 1024));
        QCOMPARE(contents(), QString("another program (50 KiB)"));
    }

    void anotherChipsBootloaderIsRefused()
    {
        DfuEmulator board(h743());
        QVERIFY(failure().contains("laid out otherwise"));
        QCOMPARE(board.rom().erases, 0);
        m_request.variant = *boardVariant("stm32h743-nucleo");
        QVERIFY2(run(), "the right one is taken");
    }

    void readProtectionIsSaidAndNeverRemoved()
    {
        DfuRom::Options options;
        options.readProtected = true;
        DfuEmulator board(options);
        QString what = failure();
        QVERIFY2(what.contains("protected") && what.contains("nothing was written") &&
                     what.contains("erases the whole chip"),
                 qPrintable(what));
        m_request.backup = file("backup.bin");
        what = failure();
        QVERIFY2(what.contains("protected"), qPrintable(what));
        QVERIFY(!QFile::exists(m_request.backup));
        QVERIFY(!board.rom().unprotected);
        QCOMPARE(board.rom().writes, 0);
    }

    void theAdvisedCommandUnlocks()
    {
        DfuRom::Options options;
        options.readProtected = true;
        DfuEmulator board(options);
        const QString what = failure();
        const qsizetype at = what.indexOf("dfu-util -d");
        QVERIFY(at >= 0);
        const QStringList words = what.mid(at).section(';', 0, 0).split(' ');
        const ToolRun unlock = runTool({words.first(), words.mid(1)}, 20'000);
        QVERIFY2(board.rom().unprotected, qPrintable(unlock.output));
        QTRY_VERIFY(!board.pluggedIn());
        board.plugIn();
        QVERIFY(run());
        QCOMPARE(board.rom().flash.left(m_image.size()), m_image);
    }

    void aWeakByteIsNoSuccess()
    {
        DfuRom::Options options;
        options.weakByte = 12345;
        DfuEmulator board(options);
        const QString what = failure();
        QVERIFY2(what.contains("reads back otherwise"), qPrintable(what));
    }

    void anUnplugInTheMiddleSaysWhatIsLeft()
    {
        DfuRom::Options options;
        options.unplugAfterBytes = 8192;
        DfuEmulator board(options);
        m_image = exampleProgram(300 * 1024);
        write("image.bin", m_image);
        const QString what = failure();
        QVERIFY2(what.contains("connection") && what.contains("partly written") &&
                     what.contains("BOOT0"),
                 qPrintable(what));
        QVERIFY(board.rom().writes >= 4);
        QVERIFY(board.rom().flash.left(m_image.size()) != m_image);
    }

    void cancellingIsQuick()
    {
        DfuEmulator board;
        m_image = exampleProgram(200 * 1024);
        write("image.bin", m_image);
        bool cancel = false;
        QElapsedTimer sinceCancel;
        const auto report = run({[&] { return cancel; },
                                 [&](double share) {
                                     if (share < 0.5 || cancel) return;
                                     cancel = true;
                                     sinceCancel.start();
                                 }});
        const qint64 took = sinceCancel.elapsed();
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::Cancelled);
        QVERIFY2(report.error().what.contains("partly written"), qPrintable(report.error().what));
        QVERIFY2(took < 1000, qPrintable(QString::number(took)));
    }

    void anotherProgramThatHasItIsSaid()
    {
        DfuEmulator board;
        board.setBusy(true);
        const QString what = failure();
        QVERIFY2(what.contains("another program uses"), qPrintable(what));
        board.setBusy(false);
        QVERIFY(run());
    }

    void nobodyThereIsSaid()
    {
        const QString what = failure();
        QVERIFY2(what.contains("finds no board in its bootloader"), qPrintable(what));
    }
};

int main(int argc, char **argv)
{
    underUmockdev(argv);
    QCoreApplication app(argc, argv);
    TestBootloader test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_bootloader.moc"
