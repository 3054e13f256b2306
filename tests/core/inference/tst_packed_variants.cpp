#include "core/inference/packed_variants.h"

#include "core/lowering/atom_variant.h"
#include "core/model/presets.h"
#include "firmware/kernels/ak_pack.h"
#include "tests/core/inference/quantised_example.h"

#include <QTest>

using namespace atomnet;
using namespace atomnet::test;

namespace
{

/// What the packer chooses for uniform weights whose inputs have their zero point at -128.
KeyPacking packedUniform(int inputs, int outputs, quint32 seed)
{
    QRandomGenerator random(seed);
    std::vector<qint8> weights;
    std::vector<qint32> bias;
    for (int o = 0; o < outputs; ++o) {
        qint32 sum = 0;
        for (int i = 0; i < inputs; ++i) {
            weights.push_back(qint8(int(random.bounded(255u)) - 127));
            sum += weights.back();
        }
        bias.push_back(128 * sum);
    }
    return KeyPacking(ak_best_packing(inputs, outputs, weights.data(), bias.data()));
}

} // namespace

class TestPackedVariants : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void seededPresetsGetTheVariantsThatLoweringTook_data()
    {
        QTest::addColumn<QString>("id");
        for (const Preset &preset : presets())
            QTest::newRow(qPrintable(preset.id)) << preset.id;
    }
    void seededPresetsGetTheVariantsThatLoweringTook()
    {
        QFETCH(QString, id);
        const Example e = quantisedExample(presetById(id)->network);
        AtomGraph packed = e.graph;
        for (Atom &atom : packed.atoms)
            atom.key.variant = 0;
        setVariants(packed, programOf(e));
        for (std::size_t i = 0; i < packed.atoms.size(); ++i)
            QVERIFY2(packed.atoms[i].key == e.graph.atoms[i].key,
                     qPrintable(e.layerNames[qsizetype(i)]));
    }

    void variantsFollowTheWeights()
    {
        // 1,000 inputs: too many for typical weights, few enough for small ones.
        Network network;
        network.input = {4, 4, 1000};
        Block block;
        block.type = BlockType::Conv;
        block.kernel = 1;
        block.out = 6;
        network.stages = {{{}, QStringLiteral("s"), {block}, {}}};
        network.head.classes = 2;
        assignIds(network);
        Example e = quantisedExample(network);
        QCOMPARE(e.graph.atoms[0].key.variant, atomVariant(KeyPacking::Plain4x2));
        UnitQuant &quant = e.quantized.quants[std::size_t(e.quantized.unitOf(0, 0))];
        for (qint8 &weight : quant.weights)
            weight /= 4;
        setVariants(e.graph, programOf(e));
        QCOMPARE(e.graph.atoms[0].key.variant, atomVariant(KeyPacking::HiLo4x2));
        for (qint8 &weight : quant.weights)
            weight = 127;
        setVariants(e.graph, programOf(e));
        QCOMPARE(e.graph.atoms[0].key.variant, atomVariant(KeyPacking::Plain4x2));
    }

    void aPairHasBothOfItsPackings()
    {
        PairCall pair;
        pair.expandPacking = AK_PACKING_HILO_4X2;
        pair.projectPacking = AK_PACKING_PLAIN_4X2;
        QCOMPARE(variantOf(pair), quint16(0x12));
        DepthwiseCall depthwise;
        depthwise.packing = AK_PACKING_DEPTHWISE;
        QCOMPARE(variantOf(depthwise), quint16(3));
        QCOMPARE(variantOf(AddCall{}), quint16(0));
        QCOMPARE(variantOf(SoftmaxCall{}), quint16(0));
    }

    void theLimitIsWhereUniformWeightsStopBeingExact()
    {
        for (const quint32 seed : {1u, 2u, 3u}) {
            for (const int inputs : {8, 300, 600, 840})
                QVERIFY(packedUniform(inputs, 200, seed) == typicalPacking(inputs));
            for (const int inputs : {1000, 1152, 2048})
                QVERIFY(packedUniform(inputs, 200, seed) == typicalPacking(inputs));
        }
    }
};

QTEST_APPLESS_MAIN(TestPackedVariants)
#include "tst_packed_variants.moc"
