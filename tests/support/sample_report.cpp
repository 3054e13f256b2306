#include "tests/support/sample_report.h"

#include "core/lowering/lower.h"

#include <algorithm>

namespace atomnet
{

namespace
{

constexpr int blockLayers = 4;
constexpr int headLayers = 4;

Atom sampleAtom(int layer, int layers)
{
    Atom atom;
    const int body = layers - headLayers;
    const bool head = layer >= body;
    const int block = layer / blockLayers;
    const int blocksInFirst = body / blockLayers / 2;
    atom.stage = qint16(head ? 2 : (block < blocksInFirst ? 0 : 1));
    atom.block = qint16(head ? -1 : (atom.stage == 0 ? block : block - blocksInFirst));
    atom.blockId = BlockId{head ? 0u : quint32(block + 1)};
    static constexpr Role body4[] = {Role::Pad, Role::Depthwise, Role::Pointwise, Role::Add};
    static constexpr Role head4[] = {Role::HeadConv, Role::Pool, Role::Hidden, Role::Classifier};
    atom.role = head ? head4[layer - body] : body4[layer % blockLayers];
    atom.inputs = {layer, atom.role == Role::Add ? layer - 3 : -1};
    atom.output = layer + 1;
    atom.key.kind = atom.role == Role::Depthwise ? AtomKind::Depthwise
                    : atom.role == Role::Pad     ? AtomKind::Pad
                    : atom.role == Role::Add     ? AtomKind::Add
                                                 : AtomKind::Pointwise;
    atom.key.inH = atom.key.inW = atom.key.outH = atom.key.outW = 10;
    atom.key.inC = atom.key.outC = 16;
    return atom;
}

} // namespace

Report sampleReport(int layers)
{
    Q_ASSERT(layers >= 20);
    Report report;
    report.target.board = {QStringLiteral("sample"),
                           QStringLiteral("Sample"),
                           QStringLiteral("Cortex-M7"),
                           512 * 1024,
                           2048 * 1024,
                           400'000'000,
                           false};
    report.target.runtime = Runtime::XCubeAi72;
    report.target.reserveSramBytes = 64 * 1024;
    report.target.reserveFlashBytes = 128 * 1024;
    report.clockHz = 400'000'000;
    report.stageNames = {QStringLiteral("s1"), QStringLiteral("s2"), QStringLiteral("head")};
    report.flashCodeBytes = 100 * 1024;
    qint64 cumulative = report.flashCodeBytes, sramMax = 0, value = 0, low = 0;
    for (int i = 0; i < layers; ++i) {
        Layer layer;
        layer.atom = sampleAtom(i, layers);
        layer.macs = 1000 * (i + 1);
        layer.params = 100 + i;
        layer.flashBytes = 1024 * (i + 1);
        cumulative += layer.flashBytes;
        layer.flashCumulativeBytes = cumulative;
        layer.sram = {1024 * 40, 1024 * (60 - i % 30), layer.atom.role == Role::Add ? 1024 * 20 : 0,
                      layer.atom.role == Role::Pad ? 512 : 0,
                      layer.atom.role == Role::Depthwise ? 2048 : 0};
        const qint64 ns = 1'000'000 * (1 + i % 7);
        if (i % 5 == 4)
            layer.latency = {0, 0, {}, Source::Missing, 0, false};
        else if (i % 5 == 3)
            layer.latency = {ns, ns * 8 / 10, ns * 12 / 10, Source::Estimated, 0, i == 3};
        else
            layer.latency = {ns, ns * 99 / 100, ns * 101 / 100, Source::Measured, 14, false};
        (layer.latency.source == Source::Missing     ? report.missingLayers
         : layer.latency.source == Source::Estimated ? report.estimatedLayers
                                                     : report.measuredLayers) += 1;
        value += layer.latency.value;
        low += layer.latency.low;
        if (layer.sram.total() > sramMax) {
            sramMax = layer.sram.total();
            report.peak.layer = i;
        }
        report.layers.push_back(layer);
    }
    report.latency = {value, low, {}, Source::Missing, 0, false};
    report.measuredShare = 0.8;

    const Shape shape{10, 10, 16};
    for (int t = 0; t <= layers; ++t) {
        const bool held = t > 0 && t % blockLayers == 1 && t + 2 < layers;
        const int lastUse = std::min(t + (held ? 2 : 0), layers - 1);
        report.tensorShapes.push_back({shape, t - 1, lastUse});
        report.tensors.push_back({t, std::max(0, t - 1), lastUse, shape.bytes(), {}, t - 1});
        if (t == report.peak.layer || t == report.peak.layer + 1) report.peak.tensors.push_back(t);
    }
    report.sram = {sramMax,    sramMax * 85 / 100, sramMax * 115 / 100, true,
                   512 * 1024, 448 * 1024,         Fit::Within,         0};
    report.flash = {cumulative,  cumulative,  cumulative,  false,
                    2048 * 1024, 1920 * 1024, Fit::Within, 0};
    report.flashWeightsBytes = cumulative - report.flashCodeBytes;
    return report;
}

Knowledge sampleKnowledge(const Network &network, const Target &target)
{
    const Result<AtomGraph> graph = lower(network, target.runtime);
    if (!graph) return {};
    std::vector<AtomTable::Row> rows;
    for (std::size_t i = 0; i < graph->atoms.size(); ++i) {
        const AtomKey &key = graph->atoms[i].key;
        if (i % 3 == 2) continue;
        const bool known = std::any_of(
            rows.begin(), rows.end(), [&key](const AtomTable::Row &row) { return row.key == key; });
        if (known) continue;
        const qint64 ns = 20'000 + 2 * macsOf(key) + 3 * key.out().bytes();
        rows.push_back({key, {ns, ns * 97 / 100, ns * 104 / 100, 9}});
    }
    RunCondition condition;
    condition.board = target.board.id;
    condition.runtime = runtimeId(target.runtime);
    condition.clockHz = target.board.clockHz;
    Knowledge knowledge;
    knowledge.table =
        std::make_shared<const AtomTable>(condition, SampleUnit::Nanoseconds, std::move(rows));
    return knowledge;
}

} // namespace atomnet
