#pragma once

#include "core/analysis/analyze.h"
#include "core/analysis/report.h"

// Reports for tests of the views: one made by hand, with every case a view must show, and the
// knowledge to analyse real designs without an imported AtomDB.
namespace atomnet
{

/// 20 layers (or more) in stages "s1", "s2" and "head": two blocks of four layers a stage and then
/// the head's, a shortcut, sources measured, estimated (one extrapolated) and missing, SRAM
/// estimated, both reserves set. Figures follow from the layer's number, so that tests can tell
/// what a chart must hold.
[[nodiscard]] Report sampleReport(int layers = 20);

/// Samples for two of three operators of this design, so that reports mix measured and missing
/// figures.
[[nodiscard]] Knowledge sampleKnowledge(const Network &network, const Target &target);

} // namespace atomnet
