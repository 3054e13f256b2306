#include "core/analysis/latency_model.h"
#include "core/analysis/prediction/network_learning.h"
#include "core/atomdb/atom_db.h"
#include "core/lowering/lower.h"
#include "core/model/design_file.h"
#include "core/model/presets.h"
#include "tests/app/cli/cli_run.h"

#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

#include <set>

using namespace atomnet;

namespace
{

template <typename T>
T valueOf(Result<T> result)
{
    if (!result) qFatal("%s", qPrintable(result.error().message()));
    return *std::move(result);
}

/// Made-up samples of what the published designs consist of on a board that nobody reported of,
/// with depthwise 3x3 only; 5x5 takes three times as long in its networks.
class MadeUp
{
public:
    static constexpr double ratio = 3;
    static qint64 latency(const AtomKey &key)
    {
        const double work = key.kind == AtomKind::Depthwise
                                ? double(key.out().bytes()) * 100
                                : double(macsOf(key)) * 2.5 + double(key.in().bytes()) * 10;
        return 5000 + qint64(work);
    }
    static qint64 latencyOf(const Network &network)
    {
        double sum = 0;
        for (const Atom &atom : valueOf(lower(network, Runtime::XCubeAi72)).atoms) {
            const bool unseen = atom.key.kind == AtomKind::Depthwise && atom.key.kernelH == 5;
            sum += unseen ? ratio * double(latency(withKernel(atom.key, 3)))
                          : double(latency(atom.key));
        }
        return qint64(sum);
    }
    static std::vector<Sample> samples()
    {
        std::vector<Sample> samples;
        std::set<quint64> known;
        for (const Preset &preset : presets())
            for (const Atom &atom : valueOf(lower(preset.network, Runtime::XCubeAi72)).atoms) {
                AtomKey key = atom.key;
                if (key.kind == AtomKind::Depthwise) key = withKernel(key, 3);
                if (!known.insert(hashOf(key)).second) continue;
                Sample sample;
                sample.key = key;
                sample.value = latency(key);
                samples.push_back(sample);
            }
        return samples;
    }
};

} // namespace

class TestDbFit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        useDataFolder(m_folder.path());
        AtomDb db = valueOf(AtomDb::open(m_db));
        RunCondition condition;
        condition.board = QStringLiteral("stm32f746");
        condition.runtime = QStringLiteral("x-cube-ai-7.2");
        condition.clockHz = 216'000'000;
        QVERIFY(db.addSamples(condition, QStringLiteral("made up"), MadeUp::samples()));
        for (const Preset &preset : presets()) {
            qint64 latency = MadeUp::latencyOf(preset.network);
            if (preset.id == u"atomnet-512kb") latency = latency * 9 / 10;
            QVERIFY(db.addNetworkSample(condition, SampleUnit::Nanoseconds,
                                        {preset.id, writeDesign(preset.network), latency}));
        }
    }

    void validationTellsWhatNetworksTaught()
    {
        const CliRun run(
            {"db", "fit", "--validate", "--board", "stm32f746", "--db", m_db, "--json"});
        QCOMPARE(run.code, 0);
        const QJsonDocument json = run.json();
        QCOMPARE(json["board"].toString(), QString("stm32f746"));
        QCOMPARE(json["unit"].toString(), QString("ms"));
        QVERIFY(json["kinds"].toArray().size() >= 3);
        for (const QJsonValue &kind : json["kinds"].toArray())
            for (const char *figure : {"mean_error", "median_error", "group_mean_error", "coverage",
                                       "narrow_coverage", "wide_coverage", "median_half_width"})
                QVERIFY2(kind[QLatin1String(figure)].toDouble(-1) >= 0, figure);
        const QJsonArray learned = json["learned"].toArray();
        QCOMPARE(learned.size(), 1);
        QCOMPARE(learned[0]["name"].toString(), QString("depthwise 5x5 / 3x3"));
        QCOMPARE(learned[0]["kernel"].toInt(), 5);
        QVERIFY2(std::abs(learned[0]["value"].toDouble() - MadeUp::ratio) < 0.1,
                 qPrintable(run.out));
        QVERIFY(learned[0]["standard_error"].toDouble() > 0);
        QVERIFY(json["not_identified"].toArray().isEmpty());
        const QJsonArray networks = json["networks"].toArray();
        QCOMPARE(networks.size(), qsizetype(presets().size()));
        for (const QJsonValue &network : networks) {
            const bool outlier = network["name"].toString() == QString("atomnet-512kb");
            QCOMPARE(network["used"].toBool(), !outlier);
            QVERIFY(network["why"].toString().isEmpty() != outlier);
            if (!outlier) QVERIFY(std::abs(network["error"].toDouble()) < 0.03);
        }
    }

    void validationAsText()
    {
        const CliRun run({"db", "fit", "--validate", "--board", "stm32f746", "--db", m_db});
        QCOMPARE(run.code, 0);
        QVERIFY2(run.out.contains("depthwise 5x5 / 3x3: "), qPrintable(run.out));
        QVERIFY(run.out.contains("not learned from: its operators tell 11"));
        QVERIFY(run.out.contains("pointwise"));
    }

    void fittedModelHoldsTheRatio()
    {
        const CliRun run({"db", "fit", "--board", "stm32f746", "--db", m_db});
        QCOMPARE(run.code, 0);
        const auto model = readLatencyModel(run.out.toUtf8(), {});
        QVERIFY2(model, qPrintable(model ? QString() : model.error().message()));
        QCOMPARE(model->kernelRatios.size(), std::size_t(1));
        QVERIFY(std::abs(model->kernelRatios.front().ratio - MadeUp::ratio) < 0.1);

        const QString file = m_folder.filePath("model.json");
        const CliRun linear(
            {"db", "fit", "--linear", "-o", file, "--board", "stm32f746", "--db", m_db});
        QCOMPARE(linear.code, 0);
        const auto small = readLatencyModel(readFile(file), file);
        QVERIFY(small);
        QVERIFY(small->kernelRatios.empty());
        QVERIFY(readFile(file).size() < run.out.size());
    }

    /// Two databases, one with networks: what merge brings is learned from.
    void mergeBringsNetworksAndFits()
    {
        const QString other = m_folder.filePath("other.sqlite");
        const CliRun run({"db", "merge", m_db, "--db", other, "--json"});
        QCOMPARE(run.code, 0);
        QCOMPARE(run.json()["networks"].toInt(), int(presets().size()));
        QCOMPARE(run.json()["models_fitted"].toInt(), 1);
        const CliRun predicted({"db", "predict", "depthwise", "20x20x80", "--kernel", "5",
                                "--board", "stm32f746", "--db", other, "--json"});
        QCOMPARE(predicted.code, 0);
        QVERIFY2(predicted.json()["extrapolation"].toString().contains("whole networks tell"),
                 qPrintable(predicted.out));
    }

    void wrongUseIsSaid()
    {
        const CliRun both({"db", "fit", "--validate", "-o", m_folder.filePath("x.json")});
        QCOMPARE(both.code, 2);
        QVERIFY(both.err.contains("writes no model"));
        const CliRun nothing({"db", "fit", "--validate", "--db", m_folder.filePath("none.sqlite")});
        QCOMPARE(nothing.code, 3);
        const CliRun empty({"db", "fit", "--validate", "--board", "stm32h743", "--db", m_db});
        QCOMPARE(empty.code, 3);
        QVERIFY2(empty.err.contains("no latency model can be fitted"), qPrintable(empty.err));
        QCOMPARE(empty.err.count('\n'), 1);
    }

private:
    QTemporaryDir m_folder;
    const QString m_db = m_folder.filePath("made-up.sqlite");
};

QTEST_GUILESS_MAIN(TestDbFit)
#include "tst_db_fit.moc"
