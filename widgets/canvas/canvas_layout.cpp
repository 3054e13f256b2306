#include "widgets/canvas/canvas_layout.h"

#include <algorithm>

namespace atomnet
{

CanvasLayout layOut(const Network &network, const CanvasMetrics &m)
{
    CanvasLayout layout;
    layout.metrics = m;
    std::size_t most = 1;
    for (const Stage &stage : network.stages)
        most = std::max(most, stage.blocks.size());
    const double step = m.card.height() + m.cardGap;
    const double firstCard = m.headerHeight + m.lanePadding;
    const double laneHeight = firstCard + double(most) * step - m.cardGap + m.cardGap +
                              m.lanePadding; // room to drop below

    double x = 0;
    layout.input = QRectF(QPointF(x, firstCard), m.card);
    x = layout.input.right() + m.laneGap;
    layout.stages.reserve(network.stages.size());
    for (const Stage &stage : network.stages) {
        StageBox box;
        box.id = stage.id;
        box.frame = QRectF(x, 0, m.laneWidth(), laneHeight);
        box.header = QRectF(x, 0, m.laneWidth(), m.headerHeight);
        box.cards.reserve(stage.blocks.size());
        for (std::size_t i = 0; i < stage.blocks.size(); ++i)
            box.cards.emplace_back(QPointF(x + m.lanePadding, firstCard + double(i) * step),
                                   m.card);
        layout.stages.push_back(std::move(box));
        x += m.laneWidth() + m.laneGap;
    }
    const double plus = m.line * 1.4;
    layout.addStage = QRectF(x - m.laneGap + (m.addWidth + m.laneGap - plus) / 2,
                             (m.headerHeight - plus) / 2, plus, plus);
    x += m.addWidth;
    layout.head = QRectF(QPointF(x, firstCard), m.card);
    const double left =
        layout.stages.empty() ? layout.head.left() : layout.stages.front().frame.left();
    layout.band = QRectF(QPointF(left, laneHeight + m.cardGap),
                         QPointF(layout.head.right(), laneHeight + m.cardGap + m.bandHeight));
    layout.bounds = QRectF(QPointF(0, 0), QPointF(layout.head.right(), layout.band.bottom()));
    return layout;
}

DropPlace dropPlaceAt(const CanvasLayout &layout, QPointF point)
{
    if (layout.input.contains(point) || layout.head.contains(point)) return {};
    for (std::size_t s = 0; s < layout.stages.size(); ++s) {
        const StageBox &box = layout.stages[s];
        if (point.x() < box.frame.left()) return {DropPlace::Kind::NewStage, int(s), 0};
        if (point.x() > box.frame.right()) continue;
        const auto below =
            std::find_if(box.cards.begin(), box.cards.end(),
                         [&](const QRectF &card) { return point.y() < card.center().y(); });
        return {DropPlace::Kind::InStage, int(s), int(below - box.cards.begin())};
    }
    return {DropPlace::Kind::NewStage, int(layout.stages.size()), 0};
}

DropPlace stagePlaceAt(const CanvasLayout &layout, QPointF point)
{
    const auto right =
        std::find_if(layout.stages.begin(), layout.stages.end(),
                     [&](const StageBox &box) { return point.x() < box.frame.center().x(); });
    return {DropPlace::Kind::NewStage, int(right - layout.stages.begin()), 0};
}

QLineF insertionMark(const CanvasLayout &layout, DropPlace place)
{
    const CanvasMetrics &m = layout.metrics;
    const auto stage = std::size_t(place.stage);
    switch (place.kind) {
    case DropPlace::Kind::Refused:
        break;
    case DropPlace::Kind::InStage: {
        const StageBox &box = layout.stages[stage];
        const auto index = std::size_t(place.index);
        double y = box.header.bottom() + m.lanePadding / 2;
        if (index > 0) y = box.cards[index - 1].bottom() + m.cardGap / 2;
        return {box.frame.left() + m.lanePadding / 2, y, box.frame.right() - m.lanePadding / 2, y};
    }
    case DropPlace::Kind::NewStage: {
        double x = layout.input.right() + m.laneGap / 2;
        if (stage > 0) x = layout.stages[stage - 1].frame.right() + m.laneGap / 2;
        const double bottom = layout.band.top() - m.cardGap;
        return {x, 0, x, bottom};
    }
    }
    return {};
}

} // namespace atomnet
