#include "app/window/recovery.h"

#include <QFileInfo>

namespace atomnet
{

Recovery::Recovery(Document &document, QObject *parent) : QObject(parent), m_autosave(document) {}

void Recovery::look()
{
    m_found = findRecoveredWork();
    if (hasWork()) Q_EMIT changed();
}

QString Recovery::sentence() const
{
    if (!hasWork()) return {};
    const RecoveredWork &work = m_found.first();
    QString name = QFileInfo(work.designPath).fileName();
    if (name.isEmpty()) name = work.network.name;
    if (name.isEmpty()) name = QStringLiteral("an unnamed design");
    const QDateTime when = work.savedAt.toLocalTime();
    const bool today = when.date() == QDate::currentDate();
    QString text = QStringLiteral("Found unsaved work on %1 from %2.")
                       .arg(name, when.toString(today ? QStringLiteral("HH:mm")
                                                      : QStringLiteral("yyyy-MM-dd HH:mm")));
    if (m_found.size() > 1) text += QStringLiteral(" (%1 more)").arg(m_found.size() - 1);
    return text;
}

void Recovery::restore()
{
    if (!hasWork()) return;
    m_autosave.adopt(m_found.takeFirst());
    Q_EMIT changed();
}

void Recovery::discard()
{
    if (!hasWork()) return;
    discardRecoveredWork(m_found.takeFirst());
    Q_EMIT changed();
}

} // namespace atomnet
