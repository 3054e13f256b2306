#include "widgets/canvas/canvas_scene.h"

#include <algorithm>

// Padlocks and badges: where they are hit, what they say.
namespace atomnet
{
namespace
{

constexpr std::size_t mostTold = 5; ///< findings in one tool tip

QString html(const LintFinding &finding)
{
    QString text = QStringLiteral("<p><b>%1</b>").arg(finding.what.toHtmlEscaped());
    if (!finding.why.isEmpty()) text += QStringLiteral("<br>") + finding.why.toHtmlEscaped();
    return text + QStringLiteral("</p>");
}

LintBadge badgeOf(const Advice &advice, const FindingPlace &place)
{
    LintBadge badge;
    for (const int i : findingsOf(advice, place)) {
        ++badge.count;
        badge.worst = std::max(badge.worst, advice.findings[std::size_t(i)].severity);
    }
    return badge;
}

} // namespace

void CanvasScene::setAdvice(const AdvicePtr &advice)
{
    m_advice = advice;
    showAdvice();
}

void CanvasScene::showAdvice()
{
    const auto badge = [this](const FindingPlace &place) {
        return m_advice ? badgeOf(*m_advice, place) : LintBadge{};
    };
    const auto show = [&badge](CardItem &item, const FindingPlace &place) {
        CardContent content = item.content();
        content.badge = badge(place);
        item.setContent(content);
    };
    for (auto it = m_cards.cbegin(); it != m_cards.cend(); ++it)
        show(**it, {it.key(), {}, false});
    show(*m_head, {{}, {}, true});
    for (auto it = m_lanes.cbegin(); it != m_lanes.cend(); ++it) {
        LaneContent content = (*it)->content();
        content.badge = badge({{}, it.key(), false});
        (*it)->setContent(content);
    }
}

FindingPlace CanvasScene::findingPlace(const CanvasHit &hit) const
{
    switch (hit.kind) {
    case CanvasHit::Kind::Block:
        return {hit.block, {}, false};
    case CanvasHit::Kind::Header:
        return {{}, hit.stage, false};
    case CanvasHit::Kind::Head:
        return {{}, {}, true};
    default:
        return {};
    }
}

bool CanvasScene::isLocked(const CanvasHit &hit) const
{
    const Network &network = m_document.network();
    if (hit.kind == CanvasHit::Kind::Input) return network.inputLocked;
    if (hit.kind == CanvasHit::Kind::Block) {
        const Block *block = blockById(network, hit.block);
        return block && block->locked;
    }
    const int stage = findStage(network, hit.stage);
    return stage >= 0 && network.stages[std::size_t(stage)].locked;
}

CanvasHit CanvasScene::markAt(QPointF point) const
{
    using Part = CanvasHit::Part;
    const auto on = [point, this](const CardItem &item) {
        const QRectF rect = item.cardRect().translated(item.pos());
        if (item.showsLock() && lockRect(rect, m_metrics).contains(point)) return Part::Lock;
        const int count = item.content().badge.count;
        if (count > 0 && badgeRect(rect, m_metrics, count).contains(point)) return Part::Badge;
        return Part::Body;
    };
    if (const Part part = on(*m_input); part != Part::Body)
        return {CanvasHit::Kind::Input, {}, {}, part};
    if (const Part part = on(*m_head); part != Part::Body)
        return {CanvasHit::Kind::Head, {}, {}, part};
    for (const StageBox &box : m_layout.stages) {
        // Marks of cards reach over the lane's edge by less than half the gap between lanes.
        const double over = markOverhang(m_metrics);
        if (point.x() < box.frame.left() - over || point.x() > box.frame.right() + over) continue;
        const LaneItem &lane = *m_lanes.value(box.id);
        if (lane.showsLock() && headerLockRect(box.header, m_metrics).contains(point))
            return {CanvasHit::Kind::Header, {}, box.id, Part::Lock};
        const int count = lane.content().badge.count;
        if (count > 0 && headerBadgeRect(box.header, m_metrics, count).contains(point))
            return {CanvasHit::Kind::Header, {}, box.id, Part::Badge};
        const int stage = findStage(drawn(), box.id);
        for (const Block &block : drawn().stages[std::size_t(stage)].blocks) {
            const Part part = on(*m_cards.value(block.id));
            if (part != Part::Body) return {CanvasHit::Kind::Block, block.id, box.id, part};
        }
    }
    return {};
}

QString CanvasScene::markToolTip(const CanvasHit &hit) const
{
    if (hit.part == CanvasHit::Part::Lock)
        return isLocked(hit) ? tr("Locked: searches keep it. Click to open (L).")
                             : tr("Lock it: searches keep it (L).");
    return m_advice ? adviceHtml(*m_advice, findingPlace(hit)) : QString();
}

QString adviceHtml(const Advice &advice, const FindingPlace &place)
{
    QString text;
    const std::vector<int> found = findingsOf(advice, place);
    for (std::size_t i = 0; i < std::min(found.size(), mostTold); ++i)
        text += html(advice.findings[std::size_t(found[i])]);
    if (found.size() > mostTold)
        text += QStringLiteral("<p>%1</p>")
                    .arg(CanvasScene::tr("and %1 more").arg(found.size() - mostTold));
    return text;
}

void CanvasScene::setHovered(const CanvasHit &hit)
{
    using Kind = CanvasHit::Kind;
    m_add->setHovered(hit.kind == Kind::AddStage);
    m_input->setHovered(hit.kind == Kind::Input);
    m_head->setHovered(hit.kind == Kind::Head);
    if (LaneItem *item = lane(m_hoveredStage)) item->setHovered(false);
    m_hoveredStage = hit.kind == Kind::Header || hit.kind == Kind::Lane ? hit.stage : StageId{};
    if (LaneItem *item = lane(m_hoveredStage)) item->setHovered(true);
}

} // namespace atomnet
