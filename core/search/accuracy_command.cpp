#include "core/model/design_file.h"
#include "core/search/evolution.h"

#include <QElapsedTimer>
#include <QProcess>

#include <cmath>

#include <csignal>
#include <unistd.h>

namespace atomnet
{

namespace
{

constexpr qsizetype mostOutput = 1024 * 1024; ///< of a command that should say one number
constexpr qsizetype mostQuoted = 200;

/// What it said, short and on one line.
QString quoted(const QByteArray &said)
{
    QString text = QString::fromUtf8(said.left(4 * mostQuoted)).simplified();
    for (QChar &c : text)
        if (!c.isPrint()) c = u'?';
    if (text.isEmpty()) return QStringLiteral("it said nothing");
    const bool cut = text.size() > mostQuoted || said.size() > 4 * mostQuoted;
    return QStringLiteral("it said \"%1%2\"")
        .arg(text.left(mostQuoted), cut ? QStringLiteral("...") : QString());
}

/// A command and all that it starts: a process group, which ends with this object.
class Command
{
public:
    Command(const QString &program, const QStringList &arguments)
    {
        m_process.setProgram(program);
        m_process.setArguments(arguments);
        m_process.setChildProcessModifier([] { ::setpgid(0, 0); });
    }
    ~Command()
    {
        // Also when it ended by itself: what it left behind would run on.
        if (m_group > 0) ::kill(-m_group, SIGKILL);
        if (m_process.state() != QProcess::NotRunning) m_process.waitForFinished(2000);
    }
    Command(const Command &) = delete;
    Command &operator=(const Command &) = delete;

    [[nodiscard]] Result<double> score(const QByteArray &design, int timeoutMs,
                                       const RunControl &control);

private:
    [[nodiscard]] tl::unexpected<Error> failed(const QString &what)
    {
        take();
        return fail(ErrorCode::Device,
                    QStringLiteral("%1; %2").arg(
                        what, quoted(m_complaints.trimmed().isEmpty() ? m_output : m_complaints)),
                    QStringLiteral("accuracy command %1").arg(m_process.program()));
    }
    void take()
    {
        m_output += m_process.readAllStandardOutput();
        m_complaints += m_process.readAllStandardError();
        // Of complaints the last ones tell most.
        if (m_complaints.size() > mostOutput) m_complaints = m_complaints.right(4 * mostQuoted);
    }

    QProcess m_process;
    pid_t m_group = 0;
    QByteArray m_output, m_complaints;
};

Result<double> Command::score(const QByteArray &design, int timeoutMs, const RunControl &control)
{
    QElapsedTimer clock;
    clock.start();
    m_process.start();
    if (!m_process.waitForStarted(std::max(timeoutMs, 1000)))
        return fail(ErrorCode::Device,
                    QStringLiteral("it cannot be started: %1").arg(m_process.errorString()),
                    QStringLiteral("accuracy command %1").arg(m_process.program()));
    m_group = pid_t(m_process.processId());
    m_process.write(design);
    m_process.closeWriteChannel();
    constexpr int step = 50;
    while (!m_process.waitForFinished(step)) {
        if (m_process.state() == QProcess::NotRunning) break;
        take();
        if (control.cancelled())
            return fail(ErrorCode::Cancelled, QStringLiteral("the search was stopped"));
        if (m_output.size() > mostOutput)
            return failed(QStringLiteral("it printed more than 1 MiB instead of one number"));
        if (clock.elapsed() > timeoutMs)
            return failed(QStringLiteral("it was stopped after %1 s without an end")
                              .arg(double(timeoutMs) / 1000));
    }
    take();
    if (m_process.exitStatus() != QProcess::NormalExit) return failed(QStringLiteral("it crashed"));
    if (m_process.exitCode() != 0)
        return failed(QStringLiteral("it ended with exit code %1").arg(m_process.exitCode()));
    const QByteArray line = m_output.split('\n').first().trimmed();
    bool number = false;
    const double value = line.toDouble(&number);
    if (number && std::isfinite(value)) return value;
    m_complaints.clear(); // here the output is what matters
    return failed(
        QStringLiteral("the first line it prints has to be one finite number, such as 0.664"));
}

} // namespace

Score commandScore(const QString &program, const QStringList &arguments, int timeoutMs,
                   const RunControl &control)
{
    return [=](const Network &network, const Report &) -> Result<std::optional<double>> {
        Command command(program, arguments);
        const Result<double> score = command.score(writeDesign(network), timeoutMs, control);
        if (!score) return tl::make_unexpected(score.error());
        return *score;
    };
}

} // namespace atomnet
