#include "widgets/canvas/canvas_menu.h"

#include "widgets/canvas/card_text.h"
#include "widgets/common/icons.h"

#include <QCoreApplication>
#include <QMenu>

#include <array>

namespace atomnet
{
namespace
{

constexpr std::array allTypes{BlockType::Conv, BlockType::Sep, BlockType::ConvNext,
                              BlockType::MbConv};
constexpr std::array allActivations{Activation::None, Activation::Relu, Activation::Relu6,
                                    Activation::HSwish, Activation::HSigmoid};

QString tr(const char *text)
{
    return QCoreApplication::translate("atomnet::Canvas", text);
}

/// A submenu whose entries set one field of the selected blocks; the present value is checked.
template <class Values, class Name, class Set>
void addChoices(QMenu &menu, const QString &title, const Values &values, const Name &name,
                const Set &set, decltype(*std::begin(values)) present, CanvasCommands &commands)
{
    QMenu *choices = menu.addMenu(title);
    for (const auto &value : values) {
        BlockPatch patch;
        set(patch, value);
        const QString step = tr("Change %1").arg(title.toLower());
        QAction *action = choices->addAction(
            name(value), &commands, [&commands, patch, step] { commands.change(patch, step); });
        action->setCheckable(true);
        action->setChecked(value == present);
    }
}

void addInsertions(QMenu &menu, const QString &title, DropPlace place, CanvasCommands &commands)
{
    QMenu *types = menu.addMenu(icon(QStringLiteral("add")), title);
    for (const BlockType type : allTypes)
        types->addAction(displayName(type), &commands,
                         [&commands, place, type] { commands.insertAt(place, type); });
}

/// `locked`: of what the entry acts on.
void addLock(QMenu &menu, bool locked, CanvasCommands &commands, const SetLocked &edit)
{
    QAction *lock = menu.addAction(tr("Keep in searches\tL"), &commands,
                                   [&commands, edit] { commands.setLocked(edit); });
    lock->setCheckable(true);
    lock->setChecked(locked);
}

void addBlockActions(QMenu &menu, const Network &network, BlockId id,
                     const std::vector<BlockId> &selected, CanvasCommands &commands)
{
    const Block &block = *blockById(network, id);
    const BlockPlace place = findBlock(network, id);
    const auto number = [](int n) { return QString::number(n); };
    addChoices(
        menu, tr("Type"), allTypes, [](BlockType t) { return displayName(t); },
        [](BlockPatch &p, BlockType t) { p.type = t; }, block.type, commands);
    addChoices(
        menu, tr("Kernel"), std::array{1, 3, 5, 7},
        [](int k) { return QStringLiteral("%1×%1").arg(k); },
        [](BlockPatch &p, int k) { p.kernel = k; }, block.kernel, commands);
    addChoices(
        menu, tr("Stride"), std::array{1, 2, 3, 4}, number,
        [](BlockPatch &p, int s) { p.stride = s; }, block.stride, commands);
    addChoices(
        menu, tr("Repeat"), std::array{1, 2, 3, 4, 5, 6, 8}, number,
        [](BlockPatch &p, int n) { p.repeat = n; }, block.repeat, commands);
    addChoices(
        menu, tr("Activation"), allActivations, [](Activation a) { return displayName(a); },
        [](BlockPatch &p, Activation a) { p.act = a; }, block.act, commands);
    if (block.type != BlockType::Conv) {
        QAction *se =
            menu.addAction(tr("Squeeze-and-excite"), &commands, &CanvasCommands::toggleSe);
        se->setCheckable(true);
        se->setChecked(block.se.has_value());
    }
    addLock(menu, block.locked, commands, {!block.locked, {}, selected, false});
    menu.addSeparator();
    addInsertions(menu, tr("Insert before"), {DropPlace::Kind::InStage, place.stage, place.index},
                  commands);
    addInsertions(menu, tr("Insert after"),
                  {DropPlace::Kind::InStage, place.stage, place.index + 1}, commands);
    menu.addSeparator();
    menu.addAction(icon(QStringLiteral("duplicate")), tr("Duplicate\tD"), &commands,
                   &CanvasCommands::duplicate);
    menu.addAction(icon(QStringLiteral("cut")), tr("Cut\tCtrl+X"), &commands, &CanvasCommands::cut);
    menu.addAction(icon(QStringLiteral("copy")), tr("Copy\tCtrl+C"), &commands,
                   &CanvasCommands::copy);
    menu.addAction(icon(QStringLiteral("paste")), tr("Paste\tCtrl+V"), &commands,
                   &CanvasCommands::paste);
    menu.addAction(icon(QStringLiteral("delete")), tr("Delete\tDel"), &commands,
                   &CanvasCommands::removeSelected);
    menu.addSeparator();
    menu.addAction(tr("Split into own stage"), &commands, &CanvasCommands::splitIntoStage);
}

void addStageActions(QMenu &menu, const Network &network, StageId id, CanvasCommands &commands,
                     const std::function<void(StageId)> &rename)
{
    const int stage = findStage(network, id);
    const int last = int(network.stages.size()) - 1;
    const int size = int(network.stages[std::size_t(stage)].blocks.size());
    addInsertions(menu, tr("Add block"), {DropPlace::Kind::InStage, stage, size}, commands);
    menu.addSeparator();
    const bool locked = network.stages[std::size_t(stage)].locked;
    addLock(menu, locked, commands, {!locked, {id}, {}, false});
    menu.addAction(tr("Rename stage\tF2"), &commands, [rename, id] { rename(id); });
    QAction *left = menu.addAction(tr("Move stage left"), &commands,
                                   [&commands, id] { commands.moveStage(id, -1); });
    left->setEnabled(stage > 0);
    QAction *right = menu.addAction(tr("Move stage right"), &commands,
                                    [&commands, id] { commands.moveStage(id, 1); });
    right->setEnabled(stage < last);
    menu.addAction(tr("Add stage before"), &commands,
                   [&commands, stage] { commands.addStage(stage); });
    menu.addAction(tr("Add stage after"), &commands,
                   [&commands, stage] { commands.addStage(stage + 1); });
    menu.addAction(icon(QStringLiteral("delete")), tr("Delete stage"), &commands,
                   [&commands, id] { commands.removeStage(id); });
}

} // namespace

QMenu *makeCanvasMenu(Document &document, CanvasCommands &commands, MenuPlace place,
                      const std::function<void(StageId)> &rename, QWidget *parent)
{
    auto *menu = new QMenu(parent);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const Network &network = document.network();
    if (place.block) {
        addBlockActions(*menu, network, place.block, document.selection().blocks(), commands);
        if (place.stage)
            addStageActions(*menu->addMenu(tr("Stage")), network, place.stage, commands, rename);
    } else if (place.stage) {
        addStageActions(*menu, network, place.stage, commands, rename);
    } else {
        if (place.input) {
            addLock(*menu, network.inputLocked, commands, {!network.inputLocked, {}, {}, true});
            menu->addSeparator();
        }
        addInsertions(*menu, tr("Add block"), commands.placeForInsertion(), commands);
        menu->addAction(icon(QStringLiteral("stage")), tr("Add stage"), &commands,
                        [&commands] { commands.addStage(); });
        menu->addSeparator();
        menu->addAction(icon(QStringLiteral("paste")), tr("Paste\tCtrl+V"), &commands,
                        &CanvasCommands::paste);
        menu->addAction(tr("Select all\tCtrl+A"), &commands, &CanvasCommands::selectAll);
    }
    return menu;
}

} // namespace atomnet
