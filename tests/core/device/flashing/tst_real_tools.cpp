#include "core/device/flashing/tool_calls.h"
#include "core/device/flashing/tool_output.h"

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace atomnet;

namespace
{

constexpr int patienceMs = 20'000;
/// Nobody's, so that no board that happens to be connected is touched.
constexpr auto strangeSerial = "FEDCBA98765432100123";

QString programOf(FlashTool tool)
{
    return QStandardPaths::findExecutable(toString(tool));
}

/// The program and the libraries that it loads.
QByteArray codeOf(const QString &program)
{
    QProcess ldd;
    ldd.start(QStringLiteral("ldd"), {program});
    ldd.waitForFinished();
    QByteArray code;
    QStringList files{program};
    for (const QByteArray &line : ldd.readAllStandardOutput().split('\n'))
        if (const qsizetype at = line.indexOf("=> /"); at >= 0 && line.contains("stlink"))
            files << QString::fromLocal8Bit(line.mid(at + 3).split(' ').first());
    for (const QString &name : files)
        if (QFile file(name); file.open(QIODevice::ReadOnly)) code += file.readAll();
    return code;
}

} // namespace

/// The installed tools themselves, without a board: what they really say is understood.
class TestRealTools : public QObject
{
    Q_OBJECT

private:
    Probe strangeProbe(FlashTool tool) const
    {
        Probe probe;
        probe.serial = QString::fromLatin1(strangeSerial);
        const bool dfu = tool == FlashTool::DfuUtil;
        probe.kind = dfu ? Probe::Kind::Dfu : Probe::Kind::StLink;
        probe.vendor = 0x0483;
        probe.product = dfu ? 0xdf11 : 0x374b;
        return probe;
    }
    static void tools()
    {
        QTest::addColumn<int>("tool");
        QTest::newRow("st-flash") << int(FlashTool::StFlash);
        QTest::newRow("openocd") << int(FlashTool::OpenOcd);
        QTest::newRow("dfu-util") << int(FlashTool::DfuUtil);
    }

private Q_SLOTS:
    void withoutTheProbeNoneOfThemClaimsAnything_data() { tools(); }
    void withoutTheProbeNoneOfThemClaimsAnything()
    {
        QFETCH(int, tool);
        const auto which = FlashTool(tool);
        if (programOf(which).isEmpty()) QSKIP(qPrintable(toString(which) + " is not installed"));
        QTemporaryDir folder;
        const QString image = folder.filePath("image.bin");
        QFile file(image);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(QByteArray(4096, 'x')) == 4096);
        file.close();
        for (const BoardVariant &variant : boardVariants()) {
            const ToolRun write =
                runTool(writeCall(which, variant, strangeProbe(which), image), patienceMs);
            QCOMPARE(write.end, ToolRun::End::Finished);
            QVERIFY2(judge(which, ToolAction::Write, write) == FlashProblem::NoProbe,
                     qPrintable(write.output));
            if (which != FlashTool::OpenOcd) break; // only it has files for each board
        }
        const QString into = folder.filePath("read.bin");
        const ToolRun read = runTool(
            readCall(which, boardVariants().front(), strangeProbe(which), into, 1024), patienceMs);
        QVERIFY2(judge(which, ToolAction::Read, read) == FlashProblem::NoProbe,
                 qPrintable(read.output));
    }

    void lookingForChipsIsUnderstood_data() { tools(); }
    void lookingForChipsIsUnderstood()
    {
        QFETCH(int, tool);
        const auto which = FlashTool(tool);
        const ToolCall call = identifyCall(which, boardVariants().front(), strangeProbe(which));
        if (!isInstalled(call.program)) QSKIP(qPrintable(call.program + " is not installed"));
        const ToolRun run = runTool(call, patienceMs);
        QCOMPARE(run.end, ToolRun::End::Finished);
        if (!chipsIn(which, run.output).empty()) QSKIP("a board is connected");
        QVERIFY2(judge(which, ToolAction::Identify, run) == FlashProblem::NoProbe,
                 qPrintable(run.output));
    }

    /// Texts with a board are none that could be tried here; that the tools can say them can.
    void theTextsWeKnowAreInTheTools_data()
    {
        QTest::addColumn<int>("tool");
        QTest::addColumn<QList<QByteArray>>("texts");
        QTest::newRow("st-flash") << int(FlashTool::StFlash)
                                  << QList<QByteArray>{"jolly good!",
                                                       "pages written",
                                                       "Verification of flash failed",
                                                       "Flash memory is write protected",
                                                       "ST-Link devices",
                                                       "access error",
                                                       "Failed to enter SWD mode",
                                                       "nknown chip id"};
        QTest::newRow("openocd") << int(FlashTool::OpenOcd)
                                 << QList<QByteArray>{
                                        "** Programming Started **",
                                        "** Programming Failed **",
                                        "** Verify Failed **",
                                        "** Verified OK **",
                                        "stm32x device protected",
                                        "Device Security Bit Set",
                                        "WRPERR detected",
                                        "open failed",
                                        "init mode failed (unable to connect to the target)",
                                        "Cannot identify target as a STM32H7"};
        QTest::newRow("dfu-util") << int(FlashTool::DfuUtil)
                                  << QList<QByteArray>{"File downloaded successfully",
                                                       "No DFU capable USB device",
                                                       "More than one DFU capable",
                                                       "%s not correctly executed",
                                                       "is not readable",
                                                       "is not writeable",
                                                       "Error during special command"};
    }
    void theTextsWeKnowAreInTheTools()
    {
        QFETCH(int, tool);
        QFETCH(QList<QByteArray>, texts);
        const QString program = programOf(FlashTool(tool));
        if (program.isEmpty()) QSKIP(qPrintable(toString(FlashTool(tool)) + " is not installed"));
        const QByteArray code = codeOf(program);
        for (const QByteArray &text : texts)
            QVERIFY2(code.contains(text), text.constData());
    }
};

QTEST_GUILESS_MAIN(TestRealTools)
#include "tst_real_tools.moc"
