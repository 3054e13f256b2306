#include "tests/support/c_project.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>

namespace atomnet::test
{

namespace
{

const QStringList warnings{QStringLiteral("-Wall"), QStringLiteral("-Wextra"),
                           QStringLiteral("-Wconversion"), QStringLiteral("-Werror")};
const QString testFolder = QStringLiteral(ATOMNET_SOURCE_DIR "/tests/firmware/cproject/");

QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// A list of ak_flags.cmake.
QStringList flags(const QString &folder, const QString &name)
{
    const QRegularExpression line(QStringLiteral("^set\\(%1 (.*)\\)$").arg(name),
                                  QRegularExpression::MultilineOption);
    const QString text =
        QString::fromUtf8(contents(folder + QStringLiteral("/kernels/ak_flags.cmake")));
    return line.match(text).captured(1).split(QLatin1Char(' '), Qt::SkipEmptyParts);
}

QString compilerOf(CMachine machine)
{
    return machine == CMachine::Host ? QStringLiteral("cc") : QStringLiteral("arm-none-eabi-gcc");
}

QStringList compilerFlags(const QString &folder, CMachine machine)
{
    QStringList all = flags(folder, QStringLiteral("AK_FLAGS")) + warnings;
    if (machine == CMachine::M4) all += flags(folder, QStringLiteral("AK_FLAGS_M4"));
    if (machine == CMachine::M7) all += flags(folder, QStringLiteral("AK_FLAGS_M7"));
    return all;
}

/// Objects of this test run by what they are made from: eight networks compile the kernels once.
const QTemporaryDir &objectFolder()
{
    static const QTemporaryDir folder;
    return folder;
}

tl::unexpected<Error> failed(const QByteArray &text)
{
    return fail(ErrorCode::Device, QString::fromUtf8(text));
}

} // namespace

QString missingTool(CMachine machine)
{
    QStringList tools{compilerOf(machine)};
    if (machine != CMachine::Host)
        tools << QStringLiteral("arm-none-eabi-size") << QStringLiteral("qemu-system-arm");
    for (const QString &tool : tools)
        if (QStandardPaths::findExecutable(tool).isEmpty()) return tool;
    return {};
}

CRun runProgram(const QString &program, const QStringList &arguments, const QString &folder,
                int timeoutSeconds)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    if (!folder.isEmpty()) process.setWorkingDirectory(folder);
    process.start(program, arguments);
    process.closeWriteChannel();
    CRun run;
    if (!process.waitForFinished(timeoutSeconds * 1000)) {
        process.kill();
        process.waitForFinished();
        run.text = process.readAll() + "\ndid not end or start: " + program.toUtf8();
        return run;
    }
    run.text = process.readAll();
    run.exitCode = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    return run;
}

CRun runOn(CMachine machine, const QString &elf, const QString &folder)
{
    if (machine == CMachine::Host) return runProgram(elf, {}, folder);
    const QString board =
        machine == CMachine::M4 ? QStringLiteral("mps2-an386") : QStringLiteral("mps2-an500");
    return runProgram(QStringLiteral("qemu-system-arm"),
                      {QStringLiteral("-M"), board, QStringLiteral("-nographic"),
                       QStringLiteral("-monitor"), QStringLiteral("none"),
                       QStringLiteral("-serial"), QStringLiteral("none"),
                       QStringLiteral("-semihosting-config"),
                       QStringLiteral("enable=on,target=native"), QStringLiteral("-kernel"), elf},
                      folder);
}

bool writeFiles(const std::vector<ExportFile> &files, const QString &folder)
{
    for (const ExportFile &file : files) {
        const QString path = folder + QLatin1Char('/') + file.path;
        QFile out(path);
        if (!QDir().mkpath(QFileInfo(path).path()) || !out.open(QIODevice::WriteOnly) ||
            out.write(file.bytes) != file.bytes.size())
            return false;
    }
    return true;
}

QStringList CProject::librarySources() const
{
    QStringList sources;
    for (const QString &place : {m_folder, m_folder + QStringLiteral("/kernels")})
        for (const QFileInfo &file :
             QDir(place).entryInfoList({QStringLiteral("*.c")}, QDir::Files, QDir::Name))
            if (file.fileName() != QLatin1String("minimal.c")) sources += file.filePath();
    return sources;
}

Result<QString> CProject::compile(CMachine machine, const QString &source,
                                  const QStringList &defines)
{
    QStringList arguments = compilerFlags(m_folder, machine) + defines;
    QCryptographicHash hash(QCryptographicHash::Sha1);
    hash.addData(arguments.join(QLatin1Char('\n')).toUtf8() + compilerOf(machine).toUtf8() +
                 contents(source));
    // What a kernel includes is the same for equal kernels; what a model's source includes lies in
    // its folder.
    if (!source.contains(QLatin1String("/kernels/ak_"))) hash.addData(m_folder.toUtf8());
    const QString object =
        objectFolder().filePath(QString::fromLatin1(hash.result().toHex()) + QStringLiteral(".o"));
    if (QFile::exists(object)) return object;
    for (const char *include : {"", "/kernels", "/boards", "/selftest"})
        arguments += QStringLiteral("-I") + m_folder + QLatin1String(include);
    arguments << QStringLiteral("-I") + testFolder << QStringLiteral("-Wa,-I") + m_folder
              << QStringLiteral("-c") << source << QStringLiteral("-o") << object;
    const CRun run = runProgram(compilerOf(machine), arguments);
    if (run.exitCode != 0) return failed(run.text);
    return object;
}

Result<QString> CProject::linkWith(CMachine machine, const QStringList &sources,
                                   const QStringList &defines)
{
    QStringList all = librarySources() + sources;
    if (machine != CMachine::Host) all += m_folder + QStringLiteral("/boards/startup.c");
    QStringList arguments;
    for (const QString &source : all) {
        auto object = compile(machine, source, defines);
        if (!object) return object;
        arguments += *object;
    }
    static int linked = 0;
    const QString elf = objectFolder().filePath(QStringLiteral("%1.elf").arg(linked++));
    if (machine == CMachine::Host) {
        arguments += QStringLiteral("-Wl,--gc-sections");
    } else {
        arguments +=
            compilerFlags(m_folder, machine) + flags(m_folder, QStringLiteral("AK_LINK_FLAGS"));
        arguments << QStringLiteral("-L") + m_folder + QStringLiteral("/boards")
                  << QStringLiteral("-T") + m_folder + QStringLiteral("/boards/%1.ld").arg(m_board);
    }
    const CRun run = runProgram(compilerOf(machine), arguments << QStringLiteral("-o") << elf);
    if (run.exitCode != 0) return failed(run.text);
    return elf;
}

Result<QString> CProject::link(CMachine machine, Program program, const QStringList &defines)
{
    if (program == Program::Minimal)
        return linkWith(machine, {m_folder + QStringLiteral("/minimal.c")}, defines);
    QStringList sources;
    const bool host = machine == CMachine::Host;
    for (const QString &name :
         {QStringLiteral("main.c"), QStringLiteral("vectors.c"),
          host ? QStringLiteral("port_host.c") : QStringLiteral("port_qemu.c")})
        sources += m_folder + QStringLiteral("/selftest/") + name;
    if (!host)
        sources << m_folder + QStringLiteral("/boards/semihost.c")
                << m_folder + QStringLiteral("/boards/stack.c");
    return linkWith(machine, sources, defines);
}

Result<CProject::Outputs> CProject::run(CMachine machine,
                                        const std::vector<std::vector<qint8>> &inputs, bool layers)
{
    const bool host = machine == CMachine::Host;
    QStringList sources{
        testFolder + QStringLiteral("run_inputs.c"),
        testFolder + (host ? QStringLiteral("files_host.c") : QStringLiteral("files_qemu.c"))};
    if (!host) sources += m_folder + QStringLiteral("/boards/semihost.c");
    auto elf = linkWith(machine, sources);
    if (!elf) return tl::make_unexpected(elf.error());

    const QTemporaryDir folder;
    QByteArray bytes(1, layers ? '\1' : '\0');
    for (const std::vector<qint8> &input : inputs)
        bytes.append(reinterpret_cast<const char *>(input.data()), qsizetype(input.size()));
    if (!writeFiles({{QStringLiteral("inputs.bin"), bytes, false}}, folder.path()))
        return failed("cannot write the inputs");
    const CRun run = runOn(machine, *elf, folder.path());
    if (run.exitCode != 0)
        return failed(run.text + "\nexit code " + QByteArray::number(run.exitCode));

    // outputs.bin: for each input records of a size (4 bytes) and as many values; the last record
    // is the output.
    const QByteArray written = contents(folder.filePath(QStringLiteral("outputs.bin")));
    Outputs outputs;
    qsizetype at = 0;
    std::vector<std::vector<qint8>> records;
    while (at + 8 <= written.size()) {
        quint32 head[2]; // last?, bytes
        memcpy(head, written.constData() + at, sizeof head);
        at += 8;
        if (at + qsizetype(head[1]) > written.size()) return failed("outputs.bin is cut off");
        const auto *values = reinterpret_cast<const qint8 *>(written.constData()) + at;
        std::vector<qint8> record(values, values + head[1]);
        at += qsizetype(head[1]);
        if (!head[0]) {
            records.push_back(std::move(record));
            continue;
        }
        outputs.outputs.push_back(std::move(record));
        outputs.layers.push_back(std::exchange(records, {}));
    }
    if (outputs.outputs.size() != inputs.size()) return failed("not every input has an output");
    return outputs;
}

Result<ElfSizes> elfSizes(const QString &elf)
{
    const CRun run = runProgram(QStringLiteral("arm-none-eabi-size"), {QStringLiteral("-A"), elf});
    if (run.exitCode != 0) return failed(run.text);
    ElfSizes sizes;
    for (const QByteArray &line : run.text.split('\n')) {
        const QList<QByteArray> words = line.simplified().split(' ');
        if (words.size() < 2) continue;
        const qint64 bytes = words[1].toLongLong();
        if (words[0] == ".text") sizes.code += bytes;
        if (words[0] == ".text" || words[0] == ".rodata" || words[0] == ".data" ||
            words[0] == ".ARM.exidx")
            sizes.flash += bytes;
        if (words[0] == ".data" || words[0] == ".bss") sizes.ram += bytes;
    }
    return sizes;
}

qint64 symbolBytes(const QString &elf, const QString &symbol)
{
    const CRun run = runProgram(QStringLiteral("arm-none-eabi-nm"), {QStringLiteral("-S"), elf});
    for (const QByteArray &line : run.text.split('\n')) {
        const QList<QByteArray> words = line.simplified().split(' ');
        if (words.size() == 4 && QString::fromLatin1(words[3]) == symbol)
            return words[1].toLongLong(nullptr, 16);
    }
    return -1;
}

} // namespace atomnet::test
