#pragma once

#include "widgets/canvas/canvas_scene.h"
#include "widgets/canvas/drop_edit.h"

#include <QObject>

#include <optional>

namespace atomnet
{

/// One drag over the canvas, wherever it comes from: shows ghost and insertion mark, previews the
/// outcome in the document while it lasts, and makes it one undo step at the end.
class DragController : public QObject
{
    Q_OBJECT
public:
    DragController(Document &document, CanvasScene &scene, QObject *parent);

    [[nodiscard]] bool active() const { return m_payload.has_value(); }
    void begin(Payload payload);
    /// The pointer is at `point`; `copy`: Ctrl is held.
    void moveTo(QPointF point, bool copy);
    /// The pointer left the canvas: nothing would happen here.
    void leave();
    /// True when the design changed.
    bool drop();
    void cancel();
    /// Tells beside the pointer what the preview costs.
    void showDifference(const Report &report, const Report &baseline);

Q_SIGNALS:
    void message(const QString &sentence);

private:
    [[nodiscard]] QString title() const;
    [[nodiscard]] QColor color() const;
    void refuse(const QString &why);
    void end();

    Document &m_document;
    CanvasScene &m_scene;
    std::optional<Payload> m_payload;
    std::optional<DropEdit> m_edit; ///< of the present place; none where a drop is refused
    std::optional<DropPlace> m_place;
    bool m_copy = false;
};

} // namespace atomnet
