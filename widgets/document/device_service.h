#pragma once

#include "core/analysis/analyze.h"
#include "core/device/device_address.h"
#include "core/device/flashing/doctor.h"
#include "core/device/flashing/flasher.h"
#include "core/device/measuring_queue.h"
#include "core/measuring/design_plan.h"
#include "core/measuring/validation.h"

#include <QObject>

namespace atomnet
{

/// How a DeviceService reaches boards; tests put in their own.
struct DeviceAccess {
    std::function<std::unique_ptr<Link>(const DeviceAddress &)> makeLink;
    std::function<std::vector<FoundDevice>()> find;
    /// Calls its argument when boards may have come or gone, until what it returns is released.
    std::function<std::shared_ptr<void>(std::function<void()>)> watch;
    [[nodiscard]] static DeviceAccess real();
};

/// Boards for the window: looks for them, and flashes, measures and validates on a thread of its
/// own, one job after the other. Looking for boards and examining have another thread. Signals
/// arrive on this object's thread.
class DeviceService : public QObject
{
    Q_OBJECT
public:
    explicit DeviceService(QString databasePath, QObject *parent = nullptr,
                           DeviceAccess access = DeviceAccess::real());
    ~DeviceService() override;

    [[nodiscard]] const std::vector<FoundDevice> &devices() const;
    [[nodiscard]] bool busy() const; ///< a board is worked with
    void refresh();
    /// For the jobs to come.
    void setDatabasePath(const QString &path);
    /// Run conditions (AP_COND_*) that the next jobs on this board set first; none: as it has them.
    void setConditions(const DeviceAddress &address, std::optional<quint32> conditions);

    /// Says hello; connected() or failed() follows.
    void connectTo(const DeviceAddress &address);
    void measure(const DeviceAddress &address, const MeasurePlan &plan,
                 const MeasureOptions &options);
    /// The operators that this knowledge has not measured, or all of them.
    void measureDesign(const DeviceAddress &address, const Network &network, const Target &target,
                       const Knowledge &knowledge, bool all, const MeasureOptions &options);
    void measureNetwork(const DeviceAddress &address, const Network &network);
    void validate(const DeviceAddress &address, const Network &network,
                  const ValidationRequest &request);
    void flash(const FlashRequest &request);
    /// What the board holds now; flashContents() or failed() follows.
    void describeFlash(const FlashRequest &request);
    void examine(const QString &boardId);
    void setPaused(bool paused);
    [[nodiscard]] bool paused() const;
    void cancel(); ///< returns at once; finished() follows within 200 ms

    /// Pulls the plug of the virtual boards, or puts it back.
    void setPlugged(bool plugged);
    [[nodiscard]] bool plugged() const;

Q_SIGNALS:
    void devicesChanged();
    void connected(const atomnet::DeviceAddress &address, const atomnet::DeviceInfo &info);
    void planned(int operators); ///< how many are to be measured; 0: nothing is missing
    void measured(const atomnet::MeasureOutcome &outcome,
                  const atomnet::PlanItem &item); ///< in AtomDB already
    void measuringDone(const atomnet::MeasureSummary &summary);
    void networkMeasured(const atomnet::Network &network,
                         const atomnet::NetworkComparison &comparison);
    void validated(const atomnet::Validation &validation);
    void flashContents(const QString &what);
    void flashed(const atomnet::FlashReport &report);
    void examined(const std::vector<atomnet::Finding> &findings);
    void progress(int done, int all, qint64 etaMs); ///< etaMs below 0: not known
    void note(const QString &line);                 ///< for the log
    void waiting();                                 ///< the board has gone while it measured
    void resumed();
    void plugChanged(bool plugged);
    void failed(const atomnet::Error &error); ///< not for what the user cancelled
    void finished();                          ///< last of every job

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace atomnet
