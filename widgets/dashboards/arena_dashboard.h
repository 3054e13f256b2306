#pragma once

#include "widgets/dashboards/arena_map.h"
#include "widgets/dashboards/chart_painter.h"
#include "widgets/dashboards/dashboard.h"

namespace atomnet
{

/// Which tensors live when, and where in the arena: the memory map over time where the runtime's
/// plan is known, else one lane a tensor. The peak layer is marked.
class ArenaDashboard : public Dashboard
{
    Q_OBJECT
public:
    ArenaDashboard(Document &document, QWidget *parent);
    [[nodiscard]] QString title() const override;
    [[nodiscard]] QString id() const override;
    [[nodiscard]] QString iconName() const override;
    [[nodiscard]] const ArenaMap &shown() const { return m_map; }

protected:
    void showReport() override;
    [[nodiscard]] QString toolTipAt(int layer, double value) const override;
    void retheme(const Theme &theme) override;

private:
    void decorate(const Theme &theme);
    void paintBars(QPainter &painter, const PlotMap &plot) const;
    ArenaMap m_map;
    QStringList m_labels; ///< by bar: name and size
};

} // namespace atomnet
