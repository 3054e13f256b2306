#include "tests/core/analysis/explorer/explorer_examples.h"
#include "widgets/document/explorer_service.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace atomnet;
using namespace atomnet::test;

namespace
{

RunCondition conditionOf(const QString &board, const QString &runtime)
{
    RunCondition condition;
    condition.board = board;
    condition.runtime = runtime;
    condition.clockHz = 400'000'000;
    return condition;
}

/// One sample of each row, `factor` times its median.
std::vector<Sample> samplesOf(const AtomTable &table, double factor = 1)
{
    std::vector<Sample> samples;
    for (const AtomTable::Row &row : table.rows())
        samples.push_back({row.key,
                           qint64(double(row.stats.median) * factor),
                           SampleUnit::Nanoseconds,
                           {},
                           {},
                           {}});
    return samples;
}

} // namespace

class TestExplorerService : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        auto db = AtomDb::open(path());
        QVERIFY(db);
        m_db = std::make_unique<AtomDb>(std::move(*db));
        QVERIFY(m_db->addSamples(h743(), QStringLiteral("a"), samplesOf(*exampleTable())));
        QVERIFY(m_db->addSamples(f746(), QStringLiteral("b"), samplesOf(*exampleTable(), 2)));
        m_service = std::make_unique<ExplorerService>();
    }
    void cleanup()
    {
        m_service.reset();
        m_db.reset();
        m_folder.reset();
    }
    void snapshotsHoldWhatWasAskedFor()
    {
        QSignalSpy contents(m_service.get(), &ExplorerService::contentsReady);
        QSignalSpy snapshots(m_service.get(), &ExplorerService::snapshotReady);
        m_service->open(path());
        QVERIFY(contents.wait());
        const auto conditions = contents[0][0].value<std::vector<ConditionInfo>>();
        QCOMPARE(conditions.size(), std::size_t(2));
        m_service->ask({conditions[0].id, conditions[1].id, true, {}});
        QVERIFY(snapshots.wait());
        const auto snapshot = snapshots[0][0].value<ExplorerSnapshotPtr>();
        QCOMPARE(snapshot->first.condition, h743());
        QCOMPARE(snapshot->second.condition, f746());
        QCOMPARE(snapshot->table->size(), 18U);
        QCOMPARE(snapshot->pairs->exact, 18U);
        QVERIFY(snapshot->note.isEmpty());
        QVERIFY(snapshot->table->model());
        for (const float predicted : snapshot->table->column(ExplorerField::Predicted))
            QVERIFY(predicted > 0);
        QVERIFY(!snapshot->coverage);
        QTRY_VERIFY(!m_service->busy());
    }
    void samplesAreThoseOfAtomDb()
    {
        const AtomKey key = pointwiseKey(10, 16, 32);
        std::vector<Sample> more;
        for (const qint64 value : {900'000, 700'000, 810'000, 820'000})
            more.push_back({key, value, SampleUnit::Nanoseconds, {}, {}, {}});
        QVERIFY(m_db->addSamples(h743(), QStringLiteral("more"), more));
        const qint64 id = m_db->conditions()->front().id;
        QSignalSpy samples(m_service.get(), &ExplorerService::samplesReady);
        m_service->open(path());
        m_service->askSamples(id, key);
        QVERIFY(samples.wait());
        const auto found = samples[0][0].value<ExplorerSamples>();
        const auto expected = m_db->samples(id, key);
        QVERIFY(expected);
        QCOMPARE(found.samples.values, expected->values);
        QCOMPARE(found.samples.values.size(), std::size_t(5));
        QCOMPARE(found.samples.stats, expected->stats);
        QCOMPARE(found.key, key);
    }
    void snapshotsFollowWhatOthersWrite()
    {
        QSignalSpy contents(m_service.get(), &ExplorerService::contentsReady);
        QSignalSpy snapshots(m_service.get(), &ExplorerService::snapshotReady);
        const ExplorerRequest request{m_db->conditions()->front().id, 0, false, {}};
        m_service->open(path());
        m_service->ask(request);
        QTRY_COMPARE(snapshots.size(), 1);
        QVERIFY(m_db->addSamples(
            h743(), QStringLiteral("new"),
            {{pointwiseKey(7, 8, 8), 5'000, SampleUnit::Nanoseconds, {}, {}, {}}}));
        m_service->refresh();
        m_service->ask(request);
        QTRY_COMPARE(snapshots.size(), 2);
        QCOMPARE(snapshots[0][0].value<ExplorerSnapshotPtr>()->table->size(), 18U);
        QCOMPARE(snapshots[1][0].value<ExplorerSnapshotPtr>()->table->size(), 19U);
        QCOMPARE(contents.last()[0].value<std::vector<ConditionInfo>>().front().samples,
                 qint64(19));
    }
    void theNewestQuestionWins()
    {
        QSignalSpy contents(m_service.get(), &ExplorerService::contentsReady);
        QSignalSpy snapshots(m_service.get(), &ExplorerService::snapshotReady);
        m_service->open(path());
        QVERIFY(contents.wait());
        const auto conditions = contents[0][0].value<std::vector<ConditionInfo>>();
        for (int i = 0; i < 50; ++i)
            m_service->ask({conditions[0].id, conditions[1].id, true, {}});
        m_service->ask({conditions[1].id, 0, false, {}});
        QTRY_VERIFY(!m_service->busy());
        QVERIFY(snapshots.size() < 20); // most were never begun
        QCOMPARE(snapshots.last()[0].value<ExplorerSnapshotPtr>()->first.condition, f746());
    }
    void gapsOfASpaceAreCounted()
    {
        const RunCondition ours =
            conditionOf(QStringLiteral("stm32h743"), QStringLiteral("atomnet-1"));
        QVERIFY(m_db->addSamples(ours, QStringLiteral("c"), samplesOf(*exampleTable())));
        qint64 id = 0;
        const auto conditions = m_db->conditions();
        for (const ConditionInfo &info : *conditions)
            if (info.condition == ours) id = info.id;
        QSignalSpy snapshots(m_service.get(), &ExplorerService::snapshotReady);
        m_service->open(path());
        m_service->ask({id, 0, false, QStringLiteral("paper")});
        QVERIFY(snapshots.wait());
        const auto first = snapshots[0][0].value<ExplorerSnapshotPtr>();
        QVERIFY2(first->coverage, qPrintable(first->note));
        const qint64 gaps = qint64(first->coverage->gaps.size());
        QVERIFY(gaps > 1000);
        // What is measured is no gap any more.
        std::vector<Sample> measured;
        for (std::size_t i = 0; i < 40; ++i)
            measured.push_back({first->coverage->gaps[i * 20].key,
                                1'000'000,
                                SampleUnit::Nanoseconds,
                                {},
                                {},
                                {}});
        QVERIFY(m_db->addSamples(ours, QStringLiteral("d"), measured));
        m_service->refresh();
        m_service->ask({id, 0, false, QStringLiteral("paper")});
        QVERIFY(snapshots.wait());
        const auto second = snapshots[1][0].value<ExplorerSnapshotPtr>();
        QCOMPARE(qint64(second->coverage->gaps.size()), gaps - 40);
        QCOMPARE(second->coverage->measured, first->coverage->measured + 40);
        QCOMPARE(second->coverage->operators, first->coverage->operators);
        QCOMPARE(second->coverage->measured + second->coverage->unmeasurable +
                     qint64(second->coverage->gaps.size()),
                 second->coverage->operators);
    }
    void aSpaceThatCannotBeHadSaysWhy()
    {
        QSignalSpy snapshots(m_service.get(), &ExplorerService::snapshotReady);
        m_service->open(path());
        m_service->ask({m_db->conditions()->front().id, 0, false,
                        m_folder->filePath(QStringLiteral("missing.json"))});
        QVERIFY(snapshots.wait());
        const auto snapshot = snapshots[0][0].value<ExplorerSnapshotPtr>();
        QVERIFY(!snapshot->coverage);
        QVERIFY(!snapshot->note.isEmpty());
        QCOMPARE(snapshot->table->size(), 18U); // the rest is there
    }
    void anUnreadableDatabaseIsSaidInOneSentence()
    {
        const QString bad = m_folder->filePath(QStringLiteral("bad.sqlite"));
        QFile file(bad);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("this is no database, however long one looks at it. ");
        file.close();
        QSignalSpy failed(m_service.get(), &ExplorerService::failed);
        m_service->open(bad);
        QVERIFY(failed.wait());
        const Error error = failed[0][0].value<Error>();
        QVERIFY2(error.message().contains(QStringLiteral("bad.sqlite")),
                 qPrintable(error.message()));
        // Then a good one.
        QSignalSpy contents(m_service.get(), &ExplorerService::contentsReady);
        m_service->open(path());
        QVERIFY(contents.wait());
    }
    void itMayGoWhileItWorks()
    {
        m_service->open(path());
        m_service->ask({m_db->conditions()->front().id, 0, true, QStringLiteral("paper")});
        m_service.reset(); // must not hang
    }

private:
    [[nodiscard]] QString path() const { return m_folder->filePath(QStringLiteral("db.sqlite")); }
    [[nodiscard]] static RunCondition h743()
    {
        return conditionOf(QStringLiteral("stm32h743"), QStringLiteral("x-cube-ai-7.2"));
    }
    [[nodiscard]] static RunCondition f746()
    {
        return conditionOf(QStringLiteral("stm32f746"), QStringLiteral("x-cube-ai-7.2"));
    }
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<AtomDb> m_db;
    std::unique_ptr<ExplorerService> m_service;
};

QTEST_GUILESS_MAIN(TestExplorerService)
#include "tst_explorer_service.moc"
