// STM32F412 (RM0402, data sheet DS11139) and F746 (RM0385, DS10916): literal addresses and bits on
// purpose, so that a wrong one in the port shows.
#include "tests/firmware/boards/stm32_model.h"

#include "board.h"

namespace
{
constexpr uint32_t rccCr = 0x40023800, pllCfgr = 0x40023804, cfgr = 0x40023808,
                   plli2sCfgr = 0x40023884, dckCfgr2 = 0x40023894, pwrCr = 0x40007000,
                   pwrCsr = 0x40007004, flashAcr = 0x40023C00;
constexpr bool isF7 = CHIP_CORE == 7;

double divided(double hz, uint32_t code)
{
    return code < 4 ? hz : hz / double(1 << (code - 3));
}
} // namespace

Stm32Model::Stm32Model(double externalHz, Broken broken)
    : m_externalHz(externalHz), m_broken(broken)
{
    at(rccCr) = 0x83;
    at(pllCfgr) = 0x24003010;
    at(plli2sCfgr) = 0x24003000;
    at(pwrCr) = isF7 ? 0xC000 : 0x8000;
    onRead(rccCr, [this](uint32_t v) {
        v = (v & 1) ? v | 2 : v & ~2u;
        const bool external = (v >> 16 & 1) && !m_broken.oscillator;
        v = external ? v | 1u << 17 : v & ~(1u << 17);
        v = (v >> 24 & 1) && external && !m_broken.pll ? v | 1u << 25 : v & ~(1u << 25);
        return (v >> 26 & 1) && external && !m_broken.usbPll ? v | 1u << 27 : v & ~(1u << 27);
    });
    onWrite(rccCr, [this](uint32_t before, uint32_t now) {
        if (((before ^ now) >> 18 & 1) && (before >> 16 & 1))
            complain(QStringLiteral("bypass changes while the oscillator runs"));
        if ((now >> 24 & 1) && (at(pwrCr) >> 14 & 3) != 3)
            complain(QStringLiteral("the PLL starts before voltage scale 1 is chosen"));
        if ((now & ~before) >> 24 & 1 && !(read(rccCr) >> 17 & 1))
            complain(QStringLiteral("the PLL starts before its source is ready"));
        if (!(now & 1)) complain(QStringLiteral("HSI is switched off"));
    });
    onWrite(pllCfgr, [this](uint32_t, uint32_t) {
        if (bit(rccCr, 24)) complain(QStringLiteral("PLLCFGR is written while the PLL runs"));
    });
    onWrite(plli2sCfgr, [this](uint32_t, uint32_t) {
        if (bit(rccCr, 26)) complain(QStringLiteral("PLLI2SCFGR is written while it runs"));
    });
    guard(QStringLiteral("PWR"), 0x40007000, 8, [this] { return bit(0x40023840, 28); });
    onRead(pwrCsr, [this](uint32_t) {
        const uint32_t v = at(pwrCr);
        return (bit(rccCr, 24) && !m_broken.regulator ? 1u << 14 : 0) | (v & 1u << 16) |
               ((v >> 16 & 1) ? v & 1u << 17 : 0);
    });
    onRead(cfgr, [this](uint32_t v) {
        const bool pll = (read(rccCr) >> 25 & 1) && !m_broken.change;
        return (v & ~0xCu) | ((v & 3) == 2 && pll ? 8u : 0u);
    });
    onWrite(cfgr, [this](uint32_t before, uint32_t now) {
        if ((before & 3) != (now & 3) && (now & 3) == 2) checkSwitch();
    });
    onWrite(flashAcr, [this](uint32_t before, uint32_t now) {
        if (now & (isF7 ? ~0xB0Fu : ~0x1F0Fu))
            complain(QStringLiteral("reserved bits of FLASH_ACR"));
        const uint32_t reset = isF7 ? 1u << 11 : 3u << 11, on = isF7 ? 1u << 9 : 3u << 9;
        if ((now & reset & ~before) && (now & on))
            complain(QStringLiteral("caches are reset while they are on"));
        const Clocks c = clocks();
        if ((now & 15) < fewestWaitStates(c)) complain(QStringLiteral("too few wait states"));
    });
}

void Stm32Model::checkSwitch()
{
    const Clocks c = clocks();
    if (!(read(rccCr) >> 25 & 1)) complain(QStringLiteral("switched to a PLL that is not locked"));
    if (field(flashAcr, 0, 4) < fewestWaitStates(c))
        complain(QStringLiteral("switched before the Flash has its wait states"));
    if (!(read(pwrCsr) >> 14 & 1)) complain(QStringLiteral("switched before the voltage is there"));
    if (isF7 && c.coreHz > 180e6 && (read(pwrCsr) >> 16 & 3) != 3)
        complain(QStringLiteral("switched above 180 MHz without overdrive"));
    for (const QString &wrong : outOfBounds(c))
        complain(QStringLiteral("switched beyond bounds: ") + wrong);
}

Clocks Stm32Model::clocks()
{
    Clocks c;
    const uint32_t pll = at(pllCfgr);
    const double source = pll >> 22 & 1 ? m_externalHz : 16e6;
    c.vcoInputHz = source / (pll & 63);
    c.vcoHz = c.vcoInputHz * (pll >> 6 & 511);
    const bool onPll = (at(cfgr) & 3) == 2;
    c.coreHz = onPll ? c.vcoHz / (2 * ((pll >> 16 & 3) + 1)) : 16e6;
    c.busHz = c.coreHz; // AHB is not divided: checked below
    if (field(cfgr, 4, 4)) c.busHz = 0;
    c.apb1Hz = divided(c.busHz, field(cfgr, 10, 3));
    c.apb2Hz = divided(c.busHz, field(cfgr, 13, 3));
    if (bit(dckCfgr2, 27)) {
        const uint32_t usb = at(plli2sCfgr);
        c.usbVcoInputHz = source / (usb & 63);
        c.usbVcoHz = c.usbVcoInputHz * (usb >> 6 & 511);
        c.usbHz = bit(rccCr, 26) ? c.usbVcoHz / (usb >> 24 & 15) : 0;
    } else {
        c.usbVcoInputHz = c.vcoInputHz;
        c.usbVcoHz = c.vcoHz;
        c.usbHz = bit(rccCr, 24) ? c.vcoHz / (pll >> 24 & 15) : 0;
    }
    return c;
}

uint32_t Stm32Model::fewestWaitStates(const Clocks &clocks)
{
    const double mhz = clocks.busHz / 1e6;
    if (isF7) return mhz > 210 ? 7 : mhz <= 30 ? 0 : uint32_t((mhz - 0.001) / 30);
    return mhz <= 30 ? 0 : mhz <= 64 ? 1 : mhz <= 90 ? 2 : 3;
}

QStringList Stm32Model::outOfBounds(const Clocks &c)
{
    QStringList wrong;
    within(wrong, "PLL input", c.vcoInputHz, 0.95, 2.1);
    within(wrong, "PLL VCO", c.vcoHz, 100, 432);
    if (c.usbHz > 0) {
        within(wrong, "USB PLL input", c.usbVcoInputHz, 0.95, 2.1);
        within(wrong, "USB PLL VCO", c.usbVcoHz, 100, 432);
    }
    within(wrong, "AHB", c.busHz, 14.2, isF7 ? 216 : 100); // USB needs 14.2
    within(wrong, "APB1", c.apb1Hz, 0, isF7 ? 54 : 50);
    within(wrong, "APB2", c.apb2Hz, 0, isF7 ? 108 : 100);
    return wrong;
}
