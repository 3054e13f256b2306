#include "core/quant/weight_file.h"

#include "core/model/json_tree.h"

#include <QtEndian>
#include <qfloat16.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace atomnet
{

QString quoted(const QString &name)
{
    constexpr qsizetype most = 60;
    QString shown = name.left(most);
    for (QChar &c : shown)
        if (!c.isPrint()) c = QLatin1Char('?');
    if (name.size() > most) shown += QStringLiteral("...");
    return QLatin1Char('"') + shown + QLatin1Char('"');
}

QString firstFew(const QStringList &names)
{
    constexpr qsizetype most = 3;
    QStringList shown;
    for (const QString &name : names.mid(0, most))
        shown << quoted(name);
    if (names.size() > most)
        return shown.join(QStringLiteral(", ")) +
               QStringLiteral(" and %1 more").arg(names.size() - most);
    if (shown.size() < 2) return shown.join(QString());
    const QString last = shown.takeLast();
    return shown.join(QStringLiteral(", ")) + QStringLiteral(" and ") + last;
}

QString shapeText(const std::vector<qint64> &shape)
{
    if (shape.empty()) return QStringLiteral("a single number");
    QStringList sides;
    for (const qint64 side : shape) {
        if (sides.size() == 8) {
            sides << QStringLiteral("...");
            break;
        }
        sides << QString::number(side);
    }
    return sides.join(QStringLiteral(" x "));
}

std::optional<qint64> elementCount(const std::vector<qint64> &shape)
{
    constexpr qint64 most = qint64(1) << 40;
    qint64 count = 1;
    for (const qint64 side : shape) {
        if (side < 0 || (side > 0 && count > most / side)) return std::nullopt;
        count *= side;
    }
    return count;
}

std::vector<float> toFloats(QByteArrayView bytes, FloatFormat format)
{
    const qsizetype width = bytesPer(format);
    Q_ASSERT(bytes.size() % width == 0);
    std::vector<float> values(std::size_t(bytes.size() / width));
    const char *at = bytes.data();
    for (float &value : values) {
        switch (format) {
        case FloatFormat::F16:
            value = float(std::bit_cast<qfloat16>(qFromLittleEndian<quint16>(at)));
            break;
        case FloatFormat::BF16:
            value = std::bit_cast<float>(quint32(qFromLittleEndian<quint16>(at)) << 16);
            break;
        case FloatFormat::F32:
            value = std::bit_cast<float>(qFromLittleEndian<quint32>(at));
            break;
        case FloatFormat::F64: {
            // Beyond float's range: infinite, said here because the conversion leaves it open.
            const double wide = std::bit_cast<double>(qFromLittleEndian<quint64>(at));
            const bool fits = !(std::fabs(wide) > double(std::numeric_limits<float>::max()));
            value = fits ? float(wide)
                         : std::copysign(std::numeric_limits<float>::infinity(),
                                         float(wide > 0 ? 1 : -1));
            break;
        }
        }
        at += width;
    }
    return values;
}

namespace
{

/// One number a channel, within what an image can have.
std::optional<std::vector<float>> numbersFrom(const QString &text)
{
    std::vector<float> numbers;
    const auto parts = QStringView(text).split(QLatin1Char(','));
    if (parts.size() > 1024) return std::nullopt;
    for (const QStringView part : parts) {
        bool ok = false;
        const float number = part.trimmed().toFloat(&ok);
        if (!ok || !std::isfinite(number)) return std::nullopt;
        numbers.push_back(number);
    }
    return numbers;
}

} // namespace

Result<> addMetadata(const WeightMetadata &metadata, WeightFile &file, const QString &fileName)
{
    if (!metadata.mean.isNull() || !metadata.std.isNull()) {
        const auto mean = numbersFrom(metadata.mean), std = numbersFrom(metadata.std);
        const auto positive = [](float value) { return value > 0; };
        if (!mean || !std || mean->size() != std->size() ||
            !std::all_of(std->begin(), std->end(), positive))
            return fail(ErrorCode::BadInput,
                        QStringLiteral("the metadata \"mean\" and \"std\" must both be numbers "
                                       "separated by commas, one a channel, std above 0"),
                        fileName);
        file.normalisation = Normalisation{*mean, *std};
    }
    if (metadata.labels.isNull()) return {};
    const QByteArray bytes = metadata.labels.toUtf8();
    const auto tree = parseJson(bytes);
    const auto isText = [](const JsonValue &v) { return v.kind == JsonValue::Kind::String; };
    if (!tree || tree->kind != JsonValue::Kind::Array ||
        !std::all_of(tree->items.begin(), tree->items.end(), isText))
        return fail(ErrorCode::BadInput,
                    QStringLiteral("the metadata \"labels\" must be a JSON array of class names"),
                    fileName);
    for (const JsonValue &label : tree->items)
        file.labels << label.text;
    return {};
}

} // namespace atomnet
