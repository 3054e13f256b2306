#pragma once

#include "app/cli/measure_run.h"

// What the measure command prints, for people and for machines. Each ends with a line feed.
namespace atomnet
{

[[nodiscard]] QString measureText(const std::vector<DeviceRuns> &devices, const QString &dbPath);
[[nodiscard]] QString measureJson(const std::vector<DeviceRuns> &devices, const QString &dbPath,
                                  const QString &name);
/// "12 s", "3 min", "2 h 5 min".
[[nodiscard]] QString durationText(qint64 milliseconds);

} // namespace atomnet
