#include "firmware/protocol/ap_pattern.h"
#include "tests/firmware/profiler/example_operators.h"
#include "tests/firmware/profiler/fake_port.h"

#include <QTest>

#include <cstring>

namespace
{
ap_operator_t example(const char *name)
{
    for (const ExampleOperator &one : exampleOperators(3))
        if (!std::strcmp(one.name, name)) return one.op;
    qFatal("no example %s", name);
}

Bytes hello(uint16_t major = AP_PROTOCOL_MAJOR, uint16_t sequence = 1)
{
    return frame(AP_MSG_HELLO, sequence,
                 encoded(ap_encode_hello_request, ap_hello_request_t{major, 0}));
}

Bytes runFrame(const ap_operator_t &op, uint16_t repetitions, uint16_t sequence = 1)
{
    return frame(AP_MSG_RUN_OPERATOR, sequence,
                 encoded(ap_encode_run_operator, ap_run_operator_t{op, repetitions}));
}

Bytes conditionsFrame(uint32_t conditions, uint32_t waitStates, uint32_t clock = 0)
{
    return frame(AP_MSG_CONDITIONS, 1,
                 encoded(ap_encode_conditions, ap_conditions_t{conditions, waitStates, clock}));
}

/// The only reply to a request.
Reply ask(const Bytes &request)
{
    const auto replies = profile({request});
    return replies.size() == 1 ? replies[0] : Reply{{0, 255, 0, 0}, {}};
}

ap_result_t resultOf(const Reply &reply)
{
    ap_status_t status;
    const ap_result_t result = decoded(ap_decode_result, reply.payload, &status);
    return status == AP_OK ? result : ap_result_t{};
}

uint32_t ownCrc(const ap_operator_t &op)
{
    alignas(32) static uint8_t arena[FakePort::arenaBytes];
    ap_operator_fill(&op, arena);
    if (ap_operator_run(&op, arena, fakePort.info.window)) return 0;
    return ap_operator_crc(&op, arena);
}
} // namespace

class TestApProfiler : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { fakePort.reset(); }
    void helloSaysWhatTheBoardIs();
    void anotherMajorVersion();
    void onlyTheFirstHelloSaysRestarted();
    void selfTestOfAGoodBoard();
    void selfTestNoticesEveryDefect_data();
    void selfTestNoticesEveryDefect();
    void conditionsAreSetAndReadBack();
    void conditionsThatCannotBe();
    void operatorsOfEveryKind_data();
    void operatorsOfEveryKind();
    void everyRepetitionHasItsOwnInput();
    void statisticsWithoutTheOverhead();
    void longerThanTheCounter();
    void interruptsAreOffForOneRepetition();
    void limits();
    void abortBetweenRepetitions();
    void anotherRequestEndsARun();
    void faultIsReportedAndTheLoopGoesOn();
    void damagedFramesAreSkipped();
    void repliesAreNotRequests();
    void unknownMessages();
    void tooShortMessages();
    void windowIsReadAndChecked();
    void rangesBeyondTheirRegion();
    void withoutAModel();
    void resetAndBootloader();
    void framesInPieces();
};

void TestApProfiler::helloSaysWhatTheBoardIs()
{
    fakePort.conditions = AP_COND_ICACHE;
    fakePort.waitStates = 3;
    const Reply reply = ask(hello());
    QCOMPARE(reply.status(), AP_OK);
    ap_status_t status;
    const ap_hello_t h = decoded(ap_decode_hello, reply.payload, &status);
    QCOMPARE(status, AP_OK);
    QCOMPARE(QByteArray(h.board), QByteArray("fake"));
    QCOMPARE(int(h.core), 4);
    QCOMPARE(int(h.chip_id), 0x441);
    QCOMPARE(h.clock_hz, 100'000'000u);
    QCOMPARE(h.flags, AP_FLAG_RESTARTED);
    QCOMPARE(h.conditions_supported, AP_COND_ICACHE | AP_COND_DCACHE);
    QCOMPARE(h.conditions, AP_COND_ICACHE);
    QCOMPARE(h.wait_states, 3u);
    QCOMPARE(h.arena_bytes, FakePort::arenaBytes);
    QCOMPARE(h.window_bytes, FakePort::windowBytes);
    QCOMPARE(h.pattern_bytes, uint32_t(AP_PATTERN_BYTES));
    QCOMPARE(h.max_channels, uint32_t(AP_MAX_CHANNELS));
    QCOMPARE(int(h.max_payload), int(AP_MAX_PAYLOAD));
    QCOMPARE(int(h.max_steps), 160);
    QCOMPARE(int(h.max_repetitions), 100);
    QVERIFY(h.kernel_hash != 0 && h.kernel_version == AK_KERNEL_VERSION);
    QVERIFY(h.compiler[0] != 0);
    QCOMPARE(h.unique_id[11], uint8_t(0x5C));
    fakePort.reset();
    fakePort.info.flags = AP_FLAG_VIRTUAL;
    fakePort.info.window_bytes = 100; // shorter than the pattern
    const ap_hello_t other = decoded(ap_decode_hello, ask(hello()).payload, &status);
    QCOMPARE(status, AP_OK);
    QCOMPARE(other.clock_hz, 0u);
    QCOMPARE(other.pattern_bytes, 100u);
}

void TestApProfiler::anotherMajorVersion()
{
    const auto replies = profile({hello(2, 7), hello(1, 8)});
    QCOMPARE(replies.size(), size_t(2));
    QCOMPARE(replies[0].status(), AP_WRONG_VERSION);
    QCOMPARE(int(replies[0].header.sequence), 7);
    ap_status_t status;
    const ap_hello_t h = decoded(ap_decode_hello, replies[0].payload, &status);
    QCOMPARE(status, AP_OK);
    QCOMPARE(int(h.major), AP_PROTOCOL_MAJOR);
    QCOMPARE(replies[1].status(), AP_OK);
    QVERIFY(decoded(ap_decode_hello, replies[1].payload).flags & AP_FLAG_RESTARTED);
}

void TestApProfiler::onlyTheFirstHelloSaysRestarted()
{
    fakePort.info.flags = AP_FLAG_WATCHDOG;
    const auto replies = profile({hello(), hello(), frame(AP_MSG_RESET, 3), hello(), hello()});
    QCOMPARE(replies.size(), size_t(5));
    const auto flags = [&](size_t i) { return decoded(ap_decode_hello, replies[i].payload).flags; };
    QCOMPARE(flags(0), AP_FLAG_RESTARTED | AP_FLAG_WATCHDOG);
    QCOMPARE(flags(1), 0u);
    QCOMPARE(flags(3), AP_FLAG_RESTARTED | AP_FLAG_WATCHDOG);
    QCOMPARE(flags(4), 0u);
}

void TestApProfiler::selfTestOfAGoodBoard()
{
    for (int i = 0; i < 8; ++i)
        fakePort.durations.push_back(10);
    fakePort.durations.push_back(5010);
    const Reply reply = ask(frame(AP_MSG_SELF_TEST, 1));
    QCOMPARE(reply.status(), AP_OK);
    const ap_self_test_t t = decoded(ap_decode_self_test, reply.payload);
    QCOMPARE(t.failed, 0u);
    QCOMPARE(t.counter_step, 5000u);
    QVERIFY(fakePort.watchdogs >= 4);
}

void TestApProfiler::selfTestNoticesEveryDefect_data()
{
    QTest::addColumn<int>("defect");
    QTest::addColumn<quint32>("failed");
    QTest::newRow("image") << 0 << AP_SELF_IMAGE;
    QTest::newRow("arena") << 1 << AP_SELF_ARENA;
    QTest::newRow("counter") << 2 << AP_SELF_COUNTER;
    QTest::newRow("stack") << 3 << AP_SELF_STACK;
}

void TestApProfiler::selfTestNoticesEveryDefect()
{
    QFETCH(int, defect);
    QFETCH(quint32, failed);
    for (int i = 0; i < 8; ++i)
        fakePort.durations.push_back(10);
    fakePort.durations.push_back(5010);
    if (defect == 0) ++fakePort.info.image_crc;
    if (defect == 1) // one bit of the last byte
        fakePort.onWatchdog = [] { fakePort.info.arena[FakePort::arenaBytes - 1] ^= 0x10; };
    if (defect == 2) fakePort.standsStill = true;
    if (defect == 3) fakePort.stackIntact = false;
    const Reply reply = ask(frame(AP_MSG_SELF_TEST, 1));
    QCOMPARE(reply.status(), AP_OK);
    QCOMPARE(decoded(ap_decode_self_test, reply.payload).failed, failed);
}

void TestApProfiler::conditionsAreSetAndReadBack()
{
    const Reply reply = ask(conditionsFrame(AP_COND_DCACHE, 5));
    QCOMPARE(reply.status(), AP_OK);
    const ap_conditions_t c = decoded(ap_decode_conditions, reply.payload);
    QCOMPARE(c.conditions, AP_COND_DCACHE);
    QCOMPARE(c.wait_states, 5u);
    QCOMPARE(c.clock_hz, 100'000'000u);
    QCOMPARE(fakePort.conditions, AP_COND_DCACHE);
}

void TestApProfiler::conditionsThatCannotBe()
{
    QCOMPARE(ask(conditionsFrame(AP_COND_ART, 5)).status(), AP_UNSUPPORTED);
    const Reply fewer = ask(conditionsFrame(0, 1)); // wait states
    QCOMPARE(fewer.status(), AP_BAD_FIELD);
    QCOMPARE(fewer.detail(), 1);
    const Reply clock = ask(conditionsFrame(0, 5, 1));
    QCOMPARE(clock.status(), AP_BAD_FIELD);
    QCOMPARE(clock.detail(), 2);
    QCOMPARE(fakePort.waitStates, 0u); // nothing was set
}

void TestApProfiler::operatorsOfEveryKind_data()
{
    QTest::addColumn<QByteArray>("name");
    for (const ExampleOperator &one : exampleOperators(3))
        QTest::newRow(one.name) << QByteArray(one.name);
}

void TestApProfiler::operatorsOfEveryKind()
{
    QFETCH(QByteArray, name);
    const ap_operator_t op = example(name.constData());
    const Reply reply = ask(runFrame(op, 2));
    QCOMPARE(reply.status(), AP_OK);
    const ap_result_t result = resultOf(reply);
    QCOMPARE(result.repetitions, 2u);
    QCOMPARE(result.output_crc, ownCrc(op));
    QCOMPARE(result.stack_bytes, 321u);
    QVERIFY(result.scratch_bytes <= op.scratch_bytes);
    QVERIFY(result.scratch_bytes > op.scratch_bytes / 2 || op.scratch_bytes == 0);
}

void TestApProfiler::everyRepetitionHasItsOwnInput()
{
    const ap_operator_t op = example("depthwise 5, stride 1"); // in place
    QCOMPARE(resultOf(ask(runFrame(op, 1))).output_crc, ownCrc(op));
    const uint32_t once = ap_operator_crc(&op, fakePort.info.arena);
    QCOMPARE(resultOf(ask(runFrame(op, 9))).output_crc, ownCrc(op));
    QCOMPARE(ap_operator_crc(&op, fakePort.info.arena), once);
}

void TestApProfiler::statisticsWithoutTheOverhead()
{
    const auto run = [](const std::vector<uint32_t> &cycles) {
        fakePort.durations.assign({40, 30, 11, 12, 12, 11, 15, 12}); // overhead: 11
        for (const uint32_t each : cycles)
            fakePort.durations.push_back(each + 11);
        return resultOf(ask(runFrame(example("add"), uint16_t(cycles.size()))));
    };
    ap_result_t r = run({500});
    QVERIFY(r.first == 500 && r.min == 500 && r.median == 500 && r.max == 500);
    r = run({900, 300, 310, 305, 320});
    QVERIFY(r.first == 900 && r.min == 300 && r.median == 310 && r.max == 900);
    r = run({10, 40, 20, 31});
    QVERIFY(r.first == 10 && r.min == 10 && r.median == 25 && r.max == 40);
    r = run({0xFFFFFF00, 0xFFFFFF02}); // their sum would wrap
    QCOMPARE(r.median, 0xFFFFFF01);
    fakePort.durations.assign({9, 9, 9, 9, 9, 9, 9, 9, 5}); // below the overhead
    QCOMPARE(resultOf(ask(runFrame(example("add"), 1))).median, 0u);
}

void TestApProfiler::longerThanTheCounter()
{
    fakePort.durations.assign({9, 9, 9, 9, 9, 9, 9, 9, UINT32_MAX});
    const Reply reply = ask(runFrame(example("add"), 1));
    QCOMPARE(reply.status(), AP_DOES_NOT_FIT);
    QCOMPARE(reply.detail(), 0);
}

void TestApProfiler::interruptsAreOffForOneRepetition()
{
    fakePort.meanwhile = {Bytes{0}, Bytes{0}}; // looked at between repetitions
    QCOMPARE(ask(runFrame(example("add"), 5)).status(), AP_OK);
    QCOMPARE(fakePort.irqOff, 8 + 5);
    QVERIFY(!fakePort.irqIsOff);
    QVERIFY(fakePort.meanwhile.empty());
    QVERIFY(fakePort.pulses >= 5);
    QVERIFY(fakePort.watchdogs >= 5);
    QVERIFY(fakePort.cleans > 0);
}

void TestApProfiler::limits()
{
    ap_operator_t op = example("add");
    Reply reply = ask(runFrame(op, 101));
    QCOMPARE(reply.status(), AP_DOES_NOT_FIT);
    QCOMPARE(reply.detail(), int(AP_FIELD_REPETITIONS));
    QCOMPARE(ask(runFrame(op, 100)).status(), AP_OK);
    op.out_offset = FakePort::arenaBytes - 208; // 210 bytes
    reply = ask(runFrame(op, 1));
    QCOMPARE(reply.status(), AP_DOES_NOT_FIT);
    QCOMPARE(reply.detail(), int(AP_FIELD_OUT_OFFSET));
    op.out_offset = FakePort::arenaBytes - 212;
    QCOMPARE(ask(runFrame(op, 1)).status(), AP_OK);
    op = example("pointwise plain"); // 20 * 14 bytes of weights
    op.weights_offset = FakePort::windowBytes - 276;
    reply = ask(runFrame(op, 1));
    QCOMPARE(reply.status(), AP_DOES_NOT_FIT);
    QCOMPARE(reply.detail(), int(AP_FIELD_WEIGHTS_OFFSET));
    op.weights_offset = FakePort::windowBytes - 280;
    QCOMPARE(ask(runFrame(op, 1)).status(), AP_OK);
    op.scratch_bytes += 4;
    reply = ask(runFrame(op, 1));
    QCOMPARE(reply.status(), AP_BAD_FIELD);
    QCOMPARE(reply.detail(), int(AP_FIELD_SCRATCH_BYTES));
}

void TestApProfiler::abortBetweenRepetitions()
{
    fakePort.meanwhile = {Bytes{}, Bytes{}, Bytes{0}, frame(AP_MSG_ABORT, 2)};
    const auto replies = profile({runFrame(example("add"), 100, 1), hello(1, 3)});
    QCOMPARE(replies.size(), size_t(3));
    QCOMPARE(replies[0].status(), AP_ABORTED);
    QCOMPARE(int(replies[0].header.sequence), 1);
    QCOMPARE(replies[1].status(), AP_OK);
    QCOMPARE(int(replies[1].header.type), int(AP_MSG_ABORT));
    QCOMPARE(int(replies[1].header.sequence), 2);
    QCOMPARE(int(replies[2].header.sequence), 3);
    QCOMPARE(fakePort.irqOff, 8 + 3); // the third look found it
    // Nothing runs: answered all the same.
    QCOMPARE(ask(frame(AP_MSG_ABORT, 4)).status(), AP_OK);
}

void TestApProfiler::anotherRequestEndsARun()
{
    const ap_operator_t other = example("mean");
    Bytes late = runFrame(other, 3, 2);
    const Bytes behind = hello(1, 3); // in the same piece
    late.insert(late.end(), behind.begin(), behind.end());
    fakePort.meanwhile = {late};
    const auto replies = profile({runFrame(example("add"), 100, 1)});
    // Hello ends the second run, too: it has arrived.
    QCOMPARE(replies.size(), size_t(3));
    QCOMPARE(replies[0].status(), AP_ABORTED);
    QCOMPARE(int(replies[1].header.sequence), 2);
    QCOMPARE(replies[1].status(), AP_ABORTED);
    QCOMPARE(int(replies[2].header.sequence), 3);
    QCOMPARE(replies[2].status(), AP_OK);
    fakePort.meanwhile = {runFrame(other, 1, 5)};
    const auto two = profile({runFrame(example("add"), 100, 4)});
    QCOMPARE(two.size(), size_t(2));
    QCOMPARE(two[1].status(), AP_OK);
    QCOMPARE(resultOf(two[1]).output_crc, ownCrc(other));
}

void TestApProfiler::faultIsReportedAndTheLoopGoesOn()
{
    for (const int guard : {0, 1}) { // while it is set up, and in the kernel
        fakePort.reset();
        fakePort.faultyGuard = guard;
        QCOMPARE(ask(runFrame(example("add"), 3)).status(), AP_FAULT);
        QVERIFY(guard == 0 || !fakePort.irqIsOff);
        fakePort.reset();
        fakePort.faultyGuard = guard;
        const auto replies = profile({runFrame(example("add"), 3), runFrame(example("add"), 3)});
        QCOMPARE(replies.size(), size_t(2));
        QCOMPARE(replies[0].status(), AP_FAULT);
        const ap_fault_t fault = decoded(ap_decode_fault, replies[0].payload);
        QCOMPARE(fault.pc, 0x08001234u);
        QCOMPARE(fault.bfar, 6u);
        QCOMPARE(replies[1].status(), AP_OK);
        QVERIFY(!fakePort.irqIsOff);
    }
    fakePort.reset();
    fakePort.faultyGuard = 0;
    const auto replies = profile(
        {frame(AP_MSG_CRC, 1, encoded(ap_encode_range, ap_range_t{AP_REGION_WINDOW, 0, 64})),
         hello()});
    QCOMPARE(replies[0].status(), AP_FAULT); // Flash that cannot be read
    QCOMPARE(replies[1].status(), AP_OK);
}

void TestApProfiler::damagedFramesAreSkipped()
{
    Bytes bad = hello(1, 1);
    bad[3] ^= 0x40;
    const auto replies = profile({bad, Bytes{1, 2, 3, 0, 0, 0, 9}, Bytes{0}, hello(1, 2)});
    QCOMPARE(replies.size(), size_t(1));
    QCOMPARE(int(replies[0].header.sequence), 2);
}

void TestApProfiler::repliesAreNotRequests()
{
    const auto replies = profile({frame(AP_MSG_HELLO, 1, {1, 0, 0, 0}, AP_BAD_FIELD), hello(1, 2)});
    QCOMPARE(replies.size(), size_t(1));
    QCOMPARE(int(replies[0].header.sequence), 2);
}

void TestApProfiler::unknownMessages()
{
    for (const int type : {0, 15, 255})
        QCOMPARE(ask(frame(uint8_t(type), 1)).status(), AP_UNKNOWN_MESSAGE);
}

void TestApProfiler::tooShortMessages()
{
    for (const int type :
         {AP_MSG_HELLO, AP_MSG_CONDITIONS, AP_MSG_RUN_OPERATOR, AP_MSG_NETWORK_BEGIN,
          AP_MSG_NETWORK_STEP, AP_MSG_NETWORK_RUN, AP_MSG_READ, AP_MSG_WRITE, AP_MSG_CRC}) {
        const Reply reply = ask(frame(uint8_t(type), 1, {1}));
        QCOMPARE(reply.status(), AP_BAD_LENGTH);
        QVERIFY(reply.payload.empty());
    }
}

void TestApProfiler::windowIsReadAndChecked()
{
    const auto range = [](ap_message_t type, uint32_t offset, uint32_t count) {
        return ask(
            frame(type, 1, encoded(ap_encode_range, ap_range_t{AP_REGION_WINDOW, offset, count})));
    };
    const Reply part = range(AP_MSG_READ, AP_PATTERN_BYTES - 3, 6);
    QCOMPARE(part.status(), AP_OK);
    const uint8_t *const end = ap_weights_pattern + AP_PATTERN_BYTES;
    QCOMPARE(part.payload, (Bytes{end[-3], end[-2], end[-1], 0xFF, 0xFF, 0xFF}));
    QCOMPARE(range(AP_MSG_READ, 0, AP_MAX_PAYLOAD).payload.size(), size_t(AP_MAX_PAYLOAD));
    QCOMPARE(range(AP_MSG_READ, FakePort::windowBytes, 0).status(), AP_OK);
    const Reply crc = range(AP_MSG_CRC, 0, FakePort::windowBytes);
    QCOMPARE(crc.payload.size(), size_t(4));
    uint32_t value = 0;
    for (size_t i = 0; i < 4; ++i)
        value |= uint32_t(crc.payload[i]) << 8 * i;
    QCOMPARE(value, ap_crc32(0, fakePort.info.window, FakePort::windowBytes));
}

void TestApProfiler::rangesBeyondTheirRegion()
{
    const auto range = [](ap_message_t type, ap_range_t range) {
        return ask(frame(type, 1, encoded(ap_encode_range, range)));
    };
    const uint32_t all = FakePort::windowBytes;
    for (const ap_message_t type : {AP_MSG_READ, AP_MSG_CRC}) {
        QCOMPARE(range(type, {AP_REGION_WINDOW, all + 1, 0}).detail(), 1);
        QCOMPARE(range(type, {AP_REGION_WINDOW, all - 4, 5}).detail(), 2);
        QCOMPARE(range(type, {AP_REGION_WINDOW, 4, 0xFFFFFFFE}).status(), AP_DOES_NOT_FIT);
        QCOMPARE(range(type, {AP_REGION_WINDOW, 0xFFFFFFFE, 4}).status(), AP_DOES_NOT_FIT);
        QCOMPARE(range(type, {AP_REGION_MODEL_INPUT, 0, 1}).status(), AP_BAD_FIELD);
        QCOMPARE(range(type, {AP_REGION_STEP_CYCLES, 0, 4}).status(), AP_NOT_READY);
    }
    const Reply longer = range(AP_MSG_READ, {AP_REGION_WINDOW, 0, AP_MAX_PAYLOAD + 1});
    QCOMPARE(longer.status(), AP_DOES_NOT_FIT);
    QCOMPARE(longer.detail(), 2);
}

void TestApProfiler::withoutAModel()
{
    QCOMPARE(ask(frame(AP_MSG_VALIDATE, 1)).status(), AP_NO_MODEL);
    const uint8_t byte = 1;
    const ap_write_t write{AP_REGION_MODEL_INPUT, 0, &byte, 1};
    QCOMPARE(ask(frame(AP_MSG_WRITE, 1, encoded(ap_encode_write, write))).status(), AP_NO_MODEL);
    const ap_write_t flash{AP_REGION_WINDOW, 0, &byte, 1};
    QCOMPARE(ask(frame(AP_MSG_WRITE, 1, encoded(ap_encode_write, flash))).status(), AP_BAD_FIELD);
    QCOMPARE(ask(frame(AP_MSG_READ, 1,
                       encoded(ap_encode_range, ap_range_t{AP_REGION_MODEL_OUTPUT, 0, 1})))
                 .status(),
             AP_NO_MODEL);
}

void TestApProfiler::resetAndBootloader()
{
    QCOMPARE(ask(frame(AP_MSG_RESET, 1)).status(), AP_OK);
    QCOMPARE(fakePort.resets, 1);
    QCOMPARE(ask(frame(AP_MSG_BOOTLOADER, 1)).status(), AP_UNSUPPORTED);
    QCOMPARE(fakePort.bootloaders, 0);
    fakePort.info.flags = AP_FLAG_BOOTLOADER;
    QCOMPARE(ask(frame(AP_MSG_BOOTLOADER, 1)).status(), AP_OK);
    QCOMPARE(fakePort.bootloaders, 1);
}

void TestApProfiler::framesInPieces()
{
    std::vector<Bytes> pieces;
    for (uint16_t i = 0; i < 20; ++i)
        for (const uint8_t byte : runFrame(example("add"), 1, i))
            pieces.push_back({byte});
    const auto replies = profile(pieces);
    QCOMPARE(replies.size(), size_t(20));
    for (size_t i = 0; i < 20; ++i) {
        QCOMPARE(replies[i].status(), AP_OK);
        QCOMPARE(size_t(replies[i].header.sequence), i);
    }
}

QTEST_APPLESS_MAIN(TestApProfiler)
#include "tst_ap_profiler.moc"
