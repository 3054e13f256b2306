#pragma once

#include "core/model/network.h"

#include <QUndoCommand>

namespace atomnet
{

class Document;

/// The one undo command: the network before and after. Commands of one gesture (a slider drag) join
/// into one step.
class EditCommand : public QUndoCommand
{
public:
    EditCommand(Document &document, Network after, const QString &text, int gesture);

    void undo() override;
    void redo() override;
    [[nodiscard]] int id() const override { return m_gesture > 0 ? m_gesture : -1; }
    bool mergeWith(const QUndoCommand *other) override;

private:
    Document &m_document;
    Network m_before, m_after;
    int m_gesture;
};

} // namespace atomnet
