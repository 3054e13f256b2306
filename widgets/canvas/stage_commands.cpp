#include "widgets/canvas/canvas_commands.h"

#include "core/model/presets.h"

// Commands on stages and on the whole design.
namespace atomnet
{

void CanvasCommands::splitIntoStage()
{
    if (!needsBlocks()) return;
    const Network &network = m_document.network();
    const auto blocks = selected();
    const BlockPlace first = findBlock(network, blocks.front());
    const DropPlace place{DropPlace::Kind::NewStage, first.stage + (first.index > 0 ? 1 : 0), 0};
    const auto edit = dropEdit(network, PresentBlocks{blocks}, place, false);
    if (edit) {
        (void)m_document.editAll(edit->edits, tr("Split into own stage"));
    } else {
        Q_EMIT message(edit.error().message());
    }
}

void CanvasCommands::addStage(int index)
{
    const Network &network = m_document.network();
    Stage stage;
    stage.name = freeStageName(network);
    const int at = index < 0 ? int(network.stages.size()) : index;
    if (m_document.edit(InsertStage{at, stage}, tr("Add stage")))
        m_document.selection().selectStage(m_document.network().stages[std::size_t(at)].id);
}

void CanvasCommands::removeStage(StageId stage)
{
    (void)m_document.edit(RemoveStage{stage}, tr("Delete stage"));
}

void CanvasCommands::renameStage(StageId stage, const QString &name)
{
    (void)m_document.edit(RenameStage{stage, name}, tr("Rename stage"));
}

void CanvasCommands::moveStage(StageId stage, int by)
{
    const Network &network = m_document.network();
    const int from = findStage(network, stage);
    const int to = from + (by > 0 ? by + 1 : by); // counted before removal
    if (from < 0 || to < 0 || to > int(network.stages.size())) {
        Q_EMIT message(tr("The stage is at the end already."));
        return;
    }
    (void)m_document.edit(MoveStage{stage, to}, tr("Move stage"));
}

void CanvasCommands::usePreset(const QString &presetId)
{
    if (const Preset *preset = presetById(presetId)) {
        (void)m_document.edit(ReplaceNetwork{preset->network},
                              tr("Replace the design by %1").arg(preset->network.name));
    } else {
        Q_EMIT message(tr("There is no preset named %1.").arg(presetId));
    }
}

} // namespace atomnet
