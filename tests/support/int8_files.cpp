#include "tests/support/int8_files.h"

#include "core/lowering/lower.h"
#include "core/quant/forward.h"
#include "core/quant/samples.h"
#include "tests/core/quant/weight_bytes.h"

#include <QtEndian>

#include <algorithm>

namespace atomnet::test
{

namespace
{

AtomGraph graphOf(const Network &network)
{
    auto graph = lower(network, Runtime::AtomNet1);
    if (!graph) qFatal("%s", qPrintable(graph.error().message()));
    return *std::move(graph);
}

template <class T>
QByteArray little(T value)
{
    value = qToLittleEndian(value);
    return {reinterpret_cast<const char *>(&value), sizeof value};
}

QByteArray npy(const char *type, const QList<qsizetype> &shape, const QByteArray &data)
{
    QByteArrayList sides;
    for (const qsizetype side : shape)
        sides << QByteArray::number(side);
    QByteArray header = "{'descr': '" + QByteArray(type) + "', 'fortran_order': False, 'shape': (" +
                        sides.join(", ") + ",), }";
    while ((10 + header.size() + 1) % 64 != 0)
        header += ' ';
    header += '\n';
    return "\x93NUMPY\x01" + QByteArray(1, '\0') + little(quint16(header.size())) + header + data;
}

QByteArray floatsOf(const std::vector<std::vector<float>> &samples)
{
    QByteArray data;
    for (const auto &sample : samples)
        data += floatBytes(sample);
    return data;
}

quint32 crc32(const QByteArray &bytes)
{
    quint32 crc = ~0u;
    for (const char byte : bytes) {
        crc ^= quint8(byte);
        for (int bit = 0; bit < 8; ++bit)
            crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0);
    }
    return ~crc;
}

/// A zip archive with its entries stored.
QByteArray zip(const QList<std::pair<QByteArray, QByteArray>> &entries)
{
    QByteArray archive, directory;
    for (const auto &[name, bytes] : entries) {
        const QByteArray common = little(quint16(20)) + QByteArray(8, '\0') + little(crc32(bytes)) +
                                  little(quint32(bytes.size())) + little(quint32(bytes.size())) +
                                  little(quint16(name.size())) + little(quint16(0));
        directory += "PK\x01\x02" + little(quint16(20)) + common + QByteArray(10, '\0') +
                     little(quint32(archive.size())) + name;
        archive += "PK\x03\x04" + common + name + bytes;
    }
    const QByteArray count = little(quint16(entries.size()));
    return archive + directory + "PK\x05\x06" + QByteArray(4, '\0') + count + count +
           little(quint32(directory.size())) + little(quint32(archive.size())) +
           QByteArray(2, '\0');
}

QList<qsizetype> sidesOf(std::size_t count, const Shape &shape)
{
    return {qsizetype(count), shape.h, shape.w, shape.c};
}

} // namespace

QByteArray weightFile(const Network &network, quint64 seed)
{
    const auto units = weightUnits(graphOf(network));
    const FloatWeights weights = seededWeights(units, seed);
    std::vector<NamedTensor> tensors;
    for (std::size_t u = 0; u < units.size(); ++u) {
        const WeightUnit &unit = units[u];
        const UnitWeights &values = weights.units[u];
        // Ours are [out][k][k][in], PyTorch's [out][in][k][k].
        const int spots = unit.kernel * unit.kernel;
        std::vector<float> swapped;
        for (int o = 0; o < unit.out; ++o)
            for (int i = 0; i < unit.in; ++i)
                for (int s = 0; s < spots; ++s)
                    swapped.push_back(values.weights[std::size_t((o * spots + s) * unit.in + i)]);
        const std::vector<float> ones(std::size_t(unit.out), 1.0F),
            zeros(std::size_t(unit.out), 0.0F);
        const std::vector<qint64> channels{unit.out};
        if (unit.batchNorm) {
            tensors.push_back({unit.name + ".conv.weight",
                               {unit.out, unit.in, unit.kernel, unit.kernel},
                               swapped});
            tensors.push_back({unit.name + ".bn.weight", channels, ones});
            tensors.push_back({unit.name + ".bn.bias", channels, values.bias});
            tensors.push_back({unit.name + ".bn.running_mean", channels, zeros});
            tensors.push_back({unit.name + ".bn.running_var", channels, ones});
        } else {
            tensors.push_back({unit.name + ".weight", {unit.out, unit.in}, swapped});
            tensors.push_back({unit.name + ".bias", channels, values.bias});
        }
    }
    return safetensorsOf(tensors);
}

QByteArray npyFile(const std::vector<std::vector<float>> &samples, const Shape &shape)
{
    return npy("<f4", sidesOf(samples.size(), shape), floatsOf(samples));
}

QByteArray npzFile(const std::vector<std::vector<float>> &samples, const Shape &shape,
                   const std::vector<int> &labels)
{
    QByteArray classes;
    for (const int label : labels)
        classes += little(qint64(label));
    return zip({{"x.npy", npyFile(samples, shape)},
                {"y.npy", npy("<i8", {qsizetype(labels.size())}, classes)}});
}

LabelledSamples labelledSamples(const Network &network, quint64 weightSeed, int count)
{
    const AtomGraph graph = graphOf(network);
    const FloatWeights weights = seededWeights(weightUnits(graph), weightSeed);
    const FloatForward forward(graph, weights);
    const auto source = seededSamples(network.input, count, 11);
    LabelledSamples samples;
    for (int i = 0; i < count; ++i) {
        const auto sample = source->sample(i);
        if (!sample) qFatal("%s", qPrintable(sample.error().message()));
        const auto logits = forward.run(*sample);
        samples.values.push_back(*sample);
        samples.labels.push_back(
            int(std::max_element(logits.begin(), logits.end()) - logits.begin()));
    }
    return samples;
}

} // namespace atomnet::test
