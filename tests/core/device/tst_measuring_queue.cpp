#include "core/device/measuring_queue.h"
#include "tests/core/device/scripted_board.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <thread>

using namespace atomnet;
using namespace atomnet::test;
using What = MeasureOutcome::What;

namespace
{

template <class T>
T valueOf(Result<T> result)
{
    if (!result) qFatal("%s", qPrintable(result.error().message()));
    return *std::move(result);
}

AtomKey pointwise(int channels, int side = 4)
{
    AtomKey key;
    key.kind = AtomKind::Pointwise;
    key.act = KeyAct::Relu;
    key.inH = key.inW = key.outH = key.outW = side;
    key.inC = 8;
    key.outC = channels;
    key.variant = 1;
    return key;
}

/// Operators of 1, 2, ... output channels, the first the most important.
MeasurePlan planOf(int count)
{
    MeasurePlan plan;
    for (int i = 0; i < count; ++i)
        plan.items.push_back({pointwise(i + 1), ownPlace(pointwise(i + 1)), double(count - i), {}});
    return plan;
}

/// What a run told its listener.
struct Told {
    std::vector<MeasureOutcome> outcomes;
    QStringList notes;
    std::vector<qint64> etas;
    int waiting = 0, resumed = 0;
    MeasureListener listener()
    {
        return {[this](const MeasureOutcome &outcome) { outcomes.push_back(outcome); },
                [this](int, int, qint64 eta) { etas.push_back(eta); },
                [this](const QString &note) { notes << note; }, [this] { ++waiting; },
                [this] { ++resumed; }};
    }
};

} // namespace

class TestMeasuringQueue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_db.emplace(valueOf(AtomDb::open(m_folder->filePath(QStringLiteral("db.sqlite")))));
    }

    void importantOnesComeFirstAndEachIsKeptAtOnce()
    {
        const auto board = makeBoard();
        Session session = sessionWith(board);
        MeasurePlan plan = planOf(4);
        std::swap(plan.items[0], plan.items[3]);
        Told told;
        MeasureListener listener = told.listener();
        listener.finished = [&](const MeasureOutcome &outcome) {
            told.outcomes.push_back(outcome);
            QCOMPARE(samples(), qint64(told.outcomes.size()));
        };
        const auto summary = valueOf(measure(session, plan, *m_db, {}, listener));
        QCOMPARE(summary.measured, 4);
        QVERIFY(summary.condition == session.info().condition());
        std::vector<int> channels, items;
        for (const ap_run_operator_t &asked : board->asked)
            channels.push_back(asked.op.out_c);
        for (const MeasureOutcome &outcome : told.outcomes)
            items.push_back(outcome.item);
        QCOMPARE(channels, (std::vector<int>{1, 2, 3, 4}));
        QCOMPARE(items, (std::vector<int>{3, 1, 2, 0}));
        QCOMPARE(told.etas.back(), qint64(0));
    }

    void oneSampleIsTheMedianOfItsRepetitions()
    {
        const auto board = makeBoard();
        board->counts = [](int, const ap_run_operator_t &request) {
            std::vector<uint32_t> counts(request.repetitions, 100'000);
            counts.back() = 100'100;
            return counts;
        };
        Session session = sessionWith(board);
        valueOf(measure(session, planOf(1), *m_db, {}, {}));
        QCOMPARE(int(board->asked[0].repetitions), 10);
        const AtomStats *stats = find(pointwise(1));
        QVERIFY(stats);
        QCOMPARE(stats->count, 1U);
        QCOMPARE(stats->median, qint64(250'000)); // 100,000 cycles at 400 MHz, as nanoseconds
        QVERIFY(exported().contains(",250000,0,100000,"));
    }

    void virtualBoardsCountInstructionsOnce()
    {
        const auto board = makeBoard(true);
        Session session = sessionWith(board);
        valueOf(measure(session, planOf(1), *m_db, {}, {}));
        QCOMPARE(int(board->asked[0].repetitions), 1);
        QVERIFY(table().unit() == SampleUnit::Instructions);
        QCOMPARE(find(pointwise(1))->median, qint64(1000));
    }

    void whatIsKnownIsNotMeasuredUnlessAskedFor()
    {
        const auto board = makeBoard();
        Session session = sessionWith(board);
        valueOf(measure(session, planOf(2), *m_db, {}, {}));
        board->forget();
        auto summary = valueOf(measure(session, planOf(3), *m_db, {}, {}));
        QCOMPARE(summary.known, 2);
        QCOMPARE(summary.measured, 1);
        QCOMPARE(board->runs, 1);
        // Equal values again are further samples.
        MeasureOptions again;
        again.again = true;
        summary = valueOf(measure(session, planOf(3), *m_db, again, {}));
        QCOMPARE(summary.measured, 3);
        QCOMPARE(samples(), qint64(6));
        QCOMPARE(find(pointwise(1))->count, 2U);
    }

    void samplesOfAnotherConditionDoNotCount()
    {
        const auto board = makeBoard();
        Session session = sessionWith(board);
        valueOf(measure(session, planOf(2), *m_db, {}, {}));
        QVERIFY(session.setConditions(AP_COND_ICACHE));
        QCOMPARE(valueOf(measure(session, planOf(2), *m_db, {}, {})).measured, 2);
        QCOMPARE(valueOf(m_db->conditions()).size(), std::size_t(2));
    }

    void anUnpluggedBoardIsWaitedForAndTheRunGoesOn()
    {
        const auto board = makeBoard();
        board->unplugged = {2};
        Session session = sessionWith(board);
        board->absent = 3;
        Told told;
        const auto summary = valueOf(measure(session, planOf(5), *m_db, {}, told.listener()));
        QCOMPARE(summary.measured, 5);
        QCOMPARE(summary.failed, 0);
        QCOMPARE(board->runs, 6); // one of them in vain
        QCOMPARE(told.waiting, 1);
        QCOMPARE(told.resumed, 1);
        QCOMPARE(told.notes.size(), 2);
        QVERIFY2(told.notes[0].contains(u"unplugged"), qPrintable(told.notes[0]));
        QCOMPARE(samples(), qint64(5));
    }

    void aBoardThatStaysAwayEndsTheRunAndTheSameCallGoesOn()
    {
        const auto board = makeBoard();
        board->unplugged = {2};
        Session session = sessionWith(board);
        board->absent = 1000;
        MeasureOptions options;
        options.reconnectMs = 100;
        const auto summary = measure(session, planOf(5), *m_db, options, {});
        QVERIFY(!summary);
        QCOMPARE(summary.error().code, ErrorCode::Device);
        QVERIFY2(summary.error().what.contains(u"is kept"), qPrintable(summary.error().what));
        QCOMPARE(samples(), qint64(2));
        board->absent = 0;
        Session later = sessionWith(board);
        board->unplugged.clear();
        const auto rest = valueOf(measure(later, planOf(5), *m_db, options, {}));
        QCOMPARE(rest.known, 2);
        QCOMPARE(rest.measured, 3);
    }

    void anOperatorThatTakesTheBoardDownIsGivenUp()
    {
        const auto board = makeBoard();
        board->unplugged = {1, 2};
        Session session = sessionWith(board);
        Told told;
        const auto summary = valueOf(measure(session, planOf(3), *m_db, {}, told.listener()));
        QCOMPARE(summary.measured, 2);
        QCOMPARE(summary.failed, 1);
        QCOMPARE(told.waiting, 2);
        QVERIFY(told.outcomes[1].what == What::Failed);
        QVERIFY(told.outcomes[1].reason.contains(u"lost 2 times"));
    }

    void comingBackUnderAnotherConditionEndsTheRun()
    {
        const auto board = makeBoard();
        board->unplugged = {1};
        board->whileRunning = [&board](int run) {
            if (run == 1) board->hello.clock_hz = 200'000'000;
        };
        Session session = sessionWith(board);
        const auto summary = measure(session, planOf(3), *m_db, {}, {});
        QVERIFY(!summary);
        QCOMPARE(summary.error().code, ErrorCode::Device);
        QVERIFY2(summary.error().what.contains(u"condition"), qPrintable(summary.error().what));
        QCOMPARE(valueOf(m_db->conditions()).size(), std::size_t(1));
        QCOMPARE(samples(), qint64(1));
    }

    void conditionsChangedBySomebodyElseAreNotMixed()
    {
        const auto board = makeBoard();
        Session session = sessionWith(board);
        MeasureListener listener;
        listener.finished = [&session](const MeasureOutcome &) {
            QVERIFY(session.setConditions(AP_COND_DCACHE));
        };
        const auto summary = measure(session, planOf(3), *m_db, {}, listener);
        QVERIFY(!summary);
        QCOMPARE(summary.error().code, ErrorCode::Device);
        QVERIFY2(summary.error().what.contains(u"not mixed"), qPrintable(summary.error().what));
        QCOMPARE(samples(), qint64(1));
        QCOMPARE(valueOf(m_db->conditions()).size(), std::size_t(1));
    }

    void wideSpreadIsMeasuredAgain_data()
    {
        QTest::addColumn<int>("unsteady"); // attempts
        QTest::addColumn<int>("runs");
        QTest::addColumn<bool>("flagged");
        QTest::newRow("steady") << 0 << 1 << false;
        QTest::newRow("once") << 1 << 2 << false;
        QTest::newRow("thrice") << 3 << 4 << false;
        QTest::newRow("always") << 100 << 4 << true;
    }
    void wideSpreadIsMeasuredAgain()
    {
        QFETCH(const int, unsteady);
        QFETCH(const int, runs);
        QFETCH(const bool, flagged);
        const auto board = makeBoard();
        Session session = sessionWith(board);
        // Each attempt is a little steadier than the one before; the last one counts.
        board->counts = [unsteady](int run, const ap_run_operator_t &request) {
            std::vector<uint32_t> counts(request.repetitions, 1'000'000U + uint32_t(run) * 1000);
            counts.front() += run < unsteady ? 50'000U - uint32_t(run) * 1000 : 5'000U;
            return counts;
        };
        Told told;
        const auto summary = valueOf(measure(session, planOf(1), *m_db, {}, told.listener()));
        QCOMPARE(summary.measured, 1);
        QCOMPARE(board->runs, runs);
        QCOMPARE(told.outcomes[0].wideSpread, flagged);
        QCOMPARE(samples(), qint64(1));
        QCOMPARE(find(pointwise(1))->median, qint64(2'500'000 + (runs - 1) * 2500));
    }

    void whatDoesNotFitIsSaidAndNotSent()
    {
        const auto board = makeBoard();
        Session session = sessionWith(board);
        MeasurePlan plan = planOf(2);
        const AtomKey large = pointwise(16, 100);
        plan.items.insert(plan.items.begin(), {large, ownPlace(large), 100, {}});
        board->refused = {{0, AP_DOES_NOT_FIT}};
        Told told;
        const auto summary = valueOf(measure(session, plan, *m_db, {}, told.listener()));
        QCOMPARE(summary.doesNotFit, 2);
        QCOMPARE(summary.measured, 1);
        QCOMPARE(board->runs, 2); // the large one was never sent, the board refused another
        QVERIFY2(told.outcomes[0].reason.contains(u"bytes of RAM"),
                 qPrintable(told.outcomes[0].reason));
        QVERIFY(!told.outcomes[1].reason.isEmpty());
    }

    void whatTheFirmwareRefusesFailsAlone()
    {
        const auto board = makeBoard();
        Session session = sessionWith(board);
        board->refused = {{0, AP_KERNEL_REFUSED}};
        const auto summary = valueOf(measure(session, planOf(2), *m_db, {}, {}));
        QCOMPARE(summary.failed, 1);
        QCOMPARE(summary.measured, 1);
    }

    void operatorsOfOtherRuntimesFailAlone()
    {
        const auto board = makeBoard();
        Session session = sessionWith(board);
        MeasurePlan plan = planOf(1);
        plan.items.push_back(plan.items[0]);
        plan.items[1].key.kind = AtomKind::Pad;
        const auto summary = valueOf(measure(session, plan, *m_db, {}, {}));
        QCOMPARE(summary.failed, 1);
        QCOMPARE(summary.measured, 1);
    }

    void wrongOutputsAreNotKeptAndManyOfThemEndTheRun()
    {
        const auto board = makeBoard();
        Session session = sessionWith(board);
        board->wrong = {0, 2, 3, 4};
        Told told;
        const auto summary = measure(session, planOf(8), *m_db, {}, told.listener());
        QVERIFY(!summary);
        QCOMPARE(summary.error().code, ErrorCode::Device);
        QVERIFY(told.outcomes[0].what == What::Failed);
        QVERIFY(told.outcomes[1].what == What::Measured);
        QCOMPARE(board->runs, 5);
        QCOMPARE(samples(), qint64(1));
    }

    void cancelFreesTheCallerWithin200Ms()
    {
        const auto board = makeBoard();
        Session session = sessionWith(board);
        board->silent = {1};
        std::atomic_bool cancelled = false;
        QElapsedTimer timer;
        board->whileRunning = [&](int run) {
            if (run != 1) return;
            timer.start();
            cancelled = true;
        };
        const auto summary = measure(session, planOf(3), *m_db, {}, {},
                                     {[&cancelled] { return cancelled.load(); }, {}});
        QVERIFY2(timer.elapsed() < 200, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(!summary);
        QCOMPARE(summary.error().code, ErrorCode::Cancelled);
        QCOMPARE(samples(), qint64(1));
    }

    void pausesBetweenTwoOperators()
    {
        const auto board = makeBoard();
        Session session = sessionWith(board);
        PauseSwitch pause;
        Told told;
        MeasureListener listener = told.listener();
        std::thread resumer;
        listener.finished = [&](const MeasureOutcome &) {
            if (board->runs != 2) return;
            pause.set(true);
            resumer = std::thread([&] {
                QTest::qSleep(100);
                if (board->runs == 2) pause.set(false);
            });
        };
        QElapsedTimer timer;
        timer.start();
        const auto summary = valueOf(measure(session, planOf(4), *m_db, {}, listener, {}, &pause));
        resumer.join();
        QCOMPARE(summary.measured, 4);
        QVERIFY(timer.elapsed() >= 100);
        QCOMPARE(told.notes, (QStringList{QStringLiteral("paused"), QStringLiteral("going on")}));
    }

    void aPausedRunCanBeCancelled()
    {
        const auto board = makeBoard();
        Session session = sessionWith(board);
        PauseSwitch pause;
        pause.set(true);
        QElapsedTimer timer;
        timer.start();
        const auto summary = measure(session, planOf(2), *m_db, {}, {},
                                     {[&] { return timer.elapsed() > 50; }, {}}, &pause);
        QVERIFY(!summary);
        QCOMPARE(summary.error().code, ErrorCode::Cancelled);
        QVERIFY(timer.elapsed() < 250);
        QCOMPARE(board->runs, 0);
    }

    void theEtaFollowsTheWorkThatIsLeft()
    {
        const auto board = makeBoard();
        Session session = sessionWith(board);
        board->whileRunning = [](int) { QTest::qSleep(10); };
        Told told;
        valueOf(measure(session, planOf(10), *m_db, {}, told.listener()));
        // Ten alike operators of 10 ms each, and what the computer needs for them.
        QVERIFY2(told.etas[0] >= 80 && told.etas[0] < 2000,
                 qPrintable(QString::number(told.etas[0])));
        QVERIFY(told.etas[8] < told.etas[0]);
        QCOMPARE(told.etas[9], qint64(0));
    }

    void aFullDiskEndsTheRun()
    {
        const auto board = makeBoard();
        Session session = sessionWith(board);
        AtomDb readOnly = valueOf(
            AtomDb::open(m_folder->filePath(QStringLiteral("db.sqlite")), AtomDb::Mode::ReadOnly));
        const auto summary = measure(session, planOf(2), readOnly, {}, {});
        QVERIFY(!summary);
        QCOMPARE(summary.error().code, ErrorCode::Io);
        QCOMPARE(board->runs, 1);
    }

private:
    qint64 samples() { return valueOf(m_db->info()).samples; }
    const AtomTable &table()
    {
        const auto conditions = valueOf(m_db->conditions());
        m_table = valueOf(m_db->table(conditions.front().id));
        return m_table;
    }
    const AtomStats *find(const AtomKey &key) { return table().findExact(key); }
    QByteArray exported()
    {
        const QString path = m_folder->filePath(QStringLiteral("out.csv"));
        if (!m_db->exportCsv(path)) return {};
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::optional<AtomDb> m_db;
    AtomTable m_table;
};

QTEST_GUILESS_MAIN(TestMeasuringQueue)
#include "tst_measuring_queue.moc"
