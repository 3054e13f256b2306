#pragma once

#include "core/base/result.h"
#include "core/inference/program.h"

#include <functional>
#include <memory>
#include <span>

namespace atomnet
{

/// Runs a program on the host with the very C kernels that products link, in one arena laid out by the plan.
class Runner
{
public:
    explicit Runner(const Program &program); ///< which must outlive it
    ~Runner();
    /// Told each step's output as it stands in the arena right behind the step.
    using Tap = std::function<void(const Step &step, std::span<const qint8> output)>;
    /// input: inputBytes values, output: outputBytes. Device when a kernel refuses (a bug of ours, named).
    [[nodiscard]] Result<> run(std::span<const qint8> input, std::span<qint8> output, const Tap &tap = {});
    /// One step on inputs given from outside (the judges feed layers one by one); returns its output.
    [[nodiscard]] Result<std::vector<qint8>> runStep(int step, std::span<const qint8> in0,
                                                     std::span<const qint8> in1 = {});

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace atomnet
