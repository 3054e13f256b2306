#pragma once

#include "core/device/session.h"
#include "core/lowering/atom_key.h"

namespace atomnet
{

/// Where an operator's tensors lie when it is measured. Offsets into the arena, bytes.
struct OperatorPlace {
    std::array<qint64, 2> inputs{-1, -1};
    qint64 output = 0, scratch = 0;
    bool operator==(const OperatorPlace &) const = default;
};

/// A place for an operator on its own: output over the input as far as its kernel allows, scratch
/// behind.
[[nodiscard]] OperatorPlace ownPlace(const AtomKey &key);
/// Bytes of arena that the operator touches at this place.
[[nodiscard]] qint64 arenaNeed(const AtomKey &key, const OperatorPlace &place);

/// The call that measures `key` (of runtime atomnet-1; its variant says the packing) there. The
/// seed follows from the key. BadInput for kinds that this runtime has not, and for shapes beyond
/// the protocol's fields.
[[nodiscard]] Result<ap_operator_t> operatorRequest(const AtomKey &key, const OperatorPlace &place,
                                                    qint64 weightsOffset = 0);
/// Why this board cannot run it (arena, window, channels), "" when it can.
[[nodiscard]] QString whyNotOn(const ap_hello_t &hello, const AtomKey &key,
                               const ap_operator_t &op);
/// Bytes that the operator reads from the window.
[[nodiscard]] qint64 windowNeed(const AtomKey &key);

} // namespace atomnet
