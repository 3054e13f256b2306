#pragma once

#include "core/quant/weights.h"

#include <QByteArray>
#include <QtEndian>

#include <algorithm>
#include <bit>

// Weight files written by hand, as foreign programs would.
namespace atomnet::test
{

inline QByteArray floatBytes(const std::vector<float> &values)
{
    QByteArray bytes;
    for (const float value : values) {
        const quint32 bits = qToLittleEndian(std::bit_cast<quint32>(value));
        bytes.append(reinterpret_cast<const char *>(&bits), 4);
    }
    return bytes;
}

inline QByteArray safetensorsOf(const QByteArray &header, const QByteArray &data)
{
    const quint64 length = qToLittleEndian(quint64(header.size()));
    return QByteArray(reinterpret_cast<const char *>(&length), 8) + header + data;
}

/// All as F32, in this order; `metadata` is the JSON of "__metadata__".
inline QByteArray safetensorsOf(const std::vector<NamedTensor> &tensors,
                                const QByteArray &metadata = {})
{
    QByteArray data;
    QByteArrayList members;
    if (!metadata.isEmpty()) members << "\"__metadata__\":" + metadata;
    for (const NamedTensor &tensor : tensors) {
        QByteArrayList shape;
        for (const qint64 side : tensor.shape)
            shape << QByteArray::number(side);
        const QByteArray values = floatBytes(tensor.values);
        members << '"' + tensor.name.toUtf8() + "\":{\"dtype\":\"F32\",\"shape\":[" +
                       shape.join(',') + "],\"data_offsets\":[" + QByteArray::number(data.size()) +
                       ',' + QByteArray::number(data.size() + values.size()) + "]}";
        data += values;
    }
    return safetensorsOf('{' + members.join(',') + '}', data);
}

/// Its values count up from `first` by a step that no float rounds.
inline NamedTensor counting(const QString &name, const std::vector<qint64> &shape, float first = 0)
{
    NamedTensor tensor{name, shape, {}};
    qint64 count = 1;
    for (const qint64 side : shape)
        count *= side;
    for (qint64 i = 0; i < count; ++i)
        tensor.values.push_back(first + 0.25F * float(i));
    return tensor;
}

/// A stem of 3 -> 4 channels, a depthwise 3x3, a classifier of 2 classes.
inline std::vector<WeightUnit> threeUnits()
{
    WeightUnit stem, depthwise, classifier;
    stem.name = QStringLiteral("stages.0.0.0.conv");
    stem.out = 4;
    stem.kernel = 3;
    stem.in = 3;
    stem.batchNorm = true;
    depthwise.name = QStringLiteral("stages.1.0.0.dw");
    depthwise.depthwise = true;
    depthwise.out = 4;
    depthwise.kernel = 3;
    depthwise.in = 1;
    depthwise.batchNorm = true;
    classifier.name = QStringLiteral("head.classifier");
    classifier.out = 2;
    classifier.in = 4;
    return {stem, depthwise, classifier};
}

/// What training writes for threeUnits().
inline std::vector<NamedTensor> trainedTensors()
{
    const auto name = [](const char *text) { return QString::fromLatin1(text); };
    return {
        counting(name("stages.0.0.0.conv.conv.weight"), {4, 3, 3, 3}, -13),
        counting(name("stages.0.0.0.conv.bn.weight"), {4}, 0.5F),
        counting(name("stages.0.0.0.conv.bn.bias"), {4}, -1),
        counting(name("stages.0.0.0.conv.bn.running_mean"), {4}, 2),
        counting(name("stages.0.0.0.conv.bn.running_var"), {4}, 0.75F),
        {name("stages.0.0.0.conv.bn.num_batches_tracked"), {}, {100}},
        counting(name("stages.1.0.0.dw.conv.weight"), {4, 1, 3, 3}, -4),
        counting(name("stages.1.0.0.dw.bn.weight"), {4}, 1),
        counting(name("stages.1.0.0.dw.bn.bias"), {4}, 3),
        counting(name("stages.1.0.0.dw.bn.running_mean"), {4}, -1),
        counting(name("stages.1.0.0.dw.bn.running_var"), {4}, 0),
        counting(name("head.classifier.weight"), {2, 4}, 7),
        counting(name("head.classifier.bias"), {2}, -5),
    };
}

} // namespace atomnet::test
