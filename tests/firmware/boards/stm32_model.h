#pragma once

#include "tests/firmware/boards/register_model.h"

#include <array>

/// What of a chip may be broken.
struct Broken {
    bool oscillator = false, pll = false, usbPll = false, regulator = false, usbSupply = false;
    bool change = false; ///< to the PLL, of the core's clock
};

/// Frequencies as the registers say now, worked out from the reference manual's numbers and not
/// from the port's.
struct Clocks {
    double coreHz = 0, busHz = 0, apb1Hz = 0, apb2Hz = 0, usbHz = 0;
    double vcoHz = 0, vcoInputHz = 0, usbVcoHz = 0, usbVcoInputHz = 0;
};

/// The clocks, power and Flash interface of a chip, with the rules of its reference manual;
/// model_f47.cpp, model_h7.cpp.
class Stm32Model : public RegisterModel
{
public:
    /// external: frequency of the board's oscillator.
    Stm32Model(double externalHz, Broken broken = {});

    Clocks clocks();
    /// The fewest wait states that the data sheet allows at these clocks.
    static uint32_t fewestWaitStates(const Clocks &clocks);
    /// Bounds of the data sheet, which `clocks` break; empty when none.
    static QStringList outOfBounds(const Clocks &clocks);

private:
    void checkSwitch();
    double m_externalHz;
    Broken m_broken;
};

/// A sentence for a frequency that is not within [from, to] MHz.
inline void within(QStringList &wrong, const char *what, double hz, double from, double to)
{
    if (hz < from * 1e6 || hz > to * 1e6)
        wrong.append(QStringLiteral("%1: %2 MHz").arg(QLatin1String(what)).arg(hz / 1e6));
}
