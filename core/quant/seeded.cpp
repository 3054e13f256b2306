#include "core/quant/samples.h"
#include "core/quant/weights.h"

#include <algorithm>
#include <cmath>

// Weights and images for networks that nobody has trained: the same on every machine, so only
// integer arithmetic and correctly rounded operations of IEEE 754 (no exp, log or sine).
namespace atomnet
{

namespace
{

/// SplitMix64 (Steele, Lea, Flood 2014).
class SplitMix
{
public:
    explicit SplitMix(quint64 seed) : m_state(seed) {}
    quint64 next()
    {
        quint64 z = (m_state += 0x9E3779B97F4A7C15U);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31);
    }
    /// In [-1, 1), 24 bits: exact as float.
    float unit() { return float(qint32(next() >> 40) - (1 << 23)) / float(1 << 23); }

private:
    quint64 m_state;
};

/// A generator of its own for each index, so that the first samples do not depend on how many there
/// are.
SplitMix generatorFor(quint64 seed, quint64 index)
{
    SplitMix mix(seed ^ (index * 0xD1342543DE82EF95U));
    return SplitMix(mix.next());
}

/// Smooth shapes (a coarse grid, blended) with some noise over them, about -2 to 2.
class SeededSamples final : public SampleSource
{
public:
    SeededSamples(const Shape &shape, int count, quint64 seed)
        : m_shape(shape), m_count(count), m_seed(seed)
    {
    }
    int count() const override { return m_count; }
    int label(int) const override { return -1; }
    Result<std::vector<float>> sample(int index) const override
    {
        constexpr int cells = 6;
        SplitMix random = generatorFor(m_seed, quint64(index));
        std::vector<float> grid(std::size_t((cells + 1) * (cells + 1)) * std::size_t(m_shape.c));
        for (float &value : grid)
            value = 2 * random.unit();
        const auto at = [&](int y, int x, int c) {
            return grid[(std::size_t(y) * (cells + 1) + std::size_t(x)) * std::size_t(m_shape.c) +
                        std::size_t(c)];
        };
        std::vector<float> values;
        values.reserve(std::size_t(m_shape.bytes()));
        for (int h = 0; h < m_shape.h; ++h) {
            const float y = float(h * cells) / float(m_shape.h);
            const int row = int(y);
            for (int w = 0; w < m_shape.w; ++w) {
                const float x = float(w * cells) / float(m_shape.w);
                const int column = int(x);
                const float fy = y - float(row), fx = x - float(column);
                for (int c = 0; c < m_shape.c; ++c) {
                    const float top = at(row, column, c) * (1 - fx) + at(row, column + 1, c) * fx;
                    const float bottom =
                        at(row + 1, column, c) * (1 - fx) + at(row + 1, column + 1, c) * fx;
                    values.push_back(top * (1 - fy) + bottom * fy + 0.4f * random.unit());
                }
            }
        }
        return values;
    }

private:
    Shape m_shape;
    int m_count;
    quint64 m_seed;
};

} // namespace

Normalisation defaultNormalisation(int channels)
{
    if (channels == 3) return {{0.485f, 0.456f, 0.406f}, {0.229f, 0.224f, 0.225f}};
    return {std::vector<float>(std::size_t(channels), 0.5f),
            std::vector<float>(std::size_t(channels), 0.5f)};
}

FloatWeights seededWeights(const std::vector<WeightUnit> &units, quint64 seed)
{
    FloatWeights weights;
    for (std::size_t i = 0; i < units.size(); ++i) {
        SplitMix random = generatorFor(seed, i);
        UnitWeights unit;
        const float bound = float(std::sqrt(6.0 / double(units[i].inputsPerOutput())));
        unit.weights.resize(std::size_t(units[i].weightCount()));
        for (float &weight : unit.weights)
            weight = bound * random.unit();
        unit.bias.assign(std::size_t(units[i].out), 0.0f);
        weights.units.push_back(std::move(unit));
    }
    return weights;
}

std::shared_ptr<const SampleSource> seededSamples(const Shape &shape, int count, quint64 seed)
{
    return std::make_shared<SeededSamples>(shape, count, seed);
}

} // namespace atomnet
