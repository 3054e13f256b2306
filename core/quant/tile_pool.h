#pragma once

#include <functional>
#include <memory>

namespace atomnet
{

/// Runs numbered pieces of work on a few threads. What a piece is must not depend on their number:
/// then neither does the result.
class TilePool
{
public:
    explicit TilePool(int threads); ///< 1: everything on the caller's thread
    ~TilePool();
    TilePool(const TilePool &) = delete;
    TilePool &operator=(const TilePool &) = delete;

    /// work(0) to work(tiles - 1), in any order; returns when all are done. One caller at a time.
    void run(int tiles, const std::function<void(int)> &work);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace atomnet
