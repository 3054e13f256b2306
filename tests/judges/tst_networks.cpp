// The eight AtomNets at their real resolution, with seeded weights: each layer on the C project's
// own input of that layer, and the whole network, against TensorFlow Lite with XNNPACK.
#include "core/inference/runner.h"
#include "core/model/presets.h"
#include "core/quant/forward.h"
#include "tests/judges/judged.h"
#include "tests/judges/network_parts.h"
#include "tests/judges/ort_judge.h"
#include "tests/judges/tflite_judge.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace atomnet;
using namespace atomnet::judges;

namespace
{

QByteArray bytesOf(std::span<const qint8> values)
{
    return {reinterpret_cast<const char *>(values.data()), qsizetype(values.size())};
}

std::span<const qint8> valuesOf(const QByteArray &bytes)
{
    return {reinterpret_cast<const qint8 *>(bytes.constData()), std::size_t(bytes.size())};
}

QByteArray quantisedInput(const QuantizedNetwork &network, const std::vector<float> &sample)
{
    QByteArray bytes(qsizetype(sample.size()), Qt::Uninitialized);
    for (std::size_t i = 0; i < sample.size(); ++i)
        bytes[qsizetype(i)] = char(quantise(sample[i], network.tensors.front()));
    return bytes;
}

/// Seeds of weights whose logits do not all lie close together, so that there is a class to agree
/// on.
QuantSource seededBy(const QString &preset)
{
    static const std::map<QString, quint64> seeds{
        {QStringLiteral("atomnet-256kb"), 7},       {QStringLiteral("atomnet-256kb-max"), 5},
        {QStringLiteral("atomnet-320kb"), 4},       {QStringLiteral("atomnet-512kb"), 2},
        {QStringLiteral("atomnet-512kb-large"), 1}, {QStringLiteral("atomnet-512kb-max"), 2},
        {QStringLiteral("atomnet-10fps"), 3},       {QStringLiteral("atomnet-5fps"), 6}};
    QuantSource source;
    if (const auto found = seeds.find(preset); found != seeds.end()) source.seed = found->second;
    return source;
}

/// Signal to noise of logits over all samples, in dB.
class Sqnr
{
public:
    void add(const std::vector<float> &exact, const QByteArray &logits, const TensorQuant &quant)
    {
        for (std::size_t i = 0; i < exact.size(); ++i) {
            const double noise =
                double(exact[i]) - double(dequantise(qint8(logits[qsizetype(i)]), quant));
            m_signal += double(exact[i]) * double(exact[i]);
            m_noise += noise * noise;
        }
    }
    [[nodiscard]] double db() const { return 10 * std::log10(m_signal / m_noise); }

private:
    double m_signal = 0, m_noise = 0;
};

/// Class of the largest logit, and how far it stands above the second in LSB.
struct Top {
    int index = 0, margin = 0;
};
Top topOf(const QByteArray &logits)
{
    Top top;
    int second = -129;
    for (int i = 1; i < logits.size(); ++i) {
        const int value = qint8(logits[i]), best = qint8(logits[top.index]);
        if (value > best) {
            second = best;
            top.index = i;
        } else {
            second = std::max(second, value);
        }
    }
    top.margin = qint8(logits[top.index]) - second;
    return top;
}

} // namespace

class TestNetworks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyLayerOnItsOwnInput_data() { rows(); }
    void everyLayerOnItsOwnInput();
    void wholeNetwork_data() { rows(); }
    void wholeNetwork();
    void floatNetwork_data() { rows(); }
    void floatNetwork();

private:
    static void rows();
    /// Quantised once for both tests.
    static const Prepared *prepared(const QString &preset);
};

void TestNetworks::initTestCase()
{
    if (const QString why = TfLiteJudge::unavailable(); !why.isEmpty()) QSKIP(qPrintable(why));
}

void TestNetworks::rows()
{
    QTest::addColumn<QString>("preset");
    for (const Preset &preset : presets())
        QTest::newRow(qPrintable(preset.id)) << preset.id;
}

const Prepared *TestNetworks::prepared(const QString &preset)
{
    static std::map<QString, Result<Prepared>> known;
    auto found = known.find(preset);
    if (found == known.end()) {
        const Preset *design = presetById(preset);
        if (!design) return nullptr;
        found = known.emplace(preset, prepare(design->network, seededBy(preset))).first;
    }
    return found->second ? &*found->second : nullptr;
}

void TestNetworks::everyLayerOnItsOwnInput()
{
    QFETCH(QString, preset);
    const Prepared *ready = prepared(preset);
    QVERIFY(ready);
    const QuantizedNetwork &network = ready->quantized;
    const Result<Program> program = makeProgram(network, ready->plan, ready->layerNames);
    QVERIFY(program.has_value());

    const auto samples = seededSamples(network.graph.tensors.front().shape, 1, 77);
    const auto sample = samples->sample(0);
    QVERIFY(sample.has_value());
    std::vector<QByteArray> tensors(network.graph.tensors.size());
    tensors.front() = quantisedInput(network, *sample);
    std::vector<qint8> logits(std::size_t(program->outputBytes));
    Runner runner(*program);
    const auto ran = runner.run(
        valuesOf(tensors.front()), logits, [&](const Step &step, std::span<const qint8> output) {
            tensors[std::size_t(network.graph.atoms[std::size_t(step.atom)].output)] =
                bytesOf(output);
        });
    QVERIFY2(ran.has_value(), ran ? "" : qPrintable(ran.error().message()));

    Difference weighted, elementwise;
    for (int atom = 0; atom < int(network.graph.atoms.size()); ++atom) {
        const Atom &whole = network.graph.atoms[std::size_t(atom)];
        std::vector<QByteArray> inputs;
        for (const int tensor : whole.inputs)
            if (tensor >= 0) inputs.push_back(tensors[std::size_t(tensor)]);
        for (const Part &part : partsOf(network, atom)) {
            const Prepared alone = preparedFrom(part.network);
            QString problem;
            const QByteArray ours = judges::runStep(alone, inputs, problem);
            const QByteArray model = tfLiteModel(alone, problem);
            QVERIFY2(problem.isEmpty(), qPrintable(problem));
            const auto theirs =
                TfLiteJudge::run(model, inputs, TfLiteJudge::Kernels::XnnPack, &problem);
            QVERIFY2(problem.isEmpty(),
                     qPrintable(describe(whole.key) + QStringLiteral(": ") + problem));
            Difference difference;
            difference.add(ours, theirs.front());
            QVERIFY2(difference.largest <= 1, qPrintable(ready->layerNames[atom]));
            (part.unit >= 0 ? weighted : elementwise).add(difference);
            if (part.unit >= 0) inputs = {behindTable(network, part.unit, ours)};
        }
        // What the whole network computed is what its operators compute alone.
        const int unit = network.unitOf(atom, whole.key.kind == AtomKind::PointwisePair ? 1 : 0);
        if (unit >= 0) QCOMPARE(inputs.front(), tensors[std::size_t(whole.output)]);
    }
    qInfo("weighted: %lld of %lld differ (%.2f in a million); others: %lld of %lld",
          weighted.differing, weighted.outputs, weighted.perMillion(), elementwise.differing,
          elementwise.outputs);
    QVERIFY(double(weighted.differing) <= 1 + 10e-6 * double(weighted.outputs));
}

/// 20 inputs, of which 10 have a clear winner in our own logits: the first of each sort in a long
/// row of seeded ones. What the judge says has no part in the choice.
void TestNetworks::wholeNetwork()
{
    QFETCH(QString, preset);
    constexpr int wanted = 20, wantedClear = 10, clearMargin = 8, offered = 400;
    const Prepared *ready = prepared(preset);
    QVERIFY(ready);
    const QuantizedNetwork &network = ready->quantized;
    const Result<Program> program = makeProgram(network, ready->plan, ready->layerNames);
    QVERIFY(program.has_value());
    QString problem;
    const QByteArray model = tfLiteModel(*ready, problem);
    QVERIFY2(problem.isEmpty(), qPrintable(problem));

    const auto samples = seededSamples(network.graph.tensors.front().shape, offered, 2026);
    const FloatForward forward(network.graph, ready->weights);
    Runner runner(*program);
    std::vector<QByteArray> inputs, ours;
    std::vector<std::vector<float>> exact;
    int clear = 0;
    for (int i = 0; i < offered && int(ours.size()) < wanted; ++i) {
        const auto sample = samples->sample(i);
        QVERIFY(sample.has_value());
        const QByteArray input = quantisedInput(network, *sample);
        std::vector<qint8> logits(std::size_t(program->outputBytes));
        QVERIFY(runner.run(valuesOf(input), logits).has_value());
        const bool isClear = topOf(bytesOf(logits)).margin > clearMargin;
        const int others = int(ours.size()) - clear;
        if (!isClear && others == wanted - wantedClear) continue;
        clear += isClear;
        inputs.push_back(input);
        ours.push_back(bytesOf(logits));
        exact.push_back(forward.run(*sample));
    }
    QCOMPARE(int(ours.size()), wanted);
    const std::vector<QByteArray> theirs =
        TfLiteJudge::runMany(model, inputs, TfLiteJudge::Kernels::XnnPack, &problem);
    QVERIFY2(problem.isEmpty(), qPrintable(problem));

    Sqnr ourNoise, theirNoise;
    for (std::size_t i = 0; i < ours.size(); ++i) {
        ourNoise.add(exact[i], ours[i], program->output);
        theirNoise.add(exact[i], theirs[i], program->output);
        const Top top = topOf(ours[i]);
        if (top.margin > clearMargin) QCOMPARE(top.index, topOf(theirs[i]).index);
    }
    qInfo("SQNR of the logits: ours %.2f dB, the judge's %.2f dB; %d of %d inputs with a clear "
          "margin",
          ourNoise.db(), theirNoise.db(), clear, wanted);
    QVERIFY(std::abs(ourNoise.db() - theirNoise.db()) <= 0.5);
    QVERIFY(clear >= wantedClear);
}

/// The float ONNX file in ONNX Runtime computes what our float engine does (which is held against
/// PyTorch elsewhere).
void TestNetworks::floatNetwork()
{
    if (const QString why = OrtJudge::unavailable(); !why.isEmpty()) QSKIP(qPrintable(why));
    QFETCH(QString, preset);
    const Prepared *ready = prepared(preset);
    QVERIFY(ready);
    const Result<QByteArray> model = writeOnnx(presetById(preset)->network, *ready, {});
    QVERIFY2(model.has_value(), model ? "" : qPrintable(model.error().message()));
    const Shape shape = ready->graph.tensors.front().shape;
    const auto sample = seededSamples(shape, 1, 5)->sample(0);
    QVERIFY(sample.has_value());
    std::vector<float> turned;
    for (int c = 0; c < shape.c; ++c)
        for (std::size_t p = std::size_t(c); p < sample->size(); p += std::size_t(shape.c))
            turned.push_back((*sample)[p]);
    const QByteArray bytes(reinterpret_cast<const char *>(turned.data()),
                           qsizetype(turned.size() * sizeof(float)));
    QString problem;
    const auto outputs = OrtJudge::run(
        {{*model, {{QStringLiteral("float32"), {1, shape.c, shape.h, shape.w}, bytes}}}}, &problem);
    QVERIFY2(problem.isEmpty(), qPrintable(problem));

    const std::vector<float> ours = FloatForward(ready->graph, ready->weights).run(*sample);
    QCOMPARE(outputs.front().size(), qsizetype(ours.size() * sizeof(float)));
    const auto *theirs = reinterpret_cast<const float *>(outputs.front().constData());
    float largest = 0, apart = 0;
    for (std::size_t i = 0; i < ours.size(); ++i) {
        largest = std::max(largest, std::abs(ours[i]));
        apart = std::max(apart, std::abs(ours[i] - theirs[i]));
    }
    qInfo("%.1e of the largest logit apart", double(apart / largest));
    QVERIFY(apart <= 1e-4f * largest);
}

QTEST_APPLESS_MAIN(TestNetworks)
#include "tst_networks.moc"
