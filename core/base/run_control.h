#pragma once

#include <functional>

namespace atomnet
{

/// How a long core function talks to its caller without knowing threads. Both may be empty.
struct RunControl {
    std::function<bool()>
        isCancelled; ///< asked between steps; true stops with ErrorCode::Cancelled
    std::function<void(double)> reportProgress; ///< share done, 0 to 1

    [[nodiscard]] bool cancelled() const { return isCancelled && isCancelled(); }
    void progress(double share) const
    {
        if (reportProgress) reportProgress(share);
    }
};

} // namespace atomnet
