#include "core/search/search.h"
#include "tests/core/search/brute_force.h"

#include <QTest>

#include <algorithm>
#include <set>
#include <tuple>

using namespace atomnet;
using test::BruteNetwork;

namespace
{

Target targetOf(const char *board, Runtime runtime)
{
    return {*boardById(QString::fromLatin1(board)), runtime, 0, 0};
}

/// Of the three ways to know latencies.
struct Setting {
    Target target;
    bool instructions = false; ///< from a virtual board's
};

std::vector<Setting> settings()
{
    return {{targetOf("stm32h743", Runtime::XCubeAi72)},
            {targetOf("qemu-m7", Runtime::AtomNet1)},
            {targetOf("stm32f746", Runtime::AtomNet1), true}};
}

Knowledge knowledgeOf(const Setting &setting, const std::vector<Network> &networks, double share,
                      quint32 seed)
{
    const QString runtime = runtimeId(setting.target.runtime);
    Knowledge knowledge;
    if (!setting.instructions) {
        knowledge.table = test::madeUpTable(networks, setting.target, share, seed);
        knowledge.model = shippedLatencyModel(setting.target.board.id, runtime);
        return knowledge;
    }
    const Target counting = targetOf("qemu-m7", Runtime::AtomNet1);
    knowledge.instructions = test::madeUpTable(networks, counting, share, seed);
    knowledge.instructionModel = shippedLatencyModel(counting.board.id, runtime);
    return knowledge;
}

/// Some limit between the least and somewhat above the most that occurs.
std::optional<qint64> someLimit(QRandomGenerator &random, const std::vector<BruteNetwork> &all,
                                qint64 Candidate::*figure)
{
    if (random.bounded(4) == 0 || all.empty()) return {};
    const qint64 value = all[random.bounded(quint32(all.size()))].figures.*figure;
    return value + qint64(random.bounded(3)) - 1; // at, just below, just above
}

SearchQuery someQuery(QRandomGenerator &random, const std::vector<BruteNetwork> &all,
                      bool pessimistic)
{
    SearchQuery query;
    query.limits = {someLimit(random, all, &Candidate::sramBytes),
                    someLimit(random, all, &Candidate::flashBytes),
                    someLimit(random, all, &Candidate::latency)};
    query.top = 1 + int(random.bounded(3)) * 7;
    switch (random.bounded(6)) {
    case 0:
        query.objective = {1, -0.5, 0, 0, 0};
        break;
    case 1:
        query.objective = {1, 0, -20.25, pessimistic ? 0 : 0.1, 0};
        break;
    case 2:
        query.objective = {0.3, -0.01, -3, -2, 1.7};
        break;
    case 3:
        query.objective = {0, -1, 0, 0, 0};
        break;
    default:
        break;
    }
    if (random.bounded(3) == 0) query.shape.minDepth = 3 + int(random.bounded(4));
    if (random.bounded(4) == 0) query.shape.maxWidthGrowth = 1 + random.generateDouble();
    query.shape.neverNarrower = random.bounded(5) == 0;
    return query;
}

bool sameStage(Network a, Network b, std::size_t stage)
{
    clearIds(a);
    clearIds(b);
    return a.stages[stage].blocks == b.stages[stage].blocks;
}

std::tuple<qint64, qint64, qint64, qint64, qint64, qint64, qint64> figures(const Candidate &c)
{
    return {c.macs,       c.macsElementwise, c.latency,        c.sramBytes,
            c.flashBytes, c.params,          c.measuredLatency};
}

} // namespace

class TestSearch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void candidatesHaveTheFiguresOfTheirReports();
    void answersAreThoseOfLookingAtEveryNetwork_data();
    void answersAreThoseOfLookingAtEveryNetwork();
    void frontsAreThoseOfLookingAtEveryNetwork();
    void infeasibleQueriesSayWhatWouldDo();
    void whatNoLimitCausesIsSaid();
    void locksOnlyShortenTheSpace();
    void theSameTablesHaveTheSameHash();
    void cancellingEndsEveryStep();
    void whatCannotBeSearchedExactlyIsRefusedWithItsCount();
    void thePaperSpaceIsSolvedAndCounted();
};

void TestSearch::candidatesHaveTheFiguresOfTheirReports()
{
    QRandomGenerator random(5);
    for (const Setting &setting : settings()) {
        const SearchSpace space = widePaperSpace();
        const Knowledge knowledge = knowledgeOf(setting, {}, 0, 1);
        const auto searcher = Searcher::make(space, setting.target, knowledge, Estimates::Point);
        QVERIFY2(searcher, searcher ? "" : qPrintable(searcher.error().message()));
        const quint64 count = quint64(countNetworks(space).distinct);
        Analyzer analyzer(setting.target, knowledge);
        std::set<quint64> choices;
        for (int i = 0; i < 250; ++i) {
            const quint64 choice = random.generate64() % count;
            const Candidate candidate = searcher->candidate(choice);
            QVERIFY(sameDesign(candidate.network, searcher->network(choice)));
            const auto report = analyzer.analyze(candidate.network);
            QVERIFY(report);
            QCOMPARE(candidate.macs, report->macs);
            QCOMPARE(candidate.macsElementwise, report->macsElementwise);
            QCOMPARE(candidate.params, report->params);
            QCOMPARE(candidate.latency, report->latency.value);
            QCOMPARE(candidate.sramBytes, report->sram.value);
            QCOMPARE(candidate.flashBytes, report->flash.value);
            QCOMPARE(candidate.measuredShare(), report->measuredShare);
        }
    }
}

void TestSearch::answersAreThoseOfLookingAtEveryNetwork_data()
{
    QTest::addColumn<int>("setting");
    QTest::addColumn<Estimates>("estimates");
    const char *names[] = {"x-cube-ai", "atomnet-1", "from instructions"};
    for (int setting = 0; setting < 3; ++setting)
        for (const Estimates estimates :
             {Estimates::Point, Estimates::Pessimistic, Estimates::MeasuredOnly})
            QTest::addRow("%s %s", names[setting], qPrintable(toString(estimates)))
                << setting << estimates;
}

void TestSearch::answersAreThoseOfLookingAtEveryNetwork()
{
    QFETCH(int, setting);
    QFETCH(Estimates, estimates);
    const Setting used = settings()[std::size_t(setting)];
    QRandomGenerator random(quint32(7 + setting * 3 + int(estimates)));
    int someFeasible = 0;
    for (int round = 0; round < 4; ++round) {
        const SearchSpace space = test::randomSpace(random, 500);
        const std::vector<Network> networks = test::everyNetwork(space);
        QCOMPARE(double(networks.size()), countNetworks(space).distinct);
        const double share = estimates == Estimates::MeasuredOnly ? 0.93 : 0.6;
        const Knowledge knowledge = knowledgeOf(used, networks, share, random.generate());
        const auto all = test::bruteForce(networks, used.target, knowledge, estimates);
        const auto searcher = Searcher::make(space, used.target, knowledge, estimates);
        QVERIFY2(searcher, searcher ? "" : qPrintable(searcher.error().message()));
        for (int i = 0; i < 60; ++i) {
            const SearchQuery query = someQuery(random, all, estimates == Estimates::Pessimistic);
            std::vector<const BruteNetwork *> right = test::feasible(all, query);
            const auto result = searcher->solve(query);
            QVERIFY2(result, result ? "" : qPrintable(result.error().message()));
            QVERIFY(result->proven);
            QCOMPARE(result->tablesHash, searcher->tablesHash());
            QVERIFY(result->feasible);
            // Plans of our own arena may need more than the tables' bound.
            QVERIFY(!result->feasibleIsBound || (setting != 0 && query.limits.sramBytes));
            if (result->feasibleIsBound)
                QVERIFY(*result->feasible >= double(right.size()));
            else
                QCOMPARE(*result->feasible, double(right.size()));
            QCOMPARE(result->top.size(), std::min(right.size(), std::size_t(query.top)));
            std::vector<double> objectives;
            for (const BruteNetwork *one : right)
                objectives.push_back(test::objectiveOf(*one, query.objective));
            std::sort(objectives.begin(), objectives.end(), std::greater<>());
            for (std::size_t n = 0; n < result->top.size(); ++n) {
                const Candidate &candidate = result->top[n];
                QCOMPARE(candidate.objective, objectives[n]);
                const auto same =
                    std::find_if(right.begin(), right.end(), [&](const BruteNetwork *one) {
                        return one->network.input == candidate.network.input &&
                               one->network.stages == candidate.network.stages;
                    });
                QVERIFY(same != right.end());
                QVERIFY(figures((*same)->figures) == figures(candidate));
                right.erase(same); // nothing twice
            }
            if (result->top.empty()) {
                QVERIFY(!result->whyInfeasible.isEmpty());
            } else {
                QCOMPARE(result->upperBound, objectives.front());
                ++someFeasible;
            }
        }
    }
    if (!used.instructions || estimates != Estimates::MeasuredOnly) QVERIFY(someFeasible > 60);
}

void TestSearch::frontsAreThoseOfLookingAtEveryNetwork()
{
    QRandomGenerator random(3);
    for (const Setting &setting : settings()) {
        for (int round = 0; round < 4; ++round) {
            const SearchSpace space = test::randomSpace(random, 400);
            const std::vector<Network> networks = test::everyNetwork(space);
            const Knowledge knowledge = knowledgeOf(setting, networks, 0.5, random.generate());
            const auto all =
                test::bruteForce(networks, setting.target, knowledge, Estimates::Point);
            const auto searcher =
                Searcher::make(space, setting.target, knowledge, Estimates::Point);
            QVERIFY(searcher);
            for (int i = 0; i < 12; ++i) {
                const SearchQuery query = someQuery(random, all, false);
                SearchQuery plain = query;
                plain.objective = {};
                using Point = std::tuple<qint64, qint64, qint64, qint64>;
                std::set<Point> points, right;
                for (const BruteNetwork *one : test::feasible(all, plain))
                    points.insert({one->figures.macs, one->figures.latency, one->figures.sramBytes,
                                   one->figures.flashBytes});
                for (const Point &p : points) {
                    const auto dominates = [&p](const Point &q) {
                        return q != p && std::get<0>(q) >= std::get<0>(p) &&
                               std::get<1>(q) <= std::get<1>(p) &&
                               std::get<2>(q) <= std::get<2>(p) && std::get<3>(q) <= std::get<3>(p);
                    };
                    if (std::none_of(points.begin(), points.end(), dominates)) right.insert(p);
                }
                const auto front = searcher->front(plain);
                QVERIFY2(front, front ? "" : qPrintable(front.error().message()));
                std::set<Point> found;
                for (const FrontPoint &p : *front) {
                    found.insert({p.macs, p.latency, p.sramBytes, p.flashBytes});
                    const Candidate candidate = searcher->candidate(p.choice);
                    QCOMPARE(candidate.macs, p.macs);
                    QVERIFY(candidate.sramBytes >= p.sramBytes);
                    QVERIFY(candidate.sramBytes == p.sramBytes || p.sramIsBound);
                    QCOMPARE(candidate.flashBytes, p.flashBytes);
                    QCOMPARE(candidate.measuredLatency, p.measuredLatency);
                }
                QCOMPARE(found.size(), front->size());
                if (setting.target.runtime == Runtime::XCubeAi72) {
                    QVERIFY(found == right);
                    continue;
                }
                // By the arena's bound: nothing that a plan reaches is beyond it.
                for (const Point &p : right)
                    QVERIFY(std::any_of(found.begin(), found.end(), [&p](const Point &q) {
                        return std::get<0>(q) >= std::get<0>(p) &&
                               std::get<1>(q) <= std::get<1>(p) &&
                               std::get<2>(q) <= std::get<2>(p) && std::get<3>(q) <= std::get<3>(p);
                    }));
            }
        }
    }
}

void TestSearch::infeasibleQueriesSayWhatWouldDo()
{
    QRandomGenerator random(9);
    int explained = 0;
    for (const Setting &setting : settings()) {
        const SearchSpace space = test::randomSpace(random, 400);
        const std::vector<Network> networks = test::everyNetwork(space);
        const Knowledge knowledge = knowledgeOf(setting, networks, 1, 3);
        const auto all = test::bruteForce(networks, setting.target, knowledge, Estimates::Point);
        const auto searcher = Searcher::make(space, setting.target, knowledge, Estimates::Point);
        QVERIFY(searcher);
        for (int i = 0; i < 60; ++i) {
            SearchQuery query = someQuery(random, all, false);
            query.shape = {};
            if (query.limits.latency) *query.limits.latency /= 2;
            if (!test::feasible(all, query).empty() || query.limits == SearchLimits{}) continue;
            const auto result = searcher->solve(query);
            QVERIFY(result);
            QVERIFY(result->top.empty());
            QVERIFY(result->proven);
            QCOMPARE(*result->feasible, 0.0);
            QVERIFY(result->nearest);
            for (const Binding &binding : result->bindings) {
                SearchQuery others = query;
                qint64 Candidate::*figure = &Candidate::latency;
                if (binding.figure == u"SRAM") {
                    others.limits.sramBytes = {};
                    figure = &Candidate::sramBytes;
                } else if (binding.figure == u"Flash") {
                    others.limits.flashBytes = {};
                    figure = &Candidate::flashBytes;
                } else {
                    others.limits.latency = {};
                    if (query.objective.latency == 0) others.objective.latency = 1e-9;
                }
                std::optional<qint64> least;
                for (const BruteNetwork *one : test::feasible(all, others))
                    least = std::min(least.value_or(one->figures.*figure), one->figures.*figure);
                QVERIFY2(binding.nearest == least, qPrintable(result->whyInfeasible));
                ++explained;
            }
        }
    }
    QVERIFY(explained > 50);
}

void TestSearch::whatNoLimitCausesIsSaid()
{
    const Target target = targetOf("stm32h743", Runtime::XCubeAi72);
    const Knowledge model{nullptr, shippedLatencyModel(target.board.id, runtimeId(target.runtime))};
    SearchQuery query;
    const auto unmeasured = Searcher::make(paperSpace(), target, model, Estimates::MeasuredOnly);
    QVERIFY(unmeasured);
    auto result = unmeasured->solve(query);
    QVERIFY(result && result->top.empty());
    QVERIFY2(result->whyInfeasible.contains(QStringLiteral("head")) &&
                 result->whyInfeasible.contains(QStringLiteral("not measured")),
             qPrintable(result->whyInfeasible));

    const auto unknown = Searcher::make(paperSpace(), target, {}, Estimates::Point);
    QVERIFY(unknown);
    result = unknown->solve(query);
    QVERIFY(result && !result->top.empty()); // nothing about latency is asked
    query.limits.latency = 1'000'000'000;
    result = unknown->solve(query);
    QVERIFY(result && result->top.empty());
    QVERIFY2(result->whyInfeasible.contains(QStringLiteral("unknown")),
             qPrintable(result->whyInfeasible));

    const auto known = Searcher::make(paperSpace(), target, model, Estimates::Point);
    QVERIFY(known);
    query.limits = {};
    query.shape.minDepth = 100;
    result = known->solve(query);
    QVERIFY(result && result->top.empty());
    QVERIFY2(result->whyInfeasible.contains(QStringLiteral("shape")),
             qPrintable(result->whyInfeasible));

    query = {};
    query.limits = {20'000, 190'000, 1'000'000};
    result = known->solve(query);
    QVERIFY(result && result->top.empty() && result->nearest);
    QVERIFY2(result->whyInfeasible.contains(QStringLiteral("raising one of them alone")),
             qPrintable(result->whyInfeasible));
    QCOMPARE(result->bindings.size(), std::size_t(3));

    query.limits = {};
    query.top = 0;
    QCOMPARE(known->solve(query).error().code, ErrorCode::Usage);
    query.top = 1;
    query.shape.maxWidthGrowth = -1;
    QCOMPARE(known->solve(query).error().code, ErrorCode::Usage);
}

void TestSearch::locksOnlyShortenTheSpace()
{
    QRandomGenerator random(21);
    const Setting setting = settings()[0];
    for (int round = 0; round < 6; ++round) {
        const SearchSpace space = test::randomSpace(random, 300);
        const std::vector<Network> networks = test::everyNetwork(space);
        const Knowledge knowledge = knowledgeOf(setting, networks, 0.7, random.generate());
        for (int i = 0; i < 10; ++i) {
            Network design = networks[random.bounded(quint32(networks.size()))];
            design.inputLocked = random.bounded(2) == 0;
            std::size_t stage = random.bounded(quint32(design.stages.size()));
            design.stages[stage].locked = true;
            const auto locked = lockedSpace(space, design);
            QVERIFY2(locked, locked ? "" : qPrintable(locked.error().message()));
            std::vector<Network> kept;
            for (const Network &network : networks)
                if ((!design.inputLocked || network.input == design.input) &&
                    sameStage(network, design, stage))
                    kept.push_back(network);
            const auto all = test::bruteForce(kept, setting.target, knowledge, Estimates::Point);
            const auto searcher =
                Searcher::make(*locked, setting.target, knowledge, Estimates::Point);
            QVERIFY2(searcher, searcher ? "" : qPrintable(searcher.error().message()));
            const SearchQuery query = someQuery(random, all, false);
            const auto right = test::feasible(all, query);
            const auto result = searcher->solve(query);
            QVERIFY(result);
            QCOMPARE(*result->feasible, double(right.size()));
            double best = 0;
            for (const BruteNetwork *one : right) {
                const double objective = test::objectiveOf(*one, query.objective);
                best = one == right.front() ? objective : std::max(best, objective);
            }
            QCOMPARE(result->top.empty(), right.empty());
            if (!right.empty()) QCOMPARE(result->top.front().objective, best);
        }
    }
}

void TestSearch::theSameTablesHaveTheSameHash()
{
    const Target target = targetOf("stm32h743", Runtime::XCubeAi72);
    const Knowledge model{nullptr, shippedLatencyModel(target.board.id, runtimeId(target.runtime))};
    const auto hash = [&](const SearchSpace &space, Estimates estimates) {
        const auto searcher = Searcher::make(space, target, model, estimates);
        return searcher ? searcher->tablesHash() : QByteArray();
    };
    const QByteArray paper = hash(paperSpace(), Estimates::Point);
    QVERIFY(!paper.isEmpty());
    QCOMPARE(hash(paperSpace(), Estimates::Point), paper);
    QVERIFY(hash(paperSpace(), Estimates::Pessimistic) != paper);
    QVERIFY(hash(paperSpace(true), Estimates::Point) != paper);
}

void TestSearch::cancellingEndsEveryStep()
{
    const Target target = targetOf("stm32h743", Runtime::XCubeAi72);
    const Knowledge model{nullptr, shippedLatencyModel(target.board.id, runtimeId(target.runtime))};
    int asked = 0;
    RunControl stop;
    stop.isCancelled = [&asked] { return ++asked > 3; };
    const auto made = Searcher::make(paperSpace(), target, model, Estimates::Point, stop);
    QVERIFY(!made);
    QCOMPARE(made.error().code, ErrorCode::Cancelled);
    const auto searcher = Searcher::make(paperSpace(), target, model, Estimates::Point);
    QVERIFY(searcher);
    asked = 0;
    QCOMPARE(searcher->solve({}, stop).error().code, ErrorCode::Cancelled);
    asked = 0;
    QCOMPARE(searcher->front({}, stop).error().code, ErrorCode::Cancelled);
}

void TestSearch::whatCannotBeSearchedExactlyIsRefusedWithItsCount()
{
    const Target target = targetOf("stm32h743", Runtime::XCubeAi72);
    const Knowledge model{nullptr, shippedLatencyModel(target.board.id, runtimeId(target.runtime))};
    SearchSpace space = paperSpace();
    space.stages[1].widths.clear();
    for (int width = 1; width <= 200; ++width)
        space.stages[1].widths.push_back(width);
    for (int i = 0; i < 8; ++i)
        space.stages.insert(space.stages.begin() + 2, space.stages[1]);
    const auto huge = Searcher::make(space, target, model, Estimates::Point);
    QVERIFY(!huge);
    QCOMPARE(huge.error().code, ErrorCode::BadInput);
    QVERIFY2(huge.error().what.contains(countNetworks(space).distinctText),
             qPrintable(huge.error().what));

    // A map that has shrunk to one pixel has no more strides.
    space = paperSpace();
    space.resolutions = {8};
    const auto small = Searcher::make(space, target, model, Estimates::Point);
    QVERIFY(!small);
    QCOMPARE(small.error().where, QStringLiteral("stage s4 of the space"));
}

void TestSearch::thePaperSpaceIsSolvedAndCounted()
{
    for (const Setting &setting : settings()) {
        const Knowledge knowledge = knowledgeOf(setting, {}, 0, 1);
        const auto searcher =
            Searcher::make(paperSpace(), setting.target, knowledge, Estimates::Point);
        QVERIFY(searcher);
        SearchQuery query;
        const auto all = searcher->solve(query);
        QVERIFY(all && all->proven);
        QCOMPARE(*all->feasible, 38102400.0);
        const Searcher::Ranges ranges = searcher->ranges();
        QCOMPARE(all->top.front().macs, ranges.macs.most);
        query.objective = {0, 0, 0, -1, 0};
        QCOMPARE(searcher->solve(query)->top.front().flashBytes, ranges.flashBytes.least);
        query.objective = {0, -1, 0, 0, 0};
        QCOMPARE(searcher->solve(query)->top.front().latency, ranges.latency.least);
        query.objective = {};
        query.limits = {256 * 1024, 1024 * 1024, ranges.latency.most / 4};
        query.top = 20;
        const auto top = searcher->solve(query);
        QVERIFY(top && top->proven);
        QCOMPARE(top->top.size(), std::size_t(20));
        QCOMPARE(top->upperBound, double(top->top.front().macs));
        QVERIFY(*top->feasible < 38102400.0);
    }
}

QTEST_APPLESS_MAIN(TestSearch)
#include "tst_search.moc"
