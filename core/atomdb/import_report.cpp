#include "core/atomdb/import_report.h"

#include <algorithm>

namespace atomnet
{

namespace
{

/// Joins ascending line numbers to ranges as they come.
class RangeWriter
{
public:
    explicit RangeWriter(qsizetype maxRanges) : m_left(maxRanges) {}
    void add(qint64 line)
    {
        ++m_lines;
        if (m_first != 0 && line == m_last + 1) {
            m_last = line;
            return;
        }
        flush();
        m_first = m_last = line;
    }
    /// `count` is how many lines there are in truth, listed or not.
    [[nodiscard]] QString finish(qint64 count)
    {
        flush();
        if (m_cut || m_lines < count) m_text += m_text.isEmpty() ? u"..." : u", ...";
        return m_text;
    }

private:
    void flush()
    {
        if (m_first == 0) return;
        if (m_left == 0) {
            m_cut = true;
            return;
        }
        --m_left; // below zero: no limit
        if (!m_text.isEmpty()) m_text += u", ";
        m_text += QString::number(m_first);
        if (m_last != m_first) m_text += u'-' + QString::number(m_last);
    }

    QString m_text;
    qsizetype m_left;
    qint64 m_first = 0, m_last = 0, m_lines = 0;
    bool m_cut = false;
};

} // namespace

void ImportReport::note(Action action, qint64 line, const QString &reason)
{
    switch (action) {
    case Action::Repaired:
        ++repaired;
        break;
    case Action::Skipped:
        ++skipped;
        break;
    case Action::Rejected:
        ++rejected;
        break;
    case Action::Merged:
        ++merged;
        break;
    }
    const auto tally = std::find_if(tallies.begin(), tallies.end(), [&](const Tally &t) {
        return t.action == action && t.reason == reason;
    });
    if (tally != tallies.end())
        ++tally->count;
    else
        tallies.push_back({action, reason, 1});
    if (notes.size() < std::size_t(maxNotes)) notes.push_back({action, line, reason});
}

std::vector<ImportReport::Reason> ImportReport::reasons(qsizetype maxRanges) const
{
    std::vector<RangeWriter> ranges(tallies.size(), RangeWriter(maxRanges));
    for (const Note &note : notes) {
        const auto tally = std::find_if(tallies.begin(), tallies.end(), [&](const Tally &t) {
            return t.action == note.action && t.reason == note.reason;
        });
        if (tally != tallies.end()) ranges[std::size_t(tally - tallies.begin())].add(note.line);
    }
    std::vector<Reason> result;
    result.reserve(tallies.size());
    for (std::size_t i = 0; i < tallies.size(); ++i) {
        const Tally &tally = tallies[i];
        result.push_back({tally.action, tally.reason, tally.count, ranges[i].finish(tally.count)});
    }
    std::stable_sort(result.begin(), result.end(),
                     [](const Reason &a, const Reason &b) { return a.count > b.count; });
    return result;
}

QString toString(ImportReport::Action action)
{
    switch (action) {
    case ImportReport::Action::Repaired:
        return QStringLiteral("repaired");
    case ImportReport::Action::Skipped:
        return QStringLiteral("skipped");
    case ImportReport::Action::Rejected:
        return QStringLiteral("rejected");
    case ImportReport::Action::Merged:
        return QStringLiteral("merged");
    }
    Q_UNREACHABLE();
}

} // namespace atomnet
