#pragma once

#include "core/model/network.h"
#include "widgets/canvas/canvas_metrics.h"

#include <QLineF>
#include <QRectF>

#include <vector>

// Where everything stands on the canvas and what a point on it means. Pure, so that it is tested
// without a window.
namespace atomnet
{

struct StageBox {
    StageId id;
    QRectF frame, header;
    std::vector<QRectF> cards; ///< by block
};

struct CanvasLayout {
    CanvasMetrics metrics;
    QRectF input, head;
    QRectF addStage; ///< the "+" behind the last stage
    QRectF band;     ///< hints under stages and head
    QRectF bounds;
    std::vector<StageBox> stages;
};

[[nodiscard]] CanvasLayout layOut(const Network &network, const CanvasMetrics &metrics);

/// Where blocks would land.
struct DropPlace {
    enum class Kind : quint8 {
        Refused,
        InStage,  ///< before block `index` of stage `stage`
        NewStage, ///< in a new stage before stage `stage`
    };
    Kind kind = Kind::Refused;
    int stage = -1;
    int index = -1;
    bool operator==(const DropPlace &) const = default;
    [[nodiscard]] bool valid() const { return kind != Kind::Refused; }
};

/// Refused over the input and the head; between stages and beside them a new stage; else the
/// nearest gap of a stage.
[[nodiscard]] DropPlace dropPlaceAt(const CanvasLayout &layout, QPointF point);
/// For a dragged stage: always between stages.
[[nodiscard]] DropPlace stagePlaceAt(const CanvasLayout &layout, QPointF point);
/// The insertion mark: horizontal between blocks, vertical between stages.
[[nodiscard]] QLineF insertionMark(const CanvasLayout &layout, DropPlace place);

} // namespace atomnet
