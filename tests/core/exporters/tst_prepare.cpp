#include "core/exporters/export_request.h"

#include "core/analysis/analyze.h"
#include "tests/core/inference/quantised_example.h"
#include "tests/support/int8_files.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace atomnet;
using namespace atomnet::test;

class TestPrepare : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_network = everyBlock();
        const LabelledSamples samples = labelledSamples(m_network, 3, 12);
        write("net.safetensors", weightFile(m_network, 3));
        write("some.npy", npyFile(samples.values, m_network.input));
    }

    void withoutFilesAllIsSeeded()
    {
        const auto prepared = prepare(m_network, {});
        QVERIFY2(prepared, qPrintable(prepared ? QString() : prepared.error().message()));
        QVERIFY(!prepared->weights.trained && !prepared->quantized.trained);
        QCOMPARE(prepared->quantized.normalisation, defaultNormalisation(3));
        QCOMPARE(prepared->quantized.quants.size(), prepared->units.size());
        QCOMPARE(planProblem(prepared->graph, prepared->plan), QString());
        QVERIFY(makeProgram(prepared->quantized, prepared->plan, prepared->layerNames));

        const auto again = prepare(m_network, {});
        QVERIFY(again);
        QCOMPARE(again->quantized.quants, prepared->quantized.quants);
        QCOMPARE(again->quantized.tensors, prepared->quantized.tensors);
        QCOMPARE(again->plan, prepared->plan);
        QuantSource other;
        other.seed = 2;
        QVERIFY(prepare(m_network, other)->quantized.quants != prepared->quantized.quants);
    }

    void layersAreNamedAsInTheReport()
    {
        Target target;
        target.board = boards().front();
        const auto report = analyze(m_network, target, {});
        QVERIFY(report);
        QStringList names;
        for (const Layer &layer : report->layers)
            names << layerName(*report, layer);
        QCOMPARE(prepareFloat(m_network, {})->layerNames, names);
        QCOMPARE(prepare(m_network, {})->layerNames, names);
    }

    void trainedWeightsAreMarked()
    {
        const auto prepared = prepare(m_network, trained());
        QVERIFY2(prepared, qPrintable(prepared ? QString() : prepared.error().message()));
        QVERIFY(prepared->weights.trained && prepared->quantized.trained);
        const auto asFloat = prepareFloat(m_network, trained());
        QVERIFY(asFloat);
        QCOMPARE(asFloat->weights, prepared->weights);
        QVERIFY(asFloat->quantized.quants.empty());
    }

    void trainedWeightsNeedCalibration()
    {
        QuantSource source = trained();
        source.calibrationPath.clear();
        const auto prepared = prepare(m_network, source);
        QVERIFY(!prepared);
        QCOMPARE(prepared.error().code, ErrorCode::Usage);
        QVERIFY(prepared.error().what.contains("calibration"));
        QVERIFY(prepareFloat(m_network, source)); // which float does not
    }

    void aGivenNormalisationWins()
    {
        QuantSource source;
        source.normalisation = Normalisation{{0.1F, 0.2F, 0.3F}, {1, 2, 3}};
        QCOMPARE(prepare(m_network, source)->quantized.normalisation, *source.normalisation);
        for (const Normalisation &wrong :
             {Normalisation{{0, 0}, {1, 1}}, Normalisation{{0, 0, 0}, {1, 0, 1}},
              Normalisation{{0, 0, 0}, {1, -1, 1}}}) {
            source.normalisation = wrong;
            const auto prepared = prepare(m_network, source);
            QVERIFY(!prepared);
            QCOMPARE(prepared.error().code, ErrorCode::Usage);
        }
    }

    void calibrationSamplesAreThoseItWasCalibratedWith()
    {
        const auto prepared = prepare(m_network, trained());
        QVERIFY(prepared);
        const auto samples = calibrationSamples(*prepared, trained(), 5);
        QVERIFY(samples);
        QCOMPARE((*samples)->count(), 5);
        QCOMPARE((*samples)->sample(0)->size(), std::size_t(m_network.input.bytes()));
        const auto seeded = calibrationSamples(*prepared, {}, 100);
        QVERIFY(seeded);
        QCOMPARE((*seeded)->count(), 16);
    }

    void progressRisesAndCancelStops()
    {
        std::vector<double> shares;
        QVERIFY(prepare(m_network, {}, {{}, [&](double share) { shares.push_back(share); }}));
        QVERIFY(std::is_sorted(shares.begin(), shares.end()));
        QCOMPARE(shares.back(), 1.0);
        QVERIFY(shares.size() > 4);
        for (int after = 0; after < 3; ++after) {
            int asked = 0;
            const auto prepared = prepare(m_network, {}, {[&] { return asked++ >= after; }, {}});
            QVERIFY(!prepared);
            QCOMPARE(prepared.error().code, ErrorCode::Cancelled);
        }
    }

    void anEmptyDesignIsRefused()
    {
        QCOMPARE(prepare({}, {}).error().code, ErrorCode::BadInput);
        QCOMPARE(prepareFloat({}, {}).error().code, ErrorCode::BadInput);
    }

private:
    void write(const QString &name, const QByteArray &bytes)
    {
        QFile file(m_folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    }
    [[nodiscard]] QuantSource trained() const
    {
        QuantSource source;
        source.weightsPath = m_folder.filePath("net.safetensors");
        source.calibrationPath = m_folder.filePath("some.npy");
        return source;
    }

    QTemporaryDir m_folder;
    Network m_network;
};

QTEST_APPLESS_MAIN(TestPrepare)
#include "tst_prepare.moc"
