#include "widgets/canvas/canvas_scene.h"

#include "core/base/format.h"
#include "widgets/canvas/card_text.h"

#include <QApplication>
#include <QGraphicsSceneHelpEvent>
#include <QSet>
#include <QToolTip>

#include <algorithm>

namespace atomnet
{

CanvasScene::CanvasScene(Document &document, QObject *parent)
    : QGraphicsScene(parent)
    , m_document(document)
    , m_metrics(CanvasMetrics::forFont(QApplication::font()))
    , m_input(new CardItem)
    , m_head(new CardItem)
    , m_connectors(new ConnectorsItem)
    , m_hints(new HintBandItem)
    , m_legend(new LegendItem)
    , m_add(new AddStageItem)
    , m_mark(new InsertionMarkItem)
    , m_ghost(new GhostItem)
{
    for (QGraphicsItem *item : std::initializer_list<QGraphicsItem *>{
             m_input, m_head, m_connectors, m_hints, m_legend, m_add, m_mark, m_ghost})
        addItem(item);
    connect(&document, &Document::restarted, this, [this] {
        m_replacing = true;
        setReport(nullptr); // equal ids mean other blocks from here on
    });
    connect(&document, &Document::networkChanged, this, &CanvasScene::sync);
    connect(&document.selection(), &Selection::changed, this, &CanvasScene::syncSelection);
    connect(&document.selection(), &Selection::hoverChanged, this, &CanvasScene::syncHover);
    connect(&ThemeManager::instance(), &ThemeManager::themeChanged, this, &CanvasScene::applyTheme);
    applyTheme();
}

CanvasHit CanvasScene::hitAt(QPointF point) const
{
    using Kind = CanvasHit::Kind;
    if (const CanvasHit mark = markAt(point); mark.kind != Kind::Nothing) return mark;
    if (m_layout.input.contains(point)) return {Kind::Input, {}, {}};
    if (m_layout.head.contains(point)) return {Kind::Head, {}, {}};
    if (!m_layout.stages.empty() && m_layout.addStage.contains(point))
        return {Kind::AddStage, {}, {}};
    const Network &network = drawn();
    for (std::size_t s = 0; s < m_layout.stages.size(); ++s) {
        const StageBox &box = m_layout.stages[s];
        if (!box.frame.contains(point)) continue;
        if (box.header.contains(point)) return {Kind::Header, {}, box.id};
        for (std::size_t b = 0; b < box.cards.size(); ++b) {
            if (box.cards[b].contains(point))
                return {Kind::Block, network.stages[s].blocks[b].id, box.id};
        }
        return {Kind::Lane, {}, box.id};
    }
    return {};
}

QRectF CanvasScene::selectionRect() const
{
    const Selection &selection = m_document.selection();
    if (selection.headSelected()) return m_layout.head;
    if (selection.inputSelected()) return m_layout.input;
    if (const LaneItem *stage = lane(selection.stage()))
        return stage->sceneBoundingRect().intersected(
            QRectF(stage->scenePos(), QSizeF(m_metrics.laneWidth(), m_metrics.headerHeight)));
    QRectF rect;
    for (const BlockId id : selection.blocks()) {
        if (const CardItem *item = card(id)) rect |= item->sceneBoundingRect();
    }
    return rect;
}

void CanvasScene::setFont(const QFont &font)
{
    m_metrics = CanvasMetrics::forFont(font);
    sync();
}

void CanvasScene::setReport(const ReportPtr &report)
{
    m_report = report;
    m_figureList = report ? perBlock(*report) : std::vector<BlockFigures>{};
    m_scale = report ? figureScale(*report, m_figureList) : FigureScale{};
    m_figures.clear();
    for (const BlockFigures &figures : m_figureList)
        m_figures.insert(figures.block, figures);
    setDimmed(false);
    showFigures();
}

void CanvasScene::setDimmed(bool dimmed)
{
    if (m_dimmed == dimmed) return;
    m_dimmed = dimmed;
    m_hints->setOpacity(dimmed ? 0.35 : 1);
    showFigures();
}

void CanvasScene::setFrozen(bool frozen)
{
    if (m_frozen == frozen) return;
    m_frozen = frozen;
    sync();
}

void CanvasScene::setDragged(const std::vector<BlockId> &blocks)
{
    for (const BlockId id : m_dragged) {
        if (CardItem *item = card(id)) item->setFaded(false);
    }
    m_dragged = blocks;
    for (const BlockId id : m_dragged) {
        if (CardItem *item = card(id)) item->setFaded(true);
    }
}

const Network &CanvasScene::drawn() const
{
    return m_frozen ? m_document.network() : m_document.shown();
}

void CanvasScene::sync()
{
    const Network &network = drawn();
    m_layout = layOut(network, m_metrics);
    m_ghost->setMetrics(m_metrics);
    const bool hadBlocks = !m_cards.isEmpty();
    QSet<BlockId> before(m_cards.keyBegin(), m_cards.keyEnd());
    syncBlocks(network);
    syncEnds(network);
    m_connectors->setLayout(m_layout);
    m_legend->setLayout(m_layout);
    m_add->setLayout(m_layout);
    m_add->setVisible(!network.stages.empty());
    m_legend->setVisible(!network.stages.empty());
    showFigures();
    showAdvice();
    syncSelection();
    const double margin = m_metrics.laneGap;
    setSceneRect(m_layout.bounds.adjusted(-margin, -margin, margin, margin));
    Q_EMIT laidOut();
    const bool anyKept = std::any_of(m_cards.keyBegin(), m_cards.keyEnd(),
                                     [&before](BlockId id) { return before.contains(id); });
    const bool other = !anyKept && (hadBlocks || !m_cards.isEmpty());
    if (std::exchange(m_replacing, false) || other) Q_EMIT replaced();
}

void CanvasScene::syncBlocks(const Network &network)
{
    const Theme &theme = ThemeManager::instance().theme();
    QHash<BlockId, CardItem *> cards;
    QHash<StageId, LaneItem *> lanes;
    cards.reserve(m_cards.size());
    Shape shape = network.input;
    for (std::size_t s = 0; s < network.stages.size(); ++s) {
        const Stage &stage = network.stages[s];
        const StageBox &box = m_layout.stages[s];
        for (std::size_t b = 0; b < stage.blocks.size(); ++b) {
            const Block &block = stage.blocks[b];
            CardItem *item = m_cards.take(block.id);
            if (!item) addItem(item = new CardItem(block.id));
            item->setGeometry(box.cards[b], m_metrics);
            CardContent content = item->content();
            content.title = displayName(block.type);
            content.value = QString::number(block.out);
            content.detail = detailText(block);
            content.extra = extraText(block);
            content.repeat = block.repeat;
            content.color = theme.of(block.type);
            content.locked = block.locked;
            item->setContent(content);
            shape = outputShape(block, shape);
            cards.insert(block.id, item);
        }
        LaneItem *item = m_lanes.take(stage.id);
        if (!item) addItem(item = new LaneItem(stage.id));
        item->setGeometry(box, m_metrics);
        const QString name = stage.name.isEmpty() ? tr("Stage %1").arg(s + 1) : stage.name;
        item->setContent({name, sizeText(shape), tr("%1 ch").arg(shape.c), stage.blocks.empty(),
                          stage.locked, item->content().badge});
        lanes.insert(stage.id, item);
    }
    qDeleteAll(m_cards); // what is left belongs to no block any more
    qDeleteAll(m_lanes);
    m_cards = std::move(cards);
    m_lanes = std::move(lanes);
}

void CanvasScene::syncEnds(const Network &network)
{
    const Theme &theme = ThemeManager::instance().theme();
    m_input->setGeometry(m_layout.input, m_metrics);
    CardContent input;
    input.title = tr("Input");
    input.value = sizeText(network.input);
    input.detail = network.input.c == 1 ? tr("1 channel") : tr("%1 channels").arg(network.input.c);
    input.color = theme.mutedText;
    input.locked = network.inputLocked;
    m_input->setContent(input);
    m_head->setGeometry(m_layout.head, m_metrics);
    CardContent head = m_head->content();
    head.title = tr("Head");
    head.value = QString::number(network.head.classes);
    head.detail = tr("classes");
    head.extra = detailText(network.head);
    head.color = theme.head;
    head.lockable = false; // a space has its own head
    m_head->setContent(head);
}

void CanvasScene::syncSelection()
{
    const Selection &selection = m_document.selection();
    const QSet<BlockId> selected(selection.blocks().begin(), selection.blocks().end());
    for (auto it = m_cards.cbegin(); it != m_cards.cend(); ++it)
        it.value()->setMarked(selected.contains(it.key()));
    for (auto it = m_lanes.cbegin(); it != m_lanes.cend(); ++it)
        it.value()->setMarked(it.key() == selection.stage());
    m_head->setMarked(selection.headSelected());
    m_input->setMarked(selection.inputSelected());
}

void CanvasScene::syncHover()
{
    const BlockId hovered = m_document.selection().hoveredBlock();
    if (CardItem *item = card(m_hovered)) item->setHovered(false);
    m_hovered = hovered;
    if (CardItem *item = card(m_hovered)) item->setHovered(true);
}

void CanvasScene::showFigures()
{
    const auto show = [this](CardItem &item) {
        CardContent content = item.content();
        const auto found = m_figures.constFind(item.block());
        content.figures.reset();
        if (found != m_figures.cend()) content.figures = cardFigures(*found, m_scale);
        content.outdated = m_dimmed;
        item.setContent(content);
    };
    for (CardItem *item : std::as_const(m_cards))
        show(*item);
    show(*m_head);
    const bool any = m_report && !m_layout.stages.empty();
    m_hints->setHints(m_layout, any ? dominanceRuns(stageDominance(drawn(), m_figureList))
                                    : std::vector<DominanceRun>{});
}

QString CanvasScene::toolTipAt(QPointF point) const
{
    using Kind = CanvasHit::Kind;
    const CanvasHit hit = hitAt(point);
    if (hit.part != CanvasHit::Part::Body) return markToolTip(hit);
    const Network &network = drawn();
    const auto figures = [this](BlockId id) -> std::optional<BlockFigures> {
        const auto found = m_figures.constFind(id);
        return found == m_figures.cend() ? std::nullopt : std::optional(*found);
    };
    switch (hit.kind) {
    case Kind::Nothing:
    case Kind::Lane:
        return {};
    case Kind::Input:
        return tr("Input: %1×%2 pixels, %3 channels, %4")
            .arg(network.input.h)
            .arg(network.input.w)
            .arg(network.input.c)
            .arg(formatKib(network.input.bytes()));
    case Kind::AddStage:
        return tr("Add a stage");
    case Kind::Header: {
        const int stage = findStage(network, hit.stage);
        const Shape in = stageInput(network, stage), out = stageInput(network, stage + 1);
        return tr("Stage %1: %2×%3 → %4×%5. Double click to rename it.")
            .arg(m_lanes.value(hit.stage)->content().name, sizeText(in))
            .arg(in.c)
            .arg(sizeText(out))
            .arg(out.c);
    }
    case Kind::Head:
        return headToolTip(network.head, stageInput(network, int(network.stages.size())),
                           figures({}), m_report.get());
    case Kind::Block:
        break;
    }
    const BlockPlace place = findBlock(network, hit.block);
    const auto &blocks = network.stages[std::size_t(place.stage)].blocks;
    Shape in = stageInput(network, place.stage);
    for (int b = 0; b < place.index; ++b)
        in = outputShape(blocks[std::size_t(b)], in);
    const Block &block = blocks[std::size_t(place.index)];
    return blockToolTip(block, in, outputShape(block, in), figures(block.id), m_report.get());
}

void CanvasScene::helpEvent(QGraphicsSceneHelpEvent *event)
{
    QToolTip::showText(event->screenPos(), toolTipAt(event->scenePos()), event->widget());
    event->accept();
}

void CanvasScene::applyTheme()
{
    setBackgroundBrush(ThemeManager::instance().theme().window);
    sync(); // cards hold their colour
    update();
}

} // namespace atomnet
