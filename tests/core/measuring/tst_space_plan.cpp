#include "core/analysis/knowledge.h"
#include "core/lowering/lower.h"
#include "core/measuring/space_operators.h"
#include "core/measuring/space_plan.h"
#include "core/search/genes.h"
#include "tests/core/search/tiny_space.h"

#include <QSet>
#include <QTest>

#include <cmath>

using namespace atomnet;

namespace
{

template <class T>
T valueOf(Result<T> result)
{
    if (!result) qFatal("%s", qPrintable(result.error().message()));
    return *std::move(result);
}

Target targetOf(const QString &board, Runtime runtime = Runtime::AtomNet1)
{
    return {valueOf(boardById(board)), runtime, 0, 0};
}

/// Every network of the space, each once.
std::vector<Network> networksOf(const SearchSpace &space)
{
    const Genes genes(space);
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
    std::vector<Network> networks;
    for (const Genome &genome : all)
        if (genes.canonical(genome) == genome) networks.push_back(genes.network(genome));
    return networks;
}

QHash<AtomKey, double> usesOf(const std::vector<Network> &networks, Runtime runtime)
{
    QHash<AtomKey, double> uses;
    for (const Network &network : networks)
        for (const Atom &atom : valueOf(lower(network, runtime)).atoms)
            uses[atom.key] += 1.0 / double(networks.size());
    return uses;
}

/// Samples of these operators, 1000 instructions each.
Knowledge measured(Knowledge knowledge, const Target &target, const QList<AtomKey> &keys)
{
    std::vector<AtomTable::Row> rows;
    for (const AtomKey &key : keys)
        rows.push_back({key, {1000, 1000, 1000, 1}});
    const RunCondition condition{target.board.id, runtimeId(target.runtime)};
    knowledge.table =
        std::make_shared<const AtomTable>(condition, SampleUnit::Instructions, std::move(rows));
    return knowledge;
}

} // namespace

class TestSpacePlan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void usesAreThoseOfEveryNetwork_data()
    {
        QTest::addColumn<Runtime>("runtime");
        for (const Runtime runtime : allRuntimes)
            QTest::newRow(qPrintable(runtimeId(runtime))) << runtime;
    }
    void usesAreThoseOfEveryNetwork()
    {
        QFETCH(const Runtime, runtime);
        const auto uses = usesOf(networksOf(tinySpace()), runtime);
        const SpacePlan plan =
            valueOf(spacePlan(tinySpace(), targetOf(QStringLiteral("stm32h743"), runtime), {}));
        QCOMPARE(plan.space, QStringLiteral("tiny"));
        QCOMPARE(plan.operators, qint64(uses.size()));
        QCOMPARE(plan.measured, qint64(0));
        QCOMPARE(plan.unmeasurable, qint64(0));
        QCOMPARE(plan.items.size(), std::size_t(uses.size()));
        for (const SpacePlanItem &item : plan.items) {
            QVERIFY(uses.contains(item.key));
            QVERIFY2(std::abs(item.uses - uses[item.key]) < 1e-9, qPrintable(describe(item.key)));
        }
    }

    void theMostTellingComeFirst()
    {
        const Target target = targetOf(QStringLiteral("qemu-m7"));
        const Knowledge knowledge = shippedKnowledge(target.board, target.runtime);
        const SpacePlan plan = valueOf(spacePlan(tinySpace(), target, knowledge));
        qint64 expected = 0;
        for (std::size_t i = 0; i < plan.items.size(); ++i) {
            const SpacePlanItem &item = plan.items[i];
            QVERIFY(item.estimate.high);
            const double width = double(*item.estimate.high - item.estimate.low);
            QCOMPARE(item.weight, width * item.uses);
            QVERIFY(i == 0 || plan.items[i - 1].weight >= item.weight);
            QVERIFY(item.expectedNs > 1'100'000);
            expected += item.expectedNs;
        }
        QCOMPARE(plan.expectedNs, expected);
        QCOMPARE(plan.coveredUncertainty, 0.0);
    }

    void operatorsWithoutAnyEstimateComeBeforeTheOthers()
    {
        // The model knows all kinds but one.
        const Target target = targetOf(QStringLiteral("qemu-m7"));
        Knowledge knowledge = shippedKnowledge(target.board, target.runtime);
        LatencyModel model = *knowledge.model;
        std::erase_if(model.kinds, [](const KindModel &kind) {
            return kind.kind == AtomKind::FullyConnected ||
                   kind.derivedFrom == AtomKind::FullyConnected;
        });
        knowledge.model = std::make_shared<const LatencyModel>(model);
        const SpacePlan plan = valueOf(spacePlan(tinySpace(), target, knowledge));
        int missing = 0;
        for (const SpacePlanItem &item : plan.items) {
            if (item.estimate.high) continue;
            ++missing;
            QVERIFY(item.weight > 0 && item.expectedNs > 0);
            for (const SpacePlanItem &other : plan.items)
                if (other.estimate.high)
                    QVERIFY(item.weight / item.uses > other.weight / other.uses);
        }
        QVERIFY(missing > 0);
    }

    void whatIsMeasuredIsNotPlannedAgain()
    {
        const Target target = targetOf(QStringLiteral("qemu-m7"));
        const Knowledge knowledge = shippedKnowledge(target.board, target.runtime);
        const SpacePlan all = valueOf(spacePlan(tinySpace(), target, knowledge));
        QList<AtomKey> half;
        double weights = 0, taken = 0;
        for (std::size_t i = 0; i < all.items.size(); ++i) {
            weights += all.items[i].weight;
            if (i >= all.items.size() / 2) continue;
            taken += all.items[i].weight;
            half << all.items[i].key;
        }
        const SpacePlan rest =
            valueOf(spacePlan(tinySpace(), target, measured(knowledge, target, half)));
        QCOMPARE(rest.operators, all.operators);
        QCOMPARE(rest.measured, qint64(half.size()));
        QCOMPARE(rest.items.size(), all.items.size() - std::size_t(half.size()));
        for (std::size_t i = 0; i < rest.items.size(); ++i)
            QVERIFY(rest.items[i].key == all.items[std::size_t(half.size()) + i].key);
        QVERIFY(std::abs(rest.coveredUncertainty - taken / weights) < 1e-9);
        QVERIFY(rest.coveredUncertainty > 0.5); // the first half are the heavier ones
        const QList<AtomKey> keys = usesOf(networksOf(tinySpace()), target.runtime).keys();
        const SpacePlan none =
            valueOf(spacePlan(tinySpace(), target, measured(knowledge, target, keys)));
        QVERIFY(none.items.empty());
        QCOMPARE(none.coveredUncertainty, 1.0);
        QCOMPARE(none.expectedNs, qint64(0));
    }

    void thePapersSpaceIsThatOfTheAtomDbThatShips()
    {
        const Target target = targetOf(QStringLiteral("qemu-m7"));
        const SpacePlan plan = valueOf(
            spacePlan(paperSpace(), target, shippedKnowledge(target.board, target.runtime)));
        const std::vector<AtomKey> keys = paperSpaceOperators();
        QCOMPARE(plan.operators, qint64(keys.size()));
        const QSet<AtomKey> known(keys.begin(), keys.end());
        for (const SpacePlanItem &item : plan.items)
            QVERIFY2(known.contains(item.key), qPrintable(describe(item.key)));
    }

    void whatABoardCannotHoldIsCounted()
    {
        SearchSpace space = tinySpace();
        space.resolutions = {16, 512}; // 512 x 512 x 3 bytes are beyond 256 KiB
        const SpacePlan plan = valueOf(spacePlan(space, targetOf(QStringLiteral("stm32f412")), {}));
        QVERIFY(plan.unmeasurable > 0);
        QCOMPARE(plan.operators, plan.unmeasurable + qint64(plan.items.size()));
        for (const SpacePlanItem &item : plan.items)
            QVERIFY(arenaNeed(item.key, ownPlace(item.key)) <= 256 * 1024);
    }

    void plansForTheQueueHoldTheFirst()
    {
        const Target target = targetOf(QStringLiteral("qemu-m7"));
        const SpacePlan plan =
            valueOf(spacePlan(tinySpace(), target, shippedKnowledge(target.board, target.runtime)));
        const MeasurePlan five = valueOf(measurePlan(plan, target, 5));
        QCOMPARE(five.items.size(), std::size_t(5));
        QCOMPARE(five.name, QStringLiteral("tiny"));
        QCOMPARE(five.board, QStringLiteral("qemu-m7"));
        QCOMPARE(five.kernelHash, kernelHash());
        for (std::size_t i = 0; i < 5; ++i) {
            QVERIFY(five.items[i].key == plan.items[i].key);
            QVERIFY(operatorRequest(five.items[i].key, five.items[i].place));
        }
        QVERIFY(valueOf(readPlan(writePlan(five), QStringLiteral("p"))) == five);
        QCOMPARE(valueOf(measurePlan(plan, target, 100000)).items.size(), plan.items.size());
        QVERIFY(!measurePlan(plan, targetOf(QStringLiteral("stm32h743"), Runtime::XCubeAi72), 5));
    }

    void spacesThatAreTooLargeOrEmptyAreRefused()
    {
        SearchSpace large = tinySpace();
        for (int i = 0; i < 4; ++i) {
            SpaceStage stage = large.stages[1];
            stage.name = QStringLiteral("t%1").arg(i);
            stage.stride = 1;
            stage.widths.clear();
            for (int width = 1; width <= 1000; ++width)
                stage.widths.push_back(width);
            large.stages.push_back(stage);
        }
        const auto refused = spacePlan(large, targetOf(QStringLiteral("qemu-m7")), {});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::BadInput);
        QVERIFY2(refused.error().what.contains(u"too large"), qPrintable(refused.error().what));

        SearchSpace none = tinySpace();
        none.stages[1].widths.clear();
        QVERIFY(!spacePlan(none, targetOf(QStringLiteral("qemu-m7")), {}));
    }

    void stopsWhenItIsTold()
    {
        int asked = 0;
        const RunControl control{[&asked] { return ++asked > 10; }, {}};
        const auto stopped =
            spacePlan(tinySpace(), targetOf(QStringLiteral("qemu-m7")), {}, control);
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
    }
};

QTEST_APPLESS_MAIN(TestSpacePlan)
#include "tst_space_plan.moc"
