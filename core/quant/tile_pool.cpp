#include "core/quant/tile_pool.h"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace atomnet
{

struct TilePool::Private {
    std::mutex mutex;
    std::condition_variable started, finished;
    const std::function<void(int)> *work = nullptr;
    int next = 0, tiles = 0, running = 0;
    bool quit = false;
    std::vector<std::thread> helpers;

    /// Takes tiles until none is left. Tiles are large, so a lock for each costs nothing.
    void takeTiles(std::unique_lock<std::mutex> &lock)
    {
        while (next < tiles) {
            const int tile = next++;
            const std::function<void(int)> &call = *work;
            ++running;
            lock.unlock();
            call(tile);
            lock.lock();
            --running;
        }
    }

    void help()
    {
        std::unique_lock lock(mutex);
        for (;;) {
            started.wait(lock, [this] { return quit || next < tiles; });
            if (quit) return;
            takeTiles(lock);
            if (running == 0) finished.notify_one();
        }
    }
};

TilePool::TilePool(int threads) : d(std::make_unique<Private>())
{
    for (int i = 1; i < threads; ++i)
        d->helpers.emplace_back([this] { d->help(); });
}

TilePool::~TilePool()
{
    {
        const std::lock_guard lock(d->mutex);
        d->quit = true;
    }
    d->started.notify_all();
    for (std::thread &helper : d->helpers)
        helper.join();
}

void TilePool::run(int tiles, const std::function<void(int)> &work)
{
    if (tiles == 1 || d->helpers.empty()) {
        for (int tile = 0; tile < tiles; ++tile)
            work(tile);
        return;
    }
    std::unique_lock lock(d->mutex);
    d->work = &work;
    d->next = 0;
    d->tiles = tiles;
    d->started.notify_all();
    d->takeTiles(lock);
    d->finished.wait(lock, [this] { return d->running == 0; });
}

} // namespace atomnet
