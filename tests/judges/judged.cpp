#include "tests/judges/judged.h"

#include "core/inference/runner.h"

#include <algorithm>
#include <cstdlib>

namespace atomnet::judges
{

Prepared preparedFrom(const QuantizedNetwork &network)
{
    Prepared prepared;
    prepared.graph = network.graph;
    prepared.units = network.units;
    prepared.quantized = network;
    prepared.plan = planArena(network.graph);
    for (std::size_t i = 0; i < network.graph.atoms.size(); ++i)
        prepared.layerNames.append(QStringLiteral("layer%1").arg(i));
    return prepared;
}

QByteArray runStep(const Prepared &prepared, const std::vector<QByteArray> &inputs,
                   QString &problem)
{
    const Result<Program> program =
        makeProgram(prepared.quantized, prepared.plan, prepared.layerNames);
    if (!program) {
        problem = program.error().message();
        return {};
    }
    const auto bytes = [&](std::size_t i) {
        return i < inputs.size() ? std::span(reinterpret_cast<const qint8 *>(inputs[i].constData()),
                                             std::size_t(inputs[i].size()))
                                 : std::span<const qint8>();
    };
    const Result<std::vector<qint8>> output = Runner(*program).runStep(0, bytes(0), bytes(1));
    if (!output) {
        problem = output.error().message();
        return {};
    }
    return {reinterpret_cast<const char *>(output->data()), qsizetype(output->size())};
}

QByteArray tfLiteModel(const Prepared &prepared, QString &problem)
{
    const Result<QByteArray> model = writeTfLite({}, prepared, {});
    if (!model) problem = model.error().message();
    return model.value_or(QByteArray());
}

QByteArray qdqModel(const Prepared &prepared, QString &problem)
{
    const Result<QByteArray> model = writeOnnxQdq({}, prepared, {});
    if (!model) problem = model.error().message();
    return model.value_or(QByteArray());
}

QByteArray toChannelsFirst(const QByteArray &bytes, const Shape &shape)
{
    QByteArray turned(bytes.size(), Qt::Uninitialized);
    const qint64 pixels = qint64(shape.h) * shape.w;
    for (qint64 p = 0; p < pixels; ++p)
        for (int c = 0; c < shape.c; ++c)
            turned[c * pixels + p] = bytes[p * shape.c + c];
    return turned;
}

QByteArray toChannelsLast(const QByteArray &bytes, const Shape &shape)
{
    QByteArray turned(bytes.size(), Qt::Uninitialized);
    const qint64 pixels = qint64(shape.h) * shape.w;
    for (qint64 p = 0; p < pixels; ++p)
        for (int c = 0; c < shape.c; ++c)
            turned[p * shape.c + c] = bytes[c * pixels + p];
    return turned;
}

void Difference::add(const QByteArray &ours, const QByteArray &theirs)
{
    Q_ASSERT(ours.size() == theirs.size());
    for (qsizetype i = 0; i < ours.size(); ++i) {
        const int apart = std::abs(int(qint8(ours[i])) - int(qint8(theirs[i])));
        ++outputs;
        differing += apart != 0;
        largest = std::max(largest, apart);
    }
}

void Difference::add(const Difference &other)
{
    outputs += other.outputs;
    differing += other.differing;
    largest = std::max(largest, other.largest);
}

} // namespace atomnet::judges
