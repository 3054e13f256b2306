#include "../latency_examples.h"
#include "core/analysis/latency_fit.h"
#include "core/analysis/prediction/boosted_json.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QtTest>

#include <cmath>

using namespace atomnet;

namespace
{

/// A law that no linear model knows: every eighth count of channels is slow, small maps scatter.
double crookedLaw(const AtomKey &key)
{
    return simpleLaw(key) * (key.inC % 64 == 0 ? 1.3 : 1.0) * (key.outH < 12 ? 1.1 : 1.0);
}

AtomTable scattered(int count, quint32 seed)
{
    QRandomGenerator noise(seed);
    return pointwiseTable(count, seed, [&](const AtomKey &key) {
        const double width = key.outH < 20 ? 0.4 : 0.02;
        return crookedLaw(key) * (1 + width * (noise.generateDouble() - 0.5));
    });
}

const LatencyModel &fitted()
{
    static const Result<LatencyModel> model = fitLatencyModel(scattered(1500, 21));
    return *model;
}

AtomTable reordered(const AtomTable &table)
{
    std::vector<AtomTable::Row> rows = table.rows();
    QRandomGenerator random(5);
    std::shuffle(rows.begin(), rows.end(), random);
    return AtomTable(table.condition(), table.unit(), std::move(rows));
}

QByteArray exampleJson()
{
    BoostedKind kind;
    kind.axes = {{Trait::InChannels, {8, 16.5}}, {Trait::Kernel, {3}}};
    kind.correction.nodes = {{0, 1, 1}, {1, 0, 2}, {}, {}, {}};
    kind.correction.values = {0, 0, 5, -700, 12};
    kind.correction.roots = {0};
    kind.correction.base = -3;
    kind.levels = {{-100, 0.02}, {2000, 0.25}};
    kind.ranges = {{Trait::InChannels, 8, 640}};
    kind.linearHalfWidth90 = 0.125;
    return writeBoosted(kind);
}

Result<BoostedKind> readBytes(const QByteArray &json)
{
    const QJsonDocument document = QJsonDocument::fromJson(json);
    return readBoosted(document.isObject() ? QJsonValue(document.object()) : QJsonValue());
}

} // namespace

class TestBoostedKind : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyTraitHasItsOwnName()
    {
        for (int i = 0; i < traitCount; ++i)
            QCOMPARE(traitFrom(toString(Trait(i))), std::optional(Trait(i)));
        QVERIFY(!traitFrom(u"").has_value());
        QVERIFY(!traitFrom(u"made_up").has_value());
    }

    void binsCountBordersBelow()
    {
        const std::vector<double> borders{1, 2.5, 7, 7.5, 90};
        for (const double value : {-1.0, 0.0, 1.0, 1.5, 2.5, 3.0, 7.0, 7.2, 7.5, 50.0, 90.0, 1e9}) {
            const auto below = std::count_if(borders.begin(), borders.end(),
                                             [value](double border) { return border < value; });
            QCOMPARE(int(binOf(borders, value)), int(below));
        }
        QCOMPARE(int(binOf({}, 3)), 0);
    }

    void treesLearnWhatTheLinearModelCannot()
    {
        const AtomTable table = pointwiseTable(1500, 31, crookedLaw);
        const Result<LatencyModel> linear = fitLinearModel(table), boosted = fitLatencyModel(table);
        QVERIFY(linear && boosted);
        QVERIFY(!linear->kinds[0].boosted && boosted->kinds[0].boosted);
        QVERIFY(linear->kinds[0].cvMeanError > 0.02);
        QVERIFY2(boosted->kinds[0].cvMeanError < 0.005,
                 qPrintable(QString::number(boosted->kinds[0].cvMeanError)));
        double error = 0;
        int inside = 0;
        const AtomTable unseen = pointwiseTable(500, 32, crookedLaw);
        for (const AtomTable::Row &row : unseen.rows()) {
            const auto found = estimate(*boosted, row.key);
            QVERIFY(found);
            if (found->extrapolated) continue;
            ++inside;
            error += std::abs(double(found->value) / double(row.stats.median) - 1);
        }
        QVERIFY(inside > 400);
        QVERIFY(error / inside < 0.005);
    }

    void intervalsKnowWhereItIsDifficult()
    {
        const AtomTable unseen = scattered(1500, 22);
        int inside = 0, all = 0;
        double small = 0, large = 0;
        int smalls = 0, larges = 0;
        for (const AtomTable::Row &row : unseen.rows()) {
            const auto found = estimate(fitted(), row.key);
            QVERIFY(found && found->low <= found->value && found->value <= found->high);
            if (found->extrapolated) continue;
            ++all;
            inside += found->low <= row.stats.median && row.stats.median <= found->high;
            const double width = double(found->high - found->low) / 2 / double(found->value);
            (row.key.outH < 20 ? small : large) += width;
            ++(row.key.outH < 20 ? smalls : larges);
        }
        const double share = double(inside) / all;
        QVERIFY2(share > 0.87 && share < 0.94, qPrintable(QString::number(share)));
        QVERIFY(small / smalls > 0.12);
        QVERIFY(large / larges < 0.05);
    }

    void theOrderOfTheRowsDoesNotMatter()
    {
        const AtomTable table = scattered(400, 23);
        const auto a = fitLatencyModel(table), b = fitLatencyModel(reordered(table));
        QVERIFY(a && b && a->kinds[0].boosted);
        QCOMPARE(writeLatencyModel(*a), writeLatencyModel(*b));
    }

    /// Outside of what was seen the linear model answers alone, with its wide interval.
    void extrapolationIsLinear()
    {
        LatencyModel linear = fitted();
        linear.kinds[0].boosted.reset();
        linear.kinds[0].halfWidth90 = fitted().kinds[0].boosted->linearHalfWidth90;
        for (const AtomKey &key :
             {pointwise(200, 64, 64), pointwise(20, 2048, 64), pointwise(20, 64, 4096)}) {
            const auto found = estimate(fitted(), key);
            QVERIFY(found && found->extrapolated);
            QCOMPARE(*found, *estimate(linear, key));
            QVERIFY(double(found->high) > 1.24 * double(found->value));
        }
        qint64 before = 0;
        for (int side = 100; side < 2000; side += 100) { // never faster with a larger map
            const auto found = estimate(fitted(), pointwise(side, 64, 64));
            QVERIFY(found && found->extrapolated && found->value > before);
            before = found->value;
        }
    }

    void reasonsOfExtrapolationNameWhatWasNotSeen()
    {
        QCOMPARE(extrapolationReason(fitted(), pointwise(20, 64, 64)), QString());
        const QString reason = extrapolationReason(fitted(), pointwise(20, 2048, 64));
        QVERIFY2(reason.startsWith(QStringLiteral("input channels 2048 above 4")),
                 qPrintable(reason));
        QVERIFY(extrapolationReason(fitted(), pointwise(200, 64, 64))
                    .startsWith(QStringLiteral("output height 200 above ")));
        AtomKey dilated = pointwise(20, 64, 64);
        dilated.dilation = 2;
        QCOMPARE(extrapolationReason(fitted(), dilated),
                 QStringLiteral("dilation 2 was never measured"));
        const auto shipped =
            shippedLatencyModel(QStringLiteral("stm32h743"), QStringLiteral("x-cube-ai-7.2"));
        QVERIFY(shipped);
        AtomKey seven = pointwise(20, 64, 64);
        seven.kind = AtomKind::Depthwise;
        seven.groups = 64;
        seven.inH = seven.inW = 26;
        seven.kernelH = seven.kernelW = 7;
        QCOMPARE(extrapolationReason(*shipped, seven),
                 QStringLiteral("kernel 7 was never measured"));
        for (const AtomKey &key : {seven, pointwise(20, 64, 64), pointwise(1, 5000, 5000)})
            QCOMPARE(extrapolationReason(*shipped, key).isEmpty(),
                     !estimate(*shipped, key)->extrapolated);
    }

    void learnedRatiosReplaceTheRatioOfMacs()
    {
        LatencyModel model =
            *shippedLatencyModel(QStringLiteral("stm32h743"), QStringLiteral("x-cube-ai-7.2"));
        AtomKey three = pointwise(20, 64, 64);
        three.kind = AtomKind::Depthwise;
        three.groups = 64;
        three.inH = three.inW = 22;
        three.kernelH = three.kernelW = 3;
        AtomKey five = three;
        five.inH = five.inW = 24;
        five.kernelH = five.kernelW = 5;
        const auto base = estimate(model, three), guessed = estimate(model, five);
        model.kernelRatios = {{AtomKind::Depthwise, 5, 3.1, 0.2}};
        const auto learned = estimate(model, five);
        QVERIFY(base && guessed && learned && learned->extrapolated);
        QVERIFY(std::abs(double(learned->value) / double(base->value) - 3.1) < 1e-4);
        const auto width = [](const Estimate &e) {
            return double(e.high - e.low) / 2 / double(e.value);
        };
        const double both = std::hypot(width(*base), 1.645 * 0.2 / 3.1);
        QVERIFY(std::abs(width(*learned) - both) < 1e-3);
        QVERIFY(width(*learned) < width(*guessed));
        const auto again = readLatencyModel(writeLatencyModel(model), {});
        QVERIFY(again);
        QCOMPARE(*again, model);
    }

    void aModelWithTreesSurvivesItsFile()
    {
        const QByteArray json = writeLatencyModel(fitted());
        QVERIFY(json.contains("\"version\": 2"));
        const auto again = readLatencyModel(json, {});
        QVERIFY2(again, qPrintable(again ? QString() : again.error().message()));
        QCOMPARE(*again, fitted());
        QVERIFY(json.size() < 300'000);
    }

    void wrongTreesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        const auto row = [](const char *name, const char *from, const char *to) {
            QTest::newRow(name) << QByteArray(from) << QByteArray(to);
        };
        row("unknown trait", "in_channels", "in_chanels");
        row("trait twice", "\"kernel\"", "\"in_channels\"");
        row("borders descend", "8,16.5", "16.5,8");
        row("border negative", "8,16.5", "-8,16.5");
        row("border infinite", "8,16.5", "8,1e999");
        row("no border", ",8,16.5", "");
        row("axis unknown", "[2,128,", "[2,256,");
        row("bin beyond the borders", "[2,", "[4,");
        row("a child is missing", ",-1399,25]", ",-1399]");
        row("a node too many", ",-1399,25]", ",-1399,25,1]");
        row("empty tree", "[2,128,11,-1399,25]", "[]");
        row("only splits", "[2,128,11,-1399,25]", "[2,2,2,2,2]");
        row("leaf too large", "-1399", "-99999999999");
        row("node no number", "-1399", "\"a\"");
        row("node not whole", "-1399", "1.5");
        row("base too large", "\"base\": -3", "\"base\": 1e12");
        row("levels descend", "2000", "-2000");
        row("width negative", "0.25", "-0.25");
        row("no levels", "[[-100,0.02],[2000,0.25]]", "[]");
        row("range turned", "8,640", "800,640");
        row("no axes", "\"axes\"", "\"axles\"");
        row("no trees", "\"trees\"", "\"threes\"");
        row("no difficulty", "\"difficulty\"", "\"ease\"");
    }
    void wrongTreesAreRefused()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QByteArray json = exampleJson();
        QVERIFY(readBytes(json));
        const qsizetype at = json.indexOf(from);
        QVERIFY2(at >= 0, json.constData());
        json.replace(at, from.size(), to);
        const auto kind = readBytes(json);
        QVERIFY(!kind);
        QCOMPARE(kind.error().code, ErrorCode::BadInput);
    }

    void anExampleAnswersAsItsTreesSay()
    {
        const auto kind = readBytes(exampleJson());
        QVERIFY(kind);
        QCOMPARE(writeBoosted(*kind), exampleJson());
        const auto sum = [&](int inC, int kernel) {
            AtomKey key = pointwise(4, inC, 8);
            key.kernelH = key.kernelW = quint16(kernel);
            return kind->correction.sum(binsOf(kind->axes, traitsOf(key, 1)).data());
        };
        QCOMPARE(sum(17, 1), qint64(-3 + 5)); // above 16.5: the second child, a leaf
        QCOMPARE(sum(16, 3), qint64(-3 - 700));
        QCOMPARE(sum(16, 5), qint64(-3 + 12));
        QCOMPARE(corrected(100, 0), 100.0);
        QVERIFY(corrected(100, qint64(1) << 60) < 1000 && corrected(100, -(qint64(1) << 60)) > 10);
    }

    /// Any damage: an error, or trees that end and estimates in bounds.
    void damagedTreesNeverCrash()
    {
        const QByteArray original = exampleJson();
        QRandomGenerator random(18);
        int refused = 0;
        for (int round = 0; round < 5000; ++round) {
            QByteArray json = original;
            for (int i = random.bounded(1, 4); i > 0; --i) {
                const qsizetype at = random.bounded(int(json.size()));
                if (random.bounded(2))
                    json[at] = "0123456789,-[]"[random.bounded(14)];
                else
                    json.insert(at, original.mid(random.bounded(int(original.size())), 9));
            }
            const auto kind = readBytes(json);
            if (!kind) {
                ++refused;
                continue;
            }
            QCOMPARE(readBytes(writeBoosted(*kind)).value(), *kind);
            const BoostedKind::Answer answer = kind->answer(traitsOf(pointwise(4, 9, 8), 7), 7);
            QVERIFY(answer.value > 0.9 && answer.value < 50 && answer.halfWidth >= 0);
        }
        QVERIFY(refused > 1000 && refused < 5000);
    }

    void cancellingEndsTheFit()
    {
        int asked = 0;
        RunControl control;
        control.isCancelled = [&] { return ++asked > 10; };
        const auto model = fitLatencyModel(scattered(400, 24), control);
        QVERIFY(!model);
        QCOMPARE(model.error().code, ErrorCode::Cancelled);
        QVERIFY(asked < 100);
    }
};

QTEST_APPLESS_MAIN(TestBoostedKind)
#include "tst_boosted_kind.moc"
