#include "app/cli/commands.h"
#include "app/cli/design_argument.h"
#include "app/cli/progress_line.h"
#include "app/cli/quant_options.h"
#include "core/base/atomic_file.h"
#include "core/device/flashing/probe.h"
#include "core/measuring/validation.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

namespace atomnet
{

namespace
{

constexpr int defaultSamples = 16;

CommandSpec validateSpec()
{
    return {QStringLiteral("validate FILE --device D [--data PATH] [options]"),
            QStringLiteral(
                "Runs the exported network itself on a board, feeds it samples and compares "
                "every output\nbyte with what the host's kernels give. On qemu-m4 and "
                "qemu-m7 the image is built and\nstarted; on a real board it must be flashed "
                "first: write it with --image, then\n'flash --image'. Exit code 4 when a "
                "byte differs."),
            quantOptions() +
                QList<OptionSpec>{
                    {QStringLiteral("device"), QStringLiteral("D"),
                     QStringLiteral("usb, usb:SERIAL, serial:PORT, qemu-m4 or qemu-m7")},
                    {QStringLiteral("data"), QStringLiteral("PATH"),
                     QStringLiteral("samples: images, .npy or .npz; default: seeded ones")},
                    {QStringLiteral("limit"), QStringLiteral("N"),
                     QStringLiteral("at most so many samples, spread evenly (default 16)")},
                    {QStringLiteral("image"), QStringLiteral("OUT"),
                     QStringLiteral("only build the image for --board and write it here")},
                    {QStringLiteral("board"), QStringLiteral("B"),
                     QStringLiteral("what --image is for: stm32h743-nucleo, qemu-m7, ...")},
                    {QStringLiteral("json"), {}, QStringLiteral("print JSON")}},
            1, 1};
}

Result<> missing(const char *option)
{
    return fail(ErrorCode::Usage,
                QStringLiteral("--%1 is missing; see atomnet-designer validate --help")
                    .arg(QLatin1String(option)),
                QStringLiteral("validate"));
}

/// Id of a variant to build for: a virtual board or a real one's.
Result<QString> variantOf(const QString &board)
{
    if (board == QLatin1String("qemu-m4") || board == QLatin1String("qemu-m7")) return board;
    return boardVariant(board).map([](const BoardVariant &variant) { return variant.id; });
}

Result<int> writeImage(const Network &network, const QuantSource &source, const QString &board,
                       const QString &to, Console &console, const RunControl &control)
{
    const auto variant = variantOf(board);
    if (!variant) return tl::make_unexpected(variant.error());
    const auto subject = validationSubject(network, source, control);
    if (!subject) return tl::make_unexpected(subject.error());
    const QTemporaryDir folder;
    const auto image =
        buildValidationImage(network, *subject, source, *variant, folder.path(), control);
    if (!image) return tl::make_unexpected(image.error());
    QFile file(*image);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io, QStringLiteral("cannot be read: %1").arg(file.errorString()),
                    *image);
    const QByteArray bytes = file.readAll();
    if (const QString problem = writeAtomically(to, bytes); !problem.isEmpty())
        return fail(ErrorCode::Io, problem, to);
    console.err << QStringLiteral("%1: %2 bytes for %3\n").arg(to).arg(bytes.size()).arg(*variant);
    return 0;
}

QString figure(qint64 value, SampleUnit unit)
{
    if (unit == SampleUnit::Instructions)
        return QStringLiteral("%1 M instructions").arg(double(value) / 1e6, 0, 'f', 2);
    return QStringLiteral("%1 ms").arg(double(value) / 1e6, 0, 'f', 2);
}

QString counted(int samples)
{
    return samples == 1 ? QStringLiteral("1 sample") : QStringLiteral("%1 samples").arg(samples);
}

QString validationText(const Validation &result)
{
    QString text = result.device + QLatin1Char('\n');
    text += result.equal()
                ? QStringLiteral("%1, every output byte equal to the host's\n")
                      .arg(counted(result.samples))
                : QStringLiteral("%1 of %2 samples differ from the host's, in %3 bytes\n")
                      .arg(result.differingSamples)
                      .arg(result.samples)
                      .arg(result.differingBytes);
    for (const QString &difference : result.differences)
        text += QStringLiteral("  %1\n").arg(difference);
    if (result.labelled > 0)
        text += QStringLiteral("top-1 %1 % on the board, %2 % on the host (%3 labelled samples)\n")
                    .arg(100.0 * result.correct / result.labelled, 0, 'f', 2)
                    .arg(100.0 * result.correctOnHost / result.labelled, 0, 'f', 2)
                    .arg(result.labelled);
    return text + QStringLiteral("inference %1 (%2 to %3), stack %4 bytes\n")
                      .arg(figure(result.medianLatency, result.unit),
                           figure(result.minLatency, result.unit),
                           figure(result.maxLatency, result.unit))
                      .arg(result.stackBytes);
}

QString validationJson(const Validation &result)
{
    const auto share = [&result](int count) {
        return result.labelled > 0 ? QJsonValue(double(count) / result.labelled) : QJsonValue();
    };
    const bool instructions = result.unit == SampleUnit::Instructions;
    const auto ms = [instructions](qint64 value) {
        return instructions ? QJsonValue() : QJsonValue(double(value) / 1e6);
    };
    const QJsonObject root{
        {QStringLiteral("device"), result.device},
        {QStringLiteral("samples"), result.samples},
        {QStringLiteral("equal"), result.equal()},
        {QStringLiteral("differing_samples"), result.differingSamples},
        {QStringLiteral("differing_bytes"), result.differingBytes},
        {QStringLiteral("differences"), QJsonArray::fromStringList(result.differences)},
        {QStringLiteral("labelled"), result.labelled},
        {QStringLiteral("top1"), share(result.correct)},
        {QStringLiteral("top1_host"), share(result.correctOnHost)},
        {QStringLiteral("latency_ms"), ms(result.medianLatency)},
        {QStringLiteral("latency_min_ms"), ms(result.minLatency)},
        {QStringLiteral("latency_max_ms"), ms(result.maxLatency)},
        {QStringLiteral("instructions"),
         instructions ? QJsonValue(result.medianLatency) : QJsonValue()},
        {QStringLiteral("stack_bytes"), result.stackBytes}};
    return QString::fromUtf8(QJsonDocument(root).toJson());
}

} // namespace

Result<int> validateCommand(const QStringList &arguments, Console &console)
{
    const CommandSpec spec = validateSpec();
    const auto command = parseCommand(spec, arguments);
    if (!command) return tl::make_unexpected(command.error());
    if (command->help) {
        console.out << helpText(spec);
        return 0;
    }
    const QString image = command->value(QStringLiteral("image"));
    const QString board = command->value(QStringLiteral("board"));
    const QString device = command->value(QStringLiteral("device"));
    if (!image.isEmpty() && board.isEmpty()) return tl::make_unexpected(missing("board").error());
    if (image.isEmpty() && device.isEmpty()) return tl::make_unexpected(missing("device").error());
    ValidationRequest request;
    request.data = command->value(QStringLiteral("data"));
    request.samples = defaultSamples;
    if (command->has(QStringLiteral("limit"))) {
        const auto limit =
            parseCount(command->value(QStringLiteral("limit")), QStringLiteral("limit"));
        if (!limit) return tl::make_unexpected(limit.error());
        request.samples = *limit;
    }
    auto source = quantSourceOf(*command);
    if (!source) return tl::make_unexpected(source.error());
    request.source = *std::move(source);
    const auto network = designArgument(command->arguments.first(), console);
    if (!network) return tl::make_unexpected(network.error());

    ProgressLine progress(console, QStringLiteral("validating"));
    const Interruptible interruptible;
    const RunControl control = interruptible.control(progress.control());
    if (!image.isEmpty()) {
        auto written = writeImage(*network, request.source, board, image, console, control);
        progress.finished();
        return written;
    }
    const auto address = deviceAddress(device);
    if (!address) return tl::make_unexpected(address.error());
    const auto result = validateDesign(*network, *address, request, control);
    progress.finished();
    if (!result) return tl::make_unexpected(result.error());
    console.out << (command->has(QStringLiteral("json")) ? validationJson(*result)
                                                         : validationText(*result));
    return result->equal() ? 0 : exitCode(ErrorCode::Device);
}

} // namespace atomnet
