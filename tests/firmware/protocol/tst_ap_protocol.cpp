#include "firmware/protocol/ap_operator_rules.h"
#include "tests/firmware/profiler/example_operators.h"
#include "tests/firmware/profiler/frames.h"

#include <QTest>

#include <cstring>
#include <functional>

namespace
{
struct Message {
    const char *name;
    Bytes example;
    std::function<ap_status_t(const Bytes &, uint16_t *)> decode;
    std::function<Bytes(const Bytes &)> again; ///< decoded and encoded
};

template <class T>
Message message(const char *name, const T &example, size_t (*encode)(const T *, uint8_t *),
                ap_status_t (*decode)(const uint8_t *, size_t, T *, uint16_t *))
{
    return {name, encoded(encode, example),
            [decode](const Bytes &bytes, uint16_t *field) {
                T value{};
                return decode(bytes.data(), bytes.size(), &value, field);
            },
            [encode, decode](const Bytes &bytes) {
                T value{};
                uint16_t field;
                const ap_status_t status = decode(bytes.data(), bytes.size(), &value, &field);
                return status == AP_OK ? encoded(encode, value) : Bytes();
            }};
}
#define MESSAGE(name, value) message(#name, value, ap_encode_##name, ap_decode_##name)

ap_hello_t exampleHello()
{
    ap_hello_t h{};
    h.major = 1;
    h.firmware_version = 3;
    h.kernel_version = 1;
    h.kernel_hash = 0xDEADBEEF;
    h.clock_hz = 400'000'000;
    h.flags = AP_FLAG_MODEL | AP_FLAG_USB;
    h.conditions_supported = AP_COND_ICACHE | AP_COND_DCACHE;
    h.conditions = AP_COND_ICACHE;
    h.wait_states = 4;
    h.arena_bytes = 512 * 1024;
    h.window_bytes = 2'000'000;
    h.pattern_bytes = 16384;
    h.image_crc = 77;
    h.max_channels = 2048;
    h.max_payload = 2048;
    h.max_steps = 160;
    h.max_repetitions = 100;
    h.chip_id = 0x450;
    h.model_crc = 9;
    h.model_input_bytes = 3072;
    h.model_output_bytes = 10;
    for (uint8_t i = 0; i < AP_UNIQUE_BYTES; ++i)
        h.unique_id[i] = i;
    h.core = 7;
    std::strcpy(h.board, "stm32h743-nucle");
    std::strcpy(h.compiler, "arm-none-eabi-gcc 12.2.1");
    std::strcpy(h.compiler_flags, "-O2 -mthumb");
    return h;
}

ap_run_operator_t exampleRun(const char *kind)
{
    for (const ExampleOperator &example : exampleOperators(5))
        if (!std::strcmp(example.name, kind)) return {example.op, 10};
    qFatal("no example %s", kind);
}

const uint8_t someBytes[] = {1, 2, 3, 0, 5};

std::vector<Message> messages()
{
    std::vector<Message> all{
        MESSAGE(hello_request, (ap_hello_request_t{1, 0})),
        MESSAGE(hello, exampleHello()),
        MESSAGE(self_test, (ap_self_test_t{AP_SELF_ARENA, 6000})),
        MESSAGE(conditions, (ap_conditions_t{AP_COND_ALL, 7, 1})),
        MESSAGE(result, (ap_result_t{10, 22, 20, 21, 22, 0xCAFE, 100, 64})),
        MESSAGE(network_begin, (ap_network_begin_t{4096, 0, 3000, 4092, 4, 1, 3})),
        MESSAGE(network_step, (ap_network_step_t{2, exampleRun("add").op})),
        MESSAGE(network_run, (ap_network_run_t{1})),
        MESSAGE(range, (ap_range_t{AP_REGION_WINDOW, 5, 1 << 20})),
        MESSAGE(write, (ap_write_t{AP_REGION_MODEL_INPUT, 8, someBytes, sizeof someBytes})),
        MESSAGE(fault, (ap_fault_t{1, 2, 3, 4, 5, 6, 7})),
    };
    for (const ExampleOperator &example : exampleOperators(5))
        all.push_back(message(example.name, ap_run_operator_t{example.op, 10},
                              ap_encode_run_operator, ap_decode_run_operator));
    return all;
}

const Message &messageNamed(const QByteArray &name)
{
    static const std::vector<Message> all = messages();
    for (const Message &one : all)
        if (name == one.name) return one;
    qFatal("no message %s", name.constData());
}
} // namespace

class TestApProtocol : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void roundTrip_data() { everyMessage(); }
    void roundTrip();
    void shorterIsRefused_data() { everyMessage(); }
    void shorterIsRefused();
    void laterMinorVersionsMayAppend_data() { everyMessage(); }
    void laterMinorVersionsMayAppend();
    void whatCannotBeIsRefused_data();
    void whatCannotBeIsRefused();
    void unusedOperatorFieldsAreZero_data();
    void unusedOperatorFieldsAreZero();
    void textsAreCutAndPadded();
    void writesLongerThanAMessage();
    void everyByteOfAMessageIsAField_data() { everyMessage(); }
    void everyByteOfAMessageIsAField();
    void layoutOfAnOperator();

private:
    static void everyMessage()
    {
        QTest::addColumn<QByteArray>("name");
        for (const Message &one : messages())
            QTest::newRow(one.name) << QByteArray(one.name);
    }
};

void TestApProtocol::roundTrip()
{
    QFETCH(QByteArray, name);
    const Message &one = messageNamed(name);
    uint16_t field = 999;
    QCOMPARE(one.decode(one.example, &field), AP_OK);
    QVERIFY(!one.example.empty());
    QCOMPARE(one.again(one.example), one.example);
}

void TestApProtocol::shorterIsRefused()
{
    QFETCH(QByteArray, name);
    const Message &one = messageNamed(name);
    for (size_t count = 0; count < one.example.size(); ++count) {
        const Bytes part(one.example.begin(), one.example.begin() + std::ptrdiff_t(count));
        uint16_t field = 999;
        const ap_status_t status = one.decode(part, &field);
        if (name == "write" && count >= 9) { // the count itself arrived
            QCOMPARE(status, AP_BAD_FIELD);
            QCOMPARE(field, uint16_t(2));
        } else {
            QCOMPARE(status, AP_BAD_LENGTH);
        }
    }
}

void TestApProtocol::laterMinorVersionsMayAppend()
{
    QFETCH(QByteArray, name);
    const Message &one = messageNamed(name);
    Bytes longer = one.example;
    longer.insert(longer.end(), {0xFF, 0x00, 0x12});
    uint16_t field = 999;
    QCOMPARE(one.decode(longer, &field), AP_OK);
    QCOMPARE(one.again(longer), one.example);
}

void TestApProtocol::whatCannotBeIsRefused_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<int>("at");    // byte of the message
    QTest::addColumn<int>("bytes"); // to write there
    QTest::addColumn<qint64>("value");
    QTest::addColumn<int>("field");
    const auto row = [](const char *message, const char *what, int at, int bytes, qint64 value,
                        int field) {
        QTest::addRow("%s: %s", message, what)
            << QByteArray(message) << at << bytes << value << field;
    };
    row("hello", "no clock on a real board", 16, 4, 0, 5);
    row("hello", "a clock on a virtual board", 20, 4, AP_FLAG_VIRTUAL | AP_FLAG_MODEL, 5);
    row("hello", "unknown flag", 20, 4, 64 | AP_FLAG_MODEL, 6);
    row("hello", "unknown condition supported", 24, 4, 16, 7);
    row("hello", "unknown condition", 28, 4, 16, 8);
    row("hello", "a condition it has not", 28, 4, AP_COND_ART, 8);
    row("hello", "wait states", 32, 4, 255, 9);
    row("hello", "absurd arena", 36, 4, (1 << 28) + 4, 10);
    row("hello", "absurd window", 40, 4, 0xFFFFFFFF, 11);
    row("hello", "pattern longer than the window", 44, 4, 2'000'001, 12);
    row("hello", "no channels", 52, 4, 0, 14);
    row("hello", "too many channels", 52, 4, 65536, 14);
    row("hello", "no payload", 56, 2, 255, 15);
    row("hello", "no steps", 58, 2, 0, 16);
    row("hello", "no repetitions", 60, 2, 0, 17);
    row("hello", "model without input", 68, 4, 0, 20);
    row("hello", "model without output", 72, 4, 0, 21);
    row("hello", "output without model", 20, 4, 0, 20);
    row("hello", "absurd input", 68, 4, 0x7FFFFFFF, 20);
    row("hello", "core", 88, 1, 3, 23);
    row("hello", "core between", 88, 1, 5, 23);
    row("hello", "no board", 89, 1, 0, 24);
    row("hello", "board not ended", 104, 1, 'x', 24);
    row("hello", "board with a control character", 91, 1, 10, 24);
    row("hello", "text behind its end", 151, 1, 'x', 25);
    row("hello", "flags not ASCII", 153, 1, 0xC3, 26);
    row("self_test", "unknown part", 0, 4, 16, 0);
    row("conditions", "unknown condition", 0, 4, 16, 0);
    row("conditions", "wait states", 4, 4, 256, 1);
    row("result", "no repetition", 0, 4, 0, 0);
    row("result", "absurd repetitions", 0, 4, 65536, 0);
    row("result", "first below min", 4, 4, 19, 1);
    row("result", "first above max", 4, 4, 23, 1);
    row("result", "median below min", 12, 4, 19, 3);
    row("result", "median above max", 12, 4, 23, 3);
    row("result", "absurd stack", 24, 4, 0xFFFFFFFF, 6);
    row("result", "absurd scratch", 28, 4, 0xFFFFFFFF, 7);
    row("network_begin", "empty arena", 0, 4, 0, 0);
    row("network_begin", "arena not of words", 0, 4, 4097, 0);
    row("network_begin", "input not at a word", 4, 4, 2, 1);
    row("network_begin", "no input", 8, 4, 0, 2);
    row("network_begin", "input behind the arena", 8, 4, 4097, 2);
    row("network_begin", "input that would wrap", 4, 4, 0xFFFFFFFC, 2);
    row("network_begin", "output not at a word", 12, 4, 1, 3);
    row("network_begin", "no output", 16, 4, 0, 4);
    row("network_begin", "output behind the arena", 16, 4, 5, 4);
    row("network_begin", "no steps", 24, 2, 0, 6);
    row("network_run", "no repetition", 0, 2, 0, 0);
    row("range", "region 0", 0, 1, 0, 0);
    row("range", "region 5", 0, 1, 5, 0);
    row("write", "region", 0, 1, 9, 0);
    row("write", "more than came", 5, 4, 6, 2);
    row("write", "count that would wrap", 5, 4, 0xFFFFFFFF, 2);
    const char *conv = "conv plain", *add = "add", *pair = "pair plain, hi/lo from RAM";
    row(conv, "kind 0", 0, 1, 0, AP_FIELD_KIND);
    row(conv, "a kind of another runtime", 0, 1, 5, AP_FIELD_KIND);
    row(conv, "kind 12", 0, 1, 12, AP_FIELD_KIND);
    row(conv, "act", 1, 1, 5, AP_FIELD_ACT);
    row(conv, "unknown act", 1, 1, 255, AP_FIELD_ACT);
    row(conv, "even kernel", 2, 1, 4, AP_FIELD_KERNEL);
    row(conv, "no kernel", 2, 1, 0, AP_FIELD_KERNEL);
    row(conv, "kernel 9", 2, 1, 9, AP_FIELD_KERNEL);
    row(conv, "no stride", 3, 1, 0, AP_FIELD_STRIDE);
    row(conv, "stride 5", 3, 1, 5, AP_FIELD_STRIDE);
    row(conv, "packing of none", 4, 1, 0, AP_FIELD_PACKING);
    row(conv, "packing of depthwise", 4, 1, 3, AP_FIELD_PACKING);
    row(conv, "packing 4", 4, 1, 4, AP_FIELD_PACKING);
    row(conv, "shift", 6, 1, 25, AP_FIELD_SHIFT);
    row(conv, "no rows", 12, 2, 0, AP_FIELD_IN_H);
    row(conv, "no columns", 14, 2, 0, AP_FIELD_IN_W);
    row(conv, "no input channels", 16, 2, 0, AP_FIELD_IN_C);
    row(conv, "no output channels", 18, 2, 0, AP_FIELD_OUT_C);
    row(conv, "place of weights", 22, 2, 2, AP_FIELD_WEIGHT_PLACE);
    row(conv, "input not at a word", 24, 4, 1, AP_FIELD_IN_OFFSET);
    row(conv, "output not at a word", 32, 4, 2, AP_FIELD_OUT_OFFSET);
    row(conv, "scratch not at a word", 36, 4, 3, AP_FIELD_SCRATCH_OFFSET);
    row(conv, "weights not at a word", 44, 4, 2, AP_FIELD_WEIGHTS_OFFSET);
    row(conv, "a place in RAM for weights in Flash", 52, 4, 4, AP_FIELD_WEIGHTS_RAM);
    row(conv, "no repetition", 60, 2, 0, AP_FIELD_REPETITIONS);
    row(add, "shift", 6, 1, 23, AP_FIELD_SHIFT);
    row(add, "other channels", 18, 2, 8, AP_FIELD_OUT_C);
    row(add, "second input not at a word", 28, 4, 2, AP_FIELD_IN2_OFFSET);
    row("mean", "other channels", 18, 2, 11, AP_FIELD_OUT_C);
    row("scale", "other channels", 18, 2, 6, AP_FIELD_OUT_C);
    row("depthwise 3, stride 1", "other channels", 18, 2, 20, AP_FIELD_OUT_C);
    row("depthwise 3, stride 1", "packing", 4, 1, 1, AP_FIELD_PACKING);
    row("fully connected plain", "rows", 12, 2, 2, AP_FIELD_IN_H);
    row("fully connected plain", "columns", 14, 2, 2, AP_FIELD_IN_W);
    row(pair, "second packing", 5, 1, 0, AP_FIELD_PACKING2);
    row(pair, "second shift", 7, 1, 25, AP_FIELD_SHIFT2);
    row(pair, "nothing between", 20, 2, 0, AP_FIELD_MID_C);
    row(pair, "second weights not at a word", 48, 4, 6, AP_FIELD_WEIGHTS2_OFFSET);
    row(pair, "weights in RAM not at a word", 52, 4, 1, AP_FIELD_WEIGHTS_RAM);
    row("network_step", "kind", 2, 1, 0, 1 + AP_FIELD_KIND);
    row("network_step", "shift", 8, 1, 23, 1 + AP_FIELD_SHIFT);
}

void TestApProtocol::whatCannotBeIsRefused()
{
    QFETCH(QByteArray, message);
    QFETCH(int, at);
    QFETCH(int, bytes);
    QFETCH(qint64, value);
    QFETCH(int, field);
    const Message &one = messageNamed(message);
    Bytes wrong = one.example;
    for (int i = 0; i < bytes; ++i)
        wrong[size_t(at + i)] = uint8_t(value >> 8 * i);
    uint16_t said = 999;
    QCOMPARE(one.decode(wrong, &said), AP_BAD_FIELD);
    QCOMPARE(int(said), field);
}

void TestApProtocol::unusedOperatorFieldsAreZero_data()
{
    QTest::addColumn<QByteArray>("name");
    for (const ExampleOperator &example : exampleOperators(1))
        QTest::newRow(example.name) << QByteArray(example.name);
}

void TestApProtocol::unusedOperatorFieldsAreZero()
{
    QFETCH(QByteArray, name);
    const Message &one = messageNamed(name);
    static const int widths[AP_OPERATOR_FIELDS] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2,
                                                   2, 2, 2, 2, 4, 4, 4, 4, 4, 4, 4, 4, 4};
    int at = 0, unused = 0;
    for (int field = 0; field < AP_OPERATOR_FIELDS; at += widths[field++]) {
        if (ap_operator_uses(one.example[0], ap_operator_field_t(field))) continue;
        ++unused;
        QCOMPARE(one.example[size_t(at)], uint8_t(0));
        Bytes wrong = one.example;
        wrong[size_t(at)] = field == AP_FIELD_IN2_OFFSET || field >= AP_FIELD_OUT_OFFSET ? 4 : 1;
        uint16_t said = 999;
        QCOMPARE(one.decode(wrong, &said), AP_BAD_FIELD);
        QCOMPARE(int(said), field);
    }
    QCOMPARE(at, int(AP_OPERATOR_BYTES));
    QVERIFY(unused >= 5); // there is no kind that uses them all
}

void TestApProtocol::textsAreCutAndPadded()
{
    ap_hello_t hello = exampleHello();
    std::memset(hello.board, 'b', sizeof hello.board); // no end
    std::strcpy(hello.compiler, "gcc");
    hello.compiler[10] = 'x'; // behind the end
    const Bytes bytes = encoded(ap_encode_hello, hello);
    ap_status_t status;
    const ap_hello_t again = decoded(ap_decode_hello, bytes, &status);
    QCOMPARE(status, AP_OK);
    QCOMPARE(QByteArray(again.board), QByteArray(AP_BOARD_CHARS - 1, 'b'));
    QCOMPARE(QByteArray(again.compiler), QByteArray("gcc"));
}

void TestApProtocol::writesLongerThanAMessage()
{
    const Bytes bytes(AP_MAX_PAYLOAD, 1);
    ap_write_t write{AP_REGION_MODEL_INPUT, 0, bytes.data(), AP_MAX_PAYLOAD - 9};
    QCOMPARE(encoded(ap_encode_write, write).size(), size_t(AP_MAX_PAYLOAD));
    ++write.count;
    QVERIFY(encoded(ap_encode_write, write).empty());
}

void TestApProtocol::everyByteOfAMessageIsAField()
{
    QFETCH(QByteArray, name);
    const Message &one = messageNamed(name);
    for (size_t i = 0; i < one.example.size(); ++i) {
        Bytes other = one.example;
        other[i] ^= 1;
        uint16_t field;
        const ap_status_t status = one.decode(other, &field);
        if (name == "write" && i == 5) continue; // a smaller count leaves bytes behind the message
        QVERIFY2(status != AP_OK || one.again(other) == other, qPrintable(QString::number(i)));
    }
}

void TestApProtocol::layoutOfAnOperator()
{
    ap_run_operator_t run = exampleRun("pair plain, hi/lo from RAM");
    run.op.seed = 0x04030201;
    run.op.in_offset = 0x11223344;
    run.repetitions = 0x0A0B;
    const Bytes bytes = encoded(ap_encode_run_operator, run);
    QCOMPARE(bytes.size(), size_t(62));
    QCOMPARE(bytes[0], uint8_t(AP_OP_POINTWISE_PAIR));
    QCOMPARE(bytes[10], uint8_t(run.op.out_zero_point));
    QCOMPARE(bytes[20], uint8_t(22)); // mid_c
    QCOMPARE(Bytes(bytes.begin() + 24, bytes.begin() + 28), (Bytes{0x44, 0x33, 0x22, 0x11}));
    QCOMPARE(Bytes(bytes.begin() + 56, bytes.end()), (Bytes{1, 2, 3, 4, 0x0B, 0x0A}));
}

QTEST_APPLESS_MAIN(TestApProtocol)
#include "tst_ap_protocol.moc"
