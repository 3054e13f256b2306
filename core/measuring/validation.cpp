#include "core/measuring/validation.h"

#include "core/exporters/cproject/c_model.h"
#include "core/exporters/cproject/crc32.h"
#include "core/inference/runner.h"
#include "core/quant/samples.h"

#include <QTemporaryDir>

#include <algorithm>

namespace atomnet
{

namespace
{

constexpr int differencesShown = 5;

/// Shares of the work, for progress.
constexpr double preparedDone = 0.2, builtDone = 0.4;

RunControl part(const RunControl &control, double from, double to)
{
    return {control.isCancelled,
            [&control, from, to](double share) { control.progress(from + share * (to - from)); }};
}

Result<> checkModel(const DeviceInfo &info, const ValidationSubject &subject)
{
    const auto wrong = [&info](const QString &what) {
        return fail(ErrorCode::BadInput, what, info.summary());
    };
    if (!info.hasModel())
        return wrong(
            QStringLiteral("the board holds no network; build the image with 'validate --image' "
                           "and flash it"));
    if (info.hello.model_crc != subject.constantsCrc ||
        qint64(info.hello.model_input_bytes) != subject.program.inputBytes ||
        qint64(info.hello.model_output_bytes) != subject.program.outputBytes)
        return wrong(
            QStringLiteral("the board holds another network, or this one with other weights; "
                           "build the image with 'validate --image' and flash it"));
    return {};
}

std::vector<qint8> quantised(const std::vector<float> &values, const TensorQuant &to)
{
    std::vector<qint8> result(values.size());
    std::transform(values.begin(), values.end(), result.begin(),
                   [&to](float v) { return quantise(v, to); });
    return result;
}

int guess(std::span<const qint8> output)
{
    return int(std::max_element(output.begin(), output.end()) - output.begin());
}

std::span<const qint8> asValues(const QByteArray &bytes)
{
    return {reinterpret_cast<const qint8 *>(bytes.constData()), std::size_t(bytes.size())};
}

/// Counts what differs of one sample.
void compare(int sample, std::span<const qint8> board, std::span<const qint8> host,
             Validation &result)
{
    qint64 differing = 0;
    for (std::size_t i = 0; i < host.size(); ++i) {
        if (board[i] == host[i]) continue;
        ++differing;
        if (result.differences.size() < differencesShown)
            result.differences << QStringLiteral(
                                      "sample %1, output %2: %3 on the board, %4 on the host")
                                      .arg(sample)
                                      .arg(i)
                                      .arg(board[i])
                                      .arg(host[i]);
    }
    result.differingBytes += differing;
    if (differing > 0) ++result.differingSamples;
}

Result<std::shared_ptr<const SampleSource>> samplesFor(const ValidationSubject &subject,
                                                       const ValidationRequest &request)
{
    const Shape &shape = subject.prepared.graph.tensors.front().shape;
    if (request.data.isEmpty())
        return seededSamples(shape, std::max(1, request.samples), request.source.seed + 1);
    return openSamples(request.data,
                       {shape, subject.prepared.quantized.normalisation, request.samples});
}

} // namespace

Result<ValidationSubject> validationSubject(const Network &network, const QuantSource &source,
                                            const RunControl &control)
{
    auto prepared = prepare(network, source, control);
    if (!prepared) return tl::make_unexpected(prepared.error());
    auto program = makeProgram(prepared->quantized, prepared->plan, prepared->layerNames);
    if (!program) return tl::make_unexpected(program.error());
    const QByteArray constants = constantImage(*program).bytes;
    const quint32 crc = crc32({constants.constData(), std::size_t(constants.size())});
    return ValidationSubject{*std::move(prepared), *std::move(program), crc};
}

Result<Validation> validateOnBoard(Session &session, const ValidationSubject &subject,
                                   const ValidationRequest &request, const RunControl &control)
{
    const DeviceInfo &info = session.info();
    if (auto good = checkModel(info, subject); !good) return tl::make_unexpected(good.error());
    const auto samples = samplesFor(subject, request);
    if (!samples) return tl::make_unexpected(samples.error());

    Validation result;
    result.device = info.summary();
    Runner host(subject.program);
    std::vector<qint8> onHost(std::size_t(subject.program.outputBytes));
    std::vector<qint64> latencies;
    for (int i = 0; i < (*samples)->count(); ++i) {
        if (control.cancelled()) return fail(ErrorCode::Cancelled, QStringLiteral("cancelled"));
        const auto sample = (*samples)->sample(i);
        if (!sample) return tl::make_unexpected(sample.error());
        const std::vector<qint8> input = quantised(*sample, subject.program.input);
        if (auto ran = host.run(input, onHost); !ran) return tl::make_unexpected(ran.error());
        const auto onBoard = session.runModel(
            {reinterpret_cast<const char *>(input.data()), qsizetype(input.size())}, control);
        if (!onBoard) return tl::make_unexpected(toError(onBoard.error(), session.link().name()));
        if (onBoard->output.size() != qsizetype(onHost.size()))
            return fail(ErrorCode::Device,
                        QStringLiteral("the board answered with %1 bytes of output instead of %2")
                            .arg(onBoard->output.size())
                            .arg(onHost.size()),
                        session.link().name());
        compare(i, asValues(onBoard->output), onHost, result);
        if (const int truth = (*samples)->label(i); truth >= 0) {
            ++result.labelled;
            if (guess(asValues(onBoard->output)) == truth) ++result.correct;
            if (guess(onHost) == truth) ++result.correctOnHost;
        }
        latencies.push_back(onBoard->run.median);
        result.unit = onBoard->run.unit;
        result.stackBytes = std::max(result.stackBytes, qint64(onBoard->run.raw.stack_bytes));
        ++result.samples;
        control.progress(double(i + 1) / (*samples)->count());
    }
    if (latencies.empty())
        return fail(ErrorCode::BadInput, QStringLiteral("there is no sample"), request.data);
    std::sort(latencies.begin(), latencies.end());
    result.minLatency = latencies.front();
    result.medianLatency = latencies[latencies.size() / 2];
    result.maxLatency = latencies.back();
    return result;
}

Result<Validation> validateDesign(const Network &network, const DeviceAddress &device,
                                  const ValidationRequest &request, const RunControl &control)
{
    const auto subject = validationSubject(network, request.source, part(control, 0, preparedDone));
    if (!subject) return tl::make_unexpected(subject.error());
    DeviceAddress address = device;
    QTemporaryDir folder; // of the virtual board's image, until it has run
    if (device.kind == DeviceAddress::Kind::Emulator) {
        if (!folder.isValid())
            return fail(ErrorCode::Io,
                        QStringLiteral("no folder for the image can be made: %1; make room or set "
                                       "TMPDIR")
                            .arg(folder.errorString()));
        const auto image =
            buildValidationImage(network, *subject, request.source, device.detail, folder.path(),
                                 part(control, preparedDone, builtDone));
        if (!image) return tl::make_unexpected(image.error());
        address.image = *image;
    }
    auto session = Session::open(makeLink(address));
    if (!session) return tl::make_unexpected(toError(session.error(), toString(device)));
    return validateOnBoard(*session, *subject, request, part(control, builtDone, 1));
}

} // namespace atomnet
