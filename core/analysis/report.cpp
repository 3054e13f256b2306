#include "core/analysis/report.h"

#include "core/analysis/saturate.h"
#include "core/analysis/timing.h"

#include <algorithm>

namespace atomnet
{

QString toString(Source source)
{
    switch (source) {
    case Source::Measured:
        return QStringLiteral("measured");
    case Source::Estimated:
        return QStringLiteral("estimated");
    case Source::Missing:
        return QStringLiteral("missing");
    }
    return {};
}

QString toString(Fit fit)
{
    switch (fit) {
    case Fit::Within:
        return QStringLiteral("within");
    case Fit::Tight:
        return QStringLiteral("tight");
    case Fit::Over:
        return QStringLiteral("over");
    case Fit::Unknown:
        return QStringLiteral("unknown");
    case Fit::NoLimit:
        return QStringLiteral("no limit");
    }
    return {};
}

QStringList stageNames(const Network &network)
{
    QStringList names;
    names.reserve(qsizetype(network.stages.size()) + 1);
    for (const Stage &stage : network.stages)
        names.append(stage.name);
    names.append(QStringLiteral("head"));
    return names;
}

QString layerName(const Report &report, const Layer &layer)
{
    return layerName(report.stageNames, layer.atom);
}

QString layerName(const QStringList &stageNames, const Atom &atom)
{
    QString name = stageNames.value(atom.stage);
    if (name.isEmpty()) name = QStringLiteral("stage%1").arg(atom.stage + 1);
    if (atom.block >= 0) name += QLatin1Char('.') + QString::number(atom.block + 1);
    if (atom.repeat > 0) name += QLatin1Char('.') + QString::number(atom.repeat + 1);
    return name + QLatin1Char('.') + toString(atom.role);
}

QString tensorName(const Report &report, int tensor)
{
    if (tensor < 0 || tensor >= int(report.tensorShapes.size())) return {};
    const int producer = report.tensorShapes[std::size_t(tensor)].producer;
    if (producer < 0 || producer >= int(report.layers.size())) return QStringLiteral("input");
    return layerName(report, report.layers[std::size_t(producer)]);
}

std::vector<BlockFigures> perBlock(const Report &report)
{
    std::vector<BlockFigures> blocks;
    LatencySum sum;
    for (std::size_t i = 0; i < report.layers.size(); ++i) {
        const Layer &layer = report.layers[i];
        if (blocks.empty() || blocks.back().block != layer.atom.blockId) {
            if (!blocks.empty()) blocks.back().latency = sum.total();
            sum = {};
            blocks.emplace_back();
            blocks.back().block = layer.atom.blockId;
            blocks.back().firstLayer = int(i);
        }
        BlockFigures &figures = blocks.back();
        figures.sramBytes = std::max(figures.sramBytes, layer.sram.total());
        figures.flashBytes += layer.flashBytes;
        figures.macs = saturatingAdd(figures.macs, layer.macs);
        figures.lastLayer = int(i);
        sum.add(layer.atom.key.kind, layer.latency);
    }
    if (!blocks.empty()) blocks.back().latency = sum.total();
    return blocks;
}

} // namespace atomnet
