#include "core/inference/evaluate.h"

#include "core/inference/runner.h"
#include "core/quant/forward.h"
#include "tests/core/inference/quantised_example.h"

#include <QTest>

#include <algorithm>

using namespace atomnet;
using namespace atomnet::test;

namespace
{

/// The example's samples, labelled as its float network guesses, but for the first, which gets
/// another label.
MemorySamples labelled(const Example &e, int count)
{
    MemorySamples samples;
    const FloatForward forward(e.graph, e.weights);
    const auto source = seededSamples(e.network.input, count, 7);
    for (int i = 0; i < count; ++i) {
        samples.values.push_back(*source->sample(i));
        const auto logits = forward.run(samples.values.back());
        samples.labels.push_back(
            int(std::max_element(logits.begin(), logits.end()) - logits.begin()));
    }
    samples.labels.front() = (samples.labels.front() + 1) % e.network.head.classes;
    return samples;
}

} // namespace

class TestEvaluate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_example = quantisedExample(everyBlock());
        m_program = programOf(m_example);
    }

    void layersHaveTheirNoise()
    {
        std::vector<double> shares;
        const auto layers =
            layerSqnr(m_example.quantized, m_program, m_example.weights, *m_example.samples,
                      {{}, [&](double share) { shares.push_back(share); }});
        QVERIFY(layers);
        QCOMPARE(layers->size(), m_example.graph.atoms.size());
        for (std::size_t i = 0; i < layers->size(); ++i) {
            const LayerSqnr &layer = (*layers)[i];
            QCOMPARE(layer.atom, int(i));
            QCOMPARE(layer.name, m_example.layerNames.at(qsizetype(i)));
            // Relu6's step of 6/255 is coarse for values that stay small.
            const bool coarse = m_example.graph.atoms[i].key.act == KeyAct::Relu6;
            QVERIFY2(layer.db > (coarse ? 5 : 15) && layer.db < 60,
                     qPrintable(QStringLiteral("%1 %2").arg(layer.name).arg(layer.db)));
        }
        QVERIFY(std::is_sorted(shares.begin(), shares.end()));
        QCOMPARE(shares.back(), 1.0);
    }

    void aWrongScaleShowsAsNoise()
    {
        QuantizedNetwork wrong = m_example.quantized;
        const int atom = 2;
        wrong.tensors[std::size_t(wrong.graph.atoms[atom].output)].scale *= 2;
        const auto layers = layerSqnr(wrong, m_program, m_example.weights, *m_example.samples);
        QVERIFY(layers);
        // Twice the value: the error is as large as the signal.
        QVERIFY2(std::abs((*layers)[atom].db) < 1, qPrintable(QString::number((*layers)[atom].db)));
    }

    void silenceHasNoNoise()
    {
        // All weights and biases 0: every layer is 0 in float and in int8.
        Example e = m_example;
        for (UnitWeights &unit : e.weights.units) {
            std::fill(unit.weights.begin(), unit.weights.end(), 0.0F);
            std::fill(unit.bias.begin(), unit.bias.end(), 0.0F);
        }
        for (UnitQuant &quant : e.quantized.quants) {
            std::fill(quant.weights.begin(), quant.weights.end(), qint8(0));
            std::fill(quant.bias.begin(), quant.bias.end(), 0);
        }
        const Program program = programOf(e);
        const auto layers = layerSqnr(e.quantized, program, e.weights, *e.samples);
        QVERIFY(layers);
        QCOMPARE(layers->front().db, 120.0);
    }

    void confusionCountsEverySample()
    {
        const MemorySamples samples = labelled(m_example, 30);
        const auto evaluation =
            evaluate(m_example.quantized, m_program, m_example.weights, samples);
        QVERIFY(evaluation);
        QCOMPARE(evaluation->asFloat.total(), 30);
        QCOMPARE(evaluation->asInt8.total(), 30);
        QCOMPARE(evaluation->asFloat.correct(), 29); // by construction
        QCOMPARE(evaluation->asFloat.top1(), 29.0 / 30);

        // Counted again, one by one.
        Confusion asInt8{5, std::vector<int>(25)};
        int agreeing = 0;
        Runner runner(m_program);
        for (int i = 0; i < samples.count(); ++i) {
            std::vector<qint8> input, output(5);
            for (const float value : samples.values[std::size_t(i)])
                input.push_back(quantise(value, m_program.input));
            QVERIFY(runner.run(input, output));
            const auto guess = std::max_element(output.begin(), output.end()) - output.begin();
            ++asInt8.counts[std::size_t(samples.labels[std::size_t(i)] * 5 + guess)];
            const auto logits = FloatForward(m_example.graph, m_example.weights)
                                    .run(samples.values[std::size_t(i)]);
            agreeing += guess == std::max_element(logits.begin(), logits.end()) - logits.begin();
        }
        QCOMPARE(evaluation->asInt8, asInt8);
        QCOMPARE(evaluation->agreeing, agreeing);
        QVERIFY(agreeing >= 20);
        QCOMPARE(evaluation->labels, QStringList({"0", "1", "2", "3", "4"}));
    }

    void namesComeFromTheNetworkOrTheSamples()
    {
        MemorySamples samples = labelled(m_example, 1);
        samples.names = QStringList{"a", "b", "c", "d", "e"};
        QCOMPARE(evaluate(m_example.quantized, m_program, m_example.weights, samples)->labels,
                 samples.names);
        QuantizedNetwork named = m_example.quantized;
        named.labels = QStringList{"v", "w", "x", "y", "z"};
        QCOMPARE(evaluate(named, m_program, m_example.weights, samples)->labels, named.labels);
    }

    void samplesWithoutALabelAreLeftOut()
    {
        MemorySamples samples = labelled(m_example, 4);
        samples.labels[1] = -1;
        const auto evaluation =
            evaluate(m_example.quantized, m_program, m_example.weights, samples);
        QVERIFY(evaluation);
        QCOMPARE(evaluation->asInt8.total(), 3);
        samples.labels = {-1, -1, -1, -1};
        const auto none = evaluate(m_example.quantized, m_program, m_example.weights, samples);
        QVERIFY(!none);
        QCOMPARE(none.error().code, ErrorCode::BadInput);
    }

    void aLabelThatIsNoClassIsRefused()
    {
        MemorySamples samples = labelled(m_example, 4);
        samples.labels[2] = 5;
        const auto evaluation =
            evaluate(m_example.quantized, m_program, m_example.weights, samples);
        QVERIFY(!evaluation);
        QCOMPARE(evaluation.error().code, ErrorCode::BadInput);
        QVERIFY(evaluation.error().what.contains("class 5"));
    }

    void bothCanBeCancelled()
    {
        int asked = 0;
        const RunControl control{[&] { return ++asked == 3; }, {}};
        const auto layers = layerSqnr(m_example.quantized, m_program, m_example.weights,
                                      *m_example.samples, control);
        QVERIFY(!layers);
        QCOMPARE(layers.error().code, ErrorCode::Cancelled);
        asked = 0;
        const auto evaluation = evaluate(m_example.quantized, m_program, m_example.weights,
                                         labelled(m_example, 8), control);
        QVERIFY(!evaluation);
        QCOMPARE(evaluation.error().code, ErrorCode::Cancelled);
        QCOMPARE(asked, 3);
    }

private:
    Example m_example;
    Program m_program;
};

QTEST_APPLESS_MAIN(TestEvaluate)
#include "tst_evaluate.moc"
