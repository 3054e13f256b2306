#include "core/exporters/exchange/operators.h"
#include "core/exporters/writers.h"
#include "core/formats/tflite_generated.h"
#include "core/inference/runner.h"
#include "tests/core/exporters/exported_designs.h"
#include "tests/core/exporters/tflite_reference.h"

#include <QTest>

#include <cmath>
#include <map>

using namespace atomnet;
using namespace atomnet::test;

namespace
{

const std::vector<ExportedDesign> &designs()
{
    static const std::vector<ExportedDesign> all = exportedDesigns();
    return all;
}

const Prepared &prepared(int design)
{
    static std::map<int, Prepared> known;
    const auto found = known.find(design);
    if (found != known.end()) return found->second;
    auto fresh = prepare(designs()[std::size_t(design)].network, {});
    if (!fresh) qFatal("%s", qPrintable(fresh.error().message()));
    return known.emplace(design, *std::move(fresh)).first->second;
}

std::vector<qint8> int8Input(const Prepared &prepared, quint64 seed)
{
    std::vector<qint8> input;
    for (const float value : seededInput(prepared.graph.tensors.front().shape, seed))
        input.push_back(quantise(value, prepared.quantized.tensors.front()));
    return input;
}

} // namespace

class TestTfLite : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isTheInt8Network_data() { rows(); }
    void isTheInt8Network();
    void padsOnlyWhereSameDiffers_data();
    void padsOnlyWhereSameDiffers();
    void operatorVersions();
    void softmaxOnRequest();
    void equalDesignsGiveEqualBytes();

private:
    static void rows();
};

void TestTfLite::rows()
{
    QTest::addColumn<int>("design");
    for (std::size_t i = 0; i < designs().size(); ++i)
        QTest::newRow(designs()[i].name.constData()) << int(i);
}

/// Every layer, computed from the file in real numbers on the kernels' own input of that layer, is
/// what the kernels computed.
void TestTfLite::isTheInt8Network()
{
    QFETCH(int, design);
    const Prepared &ready = prepared(design);
    const std::vector<qint8> input = int8Input(ready, 3);
    const Result<QByteArray> file = writeTfLite(designs()[std::size_t(design)].network, ready, {});
    QVERIFY2(file.has_value(), file ? "" : qPrintable(file.error().message()));

    const ExchangeGraph exchange = exchangeGraph(ready.graph, ready.units);
    const Program program = makeProgram(ready.quantized, ready.plan, ready.layerNames).value();
    std::map<QString, std::vector<qint8>> ours; // by tensor of the file
    std::vector<qint8> logits(std::size_t(program.outputBytes));
    const auto ran =
        Runner(program).run(input, logits, [&](const Step &step, std::span<const qint8> output) {
            const int tensor = ready.graph.atoms[std::size_t(step.atom)].output;
            const bool last = tensor == exchange.operators.back().output;
            const QString name =
                last ? QStringLiteral("logits") : exchange.values[std::size_t(tensor)].name;
            ours[name].assign(output.begin(), output.end());
        });
    QVERIFY2(ran.has_value(), ran ? "" : qPrintable(ran.error().message()));
    QCOMPARE(ours.size(), program.steps.size());

    const TfLiteRun theirs = runTfLite(*file, input, ours);
    QVERIFY2(theirs.problem.isEmpty(), qPrintable(theirs.problem));
    QCOMPARE(theirs.output, QStringLiteral("logits"));
    int largest = 0;
    for (const auto &[name, values] : ours) {
        const std::vector<qint8> &computed = theirs.tensors.at(name).values;
        QCOMPARE(computed.size(), values.size());
        for (std::size_t i = 0; i < values.size(); ++i)
            largest = std::max(largest, std::abs(computed[i] - values[i]));
    }
    qInfo("at most %d LSB apart", largest);
    // hswish, gates, means and sums may each be 1 LSB away; a pair carries its first part's on.
    QVERIFY(largest <= 2);
}

void TestTfLite::padsOnlyWhereSameDiffers_data()
{
    QTest::addColumn<int>("side");
    QTest::addColumn<int>("kernel");
    QTest::addColumn<int>("stride");
    QTest::addColumn<bool>("pads");
    QTest::newRow("stride 1") << 10 << 3 << 1 << false;
    QTest::newRow("stride 1, kernel beyond the map") << 2 << 7 << 1 << false;
    QTest::newRow("even side, stride 2") << 10 << 3 << 2 << true;
    QTest::newRow("odd side, stride 2") << 11 << 3 << 2 << false;
    QTest::newRow("odd side, 5x5 stride 2") << 11 << 5 << 2 << false;
    QTest::newRow("stride 3") << 10 << 3 << 3 << false;
    QTest::newRow("stride 3, one pixel more") << 11 << 3 << 3 << true;
    QTest::newRow("1x1, stride 2") << 10 << 1 << 2 << false;
}

void TestTfLite::padsOnlyWhereSameDiffers()
{
    QFETCH(int, side);
    QFETCH(int, kernel);
    QFETCH(int, stride);
    QFETCH(bool, pads);
    Network network = designs()[1].network;
    network.input = {side, side, 2};
    network.stages.resize(1);
    network.stages[0].blocks = {Block{}};
    Block &block = network.stages[0].blocks[0];
    block.type = BlockType::Conv;
    block.kernel = kernel;
    block.stride = stride;
    const Prepared ready = prepare(network, {}).value();
    const std::vector<qint8> input = int8Input(ready, 4);
    const TfLiteRun theirs = runTfLite(writeTfLite(network, ready, {}).value(), input);
    QVERIFY2(theirs.problem.isEmpty(), qPrintable(theirs.problem));
    QCOMPARE(theirs.versions.count(tflite::BuiltinOperator_PAD) > 0, pads);
    const Program program = makeProgram(ready.quantized, ready.plan, ready.layerNames).value();
    std::vector<qint8> logits(std::size_t(program.outputBytes));
    std::vector<qint8> first;
    QVERIFY(
        Runner(program).run(input, logits, [&](const Step &step, std::span<const qint8> output) {
            if (step.atom == 0) first.assign(output.begin(), output.end());
        }));
    QVERIFY(theirs.tensors.at(QStringLiteral("stages.0.0.0.conv.output")).values == first);
}

/// The first versions that know int8: a reader of that time takes the file.
void TestTfLite::operatorVersions()
{
    const std::map<int, int> expected{
        {tflite::BuiltinOperator_ADD, 2},        {tflite::BuiltinOperator_CONV_2D, 3},
        {tflite::BuiltinOperator_MUL, 2},        {tflite::BuiltinOperator_DEPTHWISE_CONV_2D, 3},
        {tflite::BuiltinOperator_RESHAPE, 1},    {tflite::BuiltinOperator_SOFTMAX, 2},
        {tflite::BuiltinOperator_PAD, 2},        {tflite::BuiltinOperator_MEAN, 2},
        {tflite::BuiltinOperator_HARD_SWISH, 1},
    };
    ExportRequest request;
    request.softmax = true;
    const Prepared &ready = prepared(0);
    const TfLiteRun run =
        runTfLite(writeTfLite(designs()[0].network, ready, request).value(), int8Input(ready, 1));
    QVERIFY2(run.problem.isEmpty(), qPrintable(run.problem));
    QVERIFY(run.versions ==
            expected); // every operator that a network can need occurs in this design
}

void TestTfLite::softmaxOnRequest()
{
    ExportRequest request;
    request.softmax = true;
    const Prepared &ready = prepared(1);
    const std::vector<qint8> input = int8Input(ready, 1);
    const TfLiteRun run =
        runTfLite(writeTfLite(designs()[1].network, ready, request).value(), input);
    QVERIFY2(run.problem.isEmpty(), qPrintable(run.problem));
    QCOMPARE(run.output, QStringLiteral("probabilities"));
    const TfLiteTensor &result = run.tensors.at(run.output);
    QCOMPARE(result.shape, (std::vector<int>{1, 10}));
    const Program program =
        makeProgram(ready.quantized, ready.plan, ready.layerNames, ProgramOptions{.softmax = true})
            .value();
    QCOMPARE(program.output.scale, result.scales[0]);
    QCOMPARE(program.output.zeroPoint, result.zeroPoint);
    std::vector<qint8> ours(std::size_t(program.outputBytes));
    QVERIFY(Runner(program).run(input, ours).has_value());
    for (std::size_t i = 0; i < ours.size(); ++i)
        QVERIFY(std::abs(ours[i] - result.values[i]) <= 8);
}

void TestTfLite::equalDesignsGiveEqualBytes()
{
    for (int i = 0; i < 2; ++i) {
        const Network &network = designs()[std::size_t(i)].network;
        QCOMPARE(writeTfLite(network, prepared(i), {}).value(),
                 writeTfLite(network, prepared(i), {}).value());
    }
}

QTEST_APPLESS_MAIN(TestTfLite)
#include "tst_tflite.moc"
