#pragma once

#include "core/base/result.h"

class QWidget;

namespace atomnet
{

class Dashboard;

/// Writes the chart as its file name's suffix says: .png or .svg. Usage for another suffix.
[[nodiscard]] Result<> exportChart(Dashboard &chart, const QString &path);

/// Asks for a file for this chart, named after the design; empty when the user changed their mind.
[[nodiscard]] QString askChartFile(const Dashboard &chart, const QString &designName,
                                   QWidget *parent);

} // namespace atomnet
