#pragma once

#include "core/analysis/explorer/explorer_filter.h"

#include <QScrollArea>

#include <utility>
#include <vector>

class QCheckBox;
class QFormLayout;
class QSpinBox;

namespace atomnet
{

/// Which operators are shown, as a column of editors; the kinds' boxes are the plot's legend as
/// well.
class FilterPanel : public QScrollArea
{
    Q_OBJECT
public:
    explicit FilterPanel(QWidget *parent = nullptr);
    void setFilter(const ExplorerFilter &filter);
    [[nodiscard]] const ExplorerFilter &filter() const { return m_filter; }
    /// How many operators of each kind there are; kinds without any have no box.
    void setCounts(const std::array<quint32, atomKindCount> &counts, quint32 acts);

Q_SIGNALS:
    void filterChanged(const atomnet::ExplorerFilter &filter);

private:
    struct RangeEditor {
        FieldRange ExplorerFilter::*range;
        QSpinBox *low, *high;
    };
    void addRange(const QString &name, FieldRange ExplorerFilter::*range, int most,
                  QFormLayout *form);
    void read();
    void show(const ExplorerFilter &filter);
    void retheme();

    ExplorerFilter m_filter;
    std::vector<std::pair<AtomKind, QCheckBox *>> m_kinds;
    std::vector<std::pair<KeyAct, QCheckBox *>> m_acts;
    std::vector<RangeEditor> m_ranges;
    QWidget *m_actBox = nullptr;
    bool m_showing = false;
};

} // namespace atomnet
