#include "core/device/flashing/flash_sentences.h"
#include "core/device/flashing/tool_calls.h"
#include "core/device/flashing/tool_output.h"
#include "tests/support/fake_tools/tool_texts.h"

#include <QTest>

using namespace atomnet;
using namespace atomnet::test;
using Problem = FlashProblem;

namespace
{

ToolRun ended(const QByteArray &text, int exitCode)
{
    return {ToolRun::End::Finished, exitCode, QString::fromLatin1(text)};
}

} // namespace

class TestToolOutput : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesAreJudgedByTheirTextFirst_data()
    {
        QTest::addColumn<int>("tool");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<int>("problem");
        const auto row = [](const char *name, FlashTool tool, const QByteArray &text, int exitCode,
                            Problem problem) {
            QTest::newRow(name) << int(tool) << text << exitCode << int(problem);
        };
        const FlashTool st = FlashTool::StFlash, ocd = FlashTool::OpenOcd, dfu = FlashTool::DfuUtil;
        const QByteArray stGood = QByteArray(stFlashBegins) + stFlashErased + stFlashVerified;
        row("st-flash", st, stGood, 0, Problem::None);
        row("st-flash, reset fails behind it", st, stGood + stFlashResetFailed, 255, Problem::None);
        row("st-flash, ends well without having said so", st, stFlashBegins, 0, Problem::Failed);
        row("st-flash, no probe", st, stFlashNoProbe, 255, Problem::NoProbe);
        row("st-flash, no probe, exit code lies", st, stFlashNoProbe, 0, Problem::NoProbe);
        row("st-flash, permission", st, stFlashForbidden, 255, Problem::NoPermission);
        row("st-flash, no chip", st, stFlashNoTarget, 255, Problem::NoTarget);
        row("st-flash, protected", st, stFlashBegins + QByteArray(stFlashProtected), 255,
            Problem::Protected);
        row("st-flash, verify", st,
            stFlashBegins + (stFlashErased + QByteArray(stFlashVerifyFailed)), 255,
            Problem::VerifyFailed);
        row("st-flash, unplugged", st,
            stFlashBegins + (stFlashErased + QByteArray(stFlashUnplugged)), 255,
            Problem::Unplugged);
        row("st-flash, says nothing", st, {}, 0, Problem::Failed);
        row("st-flash, usage", st, "invalid command line\n", 255, Problem::Failed);
        const QByteArray ocdBegins = QByteArray(openOcdBegins) + openOcdConnected;
        const QByteArray ocdWrites = ocdBegins + openOcdProgramming;
        row("openocd", ocd, ocdWrites + openOcdVerified, 0, Problem::None);
        row("openocd, exit code lies", ocd, ocdWrites + openOcdVerified, 1, Problem::None);
        row("openocd, ends well without having verified", ocd, ocdWrites, 0, Problem::Failed);
        row("openocd, no probe", ocd, openOcdBegins + QByteArray(openOcdNoProbe), 1,
            Problem::NoProbe);
        row("openocd, permission", ocd, openOcdBegins + QByteArray(openOcdForbidden), 1,
            Problem::NoPermission);
        row("openocd, no chip", ocd, openOcdBegins + QByteArray(openOcdNoTarget), 1,
            Problem::NoTarget);
        row("openocd, protected", ocd, ocdWrites + openOcdProtected, 1, Problem::Protected);
        row("openocd, verify", ocd, ocdWrites + openOcdVerifyFailed, 1, Problem::VerifyFailed);
        row("openocd, verify, exit code lies", ocd, ocdWrites + openOcdVerifyFailed, 0,
            Problem::VerifyFailed);
        row("openocd, unplugged", ocd, ocdWrites + openOcdUnplugged, 1, Problem::Unplugged);
        row("openocd, wrong chip", ocd,
            ocdBegins + "Error: Cannot identify target as a STM32H7xx family.\n"
                        "** Programming Failed **\n",
            1, Problem::WrongChip);
        const QByteArray dfuGood =
            dfuUtilBegins +
            QByteArray("Opening DFU capable USB device...\n"
                       "Erase   \t[=========================] 100%        20480 bytes\n"
                       "Erase    done.\n"
                       "Download\t[=========================] 100%        20480 bytes\n"
                       "Download done.\n"
                       "File downloaded successfully\n");
        row("dfu-util", dfu, dfuGood, 0, Problem::None);
        row("dfu-util, 74 behind a success", dfu,
            dfuGood + "dfu-util: Error during download get_status (LIBUSB_ERROR_NO_DEVICE)\n", 74,
            Problem::None);
        row("dfu-util, no device", dfu, dfuUtilBegins + QByteArray(dfuUtilNoDevice), 74,
            Problem::NoProbe);
        row("dfu-util, several", dfu, dfuUtilBegins + QByteArray(dfuUtilSeveral), 74,
            Problem::SeveralProbes);
        row("dfu-util, permission", dfu, dfuUtilBegins + QByteArray(dfuUtilForbidden), 74,
            Problem::NoPermission);
        row("dfu-util, unplugged", dfu,
            dfuUtilBegins + QByteArray("Download\t[==       ]  20%         4096 bytes"
                                       "dfu-util: Error during download get_status "
                                       "(LIBUSB_ERROR_NO_DEVICE)\n"),
            74, Problem::Unplugged);
    }
    void writesAreJudgedByTheirTextFirst()
    {
        QFETCH(int, tool);
        QFETCH(QByteArray, text);
        QFETCH(int, exitCode);
        QFETCH(int, problem);
        QCOMPARE(int(judge(FlashTool(tool), ToolAction::Write, ended(text, exitCode))), problem);
    }

    void howAToolEndedCountsWhereItSaidNothing()
    {
        using End = ToolRun::End;
        const auto judged = [](End end) {
            return judge(FlashTool::StFlash, ToolAction::Write, {end, -1, {}});
        };
        QCOMPARE(judged(End::Missing), Problem::ToolMissing);
        QCOMPARE(judged(End::NotStarted), Problem::ToolMissing);
        QCOMPARE(judged(End::Crashed), Problem::Crashed);
        QCOMPARE(judged(End::Silent), Problem::Silent);
        QCOMPARE(judged(End::Cancelled), Problem::Cancelled);
        // Ended by us behind the last word: what it said before does not make it a success.
        QCOMPARE(judge(FlashTool::StFlash, ToolAction::Write,
                       {End::Cancelled, -1, QLatin1String(stFlashVerified)}),
                 Problem::Cancelled);
    }

    void readsNeedAGoodEnd()
    {
        QCOMPARE(judge(FlashTool::OpenOcd, ToolAction::Read, ended(openOcdDumped, 0)),
                 Problem::None);
        QCOMPARE(judge(FlashTool::OpenOcd, ToolAction::Read,
                       ended("Error: Failed to read memory at 0x08000000\n", 1)),
                 Problem::Failed);
        QCOMPARE(judge(FlashTool::StFlash, ToolAction::Read, ended("st-flash 1.7.0\n", 0)),
                 Problem::None);
        QCOMPARE(judge(FlashTool::StFlash, ToolAction::Read, ended("st-flash 1.7.0\n", 255)),
                 Problem::Failed);
    }

    void stInfoEndsWellWithoutAProbe()
    {
        QCOMPARE(judge(FlashTool::StFlash, ToolAction::Identify, ended(stInfoNone, 0)),
                 Problem::NoProbe);
        QCOMPARE(judge(FlashTool::StFlash, ToolAction::Identify, ended(stInfoF412, 0)),
                 Problem::None);
        QCOMPARE(judge(FlashTool::DfuUtil, ToolAction::Identify, ended(dfuUtilBegins, 0)),
                 Problem::NoProbe);
        QCOMPARE(judge(FlashTool::OpenOcd, ToolAction::Identify,
                       ended(openOcdBegins + QByteArray(openOcdOpenFailed), 1)),
                 Problem::NoProbe);
    }

    void chipsAreReadFromStInfo()
    {
        const auto chips = chipsIn(FlashTool::StFlash, stInfoTwo);
        QCOMPARE(chips.size(), std::size_t(2));
        QCOMPARE(chips[0].serial, QString("066BFF515049657187212124"));
        QCOMPARE(chips[0].chipId, chipF412);
        QCOMPARE(chips[1].serial, QString("002F00203438510B34313939"));
        QCOMPARE(chips[1].chipId, chipH743);
        QVERIFY(chipsIn(FlashTool::StFlash, stInfoNone).empty());
        QCOMPARE(chipsIn(FlashTool::StFlash, stInfoNoTarget).front().chipId, quint16(0));
        // Versions before 1.6 indent and order them otherwise.
        const auto old = chipsIn(FlashTool::StFlash, "Found 1 stlink programmers\n"
                                                     " serial: 303030303030303030303031\n"
                                                     "openocd: \"\\x30\\x30\"\n"
                                                     "  flash: 1048576 (pagesize: 16384)\n"
                                                     "   sram: 262144\n"
                                                     " chipid: 0x0449\n"
                                                     "  descr: F7 device\n");
        QCOMPARE(old.size(), std::size_t(1));
        QCOMPARE(old[0].chipId, chipF746);
    }

    void chipsAndProtectionAreReadFromOpenOcd()
    {
        const auto h743 = chipsIn(FlashTool::OpenOcd, openOcdH743);
        QCOMPARE(h743.size(), std::size_t(1));
        QCOMPARE(h743[0].chipId, chipH743);
        QCOMPARE(h743[0].protection, std::optional(0));
        QCOMPARE(chipsIn(FlashTool::OpenOcd, openOcdH743Protected).front().protection,
                 std::optional(1));
        const auto f746 = chipsIn(FlashTool::OpenOcd, openOcdF746);
        QCOMPARE(f746[0].chipId, chipF746);
        QCOMPARE(f746[0].protection, std::optional(0));
        const auto forEver = chipsIn(FlashTool::OpenOcd, "0xe0042000: 10006441 \n"
                                                         "0x40023c14: 0fffcced \n");
        QCOMPARE(forEver[0].protection, std::optional(2));
        QVERIFY(chipsIn(FlashTool::OpenOcd, openOcdNoTarget).empty());
        QVERIFY(chipsIn(FlashTool::OpenOcd, "0xe0042000: 00000000 \n").empty());
        QVERIFY(chipsIn(FlashTool::OpenOcd, "0xe0042000: ffffffff \n").empty());
    }

    void layoutsAreReadFromDfuUtil()
    {
        const auto chips = chipsIn(
            FlashTool::DfuUtil,
            "Found DFU: [0483:df11] ver=2200, devnum=2, cfg=1, intf=0, path=\"1-1\", alt=1, "
            "name=\"@Option Bytes  /0x1FFFC000/01*016 e\", serial=\"35\"\n"
            "Found DFU: [0483:df11] ver=2200, devnum=2, cfg=1, intf=0, path=\"1-1\", alt=0, "
            "name=\"@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg\", serial=\"35\"\n"
            "Found DFU: [0483:df11] ver=0200, devnum=3, cfg=1, intf=0, path=\"1-2\", alt=0, "
            "name=\"@Internal Flash   /0x08000000/16*128Kg\", serial=\"36\"\n");
        QCOMPARE(chips.size(), std::size_t(2));
        QCOMPARE(chips[0].serial, QString("35"));
        QCOMPARE(chips[0].firstSector, qint64(16 * 1024));
        QCOMPARE(chips[0].flashBytes, qint64(1024 * 1024));
        QCOMPARE(chips[1].firstSector, qint64(128 * 1024));
        QCOMPARE(chips[1].flashBytes, qint64(2048 * 1024));
    }

    void progressIsReadFromEachTool()
    {
        const auto share = [](FlashTool tool, const char *line) {
            return progressOf(tool, QString::fromLatin1(line)).value_or(-1);
        };
        QCOMPARE(share(FlashTool::StFlash, "3/ 12 pages written"), 0.25);
        QCOMPARE(share(FlashTool::StFlash, "5/  5 halfpages written"), 1.);
        QCOMPARE(share(FlashTool::StFlash, "512/2048 bytes written"), 0.25);
        QCOMPARE(share(FlashTool::StFlash, "0/0 pages written"), -1.);
        QCOMPARE(share(FlashTool::StFlash, "Starting verification"), -1.);
        QCOMPARE(share(FlashTool::DfuUtil, "Download\t[======      ]  50%  2048 bytes"), 0.75);
        QCOMPARE(share(FlashTool::DfuUtil, "Erase   \t[======      ]  50%  2048 bytes"), 0.25);
        QCOMPARE(share(FlashTool::DfuUtil, "Upload\t[============] 100%  2048 bytes"), 1.);
        QCOMPARE(share(FlashTool::OpenOcd, "** Programming Finished **"), 0.7);
        QCOMPARE(share(FlashTool::OpenOcd, "Info : clock speed 1800 kHz"), -1.);
    }

    void complaintsAreWhatTheToolSaidLast()
    {
        QCOMPARE(complaintOf(stFlashNoProbe),
                 QString("WARN usb.c: Couldn't find any ST-Link devices"));
        QCOMPARE(complaintOf(QLatin1String(dfuUtilBegins) + dfuUtilNoDevice),
                 QString("dfu-util: No DFU capable USB device available"));
        QCOMPARE(complaintOf("fine\n"), QString());
    }

    void everyProblemHasASentence()
    {
        for (const BoardVariant &variant : boardVariants())
            for (int tool = 0; tool < 3; ++tool)
                for (int problem = 1; problem <= int(Problem::Failed); ++problem) {
                    const QString text = flashSentence(Problem(problem), FlashTool(tool), variant);
                    QVERIFY2(text.size() > 15 && !text.contains('%'), qPrintable(text));
                }
        QVERIFY(flashSentence(Problem::None, FlashTool::StFlash, boardVariants()[0]).isEmpty());
    }

    void unlockingIsAdvisedWithItsPrice()
    {
        const auto advice = [](const char *id, FlashTool tool) {
            return flashSentence(Problem::Protected, tool, *boardVariant(QString::fromLatin1(id)));
        };
        const QString f4 = advice("stm32f412-nucleo", FlashTool::StFlash);
        QVERIFY2(f4.contains("erases the whole chip") && f4.contains("stm32f2x unlock 0"),
                 qPrintable(f4));
        QVERIFY(advice("stm32h743", FlashTool::OpenOcd).contains("stm32h7x unlock 0"));
        QVERIFY(advice("stm32h743", FlashTool::DfuUtil).contains("unprotect:force"));
    }

    void commandLinesNameTheProbe()
    {
        const BoardVariant variant = *boardVariant("stm32h743-nucleo");
        Probe probe{Probe::Kind::StLink, "ST-LINK/V3", "002F0020", 0x0483, 0x374e, 0, {}};
        QCOMPARE(
            writeCall(FlashTool::StFlash, variant, probe, "/t/1.bin"),
            (ToolCall{"st-flash",
                      {"--reset", "--serial", "002F0020", "write", "/t/1.bin", "0x08000000"}}));
        QCOMPARE(
            readCall(FlashTool::StFlash, variant, probe, "/t/1.bin", 65536),
            (ToolCall{"st-flash",
                      {"--serial", "002F0020", "read", "/t/1.bin", "0x08000000", "0x00010000"}}));
        const ToolCall program = writeCall(FlashTool::OpenOcd, variant, probe, "/t t/1.bin");
        QCOMPARE(program.arguments.mid(0, 2), QStringList({"-f", "board/st_nucleo_h743zi.cfg"}));
        QVERIFY(program.arguments.contains("adapter serial 002F0020"));
        QCOMPARE(program.arguments.last(), "program {/t t/1.bin} verify reset exit 0x08000000");
        probe.serial = QString::fromLatin1("H\xff\x06u");
        QVERIFY(!writeCall(FlashTool::StFlash, variant, probe, "x").arguments.contains("--serial"));
        const Probe rom{Probe::Kind::Dfu, "DFU", "357A", 0x0483, 0xdf11, 0, {}};
        QCOMPARE(writeCall(FlashTool::DfuUtil, variant, rom, "x"),
                 (ToolCall{
                     "dfu-util",
                     {"-d", "0483:df11", "-a", "0", "-S", "357A", "-s", "0x08000000", "-D", "x"}}));
        QCOMPARE(readCall(FlashTool::DfuUtil, variant, rom, "x", 1024, true).arguments.mid(6),
                 QStringList({"-s", "0x08000000:1024:leave", "-U", "x"}));
    }
};

QTEST_APPLESS_MAIN(TestToolOutput)
#include "tst_tool_output.moc"
