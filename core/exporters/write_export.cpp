#include "core/exporters/write_export.h"

#include "core/base/atomic_file.h"

#include <QCryptographicHash>
#include <QDir>
#include <QDirIterator>
#include <QTemporaryDir>

#include <cerrno>
#include <cstdio>

#include <unistd.h>

namespace atomnet
{

namespace
{

const QString markerName = QStringLiteral(".atomnet-export");
/// In every single file that we write: ONNX's producer, TFLite's description.
constexpr char signature[] = "AtomNet Designer";
constexpr qint64 largestFile = qint64(1) << 30; ///< of ours
constexpr auto everything = QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot;

QByteArray sha256(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

QByteArray markerHead(ExportFormat format)
{
    return "# AtomNet Designer, export " + toString(format).toUtf8() +
           ". Replaced by the next one as long as nothing else is in here.\n";
}

/// Lines as sha256sum reads them.
QByteArray marker(ExportFormat format, const std::vector<ExportFile> &files)
{
    QByteArray text = markerHead(format);
    for (const ExportFile &file : files)
        text += sha256(file.bytes) + "  " + file.path.toUtf8() + '\n';
    return text;
}

/// Files by path below the folder, as a marker lists them.
QHash<QString, QByteArray> listed(const QByteArray &markerText)
{
    QHash<QString, QByteArray> hashes;
    for (const QByteArray &line : markerText.split('\n')) {
        const qsizetype gap = line.indexOf("  ");
        if (gap > 0 && !line.startsWith('#'))
            hashes.insert(QString::fromUtf8(line.mid(gap + 2)), line.first(gap));
    }
    return hashes;
}

Result<QByteArray> contentOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io, QStringLiteral("it cannot be read: %1").arg(file.errorString()),
                    path);
    return file.readAll();
}

/// A folder that is there may be replaced when all in it is as we wrote it.
Result<> checkOldFolder(const QString &path, ExportFormat format)
{
    const QDir folder(path);
    if (folder.isEmpty(everything)) return {};
    const auto advice = QStringLiteral("; move it away or choose another folder");
    if (!folder.exists(markerName))
        return fail(ErrorCode::Io,
                    QStringLiteral("this folder is there already and is not an export of ours") +
                        advice,
                    path);
    const auto text = contentOf(folder.filePath(markerName));
    if (!text) return tl::make_unexpected(text.error());
    if (!text->startsWith(markerHead(format)))
        return fail(ErrorCode::Io,
                    QStringLiteral("this folder holds an export of another format") + advice, path);
    const QHash<QString, QByteArray> hashes = listed(*text);
    QDirIterator entries(path, everything, QDirIterator::Subdirectories);
    while (entries.hasNext()) {
        const QString file = folder.relativeFilePath(entries.next());
        const QFileInfo info = entries.fileInfo();
        if (file == markerName || (info.isDir() && !info.isSymLink())) continue;
        if (info.isSymLink() || !hashes.contains(file))
            return fail(
                ErrorCode::Io,
                QStringLiteral("this export holds %1, which is not ours").arg(file) + advice, path);
        const auto bytes = contentOf(entries.filePath());
        if (!bytes) return tl::make_unexpected(bytes.error());
        if (sha256(*bytes) != hashes.value(file))
            return fail(ErrorCode::Io,
                        QStringLiteral("%1 in this export was changed since").arg(file) + advice,
                        path);
    }
    return {};
}

/// An ONNX file begins with the field of its version, a TFLite file has its identifier in the
/// second word.
bool looksLike(ExportFormat format, const QByteArray &bytes)
{
    return format == ExportFormat::TfLite ? bytes.mid(4, 4) == "TFL3" : bytes.startsWith('\x08');
}

Result<> checkOldFile(const QString &path, ExportFormat format)
{
    if (QFileInfo(path).size() <= largestFile) {
        const auto bytes = contentOf(path);
        if (!bytes) return tl::make_unexpected(bytes.error());
        if (bytes->isEmpty() || (looksLike(format, *bytes) && bytes->contains(signature)))
            return {};
    }
    return fail(ErrorCode::Io,
                QStringLiteral("this file is there already and is not an export of ours; move it "
                               "away or choose another name"),
                path);
}

/// The real place: without links, "." and trailing slashes.
QString realPath(const QString &path)
{
    const QFileInfo info(QDir::cleanPath(path));
    const QString real = info.canonicalFilePath();
    return real.isEmpty() ? info.absoluteFilePath() : real;
}

Result<> writeFile(const QString &path, const ExportFile &file)
{
    const auto failed = [&](const QString &reason) {
        return fail(ErrorCode::Io,
                    QStringLiteral("%1 cannot be written: %2").arg(file.path, reason));
    };
    QFile out(path);
    if (!QFileInfo(path).dir().mkpath(QStringLiteral(".")))
        return failed(QStringLiteral("its folder cannot be made"));
    if (!out.open(QIODevice::WriteOnly | QIODevice::Unbuffered)) return failed(out.errorString());
    for (qint64 done = 0; done < file.bytes.size();) {
        const qint64 written = out.write(file.bytes.constData() + done, file.bytes.size() - done);
        if (written <= 0) return failed(out.errorString());
        done += written;
    }
    if (file.executable) {
        QFile::Permissions permissions = out.permissions();
        if (permissions & QFile::ReadOwner) permissions |= QFile::ExeOwner | QFile::ExeUser;
        if (permissions & QFile::ReadGroup) permissions |= QFile::ExeGroup;
        if (permissions & QFile::ReadOther) permissions |= QFile::ExeOther;
        if (!out.setPermissions(permissions)) return failed(out.errorString());
    }
    return {};
}

/// Whether the file has reached the disk.
bool flushed(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) && fsync(file.handle()) == 0;
}

/// Renames a folder onto nothing; the system's reason when it failed.
QString renameFolder(const QString &from, const QString &to)
{
    const bool done =
        std::rename(QFile::encodeName(from).constData(), QFile::encodeName(to).constData()) == 0;
    return done ? QString() : qt_error_string(errno);
}

Result<> writeFolder(const QString &path, ExportFormat format, const std::vector<ExportFile> &files,
                     const RunControl &control)
{
    const QFileInfo place(path);
    // Both the new and the replaced folder lie in one of our own on the same disk, which takes
    // itself away.
    QTemporaryDir beside(place.dir().filePath(QStringLiteral(".atomnet-XXXXXX")));
    if (!beside.isValid())
        return fail(ErrorCode::Io,
                    QStringLiteral("nothing can be written here: %1").arg(beside.errorString()),
                    place.path());
    const QString fresh = beside.filePath(QStringLiteral("new")),
                  replaced = beside.filePath(QStringLiteral("old"));
    std::vector<ExportFile> all = files;
    all.push_back({markerName, marker(format, files)});
    for (const ExportFile &file : all) {
        if (control.cancelled()) return fail(ErrorCode::Cancelled, QStringLiteral("cancelled"));
        Q_ASSERT(!file.path.isEmpty() && QDir::isRelativePath(file.path) &&
                 !file.path.contains(QStringLiteral("..")));
        if (auto written = writeFile(fresh + QLatin1Char('/') + file.path, file); !written)
            return fail(written.error().code, written.error().what, path);
    }
    // All at once: the disk orders them, and the first takes most of the others along.
    for (const ExportFile &file : all)
        if (!flushed(fresh + QLatin1Char('/') + file.path))
            return fail(
                ErrorCode::Io,
                QStringLiteral("%1 cannot be written: the disk does not take it").arg(file.path),
                path);

    if (place.exists()) {
        if (const QString reason = renameFolder(path, replaced); !reason.isEmpty())
            return fail(ErrorCode::Io,
                        QStringLiteral("the older export cannot be replaced: %1").arg(reason),
                        path);
    }
    const QString reason = renameFolder(fresh, path);
    if (reason.isEmpty()) return {};
    if (QFileInfo::exists(replaced) && !renameFolder(replaced, path).isEmpty()) {
        beside.setAutoRemove(false);
        return fail(ErrorCode::Io,
                    QStringLiteral("it cannot be put in place: %1; the older export is now %2")
                        .arg(reason, replaced),
                    path);
    }
    return fail(ErrorCode::Io, QStringLiteral("it cannot be put in place: %1").arg(reason), path);
}

} // namespace

Result<> checkDestination(const QString &path, ExportFormat format)
{
    const QFileInfo place(realPath(path));
    const bool folder = writesFolder(format);
    if (!folder && path.endsWith(QLatin1Char('/')))
        return fail(ErrorCode::Io,
                    QStringLiteral("this names a folder; %1 is one file").arg(displayName(format)),
                    path);
    if (!place.dir().exists())
        return fail(ErrorCode::Io,
                    QStringLiteral("there is no folder %1; make it first").arg(place.path()), path);
    if (!place.exists()) return {};
    if (!place.isDir() && !place.isFile())
        return fail(ErrorCode::Io, QStringLiteral("this is no ordinary file; choose another name"),
                    path);
    if (folder && !place.isDir())
        return fail(ErrorCode::Io,
                    QStringLiteral("this is a file; %1 is a folder, choose another name")
                        .arg(displayName(format)),
                    path);
    if (!folder && !place.isFile())
        return fail(ErrorCode::Io,
                    QStringLiteral("this is a folder; %1 is one file, name it inside")
                        .arg(displayName(format)),
                    path);
    if (!folder) return checkOldFile(place.filePath(), format);
    const QString here = QDir::current().canonicalPath() + QLatin1Char('/');
    if (here.startsWith(place.filePath() + QLatin1Char('/')))
        return fail(ErrorCode::Io, QStringLiteral("this is the folder you are in; name a new one"),
                    path);
    return checkOldFolder(place.filePath(), format);
}

Result<> writeExport(const QString &path, ExportFormat format, const std::vector<ExportFile> &files,
                     const RunControl &control)
{
    // Once more: time has passed since.
    if (auto possible = checkDestination(path, format); !possible) return possible;
    if (control.cancelled()) return fail(ErrorCode::Cancelled, QStringLiteral("cancelled"));
    if (writesFolder(format)) return writeFolder(realPath(path), format, files, control);
    Q_ASSERT(files.size() == 1);
    const QString reason = writeAtomically(realPath(path), files.front().bytes);
    return reason.isEmpty()
               ? Result<>()
               : fail(ErrorCode::Io, QStringLiteral("it cannot be written: %1").arg(reason), path);
}

} // namespace atomnet
