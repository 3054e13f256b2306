#pragma once

#include "core/device/device_address.h"
#include "core/device/measuring_queue.h"

// The AtomDB that ships: how it is measured, and how it is checked.
namespace atomnet
{

/// Measures shippedOperators() on each device, one after the other, and writes all samples to
/// `csvFile` (AtomDB's own format, sorted). The file appears complete or not at all: an operator
/// that cannot be measured is an error (Device), as is what Session and queue refuse.
[[nodiscard]] Result<std::vector<MeasureSummary>>
rebuildDefaultDb(const std::vector<DeviceAddress> &devices, const QString &csvFile,
                 const MeasureListener &listener, const RunControl &control = {});
/// The same for other operators.
[[nodiscard]] Result<std::vector<MeasureSummary>>
measureToCsv(const std::vector<AtomKey> &keys, const std::vector<DeviceAddress> &devices,
             const QString &csvFile, const MeasureListener &listener,
             const RunControl &control = {});

/// A sample that is not what is measured now.
struct RowDifference {
    AtomKey key;
    qint64 stored = 0, measured = 0;
};
struct RowCheck {
    QString board;
    int rows = 0; ///< that were measured again
    std::vector<RowDifference> differences;
};
/// Measures `rows` of the file's operators (all, when there are fewer) again on the device; which
/// ones follows from `seed`. Instructions must be equal; times may differ by what `tolerance` says
/// (a share). BadInput when the file holds nothing that was measured under the device's run
/// condition: says how they differ.
[[nodiscard]] Result<RowCheck> checkDefaultDb(const QString &csvFile, const DeviceAddress &device,
                                              int rows, quint32 seed,
                                              const MeasureListener &listener,
                                              double tolerance = 0.05,
                                              const RunControl &control = {});

} // namespace atomnet
