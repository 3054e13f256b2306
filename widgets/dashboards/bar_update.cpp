#include "widgets/dashboards/bar_update.h"

#include <QAbstractBarSeries>
#include <QBarSet>

namespace atomnet
{

BarUpdate barUpdate(const QList<QList<double>> &shown, const QList<QList<double>> &next)
{
    if (shown == next) return BarUpdate::None;
    if (shown.size() != next.size() || next.isEmpty()) return BarUpdate::Rebuild;
    if (shown.first().size() != next.first().size()) return BarUpdate::Rebuild;
    int changed = 0;
    for (qsizetype layer = 0; layer < next.first().size(); ++layer) {
        bool differs = false;
        for (qsizetype part = 0; part < next.size(); ++part)
            differs = differs || shown[part][layer] != next[part][layer];
        changed += differs;
    }
    return changed <= 2 ? BarUpdate::Replace : BarUpdate::Rebuild;
}

BarUpdate showChanged(QAbstractBarSeries &series, const QList<QList<double>> &shown,
                      const QList<QList<double>> &next)
{
    const QList<QBarSet *> sets = series.barSets();
    Q_ASSERT(sets.size() == next.size());
    const BarUpdate update = barUpdate(shown, next);
    for (qsizetype part = 0; part < next.size(); ++part) {
        QBarSet &set = *sets[part];
        if (update == BarUpdate::Rebuild) {
            if (set.count() > 0) set.remove(0, set.count());
            set.append(next[part]);
        } else if (update == BarUpdate::Replace) {
            for (int layer = 0; layer < int(next[part].size()); ++layer)
                if (shown[part][layer] != next[part][layer]) set.replace(layer, next[part][layer]);
        }
    }
    return update;
}

} // namespace atomnet
