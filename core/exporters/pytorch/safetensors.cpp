#include "core/exporters/pytorch/safetensors.h"

#include "core/model/json_tree.h"

#include <QtEndian>

namespace atomnet
{

static_assert(Q_BYTE_ORDER == Q_LITTLE_ENDIAN, "tensors are little endian");

namespace
{

/// With batch norm's epsilon of 1e-5 added, 1.
constexpr float unitVariance = 1 - 1e-5F;

class Writer
{
public:
    explicit Writer(const FileNotes &notes)
    {
        QByteArray metadata;
        for (const auto &[key, value] : notes.entries())
            metadata += (metadata.isEmpty() ? "" : ",") + jsonString(key) + ':' + jsonString(value);
        m_header = "{\"__metadata__\":{" + metadata + '}';
    }

    void add(const QString &name, const std::vector<qint64> &shape,
             const std::vector<float> &values)
    {
        QByteArray sides;
        for (const qint64 side : shape)
            sides += (sides.isEmpty() ? "" : ",") + QByteArray::number(side);
        const qsizetype begin = m_data.size();
        m_data.append(reinterpret_cast<const char *>(values.data()),
                      qsizetype(values.size() * sizeof(float)));
        m_header += ',' + jsonString(name) + ":{\"dtype\":\"F32\",\"shape\":[" + sides +
                    "],\"data_offsets\":[" + QByteArray::number(begin) + ',' +
                    QByteArray::number(m_data.size()) + "]}";
    }

    QByteArray finish()
    {
        m_header += '}';
        m_header += QByteArray(-m_header.size() & 7, ' ');
        QByteArray length(8, 0);
        qToLittleEndian<quint64>(quint64(m_header.size()), length.data());
        return length + m_header + m_data;
    }

private:
    QByteArray m_header, m_data;
};

} // namespace

QByteArray writeSafetensors(const std::vector<WeightUnit> &units, const FloatWeights &weights,
                            const FileNotes &notes)
{
    Writer writer(notes);
    for (std::size_t u = 0; u < units.size(); ++u) {
        const WeightUnit &unit = units[u];
        const std::vector<float> numbers = channelsFirst(weights.units[u].weights, unit);
        const std::vector<float> &bias = weights.units[u].bias;
        const std::vector<qint64> kernels{unit.out, unit.in, unit.kernel, unit.kernel},
            channels{unit.out};
        if (unit.batchNorm) {
            const auto all = [&](float value) {
                return std::vector<float>(std::size_t(unit.out), value);
            };
            const QString norm = unit.name + QStringLiteral(".bn.");
            writer.add(unit.name + QStringLiteral(".conv.weight"), kernels, numbers);
            writer.add(norm + QStringLiteral("weight"), channels, all(1));
            writer.add(norm + QStringLiteral("bias"), channels, bias);
            writer.add(norm + QStringLiteral("running_mean"), channels, all(0));
            writer.add(norm + QStringLiteral("running_var"), channels, all(unitVariance));
        } else {
            const bool map = unit.name.contains(QLatin1String(".se."));
            writer.add(unit.name + QStringLiteral(".weight"),
                       map ? kernels : std::vector<qint64>{unit.out, unit.in}, numbers);
            writer.add(unit.name + QStringLiteral(".bias"), channels, bias);
        }
    }
    return writer.finish();
}

} // namespace atomnet
