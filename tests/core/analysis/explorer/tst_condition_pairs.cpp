#include "core/analysis/explorer/condition_pairs.h"
#include "tests/core/analysis/explorer/explorer_examples.h"

#include "core/lowering/lower.h"
#include "core/model/presets.h"

#include <QTest>

#include <algorithm>

using namespace atomnet;
using namespace atomnet::test;

class TestConditionPairs : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void equalKeysArePairedExactly()
    {
        const auto first = exampleTable();
        std::vector<AtomTable::Row> rows(first->rows().rbegin(), first->rows().rend());
        rows.pop_back();
        const auto second = tableOf(rows, QStringLiteral("stm32f746"));
        const ConditionPairs pairs = pairConditions(*first, *second);
        QCOMPARE(pairs.pairs.size(), rows.size());
        QCOMPARE(std::size_t(pairs.exact), rows.size());
        for (const ConditionPair &pair : pairs.pairs)
            QCOMPARE(first->rows()[pair.first].key, second->rows()[pair.second].key);
    }
    void runtimesArePairedByShape()
    {
        const Network network = presetById(QStringLiteral("atomnet-256kb"))->network;
        const auto rowsOf = [&](Runtime runtime) {
            std::vector<AtomTable::Row> rows;
            qint64 time = 1000;
            const Result<AtomGraph> graph = lower(network, runtime);
            for (const Atom &atom : graph->atoms) {
                const bool known = std::any_of(
                    rows.begin(), rows.end(), [&](const auto &row) { return row.key == atom.key; });
                if (!known) rows.push_back({atom.key, statsOf(++time)});
            }
            return rows;
        };
        const auto theirs = tableOf(rowsOf(Runtime::XCubeAi72));
        const auto ours = tableOf(rowsOf(Runtime::AtomNet1), QStringLiteral("stm32h743"),
                                  QStringLiteral("atomnet-1"));
        const ConditionPairs pairs = pairConditions(*ours, *theirs);
        QVERIFY(pairs.pairs.size() > 10);
        std::array<int, atomKindCount> paired{}, all{};
        for (const AtomTable::Row &row : ours->rows())
            ++all[std::size_t(row.key.kind)];
        for (const ConditionPair &pair : pairs.pairs) {
            const AtomKey &a = ours->rows()[pair.first].key, &b = theirs->rows()[pair.second].key;
            ++paired[std::size_t(a.kind)];
            QCOMPARE(shapeOnly(a), shapeOnly(b));
            QCOMPARE(a.out(), b.out());
            QCOMPARE(a.strideH, b.strideH);
        }
        // Every convolution of one is in the other; fused pairs are not.
        for (const AtomKind kind : {AtomKind::Conv, AtomKind::Depthwise, AtomKind::Pointwise})
            QCOMPARE(paired[std::size_t(kind)], all[std::size_t(kind)]);
        QVERIFY(all[std::size_t(AtomKind::PointwisePair)] > 0);
        QCOMPARE(paired[std::size_t(AtomKind::PointwisePair)], 0);
    }
    void ofSeveralOfAShapeTheSameActivationWins()
    {
        const auto first = tableOf({{pointwiseKey(5, 8, 8, KeyAct::Relu), statsOf(10)},
                                    {pointwiseKey(5, 8, 8, KeyAct::HSwish), statsOf(20)}});
        std::vector<AtomTable::Row> rows{{pointwiseKey(5, 8, 8, KeyAct::Relu6), statsOf(30)},
                                         {pointwiseKey(5, 8, 8, KeyAct::None), statsOf(40)},
                                         {pointwiseKey(5, 8, 8, KeyAct::Relu), statsOf(50)}};
        rows.back().key.variant = 2;
        const auto second = tableOf(rows);
        const ConditionPairs pairs = pairConditions(*first, *second);
        QCOMPARE(pairs.exact, 0U);
        QCOMPARE(pairs.pairs, (std::vector<ConditionPair>{{0, 2, false}, {1, 1, false}}));
    }
    void cancellingGivesNothing()
    {
        RunControl control;
        control.isCancelled = [] { return true; };
        QVERIFY(pairConditions(*exampleTable(), *exampleTable(), control).pairs.empty());
    }
};

QTEST_GUILESS_MAIN(TestConditionPairs)
#include "tst_condition_pairs.moc"
