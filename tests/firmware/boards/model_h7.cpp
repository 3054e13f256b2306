// STM32H743 (RM0433, data sheet DS12110): literal addresses and bits on purpose, so that a wrong
// one in the port shows.
#include "tests/firmware/boards/stm32_model.h"

namespace
{
constexpr uint32_t rccCr = 0x58024400, cfgr = 0x58024410, d1Cfgr = 0x58024418, d2Cfgr = 0x5802441C,
                   d3Cfgr = 0x58024420, pllCkselr = 0x58024428, pllCfgr = 0x5802442C,
                   pll1Divr = 0x58024430, pll3Divr = 0x58024440, d2Ccip2r = 0x58024454,
                   pwrCsr1 = 0x58024804, pwrCr3 = 0x5802480C, pwrD3cr = 0x58024818,
                   flashAcr = 0x52002000;

double apb(double hz, uint32_t code)
{
    return code < 4 ? hz : hz / double(1 << (code - 3));
}

// Codes 8 to 11: 2 to 16.
double ahb(double hz, uint32_t code)
{
    return code < 8 ? hz : hz / double(1 << (code - 7));
}
} // namespace

Stm32Model::Stm32Model(double externalHz, Broken broken)
    : m_externalHz(externalHz), m_broken(broken)
{
    at(rccCr) = 0x83;
    at(pllCkselr) = 0x02020200;
    at(pllCfgr) = 0x01FF0000;
    at(pll1Divr) = at(pll3Divr) = 0x01010280;
    at(pwrCr3) = 6;
    at(pwrD3cr) = 0x4000;
    at(flashAcr) = 0x37;
    at(0x5C001000) = 0x20036450; // DBGMCU: revision V
    onRead(rccCr, [this](uint32_t v) {
        const bool external = (v >> 16 & 1) && !m_broken.oscillator;
        v = external ? v | 1u << 17 : v & ~(1u << 17);
        v = (v >> 24 & 1) && external && !m_broken.pll ? v | 1u << 25 : v & ~(1u << 25);
        return (v >> 28 & 1) && external && !m_broken.usbPll ? v | 1u << 29 : v & ~(1u << 29);
    });
    onWrite(rccCr, [this](uint32_t before, uint32_t now) {
        if (((before ^ now) >> 18 & 1) && (before >> 16 & 1))
            complain(QStringLiteral("bypass changes while the oscillator runs"));
        if ((now & ~before) >> 24 & 1 && !(read(rccCr) >> 17 & 1))
            complain(QStringLiteral("the PLL starts before its source is ready"));
        if (!(now & 1)) complain(QStringLiteral("HSI is switched off"));
    });
    const auto stopped = [this](uint32_t, uint32_t) {
        if (bit(rccCr, 24) || bit(rccCr, 28))
            complain(QStringLiteral("a PLL's source or mode changes while one runs"));
    };
    onWrite(pllCkselr, stopped);
    onWrite(pllCfgr, stopped);
    onWrite(pll1Divr, [this](uint32_t, uint32_t) {
        if (bit(rccCr, 24)) complain(QStringLiteral("PLL1DIVR is written while it runs"));
    });
    onWrite(pll3Divr, [this](uint32_t, uint32_t) {
        if (bit(rccCr, 28)) complain(QStringLiteral("PLL3DIVR is written while it runs"));
    });
    onRead(pwrCsr1, [this](uint32_t) { return m_broken.regulator ? 0u : 1u << 13; });
    onWrite(pwrD3cr, [this](uint32_t, uint32_t) {
        if ((at(pwrCr3) & 7) != 2) complain(QStringLiteral("voltage before the supply is said"));
    });
    onRead(pwrD3cr,
           [this](uint32_t v) { return m_broken.regulator ? v & ~(1u << 13) : v | 1u << 13; });
    onRead(pwrCr3, [this](uint32_t v) {
        return (v >> 24 & 1) && !m_broken.usbSupply ? v | 1u << 26 : v & ~(1u << 26);
    });
    onRead(cfgr, [this](uint32_t v) {
        const bool pll = (read(rccCr) >> 25 & 1) && !m_broken.change;
        return (v & ~0x38u) | ((v & 7) == 3 && pll ? 0x18u : 0u);
    });
    onWrite(cfgr, [this](uint32_t before, uint32_t now) {
        if ((before & 7) != (now & 7) && (now & 7) == 3) checkSwitch();
    });
    onWrite(flashAcr, [this](uint32_t, uint32_t now) {
        if (now & ~0x3Fu) complain(QStringLiteral("reserved bits of FLASH_ACR"));
        if ((now & 15) < fewestWaitStates(clocks()))
            complain(QStringLiteral("too few wait states"));
    });
}

void Stm32Model::checkSwitch()
{
    const Clocks c = clocks();
    if (!(read(rccCr) >> 25 & 1)) complain(QStringLiteral("switched to a PLL that is not locked"));
    if (field(flashAcr, 0, 4) < fewestWaitStates(c))
        complain(QStringLiteral("switched before the Flash has its wait states"));
    if (c.busHz > 185e6 && field(flashAcr, 4, 2) < 2)
        complain(QStringLiteral("switched with too short a signal delay of the Flash"));
    if (field(pwrD3cr, 14, 2) != 3) complain(QStringLiteral("switched below voltage scale 1"));
    for (const QString &wrong : outOfBounds(c))
        complain(QStringLiteral("switched beyond bounds: ") + wrong);
}

Clocks Stm32Model::clocks()
{
    Clocks c;
    const uint32_t source = at(pllCkselr), pll1 = at(pll1Divr), pll3 = at(pll3Divr);
    const double in = (source & 3) == 2 ? m_externalHz : 64e6;
    c.vcoInputHz = in / std::max(1u, source >> 4 & 63);
    c.vcoHz = c.vcoInputHz * ((pll1 & 511) + 1);
    const bool onPll = (at(cfgr) & 7) == 3 && bit(pllCfgr, 16);
    const double system = onPll ? c.vcoHz / ((pll1 >> 9 & 127) + 1) : 64e6;
    c.coreHz = ahb(system, field(d1Cfgr, 8, 4));
    c.busHz = ahb(c.coreHz, field(d1Cfgr, 0, 4));
    c.apb1Hz = apb(c.busHz, field(d2Cfgr, 4, 3));
    c.apb2Hz = apb(c.busHz, field(d2Cfgr, 8, 3));
    c.usbVcoInputHz = in / std::max(1u, source >> 20 & 63);
    c.usbVcoHz = c.usbVcoInputHz * ((pll3 & 511) + 1);
    const bool usb = field(d2Ccip2r, 20, 2) == 2 && bit(pllCfgr, 23) && bit(rccCr, 28);
    c.usbHz = usb ? c.usbVcoHz / ((pll3 >> 16 & 127) + 1) : 0;
    // APB3 and APB4 must be as slow as the others.
    if (onPll &&
        (apb(c.busHz, field(d1Cfgr, 4, 3)) > 100e6 || apb(c.busHz, field(d3Cfgr, 4, 3)) > 100e6))
        c.apb1Hz = 1e9;
    // The input range that the registers say must be the one that comes in: code 1, 2 to 4 MHz,
    // wide VCO.
    if (onPll && (field(pllCfgr, 0, 4) != 4 || field(pllCfgr, 8, 4) != 4)) c.vcoInputHz = 0;
    return c;
}

uint32_t Stm32Model::fewestWaitStates(const Clocks &clocks)
{
    const double mhz =
        clocks.busHz / 1e6; // scale 1; at reset's scale 3 half of that: 64 MHz needs 1
    return mhz <= 45 ? 0 : mhz <= 140 ? 1 : mhz <= 210 ? 2 : 3;
}

QStringList Stm32Model::outOfBounds(const Clocks &c)
{
    QStringList wrong;
    within(wrong, "PLL1 input", c.vcoInputHz, 2, 4);
    within(wrong, "PLL1 VCO", c.vcoHz, 192, 836);
    if (c.usbHz > 0) {
        within(wrong, "PLL3 input", c.usbVcoInputHz, 2, 4);
        within(wrong, "PLL3 VCO", c.usbVcoHz, 192, 836);
    }
    within(wrong, "core", c.coreHz, 0, 400);
    within(wrong, "AXI", c.busHz, 0, 200);
    within(wrong, "APB1", c.apb1Hz, 0, 100);
    within(wrong, "APB2", c.apb2Hz, 0, 100);
    return wrong;
}
