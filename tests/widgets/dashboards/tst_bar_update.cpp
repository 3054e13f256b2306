#include "widgets/dashboards/bar_update.h"

#include "core/model/edit.h"
#include "core/model/presets.h"
#include "tests/support/sample_report.h"
#include "widgets/dashboards/chart_bars.h"

#include <QApplication>
#include <QBarSet>
#include <QRandomGenerator>
#include <QStackedBarSeries>
#include <QTest>

#include <memory>

using namespace atomnet;

namespace
{

using Parts = QList<QList<double>>;

std::unique_ptr<QStackedBarSeries> emptySeries(int parts)
{
    auto series = std::make_unique<QStackedBarSeries>();
    for (int part = 0; part < parts; ++part)
        series->append(new QBarSet(QString()));
    return series;
}

Parts valuesOf(const QStackedBarSeries &series)
{
    Parts parts;
    for (const QBarSet *set : series.barSets()) {
        QList<double> values;
        for (int i = 0; i < set->count(); ++i)
            values.append(set->at(i));
        parts.append(values);
    }
    return parts;
}

/// A random edit of a random block; may be refused.
Edit randomEdit(const Network &network, QRandomGenerator &random)
{
    const Stage &stage = network.stages[std::size_t(random.bounded(int(network.stages.size())))];
    if (stage.blocks.empty() || random.bounded(4) == 0)
        return InsertBlocks{stage.id, 0, {defaultBlock(BlockType(random.bounded(4)))}};
    const BlockId block = stage.blocks[std::size_t(random.bounded(int(stage.blocks.size())))].id;
    if (random.bounded(6) == 0) return RemoveBlocks{{block}};
    ChangeBlocks change{{block}, {}};
    switch (random.bounded(3)) {
    case 0:
        change.patch.out = 8 * (1 + random.bounded(12));
        break;
    case 1:
        change.patch.kernel = 3 + 2 * random.bounded(3);
        break;
    default:
        change.patch.repeat = 1 + random.bounded(4);
        break;
    }
    return change;
}

} // namespace

class TestBarUpdate : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rule_data()
    {
        QTest::addColumn<Parts>("shown");
        QTest::addColumn<Parts>("next");
        QTest::addColumn<int>("expected");
        const Parts five{{1, 2, 3, 4, 5}, {0, 0, 0, 0, 0}};
        QTest::newRow("same") << five << five << int(BarUpdate::None);
        QTest::newRow("one bar") << five << Parts{{1, 9, 3, 4, 5}, {0, 9, 0, 0, 0}}
                                 << int(BarUpdate::Replace);
        QTest::newRow("two bars") << five << Parts{{1, 9, 3, 4, 5}, {0, 0, 0, 0, 1}}
                                  << int(BarUpdate::Replace);
        QTest::newRow("three bars")
            << five << Parts{{9, 9, 9, 4, 5}, {0, 0, 0, 0, 0}} << int(BarUpdate::Rebuild);
        QTest::newRow("one more") << five << Parts{{1, 2, 3, 4, 5, 6}, {0, 0, 0, 0, 0, 0}}
                                  << int(BarUpdate::Rebuild);
        QTest::newRow("first ever") << Parts{{}, {}} << five << int(BarUpdate::Rebuild);
        QTest::newRow("emptied") << five << Parts{{}, {}} << int(BarUpdate::Rebuild);
    }
    void rule()
    {
        QFETCH(Parts, shown);
        QFETCH(Parts, next);
        QFETCH(int, expected);
        QCOMPARE(int(barUpdate(shown, next)), expected);
        const auto series = emptySeries(2);
        showChanged(*series, {{}, {}}, shown);
        QCOMPARE(int(showChanged(*series, shown, next)), expected);
        QCOMPARE(valuesOf(*series), next);
    }

    void editsGiveTheSameAsARebuild_data()
    {
        QTest::addColumn<quint32>("seed");
        for (quint32 seed = 1; seed <= 6; ++seed)
            QTest::addRow("seed %u", seed) << seed;
    }
    void editsGiveTheSameAsARebuild()
    {
        QFETCH(quint32, seed);
        QRandomGenerator random(seed);
        Network network = presetById(QStringLiteral("atomnet-256kb"))->network;
        Target target;
        target.board = *boardById(QStringLiteral("stm32h743"));
        target.runtime = seed % 2 ? Runtime::XCubeAi72 : Runtime::AtomNet1;
        Analyzer analyzer(target, sampleKnowledge(network, target));
        const auto memory = emptySeries(memoryPartCount), flash = emptySeries(flashPartCount),
                   latency = emptySeries(latencyPartCount);
        Parts memoryShown(memoryPartCount), flashShown(flashPartCount),
            latencyShown(latencyPartCount);
        QSet<int> seen;
        for (int step = 0; step < 60; ++step) {
            const Result<Network> edited = atomnet::apply(network, randomEdit(network, random));
            if (!edited) continue;
            network = *edited;
            const Result<Report> report = analyzer.analyze(network);
            if (!report) continue; // an empty design has no report
            const Parts m = toMemoryBars(*report).parts, f = toFlashBars(*report).parts,
                        l = toLatencyBars(*report).parts;
            seen.insert(int(showChanged(*memory, memoryShown, m)));
            showChanged(*flash, flashShown, f);
            showChanged(*latency, latencyShown, l);
            QCOMPARE(valuesOf(*memory), m);
            QCOMPARE(valuesOf(*flash), f);
            QCOMPARE(valuesOf(*latency), l);
            memoryShown = m;
            flashShown = f;
            latencyShown = l;
        }
        QVERIFY(seen.contains(int(BarUpdate::Rebuild)));
    }
};

QTEST_MAIN(TestBarUpdate)
#include "tst_bar_update.moc"
