#include "widgets/document/explorer_service.h"

#include "widgets/document/explorer_worker.h"

namespace atomnet
{

ExplorerService::ExplorerService(QObject *parent)
    : QObject(parent)
    , m_worker(new ExplorerWorker)
    , m_question(std::make_shared<std::atomic<quint64>>(0))
    , m_sampleQuestion(std::make_shared<std::atomic<quint64>>(0))
{
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    connect(m_worker, &ExplorerWorker::contentsReady, this, &ExplorerService::contentsReady);
    connect(m_worker, &ExplorerWorker::snapshotReady, this, &ExplorerService::snapshotReady);
    connect(m_worker, &ExplorerWorker::samplesReady, this, &ExplorerService::samplesReady);
    connect(m_worker, &ExplorerWorker::failed, this, &ExplorerService::failed);
    m_thread.setObjectName(QStringLiteral("Explorer"));
    m_thread.start();
}

ExplorerService::~ExplorerService()
{
    ++*m_question; // what runs is given up
    m_thread.quit();
    m_thread.wait();
}

void ExplorerService::open(const QString &path)
{
    ++*m_question;
    enqueue([worker = m_worker, path] { worker->open(path); });
}

void ExplorerService::refresh()
{
    enqueue([worker = m_worker] {
        worker->forget();
        worker->list();
    });
}

void ExplorerService::ask(const ExplorerRequest &request)
{
    const quint64 number = ++*m_question;
    enqueue([worker = m_worker, request, number, newest = m_question] {
        RunControl control;
        control.isCancelled = [number, newest] { return newest->load() != number; };
        worker->answer(request, control);
    });
}

void ExplorerService::askSamples(qint64 condition, const AtomKey &key)
{
    const quint64 number = ++*m_sampleQuestion;
    enqueue([worker = m_worker, condition, key, number, newest = m_sampleQuestion] {
        if (newest->load() == number) worker->readSamples(condition, key);
    });
}

void ExplorerService::enqueue(std::function<void()> work)
{
    if (++m_running == 1) Q_EMIT busyChanged(true);
    QMetaObject::invokeMethod(m_worker, [this, work = std::move(work)] {
        work();
        QMetaObject::invokeMethod(this, [this] {
            if (--m_running == 0) Q_EMIT busyChanged(false);
        });
    });
}

} // namespace atomnet
