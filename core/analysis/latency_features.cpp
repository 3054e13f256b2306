#include "core/analysis/latency_features.h"

#include "core/lowering/atom_variant.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace atomnet
{

namespace
{

constexpr std::array<const char *, featureCount> featureNames{
    "one",
    "in_channels",
    "out_channels",
    "out_pixels",
    "in_values",
    "out_values",
    "macs",
    "weights",
    "weights_many_pixels",
    "weights_few_pixels",
    "loop_remainder",
    "unaligned_pixels",
    "unaligned_values",
    "wide_misses",
    "wide_onset",
    "strided_misses",
    "strided_read_misses",
    "in_rows",
    "border_values",
    "in_spill",
    "border_spill",
    "unaligned_rows",
    "unaligned_spill",
    "squeeze",
    "squeeze_weights",
    "plain_macs",
    "padded_rows",
    "padded_values",
    "even_out_rows",
    "even_out_values",
    "even_out_macs",
    "strided_out_values",
    "padded_macs",
    "table_values",
    "unaligned_in_values",
};

// The data cache of the STM32H743: 4 ways of 128 lines of 32 bytes.
constexpr int cacheBytes = 16384;
constexpr int cacheLine = 32;
constexpr int cacheWays = 4;
constexpr int cacheSets = cacheBytes / cacheLine / cacheWays;
constexpr int wayBytes = cacheBytes / cacheWays;

/// 0 at or below `from`, 1 at or above `to`, straight between.
double ramp(double x, double from, double to)
{
    return std::clamp((x - from) / (to - from), 0.0, 1.0);
}

double pixels(const AtomKey &key)
{
    return double(key.outH) * key.outW;
}

double inValues(const AtomKey &key)
{
    return double(key.inH) * key.inW * key.inC;
}

double outValues(const AtomKey &key)
{
    return pixels(key) * key.outC;
}

/// Values that one output needs: the length of the inner loop.
double perOutput(const AtomKey &key)
{
    return double(key.inC) / key.groups * key.kernelH * key.kernelW;
}

double weights(const AtomKey &key)
{
    if (key.kind == AtomKind::PointwisePair)
        return double(key.squeeze) * (double(key.inC) + key.outC);
    return perOutput(key) * key.outC;
}

/// Walking h*w*c values channel by channel touches one line a pixel (or the line's share of narrow
/// tensors), and pixels that lie a power of two apart meet in few sets. The values counted are
/// those whose line is read anew each time.
double stridedMisses(const AtomKey &key, int tensors)
{
    const int step = std::gcd(key.inC, wayBytes);
    const int sets = step >= cacheLine ? wayBytes / step : cacheSets;
    const double share = std::min(1.0, double(key.inC) / cacheLine);
    const double lines = tensors * double(key.inH) * key.inW * share;
    // Of narrow tensors several pixels share a line; measured, the saving grows a little faster
    // than that.
    return inValues(key) * share * std::sqrt(share) * missShare(lines / (cacheWays * sets));
}

/// Share of a pad's values that leave the cache before they are read again.
double spillShare(const AtomKey &key)
{
    const double bytes = outValues(key);
    return bytes > cacheBytes ? 1 - cacheBytes / bytes : 0;
}

double borderValues(const AtomKey &key)
{
    return std::max(0.0, outValues(key) - inValues(key));
}

/// A pad's rows start behind the left border: at pads * channels bytes.
bool unalignedPad(const AtomKey &key)
{
    const qint64 left = (qint64(key.outW) - key.inW) / 2;
    return left * key.inC % 16 != 0;
}

/// Our depthwise kernel writes two outputs at a time, and at stride 1 two rows.
double evenRows(const AtomKey &key)
{
    return key.strideH == 1 ? double(key.outH) + key.outH % 2 : double(key.outH);
}

double evenOutValues(const AtomKey &key)
{
    return evenRows(key) * (double(key.outW) + key.outW % 2) * key.outC;
}

double paddedRows(const AtomKey &key)
{
    return (double(key.inH) + key.padT + key.padB) * key.inC;
}

double roundedUp(double value, int to)
{
    return std::ceil(value / to) * to;
}

double paddedMacs(const AtomKey &key)
{
    if (key.kind == AtomKind::PointwisePair)
        return pixels(key) * (roundedUp(key.inC, 4) * roundedUp(key.squeeze, 2) +
                              roundedUp(key.squeeze, 4) * roundedUp(key.outC, 2));
    return pixels(key) * roundedUp(perOutput(key), 4) * roundedUp(key.outC, 2);
}

double tableValues(const AtomKey &key)
{
    if (key.act != KeyAct::HSwish && key.act != KeyAct::HSigmoid) return 0;
    return pixels(key) * (key.kind == AtomKind::PointwisePair ? key.squeeze : key.outC);
}

double plainMacs(const AtomKey &key)
{
    const bool plain = firstPacking(key.variant) == KeyPacking::Plain4x2;
    if (key.kind != AtomKind::PointwisePair) return plain ? weights(key) * pixels(key) : 0;
    const bool second = secondPacking(key.variant) == KeyPacking::Plain4x2;
    return pixels(key) * key.squeeze *
           ((plain ? double(key.inC) : 0) + (second ? double(key.outC) : 0));
}

} // namespace

double missShare(double ratio)
{
    // Roots at these ratios, straight lines between: free of exp(), so equal on all machines.
    static constexpr std::array<double, 10> ratios{0, 1, 1.1, 1.25, 1.5, 2, 2.5, 3, 4, 6};
    static constexpr std::array<double, 10> shares{0,     0,     0.176,  0.371,  0.583,
                                                   0.797, 0.893, 0.9405, 0.9802, 0.9975};
    if (!(ratio > 1)) return 0;
    for (std::size_t i = 2; i < ratios.size(); ++i)
        if (ratio < ratios[i])
            return shares[i - 1] + (shares[i] - shares[i - 1]) * (ratio - ratios[i - 1]) /
                                       (ratios[i] - ratios[i - 1]);
    return shares.back();
}

bool isMeasurable(const AtomKey &key)
{
    return std::min({key.inH, key.inW, key.inC, key.outH, key.outW, key.outC, key.groups}) >= 1 &&
           key.squeeze >= 0 && key.kernelH >= 1 && key.kernelW >= 1;
}

double featureValue(Feature feature, const AtomKey &key)
{
    switch (feature) {
    case Feature::One:
        return 1;
    case Feature::InChannels:
        return key.inC;
    case Feature::OutChannels:
        return key.outC;
    case Feature::OutPixels:
        return pixels(key);
    case Feature::InValues:
        return inValues(key);
    case Feature::OutValues:
        return outValues(key);
    case Feature::Macs:
        return double(macsOf(key));
    case Feature::Weights:
        return weights(key);
    case Feature::WeightsManyPixels:
        return weights(key) * ramp(pixels(key), 20, 60);
    case Feature::WeightsFewPixels:
        return weights(key) * std::min(pixels(key), 256.0);
    case Feature::LoopRemainder:
        return outValues(key) * std::fmod(perOutput(key), 16);
    case Feature::UnalignedPixels:
        return key.inC % 4 == 0 ? 0 : pixels(key);
    case Feature::UnalignedValues:
        return key.inC % 4 == 0 ? 0 : outValues(key);
    case Feature::WideMisses:
        return outValues(key) * missShare(key.outC / 400.0);
    case Feature::WideOnset:
        return outValues(key) * ramp(key.outC, 160, 400);
    case Feature::StridedMisses:
        return stridedMisses(key, 2);
    case Feature::StridedReadMisses:
        return stridedMisses(key, 1);
    case Feature::InRows:
        return key.inH;
    case Feature::BorderValues:
        return borderValues(key);
    case Feature::InSpill:
        return inValues(key) * spillShare(key);
    case Feature::BorderSpill:
        return borderValues(key) * spillShare(key);
    case Feature::UnalignedRows:
        return unalignedPad(key) ? key.inH : 0;
    case Feature::UnalignedSpill:
        return unalignedPad(key) ? inValues(key) * spillShare(key) : 0;
    case Feature::Squeeze:
        return key.squeeze;
    case Feature::SqueezeWeights:
        return double(key.inC) * key.squeeze;
    case Feature::PlainMacs:
        return plainMacs(key);
    case Feature::PaddedRows:
        return paddedRows(key);
    case Feature::PaddedValues:
        return paddedRows(key) * (double(key.inW) + key.padL + key.padR);
    case Feature::EvenOutRows:
        return evenRows(key) * key.outC;
    case Feature::EvenOutValues:
        return evenOutValues(key);
    case Feature::EvenOutMacs:
        return evenOutValues(key) * key.kernelH * key.kernelW;
    case Feature::StridedOutValues:
        return key.strideH > 1 ? evenOutValues(key) : 0;
    case Feature::PaddedMacs:
        return paddedMacs(key);
    case Feature::TableValues:
        return tableValues(key);
    case Feature::UnalignedInValues:
        return key.inC % 4 == 0 ? 0 : inValues(key);
    }
    return 0;
}

std::vector<Feature> featuresOf(AtomKind kind, bool ofInstructions)
{
    using F = Feature;
    if (ofInstructions) {
        switch (kind) {
        case AtomKind::Depthwise:
            return {F::One,         F::Weights,          F::PaddedRows,  F::PaddedValues,
                    F::EvenOutRows, F::EvenOutValues,    F::EvenOutMacs, F::StridedOutValues,
                    F::TableValues, F::UnalignedInValues};
        case AtomKind::Conv:
        case AtomKind::Pointwise:
        case AtomKind::PointwisePair:
        case AtomKind::FullyConnected:
            return {F::One,        F::InChannels, F::OutChannels, F::OutPixels,
                    F::InValues,   F::OutValues,  F::Squeeze,     F::Weights,
                    F::PaddedMacs, F::PlainMacs,  F::TableValues, F::UnalignedInValues};
        case AtomKind::Mean:
        case AtomKind::Add:
        case AtomKind::Scale:
            return {F::One, F::InChannels, F::OutPixels, F::InValues, F::UnalignedInValues};
        default:
            break;
        }
    }
    switch (kind) {
    case AtomKind::Conv:
        return {F::One,  F::InChannels, F::OutChannels,   F::OutPixels,       F::OutValues,
                F::Macs, F::Weights,    F::LoopRemainder, F::UnalignedPixels, F::UnalignedValues};
    case AtomKind::Depthwise:
        return {F::One,       F::OutChannels, F::OutPixels, F::InValues,
                F::OutValues, F::WideMisses,  F::WideOnset};
    case AtomKind::Pointwise:
        return {F::One,           F::InChannels,        F::OutChannels,
                F::OutPixels,     F::OutValues,         F::Macs,
                F::Weights,       F::WeightsManyPixels, F::WeightsFewPixels,
                F::LoopRemainder, F::UnalignedValues};
    case AtomKind::PointwisePair:
        return {F::One, F::OutPixels, F::InValues, F::OutValues, F::Macs, F::Weights};
    case AtomKind::Pad:
        return {F::One,     F::InRows,      F::InValues,      F::BorderValues,
                F::InSpill, F::BorderSpill, F::UnalignedRows, F::UnalignedSpill};
    case AtomKind::Add:
    case AtomKind::Mul:
        return {F::One, F::OutValues};
    case AtomKind::Scale:
        return {F::One, F::InChannels, F::OutPixels, F::OutValues, F::StridedMisses};
    case AtomKind::SqueezeExcite:
        return {F::One,       F::InChannels, F::Squeeze,           F::SqueezeWeights,
                F::OutPixels, F::OutValues,  F::StridedReadMisses, F::StridedMisses};
    case AtomKind::Mean:
        return {F::One, F::InChannels, F::InValues, F::StridedReadMisses};
    case AtomKind::FullyConnected:
        // The public data have 1000 outputs only, where 35 ns an output and 35 us a call are the
        // same; what an output costs in pointwise convolutions (31 ns) tells which it is, so that
        // feature comes first.
        return {F::OutChannels, F::Macs, F::One};
    }
    return {};
}

QString toString(Feature feature)
{
    return QString::fromLatin1(featureNames[std::size_t(feature)]);
}

std::optional<Feature> featureFrom(QStringView name)
{
    for (std::size_t i = 0; i < featureNames.size(); ++i)
        if (name == QLatin1String(featureNames[i])) return Feature(i);
    return std::nullopt;
}

} // namespace atomnet
