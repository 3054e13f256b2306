#pragma once

#include "app/cli/device_options.h"
#include "core/analysis/analyze.h"
#include "core/device/measuring_queue.h"
#include "core/measuring/design_plan.h"

#include <QStringList>

#include <optional>

// Measuring on one board, from its address to what is in AtomDB: the part of the measure command
// that runs once for each
// --device, on a thread of its own.
namespace atomnet
{

/// What is to be measured, the same for every board.
struct MeasureJob {
    std::optional<Network> network; ///< or
    std::optional<MeasurePlan> plan;
    QString dbPath;
    MeasureOptions options; ///< again: also what has samples
    bool wholeNetwork = false;
    std::vector<RunConditions> conditions; ///< to measure under, in turn; empty: as the board is
};

/// One board under one run condition.
struct MeasureRun {
    RunCondition condition;
    SampleUnit unit = SampleUnit::Instructions;
    MeasurePlan plan;
    std::vector<MeasureOutcome> outcomes; ///< as they came
    MeasureSummary summary;
    std::optional<NetworkComparison> network;
};

struct DeviceRuns {
    QString device;  ///< its address
    QString summary; ///< who answered; empty when nobody did
    std::vector<MeasureRun> runs;
    std::optional<Error> error; ///< what ended it early
};

/// Called on the thread that measures.
struct RunWatcher {
    std::function<void(const QString &note)> note;
    std::function<void(int done, int all, qint64 etaMs)> progress;
};

[[nodiscard]] DeviceRuns measureOn(const QString &device, const MeasureJob &job,
                                   const RunWatcher &watcher, const RunControl &control);

/// What a design lacks on this board (all: everything).
[[nodiscard]] Result<MeasurePlan> planOf(const Network &network, const Board &board,
                                         const Knowledge &knowledge, bool all);

} // namespace atomnet
