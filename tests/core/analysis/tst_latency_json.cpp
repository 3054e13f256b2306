#include "core/analysis/latency_model.h"
#include "latency_examples.h"

#include <QRandomGenerator>
#include <QtTest>

using namespace atomnet;

namespace
{

QByteArray valid()
{
    LatencyModel model;
    model.board = QStringLiteral("b\"oard\u00e9");
    model.runtime = QStringLiteral("r");
    model.clockHz = 400'000'000;
    model.fittedOn = QStringLiteral("2 operators");
    model.fingerprint = QStringLiteral("0123");
    KindModel kind;
    kind.kind = AtomKind::Conv;
    kind.features = {Feature::One, Feature::Macs};
    kind.coefficients = {1.0 / 3, 2e-9};
    kind.featureMin = {1, 10};
    kind.featureMax = {1, 1e9};
    kind.keys = 12;
    kind.cvMeanError = 0.05;
    kind.cvMedianError = 0.04;
    kind.halfWidth90 = 0.1;
    kind.kernels = {3, 5};
    kind.bands = {{1, 0.2}, {100, 0.1}};
    model.kinds.push_back(kind);
    kind.kind = AtomKind::Mean;
    kind.derivedFrom = AtomKind::SqueezeExcite;
    kind.kernels.clear();
    kind.bands.clear();
    model.kinds.push_back(kind);
    return writeLatencyModel(model);
}

} // namespace

class TestLatencyJson : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writingAndReadingKeepsEverything()
    {
        const QByteArray json = valid();
        const Result<LatencyModel> model = readLatencyModel(json, QStringLiteral("m.json"));
        QVERIFY2(model, qPrintable(model ? QString() : model.error().message()));
        QCOMPARE(model->board, QStringLiteral("b\"oard\u00e9"));
        QCOMPARE(model->kinds.size(), std::size_t(2));
        QCOMPARE(model->kinds[0].coefficients[0], 1.0 / 3);
        QCOMPARE(model->kinds[1].derivedFrom, std::optional(AtomKind::SqueezeExcite));
        QCOMPARE(writeLatencyModel(*model), json);
    }

    void aFittedModelSurvives()
    {
        const Result<LatencyModel> model = fitLatencyModel(pointwiseTable(100, 1, simpleLaw));
        QVERIFY(model);
        const Result<LatencyModel> again = readLatencyModel(writeLatencyModel(*model), {});
        QVERIFY(again);
        QCOMPARE(*again, *model);
    }

    void wrongContentIsRefused_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        const auto row = [](const char *name, const char *from, const char *to) {
            QTest::newRow(name) << QByteArray(from) << QByteArray(to);
        };
        row("other format", "atomnet-latency-model", "atomnet-design");
        row("version 0", "\"version\": 1", "\"version\": 0");
        row("version text", "\"version\": 1", "\"version\": \"1\"");
        row("clock negative", "400000000", "-4");
        row("clock not whole", "400000000", "4.5");
        row("unit", "\"ns\"", "\"s\"");
        row("kinds no list", "\"kinds\": [", "\"kinds\": 5, \"k\": [");
        row("unknown kind", "\"conv\"", "\"cnov\"");
        row("kinds out of order", "\"kind\": \"conv\"", "\"kind\": \"fully_connected\"");
        row("kind twice", "\"kind\": \"conv\"", "\"kind\": \"mean\"");
        row("derived from nothing", "\"squeeze_excite\"", "\"nothing\"");
        row("operators negative", "\"operators\": 12", "\"operators\": -1");
        row("error negative", "\"cv_mean_error\": 0.05", "\"cv_mean_error\": -0.05");
        row("error infinite", "\"cv_mean_error\": 0.05", "\"cv_mean_error\": 1e999");
        row("error NaN", "\"cv_mean_error\": 0.05", "\"cv_mean_error\": NaN");
        row("error null", "\"cv_mean_error\": 0.05", "\"cv_mean_error\": null");
        row("width missing", "\"half_width_90\": 0.1,", "");
        row("kernel 0", "[3, 5]", "[3, 0]");
        row("kernel text", "[3, 5]", "[3, \"5\"]");
        row("kernels no list", "[3, 5]", "3");
        row("bands descend", "\"from_pixels\": 100", "\"from_pixels\": 1");
        row("unknown feature", "\"macs\"", "\"magic\"");
        row("feature twice", "\"macs\"", "\"one\"");
        row("coefficient negative", "2e-09", "-2e-09");
        row("coefficient too large", "2e-09", "1e400");
        row("range turned", "\"min\": 10, \"max\": 1e+09", "\"min\": 11, \"max\": 10");
        row("no object", "{\n  \"format\"", "[{\n  \"format\"");
        row("cut off", "\"fitted_on\"", "\"fitted_on");
    }
    void wrongContentIsRefused()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QByteArray json = valid();
        const qsizetype at = json.indexOf(from);
        QVERIFY2(at >= 0, "the example no longer holds what this row changes");
        json.replace(at, from.size(), to);
        const Result<LatencyModel> model = readLatencyModel(json, QStringLiteral("m.json"));
        QVERIFY(!model);
        QCOMPARE(model.error().code, ErrorCode::BadInput);
        QCOMPARE(model.error().where, QStringLiteral("m.json"));
        QVERIFY(model.error().what.startsWith(QStringLiteral("not a latency model: ")));
    }

    void newerVersionsSayWhatToDo()
    {
        QByteArray json = valid();
        json.replace("\"version\": 1", "\"version\": 3");
        const Result<LatencyModel> model = readLatencyModel(json, QStringLiteral("m.json"));
        QVERIFY(!model);
        QCOMPARE(model.error().code, ErrorCode::NewerFile);
        QVERIFY(model.error().what.contains(QStringLiteral("update the designer")));
    }

    void hugeAndEmptyFilesAreRefused()
    {
        QVERIFY(!readLatencyModel({}, {}));
        QVERIFY(!readLatencyModel("null", {}));
        QVERIFY(!readLatencyModel("[]", {}));
        QVERIFY(!readLatencyModel(QByteArray(100000, '['), {}));
        QVERIFY(!readLatencyModel(valid() + QByteArray(9 << 20, ' '), {}));
    }

    /// Any damage: an error or a model that writes and reads back, and whose estimates stay in
    /// bounds.
    void damagedBytesNeverCrash()
    {
        const QByteArray original = valid();
        QRandomGenerator random(17);
        int refused = 0;
        for (int round = 0; round < 5000; ++round) {
            QByteArray json = original;
            for (int i = random.bounded(1, 5); i > 0; --i) {
                const qsizetype at = random.bounded(int(json.size()));
                const quint32 what = random.bounded(4u);
                if (what == 0) json.truncate(std::max<qsizetype>(at, 1));
                if (what == 1) json.remove(at, random.bounded(1, 20));
                if (what == 2) json[at] = char(random.bounded(256));
                if (what == 3)
                    json.insert(at, original.mid(random.bounded(int(original.size())), 15));
                if (json.isEmpty()) break;
            }
            const Result<LatencyModel> model = readLatencyModel(json, {});
            if (!model) {
                ++refused;
                QVERIFY(!model.error().what.isEmpty());
                continue;
            }
            QVERIFY(readLatencyModel(writeLatencyModel(*model), {}) == model);
            AtomKey key;
            key.kind = AtomKind::Conv;
            if (const std::optional<Estimate> found = estimate(*model, key)) {
                QVERIFY(found->low >= 0 && found->low <= found->value);
                QVERIFY(found->value <= found->high && found->high <= maxEstimate);
            }
        }
        QVERIFY(refused > 2000);
    }
};

QTEST_APPLESS_MAIN(TestLatencyJson)
#include "tst_latency_json.moc"
