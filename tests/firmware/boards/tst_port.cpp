// The whole STM32 port of one board with the real profiler on it: requests come by UART and by USB,
// models play the chip.
#include "board.h"
#include "firmware/port/port.h"
#include "firmware/port/stm32/boot.h"
#include "firmware/port/stm32/clock_plan.h"
#include "firmware/port/stm32/gpio.h"
#include "firmware/port/stm32/uart.h"
#include "firmware/port/stm32/uart_chip.h"
#include "firmware/port/stm32/usb/dwc2.h"
#include "firmware/profiler/ap_image.h"
#include "firmware/profiler/ap_profiler.h"
#include "tests/firmware/boards/stm32_model.h"
#include "tests/firmware/profiler/frames.h"

#include <QtTest>

#include <csetjmp>

namespace
{
const clock_plan_t plan = BOARD_CLOCK;
const uart_chip_t chipUart = BOARD_UART;
constexpr bool isH7 = CHIP_DMAMUX != 0, isF4 = CHIP_CORE == 4;

// What the program does when nothing is left to do, or resets: it comes back to the test.
enum Ending { Idle = 1, Reset, Bootloader };
jmp_buf s_end;

// USB as dwc2.h promises it.
struct Usb {
    bool works = true, connected = true, fetches = true;
    Bytes toDevice, fromDevice;
    const dwc2_config_t *config = nullptr;
    int stopped = 0;
} s_usb;
boot_cause_t s_cause = BOOT_OTHER;
} // namespace

extern "C" {
alignas(32) uint8_t test_arena[65536];
extern const uint32_t vectors[16];
const uint32_t vectors[16] = {};
// What the linker script says on the board.
__asm(".globl __arena_start\n.set __arena_start, test_arena\n"
      ".globl __arena_end\n.set __arena_end, test_arena + 65536\n");

int dwc2_init(const dwc2_config_t *config)
{
    s_usb.config = config;
    return s_usb.works ? 0 : -1;
}
void dwc2_poll(void) {}
int dwc2_connected(void)
{
    return s_usb.connected;
}
size_t dwc2_read(uint8_t *to, size_t room)
{
    const size_t count = std::min(room, s_usb.toDevice.size());
    std::copy_n(s_usb.toDevice.begin(), count, to);
    s_usb.toDevice.erase(s_usb.toDevice.begin(), s_usb.toDevice.begin() + qsizetype(count));
    return count;
}
size_t dwc2_write(const uint8_t *bytes, size_t count)
{
    if (!s_usb.fetches) return 0;
    const size_t some = std::min<size_t>(count, 100);
    s_usb.fromDevice.insert(s_usb.fromDevice.end(), bytes, bytes + some);
    return some;
}
int dwc2_written(void)
{
    return s_usb.fetches;
}
void dwc2_stop(void)
{
    ++s_usb.stopped;
}

boot_cause_t boot_cause(void)
{
    return s_cause;
}
void boot_reset(int rom)
{
    longjmp(s_end, rom ? Bootloader : Reset);
}

// The core's own, which tst_guard tries in an emulator.
int port_guard(void (*work)(void *), void *argument, ap_fault_t *)
{
    work(argument);
    return 0;
}
void port_stack_paint(void) {}
uint32_t port_stack_high_water(void)
{
    return 0;
}
int port_stack_intact(void)
{
    return 1;
}
uint32_t ap_image_crc(const void *)
{
    return 0x1234;
}
uint32_t ap_image_crc_built(void)
{
    return 0x1234;
}
}

namespace
{
// A chip whose cycle counter runs and whose UART is always ready.
struct Chip {
    explicit Chip(Broken broken = {}) : model(plan.source_hz, broken)
    {
        s_usb = {};
        s_cause = BOOT_OTHER;
        model.onRead(0xE0001004, [this](uint32_t) { return cycles += 100000; });
        for (uint32_t i = 0; i < 3; ++i)
            model.at(CHIP_UNIQUE_ID + 4 * i) = 0x03020100u + 0x04040404u * i;
        model.onRead(chipUart.base + (isF4 ? 0x00 : 0x1C), [](uint32_t) { return 0xC0u; });
        model.onWrite(chipUart.base + (isF4 ? 0x04 : 0x28),
                      [this](uint32_t, uint32_t byte) { fromUart.push_back(uint8_t(byte)); });
        // The watchdog is fed in every round: when nothing has happened for many, the program waits
        // for us.
        model.onWrite(isH7 ? 0x58004800 : 0x40003000, [this](uint32_t, uint32_t) {
            if (s_usb.toDevice.empty() && ++rounds > 20000) longjmp(s_end, Idle);
        });
    }
    void toUart(const Bytes &bytes)
    {
        const uint32_t left = chipUart.dma + 0x10 + 0x18 * chipUart.stream + 4;
        arriving = bytes;
        // DMA starts with the stream; before that there is no ring to write to.
        model.onRead(left, [this](uint32_t stored) {
            if (arriving.empty()) return stored;
            for (const uint8_t byte : arriving)
                uart_ring[at++ % UART_RING_BYTES] = byte;
            arriving.clear();
            return model.at(chipUart.dma + 0x10 + 0x18 * chipUart.stream + 4) =
                       UART_RING_BYTES - at % UART_RING_BYTES;
        });
    }
    int run()
    {
        rounds = 0;
        const int ending = setjmp(s_end);
        if (!ending) ap_profiler_run();
        return ending;
    }

    Stm32Model model;
    Bytes fromUart, arriving;
    uint32_t cycles = 0, at = 0;
    int rounds = 0;
};

Bytes hello(uint16_t sequence)
{
    return frame(
        AP_MSG_HELLO, sequence,
        encoded(ap_encode_hello_request, ap_hello_request_t{AP_PROTOCOL_MAJOR, AP_PROTOCOL_MINOR}));
}

ap_hello_t helloIn(const Bytes &stream)
{
    const std::vector<Reply> replies = repliesIn(stream);
    return replies.empty() ? ap_hello_t{} : decoded(ap_decode_hello, replies.front().payload);
}
} // namespace

class TestPort : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void helloOverTheVirtualComPort();
    void helloOverUsb();
    void bothAtOnce();
    void withoutTheOscillatorTheHelloSaysSo();
    void watchdogIsNamed();
    void conditionsAreSetByMessage();
    void anOperatorRuns();
    void aHostThatFetchesNothingIsGivenUp();
    void resetAndBootloader_data();
    void resetAndBootloader();
};

void TestPort::helloOverTheVirtualComPort()
{
    Chip chip;
    chip.toUart(hello(7));
    QCOMPARE(chip.run(), int(Idle));
    QVERIFY(s_usb.fromDevice.empty());
    const std::vector<Reply> replies = repliesIn(chip.fromUart);
    QCOMPARE(replies.size(), size_t(1));
    QCOMPARE(int(replies[0].header.sequence), 7);
    const ap_hello_t h = helloIn(chip.fromUart);
    QCOMPARE(QByteArray(h.board), QByteArray(BOARD_ID));
    QCOMPARE(int(h.core), CHIP_CORE);
    QCOMPARE(h.clock_hz, clock_core_hz(&plan));
    QCOMPARE(h.arena_bytes, 65536u);
    QCOMPARE(h.window_bytes, 16384u);
    QCOMPARE(h.image_crc, 0x1234u);
    QCOMPARE(h.flags, AP_FLAG_BOOTLOADER | AP_FLAG_RESTARTED);
    QCOMPARE(h.conditions, h.conditions_supported);
    QVERIFY(h.conditions != 0);
    QCOMPARE(h.wait_states, uint32_t(plan.wait_states));
    for (int i = 0; i < AP_UNIQUE_BYTES; ++i)
        QCOMPARE(int(h.unique_id[i]), i);
    QCOMPARE(chip.model.complaints(), QStringList());
}

void TestPort::helloOverUsb()
{
    Chip chip;
    s_usb.toDevice = hello(9);
    QCOMPARE(chip.run(), int(Idle));
    QVERIFY(chip.fromUart.empty());
    QCOMPARE(helloIn(s_usb.fromDevice).flags & (AP_FLAG_USB | AP_FLAG_RESTARTED),
             AP_FLAG_USB | AP_FLAG_RESTARTED);
    QVERIFY(s_usb.config);
    QCOMPARE(uint32_t(s_usb.config->base), isH7 ? 0x40080000u : 0x50000000u);
    QCOMPARE(s_usb.config->fifo_words, isH7 ? 1024u : 320u);
    QCOMPARE(s_usb.config->interrupts, 0);
    QCOMPARE(QByteArray(s_usb.config->board), QByteArray(BOARD_ID));
    QCOMPARE(int(s_usb.config->unique_id[11]), 11);
    // PA11 and PA12: function 10.
    const uint32_t gpioA = isH7 ? 0x58020000 : 0x40020000;
    QCOMPARE(chip.model.field(gpioA, 22, 4), 0b1010u);
    QCOMPARE(chip.model.field(gpioA + 0x24, 12, 8), 0xAAu);
    QCOMPARE(chip.model.complaints(), QStringList());
}

void TestPort::bothAtOnce()
{
    Chip chip;
    Bytes two = hello(1);
    const Bytes more = hello(2);
    two.insert(two.end(), more.begin(), more.end());
    chip.toUart(two);
    s_usb.toDevice = hello(3);
    QCOMPARE(chip.run(), int(Idle));
    const std::vector<Reply> byUart = repliesIn(chip.fromUart), byUsb = repliesIn(s_usb.fromDevice);
    QCOMPARE(byUart.size(), size_t(2));
    QCOMPARE(int(byUart[0].header.sequence), 1);
    QCOMPARE(int(byUart[1].header.sequence), 2);
    QCOMPARE(byUsb.size(), size_t(1));
    QCOMPARE(int(byUsb[0].header.sequence), 3);
}

void TestPort::withoutTheOscillatorTheHelloSaysSo()
{
    Broken broken;
    broken.oscillator = true;
    Chip chip(broken);
    chip.toUart(hello(1));
    QCOMPARE(chip.run(), int(Idle));
    QCOMPARE(helloIn(chip.fromUart).clock_hz, isH7 ? 64000000u : 16000000u);
    QVERIFY(!s_usb.config); // USB is not started
}

void TestPort::watchdogIsNamed()
{
    Chip chip;
    s_cause = BOOT_WATCHDOG;
    chip.toUart(hello(1));
    QCOMPARE(chip.run(), int(Idle));
    QVERIFY(helloIn(chip.fromUart).flags & AP_FLAG_WATCHDOG);
}

void TestPort::conditionsAreSetByMessage()
{
    Chip chip;
    const auto request = [](uint16_t sequence, uint32_t conditions, uint32_t waits) {
        return frame(AP_MSG_CONDITIONS, sequence,
                     encoded(ap_encode_conditions, ap_conditions_t{conditions, waits, 0}));
    };
    Bytes all;
    for (const Bytes &one :
         {hello(1), request(2, 0, 9), request(3, 0, 0), request(4, 0, AP_WAIT_STATES_DEFAULT)})
        all.insert(all.end(), one.begin(), one.end());
    s_usb.toDevice = all;
    QCOMPARE(chip.run(), int(Idle));
    const std::vector<Reply> replies = repliesIn(s_usb.fromDevice);
    QCOMPARE(replies.size(), size_t(4));
    ap_conditions_t now = decoded(ap_decode_conditions, replies[1].payload);
    QCOMPARE(now.conditions, 0u);
    QCOMPARE(now.wait_states, 9u);
    QCOMPARE(now.clock_hz, clock_core_hz(&plan));
    QCOMPARE(replies[2].status(), AP_UNSUPPORTED);
    now = decoded(ap_decode_conditions, replies[3].payload);
    QCOMPARE(now.wait_states, uint32_t(plan.wait_states));
}

void TestPort::anOperatorRuns()
{
    Chip chip;
    ap_run_operator_t r = {};
    r.op.kind = AP_OP_ADD;
    r.op.in_h = r.op.in_w = 4;
    r.op.in_c = r.op.out_c = 8;
    r.op.in2_offset = 128;
    r.op.out_offset = 256;
    r.op.shift = 20;
    r.op.seed = 5;
    r.repetitions = 3;
    s_usb.toDevice = frame(AP_MSG_RUN_OPERATOR, 1, encoded(ap_encode_run_operator, r));
    QCOMPARE(chip.run(), int(Idle));
    const std::vector<Reply> replies = repliesIn(s_usb.fromDevice);
    QCOMPARE(replies.size(), size_t(1));
    QVERIFY2(replies[0].status() == AP_OK, qPrintable(QStringLiteral("status %1, field %2")
                                                          .arg(replies[0].status())
                                                          .arg(replies[0].detail())));
    const ap_result_t result = decoded(ap_decode_result, replies[0].payload);
    QCOMPARE(result.repetitions, 3u);
    // The pin goes up and down around every repetition, those that find the overhead included.
    const uint32_t bsrr = (isH7 ? 0x58020018u : 0x40020018u) + 0x400u * (BOARD_PULSE >> 4);
    const std::vector<uint32_t> pulses = chip.model.history(bsrr);
    QVERIFY(pulses.size() >= 7);
    for (size_t i = 0; i < pulses.size(); ++i)
        QCOMPARE(pulses[i], 1u << ((BOARD_PULSE & 15) + (i % 2 ? 0 : 16)));
}

void TestPort::aHostThatFetchesNothingIsGivenUp()
{
    Chip chip;
    s_usb.fetches = false;
    s_usb.toDevice = hello(1);
    chip.toUart(hello(2));
    QCOMPARE(chip.run(), int(Idle));
    QVERIFY(s_usb.fromDevice.empty());
    QVERIFY(chip.cycles >= 2 * clock_core_hz(&plan)); // it had two seconds
    const std::vector<Reply> replies = repliesIn(chip.fromUart);
    QCOMPARE(replies.size(), size_t(1)); // the other way is served all the same
    QCOMPARE(int(replies[0].header.sequence), 2);
}

void TestPort::resetAndBootloader_data()
{
    QTest::addColumn<int>("message");
    QTest::addColumn<int>("ending");
    QTest::newRow("reset") << int(AP_MSG_RESET) << int(Reset);
    QTest::newRow("bootloader") << int(AP_MSG_BOOTLOADER) << int(Bootloader);
}

void TestPort::resetAndBootloader()
{
    QFETCH(int, message);
    QFETCH(int, ending);
    Chip chip;
    s_usb.toDevice = frame(uint8_t(message), 4);
    QCOMPARE(chip.run(), ending);
    QCOMPARE(repliesIn(s_usb.fromDevice).size(), size_t(1)); // answered first
    QCOMPARE(s_usb.stopped, 1);                              // the host sees the cable pulled
}

QTEST_APPLESS_MAIN(TestPort)
#include "tst_port.moc"
