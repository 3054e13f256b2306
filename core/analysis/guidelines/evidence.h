#pragma once

#include "core/analysis/guidelines/guidelines.h"

// What the guidelines share: the rows they are computed from, and a little statistics.
namespace atomnet
{

/// AtomDB's rows for a target: of the board itself, else of the virtual board that counts
/// instructions for it.
struct EvidenceRows {
    const AtomTable *table = nullptr; ///< null: there are none
    bool counted = false;             ///< in instructions
    QString origin;                   ///< "AtomDB of STM32H743 with X-CUBE-AI 7.2"
};
[[nodiscard]] EvidenceRows evidenceRows(const Target &target, const Knowledge &knowledge);

/// 25 %, 50 % and 75 % quantiles, interpolated.
struct Quartiles {
    double low = 0, median = 0, high = 0;
    std::size_t count = 0;
};
[[nodiscard]] Quartiles quartiles(std::vector<double> values);

/// y = factor * x^exponent by least squares of the logarithms; x and y above 0, two different x.
struct PowerLaw {
    double factor = 0, exponent = 0;
    [[nodiscard]] double at(double x) const;
};
[[nodiscard]] std::optional<PowerLaw> fitPowerLaw(const std::vector<double> &x,
                                                  const std::vector<double> &y);

/// At most `most` points, evenly chosen in the order of x: a chart shows no more.
[[nodiscard]] EvidenceSeries thinned(QString name, const std::vector<double> &x,
                                     const std::vector<double> &y, std::size_t most = 240);

/// "6,489".
[[nodiscard]] QString countText(std::size_t count);
/// Three significant digits: "1.09", "0.85", "12.4".
[[nodiscard]] QString ratioText3(double value);

// One guideline each.
[[nodiscard]] Guideline flashGuideline(const Target &target, const Knowledge &knowledge);
[[nodiscard]] Guideline sramGuideline(const Target &target, const Knowledge &knowledge);
[[nodiscard]] Guideline latencyGuideline(const Target &target, const Knowledge &knowledge);
/// R3, R4 and R5. Cancelled: what was found until then.
[[nodiscard]] std::vector<Guideline>
rankGuidelines(const Target &target, const Knowledge &knowledge, const RunControl &control);
[[nodiscard]] Guideline bottleneckGuideline(const Target &target, const Knowledge &knowledge,
                                            const RunControl &control);

} // namespace atomnet
