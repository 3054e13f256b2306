#include "core/analysis/analyze.h"
#include "core/lowering/lower.h"
#include "core/measuring/design_plan.h"
#include "core/model/presets.h"
#include "firmware/profiler/ap_operator.h"

#include <QTest>

using namespace atomnet;

namespace
{

template <class T>
T valueOf(Result<T> result)
{
    if (!result) qFatal("%s", qPrintable(result.error().message()));
    return *std::move(result);
}

const Network &network()
{
    return presetById(QStringLiteral("atomnet-256kb"))->network;
}

Report reportOf(Runtime runtime, std::vector<AtomTable::Row> rows = {})
{
    const Target target{valueOf(boardById(QStringLiteral("qemu-m7"))), runtime, 0, 0};
    RunCondition condition;
    condition.board = target.board.id;
    condition.runtime = runtimeId(runtime);
    auto table =
        std::make_shared<const AtomTable>(condition, SampleUnit::Instructions, std::move(rows));
    return valueOf(analyze(network(), target, {table, nullptr}));
}

} // namespace

class TestDesignPlan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyMissingOperatorIsPlannedOnce()
    {
        const Report report = reportOf(Runtime::AtomNet1);
        const MeasurePlan plan = valueOf(planFor(network(), report));
        QSet<AtomKey> planned, used;
        for (const PlanItem &item : plan.items) {
            QVERIFY(!planned.contains(item.key));
            planned.insert(item.key);
        }
        for (const Layer &layer : report.layers)
            used.insert(layer.atom.key);
        QVERIFY(planned == used);
        QCOMPARE(plan.board, QStringLiteral("qemu-m7"));
        QCOMPARE(plan.name, network().name);
        QCOMPARE(plan.kernelHash, kernelHash());
        QVERIFY(sorted(plan) == plan);
    }

    void whatIsMeasuredIsLeftOutUnlessAllIsAskedFor()
    {
        const Report empty = reportOf(Runtime::AtomNet1);
        const AtomKey known = empty.layers[3].atom.key;
        const Report report =
            reportOf(Runtime::AtomNet1, {{known, AtomStats{1000, 1000, 1000, 1}}});
        const MeasurePlan missing = valueOf(planFor(network(), report));
        const MeasurePlan all = valueOf(planFor(network(), report, true));
        QCOMPARE(missing.items.size() + 1, all.items.size());
        for (const PlanItem &item : missing.items)
            QVERIFY(!(item.key == known));
    }

    void widerIntervalsUsedMoreOftenComeFirst()
    {
        Report report = reportOf(Runtime::AtomNet1);
        for (Layer &layer : report.layers) {
            layer.latency = {1000, 900, 1100, Source::Estimated, 0, false};
        }
        report.layers[5].latency.high = 5000;
        report.layers[2].latency.high = std::nullopt;
        const MeasurePlan plan = valueOf(planFor(network(), report));
        QVERIFY(plan.items[0].key == report.layers[2].atom.key); // open
        QVERIFY(plan.items[1].key == report.layers[5].atom.key); // 4100 wide
        QVERIFY(plan.items[0].weight > plan.items[1].weight);
        // The others: 200 each time that the design uses them.
        for (std::size_t i = 2; i < plan.items.size(); ++i) {
            const auto uses =
                std::count_if(report.layers.begin(), report.layers.end(), [&](const Layer &layer) {
                    return layer.atom.key == plan.items[i].key;
                });
            QCOMPARE(plan.items[i].weight, 200.0 * double(uses));
        }
    }

    void operatorsLieWhereTheDesignPutsThem()
    {
        for (const Preset &preset : presets()) {
            const NetworkPlan whole = valueOf(networkPlan(preset.network, 4 << 20));
            for (const ap_operator_t &step : whole.steps) {
                uint16_t field = 0;
                QCOMPARE(ap_operator_check(&step, whole.begin.arena_bytes, 4 << 20, &field), AP_OK);
            }
            QCOMPARE(std::size_t(whole.begin.steps), whole.steps.size());
            QCOMPARE(qint64(whole.begin.input_bytes), preset.network.input.bytes());
            QCOMPARE(int(whole.begin.output_bytes), preset.network.head.classes);
            // Each step reads what the one before it wrote, where the network has no branch.
            QCOMPARE(whole.steps[0].in_offset, whole.begin.input_offset);
            QCOMPARE(whole.steps[1].in_offset, whole.steps[0].out_offset);
            QCOMPARE(whole.steps.back().out_offset, whole.begin.output_offset);
        }
        // The same addresses as in a plan of single operators.
        const NetworkPlan whole = valueOf(networkPlan(network(), 4 << 20));
        const MeasurePlan single = valueOf(planFor(network(), reportOf(Runtime::AtomNet1)));
        for (const PlanItem &item : single.items) {
            const auto step = std::find(whole.layers.begin(), whole.layers.end(), item.layer);
            QVERIFY(step != whole.layers.end());
            const ap_operator_t &op = whole.steps[std::size_t(step - whole.layers.begin())];
            QCOMPARE(qint64(op.in_offset), item.place.inputs[0]);
            QCOMPARE(qint64(op.out_offset), item.place.output);
            if (op.scratch_bytes > 0) QCOMPARE(qint64(op.scratch_offset), item.place.scratch);
        }
    }

    void weightsOfANetworkLieBehindEachOtherUntilFlashEnds()
    {
        const NetworkPlan wide = valueOf(networkPlan(network(), 64 << 20));
        const NetworkPlan narrow = valueOf(networkPlan(network(), 128 << 10));
        qint64 expected = 0;
        bool wrapped = false;
        for (std::size_t i = 0; i < wide.steps.size(); ++i) {
            const qint64 need = windowNeed(wide.keys[i]);
            if (need == 0) continue;
            QCOMPARE(qint64(wide.steps[i].weights_offset), expected);
            expected += need;
            wrapped = wrapped || narrow.steps[i].weights_offset != wide.steps[i].weights_offset;
            QVERIFY(need > (128 << 10) || narrow.steps[i].weights_offset + need <= (128 << 10));
        }
        QVERIFY(wrapped);
    }

    void otherRuntimesAreRefused()
    {
        const auto plan = planFor(network(), reportOf(Runtime::XCubeAi72));
        QVERIFY(!plan);
        QCOMPARE(plan.error().code, ErrorCode::BadInput);
    }

    void reportsOfOtherDesignsAreRefused()
    {
        Report report = reportOf(Runtime::AtomNet1);
        report.layers.pop_back();
        QVERIFY(!planFor(network(), report));
    }

    void differenceIsAShareOfTheSum()
    {
        NetworkComparison comparison;
        comparison.network = 1010;
        QVERIFY(!comparison.difference());
        comparison.sum = 1000;
        QCOMPARE(*comparison.difference(), 0.01);
    }
};

QTEST_APPLESS_MAIN(TestDesignPlan)
#include "tst_design_plan.moc"
