#include "core/analysis/prediction/boosted_features.h"

#include "core/analysis/latency_features.h"

#include <algorithm>

namespace atomnet
{

namespace
{

constexpr std::array<const char *, traitCount> traitNames{"in_channels",
                                                          "out_channels",
                                                          "in_height",
                                                          "in_width",
                                                          "out_height",
                                                          "out_width",
                                                          "out_pixels",
                                                          "in_bytes",
                                                          "out_bytes",
                                                          "weights",
                                                          "tensors",
                                                          "everything",
                                                          "macs",
                                                          "per_output",
                                                          "column_bytes",
                                                          "in_alignment",
                                                          "out_alignment",
                                                          "in_modulo_4",
                                                          "in_modulo_8",
                                                          "in_modulo_16",
                                                          "in_modulo_32",
                                                          "out_modulo_4",
                                                          "out_modulo_8",
                                                          "out_modulo_16",
                                                          "height_modulo_2",
                                                          "height_modulo_4",
                                                          "pixels_modulo_4",
                                                          "pixels_modulo_8",
                                                          "out_per_in",
                                                          "pixels_per_in",
                                                          "pixels_per_out",
                                                          "weights_per_pixel",
                                                          "kernel",
                                                          "stride",
                                                          "pad_top",
                                                          "pad_left",
                                                          "pad_bottom",
                                                          "pad_right",
                                                          "border_bytes",
                                                          "left_bytes",
                                                          "left_modulo_16",
                                                          "in_row_bytes",
                                                          "out_row_bytes",
                                                          "out_row_alignment",
                                                          "out_row_modulo_32",
                                                          "squeeze",
                                                          "squeeze_alignment",
                                                          "variant",
                                                          "activation",
                                                          "padded_macs",
                                                          "even_out_macs",
                                                          "padded_values",
                                                          "estimate",
                                                          "estimate_per_mac"};

double alignment(qint64 value)
{
    return double(value & -value);
}

} // namespace

QString toString(Trait trait)
{
    return QString::fromLatin1(traitNames[std::size_t(trait)]);
}

std::optional<Trait> traitFrom(QStringView name)
{
    for (std::size_t i = 0; i < traitNames.size(); ++i)
        if (name == QLatin1String(traitNames[i])) return Trait(i);
    return std::nullopt;
}

TraitValues traitsOf(const AtomKey &key, double linearEstimate)
{
    TraitValues values;
    const auto set = [&](Trait trait, auto value) { values[std::size_t(trait)] = double(value); };
    const double inC = key.inC, outC = key.outC;
    const qint64 pixels = qint64(key.outH) * key.outW;
    const qint64 outRow = qint64(key.outW) * key.outC;
    const double outBytes = double(pixels) * outC;
    const double inBytes = double(key.inH) * key.inW * inC;
    const double weights = featureValue(Feature::Weights, key);
    const double macs = double(macsOf(key));
    const qint64 left = std::max<qint64>(0, (qint64(key.outW) - key.inW) / 2) * key.inC;

    set(Trait::InChannels, inC);
    set(Trait::OutChannels, outC);
    set(Trait::InHeight, key.inH);
    set(Trait::InWidth, key.inW);
    set(Trait::OutHeight, key.outH);
    set(Trait::OutWidth, key.outW);
    set(Trait::OutPixels, pixels);
    set(Trait::InBytes, inBytes);
    set(Trait::OutBytes, outBytes);
    set(Trait::Weights, weights);
    set(Trait::Tensors, inBytes + outBytes);
    set(Trait::Everything, inBytes + outBytes + weights);
    set(Trait::Macs, macs);
    set(Trait::PerOutput, inC / key.groups * key.kernelH * key.kernelW);
    set(Trait::ColumnBytes, 4 * inC + 10 * outC);
    set(Trait::InAlignment, alignment(key.inC));
    set(Trait::OutAlignment, alignment(key.outC));
    set(Trait::InModulo4, key.inC % 4);
    set(Trait::InModulo8, key.inC % 8);
    set(Trait::InModulo16, key.inC % 16);
    set(Trait::InModulo32, key.inC % 32);
    set(Trait::OutModulo4, key.outC % 4);
    set(Trait::OutModulo8, key.outC % 8);
    set(Trait::OutModulo16, key.outC % 16);
    set(Trait::HeightModulo2, key.outH % 2);
    set(Trait::HeightModulo4, key.outH % 4);
    set(Trait::PixelsModulo4, pixels % 4);
    set(Trait::PixelsModulo8, pixels % 8);
    set(Trait::OutPerIn, outC / inC);
    set(Trait::PixelsPerIn, double(pixels) / inC);
    set(Trait::PixelsPerOut, double(pixels) / outC);
    set(Trait::WeightsPerPixel, weights / double(pixels));
    set(Trait::Kernel, key.kernelH);
    set(Trait::Stride, key.strideH);
    set(Trait::PadTop, key.padT);
    set(Trait::PadLeft, key.padL);
    set(Trait::PadBottom, key.padB);
    set(Trait::PadRight, key.padR);
    set(Trait::BorderBytes, std::max(0.0, outBytes - inBytes));
    set(Trait::LeftBytes, left);
    set(Trait::LeftModulo16, left % 16);
    set(Trait::InRowBytes, double(key.inW) * inC);
    set(Trait::OutRowBytes, outRow);
    set(Trait::OutRowAlignment, alignment(outRow));
    set(Trait::OutRowModulo32, outRow % 32);
    set(Trait::Squeeze, key.squeeze);
    set(Trait::SqueezeAlignment, alignment(key.squeeze));
    set(Trait::Variant, key.variant);
    set(Trait::Activation, int(key.act));
    set(Trait::PaddedMacs, featureValue(Feature::PaddedMacs, key));
    set(Trait::EvenOutMacs, featureValue(Feature::EvenOutMacs, key));
    set(Trait::PaddedValues, featureValue(Feature::PaddedValues, key));
    set(Trait::Estimate, linearEstimate);
    set(Trait::EstimatePerMac, linearEstimate / (macs + 1));
    return values;
}

} // namespace atomnet
