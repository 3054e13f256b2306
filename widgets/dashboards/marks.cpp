#include "widgets/dashboards/marks.h"

namespace atomnet
{

Marks marksOf(const Report &report, const Selection &selection, const Network &network)
{
    Marks marks;
    const int layers = int(report.layers.size());
    const std::optional<int> hovered = selection.hoveredLayer();
    const int stage = selection.stage() ? findStage(network, selection.stage()) : -1;
    for (int i = 0; i < layers; ++i) {
        const Atom &atom = report.layers[std::size_t(i)].atom;
        const bool selected =
            atom.blockId ? selection.contains(atom.blockId) : selection.headSelected();
        if (selected || (stage >= 0 && atom.stage == stage)) marks.selected.push_back(i);
        const bool inHoveredBlock =
            selection.hoveredBlock() && atom.blockId == selection.hoveredBlock();
        if (inHoveredBlock || hovered == i) marks.hovered.push_back(i);
    }
    const std::optional<int> layer = selection.layer();
    if (layer && *layer >= 0 && *layer < layers) marks.layer = *layer;
    return marks;
}

} // namespace atomnet
