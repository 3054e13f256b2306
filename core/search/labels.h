#pragma once

#include "core/base/run_control.h"

#include <QtGlobal>

#include <vector>

// Partial networks of a dynamic program, and which of them can be forgotten.
namespace atomnet
{

/// Objectives, exactly: sums of figures times whole weights.
__extension__ using ExactScore = __int128;

/// The stages up to some point, chosen.
struct Label {
    ExactScore score = 0; ///< the additive part of the objective
    qint64 latency = 0, flash = 0, sram = 0;
    quint64 choice = 0; ///< mixed radix: input, then the option of each stage
};

/// The figures that decide besides the score which of two labels is better.
struct Dimensions {
    bool latency = false, flash = false;
    int sram = 0; ///< 1: less is better; -1: more is better; 0: does not matter
};

/// The order of results: higher score, then less latency, less Flash, the earlier choice. Between
/// the last two stands SRAM where it matters.
[[nodiscard]] bool better(const Label &a, const Label &b, const Dimensions &dimensions);

/// Sorts the labels and leaves out those that at least `keep` others dominate: that are better()
/// and no worse in any of the dimensions. Whatever follows, those others stay better, so the best
/// `keep` networks never come from what is left out. Leaves some of them in when cancelled.
void prune(std::vector<Label> &labels, int keep, const Dimensions &dimensions,
           const RunControl &control = {});

} // namespace atomnet
