#include "firmware/profiler/ap_operator.h"
#include "firmware/protocol/ap_pattern.h"
#include "tests/firmware/profiler/example_operators.h"
#include "tests/firmware/profiler/program_board.h"

#include <QFile>
#include <QStandardPaths>
#include <QTest>

#include <cstring>
#include <map>

namespace
{
QString image(const QString &cpu)
{
    return QStringLiteral(FIRMWARE_FOLDER "/profiler-qemu-%1").arg(cpu);
}

ProgramBoard boardOf(const QString &cpu)
{
    return ProgramBoard("qemu-system-arm",
                        ProgramBoard::emulatorArguments(cpu, image(cpu) + ".elf"));
}

ap_result_t run(ProgramBoard &board, const ap_operator_t &op)
{
    const Reply reply =
        board.ask(AP_MSG_RUN_OPERATOR, encoded(ap_encode_run_operator, ap_run_operator_t{op, 1}));
    return reply.status() == AP_OK ? decoded(ap_decode_result, reply.payload) : ap_result_t{};
}

uint32_t ownCrc(const ap_operator_t &op)
{
    alignas(32) static uint8_t arena[32768], window[32768];
    std::memset(window, 0xFF, sizeof window);
    std::memcpy(window, ap_weights_pattern, AP_PATTERN_BYTES);
    ap_operator_fill(&op, arena);
    if (ap_operator_run(&op, arena, window)) return 0;
    return ap_operator_crc(&op, arena);
}
} // namespace

class TestProfilerQemu : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void helloAndSelfTest_data() { bothBoards(); }
    void helloAndSelfTest();
    void operatorsOfEveryKind_data() { bothBoards(); }
    void operatorsOfEveryKind();
    void countsAreThoseOfTheKernel_data() { bothBoards(); }
    void countsAreThoseOfTheKernel();
    void windowBehindTheImageIsErased_data() { bothBoards(); }
    void windowBehindTheImageIsErased();
    void networkIsTheSumOfItsSteps();
    void faultsAreReportedAndTheFirmwareGoesOn_data() { bothBoards(); }
    void faultsAreReportedAndTheFirmwareGoesOn();
    void resetStartsAnew();
    void inputThatEnds();

private:
    static void bothBoards()
    {
        QTest::addColumn<QString>("cpu");
        QTest::newRow("m4") << "m4";
        QTest::newRow("m7") << "m7";
    }
};

void TestProfilerQemu::initTestCase()
{
    if (!QFile::exists(image("m4") + ".elf"))
        QSKIP("no firmware images: arm-none-eabi-gcc is not installed");
    if (QStandardPaths::findExecutable("qemu-system-arm").isEmpty())
        QSKIP("qemu-system-arm is not installed");
}

void TestProfilerQemu::helloAndSelfTest()
{
    QFETCH(QString, cpu);
    ProgramBoard board = boardOf(cpu);
    ap_status_t status;
    const ap_hello_t hello =
        decoded(ap_decode_hello, board.ask(AP_MSG_HELLO, {1, 0, 0, 0}).payload, &status);
    QCOMPARE(status, AP_OK);
    QCOMPARE(QString(hello.board), "qemu-" + cpu);
    QCOMPARE("m" + QString::number(hello.core), cpu);
    QCOMPARE(hello.flags, AP_FLAG_VIRTUAL | AP_FLAG_RESTARTED);
    QVERIFY(QByteArray(hello.compiler).startsWith("arm-none-eabi-gcc "));
    QVERIFY(QByteArray(hello.compiler_flags).contains("-mcpu=cortex-" + cpu.toLatin1()));
    QVERIFY(hello.arena_bytes > 4'000'000 && hello.arena_bytes < 4u << 20);
    // Image and window are all of the Flash, pattern shared. The CRC is that of the file.
    QFile bin(image(cpu) + ".bin");
    QVERIFY(bin.open(QIODevice::ReadOnly));
    const QByteArray bytes = bin.readAll();
    QCOMPARE(hello.image_crc, ap_crc32(0, bytes.constData(), size_t(bytes.size())));
    QCOMPARE(bytes.size() - AP_PATTERN_BYTES + hello.window_bytes, qint64(4 << 20));
    QVERIFY2(bytes.size() <= 65536, qPrintable(QString::number(bytes.size())));
    qInfo("image %lld bytes, arena %u bytes", qint64(bytes.size()), hello.arena_bytes);
    const Reply test = board.ask(AP_MSG_SELF_TEST);
    QCOMPARE(test.status(), AP_OK);
    const ap_self_test_t result = decoded(ap_decode_self_test, test.payload);
    QCOMPARE(result.failed, 0u);
    QVERIFY(result.counter_step > 3000 && result.counter_step < 10000);
}

void TestProfilerQemu::operatorsOfEveryKind()
{
    QFETCH(QString, cpu);
    ProgramBoard board = boardOf(cpu);
    std::map<QByteArray, uint32_t> counts;
    for (const uint32_t seed : {11u, 222u, 0x80000001u})
        for (const ExampleOperator &one : exampleOperators(seed)) {
            const ap_result_t result = run(board, one.op);
            QVERIFY2(result.repetitions == 1, one.name);
            QVERIFY2(result.output_crc == ownCrc(one.op), one.name);
            // Instructions do not depend on data.
            QVERIFY(result.median > 100);
            const auto known = counts.emplace(one.name, result.median).first->second;
            QVERIFY2(result.median == known, one.name);
            QVERIFY2(result.stack_bytes >= 16 && result.stack_bytes < 2048, one.name);
            QVERIFY2(result.scratch_bytes <= one.op.scratch_bytes, one.name);
            QVERIFY2(result.scratch_bytes * 2 >= one.op.scratch_bytes, one.name);
        }
    QVERIFY(counts["depthwise 7, stride 1"] > counts["depthwise 3, stride 1"]);
}

void TestProfilerQemu::countsAreThoseOfTheKernel()
{
    // With twice the pixels, twice the loop: what measuring itself costs is not in it.
    QFETCH(QString, cpu);
    ProgramBoard board = boardOf(cpu);
    ap_operator_t op{};
    op.kind = AP_OP_ADD;
    op.in_h = op.in_w = 1;
    op.in2_offset = 4096;
    op.out_offset = 8192;
    op.shift = 20;
    const auto count = [&](uint16_t channels) {
        op.in_c = op.out_c = channels;
        return int(run(board, op).median);
    };
    const int one = count(400), two = count(800), three = count(1200);
    QCOMPARE(three - two, two - one);
    QVERIFY(one - (two - one) >= 0 && one - (two - one) < 60); // call and checks
    QVERIFY(two - one > 400 * 4);
    QCOMPARE(count(400), one);
}

void TestProfilerQemu::windowBehindTheImageIsErased()
{
    QFETCH(QString, cpu);
    ProgramBoard board = boardOf(cpu);
    const ap_hello_t hello =
        decoded(ap_decode_hello, board.ask(AP_MSG_HELLO, {1, 0, 0, 0}).payload);
    std::vector<uint8_t> window(hello.window_bytes, 0xFF);
    std::memcpy(window.data(), ap_weights_pattern, AP_PATTERN_BYTES);
    const ap_range_t all{AP_REGION_WINDOW, 0, hello.window_bytes};
    const Bytes crc = board.ask(AP_MSG_CRC, encoded(ap_encode_range, all)).payload;
    QCOMPARE(crc.size(), size_t(4));
    uint32_t value = 0;
    for (size_t i = 0; i < 4; ++i)
        value |= uint32_t(crc[i]) << 8 * i;
    QCOMPARE(value, ap_crc32(0, window.data(), window.size()));
    const ap_range_t part{AP_REGION_WINDOW, AP_PATTERN_BYTES - 1000, 2000};
    const Bytes bytes = board.ask(AP_MSG_READ, encoded(ap_encode_range, part)).payload;
    QCOMPARE(bytes.size(), size_t(2000));
    QVERIFY(!std::memcmp(bytes.data(), window.data() + part.offset, 2000));
}

void TestProfilerQemu::networkIsTheSumOfItsSteps()
{
    ProgramBoard board = boardOf("m7");
    std::vector<ap_operator_t> steps;
    uint64_t sum = 0;
    for (const ExampleOperator &one : exampleOperators(5)) {
        if (one.op.weight_place) continue; // networks read Flash
        steps.push_back(one.op);
        sum += run(board, one.op).median;
    }
    const ap_network_begin_t begin{16384, 0, 500, 8192, 64, 5, uint16_t(steps.size())};
    QCOMPARE(board.ask(AP_MSG_NETWORK_BEGIN, encoded(ap_encode_network_begin, begin)).status(),
             AP_OK);
    for (uint16_t i = 0; i < steps.size(); ++i)
        QCOMPARE(board
                     .ask(AP_MSG_NETWORK_STEP,
                          encoded(ap_encode_network_step, ap_network_step_t{i, steps[i]}))
                     .status(),
                 AP_OK);
    const Reply reply =
        board.ask(AP_MSG_NETWORK_RUN, encoded(ap_encode_network_run, ap_network_run_t{1}));
    QCOMPARE(reply.status(), AP_OK);
    // In one piece: the same, and a loop around it.
    const uint64_t whole = decoded(ap_decode_result, reply.payload).median;
    QVERIFY2(whole + 20 * steps.size() >= sum && whole <= sum + 20 * steps.size(),
             qPrintable(QStringLiteral("%1 as one, %2 as the sum").arg(whole).arg(sum)));
    // Each step by itself, too.
    const ap_range_t range{AP_REGION_STEP_CYCLES, 0, uint32_t(4 * steps.size())};
    const Bytes cycles = board.ask(AP_MSG_READ, encoded(ap_encode_range, range)).payload;
    QCOMPARE(cycles.size(), 4 * steps.size());
    uint32_t last;
    std::memcpy(&last, cycles.data() + cycles.size() - 4, 4);
    QCOMPARE(last, run(board, steps.back()).median);
}

void TestProfilerQemu::faultsAreReportedAndTheFirmwareGoesOn()
{
    QFETCH(QString, cpu);
    ProgramBoard board("qemu-system-arm",
                       ProgramBoard::emulatorArguments(
                           cpu, QStringLiteral(FAULTY_FOLDER "/faulty-%1.elf").arg(cpu)));
    const auto model = [&](uint8_t what) {
        const uint8_t in[4] = {what, 1, 2, 3};
        const ap_write_t write{AP_REGION_MODEL_INPUT, 0, in, 4};
        board.ask(AP_MSG_WRITE, encoded(ap_encode_write, write));
        return board.ask(AP_MSG_VALIDATE);
    };
    const ap_operator_t op = exampleOperators(1)[0].op;
    const uint32_t before = run(board, op).median;
    for (int round = 0; round < 2; ++round) {
        const Reply wild = model(1);
        QCOMPARE(wild.status(), AP_FAULT);
        const ap_fault_t store = decoded(ap_decode_fault, wild.payload);
        QVERIFY(store.pc > 64 && store.pc < 65536);
        QVERIFY(store.sp > 0x20000000 && store.sp < 0x20004000);
        QCOMPARE(store.mmfar, 0x1F000000u);
        QVERIFY(store.cfsr & 0x80); // MMARVALID
        const Reply trap = model(2);
        QCOMPARE(trap.status(), AP_FAULT);
        QVERIFY(decoded(ap_decode_fault, trap.payload).cfsr & 0x10000); // undefined instruction
        const Reply deep = model(3);
        QCOMPARE(deep.status(), AP_FAULT);
        QVERIFY(decoded(ap_decode_fault, deep.payload).sp < 0x20000000); // below the stack
        const Reply refused = model(4);
        QCOMPARE(refused.status(), AP_KERNEL_REFUSED);
        QCOMPARE(refused.detail(), 5);
        QCOMPARE(model(0).status(), AP_OK);
        const ap_range_t range{AP_REGION_MODEL_OUTPUT, 0, 4};
        QCOMPARE(board.ask(AP_MSG_READ, encoded(ap_encode_range, range)).payload,
                 (Bytes{1, 2, 3, 4}));
        QCOMPARE(run(board, op).median, before);
    }
    // This image was never sealed, and it ran over its stack: the self-test says both.
    const Reply test = board.ask(AP_MSG_SELF_TEST);
    QCOMPARE(test.status(), AP_OK);
    QVERIFY(decoded(ap_decode_self_test, test.payload).failed & AP_SELF_IMAGE);
}

void TestProfilerQemu::resetStartsAnew()
{
    ProgramBoard board = boardOf("m7");
    const auto flags = [&] {
        return decoded(ap_decode_hello, board.ask(AP_MSG_HELLO, {1, 0, 0, 0}).payload).flags;
    };
    QVERIFY(flags() & AP_FLAG_RESTARTED);
    QVERIFY(!(flags() & AP_FLAG_RESTARTED));
    QCOMPARE(board.ask(AP_MSG_RESET).status(), AP_OK);
    QVERIFY(flags() & AP_FLAG_RESTARTED);
    const Reply test = board.ask(AP_MSG_SELF_TEST);
    QCOMPARE(decoded(ap_decode_self_test, test.payload).failed, 0u);
}

void TestProfilerQemu::inputThatEnds()
{
    ProgramBoard board = boardOf("m4");
    QCOMPARE(board.ask(AP_MSG_ABORT).status(), AP_OK);
    QCOMPARE(board.end(), 0);
}

QTEST_GUILESS_MAIN(TestProfilerQemu)
#include "tst_profiler_qemu.moc"
