#pragma once

#include "core/model/network.h"

#include <QObject>

#include <optional>
#include <vector>

namespace atomnet
{

/// The one selection that canvas, charts, table and inspector share: blocks, the head or a stage,
/// and at most one layer of the report; and what the pointer hovers over.
class Selection : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    [[nodiscard]] const std::vector<BlockId> &blocks() const { return m_blocks; }
    [[nodiscard]] bool contains(BlockId id) const;
    [[nodiscard]] bool headSelected() const { return m_head; }
    [[nodiscard]] bool inputSelected() const { return m_input; }
    [[nodiscard]] StageId stage() const
    {
        return m_stage;
    } ///< a stage's header is selected; 0: none
    [[nodiscard]] std::optional<int> layer() const
    {
        return m_layer;
    } ///< layer index in the current report
    [[nodiscard]] std::optional<int> hoveredLayer() const { return m_hoveredLayer; }
    [[nodiscard]] BlockId hoveredBlock() const { return m_hoveredBlock; }
    [[nodiscard]] bool isEmpty() const;

public Q_SLOTS:
    void setBlocks(const std::vector<atomnet::BlockId> &blocks);
    void toggleBlock(atomnet::BlockId id);
    void selectHead();
    void selectInput();
    void selectStage(atomnet::StageId id);
    /// Selects a layer together with the block it belongs to (0: the head).
    void selectLayer(int layer, atomnet::BlockId block);
    void hover(std::optional<int> layer, atomnet::BlockId block);
    void clear();
    /// Forgets what this design no longer holds, and the layer: its index may now mean another one.
    void retain(const atomnet::Network &network);

Q_SIGNALS:
    void changed();
    void hoverChanged();

private:
    void become(std::vector<BlockId> blocks, bool head, bool input, StageId stage,
                std::optional<int> layer);
    std::vector<BlockId> m_blocks;
    bool m_head = false;
    bool m_input = false;
    StageId m_stage;
    std::optional<int> m_layer, m_hoveredLayer;
    BlockId m_hoveredBlock;
};

} // namespace atomnet
