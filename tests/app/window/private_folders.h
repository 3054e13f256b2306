#pragma once

#include <QTemporaryDir>

namespace atomnet
{

/// Settings, data and recovery files of a test in a folder of its own, so that it neither reads nor
/// harms the user's; and no AtomDB that ships. Make one before anything asks for a standard path.
class PrivateFolders
{
public:
    PrivateFolders()
    {
        qputenv("XDG_CONFIG_HOME", m_folder.filePath(QStringLiteral("config")).toLocal8Bit());
        qputenv("XDG_DATA_HOME", m_folder.filePath(QStringLiteral("data")).toLocal8Bit());
        qputenv("ATOMNET_SHIPPED_ATOMDB", "");
    }
    [[nodiscard]] bool isValid() const { return m_folder.isValid(); }
    [[nodiscard]] QString file(const QString &name) const { return m_folder.filePath(name); }

private:
    QTemporaryDir m_folder;
};

} // namespace atomnet
