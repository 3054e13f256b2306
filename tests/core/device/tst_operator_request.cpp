#include "core/device/operator_request.h"
#include "core/device/operator_shape.h"
#include "core/lowering/lower.h"
#include "core/model/presets.h"
#include "firmware/profiler/ap_operator.h"
#include "firmware/protocol/ap_operator_rules.h"
#include "firmware/protocol/ap_pattern.h"

#include <QSet>
#include <QTest>

#include <map>

using namespace atomnet;

namespace
{

template <class T>
T valueOf(Result<T> result)
{
    if (!result) qFatal("%s", qPrintable(result.error().message()));
    return *std::move(result);
}

AtomKey pointwise(int side, int in, int out)
{
    AtomKey key;
    key.kind = AtomKind::Pointwise;
    key.act = KeyAct::Relu;
    key.inH = key.inW = key.outH = key.outW = side;
    key.inC = in;
    key.outC = out;
    key.variant = 1;
    return key;
}

/// All different operators of the AtomNets, with and without weights.
std::vector<AtomKey> publishedOperators()
{
    std::vector<AtomKey> keys;
    QSet<AtomKey> seen;
    for (const Preset &preset : presets())
        for (const Atom &atom : valueOf(lower(preset.network, Runtime::AtomNet1)).atoms)
            if (!seen.contains(atom.key)) {
                seen.insert(atom.key);
                keys.push_back(atom.key);
            }
    return keys;
}

constexpr uint32_t largeArena = 8U << 20, largeWindow = 8U << 20;

} // namespace

class TestOperatorRequest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void firmwareTakesEveryPublishedOperator()
    {
        const std::vector<AtomKey> keys = publishedOperators();
        QVERIFY(keys.size() > 200);
        std::map<int, int> kinds;
        for (const AtomKey &key : keys) {
            const OperatorPlace place = ownPlace(key);
            const ap_operator_t op = valueOf(operatorRequest(key, place));
            uint16_t field = 0;
            QVERIFY2(ap_operator_rules(&op, &field) == AP_OK, qPrintable(describe(key)));
            const auto need = uint32_t(arenaNeed(key, place));
            QVERIFY2(ap_operator_check(&op, need, uint32_t(windowNeed(key)), &field) == AP_OK,
                     qPrintable(QStringLiteral("%1: field %2").arg(describe(key)).arg(field)));
            // Neither need is more than it takes.
            QCOMPARE(ap_operator_check(&op, need - 1, largeWindow, &field), AP_DOES_NOT_FIT);
            if (windowNeed(key) > 0)
                QCOMPARE(ap_operator_check(&op, largeArena, uint32_t(windowNeed(key)) - 1, &field),
                         AP_DOES_NOT_FIT);
            ++kinds[op.kind];
        }
        for (const int kind : {AP_OP_CONV, AP_OP_DEPTHWISE, AP_OP_POINTWISE, AP_OP_POINTWISE_PAIR,
                               AP_OP_ADD, AP_OP_SCALE, AP_OP_MEAN, AP_OP_FULLY_CONNECTED})
            QVERIFY2(kinds[kind] > 0, qPrintable(QString::number(kind)));
    }

    void sizesAreTheFirmwares()
    {
        for (const AtomKey &key : publishedOperators()) {
            const ap_operator_t op = valueOf(operatorRequest(key, ownPlace(key)));
            const OperatorShape shape = operatorShape(key);
            ap_operator_sizes_t sizes{};
            ap_operator_sizes(&op, &sizes);
            QCOMPARE(quint64(shape.inputs[0]), quint64(sizes.in));
            QCOMPARE(quint64(shape.inputs[1]), quint64(sizes.in2));
            QCOMPARE(quint64(shape.output), quint64(sizes.out));
            QCOMPARE(quint64(shape.scratch), quint64(sizes.scratch));
            QCOMPARE(quint64(shape.weights[0]), quint64(sizes.weights));
            QCOMPARE(quint64(shape.weights[1]), quint64(sizes.weights2));
        }
    }

    void outputsSayWhetherTheyAreRight()
    {
        // An output that saturates everywhere would hide errors: of each operator's values the most
        // frequent one takes at most three quarters, save where there are a few only.
        const QByteArray window = freshWindow(largeWindow);
        for (const AtomKey &key : publishedOperators()) {
            if (key.out().bytes() < 64 || macsOf(key) > 3'000'000) continue;
            const OperatorPlace place = ownPlace(key);
            const ap_operator_t op = valueOf(operatorRequest(key, place));
            std::vector<uint32_t> arena(std::size_t(arenaNeed(key, place) + 3) / 4);
            auto *bytes = reinterpret_cast<uint8_t *>(arena.data());
            ap_operator_fill(&op, bytes);
            QCOMPARE(
                ap_operator_run(&op, bytes, reinterpret_cast<const uint8_t *>(window.constData())),
                0);
            std::array<qint64, 256> counts{};
            for (qint64 i = 0; i < key.out().bytes(); ++i)
                ++counts[bytes[op.out_offset + i]];
            const qint64 most = *std::max_element(counts.begin(), counts.end());
            QVERIFY2(most * 4 <= key.out().bytes() * 3, qPrintable(QStringLiteral("%1: %2 of %3")
                                                                       .arg(describe(key))
                                                                       .arg(most)
                                                                       .arg(key.out().bytes())));
        }
    }

    void seedFollowsFromTheKey()
    {
        const AtomKey key = pointwise(10, 16, 24);
        AtomKey other = key;
        other.outC = 25;
        const auto seed = [](const AtomKey &k) {
            return valueOf(operatorRequest(k, ownPlace(k))).seed;
        };
        QCOMPARE(seed(key), seed(key));
        QVERIFY(seed(key) != seed(other));
    }

    void variantSaysThePacking()
    {
        AtomKey key = pointwise(4, 8, 8);
        key.variant = 2;
        QCOMPARE(int(valueOf(operatorRequest(key, ownPlace(key))).packing), 2);
        key.variant = 0;
        QCOMPARE(int(valueOf(operatorRequest(key, ownPlace(key))).packing), 1);
        key.kind = AtomKind::PointwisePair;
        key.squeeze = 32;
        key.variant = 0x21;
        const ap_operator_t pair = valueOf(operatorRequest(key, ownPlace(key)));
        QCOMPARE(int(pair.packing), 1);
        QCOMPARE(int(pair.packing2), 2);
        QVERIFY(pair.weights2_offset > pair.weights_offset);
    }

    void whatNoKernelHasIsRefused_data()
    {
        QTest::addColumn<AtomKey>("key");
        const auto row = [](const char *name, auto change) {
            AtomKey key = pointwise(10, 16, 24);
            change(key);
            QTest::newRow(name) << key;
        };
        row("kind", [](AtomKey &k) { k.kind = AtomKind::SqueezeExcite; });
        row("unknown activation", [](AtomKey &k) { k.act = KeyAct::Unknown; });
        row("side", [](AtomKey &k) { k.inH = k.outH = 70'000; });
        row("no channels", [](AtomKey &k) { k.inC = 0; });
        row("kernel", [](AtomKey &k) { k.kernelH = k.kernelW = 3; });
        row("output", [](AtomKey &k) { k.outH = 5; });
        row("too large", [](AtomKey &k) { k.inH = k.inW = k.outH = k.outW = 65'535; });
        row("packing", [](AtomKey &k) { k.variant = 3; });
        row("stride 0", [](AtomKey &k) {
            k.kind = AtomKind::Conv;
            k.strideH = k.strideW = 0;
        });
        row("activation of a mean", [](AtomKey &k) {
            k.kind = AtomKind::Mean;
            k.outH = k.outW = 1;
            k.outC = k.inC;
            k.variant = 0;
        });
    }
    void whatNoKernelHasIsRefused()
    {
        QFETCH(const AtomKey, key);
        const auto op = operatorRequest(key, OperatorPlace{{0, -1}, 0, 0});
        QVERIFY(!op);
        QCOMPARE(op.error().code, ErrorCode::BadInput);
        QVERIFY2(op.error().what.endsWith(u"it cannot be measured"), qPrintable(op.error().what));
        QCOMPARE(arenaNeed(key, ownPlace(key)), qint64(0));
        QCOMPARE(windowNeed(key), qint64(0));
    }

    void oddAddressesAreRefused()
    {
        const AtomKey key = pointwise(10, 16, 24);
        QVERIFY(operatorRequest(key, {{0, -1}, 4000, 8000}));
        QVERIFY(!operatorRequest(key, {{2, -1}, 4000, 8000}));
        QVERIFY(!operatorRequest(key, {{-4, -1}, 4000, 8000}));
        QVERIFY(!operatorRequest(key, {{0, -1}, 4000, qint64(1) << 33}));
    }

    void boardsSayWhatDoesNotFit()
    {
        const AtomKey key = pointwise(10, 16, 24);
        const OperatorPlace place = ownPlace(key);
        const ap_operator_t op = valueOf(operatorRequest(key, place));
        ap_hello_t hello{};
        hello.arena_bytes = uint32_t(arenaNeed(key, place));
        hello.window_bytes = uint32_t(windowNeed(key));
        hello.max_channels = 24;
        QCOMPARE(whyNotOn(hello, key, op), QString());
        --hello.arena_bytes;
        QVERIFY(whyNotOn(hello, key, op).contains(u"RAM"));
        ++hello.arena_bytes;
        --hello.window_bytes;
        QVERIFY(whyNotOn(hello, key, op).contains(u"Flash"));
        ++hello.window_bytes;
        --hello.max_channels;
        QVERIFY(whyNotOn(hello, key, op).contains(u"24 channels"));
    }

    void weightsInRamLieBehindTheTensors()
    {
        AtomKey key = pointwise(10, 16, 24);
        key.weights = WeightPlace::Ram;
        const OperatorPlace place = ownPlace(key);
        const ap_operator_t op = valueOf(operatorRequest(key, place));
        QCOMPARE(int(op.weight_place), 1);
        uint16_t field = 0;
        const auto need = uint32_t(arenaNeed(key, place));
        QCOMPARE(ap_operator_check(&op, need, largeWindow, &field), AP_OK);
        QCOMPARE(ap_operator_check(&op, need - 1, largeWindow, &field), AP_DOES_NOT_FIT);
    }

    void aFreshWindowIsPatternAndErasedFlash()
    {
        const QByteArray window = freshWindow(AP_PATTERN_BYTES + 8);
        QCOMPARE(window.size(), AP_PATTERN_BYTES + 8);
        QCOMPARE(window.first(AP_PATTERN_BYTES),
                 QByteArray(reinterpret_cast<const char *>(ap_weights_pattern), AP_PATTERN_BYTES));
        QCOMPARE(window.last(8), QByteArray(8, '\xFF'));
        QCOMPARE(freshWindow(100), window.first(100));
    }

    void expectedOutputFollowsTheWeights()
    {
        AtomKey key = pointwise(10, 16, 24);
        key.act = KeyAct::None;
        const ap_operator_t op = valueOf(operatorRequest(key, ownPlace(key)));
        QByteArray window = freshWindow(windowNeed(key));
        const auto before = expectedOutputCrc(op, window);
        QVERIFY(before);
        QCOMPARE(*expectedOutputCrc(op, window), *before);
        // At an odd address too.
        const QByteArray shifted = 'x' + window;
        QCOMPARE(*expectedOutputCrc(op, QByteArrayView(shifted).sliced(1)), *before);
        window[17] = char(window[17] ^ 4);
        QVERIFY(*expectedOutputCrc(op, window) != *before);
        // The window is too short: refused, not read beyond.
        const auto refused = expectedOutputCrc(op, window.first(window.size() - 1));
        QVERIFY(!refused);
        QCOMPARE(refused.error().fault, LinkFault::Refused);
        QCOMPARE(refused.error().status, int(AP_DOES_NOT_FIT));
    }

    void expectedOutputOfANetworkChainsItsSteps()
    {
        const AtomKey first = pointwise(4, 8, 16), second = pointwise(4, 16, 8);
        const OperatorPlace a{{0, -1}, 512, 2048}, b{{512, -1}, 1024, 2048};
        const std::vector<ap_operator_t> steps{valueOf(operatorRequest(first, a)),
                                               valueOf(operatorRequest(second, b, 1024))};
        ap_network_begin_t begin{};
        begin.arena_bytes = 4096;
        begin.input_bytes = uint32_t(first.in().bytes());
        begin.output_offset = 1024;
        begin.output_bytes = uint32_t(second.out().bytes());
        begin.seed = 7;
        begin.steps = 2;
        const QByteArray window = freshWindow(4096);
        const auto crc = expectedOutputCrc(begin, steps, window);
        QVERIFY(crc);
        begin.seed = 8;
        QVERIFY(*expectedOutputCrc(begin, steps, window) != *crc);
        // By hand.
        std::vector<uint32_t> arena(1024);
        auto *bytes = reinterpret_cast<uint8_t *>(arena.data());
        ap_fill(7, bytes, begin.input_bytes);
        for (const ap_operator_t &step : steps)
            QCOMPARE(ap_operator_run(&step, bytes,
                                     reinterpret_cast<const uint8_t *>(window.constData())),
                     0);
        QCOMPARE(ap_crc32(0, bytes + 1024, begin.output_bytes), *crc);
        begin.output_offset = 4096;
        QVERIFY(!expectedOutputCrc(begin, steps, window));
    }
};

QTEST_APPLESS_MAIN(TestOperatorRequest)
#include "tst_operator_request.moc"
