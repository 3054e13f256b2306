#pragma once

#include "widgets/document/autosave.h"

#include <QList>
#include <QObject>

namespace atomnet
{

/// Keeps unsaved work safe and offers what an earlier run left behind. Work that is offered stays
/// on disk until it is restored or discarded on request.
class Recovery : public QObject
{
    Q_OBJECT
public:
    explicit Recovery(Document &document, QObject *parent = nullptr);

    /// Looks for work that another run left behind; changed() when there is some.
    void look();
    [[nodiscard]] bool hasWork() const { return !m_found.isEmpty(); }
    /// "Found unsaved work on net.atomnet from 12:30."; empty when there is none.
    [[nodiscard]] QString sentence() const;
    /// Puts the newest work found into the document.
    void restore();
    /// Deletes the newest work found.
    void discard();
    [[nodiscard]] Autosave &autosave() { return m_autosave; }

Q_SIGNALS:
    void changed();

private:
    Autosave m_autosave;
    QList<RecoveredWork> m_found;
};

} // namespace atomnet
