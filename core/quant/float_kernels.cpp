#include "core/quant/float_kernels.h"

#define EIGEN_DONT_PARALLELIZE
#define EIGEN_MPL2_ONLY
#include <Eigen/Core>

#include <algorithm>
#include <cstring>
#include <mutex>

namespace atomnet
{

namespace
{

using RowMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using InputMap = Eigen::Map<const RowMatrix>;
using OutputMap = Eigen::Map<RowMatrix, Eigen::Unaligned, Eigen::OuterStride<>>;

constexpr int mostTilePixels = 256;
constexpr int patchFloats = 1 << 16; ///< of unfolded input a tile
constexpr int tileChannels = 128;    ///< where there are few pixels

/// Eigen cuts products into blocks by the caches of the machine, and with them the order of
/// additions; so they are told it here.
void fixBlockSizes()
{
    static std::once_flag once;
    std::call_once(once, [] { Eigen::setCpuCacheSizes(32 << 10, 256 << 10, 4 << 20); });
}

int ceilDiv(int a, int b)
{
    return (a + b - 1) / b;
}

int pixelsOf(const Shape &shape)
{
    return shape.h * shape.w;
}

int patchSize(const ConvShape &shape)
{
    return shape.kernel * shape.kernel * shape.in.c;
}

bool unfolds(const ConvShape &shape)
{
    return shape.kernel > 1 || shape.stride > 1;
}

/// How the output is cut: by pixels, and by channels as well when all pixels make one tile.
struct Cut {
    int pixels = 0, channels = 0;
};

Cut cutOf(const ConvShape &shape)
{
    Cut cut;
    cut.pixels = unfolds(shape) ? std::clamp(patchFloats / patchSize(shape), 16, mostTilePixels)
                                : mostTilePixels;
    cut.channels = pixelsOf(shape.out) <= cut.pixels ? tileChannels : shape.out.c;
    return cut;
}

/// Where a kernel's column or row reads inside the map: taps [first, last).
struct Taps {
    int first = 0, last = 0;
};

Taps tapsInside(int start, int kernel, int side)
{
    return {std::max(0, -start), std::min(kernel, side - start)};
}

/// The patches that `count` output pixels from `first` on read, each [kernel][kernel][in].
void unfold(const ConvShape &shape, int first, int count, const float *in, float *patches)
{
    const std::size_t channels = std::size_t(shape.in.c);
    const std::size_t size = std::size_t(patchSize(shape));
    std::memset(patches, 0, size * std::size_t(count) * sizeof(float));
    for (int i = 0; i < count; ++i) {
        const int pixel = first + i;
        const int y = pixel / shape.out.w * shape.stride - shape.kernel / 2;
        const int x = pixel % shape.out.w * shape.stride - shape.kernel / 2;
        const Taps rows = tapsInside(y, shape.kernel, shape.in.h);
        const Taps columns = tapsInside(x, shape.kernel, shape.in.w);
        if (columns.last <= columns.first) continue;
        for (int row = rows.first; row < rows.last; ++row) {
            const std::size_t from = std::size_t((y + row) * shape.in.w + x + columns.first);
            const std::size_t to = std::size_t(row * shape.kernel + columns.first);
            std::memcpy(patches + std::size_t(i) * size + to * channels, in + from * channels,
                        std::size_t(columns.last - columns.first) * channels * sizeof(float));
        }
    }
}

} // namespace

ConvShape convShape(const AtomKey &key)
{
    return {key.in(), key.out(), key.kernelH, key.strideH};
}

int convolveTiles(const ConvShape &shape)
{
    const Cut cut = cutOf(shape);
    return ceilDiv(pixelsOf(shape.out), cut.pixels) * ceilDiv(shape.out.c, cut.channels);
}

void convolveTile(const ConvShape &shape, int tile, const float *in, const float *weights,
                  const float *bias, float *out)
{
    fixBlockSizes();
    const Cut cut = cutOf(shape);
    const int across = ceilDiv(shape.out.c, cut.channels);
    const int firstPixel = tile / across * cut.pixels;
    const int firstChannel = tile % across * cut.channels;
    const int pixels = std::min(cut.pixels, pixelsOf(shape.out) - firstPixel);
    const int channels = std::min(cut.channels, shape.out.c - firstChannel);
    const int size = patchSize(shape);

    std::vector<float> patches;
    const float *left = in + std::size_t(firstPixel) * std::size_t(size);
    if (unfolds(shape)) {
        patches.resize(std::size_t(pixels) * std::size_t(size));
        unfold(shape, firstPixel, pixels, in, patches.data());
        left = patches.data();
    }
    const float *right = weights + std::size_t(firstChannel) * std::size_t(size);
    float *to = out + std::size_t(firstPixel) * std::size_t(shape.out.c) + firstChannel;
    OutputMap result(to, pixels, channels, Eigen::OuterStride<>(shape.out.c));
    result.noalias() = InputMap(left, pixels, size) * InputMap(right, channels, size).transpose();
    if (bias)
        result.rowwise() += Eigen::Map<const Eigen::RowVectorXf>(bias + firstChannel, channels);
}

int depthwiseTiles(const ConvShape &shape)
{
    return ceilDiv(shape.out.h, 4);
}

void depthwiseTile(const ConvShape &shape, int tile, const float *in, const float *weights,
                   const float *bias, float *out)
{
    const int channels = shape.out.c;
    const auto at = [channels](auto *values, int index) {
        return values + std::size_t(index) * std::size_t(channels);
    };
    const int last = std::min(shape.out.h, 4 * (tile + 1));
    for (int oy = 4 * tile; oy < last; ++oy) {
        const int y = oy * shape.stride - shape.kernel / 2;
        const Taps rows = tapsInside(y, shape.kernel, shape.in.h);
        for (int ox = 0; ox < shape.out.w; ++ox) {
            const int x = ox * shape.stride - shape.kernel / 2;
            const Taps columns = tapsInside(x, shape.kernel, shape.in.w);
            float *sums = at(out, oy * shape.out.w + ox);
            for (int c = 0; c < channels; ++c)
                sums[c] = bias ? bias[c] : 0.0F;
            for (int row = rows.first; row < rows.last; ++row)
                for (int column = columns.first; column < columns.last; ++column) {
                    const float *pixel = at(in, (y + row) * shape.in.w + x + column);
                    const float *weight = at(weights, row * shape.kernel + column);
                    for (int c = 0; c < channels; ++c)
                        sums[c] += pixel[c] * weight[c];
                }
        }
    }
}

std::vector<float> depthwiseOrder(std::span<const float> weights, int channels)
{
    const std::size_t count = std::size_t(channels), taps = weights.size() / count;
    std::vector<float> ordered(weights.size());
    for (std::size_t c = 0; c < count; ++c)
        for (std::size_t tap = 0; tap < taps; ++tap)
            ordered[tap * count + c] = weights[c * taps + tap];
    return ordered;
}

} // namespace atomnet
