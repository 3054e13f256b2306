#include "widgets/inspectors/board_panel.h"
#include "widgets/inspectors/device_list.h"
#include "widgets/inspectors/findings_view.h"
#include "widgets/inspectors/flash_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace atomnet;

namespace
{

FoundDevice device(FoundDevice::What what, const QString &name)
{
    FoundDevice device;
    device.what = what;
    device.name = name;
    device.serial = name;
    if (what == FoundDevice::What::VirtualBoard)
        device.address = {DeviceAddress::Kind::Emulator, name, 0, {}};
    else if (what == FoundDevice::What::Profiler)
        device.address = {DeviceAddress::Kind::Usb, name, 0, {}};
    return device;
}

DeviceInfo infoOf(const QString &board)
{
    DeviceInfo info;
    info.board = board;
    info.uniqueId = QStringLiteral("0123456789abcdef01234567");
    info.hello.core = 7;
    info.hello.clock_hz = 400'000'000;
    info.hello.major = 1;
    info.hello.firmware_version = 1;
    info.hello.arena_bytes = 512 * 1024;
    info.hello.conditions_supported = AP_COND_ICACHE | AP_COND_DCACHE;
    info.hello.conditions = AP_COND_ICACHE;
    return info;
}

Target targetOf(const QString &board, Runtime runtime = Runtime::AtomNet1)
{
    Target target;
    target.board = *boardById(board);
    target.runtime = runtime;
    return target;
}

std::shared_ptr<const Report> reportOf(int measured, int missing)
{
    auto report = std::make_shared<Report>();
    report->layers.resize(std::size_t(measured + missing));
    report->measuredLayers = measured;
    report->missingLayers = missing;
    return report;
}

const FoundDevice m7 = device(FoundDevice::What::VirtualBoard, QStringLiteral("qemu-m7"));
const FoundDevice usb = device(FoundDevice::What::Profiler, QStringLiteral("usb-board"));
const FoundDevice probe = device(FoundDevice::What::Probe, QStringLiteral("ST-LINK/V3"));

} // namespace

/// The Board dock: what it says and offers in each situation.
class TestBoardPanel : public QObject
{
    Q_OBJECT

    static bool enabled(const BoardPanel &panel, const char *name)
    {
        return panel.button(QString::fromLatin1(name))->isEnabled();
    }

private Q_SLOTS:
    void adviceSaysWhatToDo_data()
    {
        using Fix = BoardAdvice::Fix;
        QTest::addColumn<QString>("board");
        QTest::addColumn<bool>("ours");
        QTest::addColumn<int>("which"); // 0 none, 1 m7, 2 usb unknown, 3 usb H743, 4 probe, 5 out
        QTest::addColumn<QString>("says");
        QTest::addColumn<int>("fix");
        const auto row = [](const char *name, const char *board, bool ours, int which,
                            const char *says, Fix fix) {
            QTest::newRow(name) << QString::fromLatin1(board) << ours << which
                                << QString::fromLatin1(says) << int(fix);
        };
        row("nothing chosen", "qemu-m7", true, 0, "Choose a board", Fix::None);
        row("ready", "qemu-m7", true, 1, "3 layers lack", Fix::None);
        row("other runtime", "qemu-m7", false, 1, "Boards measure the runtime", Fix::Runtime);
        row("other board", "stm32h743", true, 1, "The design is for STM32H743", Fix::Board);
        row("not asked yet", "stm32h743", true, 2, "Connect to see", Fix::Connect);
        row("real board", "stm32h743", true, 3, "3 layers lack", Fix::None);
        row("probe", "stm32h743", true, 4, "cannot measure", Fix::Flash);
        row("plug out", "qemu-m7", true, 5, "unplugged", Fix::PlugIn);
    }
    void adviceSaysWhatToDo()
    {
        QFETCH(QString, board);
        QFETCH(bool, ours);
        QFETCH(int, which);
        QFETCH(QString, says);
        QFETCH(int, fix);
        const auto report = reportOf(5, 3);
        FoundDevice out = m7;
        out.problem = QStringLiteral("the virtual board is unplugged; plug it in");
        const DeviceInfo info = infoOf(QStringLiteral("stm32h743"));
        const FoundDevice *devices[] = {nullptr, &m7, &usb, &usb, &probe, &out};
        const BoardAdvice advice =
            adviceFor(targetOf(board, ours ? Runtime::AtomNet1 : Runtime::XCubeAi72), report.get(),
                      devices[which], which == 3 ? &info : nullptr);
        QVERIFY2(advice.sentence.contains(says), qPrintable(advice.sentence));
        QVERIFY(advice.sentence.endsWith(u'.'));
        QCOMPARE(int(advice.fix), fix);
        QCOMPARE(advice.fixText.isEmpty(), fix == 0);
        QCOMPARE(advice.canMeasure, says.contains(QStringLiteral("lack")));
    }

    void emptyStatesSayWhatToDo()
    {
        BoardPanel panel;
        panel.show();
        QVERIFY(!panel.list().isVisible());
        const QList<QLabel *> labels = panel.findChildren<QLabel *>();
        QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
            return label->isVisible() &&
                   label->text().contains(QStringLiteral("install qemu-system-arm"));
        }));
        panel.setDevices({m7});
        QVERIFY(panel.list().isVisible());
        QVERIFY(!panel.chosen());
        QVERIFY(!enabled(panel, "measureMissing") && !enabled(panel, "stop"));
        QVERIFY(enabled(panel, "flash") && enabled(panel, "examine"));
    }

    void theChoiceStaysWhileOthersComeAndGo()
    {
        BoardPanel panel;
        QSignalSpy changed(&panel, &BoardPanel::chosenChanged);
        panel.setDevices({m7});
        QVERIFY(panel.list().choose(m7.address));
        QCOMPARE(changed.size(), 1);
        panel.setDevices({probe, usb, m7});
        QVERIFY(panel.chosen() && panel.chosen()->address == m7.address);
        QCOMPARE(changed.size(), 1);
        FoundDevice out = m7;
        out.problem = QStringLiteral("unplugged");
        panel.setDevices({probe, usb, out}); // the same board in another state
        QCOMPARE(panel.chosen()->problem, out.problem);
        QCOMPARE(changed.size(), 2);
        panel.setDevices({probe, usb});
        QVERIFY(!panel.chosen());
        QCOMPARE(changed.size(), 3);
    }

    void buttonsFollowThePhase()
    {
        BoardPanel panel;
        panel.setDevices({m7});
        panel.list().choose(m7.address);
        panel.setDesign(targetOf(QStringLiteral("qemu-m7")), reportOf(5, 3));
        for (const char *name : {"measureMissing", "measureAll", "network", "validate", "flash"})
            QVERIFY2(enabled(panel, name), name);
        QVERIFY(!enabled(panel, "stop") && !enabled(panel, "pause"));

        panel.setPhase(BoardPhase::Measuring);
        for (const char *name : {"measureMissing", "measureAll", "network", "validate", "flash"})
            QVERIFY2(!enabled(panel, name), name);
        QVERIFY(enabled(panel, "stop") && enabled(panel, "pause"));
        QSignalSpy paused(&panel, &BoardPanel::pauseRequested);
        panel.button(QStringLiteral("pause"))->click();
        QCOMPARE(paused.front()[0].toBool(), true);
        panel.setPhase(BoardPhase::Paused);
        QCOMPARE(panel.button(QStringLiteral("pause"))->text(), QStringLiteral("&Resume"));
        panel.button(QStringLiteral("pause"))->click();
        QCOMPARE(paused.back()[0].toBool(), false);

        panel.setPhase(BoardPhase::Waiting);
        QVERIFY(panel.state().contains(QStringLiteral("waiting for the board")));
        QVERIFY(enabled(panel, "stop"));
        panel.setPhase(BoardPhase::Stopping);
        QVERIFY(!enabled(panel, "stop"));
        panel.setPhase(BoardPhase::Idle);

        // All measured: only the whole design is left to do.
        panel.setDesign(targetOf(QStringLiteral("qemu-m7")), reportOf(8, 0));
        QVERIFY(!enabled(panel, "measureMissing") && enabled(panel, "measureAll"));
    }

    void aRunThatWaitsCanBePluggedInFromThePanel()
    {
        BoardPanel panel;
        FoundDevice out = m7;
        out.problem = QStringLiteral("the virtual board is unplugged; plug it in");
        panel.setDesign(targetOf(QStringLiteral("qemu-m7")), reportOf(5, 3));
        panel.setDevices({out});
        QVERIFY(panel.list().choose(m7.address));
        panel.setPhase(BoardPhase::Waiting);
        auto *fix = panel.findChild<QPushButton *>(QStringLiteral("boardFix"));
        QVERIFY(fix && fix->isEnabled());
        QSignalSpy plugged(&panel, &BoardPanel::plugRequested);
        fix->click();
        QCOMPARE(plugged.size(), 1);
        QCOMPARE(plugged.front()[0].toBool(), true);
    }

    void theFingerprintIsThatOfTheChosenBoard()
    {
        BoardPanel panel;
        panel.resize(1200, 260);
        panel.show();
        panel.setDevices({m7, usb});
        const DeviceInfo info = infoOf(QStringLiteral("stm32h743"));
        panel.setInfo(usb.address, &info);
        panel.list().choose(usb.address);
        const auto shows = [&](const QString &text) {
            const QList<QLabel *> labels = panel.findChildren<QLabel *>();
            return std::any_of(labels.begin(), labels.end(), [&](const QLabel *label) {
                return label->isVisible() && label->text() == text;
            });
        };
        QVERIFY(shows(QStringLiteral("Cortex-M7, 400 MHz")));
        QVERIFY(shows(info.uniqueId));
        // Caches as a run condition: those that the board has.
        QStringList boxes;
        QCheckBox *data = nullptr;
        const QList<QCheckBox *> all = panel.findChildren<QCheckBox *>();
        for (QCheckBox *box : all) {
            if (!box->isVisible()) continue;
            boxes << box->text();
            if (box->text() == QStringLiteral("data cache")) data = box;
        }
        QCOMPARE(boxes.size(), 2);
        QVERIFY(data && !data->isChecked());
        QSignalSpy wanted(&panel, &BoardPanel::conditionsRequested);
        data->click();
        QCOMPARE(wanted.front()[0].toUInt(), quint32(AP_COND_ICACHE | AP_COND_DCACHE));
        panel.list().choose(m7.address);
        QVERIFY(!shows(info.uniqueId));
    }

    void everythingHasANameAndIsReachedByTab()
    {
        BoardPanel panel;
        panel.resize(1200, 260);
        panel.setDevices({m7});
        panel.list().choose(m7.address);
        panel.setDesign(targetOf(QStringLiteral("qemu-m7")), reportOf(5, 3));
        panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panel));
        panel.list().setFocus();
        QSet<QString> reached;
        for (int i = 0; i < 30; ++i) {
            QWidget *focus = panel.focusWidget();
            if (!focus) break;
            reached << focus->objectName() << focus->accessibleName();
            QTest::keyClick(focus, Qt::Key_Tab);
        }
        for (const char *name :
             {"measureMissing", "measureAll", "network", "validate", "flash", "examine"})
            QVERIFY2(reached.contains(QString::fromLatin1(name)), name);
        QVERIFY(reached.contains(QStringLiteral("Boards")));
        QVERIFY(reached.contains(QStringLiteral("Log")));
    }

    void theLogKeepsTime()
    {
        BoardPanel panel;
        panel.log(QStringLiteral("self-test passed"));
        QVERIFY2(QRegularExpression(QStringLiteral("^\\d\\d:\\d\\d:\\d\\d  self-test passed$"))
                     .match(panel.logText())
                     .hasMatch(),
                 qPrintable(panel.logText()));
        QCOMPARE(progressText(12, 41, 20'000),
                 QStringLiteral("12 of 41 operators, about 20 s left"));
        QCOMPARE(progressText(41, 41, 0), QStringLiteral("41 of 41 operators"));
        QCOMPARE(progressText(0, 41, -1), QStringLiteral("0 of 41 operators"));
    }

    void theDoctorsFindingsAreText()
    {
        FindingsView view;
        Finding good, problem;
        good.what = QStringLiteral("st-flash is installed");
        problem.state = Finding::State::Problem;
        problem.what = QStringLiteral("no permission <for> the board");
        problem.advice = QStringLiteral("install the udev rules");
        problem.command = QStringLiteral("sudo atomnet-designer doctor --install-udev");
        view.setFindings({problem, good});
        const QString text = view.toPlainText();
        for (const QString &part : {good.what, problem.what, problem.advice, problem.command})
            QVERIFY2(text.contains(part), qPrintable(part));
    }

    void flashingAsksBeforeItOverwrites()
    {
        FlashDialog dialog(QStringLiteral("stm32f746"), QStringLiteral("/backups"));
        dialog.show();
        auto *flash = dialog.findChild<QPushButton *>(QStringLiteral("flashNow"));
        auto *overwrite = dialog.findChild<QCheckBox *>(QStringLiteral("flashOverwrite"));
        auto *backup = dialog.findChild<QCheckBox *>(QStringLiteral("flashBackup"));
        QCOMPARE(dialog.request().variant.board, QStringLiteral("stm32f746"));
        QVERIFY(!flash->isEnabled());
        QVERIFY(dialog.problem().contains(QStringLiteral("ST-LINK")));

        dialog.setProbes(probesAmong({m7, usb, probe}));
        QCOMPARE(dialog.request().probe.serial, probe.serial);
        QVERIFY(!flash->isEnabled()); // nobody knows what is on the board
        dialog.setContents(QStringLiteral("another program (42 KiB)"));
        QVERIFY(!flash->isEnabled());
        QVERIFY(dialog.problem().contains(QStringLiteral("something else")));
        overwrite->setChecked(true);
        QVERIFY(flash->isEnabled());
        backup->setChecked(true);
        QVERIFY(dialog.request().backup.startsWith(QStringLiteral("/backups/stm32f746")));

        QSignalSpy asked(&dialog, &FlashDialog::flashRequested);
        QSignalSpy stop(&dialog, &FlashDialog::stopRequested);
        flash->click();
        QCOMPARE(asked.size(), 1);
        QVERIFY(dialog.running() && !flash->isEnabled());
        dialog.reject(); // stops, and stays to tell how it ended
        QCOMPARE(stop.size(), 1);
        QVERIFY(dialog.isVisible());
        dialog.setFailed(QStringLiteral("the board is read protected"));
        QCOMPARE(dialog.status(), QStringLiteral("the board is read protected"));
        QVERIFY(flash->isEnabled());
        FlashReport report;
        report.bytes = 42 * 1024;
        report.firmware = QStringLiteral("STM32F746 at 216 MHz");
        flash->click();
        dialog.setFlashed(report);
        QVERIFY(dialog.status().contains(report.firmware));
        QVERIFY(flash->isEnabled()); // our own firmware may be replaced without asking
        QVERIFY(!overwrite->isVisible());
    }
};

QTEST_MAIN(TestBoardPanel)
#include "tst_board_panel.moc"
