#pragma once

#include "widgets/canvas/drop_edit.h"
#include "widgets/document/document.h"

#include <QObject>

class QMimeData;

namespace atomnet
{

enum class Direction : quint8 { Left, Right, Up, Down };

/// Everything that keys, menus and buttons do to the design on the canvas, acting on the selection.
/// What cannot be done says why by message().
class CanvasCommands : public QObject
{
    Q_OBJECT
public:
    CanvasCommands(Document &document, QObject *parent);

    // Blocks
    void copy();
    void cut();
    void paste();
    void duplicate();
    void removeSelected();
    void selectAll();
    void insert(std::vector<Block> blocks, bool takeWidth, const QString &text);
    void insertAt(DropPlace place, BlockType type);
    /// Sets what the patch holds on all selected blocks.
    void change(const BlockPatch &patch, const QString &text);
    /// Next multiple of 8 up or down, each block from its own width. `again`: the key is held down,
    /// same undo step.
    void widen(int direction, bool again);
    void cycleExpansion();
    void toggleSe();
    /// Opens the padlocks of the selected blocks, stage or input when all are closed; else closes
    /// them.
    void toggleLocks();
    void setLocked(const SetLocked &edit);
    /// Alt+arrow: within the stage, or into the neighbouring one; a selected stage moves left or
    /// right.
    void move(Direction direction);
    /// The selected blocks become a stage of their own behind the one of the first.
    void splitIntoStage();

    // Stages and the whole design
    void addStage(int index = -1); ///< -1: behind the last
    void removeStage(StageId stage);
    void renameStage(StageId stage, const QString &name);
    void moveStage(StageId stage, int by);
    void usePreset(const QString &presetId);

    /// Where a paste or an insertion by key goes: behind the selection, else at the end.
    [[nodiscard]] DropPlace placeForInsertion() const;

Q_SIGNALS:
    void message(const QString &sentence);

private:
    [[nodiscard]] std::vector<BlockId> selected() const;
    [[nodiscard]] bool needsBlocks();
    /// Performs and selects what came into being.
    void insertPayload(const Payload &payload, DropPlace place, const QString &text);
    void moveBlocks(Direction direction);

    Document &m_document;
    int m_gesture = 0; ///< of a held key
};

} // namespace atomnet
