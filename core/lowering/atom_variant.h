#pragma once

#include "core/lowering/atom_key.h"

// AtomKey::variant of atomnet-1: how a kernel's weights are packed, as they run at different
// speeds.
namespace atomnet
{

/// The numbers of ak_packing_t (firmware/kernels/ak_types.h).
enum class KeyPacking : quint8 {
    None = 0,      ///< no weights
    Plain4x2 = 1,  ///< conv, pointwise, fully connected: exact for all weights
    HiLo4x2 = 2,   ///< the same, faster, exact where |bias| + 128 * sum|w| < 2^23 for every output
    Depthwise = 3, ///< the only one of depthwise
};

/// `second` is that of a pair's project.
[[nodiscard]] constexpr quint16 atomVariant(KeyPacking first, KeyPacking second = KeyPacking::None)
{
    return quint16(quint16(first) | quint16(second) << 4);
}
[[nodiscard]] constexpr KeyPacking firstPacking(quint16 variant)
{
    return KeyPacking(variant & 15);
}
[[nodiscard]] constexpr KeyPacking secondPacking(quint16 variant)
{
    return KeyPacking(variant >> 4 & 15);
}

/// Outputs that sum more inputs than this get the plain packing. Weights that are uniform within
/// +-127 have a mean |w| of 64 and, with their input's zero point at -128, |bias| is 128 * |sum w|.
/// The largest |sum w| + sum|w| of a few hundred outputs lies about three standard deviations
/// (82 sqrt(n)) above its mean of 64 n, and has to stay below 2^16: n up to 920. Trained weights
/// are smaller, so their limit lies higher; below this one only unusual weights are refused.
inline constexpr qint64 mostHiLoInputs = 920;

/// The packing that weights of typical magnitude get: lowering knows none. The true one:
/// setVariants() in core/inference.
[[nodiscard]] KeyPacking typicalPacking(qint64 inputsPerOutput);
/// Of an operator of atomnet-1; 0 for those without weights.
[[nodiscard]] quint16 typicalVariant(const AtomKey &key);

} // namespace atomnet
