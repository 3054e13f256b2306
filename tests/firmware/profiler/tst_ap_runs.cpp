// Networks and the model that is linked in.
#include "firmware/protocol/ap_pattern.h"
#include "tests/firmware/profiler/example_operators.h"
#include "tests/firmware/profiler/fake_model.h"
#include "tests/firmware/profiler/fake_port.h"

#include <QTest>

#include <cstring>

namespace
{
enum : uint32_t { First = 0, Second = 4096, Scratch = 12288, Arena = 16384 };

/// Three steps: pointwise 6x5x8 -> 12, depthwise in place, mean.
struct Net {
    ap_network_begin_t begin{Arena, First, 240, Scratch - 64, 12, 77, 3};
    std::vector<ap_operator_t> steps;
    Net()
    {
        ap_operator_t op{};
        op.kind = AP_OP_POINTWISE;
        op.packing = AK_PACKING_PLAIN_4X2;
        op.shift = 7;
        op.in_h = 6;
        op.in_w = 5;
        op.in_c = 8;
        op.out_c = 12;
        op.in_offset = First;
        op.out_offset = Second;
        add(op);
        op.kind = AP_OP_DEPTHWISE;
        op.packing = AK_PACKING_DEPTHWISE;
        op.kernel = 3;
        op.stride = 1;
        op.in_c = 12;
        op.in_offset = Second;
        add(op);
        ap_operator_t mean{};
        mean.kind = AP_OP_MEAN;
        mean.shift = 4;
        mean.in_h = 6;
        mean.in_w = 5;
        mean.in_c = mean.out_c = 12;
        mean.in_offset = Second;
        mean.out_offset = Scratch - 64;
        add(mean);
    }
    void add(ap_operator_t op)
    {
        ap_operator_sizes_t size;
        ap_operator_sizes(&op, &size);
        op.scratch_bytes = uint32_t(size.scratch);
        if (op.scratch_bytes) op.scratch_offset = Scratch;
        steps.push_back(op);
    }
    [[nodiscard]] uint32_t crc() const
    {
        alignas(32) static uint8_t arena[Arena];
        std::memset(arena, 0, sizeof arena);
        ap_fill(begin.seed, arena + begin.input_offset, begin.input_bytes);
        for (const ap_operator_t &op : steps)
            if (ap_operator_run(&op, arena, fakePort.info.window)) return 0;
        return ap_crc32(0, arena + begin.output_offset, begin.output_bytes);
    }
    [[nodiscard]] Bytes beginFrame() const
    {
        return frame(AP_MSG_NETWORK_BEGIN, 1, encoded(ap_encode_network_begin, begin));
    }
    [[nodiscard]] Bytes stepFrame(uint16_t i) const
    {
        return frame(AP_MSG_NETWORK_STEP, uint16_t(2 + i),
                     encoded(ap_encode_network_step, ap_network_step_t{i, steps[i]}));
    }
    [[nodiscard]] std::vector<Bytes> frames(uint16_t repetitions) const
    {
        return {beginFrame(), stepFrame(0), stepFrame(1), stepFrame(2), runFrame(repetitions)};
    }
    static Bytes runFrame(uint16_t repetitions)
    {
        return frame(AP_MSG_NETWORK_RUN, 9,
                     encoded(ap_encode_network_run, ap_network_run_t{repetitions}));
    }
};

Bytes cyclesFrame()
{
    return frame(AP_MSG_READ, 10,
                 encoded(ap_encode_range, ap_range_t{AP_REGION_STEP_CYCLES, 0, 12}));
}

Bytes writeFrame(uint32_t offset, const Bytes &bytes)
{
    return frame(AP_MSG_WRITE, 1,
                 encoded(ap_encode_write, ap_write_t{AP_REGION_MODEL_INPUT, offset, bytes.data(),
                                                     uint32_t(bytes.size())}));
}

Bytes outputFrame(uint32_t count = fakeModelOutput)
{
    return frame(AP_MSG_READ, 10,
                 encoded(ap_encode_range, ap_range_t{AP_REGION_MODEL_OUTPUT, 0, count}));
}

uint32_t word(const Bytes &bytes, size_t i)
{
    uint32_t value;
    std::memcpy(&value, bytes.data() + 4 * i, 4);
    return value;
}
} // namespace

class TestApRuns : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { fakePort.reset(); }
    void networkGivesTheStepsOutput();
    void whatNobodyWroteIsZero();
    void theNetworkIsTimedAsOneBesideItsSteps();
    void stepsComeInOrder();
    void runBeforeAllStepsCame();
    void whatDoesNotFit();
    void weightsInRamAreRefused();
    void aNewNetworkForgetsTheOldOne();
    void abortBetweenSteps();
    void faultInAStep();
    void modelRunsOnWhatWasWritten();
    void modelThatFails();
    void modelOutputIsThereUntilSomethingElseRuns();
    void writesBeyondTheInput();
};

void TestApRuns::networkGivesTheStepsOutput()
{
    const Net net;
    std::memset(fakePort.info.arena, 0xAB, Arena);
    const auto replies = profile(net.frames(3));
    QCOMPARE(replies.size(), size_t(5));
    for (const Reply &reply : replies)
        QCOMPARE(reply.status(), AP_OK);
    const ap_result_t result = decoded(ap_decode_result, replies[4].payload);
    QCOMPARE(result.repetitions, 3u);
    QVERIFY(net.crc() != 0);
    QCOMPARE(result.output_crc, net.crc());
    QVERIFY(result.scratch_bytes > 0 && result.scratch_bytes <= net.steps[1].scratch_bytes);
}

void TestApRuns::whatNobodyWroteIsZero()
{
    Net net;
    net.steps.erase(net.steps.begin(), net.steps.begin() + 2); // the mean of nothing
    net.begin.steps = 1;
    std::memset(fakePort.info.arena, 0xAB, Arena);
    const auto replies = profile({net.beginFrame(), net.stepFrame(0), Net::runFrame(1)});
    QCOMPARE(replies[2].status(), AP_OK);
    QCOMPARE(decoded(ap_decode_result, replies[2].payload).output_crc, net.crc());
}

void TestApRuns::theNetworkIsTimedAsOneBesideItsSteps()
{
    const Net net;
    fakePort.durations.assign({10, 10, 10, 10, 10, 10, 10, 10});
    for (const uint32_t each :
         {1010, 2010, 3010, 6110, 6410, 6140}) // the steps, then three times all
        fakePort.durations.push_back(each);
    std::vector<Bytes> frames = net.frames(3);
    frames.push_back(cyclesFrame());
    const auto replies = profile(frames);
    QCOMPARE(replies.size(), size_t(6));
    const ap_result_t r = decoded(ap_decode_result, replies[4].payload);
    QVERIFY(r.first == 6100 && r.min == 6100 && r.median == 6130 && r.max == 6400);
    const Bytes &cycles = replies[5].payload;
    QCOMPARE(cycles.size(), size_t(12));
    QVERIFY(word(cycles, 0) == 1000 && word(cycles, 1) == 2000 && word(cycles, 2) == 3000);
}

void TestApRuns::stepsComeInOrder()
{
    const Net net;
    const auto replies = profile(
        {net.stepFrame(0), net.beginFrame(), net.stepFrame(1), net.stepFrame(0), net.stepFrame(0),
         net.stepFrame(2), net.stepFrame(1), net.stepFrame(0), net.stepFrame(2), Net::runFrame(1)});
    const std::vector<ap_status_t> expected{AP_NOT_READY, AP_OK, AP_BAD_FIELD, AP_OK, AP_OK,
                                            AP_BAD_FIELD, AP_OK, AP_BAD_FIELD, AP_OK, AP_OK};
    QCOMPARE(replies.size(), expected.size());
    for (size_t i = 0; i < expected.size(); ++i)
        QCOMPARE(replies[i].status(), expected[i]);
    QCOMPARE(replies[2].detail(), 0);
    QCOMPARE(decoded(ap_decode_result, replies[9].payload).output_crc, net.crc());
}

void TestApRuns::runBeforeAllStepsCame()
{
    const Net net;
    const auto replies =
        profile({Net::runFrame(1), net.beginFrame(), Net::runFrame(1), net.stepFrame(0),
                 net.stepFrame(1), Net::runFrame(1), cyclesFrame()});
    for (const size_t i : {0, 2, 5, 6})
        QCOMPARE(replies[i].status(), AP_NOT_READY);
}

void TestApRuns::whatDoesNotFit()
{
    Net net;
    net.begin.steps = 161;
    Reply reply = profile({net.beginFrame()})[0];
    QCOMPARE(reply.status(), AP_DOES_NOT_FIT);
    QCOMPARE(reply.detail(), 6);
    net.begin.steps = 3;
    net.begin.arena_bytes = FakePort::arenaBytes + 4;
    reply = profile({net.beginFrame()})[0];
    QCOMPARE(reply.status(), AP_DOES_NOT_FIT);
    QCOMPARE(reply.detail(), 0);
    // A step may use the network's arena, not all of the board's.
    net.begin.arena_bytes = Arena;
    net.steps[0].scratch_offset = Arena;
    reply = profile({net.beginFrame(), net.stepFrame(0)})[1];
    QCOMPARE(reply.status(), AP_DOES_NOT_FIT);
    QCOMPARE(reply.detail(), 1 + AP_FIELD_SCRATCH_OFFSET);
    const auto replies = profile(Net().frames(101));
    QCOMPARE(replies[4].status(), AP_DOES_NOT_FIT);
    QCOMPARE(replies[4].detail(), 0);
    // The prepared calls need room behind the network.
    Net wide;
    wide.begin.arena_bytes = FakePort::arenaBytes - 64;
    const auto whole = profile(wide.frames(1));
    QCOMPARE(whole[0].status(), AP_OK);
    QCOMPARE(whole[4].status(), AP_DOES_NOT_FIT);
}

void TestApRuns::weightsInRamAreRefused()
{
    Net net;
    net.steps[0].weight_place = 1;
    net.steps[0].weights_ram = 0;
    const auto replies = profile({net.beginFrame(), net.stepFrame(0)});
    QCOMPARE(replies[1].status(), AP_UNSUPPORTED);
}

void TestApRuns::aNewNetworkForgetsTheOldOne()
{
    const Net net;
    std::vector<Bytes> frames = net.frames(1);
    frames.push_back(net.beginFrame());
    frames.push_back(Net::runFrame(1));
    frames.push_back(cyclesFrame());
    const auto replies = profile(frames);
    QCOMPARE(replies[4].status(), AP_OK);
    QCOMPARE(replies[6].status(), AP_NOT_READY);
    QCOMPARE(replies[7].status(), AP_NOT_READY);
}

void TestApRuns::abortBetweenSteps()
{
    const Net net;
    // 5 looks in the run that ends well (3 steps, then all of them 3 times), 7 in the one that is
    // aborted.
    fakePort.meanwhile.assign(11, Bytes{}); // nothing has come
    fakePort.meanwhile.push_back(frame(AP_MSG_ABORT, 20));
    std::vector<Bytes> frames = net.frames(3);
    frames.push_back(cyclesFrame());
    frames.push_back(Net::runFrame(50));
    frames.push_back(cyclesFrame());
    const auto replies = profile(frames);
    QCOMPARE(replies.size(), size_t(9));
    QCOMPARE(replies[4].status(), AP_OK);
    QCOMPARE(replies[5].status(), AP_OK);
    QCOMPARE(replies[6].status(), AP_ABORTED);
    QCOMPARE(int(replies[7].header.type), int(AP_MSG_ABORT));
    QCOMPARE(replies[8].status(), AP_NOT_READY); // no cycles of half a run
}

void TestApRuns::faultInAStep()
{
    const Net net;
    fakePort.faultyGuard = 3; // step 1: two guards each
    std::vector<Bytes> frames = net.frames(1);
    frames.push_back(Net::runFrame(1));
    const auto replies = profile(frames);
    QCOMPARE(replies[4].status(), AP_FAULT);
    QCOMPARE(replies[5].status(), AP_OK);
    QCOMPARE(decoded(ap_decode_result, replies[5].payload).output_crc, net.crc());
}

void TestApRuns::modelRunsOnWhatWasWritten()
{
    Bytes input(fakeModelInput), expected;
    for (size_t i = 0; i < input.size(); ++i)
        input[i] = uint8_t(7 * i);
    for (size_t i = 0; i < fakeModelOutput; ++i)
        expected.push_back(uint8_t(input[3 * i] + input[3 * i + 1] + input[3 * i + 2] + 1));
    const Bytes head(input.begin(), input.begin() + 10), tail(input.begin() + 10, input.end());
    fakePort.durations.assign({10, 10, 10, 10, 10, 10, 10, 10, 510});
    const auto replies =
        profile({writeFrame(0, head), writeFrame(10, tail), frame(AP_MSG_VALIDATE, 2),
                 outputFrame(), frame(AP_MSG_HELLO, 3, {1, 0, 0, 0})});
    QCOMPARE(replies.size(), size_t(5));
    for (const Reply &reply : replies)
        QCOMPARE(reply.status(), AP_OK);
    const ap_result_t result = decoded(ap_decode_result, replies[2].payload);
    QCOMPARE(result.median, 500u);
    QCOMPARE(result.output_crc, ap_crc32(0, expected.data(), expected.size()));
    QCOMPARE(replies[3].payload, expected);
    ap_status_t status;
    const ap_hello_t hello = decoded(ap_decode_hello, replies[4].payload, &status);
    QCOMPARE(status, AP_OK);
    QVERIFY(hello.flags & AP_FLAG_MODEL);
    QVERIFY(hello.model_crc == 0xABCD && hello.model_input_bytes == fakeModelInput &&
            hello.model_output_bytes == fakeModelOutput);
}

void TestApRuns::modelThatFails()
{
    const auto replies = profile({writeFrame(0, {99}), frame(AP_MSG_VALIDATE, 2), outputFrame()});
    QCOMPARE(replies[1].status(), AP_KERNEL_REFUSED);
    QCOMPARE(replies[1].detail(), 7);
    QCOMPARE(replies[2].status(), AP_NOT_READY);
    fakePort.info.arena_bytes = fakeModelOutput - 4;
    QCOMPARE(profile({frame(AP_MSG_VALIDATE, 2)})[0].status(), AP_DOES_NOT_FIT);
}

void TestApRuns::modelOutputIsThereUntilSomethingElseRuns()
{
    const ap_operator_t op = exampleOperators(1).back().op;
    const Bytes run =
        frame(AP_MSG_RUN_OPERATOR, 4, encoded(ap_encode_run_operator, ap_run_operator_t{op, 1}));
    const Bytes validate = frame(AP_MSG_VALIDATE, 2), test = frame(AP_MSG_SELF_TEST, 3);
    const auto replies = profile({outputFrame(), writeFrame(0, {0}), validate, outputFrame(),
                                  outputFrame(fakeModelOutput + 1), run, outputFrame(), validate,
                                  test, outputFrame()});
    QCOMPARE(replies.size(), size_t(10));
    QCOMPARE(replies[0].status(), AP_NOT_READY);
    QCOMPARE(replies[3].status(), AP_OK);
    QCOMPARE(replies[4].status(), AP_DOES_NOT_FIT);
    QCOMPARE(replies[6].status(), AP_NOT_READY);
    QCOMPARE(replies[7].status(), AP_OK);
    QCOMPARE(replies[9].status(), AP_NOT_READY);
    std::vector<Bytes> frames = Net().frames(1);
    frames.insert(frames.begin(), validate);
    frames.push_back(outputFrame());
    const auto others = profile(frames);
    QCOMPARE(others[0].status(), AP_OK);
    QCOMPARE(others[6].status(), AP_NOT_READY);
}

void TestApRuns::writesBeyondTheInput()
{
    QCOMPARE(profile({writeFrame(fakeModelInput + 1, {})})[0].detail(), 1);
    const Reply reply = profile({writeFrame(fakeModelInput - 1, {1, 2})})[0];
    QCOMPARE(reply.status(), AP_DOES_NOT_FIT);
    QCOMPARE(reply.detail(), 2);
    QCOMPARE(profile({writeFrame(0xFFFFFFFF, {1, 2})})[0].status(), AP_DOES_NOT_FIT);
    QCOMPARE(profile({writeFrame(fakeModelInput - 2, {1, 2})})[0].status(), AP_OK);
}

QTEST_APPLESS_MAIN(TestApRuns)
#include "tst_ap_runs.moc"
