#pragma once

#include "widgets/document/explorer_service.h"

// What the Explorer says of operators, for tool tips and details.
namespace atomnet
{

/// "stm32h743 \u00b7 x-cube-ai-7.2 \u00b7 400 MHz".
[[nodiscard]] QString conditionLabel(const RunCondition &condition);
/// "1.31 ms" or "12.4 k instr.".
[[nodiscard]] QString timeText(qint64 value, SampleUnit unit);
/// Thousands apart: "54 612".
[[nodiscard]] QString thousands(qint64 n);

/// One figure a line, the operator first: exact, with where it comes from.
[[nodiscard]] QStringList rowText(const ExplorerTable &table, quint32 row);
/// Shape, work and bytes, which need no samples.
[[nodiscard]] QStringList keyText(const AtomKey &key);
[[nodiscard]] QStringList pairText(const ExplorerSnapshot &snapshot, const ConditionPair &pair);
[[nodiscard]] QStringList gapText(const SpaceCoverage &coverage, quint32 gap);

} // namespace atomnet
