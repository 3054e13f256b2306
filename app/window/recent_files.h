#pragma once

#include <QMenu>
#include <QStringList>

namespace atomnet
{

/// The designs opened last, newest first, as a menu that is kept in the settings.
class RecentFiles : public QMenu
{
    Q_OBJECT
public:
    static constexpr int most = 10;

    explicit RecentFiles(QWidget *parent = nullptr);
    void add(const QString &path);
    void remove(const QString &path);
    [[nodiscard]] const QStringList &files() const { return m_files; }

Q_SIGNALS:
    void chosen(const QString &path);

private:
    void changed();
    void fill();
    QStringList m_files;
};

} // namespace atomnet
