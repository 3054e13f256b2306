#pragma once

#include <QList>

class QAbstractBarSeries;

namespace atomnet
{

/// How a chart gets from what it shows to what it should show.
enum class BarUpdate {
    None,    ///< nothing differs
    Replace, ///< one or two bars differ: their values are replaced
    Rebuild, ///< more differ, or bars came or went: all are removed and appended
};

/// parts[part][layer] of both.
[[nodiscard]] BarUpdate barUpdate(const QList<QList<double>> &shown,
                                  const QList<QList<double>> &next);

/// Makes the series' sets (one a part) hold `next`. Qt Charts lays the whole series out again at
/// every changed value, so few values are replaced one by one and many go in one step.
BarUpdate showChanged(QAbstractBarSeries &series, const QList<QList<double>> &shown,
                      const QList<QList<double>> &next);

} // namespace atomnet
