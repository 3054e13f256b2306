#pragma once

#include "core/base/result.h"
#include "core/device/operator_request.h"

namespace atomnet
{

/// One operator to measure.
struct PlanItem {
    AtomKey key;
    OperatorPlace place;
    double weight = 0; ///< how much it narrows the design's interval: larger first. Nanoseconds, or
                       ///< instructions
    QString layer;     ///< "s2.1.expand" of the design it comes from, may be empty
    bool operator==(const PlanItem &) const = default;
};

/// Operators to measure, to be taken elsewhere: a file "*.atomplan" (JSON,
/// {"format":"atomnet-plan","version":1,...}).
struct MeasurePlan {
    QString name;  ///< of the design or the space
    QString board; ///< board id it was made for; "" for any
    quint32 kernelHash = 0;
    std::vector<PlanItem> items; ///< by falling weight, then by key; each key once
    bool operator==(const MeasurePlan &) const = default;
};
[[nodiscard]] QByteArray writePlan(const MeasurePlan &plan);
[[nodiscard]] Result<MeasurePlan> readPlan(const QByteArray &json, const QString &fileName);
/// Each key once, the heavier one kept, in order.
[[nodiscard]] MeasurePlan sorted(MeasurePlan plan);

} // namespace atomnet
