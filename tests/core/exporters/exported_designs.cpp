#include "tests/core/exporters/exported_designs.h"

#include "core/lowering/lower.h"
#include "core/model/design_file.h"
#include "core/quant/samples.h"
#include "core/quant/weight_units.h"
#include "tests/core/model/example_design.h"
#include "tests/core/model/random_network.h"

#include <QDir>
#include <QFile>

namespace atomnet::test
{

namespace
{

Network parsed(const QByteArray &text)
{
    const Result<DesignFile> file = readDesign(text, QStringLiteral("example"));
    if (!file) qFatal("%s", qPrintable(file.error().message()));
    return file->network;
}

/// Every block and head layer at strides and sides that pad unevenly where SAME would.
Network everyBlock()
{
    Network network = parsed(fullDesign);
    network.name = QStringLiteral("Every \"block\" \\ '''and'''\n\"\"\"name\"\"\" Größe");
    network.input = {26, 17, 3};
    network.stages[0].name = QStringLiteral("stem\n    import os");
    return network;
}

qint64 weightsOf(const Network &network)
{
    const auto graph = lower(network, Runtime::AtomNet1);
    qint64 count = 0;
    if (graph)
        for (const WeightUnit &unit : weightUnits(*graph))
            count += unit.weightCount();
    return count;
}

} // namespace

std::vector<ExportedDesign> exportedDesigns()
{
    std::vector<ExportedDesign> designs{{"every block", everyBlock()}};
    QFile digits(QStringLiteral(ATOMNET_SOURCE_DIR "/tests/data/digits.atomnet"));
    if (!digits.open(QIODevice::ReadOnly)) qFatal("%s", qPrintable(digits.errorString()));
    designs.push_back({"digits", parsed(digits.readAll())});
    QRandomGenerator random(2026);
    while (designs.size() < 8) {
        Network network = randomNetwork(random, {3, 2, false});
        network.input.h = 1 + network.input.h % 23;
        network.input.w = 1 + network.input.w % 23;
        network.head.classes = 1 + network.head.classes % 40;
        const qint64 weights = weightsOf(network);
        if (weights > 0 && weights < 300'000)
            designs.push_back({"random " + QByteArray::number(designs.size()), network});
    }
    return designs;
}

std::vector<float> seededInput(const Shape &shape, quint64 seed)
{
    return seededSamples(shape, 1, seed)->sample(0).value();
}

std::vector<float> planes(const std::vector<float> &values, const Shape &shape)
{
    const std::size_t pixels = std::size_t(shape.h) * std::size_t(shape.w),
                      channels = std::size_t(shape.c);
    std::vector<float> turned(values.size());
    for (std::size_t p = 0; p < pixels; ++p)
        for (std::size_t c = 0; c < channels; ++c)
            turned[c * pixels + p] = values[p * channels + c];
    return turned;
}

bool putFile(const QString &folder, const QString &name, const QByteArray &bytes)
{
    const QString path = folder + QLatin1Char('/') + name;
    QFile file(path);
    return QDir().mkpath(QFileInfo(path).path()) && file.open(QIODevice::WriteOnly) &&
           file.write(bytes) == bytes.size();
}

bool putInput(const QString &folder, const std::vector<float> &input, const Shape &shape)
{
    const std::vector<float> values = planes(input, shape);
    const QByteArray bytes(reinterpret_cast<const char *>(values.data()),
                           qsizetype(values.size() * sizeof(float)));
    const QString sides = QStringLiteral("[%1, %2, %3]").arg(shape.c).arg(shape.h).arg(shape.w);
    return putFile(folder, QStringLiteral("input.f32"), bytes) &&
           putFile(folder, QStringLiteral("shape.json"), sides.toLatin1());
}

} // namespace atomnet::test
