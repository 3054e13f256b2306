#include "core/analysis/knowledge.h"
#include "tests/core/search/tiny_space.h"
#include "widgets/document/search_service.h"

#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace atomnet;

/// Exact search and evolution as the window asks for them.
class TestSearchService : public QObject
{
    Q_OBJECT

    static constexpr int patience = 30'000;
    Target m_target;
    Knowledge m_knowledge;

    std::unique_ptr<SearchService> m_service;
    std::vector<SearchAnswerPtr> m_answers;
    std::vector<std::shared_ptr<const Searcher>> m_tables;
    std::vector<Error> m_errors;
    int m_finished = 0;

    void setTiny(Estimates estimates = Estimates::Point)
    {
        m_service->setProblem(tinySpace(), m_target, m_knowledge, estimates);
    }
    bool settled() const { return m_finished > 0 && !m_service->busy(); }
    static SearchQuery query(std::optional<qint64> sram = {}, int top = 3)
    {
        SearchQuery query;
        query.limits.sramBytes = sram;
        query.top = top;
        return query;
    }
    static std::vector<quint64> choices(const Front &front)
    {
        std::vector<quint64> found;
        for (const FrontPoint &point : front)
            found.push_back(point.choice);
        std::sort(found.begin(), found.end());
        return found;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_target.board = boardById(QStringLiteral("qemu-m7")).value();
        m_knowledge = shippedKnowledge(m_target.board, m_target.runtime);
        QVERIFY(m_knowledge.model);
    }
    void init()
    {
        m_answers.clear();
        m_tables.clear();
        m_errors.clear();
        m_finished = 0;
        m_service = std::make_unique<SearchService>();
        connect(m_service.get(), &SearchService::answered, this,
                [this](const SearchAnswerPtr &answer) { m_answers.push_back(answer); });
        connect(m_service.get(), &SearchService::tablesReady, this,
                [this](const auto &searcher) { m_tables.push_back(searcher); });
        connect(m_service.get(), &SearchService::failed, this,
                [this](const Error &error) { m_errors.push_back(error); });
        connect(m_service.get(), &SearchService::finished, this, [this] { ++m_finished; });
    }
    void cleanup() { m_service.reset(); }

    void theOptimumComesBeforeTheFront()
    {
        setTiny();
        m_service->ask(query(), true);
        QVERIFY(m_service->busy());
        QTRY_VERIFY_WITH_TIMEOUT(settled(), patience);
        QVERIFY(m_errors.empty());
        QCOMPARE(m_tables.size(), std::size_t(1));
        QCOMPARE(m_answers.size(), std::size_t(2));
        QVERIFY(!m_answers[0]->front);
        QVERIFY(m_answers[1]->front && !m_answers[1]->front->empty());
        QCOMPARE(m_answers[0]->result.top.front().macs, m_answers[1]->result.top.front().macs);
        const auto direct = m_tables[0]->solve(query());
        QVERIFY(direct.has_value());
        QVERIFY(direct->proven);
        QCOMPARE(m_answers[0]->result.top.front().macs, direct->top.front().macs);
        QVERIFY(sameDesign(m_answers[0]->result.top.front().network, direct->top.front().network));
    }

    void theFrontWithinLimitsIsTheSearchers()
    {
        setTiny();
        m_service->ask(query(), true);
        QTRY_VERIFY_WITH_TIMEOUT(settled(), patience);
        const Front whole = *m_answers.back()->front;
        std::vector<qint64> sram;
        for (const FrontPoint &point : whole)
            sram.push_back(point.sramBytes);
        std::sort(sram.begin(), sram.end());
        QVERIFY(sram.front() < sram.back());
        const qint64 limit = sram[sram.size() / 2];
        m_answers.clear();
        m_finished = 0;
        m_service->ask(query(limit), true);
        QTRY_VERIFY_WITH_TIMEOUT(settled(), patience);
        QCOMPARE(m_answers.size(), std::size_t(1)); // both at once: the whole front is known
        const SearchAnswer &answer = *m_answers.back();
        QVERIFY(answer.front && answer.whole);
        QVERIFY(answer.front->size() < whole.size());
        QCOMPARE(answer.whole->size(), whole.size());
        const auto direct = m_tables[0]->front(query(limit));
        QVERIFY(direct.has_value());
        QCOMPARE(choices(*answer.front), choices(*direct));
    }

    void theNewestQuestionWins()
    {
        setTiny();
        QTRY_VERIFY_WITH_TIMEOUT(settled(), patience);
        const qint64 least = m_tables[0]->ranges().sramBytes.least;
        for (int i = 0; i < 200; ++i)
            m_service->ask(query(least + 1000 * i), i % 2 == 0);
        QTRY_VERIFY_WITH_TIMEOUT(settled() && !m_answers.empty(), patience);
        QVERIFY(m_errors.empty());
        QCOMPARE(m_answers.size(), std::size_t(1)); // those in between are never begun
        QCOMPARE(m_answers.back()->query, query(least + 1000 * 199));
    }

    void aQuestionBeforeItsTablesIsAnsweredWithThem()
    {
        m_service->ask(query(), false);
        setTiny();
        QTRY_VERIFY_WITH_TIMEOUT(settled(), patience);
        QCOMPARE(m_answers.size(), std::size_t(1));
    }

    void tablesAreKeptAndTheQuestionIsAnsweredAgain()
    {
        setTiny();
        m_service->ask(query(), false);
        QTRY_VERIFY_WITH_TIMEOUT(settled(), patience);
        m_finished = 0;
        setTiny(Estimates::Pessimistic);
        QTRY_VERIFY_WITH_TIMEOUT(settled(), patience);
        m_finished = 0;
        setTiny();
        QTRY_VERIFY_WITH_TIMEOUT(settled(), patience);
        QCOMPARE(m_tables.size(), std::size_t(3));
        QVERIFY(m_tables[0] != m_tables[1]);
        QCOMPARE(m_tables[0], m_tables[2]);
        QCOMPARE(m_answers.size(), std::size_t(3));
        QCOMPARE(m_answers[2]->searcher, m_tables[0]);
        QVERIFY(m_answers[1]->result.top.front().latency >=
                m_answers[0]->result.top.front().latency);
    }

    void otherKnowledgeMakesOtherTables()
    {
        setTiny();
        QTRY_VERIFY_WITH_TIMEOUT(settled(), patience);
        m_finished = 0;
        Knowledge other = m_knowledge;
        other.model = std::make_shared<const LatencyModel>(*m_knowledge.model);
        m_service->setProblem(tinySpace(), m_target, other, Estimates::Point);
        QTRY_VERIFY_WITH_TIMEOUT(settled(), patience);
        QCOMPARE(m_tables.size(), std::size_t(2));
        QVERIFY(m_tables[0] != m_tables[1]);
    }

    void cancellingIsNoFailure()
    {
        m_service->setProblem(widePaperSpace(), m_target, m_knowledge, Estimates::Point);
        m_service->ask(query({}, 20), true);
        QVERIFY(m_service->busy());
        m_service->cancel();
        QTRY_VERIFY_WITH_TIMEOUT(m_finished > 0, 5000);
        QVERIFY(!m_service->busy());
        QVERIFY(m_errors.empty());
        QVERIFY(m_answers.empty());
        // And what is asked from then on is answered.
        setTiny();
        m_service->ask(query(), false);
        QTRY_COMPARE_WITH_TIMEOUT(m_answers.size(), std::size_t(1), patience);
    }

    void whatCannotBeSearchedSaysWhy()
    {
        SearchSpace huge = tinySpace();
        for (int i = 0; i < 60; ++i) { // far beyond any number of tables and labels
            SpaceStage stage = huge.stages.back();
            stage.stride = 1;
            stage.name = QStringLiteral("x%1").arg(i);
            stage.widths.clear();
            for (int width = 8; width <= 2048; width += 8)
                stage.widths.push_back(width);
            stage.depths = {1, 2, 3, 4, 5, 6, 7, 8, 9};
            huge.stages.push_back(stage);
        }
        m_service->setProblem(huge, m_target, m_knowledge, Estimates::Point);
        QTRY_VERIFY_WITH_TIMEOUT(!m_errors.empty(), patience);
        QVERIFY(!m_errors.front().message().isEmpty());
        m_errors.clear();
        m_service->ask(query(), false); // is told again
        QTRY_COMPARE_WITH_TIMEOUT(m_errors.size(), std::size_t(1), patience);
        QVERIFY(m_answers.empty());
    }

    void evolutionGivesWhatItScored()
    {
        setTiny();
        std::shared_ptr<const EvolutionResult> result;
        connect(m_service.get(), &SearchService::evolved, this,
                [&](const auto &found) { result = found; });
        EvolutionOptions options;
        options.population = 8;
        options.tournament = 4;
        options.evaluations = 40;
        options.top = 5;
        const Score score = [](const Network &, const Report &report) {
            return Result<std::optional<double>>(-double(report.macs));
        };
        m_service->evolve(query(), score, options);
        QTRY_VERIFY_WITH_TIMEOUT(result, patience);
        QVERIFY(!result->top.empty());
        QVERIFY(result->evaluated > 0 && result->evaluated <= 40);
        QCOMPARE(result->top.front().objective, -double(result->top.front().macs));
    }

    void aScoreThatFailsEndsTheEvolution()
    {
        setTiny();
        const Score score = [](const Network &, const Report &) -> Result<std::optional<double>> {
            return fail(ErrorCode::Device, QStringLiteral("the command printed rubbish"));
        };
        m_service->evolve(query(), score, {});
        QTRY_VERIFY_WITH_TIMEOUT(!m_errors.empty(), patience);
        QVERIFY(m_errors.front().message().contains(QStringLiteral("rubbish")));
        QTRY_VERIFY_WITH_TIMEOUT(!m_service->busy(), patience);
    }

    void deletingWaitsForItsThreads()
    {
        m_service->setProblem(widePaperSpace(), m_target, m_knowledge, Estimates::Point);
        m_service->ask(query({}, 20), true);
        QTest::qWait(5);
        m_service.reset();
        QVERIFY(m_answers.size() <= 1);
    }
};

QTEST_GUILESS_MAIN(TestSearchService)
#include "tst_search_service.moc"
