#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

namespace atomnet
{

class AnalysisRunner;
class AtomDbService;
class Document;

/// Brings samples that are being measured into the window: reloads the snapshot of AtomDB when some
/// have arrived, at most ten times a second, and never again before the report of the last one has
/// been shown: however slow the analysis is, its figures are seen.
class SampleFeed : public QObject
{
    Q_OBJECT
public:
    static constexpr int everyMs = 100;
    static constexpr int giveUpMs = 5000; ///< a snapshot without a report: ask again

    SampleFeed(Document &document, AnalysisRunner &runner, AtomDbService &database,
               QObject *parent = nullptr);
    /// Samples have arrived.
    void arrived();
    /// The last ones have: contents of AtomDB and snapshot, now.
    void flush();

private:
    void pump();
    Document &m_document;
    AtomDbService &m_database;
    QTimer m_timer, m_patience;
    QElapsedTimer m_last;
    bool m_dirty = false, m_loading = false;
};

} // namespace atomnet
