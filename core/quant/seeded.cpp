#include "core/quant/samples.h"
#include "core/quant/weights.h"

#include <algorithm>
#include <cmath>

// Weights and images from a seed: integers, and additions, multiplications and square roots that
// IEEE 754 rounds alike everywhere.
namespace atomnet
{

namespace
{

/// splitmix64: by Sebastiano Vigna, in the public domain.
class Generator
{
public:
    explicit Generator(quint64 seed) : m_state(seed) {}
    /// One of many streams of one seed, each well apart from the others.
    Generator(quint64 seed, quint64 stream)
        : m_state(Generator(Generator(seed).next() ^ stream).next())
    {
    }

    quint64 next()
    {
        m_state += 0x9e3779b97f4a7c15;
        quint64 z = m_state;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    /// Uniform in (-1, 1), symmetric, never 0: an odd multiple of 2^-23.
    double uniform()
    {
        const qint64 steps = qint64(next() >> 41); // 23 bits
        return double(2 * steps + 1 - (qint64(1) << 23)) / double(qint64(1) << 23);
    }

private:
    quint64 m_state;
};

} // namespace

Normalisation defaultNormalisation(int channels)
{
    if (channels == 3) return {{0.485F, 0.456F, 0.406F}, {0.229F, 0.224F, 0.225F}};
    const std::size_t count = std::size_t(std::max(channels, 0));
    return {std::vector<float>(count, 0.5F), std::vector<float>(count, 0.5F)};
}

namespace
{

/// What a unit's weights have as variance times inputs. Signals are kept small (about 0.15 at
/// first), where hswish and the gates of squeeze-and-excite are nearly x / 2 and 1 / 2, and these
/// factors take that back: at magnitudes near 1 hswish is so curved that deep networks die out for
/// one image and explode for the next.
double varianceGain(const std::vector<WeightUnit> &units, std::size_t index)
{
    if (index == 0) return 0.02;
    const auto isPart = [&](std::size_t i, const char *part) {
        return units[i].name.endsWith(QLatin1String(part));
    };
    double gain = 1;
    std::size_t from = index - 1;
    if (index >= 3 && isPart(from, ".se.expand")) {
        gain = 4;
        from -= 2; // what it scales
    }
    // Into the sum of a shortcut, which shall not grow with every block.
    if (isPart(index, ".project")) gain /= 16;
    switch (units[from].act) {
    case KeyAct::Relu:
    case KeyAct::Relu6:
        return gain * 2;
    case KeyAct::HSwish:
    case KeyAct::HSigmoid:
        return gain * 3.75;
    default:
        return gain;
    }
}

} // namespace

FloatWeights seededWeights(const std::vector<WeightUnit> &units, quint64 seed)
{
    FloatWeights weights;
    weights.units.reserve(units.size());
    for (std::size_t i = 0; i < units.size(); ++i) {
        const WeightUnit &unit = units[i];
        Generator random(seed, i);
        // A uniform distribution's variance is bound^2 / 3.
        const double bound = std::sqrt(3 * varianceGain(units, i) / double(unit.inputsPerOutput()));
        UnitWeights values;
        values.weights.resize(std::size_t(unit.weightCount()));
        values.bias.resize(std::size_t(unit.out), 0.0F);
        const bool classifier = unit.name == QLatin1String("head.classifier");
        const std::size_t inputs = std::size_t(unit.inputsPerOutput());
        double reach = 1;
        for (std::size_t j = 0; j < values.weights.size(); ++j) {
            // Few classes reach far, as after training: else no winner stands clear of 999 others.
            if (classifier && j % inputs == 0) {
                const double u = random.uniform();
                reach = u * u * u * u;
            }
            values.weights[j] = float(random.uniform() * bound * reach);
        }
        weights.units.push_back(std::move(values));
    }
    return weights;
}

namespace
{

/// Each channel: one of two base colours, a coarse random grid, interpolated, and noise.
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
        constexpr double base = 0.8, height = 1, noise = 0.5; // together about a variance of 1
        Generator random(m_seed, quint64(index));
        std::vector<double> grid(std::size_t(nodes * nodes) * std::size_t(m_shape.c));
        std::vector<double> colour(std::size_t(m_shape.c));
        for (double &value : colour)
            value = random.uniform() < 0 ? -base : base;
        for (std::size_t i = 0; i < grid.size(); ++i)
            grid[i] = colour[i % colour.size()] + random.uniform() * height;
        std::vector<float> values;
        values.reserve(std::size_t(m_shape.bytes()));
        for (int y = 0; y < m_shape.h; ++y)
            for (int x = 0; x < m_shape.w; ++x)
                for (int c = 0; c < m_shape.c; ++c) {
                    const double smooth =
                        interpolate(grid, c, place(y, m_shape.h), place(x, m_shape.w));
                    values.push_back(float(smooth + random.uniform() * noise));
                }
        return values;
    }

private:
    static constexpr int cells = 4; ///< a side of the grid
    static constexpr int nodes = cells + 1;

    /// Middle of a pixel in grid cells.
    static double place(int at, int side) { return cells * (at + 0.5) / side; }

    double interpolate(const std::vector<double> &grid, int channel, double y, double x) const
    {
        const int row = int(y), column = int(x);
        const double down = y - row, right = x - column;
        const auto node = [&](int r, int c) {
            return grid[std::size_t((r * nodes + c) * m_shape.c + channel)];
        };
        const double top = node(row, column) * (1 - right) + node(row, column + 1) * right;
        const double bottom =
            node(row + 1, column) * (1 - right) + node(row + 1, column + 1) * right;
        return top * (1 - down) + bottom * down;
    }

    Shape m_shape;
    int m_count;
    quint64 m_seed;
};

} // namespace

std::shared_ptr<const SampleSource> seededSamples(const Shape &shape, int count, quint64 seed)
{
    return std::make_shared<SeededSamples>(shape, count, seed);
}

} // namespace atomnet
