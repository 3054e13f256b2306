#include "core/device/link.h"

namespace atomnet
{

Error toError(const LinkError &error, const QString &where)
{
    const bool ours = error.fault == LinkFault::Interrupted;
    return {ours ? ErrorCode::Cancelled : ErrorCode::Device, error.what, where};
}

} // namespace atomnet
