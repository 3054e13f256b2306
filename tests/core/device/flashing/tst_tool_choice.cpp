#include "core/device/flashing/tool_choice.h"
#include "tests/support/fake_tools/fake_tools.h"

#include <QTest>

using namespace atomnet;
using test::FakeTools;

namespace
{

constexpr qint64 kib = 1024;
const Probe stLink{Probe::Kind::StLink, "ST-LINK/V2-1", "066B", 0x0483, 0x374b, 0, {}};
const Probe stLink3{Probe::Kind::StLink, "ST-LINK/V3", "002F", 0x0483, 0x374e, 0, {}};
const Probe rom{Probe::Kind::Dfu, "STM32 bootloader (DFU)", "357A", 0x0483, 0xdf11, 0, {}};

} // namespace

class TestToolChoice : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theBestInstalledToolIsTaken()
    {
        FakeTools tools;
        const BoardVariant f412 = *boardVariant("stm32f412"), h743 = *boardVariant("stm32h743");
        tools.set("openocd", "write", {});
        QVERIFY(*chooseTool({}, f412, stLink, kib) == FlashTool::OpenOcd);
        tools.set("st-flash", "write", {});
        QVERIFY(*chooseTool({}, f412, stLink, kib) == FlashTool::StFlash);
        QVERIFY(*chooseTool({}, h743, stLink, 1024 * kib) == FlashTool::StFlash);
        // Only OpenOCD knows the H743's second bank.
        QVERIFY(*chooseTool({}, h743, stLink, 1024 * kib + 1) == FlashTool::OpenOcd);
        QCOMPARE(chooseTool({}, f412, rom, kib).error().code, ErrorCode::Device);
        tools.set("dfu-util", "write", {});
        QVERIFY(*chooseTool({}, f412, rom, kib) == FlashTool::DfuUtil);
    }

    void theOneAskedForIsTakenWhereItCan()
    {
        FakeTools tools;
        for (const char *name : {"st-flash", "openocd", "dfu-util"})
            tools.set(name, "write", {});
        const BoardVariant f412 = *boardVariant("stm32f412"), h743 = *boardVariant("stm32h743");
        QVERIFY(*chooseTool(FlashTool::OpenOcd, f412, stLink, kib) == FlashTool::OpenOcd);
        QCOMPARE(chooseTool(FlashTool::DfuUtil, f412, stLink, kib).error().code, ErrorCode::Usage);
        QCOMPARE(chooseTool(FlashTool::StFlash, f412, rom, kib).error().code, ErrorCode::Usage);
        const auto bank2 = chooseTool(FlashTool::StFlash, h743, stLink, 2048 * kib);
        QCOMPARE(bank2.error().code, ErrorCode::Usage);
        QVERIFY(bank2.error().what.contains("openocd"));
        tools.remove("openocd");
        const auto missing = chooseTool(FlashTool::OpenOcd, f412, stLink, kib);
        QCOMPARE(missing.error().code, ErrorCode::Device);
        QVERIFY(missing.error().what.contains("apt install openocd"));
    }

    void withoutAnyToolItIsSaidWhatToInstall()
    {
        const FakeTools tools;
        const auto tool = chooseTool({}, *boardVariant("stm32f412"), stLink, kib);
        QCOMPARE(tool.error().code, ErrorCode::Device);
        QVERIFY(tool.error().what.contains("stlink-tools"));
    }

    void theOnlyProbeNeedsNoName()
    {
        QCOMPARE(*chooseProbe({stLink}, {}, {}), stLink);
        QCOMPARE(*chooseProbe({stLink, rom}, {}, FlashTool::DfuUtil), rom);
        QCOMPARE(*chooseProbe({stLink, rom}, {}, FlashTool::OpenOcd), stLink);
    }

    void severalAreListed()
    {
        const auto probe = chooseProbe({stLink, stLink3}, {}, {});
        QCOMPARE(probe.error().code, ErrorCode::Usage);
        QVERIFY(probe.error().what.contains("--probe SERIAL"));
        QVERIFY(probe.error().what.contains("ST-LINK/V2-1 066B, ST-LINK/V3 002F"));
        QCOMPARE(*chooseProbe({stLink, stLink3}, "002f", {}), stLink3);
    }

    void noneAndWrongOnesAreDeviceFailures()
    {
        QVERIFY(chooseProbe({}, {}, {}).error().what.contains("cable"));
        const auto other = chooseProbe({stLink}, "99", {});
        QCOMPARE(other.error().code, ErrorCode::Device);
        QVERIFY(other.error().what.contains("066B"));
        Probe closed = stLink;
        closed.problem = "no permission to open it";
        QCOMPARE(chooseProbe({closed}, {}, {}).error().what, closed.problem);
    }
};

QTEST_APPLESS_MAIN(TestToolChoice)
#include "tst_tool_choice.moc"
