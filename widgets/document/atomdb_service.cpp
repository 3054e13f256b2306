#include "widgets/document/atomdb_service.h"

#include "widgets/document/atomdb_worker.h"

namespace atomnet
{

AtomDbService::AtomDbService(QObject *parent)
    : QObject(parent)
    , m_worker(new AtomDbWorker)
    , m_cancel(std::make_shared<std::atomic_bool>(false))
{
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    connect(m_worker, &AtomDbWorker::tableReady, this, &AtomDbService::tableReady);
    connect(m_worker, &AtomDbWorker::modelsDue, this,
            [this] { enqueue([worker = m_worker, cancel = m_cancel] { worker->refit(cancel); }); });
    connect(m_worker, &AtomDbWorker::infoReady, this, &AtomDbService::infoReady);
    connect(m_worker, &AtomDbWorker::importFinished, this, &AtomDbService::importFinished);
    connect(m_worker, &AtomDbWorker::exportFinished, this, &AtomDbService::exportFinished);
    connect(m_worker, &AtomDbWorker::mergeFinished, this, &AtomDbService::mergeFinished);
    connect(m_worker, &AtomDbWorker::progress, this, &AtomDbService::progress);
    connect(m_worker, &AtomDbWorker::failed, this, &AtomDbService::failed);
    m_thread.setObjectName(QStringLiteral("AtomDB"));
    m_thread.start();
}

AtomDbService::~AtomDbService()
{
    cancel();
    m_thread.quit();
    m_thread.wait();
}

void AtomDbService::open(const QString &path)
{
    m_path = path;
    enqueue([worker = m_worker, path] { worker->open(path); });
}

void AtomDbService::loadTable(const QString &board, const QString &runtime)
{
    enqueue([worker = m_worker, board, runtime] { worker->loadTable(board, runtime); });
}

void AtomDbService::prefer(const RunCondition &condition)
{
    enqueue([worker = m_worker, condition] { worker->prefer(condition); });
}

void AtomDbService::refresh()
{
    enqueue([worker = m_worker] { worker->refresh(); });
}

void AtomDbService::importCsv(const QStringList &files)
{
    enqueue([worker = m_worker, files, cancel = m_cancel] { worker->importCsv(files, cancel); });
}

void AtomDbService::exportCsv(const QString &file)
{
    enqueue([worker = m_worker, file, cancel = m_cancel] { worker->exportCsv(file, cancel); });
}

void AtomDbService::merge(const QString &otherDb)
{
    enqueue([worker = m_worker, otherDb, cancel = m_cancel] { worker->merge(otherDb, cancel); });
}

void AtomDbService::cancel()
{
    m_cancel->store(true);
    m_cancel = std::make_shared<std::atomic_bool>(false); // what is asked from now on runs
}

void AtomDbService::enqueue(std::function<void()> work)
{
    ++m_running;
    QMetaObject::invokeMethod(m_worker, [this, work = std::move(work)] {
        work();
        // Queued behind the operation's own signals, so that finished() comes last.
        QMetaObject::invokeMethod(this, [this] {
            --m_running;
            Q_EMIT finished();
        });
    });
}

} // namespace atomnet
