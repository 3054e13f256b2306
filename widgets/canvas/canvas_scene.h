#pragma once

#include "widgets/canvas/canvas_layout.h"
#include "widgets/canvas/card_item.h"
#include "widgets/canvas/decor_items.h"
#include "widgets/canvas/lane_item.h"
#include "widgets/document/advice.h"
#include "widgets/document/analysis_runner.h"
#include "widgets/document/document.h"

#include <QGraphicsScene>
#include <QHash>

namespace atomnet
{

/// What lies under a point.
struct CanvasHit {
    enum class Kind : quint8 { Nothing, Block, Header, Lane, Input, Head, AddStage };
    Kind kind = Kind::Nothing;
    BlockId block;
    StageId stage;
    enum class Part : quint8 { Body, Lock, Badge };
    Part part = Part::Body; ///< of a block, a header, the input or the head
    bool operator==(const CanvasHit &) const = default;
};

/// The findings of a place as a tool tip tells them; empty when there is none.
[[nodiscard]] QString adviceHtml(const Advice &advice, const FindingPlace &place);

/// Draws the document: one card a block, kept over edits by its id. It changes nothing and knows no
/// events.
class CanvasScene : public QGraphicsScene
{
    Q_OBJECT
public:
    explicit CanvasScene(Document &document, QObject *parent = nullptr);

    [[nodiscard]] const CanvasLayout &layout() const { return m_layout; }
    [[nodiscard]] CanvasHit hitAt(QPointF point) const;
    [[nodiscard]] CardItem *card(BlockId block) const { return m_cards.value(block); }
    [[nodiscard]] LaneItem *lane(StageId stage) const { return m_lanes.value(stage); }
    [[nodiscard]] CardItem &inputCard() const { return *m_input; }
    [[nodiscard]] CardItem &headCard() const { return *m_head; }
    [[nodiscard]] InsertionMarkItem &mark() const { return *m_mark; }
    [[nodiscard]] GhostItem &ghost() const { return *m_ghost; }
    [[nodiscard]] const AdvicePtr &advice() const { return m_advice; }
    [[nodiscard]] const HintBandItem &hints() const { return *m_hints; }
    /// What a pointer that rests there learns.
    [[nodiscard]] QString toolTipAt(QPointF point) const;
    /// Of what is selected; empty when nothing is.
    [[nodiscard]] QRectF selectionRect() const;

    void setFont(const QFont &font);
    void setReport(const ReportPtr &report);
    void setDimmed(bool dimmed);
    /// Null: nothing is known.
    void setAdvice(const AdvicePtr &advice);
    /// Where a click on the badge leads.
    [[nodiscard]] FindingPlace findingPlace(const CanvasHit &hit) const;
    [[nodiscard]] bool isLocked(const CanvasHit &hit) const;
    /// While true the cards stay where the committed design has them: drop places must not run away
    /// under the pointer.
    void setFrozen(bool frozen);
    /// Shows these as being dragged away.
    void setDragged(const std::vector<BlockId> &blocks);
    /// What the pointer is over; blocks come by the shared selection.
    void setHovered(const CanvasHit &hit);

protected:
    void helpEvent(QGraphicsSceneHelpEvent *event) override;

Q_SIGNALS:
    void laidOut();  ///< sizes or places changed
    void replaced(); ///< another design: nothing of the former one is left

private:
    void sync();
    void syncBlocks(const Network &network);
    void syncEnds(const Network &network);
    void syncSelection();
    void syncHover();
    void showFigures();
    void applyTheme();
    [[nodiscard]] const Network &drawn() const;
    // scene_advice.cpp
    void showAdvice();
    [[nodiscard]] CanvasHit markAt(QPointF point) const;
    [[nodiscard]] QString markToolTip(const CanvasHit &hit) const;

    Document &m_document;
    CanvasMetrics m_metrics;
    CanvasLayout m_layout;
    QHash<BlockId, CardItem *> m_cards;
    QHash<StageId, LaneItem *> m_lanes;
    CardItem *m_input, *m_head;
    ConnectorsItem *m_connectors;
    HintBandItem *m_hints;
    LegendItem *m_legend;
    AddStageItem *m_add;
    InsertionMarkItem *m_mark;
    GhostItem *m_ghost;

    ReportPtr m_report;
    AdvicePtr m_advice;
    std::vector<BlockFigures> m_figureList;
    QHash<BlockId, BlockFigures> m_figures;
    FigureScale m_scale;
    BlockId m_hovered;
    StageId m_hoveredStage;
    bool m_frozen = false, m_dimmed = false;
    bool m_replacing = false; ///< the next network is another design
    std::vector<BlockId> m_dragged;
};

} // namespace atomnet
