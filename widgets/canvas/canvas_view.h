#pragma once

#include "widgets/document/analysis_runner.h"
#include "widgets/document/document.h"

#include <QGraphicsView>

#include <memory>

namespace atomnet
{

class CanvasKeys;
class CanvasScene;
class DragController;

/// The canvas: stages from left to right with their blocks as cards. Every change goes through the
/// Document; what is selected and hovered through its Selection.
class CanvasView : public QGraphicsView
{
    Q_OBJECT
public:
    explicit CanvasView(Document &document, QWidget *parent = nullptr);
    ~CanvasView() override;

    [[nodiscard]] double zoom() const; ///< 1 is 100 %
    [[nodiscard]] CanvasScene &canvas() { return *m_scene; }

public Q_SLOTS:
    void setReport(const atomnet::ReportPtr &report, const atomnet::ReportPtr &baseline);
    /// The report is of an older design (the analysis failed).
    void setDimmed(bool dimmed);

    void zoomIn();
    void zoomOut();
    void zoomReset();
    void fit();

    void copy();
    void cut();
    void paste();
    void duplicate();
    void removeSelected();
    void selectAll();
    /// Inserts a default block of this type behind the selection, or at the end.
    void insertBlock(atomnet::BlockType type);
    /// Replaces the design by a preset, as one undo step.
    void usePreset(const QString &presetId);
    void addStage();

Q_SIGNALS:
    void message(const QString &sentence); ///< why something was refused, or what a drop would do
    void zoomChanged(double zoom);
    void openRequested(); ///< Enter or double click: show the selection's properties
};

} // namespace atomnet
