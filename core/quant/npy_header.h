#pragma once

#include "core/quant/byte_stream.h"

#include <vector>

namespace atomnet
{

/// The element types of NumPy that samples and labels may have.
enum class NpyType : quint8 { U8, I8, U16, I16, U32, I32, U64, I64, F16, F32, F64 };
[[nodiscard]] qsizetype bytesPer(NpyType type);
[[nodiscard]] bool isFloat(NpyType type);
[[nodiscard]] QString nameOf(NpyType type); ///< "uint8"
/// Of an integer type; little endian.
[[nodiscard]] qint64 integerAt(const char *bytes, NpyType type);

/// What stands before the numbers of a .npy: they are little endian and in C order.
struct NpyHeader {
    NpyType type = NpyType::U8;
    std::vector<qint64> shape;
    qint64 count = 0;       ///< of elements
    qint64 headerBytes = 0; ///< the numbers begin there
};
/// Reads up to the first number. BadInput: not .npy 1 to 3, another type, Fortran order, big
/// endian, another size than the shape tells. `name` is how errors call it.
/// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
[[nodiscard]] Result<NpyHeader> readNpyHeader(ByteStream &stream, const QString &name);

} // namespace atomnet
