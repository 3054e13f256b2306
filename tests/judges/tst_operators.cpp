// Our kernels against TensorFlow Lite's and ONNX Runtime's, one random operator at a time.
// ATOMNET_OPERATORS=20000 runs more of them than the usual 2000.
#include "tests/judges/judged.h"
#include "tests/judges/one_operator.h"
#include "tests/judges/ort_judge.h"
#include "tests/judges/tflite_judge.h"

#include <QTest>

#include <cmath>

using namespace atomnet;
using namespace atomnet::judges;

namespace
{

constexpr std::array<AtomKind, 7> kinds{
    AtomKind::Conv, AtomKind::Depthwise, AtomKind::Pointwise, AtomKind::FullyConnected,
    AtomKind::Add,  AtomKind::Scale,     AtomKind::Mean};

int operatorsOfEachKind()
{
    const int wanted = qEnvironmentVariableIntValue("ATOMNET_OPERATORS");
    return (wanted > 0 ? wanted : 2000) / int(kinds.size()) + 1;
}

bool isWeighted(AtomKind kind)
{
    return kind != AtomKind::Add && kind != AtomKind::Scale && kind != AtomKind::Mean;
}

/// Distance of acc * scale to the nearest tie between two integers, in LSB.
double distanceToTie(const Exact &exact)
{
    const double value = double(exact.accumulator) * exact.scale;
    return std::abs(value - std::floor(value) - 0.5);
}

/// What gemmlowp computes: a rounding doubling high multiplication, then a rounding shift. Two
/// roundings.
int doubleRounding(const Exact &exact, int zeroPoint)
{
    int exponent = 0;
    const double fraction = std::frexp(exact.scale, &exponent);
    const qint64 multiplier = qint64(std::llround(fraction * double(qint64(1) << 31)));
    const qint64 product = exact.accumulator * multiplier;
    const qint64 high = (product + (qint64(1) << 30)) >> 31;
    const int shift = -exponent;
    const qint64 rounded =
        shift > 0 ? (high + (qint64(1) << (shift - 1))) >> shift : high << exponent;
    return int(std::clamp<qint64>(rounded + zeroPoint, -128, 127));
}

/// Many random operators of one kind, ours and a judge's outputs.
struct Trial {
    OneOperator one;
    Prepared prepared;
    QByteArray ours;
};

std::vector<Trial> trials(AtomKind kind, int count, quint64 seed)
{
    Random random(seed + quint64(kind));
    std::vector<Trial> all;
    for (int i = 0; i < count; ++i) {
        Trial trial{randomOperator(kind, random), {}, {}};
        trial.prepared = preparedFrom(trial.one.network);
        QString problem;
        trial.ours = runStep(trial.prepared, trial.one.inputs, problem);
        if (!problem.isEmpty())
            qWarning("%s: %s", qPrintable(describe(trial.one.atom().key)), qPrintable(problem));
        all.push_back(std::move(trial));
    }
    return all;
}

QByteArray realInput(const QByteArray &bytes, const Shape &shape, const TensorQuant &quant)
{
    const QByteArray turned = toChannelsFirst(bytes, shape);
    std::vector<float> values;
    for (const char byte : turned)
        values.push_back(dequantise(qint8(byte), quant));
    return {reinterpret_cast<const char *>(values.data()),
            qsizetype(values.size() * sizeof(float))};
}

QByteArray integerOutput(const QByteArray &reals, const Shape &shape, const TensorQuant &quant)
{
    const auto *values = reinterpret_cast<const float *>(reals.constData());
    QByteArray bytes(reals.size() / qsizetype(sizeof(float)), Qt::Uninitialized);
    for (qsizetype i = 0; i < bytes.size(); ++i)
        bytes[i] = char(quantise(values[i], quant));
    return toChannelsLast(bytes, shape);
}

/// The outputs of ONNX Runtime, as int8 h x w x c. The models take and give floats that stand for
/// exactly these int8.
std::vector<QByteArray> runQdq(const std::vector<Trial> &all, QString &problem)
{
    std::vector<OrtJudge::Job> jobs;
    for (const Trial &trial : all) {
        OrtJudge::Job job{qdqModel(trial.prepared, problem), {}};
        const QuantizedNetwork &network = trial.one.network;
        for (std::size_t i = 0; i < trial.one.inputs.size(); ++i) {
            const Shape &shape = network.graph.tensors[i].shape;
            job.inputs.push_back({QStringLiteral("float32"),
                                  {1, shape.c, shape.h, shape.w},
                                  realInput(trial.one.inputs[i], shape, network.tensors[i])});
        }
        jobs.push_back(std::move(job));
    }
    if (!problem.isEmpty()) return {};
    std::vector<QByteArray> outputs = OrtJudge::run(jobs, &problem);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        const QuantizedNetwork &network = all[i].one.network;
        outputs[i] =
            integerOutput(outputs[i], network.graph.tensors.back().shape, network.tensors.back());
    }
    return outputs;
}

/// Every value through hswish and hard-sigmoid, with several scales.
std::vector<Trial> tableTrials()
{
    Random random(99);
    std::vector<Trial> all;
    for (int i = 0; i < 60; ++i) {
        Trial trial{
            activationOperator(i % 2 == 0 ? KeyAct::HSwish : KeyAct::HSigmoid, random), {}, {}};
        trial.prepared = preparedFrom(trial.one.network);
        QString problem;
        trial.ours = runStep(trial.prepared, trial.one.inputs, problem);
        if (!problem.isEmpty()) qWarning("%s", qPrintable(problem));
        all.push_back(std::move(trial));
    }
    return all;
}

/// Convolutions: at most 10 in a million outputs differ, by 1 LSB, each near a tie. A judge that
/// rounds twice is told apart by far more.
void compareWeighted(const std::vector<Trial> &all, const std::vector<QByteArray> &theirs)
{
    Difference difference, mutant;
    double farthest = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const Trial &trial = all[i];
        QVERIFY2(theirs[i].size() == trial.ours.size(), qPrintable(describe(trial.one.atom().key)));
        difference.add(trial.ours, theirs[i]);
        QByteArray twice(trial.ours.size(), Qt::Uninitialized);
        const int zeroPoint = trial.one.network.quants.front().convolved.zeroPoint;
        for (qsizetype k = 0; k < trial.ours.size(); ++k) {
            const Exact exact = exactOutput(trial.one, k);
            twice[k] = char(doubleRounding(exact, zeroPoint));
            if (trial.ours[k] != theirs[i][k]) farthest = std::max(farthest, distanceToTie(exact));
        }
        mutant.add(twice, theirs[i]);
    }
    qInfo("%lld outputs, %lld differ (%.2f in a million), farthest from a tie 2^%.1f LSB; rounded "
          "twice: %.0f in a million",
          difference.outputs, difference.differing, difference.perMillion(),
          farthest > 0 ? std::log2(farthest) : -99.0, mutant.perMillion());
    QVERIFY(difference.largest <= 1);
    QVERIFY(farthest <= std::exp2(-12));
    // With fewer than a million outputs one more may differ by chance.
    QVERIFY(double(difference.differing) <= 1 + 10e-6 * double(difference.outputs));
    QVERIFY(mutant.perMillion() > 100);
}

void compareElementwise(const std::vector<Trial> &all, const std::vector<QByteArray> &theirs)
{
    Difference difference;
    for (std::size_t i = 0; i < all.size(); ++i) {
        QVERIFY2(theirs[i].size() == all[i].ours.size(),
                 qPrintable(describe(all[i].one.atom().key)));
        Difference one;
        one.add(all[i].ours, theirs[i]);
        QVERIFY2(one.largest <= 1, qPrintable(describe(all[i].one.atom().key)));
        difference.add(one);
    }
    qInfo("%lld outputs, %lld differ, by at most %d LSB", difference.outputs, difference.differing,
          difference.largest);
}

void kindRows()
{
    QTest::addColumn<int>("kind");
    for (const AtomKind kind : kinds)
        QTest::newRow(qPrintable(toString(kind))) << int(kind);
}

} // namespace

class TestOperators : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void againstTensorFlowLite_data() { kindRows(); }
    void againstTensorFlowLite();
    void againstOnnxRuntime_data() { kindRows(); }
    void againstOnnxRuntime();
    void tablesAgainstTensorFlowLite();
    void tablesAgainstOnnxRuntime();
};

void TestOperators::againstTensorFlowLite()
{
    if (const QString why = TfLiteJudge::unavailable(); !why.isEmpty()) QSKIP(qPrintable(why));
    QFETCH(int, kind);
    const std::vector<Trial> all = trials(AtomKind(kind), operatorsOfEachKind(), 1);
    std::vector<QByteArray> theirs;
    for (const Trial &trial : all) {
        QString problem;
        const QByteArray model = tfLiteModel(trial.prepared, problem);
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        const auto outputs =
            TfLiteJudge::run(model, trial.one.inputs, TfLiteJudge::Kernels::XnnPack, &problem);
        QVERIFY2(problem.isEmpty(),
                 qPrintable(describe(trial.one.atom().key) + QStringLiteral(": ") + problem));
        theirs.push_back(outputs.front());
    }
    if (isWeighted(AtomKind(kind)))
        compareWeighted(all, theirs);
    else
        compareElementwise(all, theirs);
}

void TestOperators::againstOnnxRuntime()
{
    if (const QString why = OrtJudge::unavailable(); !why.isEmpty()) QSKIP(qPrintable(why));
    QFETCH(int, kind);
    const std::vector<Trial> all = trials(AtomKind(kind), operatorsOfEachKind(), 2);
    QString problem;
    const std::vector<QByteArray> theirs = runQdq(all, problem);
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    if (isWeighted(AtomKind(kind)))
        compareWeighted(all, theirs);
    else
        compareElementwise(all, theirs);
}

void TestOperators::tablesAgainstTensorFlowLite()
{
    if (const QString why = TfLiteJudge::unavailable(); !why.isEmpty()) QSKIP(qPrintable(why));
    const std::vector<Trial> all = tableTrials();
    std::vector<QByteArray> theirs;
    for (const Trial &trial : all) {
        QString problem;
        const auto outputs =
            TfLiteJudge::run(tfLiteModel(trial.prepared, problem), trial.one.inputs,
                             TfLiteJudge::Kernels::XnnPack, &problem);
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        theirs.push_back(outputs.front());
    }
    compareElementwise(all, theirs);
}

void TestOperators::tablesAgainstOnnxRuntime()
{
    if (const QString why = OrtJudge::unavailable(); !why.isEmpty()) QSKIP(qPrintable(why));
    const std::vector<Trial> all = tableTrials();
    QString problem;
    const std::vector<QByteArray> theirs = runQdq(all, problem);
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    compareElementwise(all, theirs);
}

QTEST_APPLESS_MAIN(TestOperators)
#include "tst_operators.moc"
