#pragma once

#include "core/inference/program.h"
#include "core/model/network.h"
#include "core/quant/samples.h"

#include <QRandomGenerator>

// Small designs with seeded weights, quantised, planned and laid out as a program.
namespace atomnet::test
{

/// A valid design with every kind of block, small enough to run many of; equal for equal
/// generators.
[[nodiscard]] Network smallNetwork(QRandomGenerator &random);
/// conv, SEP, ConvNeXt and MBConv with squeeze-and-excite and shortcuts, head with conv and hidden
/// layer.
[[nodiscard]] Network everyBlock();

struct Example {
    Network network;
    AtomGraph graph;
    std::vector<WeightUnit> units;
    FloatWeights weights;
    std::shared_ptr<const SampleSource> samples;
    QuantizedNetwork quantized;
    ArenaPlan plan;
    QStringList layerNames;
};
/// Aborts the test program when a part refuses.
[[nodiscard]] Example quantisedExample(const Network &network, quint64 seed = 1);
/// The same without a quantiser: arbitrary weights, scales and zero points that a quantised network
/// may have. Without float weights.
[[nodiscard]] Example arbitraryExample(const Network &network, QRandomGenerator &random);
[[nodiscard]] Program programOf(const Example &example, const ProgramOptions &options = {});
/// A sample of the example as int8.
[[nodiscard]] std::vector<qint8> int8Sample(const Example &example, int index);

/// Samples that lie in memory.
class MemorySamples : public SampleSource
{
public:
    std::vector<std::vector<float>> values;
    std::vector<int> labels;
    QStringList names;
    [[nodiscard]] int count() const override { return int(values.size()); }
    [[nodiscard]] Result<std::vector<float>> sample(int index) const override
    {
        return values[std::size_t(index)];
    }
    [[nodiscard]] int label(int index) const override { return labels[std::size_t(index)]; }
    [[nodiscard]] QStringList labelNames() const override { return names; }
};

} // namespace atomnet::test
