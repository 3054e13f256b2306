#include "core/device/flashing/tool_runner.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QStandardPaths>

namespace atomnet
{

namespace
{

constexpr int lookMs = 50;                ///< how often it is asked whether to stop
constexpr int politeMs = 60;              ///< for a program that is asked to end
constexpr qsizetype mostOutput = 1 << 20; ///< of a program gone wild; the end is dropped

void end(QProcess &process)
{
    process.terminate();
    if (process.waitForFinished(politeMs)) return;
    process.kill();
    process.waitForFinished(politeMs);
}

/// Takes whole lines off `pending`.
void tell(QByteArray &pending, const std::function<void(const QString &)> &line, bool all)
{
    qsizetype from = 0;
    const auto say = [&](qsizetype to) {
        const QString text = QString::fromLocal8Bit(pending.mid(from, to - from)).trimmed();
        if (line && !text.isEmpty()) line(text);
    };
    for (qsizetype i = 0; i < pending.size(); ++i) {
        if (pending.at(i) != '\n' && pending.at(i) != '\r') continue;
        say(i);
        from = i + 1;
    }
    if (all) say(pending.size());
    pending.remove(0, all ? pending.size() : from);
}

} // namespace

bool isInstalled(const QString &program)
{
    return !QStandardPaths::findExecutable(program).isEmpty();
}

ToolRun runTool(const ToolCall &call, int silenceMs, const RunControl &control,
                const std::function<void(const QString &)> &line)
{
    ToolRun run;
    const QString path = QStandardPaths::findExecutable(call.program);
    if (path.isEmpty()) {
        run.end = ToolRun::End::Missing;
        return run;
    }
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.setStandardInputFile(QProcess::nullDevice());
    process.start(path, call.arguments);
    if (!process.waitForStarted()) {
        run.end = ToolRun::End::NotStarted;
        run.output = process.errorString();
        return run;
    }
    QByteArray all, pending;
    QElapsedTimer silence;
    silence.start();
    while (process.state() != QProcess::NotRunning) {
        process.waitForReadyRead(lookMs);
        const QByteArray some = process.readAll();
        if (!some.isEmpty()) {
            silence.restart();
            if (all.size() < mostOutput) all += some;
            pending += some;
            tell(pending, line, false);
        }
        if (control.cancelled()) run.end = ToolRun::End::Cancelled;
        if (silence.hasExpired(silenceMs)) run.end = ToolRun::End::Silent;
        if (run.end != ToolRun::End::Finished) {
            end(process);
            break;
        }
    }
    const QByteArray rest = process.readAll();
    all += rest;
    pending += rest;
    tell(pending, line, true);
    run.output = QString::fromLocal8Bit(all);
    if (run.end != ToolRun::End::Finished) return run;
    if (process.exitStatus() == QProcess::CrashExit)
        run.end = ToolRun::End::Crashed;
    else
        run.exitCode = process.exitCode();
    return run;
}

} // namespace atomnet
