#pragma once

#include "widgets/canvas/canvas_scene.h"
#include "widgets/canvas/canvas_view.h"

#include <QSignalSpy>

#include <memory>

namespace atomnet
{

/// A shown canvas of the small network at 100 %, and the mouse on it.
struct CanvasFixture {
    explicit CanvasFixture(const Network &network);

    [[nodiscard]] const Network &network() const { return document.network(); }
    [[nodiscard]] const std::vector<Block> &stage(std::size_t s) const
    {
        return network().stages[s].blocks;
    }
    [[nodiscard]] BlockId id(std::size_t s, std::size_t b) const { return stage(s)[b].id; }
    [[nodiscard]] const std::vector<BlockId> &selected() { return document.selection().blocks(); }
    [[nodiscard]] int steps() { return document.undoStack().count(); }

    [[nodiscard]] QPoint at(QPointF scenePoint) const { return view->mapFromScene(scenePoint); }
    [[nodiscard]] QPoint card(std::size_t s, std::size_t b) const;
    [[nodiscard]] QPoint header(std::size_t s) const;
    /// In the gap before (above) block b of stage s.
    [[nodiscard]] QPoint gap(std::size_t s, std::size_t b) const;
    /// Between stage s - 1 and stage s.
    [[nodiscard]] QPoint betweenStages(std::size_t s) const;

    void press(QPoint point, Qt::KeyboardModifiers modifiers = {},
               Qt::MouseButton button = Qt::LeftButton);
    void moveTo(QPoint point, Qt::KeyboardModifiers modifiers = {});
    void release(QPoint point, Qt::KeyboardModifiers modifiers = {},
                 Qt::MouseButton button = Qt::LeftButton);
    /// Press, over several points, release.
    void drag(QPoint from, QPoint to, Qt::KeyboardModifiers modifiers = {});
    void click(QPoint point, Qt::KeyboardModifiers modifiers = {});

    Document document;
    std::unique_ptr<CanvasView> view;
    std::unique_ptr<QSignalSpy> messages;
};

} // namespace atomnet
