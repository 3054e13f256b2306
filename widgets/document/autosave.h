#pragma once

#include "core/model/network.h"

#include <QDateTime>
#include <QLockFile>
#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <memory>

namespace atomnet
{

class Document;

/// Unsaved work of an instance that ended without saying goodbye. While one of these lives, no
/// other instance takes it.
struct RecoveredWork {
    QString file;       ///< the recovery file
    QString designPath; ///< the design's own file; empty when it never had one
    QDateTime savedAt;
    Network network;
    std::shared_ptr<QLockFile> lock;
};

/// <user's data folder>/recovery
[[nodiscard]] QString recoveryFolder();
/// Work left behind in the folder, newest first. Files of running instances are not touched, nor
/// are unreadable ones.
[[nodiscard]] QList<RecoveredWork> findRecoveredWork(const QString &folder = recoveryFolder());
/// Removes the recovery file: the user does not want it, or it lives on elsewhere.
void discardRecoveredWork(const RecoveredWork &work);

/// Keeps unsaved changes in a recovery file, at most half a second behind the document, and removes
/// the file as soon as there is nothing unsaved and when the designer closes. Writing happens off
/// the GUI thread, atomically.
class Autosave : public QObject
{
    Q_OBJECT
public:
    static constexpr int delayMs = 400;

    explicit Autosave(Document &document, QObject *parent = nullptr,
                      const QString &folder = recoveryFolder());
    ~Autosave() override;

    [[nodiscard]] QString file() const { return m_file; }
    /// Puts recovered work into the document; the old recovery file goes once the new one is
    /// written.
    void adopt(const RecoveredWork &work);
    /// Waits until everything asked so far is on disk.
    void flush();

Q_SIGNALS:
    void failed(const QString &sentence); ///< once until writing works again

private:
    void changed();
    void write();
    void remove();
    void written(const QString &error);

    Document &m_document;
    QString m_file;
    std::unique_ptr<QLockFile> m_lock;
    QTimer m_timer;
    QThreadPool m_pool; ///< one thread: writes and removals stay in order
    bool m_failing = false;
};

} // namespace atomnet
