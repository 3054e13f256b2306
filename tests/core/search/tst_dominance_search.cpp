#include "core/search/dominance_search.h"
#include "core/search/endings.h"
#include "tests/core/search/brute_force.h"

#include <QTest>

using namespace atomnet;

namespace
{

qint64 part(QRandomGenerator &random, qint64 most)
{
    return 1 + qint64(double(most) * (0.25 + 0.6 * random.generateDouble()));
}

SearchQuery someQuery(QRandomGenerator &random, const SpaceTables &tables)
{
    const PartFigures most = mostFigures(tables);
    SearchQuery query;
    if (random.bounded(8) > 0) query.limits.latency = part(random, most.latency);
    if (random.bounded(8) > 0)
        query.limits.flashBytes = tables.flashOf(most) - most.flash + part(random, most.flash);
    if (random.bounded(4) > 0)
        query.limits.sramBytes = tables.sramBeside(most.kernels) + part(random, 2 * most.sram);
    query.top = 1 + int(random.bounded(3)) * 6;
    switch (random.bounded(5)) {
    case 0:
        query.objective = {1, -0.5, 0, 0, 0};
        break;
    case 1:
        query.objective = {0.3, -0.01, -3, -2, 1.7};
        break;
    case 2:
        query.objective = {0, -1, 0, 0, 0};
        break;
    default:
        break;
    }
    if (random.bounded(4) == 0) query.shape.minDepth = 4 + int(random.bounded(4));
    return query;
}

bool same(const std::vector<Label> &a, const std::vector<Label> &b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Label &l, const Label &r) {
        return l.score == r.score && l.latency == r.latency && l.flash == r.flash &&
               l.choice == r.choice;
    });
}

} // namespace

class TestDominanceSearch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void effortNeverChangesTheAnswer_data();
    void effortNeverChangesTheAnswer();
    void endingsBoundWhatLabelsBecome();
};

void TestDominanceSearch::effortNeverChangesTheAnswer_data()
{
    QTest::addColumn<QString>("board");
    QTest::addColumn<Runtime>("runtime");
    QTest::addRow("x-cube-ai") << QStringLiteral("stm32h743") << Runtime::XCubeAi72;
    QTest::addRow("atomnet-1") << QStringLiteral("qemu-m7") << Runtime::AtomNet1;
}

void TestDominanceSearch::effortNeverChangesTheAnswer()
{
    QFETCH(QString, board);
    QFETCH(Runtime, runtime);
    const Target target{*boardById(board), runtime, 0, 0};
    const Knowledge knowledge{nullptr, shippedLatencyModel(board, runtimeId(runtime))};
    QRandomGenerator random(17);
    const SearchEffort none{7000, 0, 0}, // the exact search at once
        endings{1, 0, 1e9}, few{2, 0, 300}, narrow{1, 1'000'000, 0};
    int answered = 0;
    for (int round = 0; round < 12; ++round) {
        const SearchSpace space = test::randomSpace(random, 2e5);
        const auto tables = makeTables(space, target, knowledge, Estimates::Point, {});
        QVERIFY(tables);
        for (int i = 0; i < 8; ++i) {
            const SearchQuery query = someQuery(random, *tables);
            // As Searcher asks: what stands beside SRAM one by one where it matters.
            const auto levels = sramBesideLevels(*tables);
            std::optional<qint64> beside;
            if (query.limits.sramBytes && query.objective.sram == 0)
                beside = levels[random.bounded(quint32(levels.size()))];
            const PreparedQuery prepared = prepare(*tables, query, beside, false);
            const auto right = searchLabels(prepared, {}, none);
            QVERIFY(right);
            answered += right->best.empty() ? 0 : 1;
            for (const SearchEffort &effort : {endings, few, narrow, SearchEffort{}}) {
                const auto found = searchLabels(prepared, {}, effort);
                QVERIFY(found);
                QVERIFY(same(found->best, right->best));
            }
        }
    }
    QVERIFY(answered > 20);
}

/// Whoever starts at an input may win exactly as long as its best network reaches the goal.
void TestDominanceSearch::endingsBoundWhatLabelsBecome()
{
    const Target target{*boardById(QStringLiteral("stm32h743")), Runtime::XCubeAi72, 0, 0};
    const Knowledge knowledge{nullptr,
                              shippedLatencyModel(target.board.id, runtimeId(target.runtime))};
    const auto tables = makeTables(paperSpace(), target, knowledge, Estimates::Point, {});
    QVERIFY(tables);
    SearchQuery query;
    query.limits = {256 * 1024, 1024 * 1024, 275'000'000};
    const PreparedQuery prepared = prepare(*tables, query, std::nullopt, false);
    const auto best = searchLabels(prepared, {});
    QVERIFY(best && best->best.size() == 1);
    Bound bound(prepared);
    const ExactScore goal = best->best.front().score;
    bound.setGoal(goal);
    const RunControl control; // is kept
    Endings endings(prepared, bound, control);
    endings.extend(1e9);
    int winning = 0, lost = 0;
    for (std::size_t s = 1; s < 3; ++s) {
        // By each option of the first stage, and of the second.
        for (quint32 input = 0; input < prepared.rows[0].size(); ++input) {
            for (const QueryRow &row : prepared.rows[0][input]) {
                Label label{row.score, row.latency, row.flash, row.sram, 0};
                quint32 shape = row.next;
                if (!prepared.rests[1][shape].possible) continue;
                if (s == 2) {
                    const QueryRow &second = prepared.rows[1][shape].front();
                    label.score += second.score;
                    label.latency += second.latency;
                    label.flash += second.flash;
                    shape = second.next;
                }
                if (!endings.mayWin(s, shape, label)) {
                    ++lost;
                    continue;
                }
                ++winning;
                Label worse = label;
                worse.score -= goal; // what is left of a network is never worth a whole one
                QVERIFY(!endings.mayWin(s, shape, worse));
            }
        }
    }
    QVERIFY(winning > 0);
    QVERIFY(lost > winning);
}

QTEST_APPLESS_MAIN(TestDominanceSearch)
#include "tst_dominance_search.moc"
