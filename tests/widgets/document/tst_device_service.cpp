#include "core/model/design_file.h"
#include "core/model/presets.h"
#include "widgets/document/analysis_runner.h"
#include "widgets/document/atomdb_service.h"
#include "widgets/document/device_service.h"
#include "widgets/document/document.h"
#include "widgets/document/sample_feed.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <atomic>

using namespace atomnet;

namespace
{

DeviceAddress hostProfiler()
{
    return {DeviceAddress::Kind::Program, QStringLiteral(ATOMNET_HOST_PROFILER), 0, {}};
}

/// The board that the profiler on this computer says it is.
Target hostTarget()
{
    Target target;
    target.board = *boardById(QStringLiteral("stm32h743"));
    target.board.id = QStringLiteral("host");
    target.runtime = Runtime::AtomNet1;
    return target;
}

FoundDevice found(const QString &name)
{
    FoundDevice device;
    device.what = FoundDevice::What::VirtualBoard;
    device.address = hostProfiler();
    device.name = name;
    return device;
}

/// A board that takes everything and never answers.
class SilentLink : public Link
{
public:
    LinkResult<> open() override { return {}; }
    void close() override {}
    LinkResult<> write(QByteArrayView, int) override { return {}; }
    LinkResult<QByteArray> read(int timeoutMs) override
    {
        QElapsedTimer timer;
        timer.start();
        while (timer.elapsed() < timeoutMs) {
            if (cancelled()) return linkFail(LinkFault::Interrupted, QStringLiteral("stopped"));
            QThread::msleep(10);
        }
        return linkFail(LinkFault::Timeout, QStringLiteral("nothing came"));
    }
    void interrupt() override {}
    QString name() const override { return QStringLiteral("silence"); }
};

/// What is there to be found, and the program on this computer as the board behind every address.
struct Bench {
    std::vector<FoundDevice> devices;
    std::function<void()> changed;
    std::atomic_int links = 0;

    DeviceAccess access()
    {
        DeviceAccess access;
        access.makeLink = [this](const DeviceAddress &address) {
            ++links;
            return makeLink(address);
        };
        access.find = [this] { return devices; };
        access.watch = [this](std::function<void()> tell) -> std::shared_ptr<void> {
            changed = std::move(tell);
            return nullptr;
        };
        return access;
    }
};

} // namespace

/// Boards as the window works with them; the board is the firmware, built for this computer.
class TestDeviceService : public QObject
{
    Q_OBJECT

    static constexpr int patience = 60'000;
    Network m_network;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Bench> m_bench;
    std::unique_ptr<DeviceService> m_service;

    QString database() const { return m_folder->filePath(QStringLiteral("atomdb.sqlite")); }
    void measure() { measure(m_network); }
    void measure(const Network &network)
    {
        m_service->measureDesign(hostProfiler(), network, hostTarget(), {}, false, {});
    }
    /// Long enough that it is not over before its plug is out.
    static Network longDesign() { return presetById(QStringLiteral("atomnet-10fps"))->network; }
    qint64 stored() const
    {
        const auto db = AtomDb::open(database(), AtomDb::Mode::ReadOnly);
        return db ? db->info()->samples : 0;
    }

private Q_SLOTS:
    void initTestCase()
    {
        const auto design =
            loadDesign(QStringLiteral(ATOMNET_SOURCE_DIR "/tests/data/digits.atomnet"));
        QVERIFY(design.has_value());
        m_network = design->network;
    }
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_bench = std::make_unique<Bench>();
        m_service = std::make_unique<DeviceService>(database(), nullptr, m_bench->access());
    }
    void cleanup()
    {
        m_service.reset();
        m_bench.reset();
    }

    void boardsAreFollowedAsTheyComeAndGo()
    {
        QSignalSpy changed(m_service.get(), &DeviceService::devicesChanged);
        m_bench->devices = {found(QStringLiteral("one"))};
        m_service->refresh();
        QVERIFY(changed.wait(patience));
        QVERIFY(m_service->devices() == m_bench->devices);
        m_bench->devices.push_back(found(QStringLiteral("two")));
        m_bench->changed(); // as the watcher's thread does
        QTRY_COMPARE(m_service->devices().size(), std::size_t(2));
        m_service->setPlugged(false);
        QTRY_VERIFY(!m_service->devices().front().problem.isEmpty());
        m_service->setPlugged(true);
        QTRY_VERIFY(m_service->devices().front().problem.isEmpty());
        QVERIFY(!m_service->busy()); // looking is not working
    }

    void helloTellsWhoAnswers()
    {
        QSignalSpy connected(m_service.get(), &DeviceService::connected);
        QSignalSpy finished(m_service.get(), &DeviceService::finished);
        m_service->connectTo(hostProfiler());
        QVERIFY(m_service->busy());
        QVERIFY(finished.wait(patience));
        QVERIFY(!m_service->busy());
        QCOMPARE(connected.size(), 1);
        QVERIFY(connected.front()[0].value<DeviceAddress>() == hostProfiler());
        QCOMPARE(connected.front()[1].value<DeviceInfo>().board, QStringLiteral("host"));
    }

    void measuringStoresEachSampleBeforeItIsTold()
    {
        QSignalSpy planned(m_service.get(), &DeviceService::planned);
        QSignalSpy done(m_service.get(), &DeviceService::measuringDone);
        QSignalSpy finished(m_service.get(), &DeviceService::finished);
        std::vector<qint64> storedWhenTold;
        connect(m_service.get(), &DeviceService::measured, this,
                [&](const MeasureOutcome &outcome, const PlanItem &item) {
                    QVERIFY2(outcome.what == MeasureOutcome::What::Measured,
                             qPrintable(outcome.reason));
                    QVERIFY(!item.layer.isEmpty());
                    storedWhenTold.push_back(stored());
                });
        measure();
        QVERIFY(finished.wait(patience));
        QCOMPARE(planned.size(), 1);
        const int operators = planned.front()[0].toInt();
        QVERIFY(operators > 5);
        QCOMPARE(int(storedWhenTold.size()), operators);
        for (int i = 0; i < operators; ++i)
            QVERIFY(storedWhenTold[std::size_t(i)] > i);
        QCOMPARE(done.size(), 1);
        QCOMPARE(done.front()[0].value<MeasureSummary>().measured, operators);
        QCOMPARE(stored(), operators);

        // Again: all known; only "the whole design" does them again.
        storedWhenTold.clear();
        disconnect(m_service.get(), &DeviceService::measured, this, nullptr);
        measure();
        QVERIFY(finished.wait(patience));
        QCOMPARE(done.back()[0].value<MeasureSummary>().known, operators);
        QCOMPARE(stored(), operators);
    }

    void anUnpluggedBoardIsWaitedForAndResumed()
    {
        QSignalSpy waiting(m_service.get(), &DeviceService::waiting);
        QSignalSpy resumed(m_service.get(), &DeviceService::resumed);
        QSignalSpy measured(m_service.get(), &DeviceService::measured);
        QSignalSpy done(m_service.get(), &DeviceService::measuringDone);
        QSignalSpy failed(m_service.get(), &DeviceService::failed);
        measure(longDesign());
        QVERIFY(measured.wait(patience));
        m_service->setPlugged(false);
        QVERIFY(waiting.wait(patience));
        const qsizetype before = measured.size();
        QTest::qWait(300);
        QCOMPARE(measured.size(), before);
        QVERIFY(m_service->busy());
        QVERIFY(resumed.isEmpty());
        m_service->setPlugged(true);
        QVERIFY(resumed.wait(patience));
        QVERIFY(done.wait(patience));
        QVERIFY(failed.isEmpty());
        const auto summary = done.front()[0].value<MeasureSummary>();
        QCOMPARE(summary.failed, 0);
        QCOMPARE(qsizetype(summary.measured), measured.size());
        QCOMPARE(stored(), summary.measured);
        QCOMPARE(m_bench->links, 2); // the program was started anew
    }

    void aBoardThatIsOutFromTheStartIsWaitedForToo()
    {
        QSignalSpy waiting(m_service.get(), &DeviceService::waiting);
        QSignalSpy done(m_service.get(), &DeviceService::measuringDone);
        QSignalSpy failed(m_service.get(), &DeviceService::failed);
        m_service->setPlugged(false);
        measure();
        QVERIFY(waiting.wait(patience));
        m_service->setPlugged(true);
        QVERIFY(done.wait(patience));
        QVERIFY(failed.isEmpty());
        QVERIFY(stored() > 5);
    }

    void stopGivesUpWaitingAtOnceAndKeepsWhatWasMeasured()
    {
        QSignalSpy waiting(m_service.get(), &DeviceService::waiting);
        QSignalSpy measured(m_service.get(), &DeviceService::measured);
        QSignalSpy failed(m_service.get(), &DeviceService::failed);
        QSignalSpy finished(m_service.get(), &DeviceService::finished);
        measure(longDesign());
        QVERIFY(measured.wait(patience));
        m_service->setPlugged(false);
        QVERIFY(waiting.wait(patience));
        QElapsedTimer timer;
        timer.start();
        m_service->cancel();
        QVERIFY(finished.wait(patience));
        QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(failed.isEmpty());
        QVERIFY(stored() >= measured.size());
        QVERIFY(!m_service->busy());
    }

    void stopFreesFromABoardThatNeverAnswers()
    {
        DeviceAccess access = m_bench->access();
        access.makeLink = [](const DeviceAddress &) { return std::make_unique<SilentLink>(); };
        DeviceService service(database(), nullptr, access);
        QSignalSpy finished(&service, &DeviceService::finished);
        QSignalSpy failed(&service, &DeviceService::failed);
        service.measureDesign(hostProfiler(), m_network, hostTarget(), {}, false, {});
        QTest::qWait(100);
        QElapsedTimer timer;
        timer.start();
        service.cancel();
        QVERIFY(finished.wait(patience));
        QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(failed.isEmpty());
    }

    void nothingIsMeasuredWhilePaused()
    {
        QSignalSpy measured(m_service.get(), &DeviceService::measured);
        QSignalSpy finished(m_service.get(), &DeviceService::finished);
        m_service->setPaused(true);
        measure();
        QTest::qWait(500);
        QVERIFY(measured.isEmpty());
        QVERIFY(m_service->busy());
        m_service->setPaused(false);
        QVERIFY(finished.wait(patience));
        QVERIFY(!measured.isEmpty());
    }

    void whatFailsSaysWhyAndLeavesNothingBusy()
    {
        QSignalSpy failed(m_service.get(), &DeviceService::failed);
        QSignalSpy finished(m_service.get(), &DeviceService::finished);
        m_service->connectTo(
            {DeviceAddress::Kind::Program, QStringLiteral("/nowhere/profiler"), 0, {}});
        QVERIFY(finished.wait(patience));
        QCOMPARE(failed.size(), 1);
        const Error error = failed.front()[0].value<Error>();
        QCOMPARE(error.code, ErrorCode::Device);
        QVERIFY2(error.message().contains(QStringLiteral("/nowhere/profiler")),
                 qPrintable(error.message()));
        QVERIFY(!m_service->busy());
    }

    void aWholeNetworkIsComparedWithItsOperators()
    {
        QSignalSpy compared(m_service.get(), &DeviceService::networkMeasured);
        QSignalSpy finished(m_service.get(), &DeviceService::finished);
        measure();
        QVERIFY(finished.wait(patience));
        m_service->measureNetwork(hostProfiler(), m_network);
        QVERIFY(finished.wait(patience));
        QCOMPARE(compared.size(), 1);
        QVERIFY(sameDesign(compared.front()[0].value<Network>(), m_network));
        const auto result = compared.front()[1].value<NetworkComparison>();
        QVERIFY(result.network > 0);
        QVERIFY(result.sum && *result.sum > 0);
        const auto db = AtomDb::open(database(), AtomDb::Mode::ReadOnly);
        QVERIFY(db);
        qint64 kept = 0;
        const auto conditions = db->conditions();
        QVERIFY(conditions);
        for (const ConditionInfo &info : *conditions) {
            const auto networks = db->networkSamples(info.id);
            QVERIFY(networks);
            for (const NetworkSample &sample : *networks) {
                QCOMPARE(sample.value, result.network);
                const auto design = readDesign(sample.design, sample.name);
                QVERIFY(design && sameDesign(design->network, m_network));
                ++kept;
            }
        }
        QCOMPARE(kept, qint64(1));
    }

    void theReportTurnsMeasuredWhileSamplesArrive()
    {
        Document document;
        document.setNew(longDesign());
        QVERIFY(document.setTarget(hostTarget()));
        AnalysisRunner runner(document);
        AtomDbService reader;
        reader.open(database());
        connect(&reader, &AtomDbService::tableReady, this,
                [&](const std::shared_ptr<const AtomTable> &table) {
                    runner.setKnowledge({table, nullptr});
                });
        SampleFeed feed(document, runner, reader);
        connect(m_service.get(), &DeviceService::measured, &feed, &SampleFeed::arrived);
        connect(m_service.get(), &DeviceService::connected, this,
                [&](const DeviceAddress &, const DeviceInfo &info) {
                    reader.prefer(info.condition());
                });
        std::vector<int> measuredLayers;
        connect(&runner, &AnalysisRunner::reportReady, this,
                [&](const ReportPtr &report) { measuredLayers.push_back(report->measuredLayers); });
        QSignalSpy finished(m_service.get(), &DeviceService::finished);
        m_service->measureDesign(hostProfiler(), document.network(), document.target(), {}, false,
                                 {});
        QVERIFY(finished.wait(patience));
        feed.flush();
        const auto complete = [&] {
            return runner.report() &&
                   runner.report()->measuredLayers == int(runner.report()->layers.size());
        };
        QTRY_VERIFY_WITH_TIMEOUT(complete(), patience);
        QVERIFY(std::is_sorted(measuredLayers.begin(), measuredLayers.end()));
        // Not at the end alone.
        const auto between =
            std::count_if(measuredLayers.begin(), measuredLayers.end(),
                          [&](int count) { return count > 0 && count < measuredLayers.back(); });
        QVERIFY2(between > 0, "no report showed a design that is measured in part");
        QCOMPARE(document.undoStack().count(), 0);
        QVERIFY(!document.isModified());
    }
};

QTEST_GUILESS_MAIN(TestDeviceService)
#include "tst_device_service.moc"
