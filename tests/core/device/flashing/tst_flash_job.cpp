#include "core/device/flashing/flash_job.h"
#include "tests/core/device/flashing/example_images.h"
#include "tests/support/fake_tools/fake_tools.h"
#include "tests/support/fake_tools/tool_texts.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTest>

using namespace atomnet;
using namespace atomnet::test;

namespace
{

const QByteArray stGood = QByteArray(stFlashBegins) + stFlashErased + stFlashVerified;
const QByteArray ocdBegins = QByteArray(openOcdBegins) + openOcdConnected;
const QByteArray ocdWrites = ocdBegins + openOcdProgramming;
constexpr auto serialF412 = "066BFF515049657187212124";

Result<QString> answers(const FlashRequest &, const RunControl &)
{
    return QStringLiteral("STM32F412 at 100 MHz");
}

Result<QString> neverAsked(const FlashRequest &, const RunControl &)
{
    return fail(ErrorCode::Device, QStringLiteral("asked for a hello"));
}

} // namespace

/// Whole flashings, through tools that replay.
class TestFlashJob : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<FakeTools> m_tools;
    FlashRequest m_request;
    QByteArray m_image, m_before;

    Result<FlashReport> run(const RunControl &control = {}, const FlashHello &hello = answers)
    {
        return flashWith(m_request, false, hello, control, {});
    }
    QString failure(const RunControl &control = {})
    {
        const auto report = run(control);
        return report ? QStringLiteral("it worked") : report.error().what;
    }
    void write(const QString &name, const QByteArray &bytes)
    {
        QFile file(m_tools->file(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write");
    }
    QByteArray read(const QString &name)
    {
        QFile file(m_tools->file(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    bool written(const QString &tool = {}) const
    {
        for (const QString &call : m_tools->calls()) {
            const bool writes =
                call.contains(" write ") || call.contains("program ") || call.contains(" -D ");
            if (writes && call.startsWith(tool)) return true;
        }
        return false;
    }
    void throughOpenOcd(const char *identified = openOcdH743)
    {
        m_request.variant = *boardVariant("stm32h743-nucleo");
        m_request.probe = {Probe::Kind::StLink, "ST-LINK/V3", "002F", 0x0483, 0x374e, 0, {}};
        m_before = exampleProgram(2048 * 1024, 5);
        m_tools->setFlash(m_before);
        m_tools->remove("st-flash");
        m_tools->set("openocd", "identify", {ocdBegins + identified});
        m_tools->set("openocd", "read", {ocdBegins + openOcdDumped});
        m_tools->set("openocd", "write", {ocdWrites + openOcdVerified});
    }

private Q_SLOTS:
    void init()
    {
        m_tools = std::make_unique<FakeTools>();
        m_tools->set("st-info", "identify", {stInfoF412});
        m_tools->set("st-flash", "read", {"st-flash 1.7.0\n"});
        m_tools->set("st-flash", "write", {stGood});
        m_before = exampleProgram(100 * 1024, 3) + erasedFlash(924 * 1024);
        m_tools->setFlash(m_before);
        m_image = exampleProfiler();
        write("profiler.bin", m_image);
        m_request = {};
        m_request.variant = *boardVariant("stm32f412-nucleo");
        m_request.probe = {Probe::Kind::StLink, "ST-LINK/V2-1", serialF412, 0x0483, 0x374b, 0, {}};
        m_request.image = m_tools->file("profiler.bin");
    }
    void cleanup() { m_tools.reset(); }

    void theImageIsInFlashByteForByte()
    {
        std::vector<double> shares;
        const auto report = run({{}, [&](double share) { shares.push_back(share); }});
        QVERIFY2(report, qPrintable(failure()));
        QVERIFY(report->tool == FlashTool::StFlash);
        QCOMPARE(report->bytes, m_image.size());
        QCOMPARE(report->firmware, QString("STM32F412 at 100 MHz"));
        QVERIFY(report->log.contains("jolly good!"));
        QCOMPARE(m_tools->flash().left(m_image.size()), m_image);
        QCOMPARE(m_tools->flash().mid(m_image.size()), m_before.mid(m_image.size()));
        QVERIFY(std::is_sorted(shares.begin(), shares.end()));
        QVERIFY(shares.size() > 4);
        QCOMPARE(shares.back(), 1.);
        const QStringList calls = m_tools->calls();
        QCOMPARE(calls.first(), QString("st-info --probe"));
        QVERIFY(
            calls.last().startsWith(QString("st-flash --reset --serial %1 write").arg(serialF412)));
    }

    void openOcdWritesBothBanks()
    {
        throughOpenOcd();
        m_request.variant.image.clear();
        m_image = exampleProgram(2048 * 1024, 9);
        write("profiler.bin", m_image);
        const auto report = run({}, neverAsked); // not our firmware: nobody to say hello to
        QVERIFY2(report, qPrintable(failure()));
        QVERIFY(report->tool == FlashTool::OpenOcd);
        QVERIFY(report->firmware.isEmpty());
        QCOMPARE(m_tools->flash(), m_image);
    }

    void exitCodesLieInBothDirections()
    {
        m_tools->set("st-flash", "write", {stGood + stFlashResetFailed, 255});
        QVERIFY(run());
        m_tools->set("st-flash", "write", {QByteArray(stFlashBegins), 0});
        QVERIFY(failure().startsWith("st-flash failed"));
        m_tools->set("st-info", "identify", {stInfoNone, 0});
        QVERIFY(failure().contains("finds no ST-LINK"));
    }

    void anotherChipIsRefusedBeforeAnythingIsWritten()
    {
        m_request.variant = *boardVariant("stm32f746-discovery");
        const QString what = failure();
        QVERIFY2(what.contains("0x441") && what.contains("0x449") &&
                     what.contains("stm32f412-nucleo"),
                 qPrintable(what));
        QVERIFY(!written());
        throughOpenOcd(openOcdF746);
        QVERIFY(failure().contains("0x449"));
        QVERIFY(!written());
        QCOMPARE(m_tools->flash(), m_before);
    }

    void theChipIsThatOfTheProbeThatWasNamed()
    {
        m_tools->set("st-info", "identify", {stInfoTwo});
        QVERIFY(run());
        m_request.probe.serial = "002F00203438510B34313939";
        QVERIFY(failure().contains("0x450"));
        m_request.probe.serial.clear();
        QVERIFY(failure().contains("more than one"));
        m_request.probe.serial = "99";
        QVERIFY(failure().contains("finds no"));
    }

    void aChipThatDoesNotAnswerIsNotWritten()
    {
        m_tools->set("st-info", "identify", {stInfoNoTarget});
        QVERIFY(failure().contains("no chip answers"));
        throughOpenOcd(openOcdNoTarget);
        m_tools->set("openocd", "identify", {QByteArray(openOcdBegins) + openOcdNoTarget, 1});
        QVERIFY(failure().contains("no chip answers"));
        QVERIFY(!written());
    }

    void readProtectionIsSaidAndNeverRemoved()
    {
        m_tools->set("st-flash", "write",
                     {QByteArray(stFlashBegins) + stFlashProtected, 255, false});
        const QString st = failure();
        QVERIFY2(st.contains("protected") && st.contains("nothing was written"), qPrintable(st));
        throughOpenOcd(openOcdH743Protected);
        const QString ocd = failure();
        QVERIFY2(ocd.contains("stm32h7x unlock 0") && ocd.contains("erases the whole chip"),
                 qPrintable(ocd));
        QVERIFY(!written("openocd")); // found before
        for (const QString &call : m_tools->calls())
            QVERIFY(!call.contains("unlock") && !call.contains("unprotect"));
        throughOpenOcd("0x5c001000: 20036450 \n0x5200201c: 1406ccf0 \n");
        QVERIFY(failure().contains("for ever"));
    }

    void whatDoesNotVerifyIsNoSuccess()
    {
        m_tools->set("st-flash", "write",
                     {QByteArray(stFlashBegins) + stFlashErased + stFlashVerifyFailed, 255});
        const QString what = failure();
        QVERIFY2(what.contains("reads back otherwise") && what.contains("partly written"),
                 qPrintable(what));
        throughOpenOcd();
        m_tools->set("openocd", "write", {ocdWrites + openOcdVerifyFailed, 0});
        QVERIFY(failure().contains("reads back otherwise"));
    }

    void anUnplugInTheMiddleSaysWhatIsLeft()
    {
        m_tools->set("st-flash", "write",
                     {QByteArray(stFlashBegins) + stFlashErased + stFlashUnplugged, 255, false});
        const QString what = failure();
        QVERIFY2(what.contains("connection") && what.contains("partly written") &&
                     what.contains("flash once more"),
                 qPrintable(what));
        m_tools->set("st-flash", "write", {stFlashNoProbe, 255, false});
        QVERIFY(failure().contains("nothing was written"));
    }

    void cancellingASlowToolIsQuickAndSaysWhatIsLeft()
    {
        m_tools->set("st-flash", "write",
                     {QByteArray(stFlashBegins) + stFlashErased, 0, false, 30});
        QElapsedTimer sinceCancel;
        bool cancel = false;
        const auto report = flashWith(m_request, false, answers, {[&] { return cancel; }, {}},
                                      [&](const QString &line) {
                                          if (!line.contains("enabling 32-bit") || cancel) return;
                                          cancel = true;
                                          sinceCancel.start();
                                      });
        const qint64 took = sinceCancel.elapsed();
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::Cancelled);
        QVERIFY2(report.error().what.contains("partly written"), qPrintable(report.error().what));
        QVERIFY2(took < 1000, qPrintable(QString::number(took)));
    }

    void missingToolsAreNamed()
    {
        m_tools->remove("st-info");
        QVERIFY(failure().contains("apt install stlink-tools"));
        m_tools->remove("st-flash");
        QVERIFY(failure().contains("stlink-tools openocd"));
    }

    void aBackupIsMadeFirstAndIsWhole()
    {
        m_request.backup = m_tools->file("backup.bin");
        QVERIFY(run());
        QCOMPARE(read("backup.bin"), m_before);
        const QStringList calls = m_tools->calls();
        QCOMPARE(calls.size(), 3);
        QVERIFY(calls[1].contains(" read ") && calls[1].endsWith("0x00100000"));
        QVERIFY(calls[2].contains(" write "));
    }

    void withoutItsBackupNothingIsFlashed()
    {
        m_request.backup = m_tools->file("backup.bin");
        m_tools->set("st-flash", "read",
                     {"st-flash 1.7.0\n", 0, false}); // says nothing, reads nothing
        QVERIFY(!run());
        m_tools->setFlash(m_before.left(1000)); // ends early
        m_tools->set("st-flash", "read", {"st-flash 1.7.0\n"});
        QVERIFY(failure().contains("read 1000 bytes of Flash instead of 1048576"));
        m_tools->setFlash(m_before);
        m_request.backup = m_tools->file("no folder/backup.bin");
        QVERIFY(failure().contains("nothing was flashed"));
        m_request.backup = m_request.image; // is there
        QVERIFY(failure().contains("exists already"));
        QVERIFY(!written());
        QVERIFY(read("backup.bin").isEmpty());
    }

    void whatWasBackedUpComesBack()
    {
        m_request.backup = m_tools->file("backup.bin");
        QVERIFY(run());
        QVERIFY(m_tools->flash() != m_before);
        FlashRequest back = m_request;
        back.image = m_request.backup;
        back.backup.clear();
        const auto report = flashWith(back, true, neverAsked, {}, {});
        QVERIFY(report);
        QCOMPARE(report->bytes, m_before.size());
        QCOMPARE(m_tools->flash(), m_before);
    }

    void aBoardWithoutAnAnswerIsNotFlashedWell()
    {
        const auto report = run({}, neverAsked);
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::Device);
        QCOMPARE(report.error().what, QString("asked for a hello"));
    }

    void badImagesNeverReachATool()
    {
        write("profiler.bin", "no image");
        QVERIFY(!run());
        QVERIFY(m_tools->calls().isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestFlashJob)
#include "tst_flash_job.moc"
