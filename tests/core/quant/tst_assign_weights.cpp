#include "core/quant/weights.h"

#include "tests/core/quant/weight_bytes.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace atomnet;

namespace
{

const QString fileName = QStringLiteral("net.safetensors");

WeightFile trained()
{
    WeightFile file;
    file.tensors = test::trainedTensors();
    return file;
}

NamedTensor &tensorOf(WeightFile &file, const char *name)
{
    const auto isIt = [&](const NamedTensor &t) { return t.name == QLatin1String(name); };
    return *std::find_if(file.tensors.begin(), file.tensors.end(), isIt);
}

void erase(WeightFile &file, const char *part)
{
    std::erase_if(file.tensors,
                  [&](const NamedTensor &t) { return t.name.contains(QLatin1String(part)); });
}

using Change = std::function<void(WeightFile &)>;

} // namespace
Q_DECLARE_METATYPE(Change)

class TestAssignWeights : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void foldsBatchNormAndReordersKernels()
    {
        const auto units = test::threeUnits();
        WeightFile file = trained();
        file.labels = QStringList{QStringLiteral("no"), QStringLiteral("yes")};
        file.normalisation = Normalisation{{0, 0, 0}, {1, 1, 1}};
        const auto weights = assignWeights(units, file, fileName);
        QVERIFY2(weights, weights ? "" : qPrintable(weights.error().message()));
        QVERIFY(weights->trained);
        QCOMPARE(weights->labels, file.labels);
        QCOMPARE(weights->normalisation, file.normalisation);
        QCOMPARE(weights->units.size(), units.size());

        const UnitWeights &stem = weights->units[0];
        QCOMPARE(stem.weights.size(), std::size_t(4 * 3 * 3 * 3));
        const NamedTensor &kernel = tensorOf(file, "stages.0.0.0.conv.conv.weight");
        for (int o = 0; o < 4; ++o) {
            const double gamma = 0.5 + 0.25 * o, beta = -1 + 0.25 * o;
            const double mean = 2 + 0.25 * o, variance = 0.75 + 0.25 * o;
            const double factor = gamma / std::sqrt(variance + 1e-5);
            QCOMPARE(stem.bias[std::size_t(o)], float(beta - mean * factor));
            for (int y = 0; y < 3; ++y)
                for (int x = 0; x < 3; ++x)
                    for (int i = 0; i < 3; ++i)
                        QCOMPARE(
                            stem.weights[std::size_t(((o * 3 + y) * 3 + x) * 3 + i)],
                            float(
                                factor *
                                double(kernel.values[std::size_t(((o * 3 + i) * 3 + y) * 3 + x)])));
        }
        QCOMPARE(weights->units[2].weights, tensorOf(file, "head.classifier.weight").values);
        QCOMPARE(weights->units[2].bias, tensorOf(file, "head.classifier.bias").values);
    }

    void aPrefixOfAllNamesIsIgnored()
    {
        const auto units = test::threeUnits();
        WeightFile file = trained();
        const auto plain = assignWeights(units, file, fileName);
        for (NamedTensor &tensor : file.tensors)
            tensor.name.prepend(QStringLiteral("_orig_mod.module."));
        const auto prefixed = assignWeights(units, file, fileName);
        QVERIFY2(prefixed, prefixed ? "" : qPrintable(prefixed.error().message()));
        QCOMPARE(*prefixed, *plain);
        tensorOf(file, "_orig_mod.module.head.classifier.bias").name =
            QStringLiteral("head.classifier.bias");
        QVERIFY(!assignWeights(units, file, fileName));
    }

    void foldedTensorsAreTakenAsTheyAre()
    {
        const auto units = test::threeUnits();
        WeightFile file = trained();
        erase(file, "stages.0.0.0");
        file.tensors.push_back(
            test::counting(QStringLiteral("stages.0.0.0.conv.weight"), {4, 3, 3, 3}));
        file.tensors.push_back(test::counting(QStringLiteral("stages.0.0.0.conv.bias"), {4}, 9));
        const auto weights = assignWeights(units, file, fileName);
        QVERIFY2(weights, weights ? "" : qPrintable(weights.error().message()));
        QCOMPARE(weights->units[0].bias, (std::vector<float>{9, 9.25F, 9.5F, 9.75F}));
        // Of the first output: kernel place 0 of the three inputs.
        QCOMPARE(weights->units[0].weights[0], 0.0F);
        QCOMPARE(weights->units[0].weights[1], 9 * 0.25F);
        QCOMPARE(weights->units[0].weights[2], 18 * 0.25F);
        QCOMPARE(weights->units[0].weights[3], 1 * 0.25F);
    }

    void layersInOrderNeedNoNames()
    {
        WeightFile file;
        file.inOrder = true;
        file.tensors = {test::counting(QStringLiteral("0.weight"), {4, 3, 3, 3}),
                        test::counting(QStringLiteral("1.weight"), {4, 1, 3, 3}),
                        test::counting(QStringLiteral("1.bias"), {4}, 1),
                        test::counting(QStringLiteral("2.weight"), {2, 4, 1, 1}),
                        test::counting(QStringLiteral("2.bias"), {2}, 2)};
        auto weights = assignWeights(test::threeUnits(), file, fileName);
        QVERIFY2(weights, weights ? "" : qPrintable(weights.error().message()));
        QCOMPARE(weights->units[0].bias, std::vector<float>(4, 0.0F));
        QCOMPARE(weights->units[1].bias[0], 1.0F);
        QCOMPARE(weights->units[2].weights[7], 7 * 0.25F);

        file.tensors.resize(3);
        weights = assignWeights(test::threeUnits(), file, fileName);
        QVERIFY(!weights);
        QVERIFY2(weights.error().what.startsWith(QStringLiteral(
                     "the file holds 2 layers with weights, the design 3; the design "
                     "has changed since the weights were trained")),
                 qPrintable(weights.error().what));
    }

    void refusesWhatDoesNotFit_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const Change &change, const char *says) {
            QTest::newRow(name) << change << QString::fromLatin1(says);
        };
        const float nan = std::numeric_limits<float>::quiet_NaN();
        row(
            "one missing", [](WeightFile &f) { erase(f, "classifier.bias"); },
            "the file lacks \"head.classifier.bias\"; the design has changed");
        row(
            "many missing", [](WeightFile &f) { f.tensors.clear(); },
            "\"stages.0.0.0.conv.conv.weight\", \"stages.0.0.0.conv.bn.weight\", "
            "\"stages.0.0.0.conv.bn.bias\" and 9 more");
        row(
            "one extra",
            [](WeightFile &f) {
                f.tensors.push_back(test::counting(QStringLiteral("head.hidden.bias"), {2}));
            },
            "the file holds \"head.hidden.bias\", which the design has no place for");
        row(
            "renamed",
            [](WeightFile &f) {
                tensorOf(f, "head.classifier.bias").name = QStringLiteral("fc.bias");
            },
            "lacks \"head.classifier.bias\" and holds \"fc.bias\"");
        row(
            "a convolution with a bias",
            [](WeightFile &f) {
                f.tensors.push_back(
                    test::counting(QStringLiteral("stages.1.0.0.dw.conv.bias"), {4}));
            },
            "\"stages.1.0.0.dw.conv.bias\", which the design has no place for");
        row(
            "misshapen",
            [](WeightFile &f) {
                tensorOf(f, "stages.0.0.0.conv.conv.weight").shape = {3, 4, 3, 3};
            },
            "\"stages.0.0.0.conv.conv.weight\" is 3 x 4 x 3 x 3, the design needs 4 x 3 x 3 x 3; "
            "the");
        row(
            "two misshapen",
            [](WeightFile &f) {
                tensorOf(f, "stages.0.0.0.conv.bn.bias") =
                    test::counting(QStringLiteral("stages.0.0.0.conv.bn.bias"), {5});
                tensorOf(f, "head.classifier.bias").shape = {};
            },
            "is 5, the design needs 4 (and 1 more do not fit)");
        row(
            "whole numbers",
            [](WeightFile &f) { tensorOf(f, "head.classifier.bias").values.clear(); },
            "\"head.classifier.bias\": not stored as 32-bit or 16-bit floats");
        row(
            "NaN", [=](WeightFile &f) { tensorOf(f, "head.classifier.weight").values[7] = nan; },
            "\"head.classifier.weight\": holds NaN or infinity");
        row(
            "infinity",
            [](WeightFile &f) {
                tensorOf(f, "stages.1.0.0.dw.bn.running_mean").values[0] =
                    std::numeric_limits<float>::infinity();
            },
            "\"stages.1.0.0.dw.bn.running_mean\": holds NaN or infinity");
        row(
            "a negative variance",
            [](WeightFile &f) { tensorOf(f, "stages.1.0.0.dw.bn.running_var").values[3] = -0.1F; },
            "\"stages.1.0.0.dw.bn.running_var\": a variance below 0");
        row(
            "too large when folded",
            [](WeightFile &f) {
                tensorOf(f, "stages.1.0.0.dw.conv.weight").values[0] = 3e38F; // its variance is 0
            },
            "the weights of \"stages.1.0.0.dw\" are too large");
        row(
            "mean of one channel",
            [](WeightFile &f) {
                f.normalisation = Normalisation{{0}, {1}};
            },
            "are for 1 channels, the design's input has 3");
        row(
            "three labels",
            [](WeightFile &f) {
                f.labels = QStringList{{}, {}, {}};
            },
            "\"labels\" names 3 classes, the design has 2");
    }
    void refusesWhatDoesNotFit()
    {
        QFETCH(Change, change);
        QFETCH(QString, says);
        WeightFile file = trained();
        QVERIFY(assignWeights(test::threeUnits(), file, fileName).has_value());
        change(file);
        const auto weights = assignWeights(test::threeUnits(), file, fileName);
        QVERIFY(!weights);
        QVERIFY(weights.error().code == ErrorCode::BadInput);
        QCOMPARE(weights.error().where, fileName);
        QVERIFY2(weights.error().what.contains(says), qPrintable(weights.error().what));
    }
};

QTEST_APPLESS_MAIN(TestAssignWeights)
#include "tst_assign_weights.moc"
