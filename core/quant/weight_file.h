#pragma once

#include "core/quant/weights.h"

#include <QByteArrayView>

#include <optional>

// What the readers of weight files share.
namespace atomnet
{

/// No weight file of a network for microcontrollers is larger.
inline constexpr qint64 maxWeightFileBytes = qint64(1) << 28;

/// A name from a file as messages show it: in quotes, shortened, without control characters.
[[nodiscard]] QString quoted(const QString &name);
/// The first three, then how many more: "a", "b", "c" and 4 more. Names are quoted.
[[nodiscard]] QString firstFew(const QStringList &names);
/// "16 x 3 x 3 x 3", "a single number" when it has no dimensions.
[[nodiscard]] QString shapeText(const std::vector<qint64> &shape);
/// The product of the dimensions; none when one is negative or the product is beyond 2^40.
[[nodiscard]] std::optional<qint64> elementCount(const std::vector<qint64> &shape);

enum class FloatFormat : quint8 { F16, BF16, F32, F64 };
[[nodiscard]] constexpr qsizetype bytesPer(FloatFormat format)
{
    return format == FloatFormat::F64 ? 8 : format == FloatFormat::F32 ? 4 : 2;
}
/// Little-endian numbers; the size is a multiple of bytesPer(format).
[[nodiscard]] std::vector<float> toFloats(QByteArrayView bytes, FloatFormat format);

/// What a file says beside its tensors; null where it says nothing.
struct WeightMetadata {
    QString mean, std; ///< comma separated numbers
    QString labels;    ///< a JSON array of strings
};
/// Puts it into the file's normalisation and labels. BadInput when it is malformed.
[[nodiscard]] Result<> addMetadata(const WeightMetadata &metadata, WeightFile &file,
                                   const QString &fileName);

} // namespace atomnet
