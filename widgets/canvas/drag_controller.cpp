#include "widgets/canvas/drag_controller.h"

#include "widgets/canvas/card_text.h"

namespace atomnet
{

DragController::DragController(Document &document, CanvasScene &scene, QObject *parent)
    : QObject(parent), m_document(document), m_scene(scene)
{
}

void DragController::begin(Payload payload)
{
    m_payload = std::move(payload);
    m_edit.reset();
    m_place.reset();
    m_scene.setFrozen(true);
    if (const auto *present = std::get_if<PresentBlocks>(&*m_payload))
        m_scene.setDragged(present->blocks);
}

void DragController::moveTo(QPointF point, bool copy)
{
    if (!m_payload) return;
    m_scene.ghost().show(point, title(), color());
    const bool whole = std::holds_alternative<WholeDesign>(*m_payload);
    const bool stage = std::holds_alternative<PresentStage>(*m_payload);
    const DropPlace place = whole   ? DropPlace{}
                            : stage ? stagePlaceAt(m_scene.layout(), point)
                                    : dropPlaceAt(m_scene.layout(), point);
    if (m_place == place && m_copy == copy) return;
    m_place = place;
    m_copy = copy;

    auto edit = dropEdit(m_document.network(), *m_payload, place, copy);
    if (edit) {
        if (auto shown = m_document.previewAll(edit->edits); !shown)
            edit = tl::make_unexpected(shown.error());
    }
    if (!edit) {
        refuse(edit.error().message());
        return;
    }
    m_edit = *std::move(edit);
    m_scene.mark().setLine(whole ? QLineF() : insertionMark(m_scene.layout(), place));
    m_scene.ghost().setNote(whole ? tr("replaces the design") : QString(), false);
    Q_EMIT message({});
}

void DragController::leave()
{
    m_edit.reset();
    m_place.reset();
    m_document.endPreview();
    m_scene.mark().setLine({});
    m_scene.ghost().hide();
}

bool DragController::drop()
{
    if (!m_payload) return false;
    const std::optional<DropEdit> edit = m_edit;
    const bool copied = m_copy || !std::holds_alternative<PresentBlocks>(*m_payload);
    const Network before = m_document.network();
    // Still frozen, so that the canvas goes straight from the old places to the new ones.
    const bool done = edit && m_document.editAll(edit->edits, edit->text);
    end();
    if (!done || m_document.network() == before) return false; // the document told why
    const bool whole = std::holds_alternative<ReplaceNetwork>(edit->edits.front());
    if (copied && !whole) m_document.selection().setBlocks(newBlocks(before, m_document.network()));
    return true;
}

void DragController::cancel()
{
    if (!m_payload) return;
    m_document.endPreview();
    end();
}

void DragController::showDifference(const Report &report, const Report &baseline)
{
    if (m_payload && m_edit) m_scene.ghost().setNote(differenceText(report, baseline), false);
}

QString DragController::title() const
{
    if (const auto *fresh = std::get_if<NewBlocks>(&*m_payload)) {
        if (fresh->blocks.size() == 1) return displayName(fresh->blocks.front().type);
        return tr("%1 blocks").arg(fresh->blocks.size());
    }
    if (const auto *present = std::get_if<PresentBlocks>(&*m_payload)) {
        const Block *first = blockById(m_document.network(), present->blocks.front());
        const QString what = present->blocks.size() == 1 && first
                                 ? displayName(first->type) + QStringLiteral(" %1").arg(first->out)
                                 : tr("%1 blocks").arg(present->blocks.size());
        return m_copy ? tr("Copy of %1").arg(what) : what;
    }
    if (const auto *whole = std::get_if<WholeDesign>(&*m_payload)) return whole->network.name;
    return tr("Stage");
}

QColor DragController::color() const
{
    const Theme &theme = ThemeManager::instance().theme();
    if (const auto *fresh = std::get_if<NewBlocks>(&*m_payload))
        return theme.of(fresh->blocks.front().type);
    if (const auto *present = std::get_if<PresentBlocks>(&*m_payload)) {
        if (const Block *first = blockById(m_document.network(), present->blocks.front()))
            return theme.of(first->type);
    }
    return theme.accent;
}

void DragController::refuse(const QString &why)
{
    m_edit.reset();
    m_document.endPreview();
    m_scene.mark().setLine({});
    m_scene.ghost().setNote(why, true);
    Q_EMIT message(why);
}

void DragController::end()
{
    m_payload.reset();
    m_edit.reset();
    m_place.reset();
    m_scene.mark().setLine({});
    m_scene.ghost().hide();
    m_scene.setDragged({});
    m_scene.setFrozen(false);
}

} // namespace atomnet
