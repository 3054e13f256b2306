#pragma once

#include <QString>

#include <vector>

namespace atomnet
{

/// What an import did with the lines of one file.
struct ImportReport {
    enum class Action : quint8 {
        Repaired, ///< the row was used, its kind derived against what its type column says
        Skipped,  ///< holds no measurement (under_test, no latency), by design of the file
        Rejected, ///< holds something impossible; not used
        Merged,   ///< used, as a further sample of an operator that stands on an earlier line
    };
    struct Note {
        Action action = Action::Skipped;
        qint64 line = 0; ///< 1 is the header
        QString reason;  ///< "type says pad, the columns say pointwise"
    };

    QString file;
    qint64 lines = 0;   ///< data lines read, without the header
    qint64 used = 0;    ///< lines that hold a sample
    qint64 added = 0;   ///< samples new to the database
    qint64 present = 0; ///< samples that were already there
    qint64 repaired = 0, skipped = 0, rejected = 0;
    qint64 merged = 0;       ///< used lines whose operator stands on an earlier line
    qint64 keys = 0;         ///< distinct operators in this file
    qint64 repeatedKeys = 0; ///< of these, how many have more than one sample in this file
    std::vector<Note> notes; ///< by line, at most maxNotes; the counters are complete
    static constexpr int maxNotes = 100000;

    struct Tally {
        Action action = Action::Skipped;
        QString reason;
        qint64 count = 0;
    };
    std::vector<Tally> tallies; ///< complete counts by reason

    /// Counts one line, and lists it while there is room.
    void note(Action action, qint64 line, const QString &reason);

    /// Counts by reason, most frequent first, and the line numbers of each as ranges ("34807-41200,
    /// 41311").
    struct Reason {
        Action action = Action::Skipped;
        QString reason;
        qint64 count = 0;
        QString lines; ///< ends with ", ..." when not all are listed
    };
    /// With maxRanges >= 0, at most that many ranges a reason (a dialog has no room for thousands).
    [[nodiscard]] std::vector<Reason> reasons(qsizetype maxRanges = -1) const;
};

/// "repaired", "skipped", "rejected", "merged".
[[nodiscard]] QString toString(ImportReport::Action action);

} // namespace atomnet
