#pragma once

#include "core/device/device_address.h"
#include "core/device/flashing/doctor.h"
#include "core/device/flashing/flasher.h"
#include "core/device/measuring_queue.h"
#include "core/measuring/design_plan.h"
#include "core/measuring/validation.h"

#include <QObject>

namespace atomnet
{

/// Boards for the window: looks for them, and flashes, measures and validates on a thread of its own, one at a time for
/// each board. Signals arrive on this object's thread.
class DeviceService : public QObject
{
    Q_OBJECT
public:
    explicit DeviceService(QString databasePath, QObject *parent = nullptr);
    ~DeviceService() override;

    [[nodiscard]] const std::vector<FoundDevice> &devices() const;
    [[nodiscard]] bool busy() const;
    void refresh();

    /// Says hello; connected() or failed() follows.
    void connectTo(const DeviceAddress &address);
    void measure(const DeviceAddress &address, const MeasurePlan &plan, const MeasureOptions &options);
    void measureNetwork(const DeviceAddress &address, const Network &network);
    void validate(const DeviceAddress &address, const Network &network, const ValidationRequest &request);
    void flash(const FlashRequest &request);
    void examine(const QString &boardId);
    void setPaused(bool paused);
    void cancel(); ///< returns at once; finished() follows within 200 ms

Q_SIGNALS:
    void devicesChanged();
    void connected(const atomnet::DeviceInfo &info);
    void measured(const atomnet::MeasureOutcome &outcome, const atomnet::AtomKey &key); ///< in AtomDB already
    void measuringDone(const atomnet::MeasureSummary &summary);
    void networkMeasured(const atomnet::NetworkComparison &comparison);
    void validated(const atomnet::Validation &validation);
    void flashed(const atomnet::FlashReport &report);
    void examined(const std::vector<atomnet::Finding> &findings);
    void progress(int done, int all, qint64 etaMs);
    void note(const QString &line); ///< for the log
    void waiting(); ///< the board has gone while it measured
    void resumed();
    void failed(const atomnet::Error &error);
    void finished(); ///< last of every job

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace atomnet
