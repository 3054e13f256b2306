#include "core/analysis/knowledge.h"
#include "core/search/evolution.h"
#include "core/search/genes.h"
#include "tests/core/search/tiny_space.h"

#include <QSet>
#include <QTest>

#include <algorithm>

using namespace atomnet;

namespace
{

template <class T>
T valueOf(Result<T> result)
{
    if (!result) qFatal("%s", qPrintable(result.error().message()));
    return *std::move(result);
}

Target virtualTarget()
{
    return {valueOf(boardById(QStringLiteral("qemu-m7"))), Runtime::AtomNet1, 0, 0};
}

Result<std::optional<double>> macsScore(const Network &, const Report &report)
{
    return double(report.macs);
}

std::vector<Genome> everyGenome(const Genes &genes)
{
    std::vector<Genome> all{{}};
    for (const Gene &gene : genes.all()) {
        std::vector<Genome> longer;
        for (const Genome &genome : all)
            for (int choice = 0; choice < gene.choices; ++choice) {
                longer.push_back(genome);
                longer.back().push_back(quint16(choice));
            }
        all = std::move(longer);
    }
    return all;
}

} // namespace

class TestEvolution : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_target = virtualTarget();
        m_knowledge = shippedKnowledge(m_target.board, m_target.runtime);
        QVERIFY(m_knowledge.model);
        const Genes genes(tinySpace());
        Analyzer analyzer(m_target, m_knowledge);
        QSet<QByteArray> seen;
        for (const Genome &genome : everyGenome(genes)) {
            ++m_labelled;
            const Genome canonical = genes.canonical(genome);
            const QByteArray key(reinterpret_cast<const char *>(canonical.data()),
                                 qsizetype(2 * canonical.size()));
            if (seen.contains(key)) continue;
            seen.insert(key);
            const Network network = genes.network(canonical);
            m_all.emplace_back(network, valueOf(analyzer.analyze(network)));
        }
    }

    void genomesThatDifferAreNetworksThatDiffer()
    {
        QCOMPARE(m_labelled, 384);
        QCOMPARE(m_all.size(), std::size_t(288));
        for (std::size_t a = 0; a < m_all.size(); ++a)
            for (std::size_t b = 0; b < a; ++b)
                QVERIFY(!sameDesign(m_all[a].first, m_all[b].first));
    }

    void findsTheOptimum_data()
    {
        QTest::addColumn<double>("sramShare");
        QTest::addColumn<double>("flashShare");
        QTest::addColumn<double>("latencyShare");
        QTest::newRow("no limit") << 2.0 << 2.0 << 2.0;
        QTest::newRow("SRAM") << 0.6 << 2.0 << 2.0;
        QTest::newRow("all") << 0.8 << 0.9 << 0.4;
        QTest::newRow("hardly any network") << 2.0 << 2.0 << 0.12;
    }
    void findsTheOptimum()
    {
        QFETCH(const double, sramShare);
        QFETCH(const double, flashShare);
        QFETCH(const double, latencyShare);
        qint64 sram = 0, flash = 0, latency = 0;
        for (const auto &[network, report] : m_all) {
            sram = std::max(sram, report.sram.value);
            flash = std::max(flash, report.flash.value);
            latency = std::max(latency, report.latency.value);
        }
        const SearchLimits limits{qint64(double(sram) * sramShare),
                                  qint64(double(flash) * flashShare),
                                  qint64(double(latency) * latencyShare)};
        std::vector<qint64> feasible;
        for (const auto &[network, report] : m_all)
            if (report.sram.value <= *limits.sramBytes &&
                report.flash.value <= *limits.flashBytes && report.latency.value <= *limits.latency)
                feasible.push_back(report.macs);
        std::sort(feasible.rbegin(), feasible.rend());
        QVERIFY(!feasible.empty());
        QVERIFY(sramShare > 1 || feasible.size() < m_all.size());

        EvolutionOptions options;
        options.population = 16;
        options.tournament = 4;
        options.top = 3;
        const EvolutionResult result = valueOf(evolve(tinySpace(), m_target, m_knowledge, limits,
                                                      {}, Estimates::Point, macsScore, options));
        for (std::size_t i = 0; i < std::min<std::size_t>(3, feasible.size()); ++i)
            QCOMPARE(result.top.at(i).macs, feasible[i]);
        const Candidate &best = result.top.front();
        const Report report = valueOf(analyze(best.network, m_target, m_knowledge));
        QCOMPARE(best.macs, report.macs);
        QCOMPARE(best.sramBytes, report.sram.value);
        QCOMPARE(best.flashBytes, report.flash.value);
        QCOMPARE(best.latency, report.latency.value);
        QCOMPARE(best.params, report.params);
        QVERIFY(best.sramBytes <= *limits.sramBytes && best.latency <= *limits.latency);
        QCOMPARE(result.evaluated, int(feasible.size())); // a small space is looked at completely
        QCOMPARE(int(result.bestAfter.size()), result.evaluated);
        QVERIFY(std::is_sorted(result.bestAfter.begin(), result.bestAfter.end()));
        QCOMPARE(result.bestAfter.back(), double(best.macs));
    }

    void theSameSeedGivesTheSame()
    {
        const auto run = [this](quint32 seed) {
            EvolutionOptions options;
            options.evaluations = 60;
            options.population = 12;
            options.tournament = 4;
            options.seed = seed;
            options.top = 5;
            return valueOf(evolve(tinySpace(), m_target, m_knowledge, {}, {}, Estimates::Point,
                                  macsScore, options));
        };
        const EvolutionResult a = run(7), b = run(7), c = run(8);
        QCOMPARE(a.bestAfter, b.bestAfter);
        QCOMPARE(a.evaluated, 60);
        QCOMPARE(a.top.size(), std::size_t(5));
        for (std::size_t i = 0; i < a.top.size(); ++i) {
            QVERIFY(sameDesign(a.top[i].network, b.top[i].network));
            for (std::size_t j = 0; j < i; ++j)
                QVERIFY(!sameDesign(a.top[i].network, a.top[j].network));
        }
        QVERIFY(a.bestAfter != c.bestAfter);
    }

    void selectionBeatsChance()
    {
        // Of a space of 6 million networks: with 400 scores, far above what 400 draws reach.
        SearchSpace space = tinySpace();
        while (space.stages.size() < 6) {
            space.stages.push_back(space.stages[1]);
            space.stages.back().name = QStringLiteral("s%1").arg(space.stages.size());
            space.stages.back().stride = 1;
        }
        qint64 bestDrawn = 0, most = 0;
        EvolutionOptions options;
        options.evaluations = 400;
        options.population = 400; // never ages: draws and steps without selection
        const auto drawn = valueOf(
            evolve(space, m_target, m_knowledge, {}, {}, Estimates::Point, macsScore, options));
        bestDrawn = drawn.top.front().macs;
        options.population = 32;
        options.tournament = 8;
        const auto evolved = valueOf(
            evolve(space, m_target, m_knowledge, {}, {}, Estimates::Point, macsScore, options));
        most = evolved.top.front().macs;
        QVERIFY2(most > bestDrawn, qPrintable(QString::number(most)));
    }

    void shapesAreBound()
    {
        EvolutionOptions options;
        options.population = 16;
        ShapeBounds shape;
        shape.minDepth = 3;
        shape.maxWidthGrowth = 2;
        shape.neverNarrower = true;
        int asked = 0;
        const Score least = [&asked](const Network &network, const Report &report) {
            ++asked;
            const Block &stem = network.stages[0].blocks.front();
            const Block &body = network.stages[1].blocks.front();
            const bool within =
                body.repeat == 2 && body.out >= stem.out && body.out <= 2 * stem.out;
            return within ? Result<std::optional<double>>(-double(report.macs))
                          : fail(ErrorCode::BadInput, QStringLiteral("out of bounds"));
        };
        const auto result =
            evolve(tinySpace(), m_target, m_knowledge, {}, shape, Estimates::Point, least, options);
        QVERIFY2(result, qPrintable(result ? QString() : result.error().message()));
        QCOMPARE(asked, 2 * 2 * 2 * 3 * 2 * 2);
        QVERIFY(result->infeasible > 0);
    }

    void estimatesCountAsAsked()
    {
        EvolutionOptions options;
        options.evaluations = 20;
        options.population = 8;
        // Without samples nothing is measured.
        const auto measured = evolve(tinySpace(), m_target, m_knowledge, {}, {},
                                     Estimates::MeasuredOnly, macsScore, options);
        QVERIFY(!measured);
        QCOMPARE(measured.error().code, ErrorCode::BadInput);
        QVERIFY2(measured.error().what.contains(u"not measured"),
                 qPrintable(measured.error().what));
        const auto pessimistic = valueOf(evolve(tinySpace(), m_target, m_knowledge, {}, {},
                                                Estimates::Pessimistic, macsScore, options));
        const Candidate &best = pessimistic.top.front();
        const Report report = valueOf(analyze(best.network, m_target, m_knowledge));
        qint64 high = 0;
        for (const Layer &layer : report.layers)
            high += *layer.latency.high;
        QCOMPARE(best.latency, high);
        QVERIFY(best.latency > report.latency.value);
        QCOMPARE(best.sramBytes, report.sram.high);
        QCOMPARE(best.measuredShare(), 0.0);
    }

    void infeasibleLimitsSayWhichOneBreaks_data()
    {
        QTest::addColumn<SearchLimits>("limits");
        QTest::addColumn<QString>("says");
        QTest::newRow("SRAM") << SearchLimits{10, {}, {}} << "more SRAM than 10 bytes";
        QTest::newRow("Flash") << SearchLimits{{}, 10, {}} << "more Flash than 10 bytes";
        QTest::newRow("latency") << SearchLimits{{}, {}, 10} << "longer than 10 instructions";
    }
    void infeasibleLimitsSayWhichOneBreaks()
    {
        QFETCH(const SearchLimits, limits);
        QFETCH(const QString, says);
        const auto result =
            evolve(tinySpace(), m_target, m_knowledge, limits, {}, Estimates::Point, macsScore, {});
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::BadInput);
        QVERIFY2(result.error().what.contains(says), qPrintable(result.error().what));
    }

    void withoutAnyBasisNoLatencyLimitIsKept()
    {
        const Target board{valueOf(boardById(QStringLiteral("stm32f412"))), Runtime::XCubeAi72, 0,
                           0};
        const auto result = evolve(tinySpace(), board, {}, {{}, {}, 1'000'000'000}, {},
                                   Estimates::Point, macsScore, {});
        QVERIFY(!result);
        QVERIFY2(result.error().what.contains(u"nothing is known"),
                 qPrintable(result.error().what));
        QVERIFY(evolve(tinySpace(), board, {}, {}, {}, Estimates::Point, macsScore, {}));
    }

    void stopsWhenItIsTold()
    {
        int asked = 0;
        double shared = 0;
        const RunControl control{[&asked] { return ++asked > 40; },
                                 [&shared](double share) { shared = std::max(shared, share); }};
        const auto result = evolve(tinySpace(), m_target, m_knowledge, {}, {}, Estimates::Point,
                                   macsScore, {}, control);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Cancelled);
        QVERIFY(shared > 0 && shared < 1);
    }

    void aSpaceWithoutNetworksIsRefused()
    {
        SearchSpace none = tinySpace();
        none.stages[1].widths.clear();
        const auto result =
            evolve(none, m_target, m_knowledge, {}, {}, Estimates::Point, macsScore, {});
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::BadInput);
        EvolutionOptions nobody;
        nobody.population = 0;
        QCOMPARE(
            evolve(tinySpace(), m_target, m_knowledge, {}, {}, Estimates::Point, macsScore, nobody)
                .error()
                .code,
            ErrorCode::Usage);
    }

    void stagesThatDoNotFitAreNoNetworks()
    {
        // 16 pixels halved five times are none; 48 pixels are.
        SearchSpace space = tinySpace();
        space.resolutions = {16, 48};
        space.stages[1].types = {BlockType::Sep};
        while (space.stages.size() < 6) {
            space.stages.push_back(space.stages[1]);
            space.stages.back().name = QStringLiteral("s%1").arg(space.stages.size());
        }
        EvolutionOptions options;
        options.evaluations = 50;
        options.population = 8;
        const auto result = valueOf(
            evolve(space, m_target, m_knowledge, {}, {}, Estimates::Point, macsScore, options));
        QCOMPARE(result.top.front().network.input.h, 48);
    }

private:
    Target m_target;
    Knowledge m_knowledge;
    int m_labelled = 0;
    std::vector<std::pair<Network, Report>> m_all;
};

QTEST_APPLESS_MAIN(TestEvolution)
#include "tst_evolution.moc"
