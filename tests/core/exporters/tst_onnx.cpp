#include "core/exporters/exchange/operators.h"
#include "core/exporters/writers.h"
#include "core/inference/runner.h"
#include "core/quant/forward.h"
#include "tests/core/exporters/exported_designs.h"
#include "tests/support/python_tools.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace atomnet;
using namespace atomnet::test;

namespace
{

/// A design, prepared, with an input and what our own engines make of it.
struct Subject {
    ExportedDesign design;
    Prepared prepared;
    std::vector<float> input, logits;
    std::vector<qint8> int8Logits;
    TensorQuant int8Quant;
    QJsonObject judged; ///< file name -> numbers; empty when there is no Python
};

std::vector<Subject> subjects;

Subject *subject(const QByteArray &name)
{
    const auto found = std::find_if(subjects.begin(), subjects.end(),
                                    [&](const Subject &s) { return s.design.name == name; });
    return found == subjects.end() ? nullptr : &*found;
}

std::vector<double> numbers(const QJsonValue &value)
{
    std::vector<double> all;
    for (const QJsonValue item : value.toArray())
        all.push_back(item.toDouble());
    return all;
}

Subject prepareSubject(const ExportedDesign &design)
{
    Subject s{design, {}, {}, {}, {}, {}, {}};
    auto prepared = prepare(design.network, {});
    if (!prepared)
        qFatal("%s: %s", design.name.constData(), qPrintable(prepared.error().message()));
    s.prepared = *std::move(prepared);
    s.input = seededInput(design.network.input, 5);
    s.logits = FloatForward(s.prepared.graph, s.prepared.weights).run(s.input);

    const Program program =
        makeProgram(s.prepared.quantized, s.prepared.plan, s.prepared.layerNames).value();
    std::vector<qint8> in;
    for (const float value : s.input)
        in.push_back(quantise(value, program.input));
    s.int8Logits.resize(std::size_t(program.outputBytes));
    if (!Runner(program).run(in, s.int8Logits))
        qFatal("the kernels refuse %s", design.name.constData());
    s.int8Quant = program.output;
    return s;
}

} // namespace

class TestOnnx : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void floatIsAccurate_data() { rows(); }
    void floatIsAccurate();
    void qdqIsTheInt8Network_data() { rows(); }
    void qdqIsTheInt8Network();
    void softmaxOnRequest_data() { rows(); }
    void softmaxOnRequest();
    void weightsComeBackByName_data() { rows(); }
    void weightsComeBackByName();
    void metadataComesBack();
    void equalDesignsGiveEqualBytes();
    void tooLargeIsRefused();

private:
    static void rows();
    QString m_skipped;
};

void TestOnnx::rows()
{
    QTest::addColumn<QByteArray>("name");
    for (const Subject &s : subjects)
        QTest::newRow(s.design.name.constData()) << s.design.name;
}

void TestOnnx::initTestCase()
{
    for (const ExportedDesign &design : exportedDesigns())
        subjects.push_back(prepareSubject(design));
    const QString python = pythonWith({QStringLiteral("torch"), QStringLiteral("onnx")});
    if (python.isEmpty()) {
        m_skipped = QStringLiteral("no Python with torch and onnx (python3-torch, python3-onnx)");
        return;
    }
    QTemporaryDir folder;
    QStringList arguments{QStringLiteral(ATOMNET_SOURCE_DIR "/tests/support/run_exports.py")};
    ExportRequest withSoftmax;
    withSoftmax.softmax = true;
    for (const Subject &s : subjects) {
        const QString place = folder.filePath(QString::number(arguments.size()));
        arguments << place;
        QVERIFY(putInput(place, s.input, s.design.network.input));
        const auto put = [&](const char *name, const Result<QByteArray> &bytes) {
            return bytes && putFile(place, QLatin1String(name), *bytes);
        };
        QVERIFY(put("float.onnx", writeOnnx(s.design.network, s.prepared, {})));
        QVERIFY(put("qdq.onnx", writeOnnxQdq(s.design.network, s.prepared, {})));
        QVERIFY(put("float-softmax.onnx", writeOnnx(s.design.network, s.prepared, withSoftmax)));
        QVERIFY(put("qdq-softmax.onnx", writeOnnxQdq(s.design.network, s.prepared, withSoftmax)));
    }
    const PythonRun run = runPython(python, arguments);
    QVERIFY2(run.exitCode == 0, run.err.right(2000).constData());
    const QList<QByteArray> lines = run.out.trimmed().split('\n');
    QCOMPARE(lines.size(), qsizetype(subjects.size()));
    for (std::size_t i = 0; i < subjects.size(); ++i)
        subjects[i].judged = QJsonDocument::fromJson(lines[qsizetype(i)]).object();
}

void TestOnnx::floatIsAccurate()
{
    if (!m_skipped.isEmpty()) QSKIP(qPrintable(m_skipped));
    QFETCH(QByteArray, name);
    const Subject *s = subject(name);
    const std::vector<double> theirs = numbers(s->judged[QLatin1String("float.onnx")]);
    QCOMPARE(theirs.size(), s->logits.size());
    double largest = 0, apart = 0;
    for (std::size_t i = 0; i < theirs.size(); ++i) {
        largest = std::max(largest, std::abs(double(s->logits[i])));
        apart = std::max(apart, std::abs(theirs[i] - double(s->logits[i])));
    }
    QVERIFY(largest > 0);
    QVERIFY2(apart <= 1e-4 * largest, qPrintable(QString::number(apart / largest)));
}

void TestOnnx::qdqIsTheInt8Network()
{
    if (!m_skipped.isEmpty()) QSKIP(qPrintable(m_skipped));
    QFETCH(QByteArray, name);
    const Subject *s = subject(name);
    const std::vector<double> theirs = numbers(s->judged[QLatin1String("qdq.onnx")]);
    QCOMPARE(theirs.size(), s->int8Logits.size());
    // hswish, gates, means and sums may each be 1 LSB away; what that does to the logits stays
    // small against their range.
    double squares = 0;
    for (std::size_t i = 0; i < theirs.size(); ++i) {
        const double steps = theirs[i] / double(s->int8Quant.scale) + s->int8Quant.zeroPoint;
        QVERIFY(std::abs(steps - std::round(steps)) < 1e-3);
        squares += std::pow(steps - s->int8Logits[i], 2);
    }
    const double rms = std::sqrt(squares / double(theirs.size()));
    const auto [low, high] = std::minmax_element(s->int8Logits.begin(), s->int8Logits.end());
    qInfo("%.2f LSB, logits from %d to %d", rms, *low, *high);
    QVERIFY2(rms <= 3, qPrintable(QString::number(rms)));
}

void TestOnnx::softmaxOnRequest()
{
    if (!m_skipped.isEmpty()) QSKIP(qPrintable(m_skipped));
    QFETCH(QByteArray, name);
    const Subject *s = subject(name);
    const double largest = *std::max_element(s->logits.begin(), s->logits.end());
    double sum = 0;
    for (const float logit : s->logits)
        sum += std::exp(double(logit) - largest);
    const std::vector<double> theirs = numbers(s->judged[QLatin1String("float-softmax.onnx")]);
    QCOMPARE(theirs.size(), s->logits.size());
    for (std::size_t i = 0; i < theirs.size(); ++i)
        QVERIFY(std::abs(theirs[i] - std::exp(double(s->logits[i]) - largest) / sum) < 1e-4);
    double total = 0;
    for (const double p : numbers(s->judged[QLatin1String("qdq-softmax.onnx")])) {
        QVERIFY(p >= 0 && p < 1);
        total += p;
    }
    QVERIFY2(std::abs(total - 1) < 0.01 + 0.002 * double(theirs.size()),
             qPrintable(QString::number(total)));
}

void TestOnnx::weightsComeBackByName()
{
    QFETCH(QByteArray, name);
    const Subject *s = subject(name);
    const Result<QByteArray> bytes = writeOnnx(s->design.network, s->prepared, {});
    QVERIFY(bytes.has_value());
    const Result<WeightFile> file = readOnnxWeights(*bytes, QStringLiteral("float.onnx"));
    QVERIFY2(file.has_value(), file ? "" : qPrintable(file.error().message()));
    QVERIFY(!file->inOrder);
    const Result<FloatWeights> weights =
        assignWeights(s->prepared.units, *file, QStringLiteral("float.onnx"));
    QVERIFY2(weights.has_value(), weights ? "" : qPrintable(weights.error().message()));
    QVERIFY(weights->units == s->prepared.weights.units);
}

void TestOnnx::metadataComesBack()
{
    Prepared prepared = subject("digits")->prepared;
    prepared.weights.normalisation = Normalisation{{0.1307F}, {0.3081F}};
    for (int i = 0; i < 10; ++i)
        prepared.weights.labels << QStringLiteral("\"Ziffer\" %1, größer").arg(i);
    const Result<QByteArray> bytes = writeOnnx(subject("digits")->design.network, prepared, {});
    const Result<WeightFile> file = readOnnxWeights(bytes.value(), QStringLiteral("float.onnx"));
    QVERIFY2(file.has_value(), file ? "" : qPrintable(file.error().message()));
    QVERIFY(file->normalisation == prepared.weights.normalisation);
    QCOMPARE(file->labels, prepared.weights.labels);
}

void TestOnnx::equalDesignsGiveEqualBytes()
{
    const Subject &s = subjects.front();
    QCOMPARE(writeOnnx(s.design.network, s.prepared, {}).value(),
             writeOnnx(s.design.network, s.prepared, {}).value());
    QCOMPARE(writeOnnxQdq(s.design.network, s.prepared, {}).value(),
             writeOnnxQdq(s.design.network, s.prepared, {}).value());
}

void TestOnnx::tooLargeIsRefused()
{
    WeightUnit unit;
    unit.out = unit.in = 32768;
    const Result<> refused = checkFileSize({unit}, 4);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::BadInput);
    QVERIFY(refused.error().what.contains(QLatin1String("4096 MiB")));
    QVERIFY(checkFileSize({unit}, 1).has_value());
}

QTEST_APPLESS_MAIN(TestOnnx)
#include "tst_onnx.moc"
