#include "core/device/process_link.h"

#include <QDeadlineTimer>
#include <QFile>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

namespace atomnet
{

namespace
{

/// How long a wait may last before the control is asked.
constexpr int sliceMs = 50;

void closeFile(int &file)
{
    if (file >= 0) ::close(file);
    file = -1;
}

/// write() without the signal that a closed pipe sends to the whole process.
ssize_t quietWrite(int file, const char *bytes, std::size_t count)
{
    sigset_t pipe, before;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, &before);
    const ssize_t written = ::write(file, bytes, count);
    const int error = errno;
    if (written < 0 && error == EPIPE && !sigismember(&before, SIGPIPE)) {
        const timespec now{};
        sigtimedwait(&pipe, nullptr, &now);
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    errno = error;
    return written;
}

struct Pipe {
    int read = -1, write = -1;
    Pipe()
    {
        int ends[2];
        if (pipe2(ends, O_CLOEXEC) == 0) {
            read = ends[0];
            write = ends[1];
        }
    }
    ~Pipe()
    {
        closeFile(read);
        closeFile(write);
    }
    int take(int Pipe::*end) { return std::exchange(this->*end, -1); }
};

/// Starts it with these standard files; 0, or errno.
int start(pid_t &pid, const QString &program, const QStringList &arguments, int in, int out,
          int err)
{
    std::vector<QByteArray> words{QFile::encodeName(program)};
    for (const QString &argument : arguments)
        words.push_back(argument.toLocal8Bit());
    std::vector<char *> pointers;
    for (QByteArray &word : words)
        pointers.push_back(word.data());
    pointers.push_back(nullptr);

    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files, err, STDERR_FILENO);
    // A group of its own: Ctrl-C in a terminal is for us, who then end it in order. Signals as at
    // the start of a program.
    posix_spawnattr_t how;
    posix_spawnattr_init(&how);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&how, &none);
    posix_spawnattr_setsigdefault(&how, &all);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                       POSIX_SPAWN_SETSIGDEF);
    const int error =
        posix_spawnp(&pid, words[0].constData(), &files, &how, pointers.data(), environ);
    posix_spawnattr_destroy(&how);
    posix_spawn_file_actions_destroy(&files);
    return error;
}

} // namespace

ProcessLink::ProcessLink(QString name, QString program, QStringList arguments)
    : m_name(std::move(name))
    , m_program(std::move(program))
    , m_arguments(std::move(arguments))
    , m_wake(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
}

void ProcessLink::setProgram(QString program, QStringList arguments)
{
    m_program = std::move(program);
    m_arguments = std::move(arguments);
}

ProcessLink::~ProcessLink()
{
    close();
    closeFile(m_wake);
}

LinkResult<> ProcessLink::open()
{
    close();
    Pipe in, out, err;
    if (m_wake < 0 || in.read < 0 || out.read < 0 || err.read < 0)
        return linkFail(LinkFault::Busy,
                        QStringLiteral("too many files are open to start %1").arg(m_name));
    if (const int error = start(m_pid, m_program, m_arguments, in.read, out.write, err.write)) {
        m_pid = -1;
        return linkFail(error == ENOENT ? LinkFault::NotInstalled : LinkFault::NoPermission,
                        QStringLiteral("cannot start %1: %2")
                            .arg(m_program, QString::fromLocal8Bit(std::strerror(error))));
    }
    m_in = in.take(&Pipe::write);
    m_out = out.take(&Pipe::read);
    m_err = err.take(&Pipe::read);
    for (const int file : {m_in, m_out, m_err})
        fcntl(file, F_SETFL, fcntl(file, F_GETFL) | O_NONBLOCK);
    return {};
}

void ProcessLink::close()
{
    closeFile(m_in);
    closeFile(m_out);
    closeFile(m_err);
    m_complaints.clear();
    if (m_pid < 0) return;
    // It has nothing to save.
    kill(m_pid, SIGKILL);
    while (waitpid(m_pid, nullptr, 0) < 0 && errno == EINTR) {
    }
    m_pid = -1;
}

void ProcessLink::interrupt()
{
    m_interrupted = true;
    const quint64 one = 1;
    (void)!::write(m_wake, &one, sizeof one);
}

ProcessLink::Wait ProcessLink::waitFor(int file, short events, int timeoutMs)
{
    const QDeadlineTimer deadline(timeoutMs);
    for (;;) {
        if (m_interrupted.exchange(false)) {
            quint64 count = 0;
            (void)!::read(m_wake, &count, sizeof count);
            return Wait::Interrupted;
        }
        if (cancelled()) return Wait::Interrupted;
        pollfd files[] = {{file, events, 0}, {m_wake, POLLIN, 0}, {m_err, POLLIN, 0}};
        const int waitMs = int(std::clamp<qint64>(deadline.remainingTime(), 0, sliceMs));
        if (poll(files, 3, waitMs) > 0) {
            if (files[2].revents) readComplaints();
            if (files[0].revents) return Wait::Ready;
        }
        if (deadline.hasExpired() && !m_interrupted) return Wait::Timeout;
    }
}

void ProcessLink::readComplaints()
{
    char bytes[1024];
    const ssize_t count = ::read(m_err, bytes, sizeof bytes);
    if (count > 0)
        m_complaints = (m_complaints + QByteArray(bytes, count)).right(1000);
    else if (count == 0)
        closeFile(m_err); // poll ignores it from now on
}

tl::unexpected<LinkError> ProcessLink::gone()
{
    while (m_err >= 0) {
        pollfd file{m_err, POLLIN, 0};
        if (poll(&file, 1, 20) <= 0) break;
        readComplaints();
    }
    const QByteArray complaints = m_complaints.trimmed();
    QString what = QStringLiteral("%1 has ended").arg(m_name);
    if (!complaints.isEmpty())
        what += QStringLiteral(": ") +
                QString::fromLocal8Bit(complaints.mid(complaints.lastIndexOf('\n') + 1));
    close();
    return linkFail(LinkFault::Gone, what);
}

LinkResult<> ProcessLink::write(QByteArrayView bytes, int timeoutMs)
{
    const QDeadlineTimer deadline(timeoutMs);
    while (!bytes.isEmpty()) {
        if (m_in < 0) return gone();
        const Wait wait =
            waitFor(m_in, POLLOUT, int(std::max<qint64>(deadline.remainingTime(), 0)));
        if (wait == Wait::Interrupted)
            return linkFail(LinkFault::Interrupted, QStringLiteral("cancelled"));
        if (wait == Wait::Timeout)
            return linkFail(LinkFault::Timeout,
                            QStringLiteral("%1 takes no more data").arg(m_name));
        const ssize_t count = quietWrite(m_in, bytes.data(), std::size_t(bytes.size()));
        if (count < 0 && errno != EAGAIN && errno != EINTR) return gone();
        if (count > 0) bytes = bytes.sliced(count);
    }
    return {};
}

LinkResult<QByteArray> ProcessLink::read(int timeoutMs)
{
    const QDeadlineTimer deadline(timeoutMs);
    for (;;) {
        if (m_out < 0) return gone();
        const Wait wait =
            waitFor(m_out, POLLIN, int(std::max<qint64>(deadline.remainingTime(), 0)));
        if (wait == Wait::Interrupted)
            return linkFail(LinkFault::Interrupted, QStringLiteral("cancelled"));
        if (wait == Wait::Timeout)
            return linkFail(LinkFault::Timeout, QStringLiteral("%1 did not answer").arg(m_name));
        QByteArray bytes(4096, Qt::Uninitialized);
        const ssize_t count = ::read(m_out, bytes.data(), std::size_t(bytes.size()));
        if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) return gone();
        if (count > 0) return bytes.first(count);
    }
}

} // namespace atomnet
