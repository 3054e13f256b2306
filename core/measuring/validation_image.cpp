#include "core/device/flashing/probe.h"
#include "core/exporters/writers.h"
#include "core/measuring/validation.h"
#include "core/model/resource.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>

// The exported C project, linked with the profiler: compiled here with the flags that everything is
// measured with; the profiler comes as the library that its own images are linked from.
namespace atomnet
{

namespace
{

constexpr auto compilerName = "arm-none-eabi-gcc";
constexpr int pollMs = 100, stepMs = 120'000;

/// Core of a variant: "m4" or "m7".
QString coreOf(const QString &variant)
{
    if (variant.startsWith(QLatin1String("qemu-"))) return variant.mid(5);
    return variant.startsWith(QLatin1String("stm32f4")) ? QStringLiteral("m4")
                                                        : QStringLiteral("m7");
}

bool isVirtual(const QString &variant)
{
    return variant.startsWith(QLatin1String("qemu-"));
}

/// A list from the one file that pins the flags.
QStringList pinnedFlags(const QString &name)
{
    const QString text =
        QString::fromUtf8(resource(QStringLiteral("firmware/kernels/ak_flags.cmake")));
    const QRegularExpression line(QStringLiteral("^set\\(%1 (.*)\\)$").arg(name),
                                  QRegularExpression::MultilineOption);
    const auto match = line.match(text);
    Q_ASSERT(match.hasMatch());
    return match.captured(1).split(QLatin1Char(' '), Qt::SkipEmptyParts);
}

Result<> writeFile(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (QDir().mkpath(QFileInfo(path).path()) && file.open(QIODevice::WriteOnly) &&
        file.write(bytes) == bytes.size() && file.flush())
        return {};
    return fail(ErrorCode::Io, QStringLiteral("cannot be written: %1").arg(file.errorString()),
                path);
}

/// Runs a compiler; its complaints become the error.
Result<> run(const QString &program, const QStringList &arguments, const RunControl &control)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments);
    for (int waited = 0; !process.waitForFinished(pollMs); waited += pollMs) {
        const bool failed = process.error() == QProcess::FailedToStart;
        if (!failed && !control.cancelled() && waited < stepMs) continue;
        process.kill();
        process.waitForFinished();
        if (control.cancelled()) return fail(ErrorCode::Cancelled, QStringLiteral("cancelled"));
        return fail(ErrorCode::Device,
                    failed ? QStringLiteral("cannot be started: %1").arg(process.errorString())
                           : QStringLiteral("did not end within two minutes"),
                    program);
    }
    if (process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0) return {};
    const QString said = QString::fromLocal8Bit(process.readAll()).trimmed();
    static const QRegularExpression overflow(
        QStringLiteral("region `(\\w+)' overflowed by (\\d+) bytes"));
    if (const auto match = overflow.match(said); match.hasMatch())
        return fail(
            ErrorCode::Device,
            QStringLiteral("the network does not fit beside the profiler: %1 bytes too many "
                           "in %2")
                .arg(match.captured(2), match.captured(1)),
            program);
    return fail(ErrorCode::Device,
                QStringLiteral("refused the network's sources: %1").arg(said.left(400)), program);
}

/// The exported sources, and what binds them to the profiler.
Result<QStringList> writeSources(const Network &network, const ValidationSubject &subject,
                                 const QuantSource &source, const QString &folder)
{
    ExportRequest request;
    request.source = source;
    const auto files = writeCProject(network, subject.prepared, request);
    if (!files) return tl::make_unexpected(files.error());
    QStringList sources;
    for (const ExportFile &file : *files) {
        const QString path = folder + QLatin1Char('/') + file.path;
        if (auto written = writeFile(path, file.bytes); !written)
            return tl::make_unexpected(written.error());
        const bool library = !file.path.contains(QLatin1Char('/')) &&
                             file.path.startsWith(request.prefix) &&
                             file.path.endsWith(QLatin1String(".c"));
        if (library) sources << path;
    }
    for (const char *name : {"firmware/port/port.h", "firmware/protocol/ap_protocol.h",
                             "firmware/protocol/ap_frame.h"})
        if (auto written = writeFile(folder + QLatin1Char('/') + QLatin1String(name),
                                     resource(QLatin1String(name)));
            !written)
            return tl::make_unexpected(written.error());
    const QString binding = folder + QStringLiteral("/port_model.c");
    if (auto written = writeFile(binding, resource(QStringLiteral("validation/port_model.c.in")));
        !written)
        return tl::make_unexpected(written.error());
    return sources << binding;
}

} // namespace

Result<QString> buildValidationImage(const Network &network, const ValidationSubject &subject,
                                     const QuantSource &source, const QString &variant,
                                     const QString &folder, const RunControl &control)
{
    const QString compiler = QStandardPaths::findExecutable(QLatin1String(compilerName));
    if (compiler.isEmpty())
        return fail(ErrorCode::Device,
                    QStringLiteral("is not installed: the network cannot be built for the board; "
                                   "install gcc-arm-none-eabi and libnewlib-arm-none-eabi"),
                    QLatin1String(compilerName));
    const auto library = firmwareFile(QStringLiteral("profiler-%1.a").arg(variant));
    if (!library) return tl::make_unexpected(library.error());
    const auto script = firmwareFile(QStringLiteral("profiler-%1.ld").arg(variant));
    if (!script) return tl::make_unexpected(script.error());
    const auto sources = writeSources(network, subject, source, folder);
    if (!sources) return tl::make_unexpected(sources.error());

    QStringList flags;
    for (const QString &name :
         {QStringLiteral("AK_FLAGS"), QStringLiteral("AK_FLAGS_") + coreOf(variant).toUpper()})
        flags += pinnedFlags(name);
    const QStringList includes{QStringLiteral("-I") + folder,
                               QStringLiteral("-I") + folder + QStringLiteral("/kernels")};
    QStringList objects;
    for (const QString &file : *sources) {
        objects << file + QStringLiteral(".o");
        if (auto compiled = run(
                compiler,
                flags + includes +
                    QStringList{QStringLiteral("-c"), file, QStringLiteral("-o"), objects.back()},
                control);
            !compiled)
            return tl::make_unexpected(compiled.error());
        control.progress(0.9 * double(objects.size()) / double(sources->size()));
    }
    const QString elf = folder + QStringLiteral("/validation-%1.elf").arg(variant);
    const QString scripts = QFileInfo(*script).path();
    if (auto linked = run(compiler,
                          flags + pinnedFlags(QStringLiteral("AK_LINK_FLAGS")) + objects +
                              QStringList{*library, QStringLiteral("-L") + scripts,
                                          QStringLiteral("-T"), *script, QStringLiteral("-o"), elf},
                          control);
        !linked)
        return tl::make_unexpected(linked.error());
    control.progress(1);
    if (isVirtual(variant)) return elf;

    const QString image = folder + QStringLiteral("/validation-%1.bin").arg(variant);
    if (auto copied = run(QStringLiteral("arm-none-eabi-objcopy"),
                          {QStringLiteral("-O"), QStringLiteral("binary"), elf, image}, control);
        !copied)
        return tl::make_unexpected(copied.error());
    return image;
}

} // namespace atomnet
