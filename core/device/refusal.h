#pragma once

#include "core/device/link.h"
#include "firmware/protocol/ap_protocol.h"

namespace atomnet
{

/// A reply that is not AP_OK, as an error with one sentence.
[[nodiscard]] LinkError refusal(ap_message_t type, ap_status_t status, const QByteArray &payload,
                                const QString &device);

} // namespace atomnet
