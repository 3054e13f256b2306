#include "core/analysis/flash.h"
#include "core/analysis/kernel_facts.h"
#include "core/analysis/knowledge.h"
#include "core/analysis/prediction/described_operator.h"
#include "core/analysis/prediction/operator_prediction.h"
#include "core/atomdb/csv_import.h"
#include "core/lowering/lower.h"
#include "core/model/presets.h"
#include "tests/core/analysis/prediction/public_atomdb.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace atomnet;

namespace
{

template <typename T>
T valueOf(Result<T> result)
{
    if (!result) qFatal("%s", qPrintable(result.error().message()));
    return *std::move(result);
}

Target targetOf(const char *board, Runtime runtime)
{
    return {valueOf(boardById(QString::fromLatin1(board))), runtime, 0, 0};
}

} // namespace

class TestOperatorPrediction : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void describedOperatorsAreThoseOfDesigns_data();
    void describedOperatorsAreThoseOfDesigns();
    void impossibleDescriptionsAreSaid_data();
    void impossibleDescriptionsAreSaid();
    void measuredAndPredictedStandBesideEachOther();
    void extrapolationIsSaid();
    void unknownKindIsMissing();
    void ownKernelsAreAskedForTheirMemory();
    void instructionsSpeakForRealBoards();
    void bytesAreThoseOfThePublishedFile();
};

void TestOperatorPrediction::describedOperatorsAreThoseOfDesigns_data()
{
    QTest::addColumn<Runtime>("runtime");
    QTest::newRow("x-cube-ai") << Runtime::XCubeAi72;
    QTest::newRow("atomnet-1") << Runtime::AtomNet1;
}

/// Whatever a design consists of can be described, and gives the key that the design has.
void TestOperatorPrediction::describedOperatorsAreThoseOfDesigns()
{
    QFETCH(Runtime, runtime);
    int compared = 0;
    for (const Preset &preset : presets()) {
        const AtomGraph graph = valueOf(lower(preset.network, runtime));
        for (const Atom &atom : graph.atoms) {
            DescribedOperator op;
            op.kind = atom.key.kind;
            op.in = atom.key.in();
            const bool convolves = op.kind == AtomKind::Conv || op.kind == AtomKind::Depthwise;
            if (convolves || op.kind == AtomKind::Pointwise) op.stride = atom.key.strideH;
            if (convolves) op.kernel = atom.key.kernelH;
            if (op.kind == AtomKind::Pad) op.kernel = 2 * atom.key.padT + 1;
            if (convolves && atom.key.padT == 0) {
                const int border = atom.key.kernelH / 2;
                op.in.h -= 2 * border;
                op.in.w -= 2 * border;
            }
            if (op.kind != AtomKind::Mean) op.out = atom.key.outC;
            if (op.kind == AtomKind::SqueezeExcite) op.squeeze = atom.key.squeeze;
            if (op.kind == AtomKind::PointwisePair) op.expand = atom.key.squeeze;
            for (const Activation act :
                 {Activation::Relu, Activation::Relu6, Activation::HSwish, Activation::HSigmoid})
                if (keyAct(act) == atom.key.act) op.act = act;
            const AtomKey key = valueOf(operatorKey(op, runtime));
            QVERIFY2(key == atom.key,
                     qPrintable(preset.id + QStringLiteral(": ") + describe(atom.key) +
                                QStringLiteral(" / ") + describe(key)));
            ++compared;
        }
    }
    QVERIFY(compared > 200);
}

void TestOperatorPrediction::impossibleDescriptionsAreSaid_data()
{
    QTest::addColumn<DescribedOperator>("op");
    QTest::addColumn<Runtime>("runtime");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *name, DescribedOperator op, const char *says,
                        Runtime runtime = Runtime::XCubeAi72) {
        QTest::newRow(name) << op << runtime << QString::fromLatin1(says);
    };
    using K = AtomKind;
    row("no height", {K::Conv, {0, 5, 8}}, "no shape");
    row("too large", {K::Add, {4096, 4096, 65536}}, "no shape");
    row("even kernel", {K::Conv, {8, 8, 8}, 8, 4}, "must be odd");
    row("stride 0", {K::Conv, {8, 8, 8}, 8, 3, 0}, "stride must");
    row("stride of add", {K::Add, {8, 8, 8}, {}, {}, 2}, "no stride");
    row("kernel of pointwise", {K::Pointwise, {8, 8, 8}, 8, 3}, "no kernel");
    row("widening depthwise", {K::Depthwise, {8, 8, 8}, 16}, "as many output");
    row("no channels", {K::Conv, {8, 8, 8}, 0}, "output channels");
    row("pair of x-cube-ai", {K::PointwisePair, {8, 8, 8}}, "no operator pointwise_pair");
    row("pad of ours", {K::Pad, {8, 8, 8}}, "no operator pad", Runtime::AtomNet1);
    row("pair without width", {K::PointwisePair, {8, 8, 8}}, "needs --expand", Runtime::AtomNet1);
    row("map of fully connected", {K::FullyConnected, {2, 2, 8}, 10}, "1x1x32");
}

void TestOperatorPrediction::impossibleDescriptionsAreSaid()
{
    QFETCH(DescribedOperator, op);
    QFETCH(Runtime, runtime);
    QFETCH(QString, says);
    const auto key = operatorKey(op, runtime);
    QVERIFY(!key);
    QCOMPARE(key.error().code, ErrorCode::Usage);
    QVERIFY2(key.error().what.contains(says), qPrintable(key.error().what));
}

void TestOperatorPrediction::measuredAndPredictedStandBesideEachOther()
{
    const Target target = targetOf("stm32h743", Runtime::XCubeAi72);
    const AtomKey key =
        valueOf(operatorKey({AtomKind::Pointwise, {20, 20, 48}, 96}, target.runtime));
    Knowledge knowledge = shippedKnowledge(target.board, target.runtime);
    const OperatorPrediction before = predictOperator(key, target, knowledge);
    QCOMPARE(before.latency, before.predicted);
    QVERIFY(before.latency.source == Source::Estimated && before.extrapolation.isEmpty());
    QCOMPARE(before.scratch.value, qint64(4 * 48 + 10 * 96));
    QCOMPARE(before.flash.value, qint64(48 * 96 + 4 * 96));

    knowledge.table = std::make_shared<const AtomTable>(
        AtomDb::xCubeAiH743(), SampleUnit::Nanoseconds,
        std::vector<AtomTable::Row>{{key, {7'000'000, 6'900'000, 7'100'000, 4}}});
    const OperatorPrediction after = predictOperator(key, target, knowledge);
    QVERIFY(after.latency.source == Source::Measured);
    QCOMPARE(after.latency.value, qint64(7'000'000));
    QCOMPARE(after.predicted, before.predicted);
}

void TestOperatorPrediction::extrapolationIsSaid()
{
    const Target target = targetOf("stm32h743", Runtime::XCubeAi72);
    const Knowledge knowledge = shippedKnowledge(target.board, target.runtime);
    const auto reason = [&](const DescribedOperator &op) {
        return predictOperator(valueOf(operatorKey(op, target.runtime)), target, knowledge)
            .extrapolation;
    };
    QCOMPARE(reason({AtomKind::Depthwise, {20, 20, 96}, {}, 7}),
             QStringLiteral("kernel 7 was never measured"));
    QVERIFY(reason({AtomKind::Pointwise, {20, 20, 4096}, 96}).contains(QStringLiteral("above")));
    QVERIFY(reason({AtomKind::Depthwise, {20, 20, 96}}).isEmpty());
}

void TestOperatorPrediction::unknownKindIsMissing()
{
    const Target target = targetOf("stm32h743", Runtime::XCubeAi72);
    const AtomKey key = valueOf(operatorKey({AtomKind::Depthwise, {20, 20, 96}}, target.runtime));
    const OperatorPrediction nothing = predictOperator(key, target, {nullptr, nullptr});
    QVERIFY(nothing.latency.source == Source::Missing);
    QVERIFY(nothing.predicted.source == Source::Missing);
    QVERIFY(!nothing.predicted.high);
    QVERIFY(nothing.scratch.source == Source::Missing);
    QCOMPARE(nothing.flash.value, qint64(9 * 96 + 4 * 96));
}

void TestOperatorPrediction::ownKernelsAreAskedForTheirMemory()
{
    const Target target = targetOf("qemu-m7", Runtime::AtomNet1);
    const Knowledge knowledge = shippedKnowledge(target.board, target.runtime);
    DescribedOperator op{AtomKind::Depthwise, {20, 20, 96}, {}, 5};
    op.act = Activation::HSwish;
    const AtomKey key = valueOf(operatorKey(op, target.runtime));
    const OperatorPrediction prediction = predictOperator(key, target, knowledge);
    QCOMPARE(prediction.scratch.value, scratchBytes(key));
    QVERIFY(prediction.scratch.value > 0);
    QCOMPARE(prediction.flash.value, layerFlashBytes(Runtime::AtomNet1, key));
    QVERIFY(prediction.predicted.source == Source::Estimated);
}

void TestOperatorPrediction::instructionsSpeakForRealBoards()
{
    const Target target = targetOf("stm32f746", Runtime::AtomNet1);
    const AtomKey key =
        valueOf(operatorKey({AtomKind::Pointwise, {20, 20, 48}, 96}, target.runtime));
    const OperatorPrediction prediction =
        predictOperator(key, target, shippedKnowledge(target.board, target.runtime));
    QVERIFY(prediction.predicted.fromInstructions);
    QVERIFY(prediction.extrapolation.contains(QStringLiteral("instructions")));
}

/// Flash and SRAM are what the authors' files say, on every operator that they say it of.
void TestOperatorPrediction::bytesAreThoseOfThePublishedFile()
{
    if (publicCsvFiles().isEmpty()) QSKIP("the published AtomDB is not beside the checkout");
    const Target target = targetOf("stm32h743", Runtime::XCubeAi72);
    qint64 flash = 0, sram = 0;
    for (const QString &name : publicCsvFiles()) {
        QFile file(name);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const CsvContents contents = valueOf(parseCsv(file.readAll(), name, {}));
        for (const SampleBatch &batch : contents.batches)
            for (const SampleBatch::Entry &entry : batch.entries()) {
                const AtomKey &key = batch.keys()[entry.key];
                const OperatorPrediction prediction =
                    predictOperator(key, target, {nullptr, nullptr});
                if (entry.flashBytes && prediction.flash.source != Source::Missing) {
                    ++flash;
                    if (key.kind != AtomKind::Scale && key.kind != AtomKind::Add)
                        QVERIFY2(prediction.flash.value == *entry.flashBytes,
                                 qPrintable(describe(key)));
                }
                if (entry.sramBytes && key.kind == AtomKind::SqueezeExcite) {
                    ++sram;
                    QVERIFY2(prediction.scratch.value + key.in().bytes() == *entry.sramBytes,
                             qPrintable(describe(key)));
                }
            }
    }
    QVERIFY2(flash > 40'000, qPrintable(QString::number(flash)));
    QCOMPARE(sram, qint64(534));
}

QTEST_GUILESS_MAIN(TestOperatorPrediction)
#include "tst_operator_prediction.moc"
