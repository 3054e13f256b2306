#pragma once

#include "firmware/kernels/ak_pack.h"

#include <cstdint>
#include <random>
#include <vector>

// What the tests of the dense kernels share: random layers, their definition word for word from
// decisions.md, and memory that notices a byte written where none belongs.
namespace atomnet::test
{

using Bytes = std::vector<int8_t>;

/// How many of the 2,000 one-operator cases a test runs; ATOMNET_KERNEL_CASES=20000 makes it ten
/// times as many.
[[nodiscard]] int caseCount(int ofTwoThousand);

/// Seeded; the same numbers everywhere.
class Random
{
public:
    explicit Random(uint32_t seed) : m_engine(seed) {}
    /// Both ends included.
    int between(int low, int high);
    bool oneIn(int n) { return between(1, n) == 1; }
    Bytes bytes(std::size_t count, int low = -128, int high = 127);
    /// Small sizes mostly, 1 often.
    int size(int most);

private:
    std::mt19937 m_engine;
};

/// A layer of `outputs` channels with `inputs` weights each, before packing.
struct Dense {
    int inputs = 0, outputs = 0;
    Bytes weights;                         ///< [outputs][inputs]
    std::vector<int32_t> bias, multiplier; ///< of ak_padded_channels(outputs)
    Bytes table;                           ///< 256 or none
    int zeroPoint = 0, shift = 0;

    /// Output of channel o for these inputs.
    [[nodiscard]] int8_t operator()(int o, const int8_t *in) const;
};
[[nodiscard]] Dense randomDense(Random &random, int inputs, int outputs);

/// clamp(round half up(acc * 2^shift * multiplier / 2^32) + zeroPoint), in 64 bits.
[[nodiscard]] int8_t requantized(int64_t acc, int32_t multiplier, int shift, int zeroPoint);

/// A layer as the kernels take it. `packing` NONE: the best one.
struct Packed {
    Packed(const Dense &dense, ak_packing_t packing);
    Packed(const Packed &) = delete;
    Packed &operator=(const Packed &) = delete;
    [[nodiscard]] const int8_t *data() const
    {
        return reinterpret_cast<const int8_t *>(words.data());
    }
    std::vector<int32_t> words, bias, multiplier;
    Bytes table;
    ak_output_t out; ///< points into the ones above
    uint8_t packing;
};
[[nodiscard]] ak_packing_t randomPacking(Random &random);

/// `count` bytes on a 4-byte boundary, with guards in front and behind.
class Guarded
{
public:
    explicit Guarded(std::size_t count);
    [[nodiscard]] int8_t *data() { return reinterpret_cast<int8_t *>(m_words.data()) + Guard; }
    /// Nobody wrote outside.
    [[nodiscard]] bool intact() const;

private:
    static constexpr std::size_t Guard = 64;
    static constexpr int8_t Pattern = 0x5a;
    std::size_t m_count;
    std::vector<int32_t> m_words;
};

/// Input and output in one memory, the output `offset` bytes behind the input's start (before it
/// when negative).
struct Overlap {
    Overlap(const Bytes &input, std::size_t outputBytes, int offset);
    Guarded memory;
    int8_t *in, *out;
};

/// What a kernel with tiles of 4 output pixels reads and writes, for finding the largest safe
/// offset by trying.
struct Tile {
    std::vector<int> reads; ///< addresses, the input starts at 0
    int written = 0;        ///< bytes of output behind this tile, the output starts at its offset
};
/// Largest multiple of 4, at most inputBytes, up to which no tile overwrites what a later one
/// reads.
[[nodiscard]] int largestSafeOffset(const std::vector<Tile> &tiles, int inputBytes);

} // namespace atomnet::test
