#include "widgets/canvas/canvas_commands.h"

#include "core/model/presets.h"

#include <algorithm>

// Commands on stages and on the whole design, and padlocks.
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

void CanvasCommands::toggleLocks()
{
    const Network &network = m_document.network();
    const Selection &selection = m_document.selection();
    SetLocked edit;
    if (selection.inputSelected()) {
        edit.input = true;
        edit.locked = !network.inputLocked;
    } else if (const int stage = findStage(network, selection.stage()); stage >= 0) {
        edit.stages = {selection.stage()};
        edit.locked = !network.stages[std::size_t(stage)].locked;
    } else if (selection.headSelected()) {
        Q_EMIT message(tr("The head has no padlock: a search space has its own head."));
        return;
    } else {
        if (!needsBlocks()) return;
        edit.blocks = selected();
        edit.locked = !std::all_of(edit.blocks.begin(), edit.blocks.end(),
                                   [&](BlockId id) { return blockById(network, id)->locked; });
    }
    setLocked(edit);
}

void CanvasCommands::setLocked(const SetLocked &edit)
{
    const QString what = edit.input                ? tr("input")
                         : edit.blocks.empty()     ? tr("stage")
                         : edit.blocks.size() == 1 ? tr("block")
                                                   : tr("%1 blocks").arg(edit.blocks.size());
    (void)m_document.edit(edit, (edit.locked ? tr("Lock %1") : tr("Unlock %1")).arg(what));
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
