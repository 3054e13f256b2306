#pragma once

#include <QtGlobal>

#include <csignal>
#include <sys/resource.h>
#include <unistd.h>

// What a machine may do to a program, for the length of a scope.
namespace atomnet::test
{

/// No file of this process may grow beyond `bytes`: a disk that is full.
class FullDisk
{
public:
    explicit FullDisk(rlim_t bytes)
    {
        if (getrlimit(RLIMIT_FSIZE, &m_before) != 0) qFatal("getrlimit failed");
        m_handler = std::signal(SIGXFSZ, SIG_IGN);
        const rlimit tight{bytes, m_before.rlim_max};
        if (setrlimit(RLIMIT_FSIZE, &tight) != 0) qFatal("setrlimit failed");
    }
    ~FullDisk()
    {
        setrlimit(RLIMIT_FSIZE, &m_before);
        std::signal(SIGXFSZ, m_handler);
    }
    Q_DISABLE_COPY_MOVE(FullDisk)

private:
    rlimit m_before{};
    void (*m_handler)(int) = nullptr;
};

/// Permissions bind this process even when the superuser started it.
class OrdinaryUser
{
public:
    OrdinaryUser()
    {
        if (geteuid() != 0) return;
        m_changed = setresgid(65534, 65534, 0) == 0 && setresuid(65534, 65534, 0) == 0;
        if (!m_changed) qFatal("cannot drop the superuser's rights");
    }
    ~OrdinaryUser()
    {
        if (m_changed && (setresuid(0, 0, 0) != 0 || setresgid(0, 0, 0) != 0))
            qFatal("cannot take the superuser's rights back");
    }
    Q_DISABLE_COPY_MOVE(OrdinaryUser)

private:
    bool m_changed = false;
};

} // namespace atomnet::test
