#pragma once

#include "core/atomdb/atom_db.h"
#include "core/device/measure_plan.h"

#include <atomic>

namespace atomnet
{

struct MeasureOptions {
    int repetitions = 0;       ///< 0: 1 on virtual boards, 10 on real ones
    bool again = false;        ///< measure what AtomDB has too
    double spreadLimit = 0.01; ///< above it an operator is measured again, up to 3 times
    int reconnectMs = 60'000;  ///< how long an unplugged board is waited for
};

/// How one operator ended.
struct MeasureOutcome {
    int item = -1; ///< index into the plan
    enum class What : quint8 { Measured, Known, DoesNotFit, Failed } what = What::Measured;
    OperatorResult result;   ///< of Measured
    bool wideSpread = false; ///< above the limit in every attempt
    QString reason;          ///< of DoesNotFit and Failed: one sentence
};

struct MeasureSummary {
    int measured = 0, known = 0, doesNotFit = 0, failed = 0;
    qint64 seconds = 0;
    RunCondition condition;
};

/// What a run tells its caller, on the caller's thread of execution. All may be empty.
struct MeasureListener {
    std::function<void(const MeasureOutcome &)> finished; ///< it is in AtomDB already
    std::function<void(int done, int all, qint64 etaMs)> progress;
    std::function<void(const QString &)>
        note; ///< "unplugged; waiting for the board", "back, going on", for the log
    std::function<void()> waiting; ///< the board has gone
    std::function<void()> resumed;
};

/// Pauses a run between two operators, from any thread.
class PauseSwitch
{
public:
    void set(bool paused) { m_paused = paused; }
    [[nodiscard]] bool paused() const { return m_paused; }

private:
    std::atomic_bool m_paused = false;
};

/// Measures a plan's operators one by one and commits each to `db` before it goes on: whatever ends
/// the run, what was measured stays, and the same call again goes on behind it. Survives an
/// unplugged board (waits, reconnects, resumes). Refuses (Device) to mix run conditions: the
/// board's condition must stay that of its first result.
[[nodiscard]] Result<MeasureSummary> measure(Session &session, const MeasurePlan &plan, AtomDb &db,
                                             const MeasureOptions &options,
                                             const MeasureListener &listener,
                                             const RunControl &control = {},
                                             const PauseSwitch *pause = nullptr);

} // namespace atomnet
