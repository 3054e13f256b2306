#include "widgets/dashboards/layer_axis.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace atomnet
{

namespace
{

constexpr double gap = 6;  ///< between neighbouring labels
constexpr double tick = 4; ///< between plot and the first row

/// Whole pixels: text on fractions blurs.
QRectF rectAt(double centre, double width, double top, double height)
{
    return {std::round(centre - width / 2), std::round(top), std::ceil(width), height};
}

/// Names under their stages. One that is wider than its stage stands where its neighbours leave
/// room.
void placeStages(const LayerAxis &axis, const PlotMap &map, const QFontMetricsF &metrics,
                 double top, QList<AxisLabel> &labels)
{
    for (const bool wide : {false, true}) {
        for (const LayerAxis::Span &stage : axis.stages) {
            const double width = metrics.horizontalAdvance(stage.text);
            const double left = map.left(stage.first), right = map.left(stage.last + 1);
            if (stage.text.isEmpty() || (width + 2 > right - left) != wide) continue;
            const QRectF rect = rectAt((left + right) / 2, width, top, metrics.height());
            const QRectF space = rect.adjusted(-gap, 0, gap, 0);
            const bool taken =
                std::any_of(labels.begin(), labels.end(),
                            [&space](const AxisLabel &l) { return l.rect.intersects(space); });
            const bool outside = rect.left() < 0 || rect.right() > map.area.right() + gap;
            if (wide && (taken || outside)) continue;
            labels.append({rect, stage.text});
        }
    }
}

} // namespace

int PlotMap::layerAt(double x) const
{
    if (layers <= 0 || x < area.left() || x >= area.right()) return -1;
    return std::clamp(int(std::floor((x - area.left()) / pitch())), 0, layers - 1);
}

LayerAxis layerAxis(const Report &report)
{
    LayerAxis axis;
    axis.roles.reserve(qsizetype(report.layers.size()));
    const Atom *previous = nullptr;
    for (int i = 0; i < int(report.layers.size()); ++i) {
        const Atom &atom = report.layers[std::size_t(i)].atom;
        const QString role = toString(atom.role);
        axis.roles.append(role);
        const bool newStage = !previous || previous->stage != atom.stage;
        const bool newBlock =
            newStage || previous->block != atom.block || previous->repeat != atom.repeat;
        if (newStage)
            axis.stages.append({report.stageNames.value(atom.stage), i, i});
        else
            axis.stages.last().last = i;
        if (atom.block < 0) { // the head: its layers are known by their roles
            axis.blocks.append({role, i, i});
        } else if (newBlock) {
            QString text = QString::number(atom.block + 1);
            if (atom.repeat > 0) text += QLatin1Char('.') + QString::number(atom.repeat + 1);
            axis.blocks.append({text, i, i});
        } else {
            axis.blocks.last().last = i;
        }
        previous = &atom;
    }
    return axis;
}

AxisLabels placeLabels(const LayerAxis &axis, const PlotMap &map, const QFont &font)
{
    AxisLabels labels;
    if (map.layers <= 0 || map.layers != axis.roles.size()) return labels;
    const QFontMetricsF metrics(font);
    const double height = metrics.height();
    const double upperTop = map.area.bottom() + tick;
    const double lowerTop = upperTop + height;

    double widest = 0;
    for (const QString &role : axis.roles)
        widest = std::max(widest, metrics.horizontalAdvance(role));
    if (widest + gap <= map.pitch()) {
        for (int i = 0; i < map.layers; ++i)
            labels.upper.append(
                {rectAt(map.centre(i), metrics.horizontalAdvance(axis.roles[i]), upperTop, height),
                 axis.roles[i]});
    } else {
        double free = map.area.left();
        for (const LayerAxis::Span &block : axis.blocks) {
            const double width = metrics.horizontalAdvance(block.text);
            const double centre = (map.left(block.first) + map.left(block.last + 1)) / 2;
            const QRectF rect = rectAt(centre, width, upperTop, height);
            if (rect.left() < free || rect.right() > map.area.right() + gap) continue;
            labels.upper.append({rect, block.text});
            free = rect.right() + gap;
        }
    }
    placeStages(axis, map, metrics, lowerTop, labels.lower);
    return labels;
}

double axisHeight(const QFont &font)
{
    return std::ceil(tick + 2 * QFontMetricsF(font).height() + 2);
}

} // namespace atomnet
