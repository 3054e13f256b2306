#include "core/base/atomic_file.h"

#include <QSaveFile>

namespace atomnet
{

QString writeAtomically(const QString &path, const QByteArray &bytes)
{
    QSaveFile file(path);
    // Unbuffered: QSaveFile would take the failure of its last flush for a success.
    if (!file.open(QIODevice::WriteOnly | QIODevice::Unbuffered)) return file.errorString();
    for (qint64 done = 0; done < bytes.size();) {
        // A disk that fills up takes a part first; only the next write tells the reason.
        const qint64 written = file.write(bytes.constData() + done, bytes.size() - done);
        if (written <= 0) return file.errorString();
        done += written;
    }
    return file.commit() ? QString() : file.errorString();
}

} // namespace atomnet
