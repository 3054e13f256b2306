// The STM32 port of one board (BOARD_VARIANT) against a model of its registers: clocks within the
// data sheet's bounds and at the paper's speed, whatever fails; run conditions; UART, pins,
// watchdog.
#include "board.h"
#include "firmware/port/stm32/cache.h"
#include "firmware/port/stm32/chip.h"
#include "firmware/port/stm32/conditions.h"
#include "firmware/port/stm32/gpio.h"
#include "firmware/port/stm32/uart.h"
#include "firmware/port/stm32/uart_chip.h"
#include "firmware/port/stm32/watchdog.h"
#include "tests/firmware/boards/stm32_model.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

namespace
{
const clock_plan_t plan = BOARD_CLOCK;
const uart_chip_t chipUart = BOARD_UART;
constexpr bool isH7 = CHIP_DMAMUX != 0, isF4 = CHIP_CORE == 4;

QJsonObject jsonOf(const QString &name)
{
    QFile file(QStringLiteral(ATOMNET_SOURCE_DIR "/resources/boards/") + name);
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object()
                                          : QJsonObject{};
}

// Where PWR, GPIO, UART and DMA are clocked: what is written before is lost on the chip.
void guardPeripherals(Stm32Model &model)
{
    const uint32_t gpioEnable = isH7 ? 0x580244E0 : 0x40023830;
    const uint32_t gpio = isH7 ? 0x58020000 : 0x40020000;
    for (int port = 0; port < 9; ++port)
        model.guard(QStringLiteral("GPIO%1").arg(QChar('A' + port)), gpio + 0x400u * uint32_t(port),
                    0x400, [&model, gpioEnable, port] { return model.bit(gpioEnable, port); });
    const uint32_t dmaEnable = isH7 ? 0x580244D8 : 0x40023830;
    const uint32_t dma = isH7 ? 0x40020000 : 0x40026000;
    model.guard(QStringLiteral("DMA1"), dma, 0x400,
                [&model, dmaEnable] { return model.bit(dmaEnable, isH7 ? 0 : 21); });
    model.guard(QStringLiteral("DMA2"), dma + 0x400, 0x400,
                [&model, dmaEnable] { return model.bit(dmaEnable, isH7 ? 1 : 22); });
    const uint32_t apb1 = isH7 ? 0x580244E8 : 0x40023840, apb2 = isH7 ? 0x580244F0 : 0x40023844;
    model.guard(QStringLiteral("USART1"), 0x40011000, 0x400,
                [&model, apb2] { return model.bit(apb2, 4); });
    model.guard(QStringLiteral("USART2"), 0x40004400, 0x400,
                [&model, apb1] { return model.bit(apb1, 17); });
    model.guard(QStringLiteral("USART3"), 0x40004800, 0x400,
                [&model, apb1] { return model.bit(apb1, 18); });
}

// Pins are two or four bits in a register of their port.
uint32_t ofPin(Stm32Model &model, uint8_t pin, uint32_t offset, int bits)
{
    const uint32_t port = (isH7 ? 0x58020000u : 0x40020000u) + 0x400u * (pin >> 4);
    const int number = pin & 15, perRegister = 32 / bits;
    return model.field(port + offset + 4u * uint32_t(number / perRegister),
                       number % perRegister * bits, bits);
}
} // namespace

class TestStm32 : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void clocksReachTheBoardsSpeed();
    void whatFailsIsSaid_data();
    void whatFailsIsSaid();
    void usbAloneMayBeMissing();
    void usbSupplyThatNeverComes();
    void eachConditionIsSetAloneAndReadBack();
    void waitStatesGoFromTheClocksUpwards();
    void whatTheBoardHasNotIsRefusedAndNothingChanges();
    void cachesAreCleanedLineByLine();
    void uartRunsAtItsRate_data();
    void uartRunsAtItsRate();
    void uartReceivesByDma();
    void uartGivesUpWhenNothingLeaves();
    void pinsOfTheBoard();
    void watchdogIsEightSeconds();
    void boardIsTheOneInTheResources();
};

void TestStm32::clocksReachTheBoardsSpeed()
{
    Stm32Model model(plan.source_hz);
    const clock_state_t state = clock_start(&plan);
    QCOMPARE(model.complaints(), QStringList());
    const Clocks real = model.clocks();
    QCOMPARE(Stm32Model::outOfBounds(real), QStringList());
    const int paper = jsonOf(QStringLiteral(BOARD_ID ".json"))[u"clock_hz"].toInt();
    QCOMPARE(real.coreHz, double(paper));
    QCOMPARE(real.usbHz, 48e6);
    // What is reported is what the registers say.
    QCOMPARE(double(state.core_hz), real.coreHz);
    QCOMPARE(double(state.apb1_hz), real.apb1Hz);
    QCOMPARE(double(state.apb2_hz), real.apb2Hz);
    QCOMPARE(double(state.usb_hz), real.usbHz);
    QCOMPARE(int(state.external), 1);
    // Not one wait state more than needed: figures would be worse than the paper's.
    QCOMPARE(uint32_t(state.wait_states), Stm32Model::fewestWaitStates(real));
    QCOMPARE(flash_wait_states(), uint32_t(state.wait_states));
}

void TestStm32::whatFailsIsSaid_data()
{
    QTest::addColumn<bool>("oscillator");
    QTest::addColumn<bool>("pll");
    QTest::addColumn<bool>("regulator");
    QTest::addColumn<bool>("change");
    QTest::newRow("no external clock") << true << false << false << false;
    QTest::newRow("PLL does not lock") << false << true << false << false;
    QTest::newRow("voltage does not come") << false << false << true << false;
    QTest::newRow("core does not change over") << false << false << false << true;
}

void TestStm32::whatFailsIsSaid()
{
    QFETCH(bool, oscillator);
    QFETCH(bool, pll);
    QFETCH(bool, regulator);
    QFETCH(bool, change);
    Broken broken;
    broken.oscillator = oscillator;
    broken.pll = pll;
    broken.regulator = regulator;
    broken.change = change;
    Stm32Model model(plan.source_hz, broken);
    const clock_state_t state = clock_start(&plan);
    QCOMPARE(model.complaints(), QStringList());
    const Clocks real = model.clocks();
    QCOMPARE(real.coreHz, isH7 ? 64e6 : 16e6);
    QCOMPARE(double(state.core_hz), real.coreHz);
    QCOMPARE(double(state.apb1_hz), real.apb1Hz);
    QCOMPARE(double(state.apb2_hz), real.apb2Hz);
    QCOMPARE(state.usb_hz, 0u);
    QCOMPARE(int(state.external), 0);
    QVERIFY(state.wait_states >= Stm32Model::fewestWaitStates(real));
    // The virtual COM port still works at its rate.
    const uint32_t bus = BOARD_UART_BUS == 1 ? state.apb1_hz : state.apb2_hz;
    const double rate = uart_baud(bus, uart_divisor(bus, AP_SERIAL_BAUD));
    QVERIFY(qAbs(rate / AP_SERIAL_BAUD - 1) < 0.02);
}

void TestStm32::usbAloneMayBeMissing()
{
    if (!plan.usb.n) QSKIP("USB's clock comes from the core's PLL on this board");
    Broken broken;
    broken.usbPll = true;
    Stm32Model model(plan.source_hz, broken);
    const clock_state_t state = clock_start(&plan);
    QCOMPARE(double(state.core_hz), model.clocks().coreHz);
    QCOMPARE(int(state.external), 1);
    QCOMPARE(state.usb_hz, 0u);
}

void TestStm32::usbSupplyThatNeverComes()
{
    {
        Stm32Model model(plan.source_hz);
        QCOMPARE(chip_usb_power(), 1);
        // OTG_FS on; on the H7 its ULPI clock off, in sleep too.
        QVERIFY(isH7 ? model.bit(0x580244D8, 27) && !model.bit(0x580244D8, 28) &&
                           !model.bit(0x58024500, 28)
                     : model.bit(0x40023834, 7));
    }
    if (!isH7) return;
    Broken broken;
    broken.usbSupply = true;
    Stm32Model model(plan.source_hz, broken);
    QCOMPARE(chip_usb_power(), 0);
}

void TestStm32::eachConditionIsSetAloneAndReadBack()
{
    Stm32Model model(plan.source_hz);
    const clock_state_t state = clock_start(&plan);
    const uint32_t expected = isF4   ? AP_COND_PREFETCH | AP_COND_ART
                              : isH7 ? AP_COND_ICACHE | AP_COND_DCACHE
                                     : AP_COND_ALL;
    QCOMPARE(conditions_supported(), expected);
    const uint32_t ccr = 0xE000ED14, acr = isH7 ? 0x52002000 : 0x40023C00;
    for (uint32_t conditions = 0; conditions <= AP_COND_ALL; ++conditions) {
        if (conditions & ~expected) continue;
        QCOMPARE(conditions_set(conditions, AP_WAIT_STATES_DEFAULT, state.wait_states), AP_OK);
        QCOMPARE(conditions_now(), conditions);
        if (!isF4) {
            QCOMPARE(model.bit(ccr, 17), (conditions & AP_COND_ICACHE) != 0);
            QCOMPARE(model.bit(ccr, 16), (conditions & AP_COND_DCACHE) != 0);
        }
        if (!isH7) {
            QCOMPARE(model.bit(acr, 8), (conditions & AP_COND_PREFETCH) != 0);
            QCOMPARE(model.bit(acr, 9), (conditions & AP_COND_ART) != 0);
            if (isF4) QCOMPARE(model.bit(acr, 10), (conditions & AP_COND_ART) != 0);
        }
        QCOMPARE(conditions_set(expected, AP_WAIT_STATES_DEFAULT, state.wait_states), AP_OK);
        QCOMPARE(conditions_now(), expected);
    }
    QCOMPARE(model.complaints(), QStringList());
}

void TestStm32::waitStatesGoFromTheClocksUpwards()
{
    Stm32Model model(plan.source_hz);
    const clock_state_t state = clock_start(&plan);
    const uint32_t all = conditions_supported();
    for (uint32_t waits = state.wait_states; waits <= 15; ++waits) {
        QCOMPARE(conditions_set(all, waits, state.wait_states), AP_OK);
        QCOMPARE(flash_wait_states(), waits);
    }
    QCOMPARE(conditions_set(all, AP_WAIT_STATES_DEFAULT, state.wait_states), AP_OK);
    QCOMPARE(flash_wait_states(), uint32_t(state.wait_states));
    QCOMPARE(model.complaints(), QStringList());
}

void TestStm32::whatTheBoardHasNotIsRefusedAndNothingChanges()
{
    Stm32Model model(plan.source_hz);
    const clock_state_t state = clock_start(&plan);
    const uint32_t all = conditions_supported(), fewest = state.wait_states;
    QCOMPARE(conditions_set(all, AP_WAIT_STATES_DEFAULT, fewest), AP_OK);
    const int written = model.writes();
    QCOMPARE(conditions_set(all, fewest - 1, fewest), AP_UNSUPPORTED);
    QCOMPARE(conditions_set(0, 0, fewest), AP_UNSUPPORTED);
    QCOMPARE(conditions_set(all, 16, fewest), AP_UNSUPPORTED);
    QCOMPARE(conditions_set(all | 16, fewest, fewest), AP_UNSUPPORTED);
    if (all != AP_COND_ALL) QCOMPARE(conditions_set(AP_COND_ALL, fewest, fewest), AP_UNSUPPORTED);
    QCOMPARE(model.writes(), written);
}

void TestStm32::cachesAreCleanedLineByLine()
{
    Stm32Model model(plan.source_hz);
    const uint32_t ccsidr = 0xE000ED80, cleanAndInvalidate = 0xE000EF74, invalidate = 0xE000EF60;
    const uint32_t sets = isH7 ? 128 : 32; // 16 KiB and 4 KiB, four ways of 32-byte lines
    model.at(ccsidr) = (sets - 1) << 13 | 3u << 3 | 1;
    cache_set_conditions(conditions_supported());
    if (isF4) {
        QCOMPARE(model.writes(), 0);
        return;
    }
    // Garbage after reset goes before the cache is on; afterwards what is dirty is written first.
    QCOMPARE(model.history(invalidate).size(), size_t(sets * 4));
    QVERIFY(model.history(cleanAndInvalidate).empty());
    cache_clean();
    std::vector<uint32_t> lines = model.history(cleanAndInvalidate);
    std::sort(lines.begin(), lines.end());
    QCOMPARE(lines.size(), size_t(sets * 4));
    for (uint32_t way = 0; way < 4; ++way)
        for (uint32_t set = 0; set < sets; ++set)
            QCOMPARE(lines[way * sets + set], way << 30 | set << 5);
    cache_set_conditions(AP_COND_ICACHE);
    QCOMPARE(model.history(cleanAndInvalidate).size(), size_t(sets * 8));
    cache_clean(); // nothing to do while it is off
    QCOMPARE(model.history(cleanAndInvalidate).size(), size_t(sets * 8));
}

void TestStm32::uartRunsAtItsRate_data()
{
    QTest::addColumn<uint>("clock");
    QTest::newRow("this board's") << uint(clock_reached(&plan).apb1_hz);
    QTest::newRow("16 MHz, internal") << 16000000u;
    QTest::newRow("64 MHz, internal") << 64000000u;
    QTest::newRow("48 MHz") << 48000000u;
}

void TestStm32::uartRunsAtItsRate()
{
    QFETCH(uint, clock);
    for (const uint32_t baud : {AP_SERIAL_BAUD, 1000000u, 115200u}) {
        const uart_divisor_t divisor = uart_divisor(clock, baud);
        // RM0402 and RM0385: rate = clock / (8 * (2 - OVER8) * USARTDIV), USARTDIV at least 1;
        // three bits of fraction with OVER8.
        const double usartdiv =
            divisor.over8 ? (divisor.brr >> 4) + (divisor.brr & 15) / 8.0 : divisor.brr / 16.0;
        QVERIFY(usartdiv >= 1 && divisor.brr < 0x10000);
        if (divisor.over8) QVERIFY(!(divisor.brr & 8));
        const double rate = clock / ((divisor.over8 ? 8 : 16) * usartdiv);
        QVERIFY2(qAbs(rate / baud - 1) < 0.02, qPrintable(QString::number(rate)));
        QVERIFY(qAbs(uart_baud(clock, divisor) - rate) <= 1);
    }
}

void TestStm32::uartReceivesByDma()
{
    Stm32Model model(plan.source_hz);
    guardPeripherals(model);
    const clock_state_t state = clock_start(&plan);
    uart_start(BOARD_UART_BUS == 1 ? state.apb1_hz : state.apb2_hz);
    QCOMPARE(model.complaints(), QStringList());

    const uint32_t stream = chipUart.dma + 0x10 + 0x18 * chipUart.stream;
    const uint32_t control = model.at(stream), receive = isF4 ? 0x04 : 0x24;
    QVERIFY(control & 1);
    QCOMPARE(control >> 6 & 3, 0u);     // from the peripheral to memory
    QCOMPARE(control >> 8 & 7, 0b101u); // circular, memory counts, peripheral does not
    QCOMPARE(control >> 11 & 15, 0u);   // bytes
    QCOMPARE(model.at(stream + 8), chipUart.base + receive);
    QCOMPARE(model.at(stream + 12), uint32_t(uintptr_t(uart_ring)));
    QCOMPARE(model.at(stream + 4), uint32_t(UART_RING_BYTES));
    // Reference manuals' tables of DMA requests.
    const uint32_t base = chipUart.base;
    if (isH7) {
        const uint32_t expected = base == 0x40011000 ? 41 : base == 0x40004400 ? 43 : 45;
        QCOMPARE(model.at(0x40020800 + 4 * chipUart.stream), expected);
        QVERIFY(control >> 20 & 1);
    } else {
        QCOMPARE(control >> 25 & 7, 4u);
        const uint32_t expected = base == 0x40011000   ? 0x40026400 + 0x10 + 0x18 * 2
                                  : base == 0x40004400 ? 0x40026000 + 0x10 + 0x18 * 5
                                                       : 0x40026000 + 0x10 + 0x18 * 1;
        QCOMPARE(stream, expected);
    }
    const uint32_t cr1 = base + (isF4 ? 0x0C : 0x00), cr3 = base + (isF4 ? 0x14 : 0x08);
    QCOMPARE(model.at(cr1), (isF4 ? 1u << 13 : 1u) | 3u << 2);
    QVERIFY(model.bit(cr3, 6));
    if (!isF4) QVERIFY(model.bit(cr3, 12));

    // Three rounds of the ring, in pieces that do not divide it.
    uint32_t sent = 0, got = 0;
    uint8_t to[600];
    while (sent < 3 * UART_RING_BYTES) {
        for (int i = 0; i < 517; ++i, ++sent)
            uart_ring[sent % UART_RING_BYTES] = uint8_t(sent * 7);
        model.at(stream + 4) = UART_RING_BYTES - sent % UART_RING_BYTES;
        while (const size_t count = uart_read(to, 100)) {
            QVERIFY(count <= 100);
            for (size_t i = 0; i < count; ++i, ++got)
                QCOMPARE(to[i], uint8_t(got * 7));
        }
        QCOMPARE(got, sent);
    }
}

void TestStm32::uartGivesUpWhenNothingLeaves()
{
    Stm32Model model(plan.source_hz);
    const uint32_t status = chipUart.base + (isF4 ? 0x00 : 0x1C);
    const uint32_t transmit = chipUart.base + (isF4 ? 0x04 : 0x28);
    const uint8_t bytes[] = {1, 2, 3};
    model.at(status) = 0;
    uart_write(bytes, sizeof bytes);
    QVERIFY(model.history(transmit).empty());
    model.at(status) = 1u << 7;
    uart_write(bytes, sizeof bytes);
    QCOMPARE(model.history(transmit), (std::vector<uint32_t>{1, 2, 3}));
}

void TestStm32::pinsOfTheBoard()
{
    Stm32Model model(plan.source_hz);
    guardPeripherals(model);
    // JTAG's pins are not what reset says of others: PA15 among them is a board's pulse.
    model.at(isH7 ? 0x58020000 : 0x40020000) = 0xA8000000;
    const clock_state_t state = clock_start(&plan);
    uart_start(state.apb1_hz);
    for (const uint8_t pin : {BOARD_UART_TX, BOARD_UART_RX}) {
        QCOMPARE(ofPin(model, pin, 0x00, 2), 2u); // alternate
        QCOMPARE(ofPin(model, pin, 0x20, 4), 7u);
        QCOMPARE(ofPin(model, pin, 0x0C, 2), 1u); // pulled up
    }
    gpio_output(BOARD_PULSE);
    QCOMPARE(ofPin(model, BOARD_PULSE, 0x00, 2), 1u);
    const uint32_t bsrr = (isH7 ? 0x58020018u : 0x40020018u) + 0x400u * (BOARD_PULSE >> 4);
    gpio_set(BOARD_PULSE, 1);
    QCOMPARE(model.at(bsrr), 1u << (BOARD_PULSE & 15));
    gpio_set(BOARD_PULSE, 0);
    QCOMPARE(model.at(bsrr), 0x10000u << (BOARD_PULSE & 15));
    // SWD stays as it is: PA13 and PA14.
    QCOMPARE(model.field(isH7 ? 0x58020000 : 0x40020000, 26, 4), 0xAu);
    QCOMPARE(model.complaints(), QStringList());
}

void TestStm32::watchdogIsEightSeconds()
{
    Stm32Model model(plan.source_hz);
    const uint32_t iwdg = isH7 ? 0x58004800 : 0x40003000;
    watchdog_start();
    QCOMPARE(model.history(iwdg), (std::vector<uint32_t>{0xCCCC, 0x5555, 0xAAAA}));
    const double seconds =
        (model.at(iwdg + 8) & 0xFFF) * double(4 << (model.at(iwdg + 4) & 7)) / 32000;
    QVERIFY(qAbs(seconds - 8) < 0.1);
    // A halted core must not be reset while it is flashed.
    QVERIFY(isH7 ? model.bit(0x5C001054, 18) : model.bit(0xE0042008, 12));
}

void TestStm32::boardIsTheOneInTheResources()
{
    const QJsonArray variants = jsonOf(QStringLiteral("flash.json"))[u"variants"].toArray();
    QJsonObject found;
    for (const QJsonValue &variant : variants)
        if (variant[u"id"].toString() == QLatin1String(BOARD_VARIANT)) found = variant.toObject();
    QCOMPARE(found[u"board"].toString(), QStringLiteral(BOARD_ID));
    QCOMPARE(found[u"image"].toString(), QStringLiteral("profiler-" BOARD_VARIANT ".bin"));
    const int chip = isF4 ? 0x441 : isH7 ? 0x450 : 0x449;
    QCOMPARE(found[u"chip_id"].toInt(), chip);
    const QJsonObject board = jsonOf(QStringLiteral(BOARD_ID ".json"));
    QCOMPARE(found[u"flash_bytes"].toInt(), board[u"flash_bytes"].toInt());
    QCOMPARE(board[u"core"].toString(),
             isF4 ? QStringLiteral("Cortex-M4") : QStringLiteral("Cortex-M7"));
}

QTEST_APPLESS_MAIN(TestStm32)
#include "tst_stm32.moc"
