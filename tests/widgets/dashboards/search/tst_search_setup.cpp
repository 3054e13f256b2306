#include "tests/core/search/tiny_space.h"
#include "widgets/dashboards/search/search_setup.h"

#include <QTest>

using namespace atomnet;

/// What is asked, and how it survives between runs.
class TestSearchSetup : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void settingsGiveItBack()
    {
        SearchSetup setup;
        setup.space = QStringLiteral("paper-wide");
        setup.resolution = 128;
        setup.keepLocks = false;
        setup.estimates = Estimates::Pessimistic;
        setup.limits = {200'000, std::nullopt, 275'000'000};
        setup.objective = QStringLiteral("macs=1,latency_ms=-2");
        setup.shape = {12, 2.5, true};
        setup.method.kind = SearchMethod::Kind::EvolutionCommand;
        setup.method.command = QStringLiteral("python3 'a b.py'");
        setup.method.timeoutSeconds = 7;
        setup.method.evolution.evaluations = 50;
        setup.method.evolution.seed = 99;
        const QVariantMap map = toMap(setup);
        const SearchSetup back = setupFrom(map);
        QCOMPARE(toMap(back), map);
        QCOMPARE(back.limits, setup.limits);
        QCOMPARE(back.method.evolution.seed, 99u);
    }

    void nonsenseIsLeftOut()
    {
        const SearchSetup usual;
        const SearchSetup read =
            setupFrom({{QStringLiteral("estimates"), QStringLiteral("guessed")},
                       {QStringLiteral("sram"), QStringLiteral("-5")},
                       {QStringLiteral("objective"), QStringLiteral("beauty")},
                       {QStringLiteral("method"), 77},
                       {QStringLiteral("minDepth"), -3}});
        QVERIFY(read.estimates == usual.estimates);
        QVERIFY(!read.limits.sramBytes);
        QCOMPARE(read.objective, usual.objective);
        QCOMPARE(read.shape, ShapeBounds());
    }

    void aResolutionNarrowsTheSpace()
    {
        const SearchSpace space = tinySpace();
        const Network design;
        SearchSetup setup;
        QCOMPARE(setup.spaceFor(space, design)->resolutions, space.resolutions);
        setup.resolution = 24;
        QCOMPARE(setup.spaceFor(space, design)->resolutions, std::vector<int>{24});
        setup.resolution = 999; // of another space
        QCOMPARE(setup.spaceFor(space, design)->resolutions, space.resolutions);
    }

    void locksCountOnlyWhenTheyAreKept()
    {
        const SearchSpace space = tinySpace();
        Network design;
        design.input = {24, 24, 3};
        design.inputLocked = true;
        design.stages.resize(2);
        SearchSetup setup;
        const auto kept = setup.spaceFor(space, design);
        QVERIFY2(kept.has_value(), kept ? "" : qPrintable(kept.error().message()));
        QCOMPARE(countNetworks(*kept).distinct * 2, countNetworks(space).distinct);
        setup.keepLocks = false;
        QCOMPARE(countNetworks(*setup.spaceFor(space, design)).distinct,
                 countNetworks(space).distinct);
    }

    void evolutionWithoutAccuraciesSaysWhatIsMissing()
    {
        SearchSetup setup;
        setup.method.kind = SearchMethod::Kind::EvolutionTable;
        const auto table = setup.score(tinySpace());
        QVERIFY(!table);
        QVERIFY(table.error().message().contains(QStringLiteral("table")));
        setup.method.kind = SearchMethod::Kind::EvolutionCommand;
        const auto command = setup.score(tinySpace());
        QVERIFY(!command);
        QVERIFY(command.error().message().contains(QStringLiteral("command")));
    }
};

QTEST_GUILESS_MAIN(TestSearchSetup)
#include "tst_search_setup.moc"
