#pragma once

#include "core/base/result.h"
#include "widgets/dashboards/explorer/explorer_controls.h"
#include "widgets/dashboards/explorer/plot_model.h"

#include <QSet>

class QStackedWidget;
class QToolButton;

namespace atomnet
{

class DetailPanel;
class ErrorView;
class FilterPanel;
class PlotView;

/// The Explorer: AtomDB as a place to look. It asks by signals; the window owns the service and
/// the design.
class ExplorerPanel : public QWidget
{
    Q_OBJECT
public:
    explicit ExplorerPanel(QWidget *parent = nullptr);

    void setConditions(const std::vector<ConditionInfo> &conditions);
    void setSnapshot(const ExplorerSnapshotPtr &snapshot);
    void setSamples(const ExplorerSamples &samples);
    /// Why there is nothing to see; empty: there is.
    void setFailure(const QString &sentence);
    /// What is looked at when nothing was chosen yet: the design's target.
    void prefer(const QString &board, const QString &runtime);
    /// Which operators the open design has.
    void setDesignKeys(const QSet<AtomKey> &keys);

    [[nodiscard]] ExplorerRequest request() const;
    [[nodiscard]] QJsonObject state() const;
    void restore(const QJsonObject &state);
    /// Writes what is shown: .png, .svg or .csv. Usage for another suffix; Io with the reason.
    [[nodiscard]] Result<> exportTo(const QString &path);

    [[nodiscard]] ExplorerControls &controls() const { return *m_controls; }
    [[nodiscard]] FilterPanel &filters() const { return *m_filters; }
    [[nodiscard]] PlotView &plot() const { return *m_plot; }
    [[nodiscard]] ErrorView &errors() const { return *m_errors; }
    [[nodiscard]] DetailPanel &details() const { return *m_details; }
    [[nodiscard]] QString describe(const PlotHit &hit) const;

Q_SIGNALS:
    void requestChanged();
    void samplesWanted(qint64 condition, const atomnet::AtomKey &key);
    void selectInDesignWanted(const atomnet::AtomKey &key);
    void exportWanted();
    void windowWanted(); ///< of its own, with more room

private:
    void makeButtons();
    void choiceChanged();
    void redraw(bool keepView);
    void showCounts();
    void click(const PlotHit &hit);
    void endSelection();
    void showSelected();
    [[nodiscard]] std::optional<AtomKey> keyOf(const PlotHit &hit) const;
    /// The point of the selected operator in the plot that is shown now.
    [[nodiscard]] std::optional<PlotHit> findSelected() const;

    ExplorerControls *m_controls;
    FilterPanel *m_filters;
    QStackedWidget *m_stack;
    PlotView *m_plot;
    ErrorView *m_errors;
    DetailPanel *m_details;
    QToolButton *m_filterButton = nullptr;
    ExplorerSnapshotPtr m_snapshot;
    ExplorerChoice m_drawn; ///< what the plot shows
    std::optional<AtomKey> m_selected;
    QSet<AtomKey> m_designKeys;
    QString m_failure;
    QJsonObject m_restoredView; ///< to be applied once there is something to see
    bool m_empty = false;       ///< AtomDB has nothing
};

} // namespace atomnet
