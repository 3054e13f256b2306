#pragma once

#include "widgets/canvas/canvas_commands.h"

#include <functional>

class QMenu;
class QWidget;

namespace atomnet
{

/// What a context menu is asked for.
struct MenuPlace {
    BlockId block; ///< with the selection around it
    StageId stage; ///< header or lane; also set with a block
    bool input = false;
};

/// The canvas's context menu; deletes itself when closed. `rename` starts the inline editor.
[[nodiscard]] QMenu *makeCanvasMenu(Document &document, CanvasCommands &commands, MenuPlace place,
                                    const std::function<void(StageId)> &rename, QWidget *parent);

} // namespace atomnet
