#include "core/device/flashing/flasher.h"

#include "core/device/flashing/flash_job.h"
#include "core/device/flashing/say_hello.h"

namespace atomnet
{

namespace
{

Result<QString> hello(const FlashRequest &request, const RunControl &control)
{
    return helloAfterFlash(request, control, realWays());
}

} // namespace

Result<QString> describeFlashContents(const FlashRequest &request, const RunControl &control)
{
    FlashJob job(request, control);
    if (auto r = job.choose(lookBytes); !r) return tl::make_unexpected(r.error());
    if (auto r = job.identify(); !r) return tl::make_unexpected(r.error());
    const auto flash = job.read(lookBytes);
    if (!flash) return tl::make_unexpected(flash.error());
    return toString(contentsOf(*flash));
}

bool isSomebodysWork(const QString &contents)
{
    return contents != toString(FlashContents{}) &&
           contents != toString(FlashContents{FlashContents::What::Profiler});
}

Result<FlashReport> flash(const FlashRequest &request, const RunControl &control,
                          const std::function<void(const QString &)> &log)
{
    FlashRequest complete = request;
    if (complete.image.isEmpty()) {
        auto file = firmwareFile(request.variant.image);
        if (!file) return tl::make_unexpected(file.error());
        complete.image = *std::move(file);
    }
    return flashWith(complete, false, hello, control, log);
}

Result<FlashReport> restore(const FlashRequest &request, const QString &backup,
                            const RunControl &control)
{
    FlashRequest complete = request;
    complete.image = backup;
    complete.backup.clear();
    return flashWith(complete, true, hello, control, {});
}

} // namespace atomnet
