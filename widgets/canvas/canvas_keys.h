#pragma once

#include "widgets/canvas/canvas_commands.h"
#include "widgets/canvas/canvas_navigation.h"

class QKeyEvent;

namespace atomnet
{

/// Keys of the canvas: arrows select (Shift extends, Alt moves), + - width, 1 3 5 7 kernel, E
/// expansion, S SE, D duplicate, Del, Esc, F2 rename, Enter open, F fit.
class CanvasKeys : public QObject
{
    Q_OBJECT
public:
    CanvasKeys(Document &document, CanvasCommands &commands, QObject *parent);

    /// False: not a key of the canvas.
    bool press(const QKeyEvent &event);
    /// Selects as a click on this block does; extend: from the anchor to here.
    void select(BlockId block, bool extend);

Q_SIGNALS:
    void fitRequested();
    void openRequested();
    void renameRequested(atomnet::StageId stage);
    void zoomRequested(int direction); ///< Ctrl with + (1) and - (-1)

private:
    bool navigate(const QKeyEvent &event);
    bool command(const QKeyEvent &event);
    bool shortcut(const QKeyEvent &event);
    [[nodiscard]] Stop current() const;

    Document &m_document;
    CanvasCommands &m_commands;
    BlockId m_anchor, m_cursor; ///< of a selection extended with Shift
};

} // namespace atomnet
