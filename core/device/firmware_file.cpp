#include "core/device/device_address.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

namespace atomnet
{

Result<QString> firmwareFile(const QString &file)
{
    QStringList folders;
    if (const QString folder = qEnvironmentVariable("ATOMNET_FIRMWARE_DIR"); !folder.isEmpty()) {
        folders << folder; // and nowhere else
    } else {
        if (QCoreApplication::instance())
            folders << QDir(QCoreApplication::applicationDirPath())
                           .filePath(QStringLiteral("../share/atomnet-designer/firmware"));
        folders << QStringLiteral(ATOMNET_BUILT_FIRMWARE);
    }
    for (const QString &folder : folders) {
        const QFileInfo found(QDir(folder), file);
        if (found.isFile()) return QDir::cleanPath(found.absoluteFilePath());
    }
    return fail(
        ErrorCode::Device,
        QStringLiteral("the firmware image is not there; install gcc-arm-none-eabi and build the "
                       "designer again, or set ATOMNET_FIRMWARE_DIR to the folder that holds it"),
        file);
}

} // namespace atomnet
