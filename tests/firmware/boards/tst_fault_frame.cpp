// What is read from an exception's frame, and the frame that a program goes on from.
#include "firmware/port/cortex_m/fault_frame.h"

#include <QtTest>

#include <array>

namespace
{
constexpr uint32_t limit = 0x20000000, top = 0x20002000, plain = 0xFFFFFFFD, withFpu = 0xFFFFFFED;

fault_state_t state(uint32_t cfsr = 0x8200)
{
    return {cfsr, 0x40000000, 0x11111111, 0x22222222, limit, top};
}

std::array<uint32_t, 8> frame(uint32_t xpsr = 0x01000000)
{
    return {0, 1, 2, 3, 12, 0x08001235, 0x08004320, xpsr};
}
} // namespace

class TestFaultFrame : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void describesAFrame_data();
    void describesAFrame();
    void aFrameThatWasLostIsNotRead_data();
    void aFrameThatWasLostIsNotRead();
    void goesOnWithAFrameOfItsOwn();
};

void TestFaultFrame::describesAFrame_data()
{
    QTest::addColumn<uint>("excReturn");
    QTest::addColumn<uint>("xpsr");
    QTest::addColumn<uint>("above"); // of the stack pointer before the fault, over the frame
    QTest::newRow("plain") << plain << 0x01000000u << 32u;
    QTest::newRow("plain, aligned") << plain << 0x01000200u << 36u;
    QTest::newRow("FPU") << withFpu << 0x01000000u << 104u;
    QTest::newRow("FPU, aligned") << withFpu << 0x61000200u << 108u;
}

void TestFaultFrame::describesAFrame()
{
    QFETCH(uint, excReturn);
    QFETCH(uint, xpsr);
    QFETCH(uint, above);
    const auto words = frame(xpsr);
    const fault_state_t now = state();
    const ap_fault_t fault = fault_describe(words.data(), 0x20001000, excReturn, &now);
    QCOMPARE(fault.pc, 0x08004320u);
    QCOMPARE(fault.lr, 0x08001235u);
    QCOMPARE(fault.sp, 0x20001000u + above);
    QCOMPARE(fault.cfsr, 0x8200u);
    QCOMPARE(fault.hfsr, 0x40000000u);
    QCOMPARE(fault.mmfar, 0x11111111u);
    QCOMPARE(fault.bfar, 0x22222222u);
}

void TestFaultFrame::aFrameThatWasLostIsNotRead_data()
{
    QTest::addColumn<uint>("at");
    QTest::addColumn<uint>("excReturn");
    QTest::addColumn<uint>("cfsr");
    QTest::newRow("below the stack") << limit - 8 << plain << 0x8200u;
    QTest::newRow("above the stack") << top + 8 << plain << 0x8200u;
    QTest::newRow("half above the stack") << top - 16 << plain << 0x8200u;
    QTest::newRow("FPU half above the stack") << top - 96 << withFpu << 0x8200u;
    QTest::newRow("not aligned") << limit + 2 << plain << 0x8200u;
    QTest::newRow("not pushed: bus") << limit + 64 << plain << 0x1000u;
    QTest::newRow("not pushed: memory") << limit + 64 << plain << 0x0010u;
    QTest::newRow("nowhere") << 0u << plain << 0x8200u;
}

void TestFaultFrame::aFrameThatWasLostIsNotRead()
{
    QFETCH(uint, at);
    QFETCH(uint, excReturn);
    QFETCH(uint, cfsr);
    const fault_state_t now = state(cfsr);
    const ap_fault_t fault = fault_describe(nullptr, at, excReturn, &now);
    QCOMPARE(fault.pc, 0u);
    QCOMPARE(fault.lr, 0u);
    QCOMPARE(fault.sp, at);
    QCOMPARE(fault.cfsr, cfsr);
}

void TestFaultFrame::goesOnWithAFrameOfItsOwn()
{
    for (const uint32_t sp : {0x20001F98u, 0x20001F9Cu}) {
        const uint32_t at = fault_resume_at(sp);
        QCOMPARE(at % 8, 0u);
        QVERIFY(at + 32 <= sp && sp - at < 40);
    }
    std::array<uint32_t, 9> words;
    words.fill(0xEEEEEEEE);
    fault_resume_frame(words.data(), 0x08000555);
    QCOMPARE(words[0], 1u);          // r0: port_guard() returns it
    QCOMPARE(words[6], 0x08000554u); // a frame's pc has no Thumb bit
    QCOMPARE(words[7], 0x01000000u); // the T bit alone: no IT block goes on
    QCOMPARE(words[8], 0xEEEEEEEEu);
}

QTEST_APPLESS_MAIN(TestFaultFrame)
#include "tst_fault_frame.moc"
