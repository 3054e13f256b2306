#include "widgets/document/edit_command.h"

#include "widgets/document/document.h"

namespace atomnet
{

EditCommand::EditCommand(Document &document, Network after, const QString &text, int gesture)
    : QUndoCommand(text)
    , m_document(document)
    , m_before(document.network())
    , m_after(std::move(after))
    , m_gesture(gesture)
{
}

void EditCommand::undo()
{
    m_document.set(m_before);
}

void EditCommand::redo()
{
    m_document.set(m_after);
}

bool EditCommand::mergeWith(const QUndoCommand *other)
{
    // Ids are gesture numbers and every command on the stack is an EditCommand, so equal ids
    // suffice.
    m_after = static_cast<const EditCommand *>(other)->m_after;
    setObsolete(sameDesign(m_before, m_after)); // dragged there and back: no step at all
    return true;
}

} // namespace atomnet
