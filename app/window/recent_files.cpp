#include "app/window/recent_files.h"

#include "app/window/window_settings.h"

#include <QDir>
#include <QFileInfo>

namespace atomnet
{

namespace
{
constexpr char settingsKey[] = "recentFiles";
}

RecentFiles::RecentFiles(QWidget *parent)
    : QMenu(QStringLiteral("Open &Recent"), parent)
    , m_files(windowSettings()->value(settingsKey).toStringList())
{
    setToolTipsVisible(true);
    fill();
}

void RecentFiles::add(const QString &path)
{
    const QString absolute = QFileInfo(path).absoluteFilePath();
    m_files.removeAll(absolute);
    m_files.prepend(absolute);
    while (m_files.size() > most)
        m_files.removeLast();
    changed();
}

void RecentFiles::remove(const QString &path)
{
    if (m_files.removeAll(QFileInfo(path).absoluteFilePath()) > 0) changed();
}

void RecentFiles::changed()
{
    windowSettings()->setValue(settingsKey, m_files);
    fill();
}

void RecentFiles::fill()
{
    clear();
    for (int i = 0; i < int(m_files.size()); ++i) {
        const QString path = m_files.at(i);
        QString name = QFileInfo(path).fileName();
        name.replace(u'&', QStringLiteral("&&"));
        QAction *action = addAction(QStringLiteral("&%1  %2").arg((i + 1) % 10).arg(name));
        action->setToolTip(QDir::toNativeSeparators(path));
        connect(action, &QAction::triggered, this, [this, path] { Q_EMIT chosen(path); });
    }
    if (!m_files.isEmpty()) {
        addSeparator();
        connect(addAction(QStringLiteral("Clear List")), &QAction::triggered, this, [this] {
            m_files.clear();
            changed();
        });
    }
    setEnabled(!m_files.isEmpty());
}

} // namespace atomnet
