#include "firmware/profiler/ap_operator.h"
#include "firmware/protocol/ap_operator_rules.h"
#include "firmware/protocol/ap_pattern.h"
#include "tests/firmware/profiler/example_operators.h"

#include "firmware/kernels/ak_pack.h"

#include <QTest>

#include <cstring>

namespace
{
constexpr uint32_t arenaBytes = 16384, windowBytes = 20000;

ap_operator_t example(const char *name)
{
    for (const ExampleOperator &one : exampleOperators(3))
        if (!std::strcmp(one.name, name)) return one.op;
    qFatal("no example %s", name);
}
} // namespace

class TestApOperator : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void examplesAreGood();
    void outputsAreWhatTheKernelsGive();
    void weightsInRamGiveTheSame();
    void theSecondInputHasASeedOfItsOwn();
    void addStaysInRange();
    void whatMustNotRun_data();
    void whatMustNotRun();
    void overlapAsFarAsTheKernelAllows();
    void nothingWraps();
    void sizesOfWeightsAreThePackers();

private:
    struct Memory {
        alignas(32) uint8_t arena[arenaBytes]{}, window[windowBytes];
        Memory()
        {
            std::memset(window, 0xFF, sizeof window);
            std::memcpy(window, ap_weights_pattern, AP_PATTERN_BYTES);
        }
    };
    static uint32_t crcOf(const ap_operator_t &op)
    {
        Memory m;
        ap_operator_fill(&op, m.arena);
        if (ap_operator_run(&op, m.arena, m.window)) return 0;
        return ap_operator_crc(&op, m.arena);
    }
};

void TestApOperator::examplesAreGood()
{
    for (const ExampleOperator &one : exampleOperators(9)) {
        uint16_t detail = 99;
        QVERIFY2(ap_operator_rules(&one.op, &detail) == AP_OK, one.name);
        QVERIFY2(ap_operator_check(&one.op, arenaBytes, windowBytes, &detail) == AP_OK, one.name);
        QVERIFY2(crcOf(one.op) != 0, one.name);
    }
}

void TestApOperator::outputsAreWhatTheKernelsGive()
{
    // The call written out by hand, for one operator.
    const ap_operator_t op = example("conv plain");
    Memory m;
    ap_fill(op.seed, m.arena + op.in_offset, 11 * 9 * 5);
    alignas(4) int8_t in[11 * 9 * 5], out[6 * 5 * 7];
    std::memcpy(in, m.arena + op.in_offset, sizeof in);
    ak_conv2d_t p{};
    p.weights = reinterpret_cast<const int8_t *>(m.window) + 64;
    p.out = {ap_biases, ap_multipliers, ap_hswish_table, -9, 7};
    p.in_h = 11;
    p.in_w = 9;
    p.in_c = 5;
    p.out_c = 7;
    p.kernel = 3;
    p.stride = 2;
    p.in_zero_point = 4;
    p.packing = AK_PACKING_PLAIN_4X2;
    alignas(4) uint8_t scratch[1024];
    QCOMPARE(ak_conv2d_s8_scratch_bytes(&p), size_t(op.scratch_bytes));
    QCOMPARE(ak_conv2d_s8(&p, in, out, scratch), AK_OK);
    QCOMPARE(crcOf(op), ap_crc32(0, out, sizeof out));
}

void TestApOperator::weightsInRamGiveTheSame()
{
    QCOMPARE(crcOf(example("pointwise plain from RAM")), crcOf(example("pointwise plain")));
    QCOMPARE(crcOf(example("pair plain, hi/lo from RAM")), crcOf(example("pair plain, hi/lo")));
    ap_operator_t op = example("pointwise plain from RAM");
    op.weights_offset += 4; // other weights, so another output
    QVERIFY(crcOf(op) != crcOf(example("pointwise plain")));
}

void TestApOperator::theSecondInputHasASeedOfItsOwn()
{
    const ap_operator_t op = example("add");
    Memory m;
    ap_operator_fill(&op, m.arena);
    uint8_t expected[5 * 6 * 7];
    ap_fill(op.seed, expected, sizeof expected);
    QVERIFY(!std::memcmp(m.arena + op.in_offset, expected, sizeof expected));
    ap_fill(op.seed ^ 0x80000000u, expected, sizeof expected);
    QVERIFY(!std::memcmp(m.arena + op.in2_offset, expected, sizeof expected));
    QCOMPARE(m.arena[op.in2_offset + sizeof expected], uint8_t(0));
}

void TestApOperator::addStaysInRange()
{
    // All combinations that make the sums largest; the sanitizer notices an overflow.
    for (const int shift : {0, 1, 20, 22})
        for (const int zero : {-128, 127})
            for (const int out : {-128, 127}) {
                ap_operator_t op = example("add");
                op.shift = uint8_t(shift);
                op.in_zero_point = op.in2_zero_point = int8_t(zero);
                op.out_zero_point = int8_t(out);
                Memory m;
                ap_operator_fill(&op, m.arena);
                const int8_t a = int8_t(m.arena[op.in_offset]), b = int8_t(m.arena[op.in2_offset]);
                QCOMPARE(ap_operator_run(&op, m.arena, m.window), 0);
                const int64_t sum = int64_t(a - zero) * (ap_multipliers[0] >> 5) +
                                    int64_t(b - zero) * (ap_multipliers[1] >> 5);
                const int64_t half = shift ? int64_t(1) << (shift - 1) : 0;
                const int64_t value = ((sum + half) >> shift) + out;
                const int64_t clamped = value < -128 ? -128 : value > 127 ? 127 : value;
                QCOMPARE(int64_t(int8_t(m.arena[op.out_offset])), clamped);
            }
}

void TestApOperator::whatMustNotRun_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<int>("field"); // to change
    QTest::addColumn<quint32>("value");
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("detail");
    const auto row = [](const char *what, const char *name, int field, quint32 value,
                        ap_status_t status, int detail) {
        QTest::newRow(what) << QByteArray(name) << field << value << int(status) << detail;
    };
    const char *conv = "conv plain", *pair = "pair plain, hi/lo from RAM";
    row("input behind the arena", conv, AP_FIELD_IN_OFFSET, arenaBytes - 4, AP_DOES_NOT_FIT,
        AP_FIELD_IN_OFFSET);
    row("input at the end of numbers", conv, AP_FIELD_IN_OFFSET, 0xFFFFFFFC, AP_DOES_NOT_FIT,
        AP_FIELD_IN_OFFSET);
    row("second input behind the arena", "add", AP_FIELD_IN2_OFFSET, 0xFFFFFFFC, AP_DOES_NOT_FIT,
        AP_FIELD_IN2_OFFSET);
    row("output behind the arena", conv, AP_FIELD_OUT_OFFSET, 0xFFFFFF00, AP_DOES_NOT_FIT,
        AP_FIELD_OUT_OFFSET);
    row("scratch behind the arena", conv, AP_FIELD_SCRATCH_OFFSET, arenaBytes - 8, AP_DOES_NOT_FIT,
        AP_FIELD_SCRATCH_OFFSET);
    row("weights behind the window", conv, AP_FIELD_WEIGHTS_OFFSET, windowBytes, AP_DOES_NOT_FIT,
        AP_FIELD_WEIGHTS_OFFSET);
    row("weights that would wrap", conv, AP_FIELD_WEIGHTS_OFFSET, 0xFFFFFFFC, AP_DOES_NOT_FIT,
        AP_FIELD_WEIGHTS_OFFSET);
    row("second weights behind the window", pair, AP_FIELD_WEIGHTS2_OFFSET, windowBytes - 4,
        AP_DOES_NOT_FIT, AP_FIELD_WEIGHTS2_OFFSET);
    row("weights in RAM behind the arena", pair, AP_FIELD_WEIGHTS_RAM, arenaBytes - 100,
        AP_DOES_NOT_FIT, AP_FIELD_WEIGHTS_RAM);
    row("too many channels", "pointwise plain", AP_FIELD_OUT_C, AP_MAX_CHANNELS + 1,
        AP_DOES_NOT_FIT, AP_FIELD_OUT_C);
    row("too many channels between", pair, AP_FIELD_MID_C, AP_MAX_CHANNELS + 1, AP_DOES_NOT_FIT,
        AP_FIELD_MID_C);
    row("too little scratch", conv, AP_FIELD_SCRATCH_BYTES, 575, AP_BAD_FIELD,
        AP_FIELD_SCRATCH_BYTES);
    row("too much scratch", conv, AP_FIELD_SCRATCH_BYTES, 580, AP_BAD_FIELD,
        AP_FIELD_SCRATCH_BYTES);
    row("scratch on the input", conv, AP_FIELD_SCRATCH_OFFSET, 492, AP_BAD_FIELD,
        AP_FIELD_SCRATCH_OFFSET);
    row("scratch on the output", conv, AP_FIELD_SCRATCH_OFFSET, 8192, AP_BAD_FIELD,
        AP_FIELD_SCRATCH_OFFSET);
    row("weights on the output", pair, AP_FIELD_WEIGHTS_RAM, 8192, AP_BAD_FIELD,
        AP_FIELD_WEIGHTS_RAM);
    row("weights on scratch", pair, AP_FIELD_WEIGHTS_RAM, 12288, AP_BAD_FIELD,
        AP_FIELD_WEIGHTS_RAM);
    row("output on a mean's input", "mean", AP_FIELD_OUT_OFFSET, 0, AP_BAD_FIELD,
        AP_FIELD_OUT_OFFSET);
    row("output on the factors", "scale", AP_FIELD_OUT_OFFSET, 4096, AP_BAD_FIELD,
        AP_FIELD_OUT_OFFSET);
    row("depthwise a little behind its input", "depthwise 3, stride 1", AP_FIELD_OUT_OFFSET, 4,
        AP_BAD_FIELD, AP_FIELD_OUT_OFFSET);
    row("add into the second input, behind", "add", AP_FIELD_OUT_OFFSET, 4100, AP_BAD_FIELD,
        AP_FIELD_OUT_OFFSET);
}

void TestApOperator::whatMustNotRun()
{
    QFETCH(QByteArray, name);
    QFETCH(int, field);
    QFETCH(quint32, value);
    QFETCH(int, status);
    QFETCH(int, detail);
    ap_operator_t op = example(name.constData());
    switch (field) {
    case AP_FIELD_OUT_C:
        op.out_c = uint16_t(value);
        break;
    case AP_FIELD_MID_C:
        op.mid_c = uint16_t(value);
        break;
    case AP_FIELD_IN_OFFSET:
        op.in_offset = value;
        break;
    case AP_FIELD_IN2_OFFSET:
        op.in2_offset = value;
        break;
    case AP_FIELD_OUT_OFFSET:
        op.out_offset = value;
        break;
    case AP_FIELD_SCRATCH_OFFSET:
        op.scratch_offset = value;
        break;
    case AP_FIELD_SCRATCH_BYTES:
        op.scratch_bytes = value;
        break;
    case AP_FIELD_WEIGHTS_OFFSET:
        op.weights_offset = value;
        break;
    case AP_FIELD_WEIGHTS2_OFFSET:
        op.weights2_offset = value;
        break;
    case AP_FIELD_WEIGHTS_RAM:
        op.weights_ram = value;
        break;
    default:
        QFAIL("no such field");
    }
    uint16_t said = 999;
    QCOMPARE(int(ap_operator_check(&op, arenaBytes, windowBytes, &said)), status);
    QCOMPARE(int(said), detail);
}

void TestApOperator::overlapAsFarAsTheKernelAllows()
{
    ap_operator_t op = example("pointwise plain");
    ak_pointwise_t p{};
    p.pixels = 35;
    p.in_c = 18;
    p.out_c = 13;
    const int32_t most = ak_pointwise_s8_max_offset(&p);
    QVERIFY(most > 0);
    op.in_offset = 1024;
    uint16_t detail = 99;
    const uint32_t apart = crcOf(op);
    for (const int32_t offset : {most, 0, -40}) {
        op.out_offset = uint32_t(1024 + offset);
        QCOMPARE(ap_operator_check(&op, arenaBytes, windowBytes, &detail), AP_OK);
        QCOMPARE(crcOf(op), apart);
    }
    op.out_offset = uint32_t(1024 + most + 4);
    QCOMPARE(ap_operator_check(&op, arenaBytes, windowBytes, &detail), AP_BAD_FIELD);
    QCOMPARE(int(detail), int(AP_FIELD_OUT_OFFSET));
}

void TestApOperator::nothingWraps()
{
    // Largest shapes of every kind: refused, whatever 32 bits would make of them.
    for (const ExampleOperator &one : exampleOperators(1)) {
        ap_operator_t op = one.op;
        if (op.kind != AP_OP_FULLY_CONNECTED) op.in_h = op.in_w = 65535;
        op.in_c = 65535;
        if (op.kind != AP_OP_CONV && op.out_c == one.op.in_c) op.out_c = 65535;
        ap_operator_sizes_t size;
        ap_operator_sizes(&op, &size);
        uint16_t detail = 99;
        QVERIFY2(size.in >= 65535 && size.in % 65535 == 0, one.name);
        if (op.kind != AP_OP_FULLY_CONNECTED) QCOMPARE(size.in, uint64_t(65535) * 65535 * 65535);
        op.scratch_bytes = uint32_t(size.scratch);
        const uint32_t most = op.kind == AP_OP_FULLY_CONNECTED ? 65532 : 0xFFFFFFFC;
        QCOMPARE(ap_operator_check(&op, most, most, &detail), AP_DOES_NOT_FIT);
    }
    // 65536 x 65536 would be 0 in 32 bits; 4096 x 4096 x 256 too.
    ap_operator_t op = example("mean");
    op.in_h = op.in_w = 4096;
    op.in_c = op.out_c = 256;
    uint16_t detail = 99;
    QCOMPARE(ap_operator_check(&op, 1u << 28, windowBytes, &detail), AP_DOES_NOT_FIT);
    QCOMPARE(int(detail), int(AP_FIELD_IN_OFFSET));
}

void TestApOperator::sizesOfWeightsAreThePackers()
{
    for (const ExampleOperator &one : exampleOperators(1)) {
        const ap_operator_t &op = one.op;
        ap_operator_sizes_t size;
        ap_operator_sizes(&op, &size);
        size_t weights = 0, second = 0;
        switch (op.kind) {
        case AP_OP_CONV:
            weights = ak_pack_conv2d_bytes(op.kernel, op.in_c, op.out_c);
            break;
        case AP_OP_DEPTHWISE:
            weights = ak_pack_depthwise_bytes(op.kernel, op.in_c);
            break;
        case AP_OP_POINTWISE:
            weights = ak_pack_pointwise_bytes(op.in_c, op.out_c);
            break;
        case AP_OP_FULLY_CONNECTED:
            weights = ak_pack_fully_connected_bytes(op.in_c, op.out_c);
            break;
        case AP_OP_POINTWISE_PAIR:
            weights = ak_pack_pointwise_bytes(op.in_c, op.mid_c);
            second = ak_pack_pointwise_bytes(op.mid_c, op.out_c);
            break;
        default:
            break;
        }
        QCOMPARE(size.weights, uint64_t(weights));
        QCOMPARE(size.weights2, uint64_t(second));
    }
}

QTEST_APPLESS_MAIN(TestApOperator)
#include "tst_ap_operator.moc"
