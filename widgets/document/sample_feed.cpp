#include "widgets/document/sample_feed.h"

#include "widgets/document/analysis_runner.h"
#include "widgets/document/atomdb_service.h"
#include "widgets/document/document.h"

namespace atomnet
{

SampleFeed::SampleFeed(Document &document, AnalysisRunner &runner, AtomDbService &database,
                       QObject *parent)
    : QObject(parent), m_document(document), m_database(database)
{
    m_timer.setSingleShot(true);
    m_patience.setSingleShot(true);
    m_patience.setInterval(giveUpMs);
    connect(&m_timer, &QTimer::timeout, this, &SampleFeed::pump);
    const auto shown = [this] {
        m_loading = false;
        m_patience.stop();
        pump();
    };
    connect(&m_patience, &QTimer::timeout, this, shown);
    connect(&runner, &AnalysisRunner::reportReady, this, shown);
    connect(&runner, &AnalysisRunner::failed, this, shown);
}

void SampleFeed::arrived()
{
    m_dirty = true;
    pump();
}

void SampleFeed::flush()
{
    m_dirty = false;
    m_database.refresh();
}

void SampleFeed::pump()
{
    if (!m_dirty || m_loading || m_timer.isActive()) return;
    if (m_last.isValid() && m_last.elapsed() < everyMs) {
        m_timer.start(int(everyMs - m_last.elapsed()));
        return;
    }
    m_dirty = false;
    m_loading = true;
    m_last.start();
    m_patience.start();
    const Target &target = m_document.target();
    m_database.loadTable(target.board.id, runtimeId(target.runtime));
}

} // namespace atomnet
