#include "app/window/board_work.h"
#include "app/window/first_hints.h"
#include "app/window/headline_bar.h"
#include "app/window/main_window.h"
#include "core/model/design_file.h"
#include "tests/app/window/private_folders.h"
#include "widgets/common/message_bar.h"
#include "widgets/inspectors/board_panel.h"
#include "widgets/inspectors/device_list.h"

#include <QAction>
#include <QComboBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>
#include <QToolButton>

using namespace atomnet;

namespace
{

/// The firmware for this computer behind the address of the virtual Cortex-M7, for what does not
/// depend on who answers.
DeviceAccess boardsOfThisComputer(const std::shared_ptr<std::vector<FoundDevice>> &devices)
{
    DeviceAccess access = DeviceAccess::real();
    access.find = [devices] { return *devices; };
    access.watch = {};
    access.makeLink = [](const DeviceAddress &) {
        return makeLink(
            {DeviceAddress::Kind::Program, QStringLiteral(ATOMNET_HOST_PROFILER), 0, {}});
    };
    return access;
}

FoundDevice virtualM7()
{
    FoundDevice device;
    device.what = FoundDevice::What::VirtualBoard;
    device.address = {DeviceAddress::Kind::Emulator, QStringLiteral("qemu-m7"), 0, {}};
    device.name = QStringLiteral("QEMU Cortex-M7");
    return device;
}

} // namespace

/// Measuring as a person without a board does it.
class TestBoardWork : public QObject
{
    Q_OBJECT

    static constexpr int patience = 20'000;
    std::unique_ptr<PrivateFolders> m_folders;
    std::unique_ptr<MainWindow> m_window;

    void open(DeviceAccess access)
    {
        qputenv("ATOMNET_SHIPPED_ATOMDB", ""); // a user whose AtomDB is empty
        m_folders = std::make_unique<PrivateFolders>();
        m_window = std::make_unique<MainWindow>(m_folders->file(QStringLiteral("atomdb.sqlite")),
                                                std::move(access));
        m_window->setAsk([](const QString &) { return QMessageBox::Discard; });
        m_window->resize(1280, 800);
        m_window->start();
        m_window->show();
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        QTRY_VERIFY_WITH_TIMEOUT(m_window->runner().committed(), patience);
    }
    bool openEmulated()
    {
        if (QStandardPaths::findExecutable(QStringLiteral("qemu-system-arm")).isEmpty() ||
            !firmwareFile(QStringLiteral("profiler-qemu-m7.elf")))
            return false;
        open(DeviceAccess::real());
        return !QTest::currentTestFailed();
    }
    void choose(const char *box, const QString &text)
    {
        auto *combo = m_window->findChild<QComboBox *>(QString::fromLatin1(box));
        QVERIFY(combo);
        const int wanted = combo->findText(text, Qt::MatchStartsWith);
        QVERIFY2(wanted >= 0, qPrintable(text));
        combo->setFocus();
        while (combo->currentIndex() != wanted)
            QTest::keyClick(combo, combo->currentIndex() < wanted ? Qt::Key_Down : Qt::Key_Up);
    }
    void chooseVirtualBoard()
    {
        choose("boardChooser", boardById(QStringLiteral("qemu-m7"))->name);
        choose("runtimeChooser", displayName(Runtime::AtomNet1));
        QTRY_VERIFY_WITH_TIMEOUT(m_window->boardPanel()->chosen(), patience);
        QCOMPARE(m_window->boardPanel()->chosen()->address.detail, QStringLiteral("qemu-m7"));
        QTRY_VERIFY_WITH_TIMEOUT(report() && report()->target == m_window->document().target(),
                                 patience);
    }
    ReportPtr report() const { return m_window->runner().committed(); }
    bool inFront() const { return !m_window->boardPanel()->visibleRegion().isEmpty(); }
    QString message() const { return m_window->messages()->sentence(); }

private Q_SLOTS:
    void cleanup()
    {
        m_window.reset();
        m_folders.reset();
    }

    void theThirdHintLeadsToTheBoardDock()
    {
        auto devices = std::make_shared<std::vector<FoundDevice>>();
        devices->push_back(virtualM7());
        open(boardsOfThisComputer(devices));
        BoardPanel *panel = m_window->boardPanel();
        QTRY_VERIFY(panel->list().count() == 1);
        QVERIFY(!inFront());
        auto *hint = m_window->findChild<QToolButton *>(QStringLiteral("measureHint"));
        QVERIFY(hint && hint->isVisible());
        hint->click();
        QTRY_VERIFY(inFront());
        QVERIFY(panel->chosen());
        // The design is for another board: one button makes it for this one.
        QVERIFY2(panel->advice().contains(QStringLiteral("The design is for")),
                 qPrintable(panel->advice()));
        QVERIFY(!panel->button(QStringLiteral("measureAll"))->isEnabled());
        auto *fix = panel->button(QStringLiteral("boardFix"));
        QTRY_VERIFY(fix->isVisible() && fix->isEnabled());
        fix->click();
        QCOMPARE(m_window->document().target().board.id, QStringLiteral("qemu-m7"));
        QVERIFY(m_window->document().target().runtime == Runtime::AtomNet1);
        QTRY_VERIFY(panel->button(QStringLiteral("measureAll"))->isEnabled());
    }

    void ctrlMSaysWhyItCannotMeasureYet()
    {
        auto devices = std::make_shared<std::vector<FoundDevice>>();
        open(boardsOfThisComputer(devices));
        QTest::keyClick(m_window.get(), Qt::Key_M, Qt::ControlModifier);
        QTRY_VERIFY(inFront());
        QVERIFY2(message().contains(QStringLiteral("Choose a board")), qPrintable(message()));
    }

    void anAtomNetTurnsMeasuredThroughAnUnpluggedBoard()
    {
        if (!openEmulated()) QSKIP("QEMU or the firmware for it is not there");
        const auto design = loadDesign(
            QStringLiteral(ATOMNET_SOURCE_DIR "/resources/examples/atomnet-10fps.atomnet"));
        QVERIFY(design.has_value());
        m_window->document().setNew(design->network);
        chooseVirtualBoard();
        if (QTest::currentTestFailed()) return;
        BoardPanel *panel = m_window->boardPanel();
        QCOMPARE(report()->measuredLayers, 0);

        std::vector<int> measuredLayers;
        connect(&m_window->runner(), &AnalysisRunner::reportReady, this,
                [&](const ReportPtr &now) { measuredLayers.push_back(now->measuredLayers); });
        QSignalSpy measured(&m_window->boardWork()->service(), &DeviceService::measured);
        QTest::keyClick(m_window.get(), Qt::Key_M, Qt::ControlModifier);
        QVERIFY2(measured.wait(patience), qPrintable(message() + panel->logText()));

        // Out with the plug: a message, and a panel that waits.
        m_window->findChild<QAction *>(QStringLiteral("plugAction"))->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(panel->phase(), BoardPhase::Waiting, patience);
        QVERIFY2(message().contains(QStringLiteral("was unplugged")), qPrintable(message()));
        const qsizetype before = measured.size();
        QTest::qWait(300);
        QCOMPARE(measured.size(), before);
        // In again, by the message's own button.
        auto *plugIn = m_window->messages()->findChild<QToolButton *>(QStringLiteral("action"));
        QVERIFY(plugIn && plugIn->isVisible());
        plugIn->click();
        QTRY_VERIFY_WITH_TIMEOUT(message().contains(QStringLiteral("is back")), patience);
        QTRY_COMPARE_WITH_TIMEOUT(panel->phase(), BoardPhase::Idle, patience);
        QTRY_VERIFY_WITH_TIMEOUT(report()->measuredLayers == int(report()->layers.size()),
                                 patience);

        QVERIFY2(message().contains(QStringLiteral("Measured")), qPrintable(message()));
        QVERIFY(std::is_sorted(measuredLayers.begin(), measuredLayers.end()));
        QVERIFY(std::any_of(measuredLayers.begin(), measuredLayers.end(), [&](int count) {
            return count > 0 && count < int(report()->layers.size());
        }));
        QVERIFY(m_window->statusText().contains(QStringLiteral("0 missing")));
        QVERIFY(m_window->headline()
                    ->text(QStringLiteral("headlineLatency"))
                    .contains(QStringLiteral("instr")));
        QVERIFY(panel->logText().contains(QStringLiteral("waiting for the board")));
        QCOMPARE(m_window->document().undoStack().index(), 0);
        QVERIFY(m_window->findChild<FirstHints *>()->isDone(FirstHints::Hint::Measure));
        QVERIFY(!panel->button(QStringLiteral("measureMissing"))->isEnabled());

        // Whole network against the sum.
        QSignalSpy compared(&m_window->boardWork()->service(), &DeviceService::networkMeasured);
        m_window->boardWork()->measureNetwork();
        QVERIFY(compared.wait(patience));
        const auto comparison = compared.front()[1].value<NetworkComparison>();
        QVERIFY(comparison.difference() && std::abs(*comparison.difference()) < 0.001);
        QTRY_VERIFY(message().contains(QStringLiteral("sum of its operators")));
    }

    void stopEndsWaitingForAnUnpluggedBoard()
    {
        if (!openEmulated()) QSKIP("QEMU or the firmware for it is not there");
        chooseVirtualBoard();
        if (QTest::currentTestFailed()) return;
        QSignalSpy measured(&m_window->boardWork()->service(), &DeviceService::measured);
        m_window->boardWork()->measure(true);
        QVERIFY(measured.wait(patience));
        m_window->boardWork()->setPlugged(false);
        QTRY_COMPARE_WITH_TIMEOUT(m_window->boardPanel()->phase(), BoardPhase::Waiting, patience);
        QTest::keyClick(m_window.get(), Qt::Key_Period, Qt::ControlModifier);
        QTRY_COMPARE_WITH_TIMEOUT(m_window->boardPanel()->phase(), BoardPhase::Idle, 2000);
        QVERIFY2(message().contains(QStringLiteral("what was measured stays")),
                 qPrintable(message()));
        QTRY_VERIFY(report()->measuredLayers > 0);
        // The virtual board is known to be out, and says how to get it back.
        QTRY_VERIFY(m_window->boardPanel()->advice().contains(QStringLiteral("unplugged")));
    }
};

QTEST_MAIN(TestBoardWork)
#include "tst_board_work.moc"
