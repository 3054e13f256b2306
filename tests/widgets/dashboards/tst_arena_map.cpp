#include "tests/support/sample_report.h"

#include "core/model/presets.h"
#include "widgets/dashboards/arena_map.h"

#include <QTest>

#include <algorithm>

using namespace atomnet;

namespace
{

/// True when two bars share a layer and a value.
bool overlap(const ArenaBar &a, const ArenaBar &b)
{
    return a.first <= b.last && b.first <= a.last && a.from < b.to && b.from < a.to;
}

} // namespace

class TestArenaMap : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void lanesHoldOneTensorAtATime()
    {
        const Report report = sampleReport();
        const ArenaMap map = toArenaMap(report);
        QVERIFY(!map.hasOffsets);
        QCOMPARE(map.bars.size(), qsizetype(report.tensors.size()));
        for (qsizetype i = 0; i < map.bars.size(); ++i)
            for (qsizetype j = i + 1; j < map.bars.size(); ++j)
                QVERIFY(!overlap(map.bars[i], map.bars[j]));
        int most = 0; // no more lanes than tensors that live at once
        for (int layer = 0; layer < 20; ++layer) {
            int alive = 0;
            for (const TensorLife &life : report.tensors)
                alive += life.first <= layer && layer <= life.last;
            most = std::max(most, alive);
        }
        QCOMPARE(map.top, double(most));
    }

    void offsetsMakeAMemoryMap()
    {
        Report report = sampleReport();
        for (std::size_t i = 0; i < report.tensors.size(); ++i)
            report.tensors[i].offset = qint64(i % 4) * 2048;
        const ArenaMap map = toArenaMap(report);
        QVERIFY(map.hasOffsets);
        QCOMPARE(map.bars[2].from, 4.0);
        QCOMPARE(map.bars[2].to, 4 + 1600 / 1024.0);
        report.tensors[7].offset.reset(); // one unknown place: no map
        QVERIFY(!toArenaMap(report).hasOffsets);
    }

    void peakAndHeldAreMarked()
    {
        const Report report = sampleReport();
        const ArenaMap map = toArenaMap(report);
        QCOMPARE(map.peakLayer, report.peak.layer);
        for (const ArenaBar &bar : map.bars) {
            const int tensor = report.tensors[std::size_t(bar.life)].tensor;
            QCOMPARE(bar.atPeak, tensor == report.peak.layer || tensor == report.peak.layer + 1);
        }
        QVERIFY(map.bars[5].held);
        QVERIFY(!map.bars[6].held);
    }

    void pointerFindsTheBar()
    {
        const ArenaMap map = toArenaMap(sampleReport());
        for (qsizetype i = 0; i < map.bars.size(); ++i)
            QCOMPARE(barAt(map, map.bars[i].first, map.bars[i].from + 0.5), int(i));
        QCOMPARE(barAt(map, 0, map.top + 1), -1);
    }

    void realPlansOverlapOnlyWhereAnInputDies()
    {
        Target target;
        target.board = *boardById(QStringLiteral("stm32h743"));
        target.runtime = Runtime::AtomNet1;
        const Result<Report> report =
            analyze(presetById(QStringLiteral("atomnet-256kb"))->network, target, {});
        QVERIFY(report);
        const ArenaMap map = toArenaMap(*report);
        QVERIFY(map.hasOffsets);
        int overlaps = 0;
        for (qsizetype i = 0; i < map.bars.size(); ++i)
            for (qsizetype j = i + 1; j < map.bars.size(); ++j)
                if (overlap(map.bars[i], map.bars[j])) {
                    // The later one is the output of the layer at which the earlier one dies.
                    QCOMPARE(map.bars[i].last, map.bars[j].first);
                    QVERIFY(map.bars[j].overInput);
                    ++overlaps;
                }
        QVERIFY(overlaps > 20);
        QVERIFY(report->sramBreakdown);
        QVERIFY(map.top * 1024 <= double(report->sramBreakdown->arena));
        // Where both lie, the pointer is on the output.
        const auto over = std::find_if(map.bars.begin(), map.bars.end(),
                                       [](const ArenaBar &bar) { return bar.overInput; });
        QCOMPARE(barAt(map, over->first, over->from), int(over - map.bars.begin()));
    }
};

QTEST_APPLESS_MAIN(TestArenaMap)
#include "tst_arena_map.moc"
