#pragma once

#include "core/model/edit.h"
#include "widgets/document/advice.h"
#include "widgets/document/document.h"

#include <QGraphicsView>

class QLineEdit;

namespace atomnet
{

class CanvasCommands;
class CanvasKeys;
class CanvasPointer;
class CanvasScene;
class DragController;
struct CanvasHit;
struct MenuPlace;

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
    /// Badges on the cards; null: none.
    void setAdvice(const atomnet::AdvicePtr &advice);

    void zoomIn();
    void zoomOut();
    void zoomReset();
    /// Everything visible; from now on it stays so when the view is resized, until someone zooms or
    /// pans.
    void fit();

    void copy();
    void cut();
    void paste();
    void duplicate();
    void removeSelected();
    void selectAll();
    /// Padlocks of what is selected: searches keep it.
    void toggleLocks();
    /// Inserts a default block of this type behind the selection, or at the end.
    void insertBlock(atomnet::BlockType type);
    /// Replaces the design by a preset, as one undo step.
    void usePreset(const QString &presetId);
    void addStage();
    /// Opens the inline editor on the stage's header.
    void renameStage(atomnet::StageId stage);

Q_SIGNALS:
    void message(const QString &sentence); ///< why something was refused; empty: it is over
    void zoomChanged(double zoom);
    void adviceRequested(); ///< a badge was clicked; what it is on is selected
    void openRequested();   ///< Enter or double click: show the selection's properties

protected:
    bool viewportEvent(QEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void keyReleaseEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dragMoveEvent(QDragMoveEvent *event) override;
    void dragLeaveEvent(QDragLeaveEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void drawForeground(QPainter *painter, const QRectF &rect) override;

private:
    friend class CanvasPointer;
    void wire();
    void applyZoom(double zoom, QPoint anchor);
    void fitNow();
    void keepGhostInside();
    void openMenuAtSelection();
    void openMenu(const MenuPlace &place, QPoint at);
    void showSelection();
    void describeSelection();
    void clickMark(const CanvasHit &hit);
    void finishRename(bool take);

    Document &m_document;
    CanvasScene *m_scene;
    CanvasCommands *m_commands;
    CanvasKeys *m_keys;
    DragController *m_drag;
    CanvasPointer *m_pointer;
    QLineEdit *m_rename = nullptr;
    StageId m_renamed;
    bool m_keepFitted = true;
};

} // namespace atomnet
