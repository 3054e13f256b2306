#pragma once

#include "core/analysis/latency_model.h"
#include "core/analysis/report.h"
#include "core/base/run_control.h"

#include <memory>
#include <unordered_map>

namespace atomnet
{

/// What the analysis stands on, besides the design: snapshots that are shared between threads.
struct Knowledge {
    std::shared_ptr<const AtomTable> table;    ///< may be null or empty
    std::shared_ptr<const LatencyModel> model; ///< may be null
    /// Of the virtual board with the same core: what real boards without samples are estimated from. May be null.
    std::shared_ptr<const AtomTable> instructions = nullptr;
    std::shared_ptr<const LatencyModel> instructionModel = nullptr;
    bool operator==(const Knowledge &) const = default; ///< the same snapshots
};

/// Analyses designs for one target and one Knowledge, and remembers estimates between calls. One thread at a time.
class Analyzer
{
public:
    Analyzer(Target target, Knowledge knowledge);
    ~Analyzer();
    Analyzer(Analyzer &&) noexcept;
    Analyzer &operator=(Analyzer &&) noexcept;

    /// lower -> memory plan -> Flash -> latency -> totals and fit.
    [[nodiscard]] Result<Report> analyze(const Network &network, const RunControl &control = {});

    [[nodiscard]] const Target &target() const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// One design once.
[[nodiscard]] Result<Report> analyze(const Network &network, const Target &target, const Knowledge &knowledge);

} // namespace atomnet
