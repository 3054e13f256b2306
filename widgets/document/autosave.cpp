#include "widgets/document/autosave.h"

#include "core/base/atomic_file.h"
#include "core/model/design_file.h"
#include "widgets/document/document.h"

#include <QCoreApplication>
#include <QDir>
#include <QEvent>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStandardPaths>
#include <QUuid>

#include <algorithm>
#include <optional>
#include <utility>

namespace atomnet
{
namespace
{

const QString recoverySuffix = QStringLiteral(".atomnet-recovery");
// A design grows when it is wrapped: quotes and line ends are escaped.
constexpr qint64 maxRecoveryBytes = 4 * maxDesignFileBytes;

QString lockPath(const QString &recoveryFile)
{
    return recoveryFile + QStringLiteral(".lock");
}

/// The lock of a recovery file if its owner is gone. Age says nothing: an instance may be open for
/// weeks.
std::shared_ptr<QLockFile> takeLock(const QString &recoveryFile)
{
    auto lock = std::make_shared<QLockFile>(lockPath(recoveryFile));
    lock->setStaleLockTime(0);
    return lock->tryLock(0) ? lock : nullptr;
}

QByteArray wrap(const Network &network, const QString &path)
{
    const QJsonObject object{
        {QStringLiteral("format"), QStringLiteral("atomnet-recovery")},
        {QStringLiteral("version"), 1},
        {QStringLiteral("path"), path},
        {QStringLiteral("savedAt"), QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs)},
        {QStringLiteral("design"), QString::fromUtf8(writeDesign(network))}};
    return QJsonDocument(object).toJson();
}

std::optional<RecoveredWork> unwrap(const QString &file)
{
    QFile source(file);
    if (source.size() > maxRecoveryBytes || !source.open(QIODevice::ReadOnly)) return {};
    const QJsonObject object = QJsonDocument::fromJson(source.readAll()).object();
    if (object.value(QStringLiteral("format")) != QStringLiteral("atomnet-recovery")) return {};
    auto design = readDesign(object.value(QStringLiteral("design")).toString().toUtf8(), file);
    if (!design) return {};
    return RecoveredWork{file, object.value(QStringLiteral("path")).toString(),
                         QDateTime::fromString(object.value(QStringLiteral("savedAt")).toString(),
                                               Qt::ISODateWithMs),
                         std::move(design->network), nullptr};
}

} // namespace

QString recoveryFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) +
           QStringLiteral("/recovery");
}

QList<RecoveredWork> findRecoveredWork(const QString &folder)
{
    QList<RecoveredWork> found;
    const QFileInfoList files =
        QDir(folder).entryInfoList({QLatin1Char('*') + recoverySuffix}, QDir::Files);
    for (const QFileInfo &info : files) {
        auto lock = takeLock(info.filePath());
        if (!lock) continue;
        if (auto work = unwrap(info.filePath())) {
            work->lock = std::move(lock);
            found.push_back(*std::move(work));
        }
    }
    std::sort(found.begin(), found.end(),
              [](const auto &a, const auto &b) { return a.savedAt > b.savedAt; });
    return found;
}

void discardRecoveredWork(const RecoveredWork &work)
{
    QFile::remove(work.file);
}

Autosave::Autosave(Document &document, QObject *parent, const QString &folder)
    : QObject(parent)
    , m_document(document)
    , m_file(folder + QLatin1Char('/') + QUuid::createUuid().toString(QUuid::WithoutBraces) +
             recoverySuffix)
    , m_lock(std::make_unique<QLockFile>(lockPath(m_file)))
{
    QDir().mkpath(folder);
    m_lock->setStaleLockTime(0);
    m_lock->tryLock(0); // without it only a second running instance could take the file
    m_pool.setMaxThreadCount(1);
    m_timer.setSingleShot(true);
    m_timer.setInterval(delayMs);
    connect(&m_timer, &QTimer::timeout, this, &Autosave::write);
    connect(&document, &Document::networkChanged, this, &Autosave::changed);
    connect(&document, &Document::fileChanged, this, &Autosave::changed);
}

Autosave::~Autosave()
{
    m_timer.stop();
    remove(); // closing is clean: whoever wanted the work has saved it
    m_pool.waitForDone();
}

void Autosave::adopt(const RecoveredWork &work)
{
    m_document.setRecovered(work.network, work.designPath);
    flush();
    if (!m_failing) discardRecoveredWork(work);
}

void Autosave::flush()
{
    if (m_timer.isActive()) {
        m_timer.stop();
        write();
    }
    m_pool.waitForDone();
    QCoreApplication::sendPostedEvents(this, QEvent::MetaCall); // written() of what has ended
}

void Autosave::changed()
{
    if (m_document.previewing()) return;
    if (!m_document.isModified()) {
        m_timer.stop();
        remove();
    } else if (!m_timer.isActive()) { // not restarted: continuous edits must not put it off
        m_timer.start();
    }
}

void Autosave::write()
{
    m_pool.start([this, file = m_file, network = m_document.network(), path = m_document.path()] {
        const QString error = writeAtomically(file, wrap(network, path));
        QMetaObject::invokeMethod(
            this, [this, error] { written(error); }, Qt::QueuedConnection);
    });
}

void Autosave::remove()
{
    m_pool.start([file = m_file] { QFile::remove(file); });
}

void Autosave::written(const QString &error)
{
    const bool wasFailing = std::exchange(m_failing, !error.isEmpty());
    if (m_failing && !wasFailing)
        Q_EMIT failed(tr("Unsaved work cannot be protected against a crash (%1); save the design "
                         "to a place that can be written.")
                          .arg(error));
}

} // namespace atomnet
