#include "firmware/profiler/ap_operator.h"
#include "firmware/protocol/ap_pattern.h"
#include "tests/firmware/profiler/example_operators.h"
#include "tests/firmware/profiler/program_board.h"

#include <QTest>

#include <cstring>

class TestPortHost : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void helloAndSelfTest();
    void operatorsOfEveryKind();
    void abortWithinARun();
    void faultsAreCaught();
    void inputThatEnds();
    void conditionsIsEmpty();
};

void TestPortHost::helloAndSelfTest()
{
    ProgramBoard board(PROFILER_HOST);
    ap_status_t status;
    const ap_hello_t hello =
        decoded(ap_decode_hello, board.ask(AP_MSG_HELLO, {1, 0, 0, 0}).payload, &status);
    QCOMPARE(status, AP_OK);
    QCOMPARE(QByteArray(hello.board), QByteArray("host"));
    QVERIFY(!(hello.flags & AP_FLAG_VIRTUAL));
    QCOMPARE(hello.clock_hz, 1'000'000'000u);
    QCOMPARE(hello.arena_bytes, 4u << 20);
    QCOMPARE(hello.window_bytes, 2u << 20);
    const Reply test = board.ask(AP_MSG_SELF_TEST);
    QCOMPARE(test.status(), AP_OK);
    QCOMPARE(decoded(ap_decode_self_test, test.payload).failed, 0u);
    QCOMPARE(board.end(), 0);
}

void TestPortHost::operatorsOfEveryKind()
{
    ProgramBoard board(PROFILER_HOST);
    std::vector<uint8_t> arena(65536), window(65536, 0xFF);
    std::memcpy(window.data(), ap_weights_pattern, AP_PATTERN_BYTES);
    for (const ExampleOperator &one : exampleOperators(4)) {
        const Reply reply = board.ask(
            AP_MSG_RUN_OPERATOR, encoded(ap_encode_run_operator, ap_run_operator_t{one.op, 3}));
        QVERIFY2(reply.status() == AP_OK, one.name);
        const ap_result_t result = decoded(ap_decode_result, reply.payload);
        ap_operator_fill(&one.op, arena.data());
        QCOMPARE(ap_operator_run(&one.op, arena.data(), window.data()), 0);
        QVERIFY2(result.output_crc == ap_operator_crc(&one.op, arena.data()), one.name);
        QVERIFY(result.stack_bytes > 0 && result.stack_bytes < 32768);
    }
}

void TestPortHost::abortWithinARun()
{
    ProgramBoard board(PROFILER_HOST);
    ap_operator_t op{};
    op.kind = AP_OP_ADD;
    op.in_h = 1000;
    op.in_w = 1000;
    op.in_c = op.out_c = 1;
    op.in2_offset = op.out_offset = 1 << 20;
    board.send(
        frame(AP_MSG_RUN_OPERATOR, 1, encoded(ap_encode_run_operator, ap_run_operator_t{op, 100})));
    board.send(frame(AP_MSG_ABORT, 2));
    const Reply run = board.next(), abort = board.next();
    QCOMPARE(int(run.header.sequence), 1);
    QCOMPARE(run.status(), AP_ABORTED);
    QCOMPARE(int(abort.header.sequence), 2);
    QCOMPARE(abort.status(), AP_OK);
}

void TestPortHost::faultsAreCaught()
{
    ProgramBoard board(FAULTY_PROFILER_HOST);
    const auto run = [&](uint8_t what) {
        const uint8_t in[4] = {what, 10, 20, 30};
        const ap_write_t write{AP_REGION_MODEL_INPUT, 0, in, 4};
        board.ask(AP_MSG_WRITE, encoded(ap_encode_write, write));
        return board.ask(AP_MSG_VALIDATE);
    };
    for (int round = 0; round < 3; ++round) {
        const Reply wild = run(1);
        QCOMPARE(wild.status(), AP_FAULT);
        QCOMPARE(decoded(ap_decode_fault, wild.payload).bfar, 0x1F000000u);
        QCOMPARE(run(2).status(), AP_FAULT);
        QCOMPARE(run(4).status(), AP_KERNEL_REFUSED);
        QCOMPARE(run(0).status(), AP_OK);
        const ap_range_t range{AP_REGION_MODEL_OUTPUT, 0, 4};
        QCOMPARE(board.ask(AP_MSG_READ, encoded(ap_encode_range, range)).payload,
                 (Bytes{1, 11, 21, 31}));
    }
    QCOMPARE(board.end(), 0);
}

void TestPortHost::inputThatEnds()
{
    ProgramBoard quiet(PROFILER_HOST);
    QCOMPARE(quiet.end(), 0);
    ProgramBoard half(PROFILER_HOST); // in the middle of a frame
    half.send({5, 1, 2});
    QCOMPARE(half.end(), 0);
}

void TestPortHost::conditionsIsEmpty()
{
    ProgramBoard board(PROFILER_HOST);
    const auto set = [&](uint32_t conditions, uint32_t waitStates) {
        const ap_conditions_t wanted{conditions, waitStates, 0};
        return board.ask(AP_MSG_CONDITIONS, encoded(ap_encode_conditions, wanted)).status();
    };
    QCOMPARE(set(0, AP_WAIT_STATES_DEFAULT), AP_OK);
    QCOMPARE(set(0, 2), AP_UNSUPPORTED);
    QCOMPARE(set(AP_COND_ICACHE, AP_WAIT_STATES_DEFAULT), AP_UNSUPPORTED);
}

QTEST_GUILESS_MAIN(TestPortHost)
#include "tst_port_host.moc"
