#include "core/inference/program.h"

#include "core/inference/constants.h"
#include "firmware/kernels/ak_types.h"
#include "tests/core/inference/quantised_example.h"

#include <QRegularExpression>
#include <QSet>
#include <QTest>

#include <cmath>
#include <cstring>

using namespace atomnet;
using namespace atomnet::test;

namespace
{

template <class T>
std::vector<T> valuesOf(const Constant &constant)
{
    std::vector<T> values(std::size_t(constant.bytes.size()) / sizeof(T));
    std::memcpy(values.data(), constant.bytes.constData(), std::size_t(constant.bytes.size()));
    return values;
}

const Step *stepNamed(const Program &program, const QString &name)
{
    for (const Step &step : program.steps)
        if (step.name == name) return &step;
    return nullptr;
}

/// A design of one pointwise convolution and a classifier.
Network onePointwise(int in, int out)
{
    Network network;
    network.input = {4, 4, in};
    Block block;
    block.type = BlockType::Conv;
    block.kernel = 1;
    block.out = out;
    network.stages = {{{}, QStringLiteral("s"), {block}, {}}};
    network.head.classes = 2;
    assignIds(network);
    return network;
}

} // namespace

class TestProgram : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void stepsAreTheAtomsAtTheirPlacesInThePlan()
    {
        const Example e = quantisedExample(everyBlock());
        const Program program = programOf(e);
        QCOMPARE(program.steps.size(), e.graph.atoms.size());
        for (std::size_t i = 0; i < program.steps.size(); ++i) {
            const Step &step = program.steps[i];
            const Atom &atom = e.graph.atoms[i];
            QCOMPARE(step.atom, int(i));
            QCOMPARE(step.name, e.layerNames.at(qsizetype(i)));
            QCOMPARE(step.outputOffset, e.plan.tensorOffsets[std::size_t(atom.output)]);
            QCOMPARE(step.outputBytes, e.graph.tensors[std::size_t(atom.output)].bytes());
            QCOMPARE(step.scratchOffset, e.plan.scratchOffsets[i]);
            for (std::size_t k = 0; k < 2; ++k)
                QCOMPARE(step.inputOffsets[k],
                         atom.inputs[k] < 0 ? -1
                                            : e.plan.tensorOffsets[std::size_t(atom.inputs[k])]);
        }
        QCOMPARE(program.arenaBytes, e.plan.arenaBytes);
        QCOMPARE(program.inputBytes, e.network.input.bytes());
        QCOMPARE(program.outputBytes, qint64(5));
        QCOMPARE(program.input, e.quantized.tensors.front());
        QCOMPARE(program.output, e.quantized.outputOf(int(e.graph.atoms.size()) - 1));
        QCOMPARE(programOf(e), program); // nothing in it depends on where it is made
    }

    void namesAreIdentifiersOfTheirLayers()
    {
        const Program program = programOf(quantisedExample(everyBlock()));
        const QRegularExpression identifier(QStringLiteral("\\A[A-Za-z][A-Za-z0-9_]*\\z"));
        QSet<QString> names;
        for (const Constant &constant : program.constants) {
            QVERIFY2(identifier.match(constant.name).hasMatch(), qPrintable(constant.name));
            QVERIFY2(!names.contains(constant.name), qPrintable(constant.name));
            names.insert(constant.name);
        }
        QVERIFY(names.contains("stem_1_conv_weights"));
        QVERIFY(names.contains("layer_1_only_1_dw_multiplier"));
        QVERIFY(names.contains("head_classifier_bias"));
    }

    void stagesOfOneNameGiveDifferentNames()
    {
        Network network = onePointwise(3, 4);
        network.stages.push_back(network.stages.front());
        network.stages.back().name = QStringLiteral("s");
        clearIds(network);
        assignIds(network);
        const Program program = programOf(quantisedExample(network));
        QStringList names;
        for (const Constant &constant : program.constants)
            names << constant.name;
        QVERIFY(names.contains("s_1_conv_weights") || names.contains("s_1_pw_weights"));
        QCOMPARE(names.removeDuplicates(), qsizetype(0));
    }

    void namesOfConstants_data()
    {
        QTest::addColumn<QString>("layer");
        QTest::addColumn<QString>("name");
        QTest::newRow("plain") << "s1.1.pw"
                               << "s1_1_pw_bias";
        QTest::newRow("digit first") << "1x1.pw"
                                     << "layer_1x1_pw_bias";
        QTest::newRow("no letters") << QStringLiteral("\u00df\u00e4.\U0001F600") << "bias";
        QTest::newRow("underscore first") << "_a..b"
                                          << "a_b_bias";
        QTest::newRow("long") << QString(500, 'x') + ".pw" << QString(45, 'x') + "_pw_bias";
    }
    void namesOfConstants()
    {
        QFETCH(QString, layer);
        QFETCH(QString, name);
        QCOMPARE(constantName(layer, {}, QStringLiteral("bias")), name);
    }

    void biasesAndMultipliersArePadded()
    {
        const Program program = programOf(quantisedExample(everyBlock()));
        const auto *conv = std::get_if<ConvCall>(&stepNamed(program, "stem.1.conv")->call);
        QVERIFY(conv);
        QCOMPARE(conv->outChannels, 9);
        for (const int index : {conv->out.bias, conv->out.multiplier}) {
            const auto values = valuesOf<qint32>(program.constants[std::size_t(index)]);
            QCOMPARE(values.size(), std::size_t(12));
            QCOMPARE(values[10], 0);
            QCOMPARE(values[11], 0);
        }
        for (const qint32 multiplier :
             valuesOf<qint32>(program.constants[std::size_t(conv->out.multiplier)]))
            QVERIFY(multiplier >= 0);
        QVERIFY(valuesOf<qint32>(program.constants[std::size_t(conv->out.multiplier)]).front() > 0);
    }

    void equalTablesAreThereOnce()
    {
        const Program program = programOf(quantisedExample(everyBlock()));
        QSet<QByteArray> tables;
        for (const Constant &constant : program.constants) {
            if (!constant.name.contains("_table")) continue;
            QCOMPARE(constant.bytes.size(), qsizetype(256));
            QVERIFY(!tables.contains(constant.bytes));
            tables.insert(constant.bytes);
        }
        QVERIFY(tables.size() >= 2); // hswish and hard-sigmoid

        Constants constants;
        std::array<qint8, 256> table{};
        const int first = constants.addTable(QStringLiteral("a"), table);
        QCOMPARE(constants.addTable(QStringLiteral("b"), table), first);
        table[7] = 1;
        QVERIFY(constants.addTable(QStringLiteral("a"), table) != first);
        const auto all = constants.take();
        QCOMPARE(all.size(), std::size_t(2));
        QCOMPARE(all[1].name, QStringLiteral("a_2"));
    }

    void theFastPackingIsChosenWhereItIsExact()
    {
        // |bias| + 128 * sum |w| stays under 2^23 for few inputs and leaves it for many.
        const auto packingOf = [](int in) {
            Example e = quantisedExample(onePointwise(in, 8));
            UnitQuant &quant = e.quantized.quants.front();
            std::fill(quant.weights.begin(), quant.weights.end(), qint8(127));
            std::fill(quant.bias.begin(), quant.bias.end(), 0);
            const Program program = programOf(e);
            const Call &call = program.steps.front().call;
            const auto *pointwise = std::get_if<PointwiseCall>(&call);
            return pointwise ? pointwise->packing : std::get<ConvCall>(call).packing;
        };
        QCOMPARE(packingOf(16), int(AK_PACKING_HILO_4X2));
        QCOMPARE(packingOf(1024), int(AK_PACKING_PLAIN_4X2));
    }

    void softmaxFollowsTheClassifierInPlace()
    {
        const Example e = quantisedExample(everyBlock());
        const Program plain = programOf(e), program = programOf(e, {true});
        QCOMPARE(program.steps.size(), plain.steps.size() + 1);
        const Step &step = program.steps.back();
        QCOMPARE(step.atom, -1);
        QCOMPARE(step.inputOffsets[0], plain.outputOffset);
        QCOMPARE(step.outputOffset, plain.outputOffset);
        QCOMPARE(program.output, (TensorQuant{1.0F / 256, -128}));
        const auto &call = std::get<SoftmaxCall>(step.call);
        QCOMPARE(call.count, 5);
        const auto exponents = valuesOf<quint32>(program.constants[std::size_t(call.exponents)]);
        QCOMPARE(exponents.size(), std::size_t(256));
        QCOMPARE(exponents[0], 1u << 20);
        const double scale = double(plain.output.scale);
        QCOMPARE(exponents[3], quint32(std::lround(std::exp(-3 * scale) * 1048576)));
    }

    void sumsBeyond32BitsNameTheLayer()
    {
        Example e = quantisedExample(onePointwise(4, 2));
        UnitQuant &quant = e.quantized.quants.front();
        quant.bias.front() = std::numeric_limits<qint32>::max() - 100;
        const auto program = makeProgram(e.quantized, e.plan, e.layerNames);
        QVERIFY(!program);
        QCOMPARE(program.error().code, ErrorCode::BadInput);
        QCOMPARE(program.error().where, e.layerNames.front());
        QVERIFY2(program.error().what.contains("32 bits"), qPrintable(program.error().what));
    }
};

QTEST_APPLESS_MAIN(TestProgram)
#include "tst_program.moc"
