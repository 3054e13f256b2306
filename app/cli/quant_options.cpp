#include "app/cli/quant_options.h"

#include "core/exporters/export_request.h"

#include <cmath>
#include <limits>

namespace atomnet
{

namespace
{

const QString weightsOption = QStringLiteral("weights");
const QString calibrationOption = QStringLiteral("calibration");
const QString seedOption = QStringLiteral("seed");
const QString rangesOption = QStringLiteral("ranges");
const QString percentileOption = QStringLiteral("percentile");
const QString noBiasCorrectionOption = QStringLiteral("no-bias-correction");
const QString meanOption = QStringLiteral("mean");
const QString stdOption = QStringLiteral("std");

tl::unexpected<Error> wrong(const QString &option, const QString &what)
{
    return fail(ErrorCode::Usage, what, QStringLiteral("--") + option);
}

/// "0.485,0.456,0.406"
Result<std::vector<float>> parseNumbers(const QString &text, const QString &option)
{
    std::vector<float> numbers;
    for (const QString &part : text.split(QLatin1Char(','))) {
        bool ok = false;
        numbers.push_back(part.toFloat(&ok));
        if (!ok || !std::isfinite(numbers.back()))
            return wrong(option,
                         QStringLiteral(
                             "'%1' is no list of numbers; write one a channel, such as 0.5,0.5,0.5")
                             .arg(text));
    }
    return numbers;
}

Result<QuantizeOptions> quantizeOptionsOf(const ParsedCommand &command)
{
    QuantizeOptions options;
    options.biasCorrection = !command.has(noBiasCorrectionOption);
    const QString ranges = command.value(rangesOption, toString(options.ranges));
    const auto method = rangeMethodFrom(ranges);
    if (!method)
        return wrong(rangesOption,
                     QStringLiteral("'%1' is no way to find ranges; use min-max, percentile or mse")
                         .arg(ranges));
    options.ranges = *method;
    if (!command.has(percentileOption)) return options;
    if (options.ranges != RangeMethod::Percentile)
        return wrong(percentileOption, QStringLiteral("it goes with --ranges percentile"));
    bool ok = false;
    options.percentile = command.value(percentileOption).toDouble(&ok);
    if (!ok || !(options.percentile >= 50 && options.percentile <= 100))
        return wrong(
            percentileOption,
            QStringLiteral("'%1' is no share from 50 to 100").arg(command.value(percentileOption)));
    return options;
}

Result<std::optional<Normalisation>> normalisationOf(const ParsedCommand &command)
{
    if (!command.has(meanOption) && !command.has(stdOption)) return std::nullopt;
    if (!command.has(meanOption) || !command.has(stdOption))
        return wrong(command.has(meanOption) ? meanOption : stdOption,
                     QStringLiteral("--mean and --std go together"));
    auto mean = parseNumbers(command.value(meanOption), meanOption);
    if (!mean) return tl::make_unexpected(mean.error());
    auto std = parseNumbers(command.value(stdOption), stdOption);
    if (!std) return tl::make_unexpected(std.error());
    return Normalisation{*std::move(mean), *std::move(std)};
}

} // namespace

QList<OptionSpec> quantOptions()
{
    return {
        {weightsOption, QStringLiteral("W"),
         QStringLiteral("trained weights: safetensors or ONNX; without, seeded ones")},
        {calibrationOption, QStringLiteral("PATH"),
         QStringLiteral("samples for the int8 ranges: a folder of images, .npy or .npz")},
        {seedOption, QStringLiteral("N"),
         QStringLiteral("of the seeded weights and samples; default 1")},
        {rangesOption, QStringLiteral("R"), QStringLiteral("min-max (default), percentile or mse")},
        {percentileOption, QStringLiteral("P"),
         QStringLiteral("share of values inside the range; default 99.99")},
        {noBiasCorrectionOption,
         {},
         QStringLiteral("leave the mean errors of the channels as they are")},
        {meanOption, QStringLiteral("A,B,C"),
         QStringLiteral("of the input, one a channel; default: the weight file's or ImageNet's")},
        {stdOption, QStringLiteral("A,B,C"), QStringLiteral("of the input, one a channel")},
    };
}

Result<QuantSource> quantSourceOf(const ParsedCommand &command)
{
    QuantSource source;
    source.weightsPath = command.value(weightsOption);
    source.calibrationPath = command.value(calibrationOption);
    for (const QString &option : {weightsOption, calibrationOption})
        if (command.has(option) && command.value(option).isEmpty())
            return wrong(option, QStringLiteral("a path is missing"));
    if (command.has(seedOption)) {
        bool ok = false;
        source.seed = command.value(seedOption).toULongLong(&ok);
        if (!ok)
            return wrong(
                seedOption,
                QStringLiteral("'%1' is no whole number from 0 up").arg(command.value(seedOption)));
    }
    auto options = quantizeOptionsOf(command);
    if (!options) return tl::make_unexpected(options.error());
    source.options = *options;
    auto normalisation = normalisationOf(command);
    if (!normalisation) return tl::make_unexpected(normalisation.error());
    source.normalisation = *std::move(normalisation);
    return source;
}

Result<int> parseCount(const QString &text, const QString &option)
{
    bool ok = false;
    const int count = text.toInt(&ok);
    if (!ok || count < 1)
        return wrong(option, QStringLiteral("'%1' is no whole number above 0").arg(text));
    return count;
}

} // namespace atomnet
