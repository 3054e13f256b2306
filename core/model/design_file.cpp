#include "core/model/design_file.h"

#include "core/base/atomic_file.h"
#include <QFile>

namespace atomnet
{

Result<DesignFile> loadDesign(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return fail(
            ErrorCode::Io,
            QStringLiteral("the design cannot be opened: %1; check the name and its permissions")
                .arg(file.errorString()),
            path);
    }
    const QByteArray bytes =
        file.read(maxDesignFileBytes + 1); // one more tells a file that is too large
    if (file.error() != QFileDevice::NoError) {
        return fail(
            ErrorCode::Io,
            QStringLiteral("the design cannot be read: %1; check the disk").arg(file.errorString()),
            path);
    }
    return readDesign(bytes, path);
}

Result<> saveDesign(const Network &network, const QString &path)
{
    const QString reason = writeAtomically(path, writeDesign(network));
    if (reason.isEmpty()) return {};
    return fail(ErrorCode::Io,
                QStringLiteral("the design cannot be saved: %1; the old file is unchanged, save to "
                               "another place or make room")
                    .arg(reason),
                path);
}

} // namespace atomnet
