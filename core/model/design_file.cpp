#include "core/model/design_file.h"

#include <QFile>
#include <QSaveFile>

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
    const auto failed = [&](const QString &reason) {
        return fail(
            ErrorCode::Io,
            QStringLiteral(
                "the design cannot be saved: %1; the old file is unchanged, save to another "
                "place or make room")
                .arg(reason),
            path);
    };
    QSaveFile file(path);
    // Unbuffered: QSaveFile would take the failure of its last flush for a success.
    if (!file.open(QIODevice::WriteOnly | QIODevice::Unbuffered)) return failed(file.errorString());
    const QByteArray bytes = writeDesign(network);
    for (qint64 done = 0; done < bytes.size();) {
        // A disk that fills up takes a part first; only the next write tells the reason.
        const qint64 written = file.write(bytes.constData() + done, bytes.size() - done);
        if (written <= 0) return failed(file.errorString());
        done += written;
    }
    if (!file.commit()) return failed(file.errorString());
    return {};
}

} // namespace atomnet
