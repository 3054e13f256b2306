#include "tests/firmware/kernels/dense_case.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace atomnet::test
{

int caseCount(int ofTwoThousand)
{
    const char *total = std::getenv("ATOMNET_KERNEL_CASES");
    return total ? ofTwoThousand * std::max(1, std::atoi(total) / 2000) : ofTwoThousand;
}

int Random::between(int low, int high)
{
    const uint32_t count = uint32_t(high) - uint32_t(low) + 1; // 0: all there are
    const uint32_t number = uint32_t(m_engine());
    return int(uint32_t(low) + (count ? number % count : number));
}

Bytes Random::bytes(std::size_t count, int low, int high)
{
    Bytes result(count);
    for (int8_t &value : result)
        value = int8_t(between(low, high));
    return result;
}

int Random::size(int most)
{
    return oneIn(6) ? 1 : oneIn(3) ? between(1, most) : between(1, std::min(most, 9));
}

int8_t requantized(int64_t acc, int32_t multiplier, int shift, int zeroPoint)
{
    const int64_t product = (acc << shift) * multiplier, one = int64_t(1) << 32;
    int64_t rounded = (product + one / 2) / one; // towards zero: one too many below it
    if ((product + one / 2) % one < 0) --rounded;
    return int8_t(std::clamp<int64_t>(rounded + zeroPoint, -128, 127));
}

int8_t Dense::operator()(int o, const int8_t *in) const
{
    int64_t acc = bias[std::size_t(o)];
    for (int k = 0; k < inputs; ++k)
        acc += in[k] * weights[std::size_t(o * inputs + k)];
    const int8_t v = requantized(acc, multiplier[std::size_t(o)], shift, zeroPoint);
    return table.empty() ? v : table[std::size_t(v + 128)];
}

Dense randomDense(Random &random, int inputs, int outputs)
{
    Dense dense{inputs, outputs, {}, {}, {}, {}, 0, 0};
    const std::size_t count = std::size_t(inputs) * std::size_t(outputs);
    dense.weights = random.bytes(count, -127, 127);
    if (random.oneIn(8)) // the largest sums there are
        for (int8_t &w : dense.weights)
            w = w < 0 ? -127 : 127;
    const std::size_t padded = std::size_t(ak_padded_channels(outputs));
    dense.bias.resize(padded, 0);
    dense.multiplier.resize(padded, 0);
    const int spread = std::min(1 << 20, 128 * 127 * inputs);
    int64_t most = 1;
    for (int o = 0; o < outputs; ++o) {
        dense.bias[std::size_t(o)] = random.between(-spread, spread);
        int64_t sum = std::abs(dense.bias[std::size_t(o)]);
        for (int k = 0; k < inputs; ++k)
            sum += 128 * std::abs(dense.weights[std::size_t(o * inputs + k)]);
        most = std::max(most, sum);
    }
    int room = 0;
    while (room < 24 && (most << (room + 1)) < (int64_t(1) << 31))
        ++room;
    dense.shift = random.oneIn(4) ? 0 : random.oneIn(2) ? room : random.between(0, room);
    // From outputs that are nearly all alike to ones that are nearly all clamped.
    const double scale = 100.0 / double(most) * double(1 << random.between(0, 7));
    for (int o = 0; o < outputs; ++o) {
        const double m =
            scale * random.between(50, 200) / 100 * double(int64_t(1) << (32 - dense.shift));
        dense.multiplier[std::size_t(o)] =
            int32_t(std::clamp(m, 0.0, 2147483647.0)) - (random.oneIn(9) && m > 9 ? 3 : 0);
    }
    dense.zeroPoint = random.oneIn(4) ? -128 : random.between(-128, 127);
    if (random.oneIn(3)) dense.table = random.bytes(256);
    return dense;
}

Packed::Packed(const Dense &dense, ak_packing_t wanted)
    : words(ak_pack_pointwise_bytes(dense.inputs, dense.outputs) / 4)
    , bias(dense.bias)
    , multiplier(dense.multiplier)
    , table(dense.table)
{
    if (wanted == AK_PACKING_NONE)
        wanted = ak_best_packing(dense.inputs, dense.outputs, dense.weights.data(), bias.data());
    auto *bytes = reinterpret_cast<int8_t *>(words.data());
    if (ak_pack_pointwise(wanted, dense.inputs, dense.outputs, dense.weights.data(), bias.data(),
                          bytes) != AK_OK)
        std::abort();
    packing = uint8_t(wanted);
    out = {bias.data(), multiplier.data(), table.empty() ? nullptr : table.data(),
           int8_t(dense.zeroPoint), uint8_t(dense.shift)};
}

ak_packing_t randomPacking(Random &random)
{
    return random.oneIn(3) ? AK_PACKING_PLAIN_4X2 : AK_PACKING_NONE;
}

Guarded::Guarded(std::size_t count) : m_count(count), m_words((count + 2 * Guard) / 4 + 1)
{
    std::memset(m_words.data(), Pattern, m_words.size() * 4);
}

bool Guarded::intact() const
{
    const auto *bytes = reinterpret_cast<const int8_t *>(m_words.data());
    const auto isPattern = [](int8_t b) { return b == Pattern; };
    return std::all_of(bytes, bytes + Guard, isPattern) &&
           std::all_of(bytes + Guard + m_count, bytes + m_words.size() * 4, isPattern);
}

Overlap::Overlap(const Bytes &input, std::size_t outputBytes, int offset)
    : memory(std::max(input.size() + std::size_t(std::max(0, -offset)),
                      std::size_t(std::max(0, offset)) + outputBytes))
    , in(memory.data() + std::max(0, -offset))
    , out(memory.data() + std::max(0, offset))
{
    std::copy(input.begin(), input.end(), in);
}

int largestSafeOffset(const std::vector<Tile> &tiles, int inputBytes)
{
    const auto safe = [&](int offset) {
        for (std::size_t t = 0; t + 1 < tiles.size(); ++t)
            for (std::size_t later = t + 1; later < tiles.size(); ++later)
                for (const int address : tiles[later].reads)
                    if (address >= offset && address < offset + tiles[t].written) return false;
        return true;
    };
    int offset = -((tiles.back().written + 3) & ~3); // all of the output in front of the input
    while (offset + 4 <= inputBytes && safe(offset + 4))
        offset += 4;
    return offset;
}

} // namespace atomnet::test
