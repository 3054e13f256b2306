#include "core/quant/forward.h"
#include "core/quant/samples.h"
#include "tests/core/quant/reference_network.h"

#include <QCryptographicHash>
#include <QtTest>

#include <cmath>

using namespace atomnet;

namespace
{

void addTo(QCryptographicHash &hash, const std::vector<float> &values)
{
    for (const float value : values) {
        const quint32 bits = qToLittleEndian(std::bit_cast<quint32>(value));
        hash.addData(QByteArrayView(reinterpret_cast<const char *>(&bits), 4));
    }
}

QByteArray hashOf(const FloatWeights &weights)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const UnitWeights &unit : weights.units)
        addTo(hash, unit.weights);
    return hash.result().toHex().left(16);
}

QByteArray hashOf(const std::vector<float> &values)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    addTo(hash, values);
    return hash.result().toHex().left(16);
}

double rms(const std::vector<float> &values)
{
    double sum = 0;
    for (const float value : values)
        sum += double(value) * double(value);
    return std::sqrt(sum / double(values.size()));
}

} // namespace

class TestSeeded : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void weightsAreTheSameOnEveryMachine()
    {
        const auto units = weightUnits(test::presetGraph(QStringLiteral("atomnet-256kb")));
        QCOMPARE(hashOf(seededWeights(units, 1)), QByteArray("d614e980a7ce7baf"));
        QVERIFY(hashOf(seededWeights(units, 2)) != hashOf(seededWeights(units, 1)));
    }

    void weightsFitTheUnits()
    {
        const auto units = weightUnits(test::presetGraph(QStringLiteral("atomnet-512kb-max")));
        const FloatWeights weights = seededWeights(units, 3);
        QVERIFY(!weights.trained);
        QCOMPARE(weights.units.size(), units.size());
        for (std::size_t u = 0; u < units.size(); ++u) {
            const UnitWeights &unit = weights.units[u];
            QCOMPARE(qint64(unit.weights.size()), units[u].weightCount());
            QCOMPARE(unit.bias, std::vector<float>(std::size_t(units[u].out), 0.0F));
            // He's bound, by at most what squeeze-and-excite and hswish take away.
            const double bound = std::sqrt(6.0 / double(units[u].inputsPerOutput()));
            for (const float weight : unit.weights)
                QVERIFY(std::fabs(double(weight)) < bound * std::sqrt(7.5));
        }
    }

    void samplesAreTheSameOnEveryMachine()
    {
        const auto samples = seededSamples({16, 12, 3}, 4, 1);
        QCOMPARE(hashOf(samples->sample(3).value()), QByteArray("a797a5d6544085b8"));
        QVERIFY(hashOf(samples->sample(2).value()) != hashOf(samples->sample(3).value()));
    }

    void aSampleDoesNotDependOnHowManyThereAre()
    {
        QCOMPARE(seededSamples({5, 5, 1}, 20, 1)->sample(3).value(),
                 seededSamples({5, 5, 1}, 4, 1)->sample(3).value());
    }

    void samplesLookLikeNormalisedImages()
    {
        const auto samples = seededSamples({32, 32, 3}, 8, 5);
        QCOMPARE(samples->count(), 8);
        QCOMPARE(samples->label(0), -1);
        for (int i = 0; i < samples->count(); ++i) {
            const std::vector<float> values = samples->sample(i).value();
            QCOMPARE(values.size(), std::size_t(32 * 32 * 3));
            QVERIFY(rms(values) > 0.6 && rms(values) < 1.5);
            for (const float value : values)
                QVERIFY(std::fabs(value) < 2.4F);
        }
    }

    void oneByOneSamplesWork()
    {
        QCOMPARE(seededSamples({1, 1, 4}, 1, 1)->sample(0).value().size(), std::size_t(4));
    }

    /// Deep networks that nobody trained must neither die out nor explode.
    void signalsSurvive_data()
    {
        QTest::addColumn<QString>("id");
        QTest::newRow("shortcuts") << QStringLiteral("atomnet-256kb");
        QTest::newRow("deep, squeeze-and-excite") << QStringLiteral("atomnet-5fps");
    }

    void signalsSurvive()
    {
        QFETCH(QString, id);
        const AtomGraph graph = test::presetGraph(id);
        const FloatWeights weights = seededWeights(weightUnits(graph), 1);
        const auto samples = seededSamples(graph.tensors.front().shape, 2, 1);
        const FloatForward forward(graph, weights);
        const std::vector<float> first = forward.run(samples->sample(0).value());
        const std::vector<float> second = forward.run(samples->sample(1).value());
        QVERIFY(rms(first) > 1e-5 && rms(first) < 1);
        double distance = 0;
        for (std::size_t i = 0; i < first.size(); ++i)
            distance = std::max(distance, double(std::fabs(first[i] - second[i])));
        QVERIFY(distance > 0.1 * rms(first)); // and tell images apart
    }

    void normalisationHasAnEntryForEachChannel()
    {
        QCOMPARE(defaultNormalisation(3).mean, (std::vector<float>{0.485F, 0.456F, 0.406F}));
        QCOMPARE(defaultNormalisation(3).std, (std::vector<float>{0.229F, 0.224F, 0.225F}));
        QCOMPARE(defaultNormalisation(1).mean, (std::vector<float>{0.5F}));
        QCOMPARE(defaultNormalisation(4).std, (std::vector<float>(4, 0.5F)));
    }
};

QTEST_GUILESS_MAIN(TestSeeded)
#include "tst_seeded.moc"
