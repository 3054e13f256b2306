#include "core/quant/fit_image.h"

#include <algorithm>
#include <cmath>

namespace atomnet
{

namespace
{

/// The source pixels from which one pixel is made.
struct Taps {
    int first = 0;
    std::vector<float> weights; ///< sum 1
};

/// Of `count` pixels from `offset` on, when `source` pixels become `resized`.
std::vector<Taps> tapsOf(int source, int resized, int offset, int count)
{
    const double step = double(source) / resized;
    const double reach = std::max(step, 1.0);
    std::vector<Taps> all;
    for (int i = 0; i < count; ++i) {
        const double centre = (i + offset + 0.5) * step;
        const int first = std::max(0, int(std::floor(centre - reach)));
        const int last = std::min(source - 1, int(std::ceil(centre + reach)));
        Taps taps{first, {}};
        std::vector<double> weights;
        double sum = 0;
        for (int x = first; x <= last; ++x) {
            weights.push_back(std::max(0.0, 1 - std::fabs(x + 0.5 - centre) / reach));
            sum += weights.back();
        }
        for (const double weight : weights)
            taps.weights.push_back(float(weight / sum));
        all.push_back(std::move(taps));
    }
    return all;
}

quint8 rounded(float value)
{
    return quint8(std::clamp(int(value + 0.5F), 0, 255));
}

} // namespace

Image withChannels(Image image, int channels)
{
    Q_ASSERT(channels == 1 || channels == 3);
    if (image.channels == channels) return image;
    Image result{image.width, image.height, channels, {}};
    const std::size_t count = std::size_t(image.width) * std::size_t(image.height);
    result.pixels.reserve(count * std::size_t(channels));
    for (std::size_t i = 0; i < count; ++i) {
        if (channels == 3) {
            result.pixels.insert(result.pixels.end(), 3, image.pixels[i]);
        } else {
            const quint8 *rgb = image.pixels.data() + 3 * i;
            result.pixels.push_back(
                quint8((rgb[0] * 299 + rgb[1] * 587 + rgb[2] * 114 + 500) / 1000));
        }
    }
    return result;
}

Image fitted(const Image &image, int width, int height)
{
    if (image.width == width && image.height == height) return image;
    const double scale = std::max(double(width) / image.width, double(height) / image.height);
    const int resizedWidth = std::max(width, int(std::lround(image.width * scale)));
    const int resizedHeight = std::max(height, int(std::lround(image.height * scale)));
    const std::vector<Taps> across =
        tapsOf(image.width, resizedWidth, (resizedWidth - width) / 2, width);
    const std::vector<Taps> down =
        tapsOf(image.height, resizedHeight, (resizedHeight - height) / 2, height);

    // Every source row that is needed, at its new width; then the rows together.
    const std::size_t channels = std::size_t(image.channels), row = std::size_t(width) * channels;
    const int firstRow = down.front().first;
    const int rows = down.back().first + int(down.back().weights.size()) - firstRow;
    std::vector<float> narrow(std::size_t(rows) * row, 0.0F);
    for (int y = 0; y < rows; ++y) {
        const quint8 *from =
            image.pixels.data() + std::size_t(firstRow + y) * std::size_t(image.width) * channels;
        float *to = narrow.data() + std::size_t(y) * row;
        for (const Taps &taps : across) {
            const quint8 *pixel = from + std::size_t(taps.first) * channels;
            for (const float weight : taps.weights) {
                for (std::size_t c = 0; c < channels; ++c)
                    to[c] += weight * float(pixel[c]);
                pixel += channels;
            }
            to += channels;
        }
    }
    Image result{width, height, image.channels, {}};
    result.pixels.reserve(std::size_t(height) * row);
    for (const Taps &taps : down) {
        const float *from = narrow.data() + std::size_t(taps.first - firstRow) * row;
        for (std::size_t x = 0; x < row; ++x) {
            float sum = 0;
            for (std::size_t t = 0; t < taps.weights.size(); ++t)
                sum += taps.weights[t] * from[t * row + x];
            result.pixels.push_back(rounded(sum));
        }
    }
    return result;
}

} // namespace atomnet
