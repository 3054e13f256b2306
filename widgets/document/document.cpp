#include "widgets/document/document.h"

#include "core/model/design_file.h"
#include "widgets/document/edit_command.h"

#include <QFileInfo>

namespace atomnet
{
namespace
{
constexpr int undoLimit = 1000; // two networks a step: bounds the memory of a long day

Target defaultTarget()
{
    Target target;
    if (const auto board = boardById(QStringLiteral("stm32h743"))) target.board = *board;
    target.runtime = Runtime::AtomNet1;
    return target;
}

Result<Network> applyAll(const Network &network, const std::vector<Edit> &edits)
{
    Network next = network;
    for (const Edit &edit : edits) {
        auto done = atomnet::apply(next, edit); // qualified: std::apply would be found too
        if (!done) return done;
        next = *std::move(done);
    }
    return next;
}
} // namespace

Document::Document(QObject *parent) : QObject(parent), m_target(defaultTarget())
{
    m_stack.setUndoLimit(undoLimit);
    connect(&m_stack, &QUndoStack::cleanChanged, this, &Document::fileChanged);
}

Result<> Document::edit(const Edit &edit, const QString &text, int gesture)
{
    return editAll({edit}, text, gesture);
}

Result<> Document::editAll(const std::vector<Edit> &edits, const QString &text, int gesture)
{
    auto next = applyAll(m_network, edits);
    if (!next) {
        endPreview();
        Q_EMIT failed(next.error().message());
        return tl::make_unexpected(next.error());
    }
    if (sameDesign(*next, m_network)) { // no empty undo step
        endPreview();
        return {};
    }
    m_stack.push(new EditCommand(*this, *std::move(next), text, gesture));
    return {};
}

Result<> Document::preview(const Edit &edit)
{
    return previewAll({edit});
}

Result<> Document::previewAll(const std::vector<Edit> &edits)
{
    auto next = applyAll(m_network, edits);
    if (!next) return tl::make_unexpected(next.error());
    if (m_preview && *m_preview == *next) return {};
    m_preview = *std::move(next);
    Q_EMIT networkChanged(*m_preview);
    return {};
}

void Document::endPreview()
{
    if (!m_preview) return;
    m_preview.reset();
    Q_EMIT networkChanged(m_network);
}

Result<> Document::setTarget(const Target &target)
{
    if (auto valid = validate(target); !valid) return valid;
    if (target == m_target) return {};
    m_target = target;
    Q_EMIT targetChanged(m_target);
    return {};
}

void Document::setNew(const Network &network)
{
    restart(network, {});
}

Result<QStringList> Document::open(const QString &path)
{
    auto file = loadDesign(path);
    if (!file) return tl::make_unexpected(file.error());
    restart(std::move(file->network), path);
    return file->notes;
}

Result<> Document::save()
{
    return saveAs(m_path);
}

Result<> Document::saveAs(const QString &path)
{
    if (path.isEmpty())
        return fail(ErrorCode::Usage,
                    QStringLiteral("the design has no file yet; choose one with Save As"));
    if (auto saved = saveDesign(m_network, path); !saved) return saved;
    m_path = path;
    m_stack.setClean();
    Q_EMIT fileChanged();
    return {};
}

void Document::setRecovered(const Network &network, const QString &path)
{
    restart(network, path);
    m_stack.resetClean(); // what was recovered is not what the file holds
}

bool Document::isModified() const
{
    return !m_stack.isClean();
}

QString Document::displayName() const
{
    if (!m_path.isEmpty()) return QFileInfo(m_path).fileName();
    return m_network.name.isEmpty() ? tr("Untitled") : m_network.name;
}

void Document::set(Network network)
{
    const bool renamed = network.name != m_network.name;
    m_preview.reset();
    m_network = std::move(network);
    m_selection.retain(m_network);
    Q_EMIT networkChanged(m_network);
    if (renamed) Q_EMIT fileChanged();
}

void Document::restart(Network network, const QString &path)
{
    assignIds(network);
    m_path = path;
    m_selection.clear();
    m_stack.clear();
    m_stack.setClean();
    Q_EMIT restarted();
    set(std::move(network));
    Q_EMIT fileChanged();
}

} // namespace atomnet
