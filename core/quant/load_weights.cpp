#include "core/quant/weight_file.h"

#include <QFile>
#include <QtEndian>

#include <limits>

namespace atomnet
{

namespace
{

bool isSafetensors(const QByteArray &bytes)
{
    return bytes.size() > 8 && bytes[8] == '{' &&
           qFromLittleEndian<quint64>(bytes.constData()) <= std::numeric_limits<quint32>::max();
}

/// What PyTorch's save() writes: a zip of pickles, formerly one pickle.
bool isCheckpoint(const QByteArray &bytes)
{
    return bytes.startsWith("PK\3\4") || bytes.startsWith("\x80\x02");
}

} // namespace

Result<FloatWeights> loadWeights(const std::vector<WeightUnit> &units, const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(
            ErrorCode::Io,
            QStringLiteral("the weights cannot be opened: %1; check the name and its permissions")
                .arg(file.errorString()),
            path);
    if (file.size() > maxWeightFileBytes)
        return fail(ErrorCode::BadInput,
                    QStringLiteral("the file is larger than %1 MiB; no design's weights are")
                        .arg(maxWeightFileBytes >> 20),
                    path);
    const QByteArray bytes = file.read(maxWeightFileBytes);
    if (file.error() != QFileDevice::NoError)
        return fail(ErrorCode::Io,
                    QStringLiteral("the weights cannot be read: %1; check the disk")
                        .arg(file.errorString()),
                    path);
    if (bytes.isEmpty())
        return fail(ErrorCode::BadInput, QStringLiteral("the weight file is empty"), path);
    if (isCheckpoint(bytes))
        return fail(
            ErrorCode::BadInput,
            QStringLiteral("this is a PyTorch checkpoint, whose reading could run any program; "
                           "give the safetensors or ONNX file that training writes beside it"),
            path);
    const auto contents =
        isSafetensors(bytes) ? readSafetensors(bytes, path) : readOnnxWeights(bytes, path);
    if (!contents) return tl::make_unexpected(contents.error());
    return assignWeights(units, *contents, path);
}

} // namespace atomnet
