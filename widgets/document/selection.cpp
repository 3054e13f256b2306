#include "widgets/document/selection.h"

#include <algorithm>

namespace atomnet
{

bool Selection::contains(BlockId id) const
{
    return std::find(m_blocks.begin(), m_blocks.end(), id) != m_blocks.end();
}

bool Selection::isEmpty() const
{
    return m_blocks.empty() && !m_head && !m_input && !m_stage;
}

void Selection::setBlocks(const std::vector<BlockId> &blocks)
{
    std::vector<BlockId> unique;
    unique.reserve(blocks.size());
    for (const BlockId id : blocks) {
        if (id && std::find(unique.begin(), unique.end(), id) == unique.end()) unique.push_back(id);
    }
    become(std::move(unique), false, false, {}, {});
}

void Selection::toggleBlock(BlockId id)
{
    if (!id) return;
    std::vector<BlockId> blocks = m_blocks;
    const auto at = std::find(blocks.begin(), blocks.end(), id);
    if (at == blocks.end()) {
        blocks.push_back(id);
    } else {
        blocks.erase(at);
    }
    become(std::move(blocks), false, false, {}, {});
}

void Selection::selectHead()
{
    become({}, true, false, {}, {});
}

void Selection::selectInput()
{
    become({}, false, true, {}, {});
}

void Selection::selectStage(StageId id)
{
    become({}, false, false, id, {});
}

void Selection::selectLayer(int layer, BlockId block)
{
    if (block) {
        become({block}, false, false, {}, layer);
    } else {
        become({}, true, false, {}, layer);
    }
}

void Selection::hover(std::optional<int> layer, BlockId block)
{
    if (m_hoveredLayer == layer && m_hoveredBlock == block) return;
    m_hoveredLayer = layer;
    m_hoveredBlock = block;
    Q_EMIT hoverChanged();
}

void Selection::clear()
{
    become({}, false, false, {}, {});
}

void Selection::retain(const Network &network)
{
    std::vector<BlockId> blocks;
    for (const BlockId id : m_blocks) {
        if (blockById(network, id)) blocks.push_back(id);
    }
    const StageId stage = findStage(network, m_stage) >= 0 ? m_stage : StageId{};
    if (m_hoveredBlock && !blockById(network, m_hoveredBlock)) hover({}, {});
    become(std::move(blocks), m_head, m_input, stage, {});
}

void Selection::become(std::vector<BlockId> blocks, bool head, bool input, StageId stage,
                       std::optional<int> layer)
{
    if (m_blocks == blocks && m_head == head && m_input == input && m_stage == stage &&
        m_layer == layer)
        return;
    m_blocks = std::move(blocks);
    m_head = head;
    m_input = input;
    m_stage = stage;
    m_layer = layer;
    Q_EMIT changed();
}

} // namespace atomnet
