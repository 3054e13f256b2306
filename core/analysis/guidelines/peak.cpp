#include "core/analysis/guidelines/candidates.h"
#include "core/analysis/guidelines/trials.h"

#include <algorithm>

namespace atomnet
{

namespace
{

constexpr std::size_t mostFixes = 8;

/// Shares `bytes` out among tensors, each up to its size; what is left goes to the last one (the
/// rules that were fitted to a runtime may count a tensor more than once).
void share(const Report &report, const std::vector<int> &tensors, qint64 bytes, const QString &part,
           std::vector<PeakTensor> &into)
{
    if (bytes <= 0) return;
    if (tensors.empty()) {
        into.push_back({-1, {}, bytes, part});
        return;
    }
    for (std::size_t i = 0; i < tensors.size() && bytes > 0; ++i) {
        const int tensor = tensors[i];
        const qint64 own = report.tensorShapes[std::size_t(tensor)].bytes();
        const qint64 taken = i + 1 == tensors.size() ? bytes : std::min(own, bytes);
        if (taken > 0) into.push_back({tensor, tensorName(report, tensor), taken, part});
        bytes -= taken;
    }
}

std::vector<PeakTensor> tensorsOf(const Report &report, const Layer &layer)
{
    const Atom &atom = layer.atom;
    // The branch first: of an add, the shortcut's tensor is the one that is held.
    std::vector<int> inputs;
    for (auto input = atom.inputs.rbegin(); input != atom.inputs.rend(); ++input)
        if (*input >= 0 && std::find(inputs.begin(), inputs.end(), *input) == inputs.end())
            inputs.push_back(*input);
    std::vector<PeakTensor> parts;
    share(report, inputs, layer.sram.input, QStringLiteral("input"), parts);
    std::vector<int> others;
    for (const int tensor : report.peak.tensors) {
        const bool shown = tensor == atom.output ||
                           std::any_of(parts.begin(), parts.end(), [&](const PeakTensor &part) {
                               return part.tensor == tensor;
                           });
        if (!shown) others.push_back(tensor);
    }
    share(report, inputs.empty() ? inputs : std::vector<int>{inputs.front()}, layer.sram.pad,
          QStringLiteral("pad"), parts);
    if (atom.output >= 0)
        parts.push_back({atom.output, tensorName(report, atom.output), layer.sram.output,
                         QStringLiteral("output")});
    share(report, others, layer.sram.held, QStringLiteral("held"), parts);
    if (layer.sram.scratch > 0)
        parts.push_back({-1, {}, layer.sram.scratch, QStringLiteral("scratch")});
    return parts;
}

/// The blocks with a layer that needs as much as the peak, nearly.
std::vector<PlacedBlock> blocksAtPeak(const std::vector<PlacedBlock> &all, const Report &report)
{
    constexpr double nearly = 0.98;
    const qint64 peak = report.layers[std::size_t(report.peak.layer)].sram.total();
    std::vector<PlacedBlock> found;
    for (const PlacedBlock &placed : all)
        for (const Layer &layer : report.layers)
            if (layer.atom.stage == placed.stage && layer.atom.block == placed.index &&
                double(layer.sram.total()) >= nearly * double(peak)) {
                found.push_back(placed);
                break;
            }
    return found;
}

/// Edits of these blocks together.
void addTogether(const Network &network, const std::vector<PlacedBlock> &blocks,
                 std::vector<EditCandidate> &candidates)
{
    const auto add = [&](MaybeCandidate candidate) {
        if (candidate) candidates.push_back(*std::move(candidate));
    };
    add(withoutSe(network, blocks));
    for (const double expand : {4.0, 3.0, 2.0})
        add(withExpansion(network, blocks, expand));
    for (const BlockType type : {BlockType::Sep, BlockType::ConvNext})
        add(asType(network, blocks, type));
    for (const double share : {0.75, 0.5})
        add(narrower(network, blocks, share));
}

std::vector<EditCandidate> candidatesFor(const Network &network, const Report &report)
{
    std::vector<EditCandidate> candidates;
    const auto add = [&](MaybeCandidate candidate) {
        if (candidate) candidates.push_back(*std::move(candidate));
    };
    const std::vector<PlacedBlock> all = placedBlocks(network);
    const Atom &atom = report.layers[std::size_t(report.peak.layer)].atom;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const PlacedBlock &placed = all[i];
        if (placed.stage != atom.stage || placed.index != atom.block) continue;
        addTogether(network, {placed}, candidates);
        add(withWidth(network, placed, placed.block->out - 8)); // also ends a shortcut
        add(split(network, placed));
        add(strideEarlier(network, placed));
        if (i > 0) add(narrower(network, {all[i - 1]}, 0.75));
    }
    if (const auto tied = blocksAtPeak(all, report); tied.size() > 1)
        addTogether(network, tied, candidates);
    const Shape &input = network.input;
    for (const int sixteenths : {14, 12, 8})
        add(withInput(network, input.h * sixteenths / 16, input.w * sixteenths / 16));
    return candidates;
}

} // namespace

PeakExplanation explainPeak(const Network &network, const Report &report,
                            const Knowledge &knowledge, const RunControl &control)
{
    PeakExplanation peak;
    peak.layer = report.peak.layer;
    if (peak.layer < 0 || std::size_t(peak.layer) >= report.layers.size()) return peak;
    const Layer &layer = report.layers[std::size_t(peak.layer)];
    peak.layerName = layerName(report, layer);
    peak.bytes = layer.sram.total();
    peak.tensors = tensorsOf(report, layer);

    Trials trials(network, report, knowledge, control);
    for (const EditCandidate &candidate : candidatesFor(network, report)) {
        const auto outcome = trials.run(candidate.edits);
        if (!outcome || outcome->effect.sramBytes >= 0) continue;
        if (report.fits && !outcome->report.fits) continue;
        const Layer &next = outcome->report.layers[std::size_t(outcome->report.peak.layer)];
        const QString name = layerName(outcome->report, next);
        const bool moves = name != peak.layerName;
        peak.fixes.push_back(
            {moves ? QStringLiteral("%1; the peak is then at %2").arg(candidate.text, name)
                   : candidate.text,
             candidate.edits, outcome->effect});
    }
    std::stable_sort(peak.fixes.begin(), peak.fixes.end(),
                     [](const QuickFix &a, const QuickFix &b) {
                         if (a.effect.sramBytes != b.effect.sramBytes)
                             return a.effect.sramBytes < b.effect.sramBytes;
                         return a.effect.macs > b.effect.macs; // the mildest of equals
                     });
    if (peak.fixes.size() > mostFixes) peak.fixes.resize(mostFixes);
    return peak;
}

} // namespace atomnet
